"""Which runs are left out of a table, and that nothing is lost for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from trackside.lookup import runs
from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path


def cell_run(
    folder: Path,
    *,
    name: str = "cell #1",
    cell: str = "a",
    status: Any = "finished",
    tags: Any = None,
    **logged: Any,
) -> str:
    """Track a cell: upper-case names are params, the others metrics."""
    run = Run.start(folder, name=name, project="p", experiment="digits", origin="notebook", cell_digest=cell, tags=tags)
    run.log_params({name: value for name, value in logged.items() if name.isupper()})
    run.log({name: value for name, value in logged.items() if not name.isupper()})
    run.finish(status)
    return run.id


def test_a_run_just_like_a_newer_one_is_folded_into_it(store_folder: Path) -> None:
    for _ in range(3):
        newest = cell_run(store_folder, LR=0.1, loss=0.5)
    assert runs().ids == [newest]
    assert runs().df["repeats"].tolist() == [3]
    assert runs().hidden == {"repeats": 2}
    assert len(runs(include_hidden=True)) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"cell": "b", "LR": 0.1, "loss": 0.5},
        {"LR": 0.2, "loss": 0.5},
        {"LR": 0.1, "loss": 0.4},
        {"LR": 0.1, "loss": 0.5, "more": 1.0},
        {"LR": 0.1, "loss": 0.5, "tags": {"stage": "dev"}},
        {"LR": 0.1, "loss": float("nan")},
        {"loss": 0.5},
    ],
)
def test_a_run_that_differs_in_anything_stays(store_folder: Path, other: dict[str, Any]) -> None:
    cell_run(store_folder, LR=0.1, loss=0.5)
    cell_run(store_folder, **other)
    assert (len(runs()), runs().hidden) == (2, {})


def test_runs_that_were_named_differently_are_no_repeats(store_folder: Path) -> None:
    for name in ("seed-1", "seed-2", "cell #3", "cell #4"):
        cell_run(store_folder, name=name, loss=0.5)
    assert runs().names == ["cell #4", "seed-2", "seed-1"]
    newest = cell_run(store_folder, name="seed-2", loss=0.5)
    assert (runs().ids[0], len(runs()), runs().hidden) == (newest, 3, {"repeats": 2})


def test_a_repeat_that_is_starred_or_kept_stays(store_folder: Path) -> None:
    first, second, third = (cell_run(store_folder, loss=0.5) for _ in range(3))
    runs(first).star()
    runs(second).keep()
    assert sorted(runs().ids) == sorted([first, second, third])


def test_starring_or_dropping_the_newest_of_some_repeats_brings_none_of_them_back(store_folder: Path) -> None:
    for _ in range(3):
        newest = cell_run(store_folder, loss=0.5)
    runs().star()
    assert (runs().ids, runs().hidden) == ([newest], {"repeats": 2})
    runs().unstar().drop()
    assert (runs().ids, runs().hidden) == ([], {"dropped": 1, "repeats": 2})


def test_a_repeat_of_nan_is_a_repeat(store_folder: Path) -> None:
    for _ in range(2):
        cell_run(store_folder, loss=float("nan"))
    assert runs().hidden == {"repeats": 1}


def test_a_run_that_failed_at_once_is_hidden_until_it_is_kept(store_folder: Path) -> None:
    failed = cell_run(store_folder, status="failed", LR=0.1)
    assert (len(runs()), runs().hidden) == (0, {"failed": 1})
    runs(failed).keep()
    assert runs().ids == [failed]


def test_a_run_that_logged_before_it_failed_stays(store_folder: Path) -> None:
    failed = cell_run(store_folder, status="failed", loss=0.5)
    assert runs().ids == [failed]


def test_a_run_that_failed_late_or_has_runs_inside_stays(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = Run.start(store_folder, name="outer", project="p", experiment="digits", origin="notebook")
    Run.start(store_folder, name="inner", project="p", experiment="digits", parent_id=outer.id).finish()
    outer.finish("failed")
    monkeypatch.setattr("trackside.tidying.AT_ONCE", 0.0)
    late = cell_run(store_folder, status="failed", cell="late")
    assert {outer.id, late} <= set(runs().ids)


def test_the_newest_are_counted_without_the_hidden(store_folder: Path) -> None:
    for loss in (0.5, 0.25, 0.25, 0.25):
        cell_run(store_folder, loss=loss)
    assert [metrics["loss"] for metrics in runs(limit=2).metrics] == [0.25, 0.5]


def test_runs_asked_for_by_name_are_never_left_out(store_folder: Path) -> None:
    first, _ = (cell_run(store_folder, loss=0.5) for _ in range(2))
    assert runs(first[-5:]).ids == [first]
    assert runs("last~1").ids == [first]


def test_a_comparison_shows_the_newest_twenty_the_best_the_starred_and_the_baseline(store_folder: Path) -> None:
    ids = [cell_run(store_folder, cell=str(n), loss=-1.0 if n == 5 else float(n)) for n in range(30)]
    runs(ids[0]).star()
    runs(ids[3]).make_baseline()
    shown = runs().compare().record["table"]
    assert shown["run_ids"] == [*reversed(ids[10:]), ids[5], ids[3], ids[0]]
    assert (shown["total"], shown["baseline"]) == (30, ids[3])
    assert len(runs(limit=5).compare().record["table"]["run_ids"]) == 5


def test_what_was_said_survives_a_rebuild(store_folder: Path) -> None:
    first = cell_run(store_folder, cell="a", loss=0.5)
    second = cell_run(store_folder, cell="b", loss=0.25)
    runs(first).star().note("good")
    runs(second).archive()
    before = runs(include_hidden=True).df
    Store(store_folder).rebuild()
    assert runs(include_hidden=True).df.equals(before)
    assert runs().ids == [first]
