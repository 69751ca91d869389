from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.recorded import last_run, read_runs
from trackside import model, tracking
from trackside.capture.code import repository_probe
from trackside.capture.environment import gpus
from trackside.capture.environment import probe as environment
from trackside.errors import JournalError
from trackside.journal import JournalWriter, has_open_writers
from trackside.store.store import Store
from trackside.tracking import Run, current_run, recording
from trackside.tracking.current import begin_cell
from trackside.tracking.late_work import wait_for_late_work

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_run_as_context_manager(store_folder: Path) -> None:
    with tracking.run("mlp", params={"lr": 1e-3}, tags={"stage": "dev"}, group="g") as run:
        run.log(loss=0.5)
        assert current_run() is run
    recorded = last_run(store_folder)
    assert (recorded.started.name, recorded.started.experiment, recorded.started.group) == ("mlp", "digits", "g")
    assert (recorded.params, recorded.tags, recorded.last) == ({"lr": 1e-3}, {"stage": "dev"}, {"loss": 0.5})
    assert (recorded.ended.status, run.status) == ("finished", "finished")
    assert recorded.ended.active is not None
    assert recorded.ended.active >= 0
    assert current_run() is None


def test_an_exception_makes_a_failed_run_and_goes_on(store_folder: Path) -> None:
    with pytest.raises(ValueError, match="bad"), tracking.run("x"):
        raise ValueError("bad")
    ended = last_run(store_folder).ended
    assert ended.status == "failed"
    assert (ended.error or "").startswith("ValueError: bad\n\nTraceback")


def test_no_secret_reaches_the_record_by_a_tag_or_a_traceback(store_folder: Path) -> None:
    with pytest.raises(ValueError, match="bad"), tracking.run("x", tags={"token": "abc", "stage": "dev"}):
        raise ValueError('bad login(password="pa55")')
    recorded = last_run(store_folder)
    assert recorded.tags == {"token": "<redacted>", "stage": "dev"}
    assert "pa55" not in (recorded.ended.error or "")


def test_ctrl_c_makes_an_interrupted_run(store_folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), tracking.run("x"):
        raise KeyboardInterrupt
    assert last_run(store_folder).ended.status == "interrupted"


def test_finishing_twice_is_once(store_folder: Path) -> None:
    run = tracking.run("x")
    run.finish()
    run.finish("failed")
    assert last_run(store_folder).ended.status == "finished"


def test_a_run_within_a_run_is_its_child_and_the_outer_comes_back(store_folder: Path) -> None:
    with tracking.run("outer") as outer:
        with tracking.run("inner") as inner:
            tracking.log(a=1)
        tracking.log(b=2)
    assert inner.parent_id == outer.id
    assert outer.children == 1
    assert [run.last for run in read_runs(store_folder)] == [{"b": 2.0}, {"a": 1.0}]


def test_parent_can_be_given(store_folder: Path) -> None:
    with tracking.run("first") as first:
        pass
    with tracking.run("second", parent=first):
        pass
    assert last_run(store_folder).started.parent_id == first.id


def test_a_live_run_is_told_to_child_processes(store_folder: Path) -> None:  # noqa: ARG001 - where the runs go
    assert "TRACKSIDE_RUN" not in os.environ
    with tracking.run("outer") as outer:
        with tracking.run("inner") as inner:
            assert os.environ["TRACKSIDE_RUN"].split()[0] == inner.id
        assert os.environ["TRACKSIDE_RUN"].split()[0] == outer.id
    assert "TRACKSIDE_RUN" not in os.environ


def test_a_thread_without_a_run_sees_the_main_threads(store_folder: Path) -> None:
    with tracking.run("main"):
        thread = threading.Thread(target=tracking.log, kwargs={"a": 1})
        thread.start()
        thread.join()
    assert last_run(store_folder).last == {"a": 1.0}


def test_threads_with_runs_of_their_own_keep_apart(store_folder: Path) -> None:
    barrier = threading.Barrier(2)

    def work(value: float) -> None:
        with tracking.run(f"worker {value}"):
            barrier.wait()
            tracking.log(a=value)
            barrier.wait()

    threads = [threading.Thread(target=work, args=(float(n),)) for n in range(2)]
    with tracking.run("main"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tracking.log(b=1)
    runs = {run.started.name: run.last for run in read_runs(store_folder)}
    assert runs == {"main": {"b": 1.0}, "worker 0.0": {"a": 0.0}, "worker 1.0": {"a": 1.0}}


def test_tasks_with_runs_of_their_own_keep_apart(store_folder: Path) -> None:
    async def work(value: float) -> None:
        with tracking.run(f"task {value}"):
            await asyncio.sleep(0.01)
            tracking.log(a=value)
            await asyncio.sleep(0.01)

    async def both() -> None:
        await asyncio.gather(work(0.0), work(1.0))

    asyncio.run(both())
    runs = {run.started.name: run.last for run in read_runs(store_folder)}
    assert runs == {"task 0.0": {"a": 0.0}, "task 1.0": {"a": 1.0}}


def test_many_threads_lose_no_point(store_folder: Path) -> None:
    with tracking.run("busy") as run:

        def work() -> None:
            for _ in range(200):
                run.log(a=1)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [step for step, _ in last_run(store_folder).points("a")] == list(range(1600))


def test_log_without_a_run_warns_once_a_cell_and_names_the_fix() -> None:
    begin_cell()
    with pytest.warns(UserWarning, match=r"no run is live; call it inside `with ts.run\(\):`"):
        tracking.log(a=1)
    tracking.log_params(b=2)  # a second warning would be an error
    tracking.log_history(c=[1])
    begin_cell()
    with pytest.warns(UserWarning, match="log_params"):
        tracking.log_params(b=2)


def test_disabled_mode_keeps_nothing(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_MODE", "disabled")
    with tracking.run("x") as run:
        run.log(a=1)
    assert run.latest == {"a": 1.0}
    assert not store_folder.exists()


def test_params_of_every_kind(store_folder: Path) -> None:
    class Opaque:
        pass

    with tracking.run("x") as run:
        run.log_params(
            {"optim": {"name": "adam", "lr": 1e-3}, "layers": (64, 32)},
            nothing=None,
            limit=float("inf"),
            model=Opaque(),
            loss=print,
            api_key="s3cret",
            text="x" * 300,
        )
    params = last_run(store_folder).params
    assert params == {
        "optim.name": "adam",
        "optim.lr": 1e-3,
        "layers": [64, 32],
        "nothing": None,
        "limit": "Infinity",
        "model": "test_params_of_every_kind.<locals>.Opaque",
        "loss": "print",
        "api_key": "<redacted>",
        "text": "x" * 300,
    }


def run_script(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    script = folder / "train.py"
    script.write_text(code)
    return subprocess.run(
        [sys.executable, str(script)], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_script_that_ends_finishes_its_open_run(store_folder: Path) -> None:
    done = run_script(store_folder.parent, "import trackside as ts\nrun = ts.run()\nrun.log(a=1)")
    assert (done.returncode, done.stderr) == (0, "")
    recorded = last_run(store_folder)
    assert recorded.ended.status == "finished"
    assert (recorded.started.name, recorded.started.origin) == ("train", "script")
    assert "ts.run()" in (recorded.started.source or "")


def test_a_script_that_a_notebook_starts_is_still_a_script(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", str(store_folder.parent / "train.ipynb"))
    run_script(store_folder.parent, "import trackside as ts\nrun = ts.run()\nrun.log(a=1)")
    recorded = last_run(store_folder)
    assert (recorded.started.origin, recorded.ended.status) == ("script", "finished")


def test_what_is_not_kept_of_a_run_is_noted(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trackside.store.blobs.save_blob", full)
    with Run.start(store_folder, name="x") as run:
        run.log(a=1)
    assert run.notes == ["the run's environment is not kept: [Errno 28] No space left on device"]
    assert last_run(store_folder).ended.status == "finished"


def test_an_environment_that_takes_long_is_not_waited_for_and_kept_all_the_same(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr(environment, "_known", environment._KnownEnvironment())
    monkeypatch.setattr(environment, "capture_gpus", lambda: release.wait() and gpus.GpuFacts())
    monkeypatch.setattr(recording, "PATIENCE_SECONDS", 0.01)
    with Run.start(store_folder, name="x") as run:
        run.log(a=1)
    assert environments(store_folder) == []
    release.set()
    wait_for_late_work()
    assert len(environments(store_folder)) == 1
    assert Store(store_folder).refresh(30.0)
    with Store(store_folder).read() as connection:
        assert connection.execute("SELECT status, environment_digest IS NOT NULL FROM runs").fetchall() == [
            ("finished", True)
        ]


@pytest.fixture
def held_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Put a git in place that answers once the function is called that this returns."""
    programs = tmp_path / "programs"
    programs.mkdir()
    answer = 'case "$*" in *status*) echo "# branch.head main";; *) echo 1234abcd;; esac'
    (programs / "git").write_text(f"#!/bin/sh\nuntil [ -e {programs}/released ]; do sleep 0.02; done\n{answer}\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return (programs / "released").touch


def environments(store_folder: Path) -> list[model.EnvironmentSeen]:
    return [event for event in last_run(store_folder).events if isinstance(event, model.EnvironmentSeen)]


def test_a_slow_git_costs_a_run_neither_time_nor_environment(
    store_folder: Path, tmp_path: Path, held_git: Callable[[], None]
) -> None:
    with Run.start(store_folder, name="x", code_folder=tmp_path) as run:
        run.log(a=1)
    held_git()
    assert (run.notes, run.environment is not None) == ([], True)
    assert [event.git_commit for event in environments(store_folder)] == [None]


def test_what_a_slow_git_tells_while_the_run_goes_on_is_kept(
    store_folder: Path, tmp_path: Path, held_git: Callable[[], None]
) -> None:
    with Run.start(store_folder, name="x", code_folder=tmp_path):
        held_git()
        repository_probe.start_repository_probe(tmp_path).result(60)
    assert [(e.git_commit, e.git_dirty) for e in environments(store_folder)][-1] == ("1234abcd", False)


def test_where_git_is_slow_the_repository_counts_as_git_told_it_last(
    store_folder: Path, tmp_path: Path, held_git: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    held_git()
    repository_probe.start_repository_probe(tmp_path).result(60)
    (tmp_path / "programs" / "released").unlink()
    monkeypatch.setattr(repository_probe, "FRESH_SECONDS", 0.0)
    with Run.start(store_folder, name="x", code_folder=tmp_path):
        pass
    held_git()
    assert [event.git_commit for event in environments(store_folder)] == [None, "1234abcd"]


def test_a_run_that_could_not_be_begun_does_not_count_as_alive(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise JournalError("no space left on device")

    monkeypatch.setattr(JournalWriter, "append", full)
    with pytest.raises(JournalError):
        Run.start(store_folder, name="x")
    assert not has_open_writers(store_folder)


def test_a_script_that_raises_fails_its_open_run(store_folder: Path) -> None:
    run_script(store_folder.parent, "import trackside as ts\nrun = ts.run()\n1 / 0")
    ended = last_run(store_folder).ended
    assert ended.status == "failed"
    assert (ended.error or "").startswith("ZeroDivisionError: division by zero")


def test_a_forked_child_logs_to_the_run_and_leaves_its_end_to_the_owner(store_folder: Path) -> None:
    code = """
import os, trackside as ts
run = ts.run("forked")
run.log(a=1)
child = os.fork()
run.log(b=os.getpid() == child)
if child:
    os.waitpid(child, 0)
    run.log(c=1)
"""
    run_script(store_folder.parent, code)
    recorded = last_run(store_folder)
    assert recorded.ended.status == "finished"
    assert sorted(recorded.last) == ["a", "b", "c"]
    assert len(recorded.points("b")) == 2


def test_a_fork_while_another_thread_logs_does_not_hang(store_folder: Path) -> None:
    code = """
import os, threading, trackside as ts
run = ts.run("busy")
stop = threading.Event()
threads = [threading.Thread(target=lambda: [run.log(a=1) for _ in iter(stop.is_set, True)]) for _ in range(2)]
[t.start() for t in threads]
for n in range(20):
    child = os.fork()
    if not child:
        run.log(child=n)
        os._exit(0)
    os.waitpid(child, 0)
stop.set()
[t.join() for t in threads]
"""
    run_script(store_folder.parent, code)
    assert sorted(value for _, value in last_run(store_folder).points("child")) == [float(n) for n in range(20)]


def test_importing_tracking_is_cheap() -> None:
    heavy = "numpy pandas duckdb altair IPython anywidget psutil".split()
    code = f"import sys, trackside.tracking; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_a_run_knows_itself(store_folder: Path) -> None:
    with Run.start(store_folder, name="mlp") as run:
        assert repr(run) == f"<Run 'mlp' {run.id[-5:]} running>"
        assert run.duration >= 0
    assert run.duration == run.duration


def test_texts_with_odd_characters_are_kept_legibly(store_folder: Path) -> None:
    odd, legible = "caf\udce9", "caf\\udce9"
    run = Run.start(store_folder, name=odd, source=odd, tags={odd: odd})
    run.log_params({"name": odd}, folder=store_folder / odd)
    run.finish("failed", f"ValueError: {odd}")
    recorded = last_run(store_folder)
    assert (recorded.started.name, recorded.started.source, recorded.tags) == (legible, legible, {legible: legible})
    assert recorded.params == {"name": legible, "folder": str(store_folder / legible)}
    assert recorded.ended.error == f"ValueError: {legible}"


def test_a_failure_is_told_by_its_error_and_not_by_a_note_on_it(store_folder: Path) -> None:
    error = ValueError("bad")
    error.add_note("try another")
    with pytest.raises(ValueError, match="bad"), tracking.run("x"):
        raise error
    told = last_run(store_folder).ended.error or ""
    assert told.startswith("ValueError: bad\n\nTraceback")
    assert "try another" in told


def test_what_others_logged_takes_the_place_of_no_later_value_of_its_own(store_folder: Path) -> None:
    with Run.start(store_folder, name="x") as run:
        run.log(pretrained=1.0)
        run.log_history(pretrained=[0.75, 0.5])
        run.look_at_others()
        assert run.latest == {"pretrained": 0.5}
        for step in range(3000):  # it is long by then, and only its ends are read
            run.log(tuned=float(step))
        run.log(pretrained=0.25)
        for step in range(3000):
            run.log(tuned=float(step))
        run.look_at_others()
        assert run.latest == {"pretrained": 0.25, "tuned": 2999.0}
