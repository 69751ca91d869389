"""What is purged, and what is refused: a baseline, a guess at which run is meant, a store that does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.query.test_tidying import cell_run
from trackside.cli import CANNOT, main
from trackside.errors import InputError, StoreBusyError
from trackside.locks import StoreLock
from trackside.store.store import Store
from trackside.tracking.marks import mark_runs
from trackside.tracking.purging import purge_runs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def baselines(store_folder: Path) -> list[str]:
    """Return the baselines of two experiments, each of which has another run, too."""
    assert not store_folder.exists()
    chosen = []
    for experiment in ("digits", "letters"):
        for name in ("a", "b"):
            with ts.run(name, experiment=experiment) as run:
                run.log(loss=1.0)
        ts.runs(run.id).make_baseline()
        chosen.append(run.id)
    return chosen


@pytest.mark.usefixtures("baselines")
def test_runs_of_several_experiments_are_not_dropped_with_their_baselines() -> None:
    everything = ts.runs(experiment="*")
    with pytest.raises(InputError, match="The baseline is among these runs"):
        everything.drop()
    with pytest.raises(InputError, match="The baseline is among these runs"):
        everything.purge()
    assert len(ts.runs(experiment="*")) == 4


def test_no_door_loses_a_baseline(baselines: list[str], store_folder: Path) -> None:
    store = Store(store_folder)
    with pytest.raises(InputError, match=f"{baselines[1][-5:]}"):
        purge_runs(store, baselines[1:])
    with pytest.raises(InputError, match="before you drop it"):
        mark_runs(store, baselines, {"shelf": "dropped"})
    mark_runs(store, baselines, {"shelf": "archived"})
    ts.runs("name == 'a'", experiment="*").drop().purge()
    assert set(ts.runs(experiment="*", include_hidden=True).ids) == set(baselines)


def test_what_cannot_be_purged_now_is_told_and_stays(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackside.tracking.purging.CATCH_UP_SECONDS", 0.1)
    cell_run(store_folder, loss=0.5)
    found = ts.runs(experiment="*")
    with StoreLock(store_folder).hold("exclusive"), pytest.raises(StoreBusyError):
        found.purge()
    assert len(ts.runs(experiment="*")) == 1


def test_gc_of_a_store_that_stays_locked_says_so_in_one_line(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("trackside.cli.gc._REFRESH_SECONDS", 0.1)
    cell_run(store_folder, loss=0.5)
    with StoreLock(store_folder).hold("exclusive"):
        assert main(["gc", "--dropped"]) == CANNOT
    told = capsys.readouterr()
    assert told.out == ""
    assert "are not in its tables yet" in told.err
    assert told.err.count("\n") == 1


def test_a_run_is_not_resumed_while_the_newest_may_be_another(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trackside.tracking.resuming.REFRESH_SECONDS", 0.1)
    with ts.run("a"):
        pass
    with (
        StoreLock(store_folder).hold("exclusive"),
        pytest.raises(StoreBusyError, match="which run 'last' names hangs on them"),
    ):
        ts.run(resume="last")
