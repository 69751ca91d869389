"""A notebook that is renamed while its kernel runs, and between two kernels: its runs go by the new name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from tests.magic.kernel import Kernel
from tests.magic.shells import restart, run_cell, said
from tests.recorded import last_run
from trackside.listings import list_baselines
from trackside.store.store import Store
from trackside.wire import SavedViews

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

CELL = "%%track\nlr = {lr}"


class ServedKernel(Kernel):
    """The kernel of the notebook ``train.ipynb``, started by a Jupyter server as JupyterLab has it started."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.cards = []
        write_notebook(folder / "train.ipynb")
        runtime = folder / ".home" / "runtime"
        environment = environment | {
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "IPYTHONDIR": str(folder / ".home" / "ipython"),
        }
        options = ("--ServerApp.port=0", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", *options],
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._facts = _wait_for_server(runtime / f"jpserver-{self._server.pid}.json")
        about = {"path": "train.ipynb", "name": "train.ipynb", "type": "notebook", "kernel": {"name": "python3"}}
        self._session = self.ask("POST", "sessions", about)
        self.client = BlockingKernelClient()
        self.client.load_connection_file(str(runtime / f"kernel-{self._session['kernel']['id']}.json"))
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def ask(self, method: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the server over HTTP, as a page does."""
        headers = {"Authorization": f"token {self._facts['token']}", "Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            f"{self._facts['url']}api/{what}", json.dumps(body).encode(), headers, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - likewise
            answer: dict[str, Any] = json.load(response)
        return answer

    def rename(self, name: str) -> None:
        """Rename the notebook as JupyterLab does."""
        self.ask("PATCH", f"contents/{self._session['path']}", {"path": name})
        self._session = self.ask("PATCH", f"sessions/{self._session['id']}", {"path": name, "name": name})

    def close(self) -> None:
        self.client.stop_channels()
        self._server.terminate()
        self._server.wait()


def _wait_for_server(file: Path) -> dict[str, Any]:
    deadline = time.monotonic() + 90
    while True:
        try:
            facts: dict[str, Any] = json.loads(file.read_text())
            urllib.request.urlopen(f"{facts['url']}api", timeout=60).close()  # noqa: S310 - our own server on loopback
        except (OSError, ValueError):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return facts


def write_notebook(path: Path) -> None:
    path.write_text(nbformat.writes(nbformat.v4.new_notebook()))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of a project of its own, with a store."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "digits"\n')
    return tmp_path


def test_runs_after_a_rename_go_by_the_new_name_and_are_compared_with_those_before(project: Path) -> None:
    kernel = ServedKernel(project, dict(os.environ))
    store = project / ".trackside"
    try:
        kernel.run("%load_ext trackside")
        kernel.run(CELL.format(lr=0.5), cell_id="a")
        started = last_run(store).started
        assert (started.notebook, started.experiment) == (str(project / "train.ipynb"), "train")
        kernel.rename("tuned.ipynb")
        card = kernel.run(CELL.format(lr=0.25), cell_id="a").card["text/plain"]
        started = last_run(store).started
        assert (started.notebook, started.experiment) == (str(project / "tuned.ipynb"), "tuned")
        assert "lr 0.25 (was 0.5)" in card
        kernel.run("import trackside as ts\nwith ts.run('by hand'): pass")
        assert last_run(store).started.notebook == str(project / "tuned.ipynb")
    finally:
        kernel.close()


@pytest.fixture
def notebook(project: Path, store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the notebook of the shell that is started after it, whose experiment goes by its name."""
    assert store_folder.parent == project
    path = project / "train.ipynb"
    write_notebook(path)
    monkeypatch.delenv("TRACKSIDE_EXPERIMENT")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    return path


def begin_again(shell: InteractiveShell, store_folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the kernel again for another notebook, when the store has taken in all runs."""
    assert Store(store_folder).refresh(60.0)
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    restart(shell)


def test_a_cell_is_found_again_where_its_notebook_was_renamed_without_a_kernel(
    store_folder: Path,
    notebook: Path,
    shell: InteractiveShell,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_cell(shell, CELL.format(lr=0.5), cell_id="a")
    renamed = notebook.rename(notebook.with_name("tuned.ipynb"))
    begin_again(shell, store_folder, renamed, monkeypatch)
    assert "lr 0.25 (was 0.5)" in said(shell, capsys, CELL.format(lr=0.25), cell_id="a")
    assert "changed" not in said(shell, capsys, CELL.format(lr=0.25), cell_id="b")


def test_runs_of_a_notebook_s_former_names_count_among_its_own(
    store_folder: Path, notebook: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    import trackside as ts

    cell = nbformat.v4.new_code_cell(CELL.format(lr=0.5), id="a")
    notebook.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])))
    run_cell(shell, cell.source, cell_id="a")
    renamed = notebook.rename(notebook.with_name("tuned.ipynb"))
    begin_again(shell, store_folder, renamed, monkeypatch)
    assert repr(ts.runs()) == "<1 run of 'tuned', formerly 'train'>"
    ts.runs("last").make_baseline()
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook.with_name("other.ipynb")))
    assert repr(ts.runs()) == "<0 runs of 'other'>"
    begin_again(shell, store_folder, renamed, monkeypatch)
    run_cell(shell, CELL.format(lr=0.25), cell_id="a")
    assert repr(ts.runs()) == "<2 runs of 'tuned', formerly 'train'>"
    assert ts.runs().params == [{"lr": 0.25}, {"lr": 0.5}]
    assert ts.runs().baseline == ts.runs("baseline").ids[0] == ts.runs().ids[1]
    again = renamed.rename(renamed.with_name("last.ipynb"))
    begin_again(shell, store_folder, again, monkeypatch)
    assert repr(ts.runs()) == "<2 runs of 'last', formerly 'tuned', 'train'>"
    assert repr(ts.runs(experiment="tuned")) == "<1 run of 'tuned'>"


@pytest.fixture
def renamed(
    store_folder: Path, notebook: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> InteractiveShell:
    """Return the shell of a notebook with two runs, a baseline and an ignored name, renamed to ``tuned`` since."""
    cell = nbformat.v4.new_code_cell(CELL.format(lr=0.5), id="a")
    notebook.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])))
    for lr in (0.5, 0.25):
        run_cell(shell, CELL.format(lr=lr), cell_id="a")
    run_cell(shell, "%track ignore seed")
    run_cell(shell, "%track baseline last~1")
    begin_again(shell, store_folder, notebook.rename(notebook.with_name("tuned.ipynb")), monkeypatch)
    return shell


def test_runs_chosen_of_a_renamed_notebook_have_its_baseline(renamed: InteractiveShell) -> None:
    import trackside as ts

    run_cell(renamed, CELL.format(lr=0.125), cell_id="a")
    found = ts.runs()
    (baseline,) = ts.runs("baseline").ids
    assert baseline == found.ids[-1]
    chosen = [found.where("lr > 0"), found[:2], found.of_ids(found.ids), found.star(), ts.runs("last")]
    assert [runs.baseline for runs in chosen] == [baseline] * 5
    assert repr(found[:2]) == "<2 runs>"


def test_a_baseline_under_a_former_name_is_taken_back_before_the_first_run_under_the_new(
    renamed: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    import trackside as ts

    assert said(renamed, capsys, "%track baseline none").startswith("no baseline any more: it was ")
    assert ts.runs().baseline is None
    assert said(renamed, capsys, "%track baseline").startswith("there is no baseline")


def test_a_baseline_under_any_name_takes_the_place_of_the_one_before(
    renamed: InteractiveShell, store_folder: Path
) -> None:
    import trackside as ts

    run_cell(renamed, CELL.format(lr=0.125), cell_id="a")
    for handle in ("last", "last~1", "last~2", "last"):
        chosen = ts.runs(handle)
        chosen.make_baseline()
        assert ts.runs().baseline == chosen.ids[0]
        assert list_baselines(Store(store_folder)) == {chosen.ids[0]}


def test_views_saved_under_a_former_name_are_there_until_the_name_is_used_again(renamed: InteractiveShell) -> None:
    import trackside as ts

    def views(**question: Any) -> dict[str, Any]:
        answer = ts.runs().compare()._api.answer({"ask": "views", **question})
        assert isinstance(answer, SavedViews)
        return {view.name: view.state.panels for view in answer.views}

    views(name="small", state={"panels": ["table"]})
    views(name="old", state={"panels": ["table"]})
    run_cell(renamed, CELL.format(lr=0.125), cell_id="a")
    assert views() == {"old": ["table"], "small": ["table"]}
    assert ts.runs().compare(view="small").state["panels"] == ["table"]
    assert views(name="small", state={"panels": ["history"]}) == {"old": ["table"], "small": ["history"]}
    assert views(name="old") == {"small": ["history"]}


def test_names_ignored_under_a_former_name_are_ignored_until_taken_back(
    renamed: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import trackside as ts

    run_cell(renamed, CELL.format(lr=0.125) + "\nseed = 3", cell_id="a")
    assert ts.runs("last").params == [{"lr": 0.125}]
    assert said(renamed, capsys, "%track ignore") == "ignored: seed\n"
    run_cell(renamed, "%track ignore --undo seed")
    begin_again(renamed, store_folder, Path(os.environ["JPY_SESSION_NAME"]), monkeypatch)
    run_cell(renamed, CELL.format(lr=0.125), cell_id="a")
    assert said(renamed, capsys, "%track ignore") == "ignored: nothing\n"


def test_the_cells_of_a_copy_are_its_own(
    store_folder: Path,
    notebook: Path,
    shell: InteractiveShell,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_cell(shell, CELL.format(lr=0.5), cell_id="a")
    copy = notebook.with_name("copy.ipynb")
    copy.write_bytes(notebook.read_bytes())
    begin_again(shell, store_folder, copy, monkeypatch)
    assert "changed" not in said(shell, capsys, CELL.format(lr=0.25), cell_id="a")


def test_another_experiment_is_not_taken_for_the_notebooks_own(
    store_folder: Path,
    notebook: Path,
    shell: InteractiveShell,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_cell(shell, CELL.format(lr=0.5).replace("%%track", "%%track --experiment sweep"), cell_id="a")
    renamed = notebook.rename(notebook.with_name("tuned.ipynb"))
    begin_again(shell, store_folder, renamed, monkeypatch)
    assert "changed" not in said(shell, capsys, CELL.format(lr=0.25), cell_id="a")
