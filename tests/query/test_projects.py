"""Projects that share a store keep apart, also where their experiments have the same name."""

from __future__ import annotations

from pathlib import Path

import pytest

import trackside as ts
from trackside.run_facts import read_last_runs
from trackside.store.store import Store
from trackside.tracking import Run


def cell_run(folder: Path, project: str, loss: float) -> str:
    with Run.start(
        folder,
        name="cell",
        project=project,
        experiment="digits",
        origin="notebook",
        notebook="/n.ipynb",
        cell_digest="a",
        execution_count=12,
    ) as run:
        run.log(loss=loss)
    return run.id


@pytest.fixture
def mine(store_folder: Path) -> list[str]:
    """Return this project's two runs; another one's came between and after."""
    made = [cell_run(store_folder, project, loss) for project, loss in (("p", 0.5), ("q", 0.1), ("p", 0.4), ("q", 0.1))]
    return made[::2]


def test_runs_and_handles_are_of_this_project(mine: list[str]) -> None:
    assert ts.runs().ids == mine[::-1]
    assert [ts.runs(handle).ids for handle in ("last", "best", "#12")] == [mine[1:]] * 3
    assert len(ts.runs(project="q", include_hidden=True)) == 2
    assert (
        len(ts.runs(experiment="*", include_hidden=True)) == len(ts.runs(experiment="digits", include_hidden=True)) == 4
    )


def test_what_is_done_to_all_runs_is_done_to_this_projects(mine: list[str]) -> None:
    ts.runs().star()
    assert ts.runs(experiment="*", include_hidden=True).df["starred"].sum() == len(mine)


def test_a_run_goes_on_in_this_project(mine: list[str]) -> None:
    with ts.run(resume="last") as again:
        assert again.id == mine[1]


def test_a_cell_runs_again_in_its_own_project(mine: list[str], store_folder: Path) -> None:
    everything = ts.runs(experiment="*", include_hidden=True).df
    assert everything["rerun_of"][mine[1]] == mine[0]
    assert read_last_runs(Store(store_folder), ("p", "digits"), Path("/n.ipynb"))["a"].metrics == {"loss": 0.4}
