"""What Trackside captures with no log call: python -m tests.benchmarks.bench_capture [--missed] [--without].

Runs the training cells of `tests.corpus` for real and holds what the store has of them against what a person wants
listed. Recall is the share of the wanted names that are listed, precision the share of the listed names that are not
junk. A cell is useful when at least one wanted param and at least one wanted metric are listed, as far as it wants any.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tests.benchmarks.capture_rules import RULES
from tests.benchmarks.table import Figure, print_table
from tests.corpus.cases import is_installed, read_cases
from tests.corpus.results import JUNK_GOAL, USEFUL_GOAL, Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.corpus.cases import Case
    from tests.corpus.scoring import Tally


def main() -> None:
    asked = _parser().parse_args()
    all_cases = read_cases(asked.library, asked.case)[:: asked.every]
    cases = [case for case in all_cases if is_installed(case.library)]
    absent = sorted({case.library for case in all_cases} - {case.library for case in cases})
    watched = [patch for rule in RULES for patch in rule.patches] if asked.without else []
    result = Result.measure(cases, watched=watched)
    print_libraries(result)
    print_table("All cells", goals(result))
    if absent:
        print(f"\nnot installed here, and not run: {', '.join(absent)}")
    for case, error in result.errors.items():
        print(f"\n{case} FAILED\n{error}")
    if asked.missed:
        print_missed(result)
    if asked.without:
        print_without(result)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", help="only the cells of this library, a folder of tests/corpus")
    parser.add_argument("--case", help="only the cell of this name")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth of these cells")
    parser.add_argument("--missed", action="store_true", help="list what each cell misses, and its junk")
    parser.add_argument("--without", action="store_true", help="run again without each of the rules what it matters to")
    return parser


def goals(result: Result) -> list[Figure]:
    return [
        Figure("cells with something useful on the card", 100 * result.useful, "%", 100 * USEFUL_GOAL),
        Figure("junk among the names listed", 100 * result.junk, "%", 100 * JUNK_GOAL),
        Figure("wanted params listed", 100 * result.params.recall, "%"),
        Figure("wanted metrics listed", 100 * result.metrics.recall, "%"),
    ]


def print_libraries(result: Result) -> None:
    cases = [*result.scores, *result.errors]
    print_head("", "cells")
    for library in sorted({case.library for case in cases}):
        cells = sum(case.library == library for case in cases)
        print_line(library, str(cells), result.of(library))
    print_line("all", str(len(cases)), result)


def print_without(whole: Result) -> None:
    print_head("Without each rule", "useful lost")
    for rule in RULES:
        result = whole.without(rule.patches)
        lost = sorted(str(case) for case, value in whole.scores.items() if value.is_useful and not _holds(result, case))
        print_line(rule.words, str(len(lost)), result)
    print_line("with all of them", "", whole)


def _holds(result: Result, case: Case) -> bool:
    return case in result.scores and result.scores[case].is_useful


def print_head(title: str, count: str) -> None:
    print(f"\n{title:50} {count:>11} {'params':>15} {'metrics':>15} {'useful':>8} {'junk':>7}")
    print(f"{'':50} {'':>11} {'prec. recall':>15} {'prec. recall':>15}")


def print_line(what: str, count: str, result: Result) -> None:
    print(
        f"{what:50} {count:>11} {_shares(result.params):>15} {_shares(result.metrics):>15} "
        f"{result.useful:8.0%} {result.junk:7.1%}",
        flush=True,
    )


def print_missed(result: Result) -> None:
    for case, value in result.scores.items():
        lines = {
            "params missed": value.params.missed,
            "params junk": value.params.junk,
            "metrics missed": value.metrics.missed,
            "metrics junk": value.metrics.junk,
        }
        if any(lines.values()):
            print(f"\n{case}{'' if value.is_useful else '  (NOT USEFUL)'}")
            print_names(lines)


def print_names(lines: Mapping[str, Sequence[str]]) -> None:
    for what, names in lines.items():
        if names:
            print(f"  {what:15} {', '.join(names)}")


def _shares(tally: Tally) -> str:
    return f"{tally.precision:6.0%} {tally.recall:6.0%}"


if __name__ == "__main__":
    main()
