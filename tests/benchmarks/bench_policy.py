"""What a policy costs a cell, the side panel and a commit: python -m tests.benchmarks.bench_policy."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.benchmarks.table import Figure, median_seconds, print_table
from trackside.config import find_settings
from trackside.store.store import Store
from trackside.team.policy.kept import judge_kept
from trackside.team.policy.live import Beside, check_off, record_for_notebook
from trackside.team.policy.reading import read_policy
from trackside.team.policy.run_record import record_live
from trackside.team.policy.untracked import find_training
from trackside.tracking import Run

POLICY = """[policy]
tags = ["stage=dev|final"]
params = ["p1"]
metrics = ["val_acc"]
seed = true
clean_git = true
experiment_name = "{project}-{approach}-{date}"
[policy.parts]
approach = ["mlp", "svm"]
[[policy.rules]]
when = "e*"
param_ranges = { p1 = { min = 0 } }
"""
RUNS = 300


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    os.chdir(folder)
    (folder / "trackside.toml").write_text(POLICY)
    settings = find_settings(folder)
    policy = read_policy(settings)
    assert policy is not None
    params = {f"p{number}": number for number in range(25)}
    runs = []
    for number in range(RUNS):
        with Run.start(folder / ".trackside", name=f"m{number}", project="p", experiment="e", params=params) as run:
            run.log(val_acc=0.5)
        runs.append(run)
    store = Store(folder / ".trackside")
    store.refresh(60)
    cells = ["from sklearn.svm import SVC", *(f"def train{n}(C):\n    return SVC(C=C).fit(X, y)" for n in range(100))]
    ids = [run.id for run in runs]
    print_table(
        "policy",
        [
            Figure("the checklist on a card", 1e3 * median_seconds(lambda: check_off(runs[-1], settings)), "ms", 5),
            Figure(
                "a notebook's record",
                1e3
                * median_seconds(
                    lambda: record_for_notebook(
                        runs[-1],
                        settings,
                        "",
                        "",
                        cell=record_live(runs[-1], settings),
                        beside=Beside(),
                        decided=None,
                    )
                ),
                "ms",
                5,
            ),
            Figure(f"{RUNS} runs of a store", 1e3 * median_seconds(lambda: judge_kept(policy, store, ids)), "ms", 500),
            Figure("a notebook of 100 cells", 1e3 * median_seconds(lambda: find_training(cells)), "ms", 200),
        ],
    )


if __name__ == "__main__":
    main()
