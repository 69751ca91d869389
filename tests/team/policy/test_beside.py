"""What is recorded of other runs where there is no store: no baseline and no seed is lost for want of room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trackside as ts
from trackside.store.store import Store
from trackside.team.policy.evaluated import MOST_BESIDE, read_decided, record_beside, take_turns
from trackside.team.policy.run_record import RunRecord
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path


def make(number: int, params: int = 25) -> RunRecord:
    return RunRecord(
        run_id=f"01934d5e-7c1a-7def-8abc-0123456789{number:02x}",
        project="p",
        experiment="e",
        name=f"mlp seed={number}",
        status="finished",
        started_at=1.0,
        params={**{f"option_{place:02}": place / 7 for place in range(params)}, "seed": number},
        metrics={"val_acc": 0.5},
    )


def test_runs_beside_one_keep_their_seeds() -> None:
    kept = record_beside(make(99), [make(number) for number in range(MOST_BESIDE)])
    assert all(each.is_cut for each in kept)
    assert [each.params["seed"] for each in kept] == [*range(MOST_BESIDE)]


def test_many_repeats_crowd_out_no_baseline() -> None:
    own, theirs = [make(number) for number in range(30)], [make(number) for number in range(100, 140)]
    kept = {each.run_id for each in record_beside(make(99), take_turns(own, theirs))}
    assert (len(kept), sum(each.run_id in kept for each in own)) == (MOST_BESIDE, MOST_BESIDE // 2)


def test_baselines_are_read_with_all_of_their_repeats(store_folder: Path) -> None:
    for name in ("", "old", "production"):
        with Run.start(store_folder, name=name or "own", project="p", experiment="e", is_repeated=True) as cell:
            for seed in range(12):
                with Run.start(store_folder, name="seed", project="p", experiment="e", parent_id=cell.id) as run:
                    run.log_params(seed=seed, of=name)
                    run.log(val_acc=seed / 100)
        Store(store_folder).refresh(10)
        ts.runs(cell.id, project="p", experiment="e").make_baseline(*filter(None, [name]), why="so")
    Store(store_folder).refresh(10)
    decided = read_decided(Store(store_folder), "p", ["e"], with_runs=True)
    assert len(decided.baselines) == 3
    assert [sum(each.parent_id == run for each in decided.runs) for run in decided.baselines.values()] == [12] * 3
