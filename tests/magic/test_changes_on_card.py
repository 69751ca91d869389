"""The card says first what changed since this cell's last run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.magic.shells import restart, run_cell, said
from trackside.store.store import Store
from trackside.stored_card import stored_bundle
from trackside.team import baselines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

CELL = "%%track\nimport trackside as ts\nlr = {lr}\nts.log(loss=lr * 2)"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a slow disk at a run's end: these tests are of what is told, not of when."""
    monkeypatch.setattr("trackside.tracking.recording.PATIENCE_SECONDS", 60.0)


@pytest.fixture
def notebook(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """Return a shell that knows its notebook, as a kernel of JupyterLab does."""
    monkeypatch.setenv("JPY_SESSION_NAME", "/project/train.ipynb")
    return shell


def test_nothing_is_compared_with_the_first_run(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert "changed" not in said(notebook, capsys, CELL.format(lr=0.5), cell_id="a")


def test_code_params_and_metrics_are_compared_with_the_run_before(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    lines = said(notebook, capsys, CELL.format(lr=0.25), cell_id="a").splitlines()
    assert lines[1:4] == ["changed: code +1 −1 lines · lr 0.25 (was 0.5)", "loss 0.5 (-0.5)", "lr 0.25"]


def test_a_repeat_says_that_nothing_changed(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    lines = said(notebook, capsys, CELL.format(lr=0.5), cell_id="a").splitlines()
    assert lines[1:3] == ["nothing changed since this cell's last run", "loss 1 (=)"]


def test_another_cell_is_not_compared(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    assert "changed" not in said(notebook, capsys, CELL.format(lr=0.25), cell_id="b")


def test_data_that_changed_its_shape_is_told(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell = "%%track\nloss = float(X.mean())"
    run_cell(notebook, "import numpy as np; X = np.ones((100, 4))")
    run_cell(notebook, cell, cell_id="a")
    run_cell(notebook, "X = np.ones((80, 4))")
    assert "changed: data X 80×4 (was 100×4)" in said(notebook, capsys, cell, cell_id="a")


def test_a_small_array_that_changed_in_place_is_told(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = "%%track\nloss = float(X.mean())"
    run_cell(notebook, "import numpy as np; X = np.arange(10)")
    run_cell(notebook, cell, cell_id="a")
    run_cell(notebook, "X = X * 3")
    assert "changed: data X other content, same shape" in said(notebook, capsys, cell, cell_id="a")


@pytest.mark.parametrize("restarts", [False, True], ids=["same session", "restarted"])
def test_a_function_of_another_cell_that_was_edited_is_told(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str], *, restarts: bool
) -> None:
    import trackside as ts

    cell = "%%track\nloss = helper(2.0)"
    run_cell(notebook, "def helper(x):\n    return x", cell_id="h")
    run_cell(notebook, cell, cell_id="a")
    if restarts:
        assert len(ts.runs(include_hidden=True)) == 1
        restart(notebook)
    run_cell(notebook, "def helper(x):\n    return 3 * x", cell_id="h")
    count = notebook.execution_count - 1
    assert f"changed: helper in cell [{count}]" in said(notebook, capsys, cell, cell_id="a")
    assert "nothing changed since" in said(notebook, capsys, cell, cell_id="a")


def test_a_module_that_was_edited_and_reloaded_is_told(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "my_helpers.py"
    file.write_text("WIDTH = 8\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "train.ipynb"))
    monkeypatch.syspath_prepend(str(tmp_path))
    cell = "%%track\nloss = my_helpers.WIDTH / 2"
    run_cell(notebook, "import my_helpers, importlib")
    run_cell(notebook, cell, cell_id="a")
    file.write_text("WIDTH = 160\n")
    run_cell(notebook, "importlib.invalidate_caches(); importlib.reload(my_helpers)")
    assert "changed: module my_helpers" in said(notebook, capsys, cell, cell_id="a")


def test_where_the_code_around_is_not_known_the_card_speaks_of_the_cell_alone(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKSIDE_CAPTURE", "minimal")
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    assert "nothing changed in this cell since its last run" in said(notebook, capsys, CELL.format(lr=0.5), cell_id="a")


def test_a_failed_run_is_not_what_the_next_is_compared_with(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    run_cell(notebook, CELL.format(lr=0.1) + "\n1 / 0", cell_id="a")
    assert "lr 0.25 (was 0.5)" in said(notebook, capsys, CELL.format(lr=0.25), cell_id="a")


def test_a_restarted_kernel_still_knows_the_cells_last_run(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    import trackside as ts

    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    run_cell(notebook, CELL.format(lr=0.5), cell_id="other")
    assert len(ts.runs(include_hidden=True)) == 2
    restart(notebook)
    lines = said(notebook, capsys, CELL.format(lr=0.25), cell_id="a").splitlines()
    assert lines[1:3] == ["changed: code +1 −1 lines · lr 0.25 (was 0.5)", "loss 0.5 (-0.5)"]


def test_earlier_runs_that_cannot_be_read_are_told_and_cost_nothing(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("odd bytes")

    run_cell(shell, "%%track --quiet\nlr = 0.5")
    monkeypatch.setattr("trackside.listings.list_decided", fail)
    restart(shell)
    assert "earlier runs were could not be read: ValueError: odd bytes" in said(shell, capsys, "%%track\nlr = 0.5")


def test_the_card_tells_how_metrics_stand_to_the_baseline(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "import trackside as ts")
    run_cell(shell, "%%track old\nts.log(loss=0.5)")
    run_cell(shell, "%track baseline last")
    capsys.readouterr()
    run_cell(shell, "%%track new\nts.log(loss=0.25, acc=1.0)")
    assert "loss 0.25 (-0.25 vs baseline) · acc 1" in capsys.readouterr().out
    run_cell(shell, "%track baseline none")
    capsys.readouterr()
    run_cell(shell, "%%track newest\nts.log(loss=0.125)")
    assert "loss 0.125 (" not in capsys.readouterr().out


SPLIT = """%%track {name}
X_train, X_val, y_train, y_val = train_test_split(X, y, {seed})
val_acc = LogisticRegression(max_iter=50).fit(X_train, y_train).score(X_val, y_val)
ts.log(val_acc=val_acc)"""


def test_the_card_says_that_a_run_is_not_comparable_with_the_baseline_in_place_of_the_difference(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], store_folder: Path
) -> None:
    run_cell(shell, "import numpy as np\nimport trackside as ts\nfrom sklearn.linear_model import LogisticRegression")
    run_cell(shell, "from sklearn.model_selection import train_test_split")
    run_cell(shell, "X = np.arange(80.0).reshape(40, 2)\ny = np.arange(40) % 2")
    run_cell(shell, SPLIT.format(name="old", seed="random_state=0"))
    run_cell(shell, "%track baseline last")
    capsys.readouterr()
    run_cell(shell, SPLIT.format(name="same", seed="random_state=0"))
    assert "= vs baseline)" in capsys.readouterr().out
    run_cell(shell, SPLIT.format(name="unseeded", seed="test_size=0.25"))
    shown = capsys.readouterr().out
    assert "vs baseline" not in shown
    assert "≠ not comparable with the baseline: not evaluated on the same data" in shown
    assert Store(store_folder).refresh(60)
    stored = stored_bundle(Store(store_folder), ts.runs("unseeded").ids[0])
    assert stored is not None
    assert "the split has no random_state" in stored["text/plain"]
    assert "vs baseline" not in stored["text/plain"]


def test_a_baseline_chosen_elsewhere_is_read_once_for_the_cells_after(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []
    monkeypatch.setattr("trackside.magic.memory._RENEW_SECONDS", 60.0)
    read_held = baselines.read_held

    def read(store: Store, project: str, experiments: Sequence[str]) -> dict[str, dict[str, float]]:
        reads.append(project)
        return read_held(store, project, experiments)

    monkeypatch.setattr(baselines, "read_held", read)

    def track(loss: float) -> int:
        run_cell(shell, f"%%track\nts.log(loss={loss})")
        for thread in threading.enumerate():
            if thread.name == "trackside-memory":
                thread.join()
        return len(reads)

    run_cell(shell, "import trackside as ts")
    assert track(0.5) == track(0.5) == 0
    ts.runs("last").make_baseline()
    assert track(0.5) == track(0.25) == 1
    assert "loss 0.25 (-0.25 vs baseline)" in capsys.readouterr().out


def test_a_card_drawn_from_the_store_tells_how_the_run_stands_to_the_baseline(store_folder: Path) -> None:
    ids = []
    for loss in (0.5, 0.25):
        with ts.run(f"loss {loss}") as run:
            run.log(loss=loss)
        ids.append(run.id)
    ts.runs(ids[0]).make_baseline()
    own, other = (stored_bundle(Store(store_folder), run_id) for run_id in ids)
    assert own is not None
    assert other is not None
    assert "baseline" not in own["text/plain"]
    assert "loss 0.25 (-0.25 vs baseline)" in other["text/plain"]
