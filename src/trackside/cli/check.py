"""``trackside check``: whether runs are better than others, for CI."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import CANNOT, NO_DIFFERENCE, NO_EVIDENCE, NOT_COMPARABLE, NOT_ENOUGH_DATA, OK, WORSE
from trackside.cli.stores import HANDLE_HELP, add_run_options, find_all, open_store
from trackside.errors import InputError, NoRunError, NoStoreError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from trackside.analysis.check import Check
    from trackside.collection import Runs
    from trackside.team.policy.checks import Outcome

_CODES: dict[Outcome, int] = {
    "better": OK,
    "worse": WORSE,
    "no difference": NO_DIFFERENCE,
    "not comparable": NOT_COMPARABLE,
    "not enough data": NOT_ENOUGH_DATA,
    "no evidence": NO_EVIDENCE,
    "not carried out": CANNOT,
}

_WORST_FIRST: tuple[Outcome, ...] = (
    "worse",
    "not carried out",
    "not comparable",
    "no evidence",
    "not enough data",
    "no difference",
    "better",
)

_FORMATS = ("text", "json", "markdown", "junit")


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    check = commands.add_parser(
        "check",
        help="whether runs are better than the baseline or others",
        description="Hold runs against others by a metric. Exit code 0: they are better; 1: worse; 2: the check could "
        "not be carried out; 3: no difference is shown; 4: not comparable; 5: not enough data to tell; "
        "6: no evidence, as there is no store or no such run.",
    )
    check.add_argument(
        "runs", metavar="RUN", nargs="*", help=f"{HANDLE_HELP}, or a condition: 'lr < 0.1'; the last one by default"
    )
    check.add_argument(
        "--policy",
        action="store_true",
        help="carry out the checks that the policy names",
    )
    check.add_argument("--metric", metavar="M", help="the metric; the main one by default")
    check.add_argument("--against", metavar="RUN", default="baseline", help="likewise; the baseline by default")
    check.add_argument("--min-delta", metavar="D", type=float, default=0.0, help="the smallest difference that counts")
    check.add_argument("--confidence", metavar="C", type=float, default=0.95, help="of the interval; 0.95 by default")
    check.add_argument("--allow-incomparable", action="store_true", help="judge runs, too, not evaluated alike")
    check.add_argument(
        "--format", choices=["text", "json", "markdown", "junit"], default="text", help="text by default"
    )
    check.add_argument(
        "--record",
        metavar="FILE",
        type=Path,
        help="take the runs from what `trackside export` wrote, or from a notebook's outputs; where there is no store, "
        "by default the record that the policy names",
    )
    add_run_options(check)
    check.set_defaults(carry_out=judge)


def judge(given: Namespace) -> int:
    """Tell the verdict, and return its exit code."""
    try:
        if given.policy:
            return _judge_by_policy(given)
        found = _check(given)
    except (NoRunError, NoStoreError) as error:
        where = f"; {given.recorded}" if "recorded" in given else ""
        print(f"trackside: {error}{where}", file=sys.stderr)
        if given.format != "text":
            from trackside.analysis.check_forms import write_no_evidence

            print(write_no_evidence(f"{error}{where}", given.format))
        return NO_EVIDENCE
    print(_write(found, given.format))
    return _CODES[found.verdict]


def _judge_by_policy(given: Namespace) -> int:
    """Tell how the policy's checks came out, and return the worst one's exit code."""
    from trackside.team.policy import check_forms
    from trackside.team.policy.checks import judge_by_policy

    asked = (given.metric, given.against, given.min_delta, given.confidence, given.allow_incomparable)
    if asked != (None, "baseline", 0.0, 0.95, False):
        raise InputError("found --policy beside other options; expected it alone: the policy says what to check")

    outcomes = judge_by_policy(open_store(given), _choose(given).ids)
    forms = {
        "text": check_forms.write_texts,
        "json": check_forms.write_checks_json,
        "markdown": check_forms.write_checks_markdown,
        "junit": check_forms.write_checks_junit,
    }
    print(forms[given.format](outcomes))
    worst = min((each.outcome for each in outcomes), key=_WORST_FIRST.index)
    return _CODES[worst]


def _choose(given: Namespace) -> Runs:
    chosen = find_all(given, given.runs or ["last"])
    if not len(chosen):
        raise NoRunError(f"no run fulfils {' '.join(given.runs)!r}; expected a condition that some do")
    return chosen


def _check(given: Namespace) -> Check:
    chosen = _choose(given)
    against = given.against if given.against == "baseline" else find_all(given, [given.against])
    return chosen.check(
        given.metric,
        against,
        min_delta=given.min_delta,
        confidence=given.confidence,
        allow_incomparable=given.allow_incomparable,
    )


def _write(check: Check, form: str) -> str:
    from trackside.analysis import check_forms, check_text

    forms = {
        "text": check_text.write_text,
        "json": check_forms.write_json,
        "markdown": check_forms.write_markdown,
        "junit": check_forms.write_junit,
    }
    return forms[form](check)
