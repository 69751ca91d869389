"""Processes started while a run is live log to it; a run that has ended goes on when asked."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.errors import InputError
from trackside.lookup import runs

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.collection import Runs

pytestmark = pytest.mark.usefixtures("store_folder")


def run_script(code: str, **environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


def history(found: Runs, metric: str) -> int:
    return int(found._frame.points[metric].max())


def test_a_script_started_from_a_run_logs_to_it() -> None:
    with ts.run("cell"):
        told = run_script(
            "import trackside as ts\nwith ts.run('train', params={'lr': 0.1}) as run:\n    run.log(loss=0.5)\n"
        )
    (found,) = runs()
    assert told == ""
    assert (found.params, found.metrics) == ([{"lr": 0.1}], [{"loss": 0.5}])
    assert found.df["name"].tolist() == ["cell"]
    assert len(runs(tags={"script": "train"})) == 1
    assert found.df["status"].tolist() == ["finished"]


def test_a_joined_run_goes_by_its_own_name_and_does_not_tell_its_end() -> None:
    with ts.run("cell", experiment="digits") as cell:
        told = run_script(
            "import trackside as ts\nwith ts.run('train') as run: print(run, run.experiment)\nprint(run)",
            TRACKSIDE_EXPERIMENT="another",
        )
    shown = f"<Run 'cell' {cell.id[-5:]} joined>"
    assert told.splitlines() == [f"{shown} digits", shown]


def test_a_bare_log_of_a_script_started_from_a_run_goes_there_from_any_folder(tmp_path: Path) -> None:
    with ts.run("cell"):
        code = f"import os; os.chdir({str(tmp_path)!r}); os.environ.pop('TRACKSIDE_STORE')\n"
        run_script(code + "import trackside as ts\nts.log(loss=0.5)\nts.log(loss=0.25)")
    (found,) = runs()
    assert found.metrics == [{"loss": 0.25}]
    assert history(found, "loss") == 2


def test_the_second_run_of_a_script_is_one_of_its_own() -> None:
    with ts.run("cell") as cell:
        run_script("import trackside as ts\nfor lr in (1, 2, 3):\n  with ts.run(f'lr {lr}') as run: run.log(loss=lr)")
    found = runs().df.set_index("name")["parent"]
    assert set(found.index) == {"cell", "lr 2", "lr 3"}
    assert found["lr 2"] == found["lr 3"] == cell.id


@pytest.mark.parametrize("variable", ["RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK"])
def test_the_ranks_of_a_parallel_job_are_told_apart(variable: str) -> None:
    with ts.run("cell"):
        for rank in ("0", "1"):
            code = f"import trackside as ts\nwith ts.run() as run: run.log(loss={rank}.5); run.log_history(gap=[1, 2])"
            run_script(code, **{variable: rank})
    assert runs().metrics == [{"loss": 0.5, "rank1/loss": 1.5, "gap": 2.0, "rank1/gap": 2.0}]


def test_a_script_whose_run_has_ended_warns_and_starts_none() -> None:
    with ts.run("cell"):
        left = os.environ["TRACKSIDE_RUN"]
    told = run_script("import trackside as ts\nts.log(loss=0.5)", TRACKSIDE_RUN=left)
    assert "log(…) was not kept: no run is live" in told
    assert runs().metrics == [{}]


def log_step(step: int) -> int:
    ts.log(loss=1.0, step=step)
    return os.getpid()


def test_a_spawned_pool_logs_to_the_run_it_works_for_and_then_to_the_next() -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        with ts.run("no worker yet"):
            pass  # the pool's processes were started before any run: they belong to none
        with ts.run("first"), multiprocessing.get_context("spawn").Pool(2) as late:
            late.map(log_step, range(10))
        pool.close()
        pool.join()
    with ts.run("a"):
        pool = multiprocessing.get_context("spawn").Pool(2)
        pool.map(log_step, range(10), chunksize=1)
    with ts.run("b"):
        pool.map(log_step, range(7), chunksize=1)
        pool.close()
        pool.join()
    points = {run.df["name"].iloc[0]: history(runs(run.ids[0]), "loss") for run in runs() if run.metrics[0]}
    assert points == {"first": 10, "a": 10, "b": 7}


def test_a_run_that_has_ended_goes_on_under_its_own_name() -> None:
    with ts.run("train", params={"lr": 0.1}) as first:
        first.log(loss=1.0)
        first.log(loss=0.5)
    with ts.run(resume="last") as again:
        assert (again.id, again.name) == (first.id, "train")
        again.log(loss=0.25)
        assert runs().df["status"].tolist() == ["running"]
    (found,) = runs()
    assert found.metrics == [{"loss": 0.25}]
    assert history(found, "loss") == 3
    assert found.df["status"].tolist() == ["finished"]
    assert found.df["duration"].iloc[0] == pytest.approx(first.duration + again.duration, rel=1e-3)


def test_a_resumed_run_can_fail() -> None:
    with ts.run("train"):
        pass
    with pytest.raises(ValueError, match="no"), ts.run(resume="last"):
        raise ValueError("no")
    assert runs(include_hidden=True).df["status"].tolist() == ["failed"]


def test_a_live_run_is_not_resumed() -> None:
    with ts.run("train"), pytest.raises(InputError, match="'train' is still live"):
        ts.run(resume="last")


def test_what_names_no_run_is_not_resumed() -> None:
    with ts.run("train"):
        pass
    with pytest.raises(InputError, match=r"'last~3' names no run: there are 1"):
        ts.run(resume="last~3")
    with pytest.raises(InputError, match=r"'lats' names no run; expected the like of last, best"):
        ts.run(resume="lats")
