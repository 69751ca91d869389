"""`trackside demo`: real runs in a folder of their own, and a notebook that shows them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.recorded import read_runs
from trackside.cli import CANNOT, OK, STOPPED, main
from trackside.demo import TRIALS, train

VIEW, CARD = (f"application/vnd.trackside.{kind}.v1+json" for kind in ("view", "card"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a demo of six runs, one of each kind."""
    folder = tmp_path_factory.mktemp("home") / "penguins"
    assert main(["demo", str(folder), "--runs", "6", "--no-open"]) == OK
    return folder


def in_process_of_its_own(*words: object, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "trackside.cli", "demo", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def names_of(folder: Path) -> list[str]:
    return [run.started.name for run in read_runs(folder / ".trackside")]


def test_the_runs_are_what_the_training_gives(demo: Path) -> None:
    runs = read_runs(demo / ".trackside")
    for run, trial in zip(runs, TRIALS[:6], strict=True):
        assert (run.started.name, run.params, run.tags) == (trial.name, trial.params, {"stage": trial.stage})
        if run.ended.status == "finished":
            scores = list(train(**trial.params))
            assert len(scores) == trial.params["epochs"]
            for metric in ("loss", "accuracy", "val_loss", "val_accuracy"):
                assert run.points(metric) == [(epoch, score[metric]) for epoch, score in enumerate(scores)]


def test_some_fail_and_one_is_stopped(demo: Path) -> None:
    ends = {run.started.name: (run.ended.status, len(run.points("loss"))) for run in read_runs(demo / ".trackside")}
    assert ends == {
        "softmax regression": ("finished", 30),
        "first network": ("finished", 40),
        "swish": ("failed", 0),
        "far too slow": ("interrupted", 24),
        "far too fast": ("failed", 9),
        "learned by heart": ("finished", 60),
    }
    errors = [run.ended.error or "" for run in read_runs(demo / ".trackside") if run.ended.status == "failed"]
    assert errors[0].startswith("InputError: no activation 'swish'; expected relu or tanh.\n")
    assert errors[1].startswith("FloatingPointError: the loss is ")


def test_the_runs_are_those_of_a_script(demo: Path) -> None:
    run = read_runs(demo / ".trackside")[0]
    assert (run.started.experiment, run.started.origin) == ("penguins", "script")
    assert run.started.source == (demo / "sweep.py").read_text()


def test_the_notebook_runs_and_shows_the_views(demo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook: Any = nbformat.reads((demo / "compare.ipynb").read_text(), as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(demo)}}).execute()
    shown = [output.data for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    panels = [data[VIEW]["state"]["panels"] for data in shown if VIEW in data]
    assert panels == [["table"], ["history", "parallel", "table"], ["history"], ["history"]]
    assert [CARD in data for data in shown].count(True) == 1
    best = next(cell for cell in notebook.cells if cell.source.startswith("runs.best"))
    assert "None" not in best.outputs[0].data["text/plain"]
    own = read_runs(demo / ".trackside")[-1]
    assert (own.started.name, own.started.experiment, own.ended.status) == ("my own", "penguins", "finished")
    assert set(own.params) == {"hidden", "activation", "optimizer", "lr", "weight_decay"}
    assert len(own.points("val_loss")) == 40


def test_an_earlier_demo_is_kept_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", str(tmp_path), "--runs", "6", "--no-open"]) == OK
    (tmp_path / "compare.ipynb").write_text("mine")
    assert main(["demo", str(tmp_path), "--runs", "7", "--no-open"]) == OK
    assert "earlier demo" in capsys.readouterr().out
    assert (tmp_path / "compare.ipynb").read_text() == "mine"
    assert len(names_of(tmp_path)) == 6


@pytest.mark.parametrize("name", [".", "file", "file/folder"])
def test_what_is_no_demo_is_refused_and_not_touched(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    assert main(["demo", str(tmp_path / name), "--no-open"]) == CANNOT
    assert "name another" in (said := capsys.readouterr().err)
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("count", ["5", "31"])
def test_a_number_of_runs_that_cannot_be_is_refused(
    count: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", str(tmp_path / "demo"), "--runs", count]) == CANNOT
    assert f"--runs is {count}; expected a number from 6 to 30" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()


def test_settings_of_the_user_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_STORE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TRACKSIDE_MODE", "disabled")
    assert main(["demo", str(tmp_path / "demo"), "--runs", "6", "--no-open"]) == OK
    assert len(names_of(tmp_path / "demo")) == 6
    assert not (tmp_path / "elsewhere").exists()


def test_a_script_that_fails_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo", str(tmp_path), "--runs", "6", "--no-open"])
    (tmp_path / ".trackside").rename(tmp_path / "aside")
    (tmp_path / "sweep.py").write_text("raise SystemExit(3)")
    assert main(["demo", str(tmp_path), "--no-open"]) == CANNOT
    assert "sweep.py ended with code 3" in capsys.readouterr().err


def test_ctrl_c_stops_the_training(tmp_path: Path) -> None:
    def begun() -> set[str]:
        return {path.name.partition(".")[0] for path in (tmp_path / ".trackside").rglob("*.ndjson*")}

    demo = in_process_of_its_own(tmp_path, "--no-open")
    while not begun():
        time.sleep(0.01)
    demo.send_signal(signal.SIGINT)
    _, said = demo.communicate(timeout=20)
    assert (demo.returncode, said) == (STOPPED, "trackside: stopped\n")
    at_the_end = begun()
    assert len(at_the_end) < 30
    time.sleep(0.3)
    assert begun() == at_the_end


def test_the_notebook_is_opened_in_jupyterlab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jupyterlab.py").write_text("import os, sys; print(sys.argv[1:], os.environ.get('TRACKSIDE_STORE'))")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setenv("TRACKSIDE_STORE", "elsewhere")
    out, _ = in_process_of_its_own("demo", "--runs", "6", cwd=tmp_path).communicate(timeout=60)
    assert out.splitlines()[-1] == f"{[str(tmp_path / 'demo' / 'compare.ipynb')]} None"


def test_without_jupyterlab_it_says_how(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("trackside.cli.demo.find_spec", lambda _name: None)
    assert main(["demo", str(demo)]) == OK
    assert f"pip install jupyterlab, then jupyter lab {demo / 'compare.ipynb'}" in capsys.readouterr().out


def test_the_wheel_brings_the_data_its_licence_and_the_folder_s_files() -> None:
    from hatchling.builders.wheel import WheelBuilder

    builder = WheelBuilder(str(Path(__file__).parents[2]))
    shipped = {file.distribution_path for file in builder.recurse_included_files()}
    files = {"compare.ipynb", "sweep.py", "trackside.toml"}
    assert {f"trackside/demo/{name}" for name in ("penguins.csv", "penguins.md")} <= shipped
    assert {f"trackside/demo/files/{name}" for name in files} <= shipped
