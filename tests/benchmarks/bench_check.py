"""How often a check finds what is there, or is not, and what it costs: python -m tests.benchmarks.bench_check.

It is held to 95 %. Differences are in standard deviations between seeds, and of rows in accuracy.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import trackside as ts
from tests.benchmarks.null_folds import null_folds
from tests.benchmarks.table import Figure, median_seconds, print_table
from trackside.analysis.evidence import weigh_values
from trackside.analysis.folds import corrected_t
from trackside.analysis.paired_rows import compare_correctness
from trackside.analysis.verdicts import Rule, rule_all

if TYPE_CHECKING:
    from trackside.analysis.verdicts import Verdict

COMPARISONS = 2000
RULE = Rule(metric="auc", goal="max")


def seeds() -> list[Figure]:
    """Judge five runs against five, and other numbers, whose means differ by so many standard deviations."""
    figures = []
    for runs in (2, 3, 5, 10):
        for shift in (0.0, 1.0, 2.0, 3.0):
            random = np.random.default_rng(0)
            ones, others = random.normal(shift, 1, (COMPARISONS, runs)), random.normal(0, 1, (COMPARISONS, runs))
            found = [weigh_values(*pair) for pair in zip(ones.tolist(), others.tolist(), strict=True)]
            told = [rule_all([each], RULE)[0].verdict for each in found if not isinstance(each, str)]
            figures.append(_share(f"{runs} runs each, +{shift:g} deviations", told, is_null=not shift))
    return figures


def rows() -> list[Figure]:
    """Judge two models by their predictions of the same rows; a tenth of the rows are right in one of them only."""
    figures = []
    for count in (200, 1000):
        for gain in (0.0, 0.02, 0.04):
            random = np.random.default_rng(1)
            kinds = [0.05 + gain / 2, 0.05 - gain / 2, 0.9]
            told = []
            for won, lost, _ in random.multinomial(count, kinds, size=COMPARISONS // 5).tolist():
                right = np.arange(count) < count - lost, np.arange(count) >= won
                told.append(rule_all([compare_correctness(*right)], RULE)[0].verdict)
            figures.append(_share(f"{count} rows, accuracy +{gain:g}", told, is_null=not gain))
    return figures


def folds() -> list[Figure]:
    """Judge two models by five folds of 60 rows, of which one may tell more of the target."""
    figures = []
    for repeats in (1, 3):
        for gain in (0.0, 0.3, 0.6):
            weighed = [corrected_t(*each) for each in null_folds(COMPARISONS, repeats=repeats, gain=gain)]
            told = [rule_all([each], RULE)[0].verdict for each in weighed if not isinstance(each, str)]
            figures.append(_share(f"5 folds × {repeats}, weights ×{1 + gain:g}", told, is_null=not gain))
    return figures


def _share(what: str, told: list[Verdict], *, is_null: bool) -> Figure:
    """Return the share of verdicts that are found better; where nothing differs, that of false alarms."""
    found = sum(verdict != "no difference" if is_null else verdict == "better" for verdict in told)
    return Figure(
        f"{what}: {'false alarms' if is_null else 'power'}", 100 * found / len(told), "%", 5 if is_null else None
    )


def costs() -> list[Figure]:
    """Check the runs of a store."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"TRACKSIDE_STORE": str(Path(folder) / ".trackside"), "TRACKSIDE_SYSTEM": "0"}
        random = np.random.default_rng(2)
        for model in range(21):
            for seed in range(5):
                with ts.run(f"m{model}", params={"model": model, "seed": seed}) as run:
                    run.log(val_acc=0.9 + 0.01 * random.normal())
        found = ts.runs(include_hidden=True)
        one, all_others, base = found.where("model == 1"), found.where("model > 0"), found.where("model == 0")
        return [
            Figure("one candidate of 5 runs", 1e3 * median_seconds(lambda: one.check(against=base)), "ms"),
            Figure("20 candidates of 5 runs each", 1e3 * median_seconds(lambda: all_others.check(against=base)), "ms"),
        ]


if __name__ == "__main__":
    print_table("Found better, seeds", seeds())
    print_table("Found better, rows", rows())
    print_table("Found better, folds", folds())
    print_table("A check", costs())
