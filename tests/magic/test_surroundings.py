"""The code, notebook and names that are kept of a tracked cell, in real shells and kernels."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING, Any

import msgspec
import nbformat
import pytest

from tests.magic.kernel import Kernel
from tests.magic.shells import run_cell
from tests.recorded import last_run, read_runs
from trackside.capture.code.repository import capture_diff
from trackside.model import PartsKept
from trackside.records import PARTS, Code, Notebook, Record
from trackside.records import Kernel as KernelRecord
from trackside.store.blobs import read_blob

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

    from tests.recorded import Recorded
    from trackside.records import PartName


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a slow disk at a run's end: these tests are of what is kept, not of when."""
    monkeypatch.setattr("trackside.tracking.recording.PATIENCE_SECONDS", 60.0)


def part(store: Path, name: PartName, run: Recorded | None = None) -> Any:
    """Return a run's record of one of its parts."""
    digests: list[str] = []
    deadline = time.monotonic() + 60  # a kernel's run does not wait for its records
    while not digests and time.monotonic() < deadline:
        events = (run or last_run(store)).events
        digests = [event.parts[name] for event in events if isinstance(event, PartsKept) and name in event.parts]
    (digest,) = digests
    record: Record = msgspec.json.decode(read_blob(store, digest), type=PARTS[name])
    return record


def sources(store: Path, run: Recorded | None = None) -> list[str]:
    """Return the sources of a run's slice."""
    record: Code = part(store, "code", run)
    return [read_blob(store, cell.sha256).decode() for cell in record.cells]


def cells_of(store: Path) -> list[tuple[str, str]]:
    """Return the kinds and sources of the kept notebook's cells."""
    notebook: Notebook = part(store, "notebook")
    return [(cell.kind, read_blob(store, cell.sha256).decode()) for cell in notebook.cells]


def write_notebook(path: Path, cells: dict[str, str]) -> None:
    """Write a notebook of code cells, by their ids."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id=cell_id) for cell_id, source in cells.items()]
    )
    path.write_text(nbformat.writes(notebook))


def test_the_slice_of_a_tracked_cell_has_what_it_needs_in_order(shell: InteractiveShell, store_folder: Path) -> None:
    for source in (
        "lr = 0.1",
        "depth = 5",
        "xs = [lr]",
        "xs.append(2)",
        "def f(x):\n    return x * lr",
        "other = 3",
    ):
        run_cell(shell, source)
    run_cell(shell, "%%track\ntotal = f(sum(xs))")
    assert sources(store_folder) == [
        "lr = 0.1",
        "xs = [lr]",
        "xs.append(2)",
        "def f(x):\n    return x * lr",
        "%%track\ntotal = f(sum(xs))",
    ]
    code: Code = part(store_folder, "code")
    assert [cell.execution_count for cell in code.cells] == [1, 3, 4, 5, 7]
    assert [cell.names for cell in code.cells] == [["lr"], ["xs"], ["xs"], ["f"], []]


def test_what_runs_within_other_magics_counts(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "%%time\na = 1")
    run_cell(shell, "%%capture out\nb = a + 1")
    run_cell(shell, "%%track\nc = b")
    assert sources(store_folder) == ["%%time\na = 1", "%%capture out\nb = a + 1", "%%track\nc = b"]


def test_cells_that_ran_before_trackside_was_loaded_count(kernel: Kernel) -> None:
    kernel.run("%reset -f\n%unload_ext trackside")
    kernel.run("early = 1")
    kernel.run("%load_ext trackside\nmeanwhile = early")
    kernel.run("%%track\nearly + meanwhile")
    assert sources(kernel.store)[-3:] == [
        "early = 1",
        "%load_ext trackside\nmeanwhile = early",
        "%%track\nearly + meanwhile",
    ]


def test_secrets_are_in_no_blob(
    shell: InteractiveShell, store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # this file is no module of the user's
    run_cell(shell, 'password = "pa55word"')
    run_cell(shell, "%%track\nlen(password)")
    assert sources(store_folder)[0] == 'password = "<redacted>"'
    kept = b"".join(path.read_bytes() for path in store_folder.rglob("*") if path.is_file())
    assert b"pa55word" not in kept


def test_names_of_the_kernel_are_kept_without_values(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "import numpy as np\nfrom math import pi\ndef f(): ...\n_hidden = 1\nX = np.zeros((3, 2))")
    run_cell(shell, "class Odd:\n    @property\n    def shape(self):\n        raise RuntimeError\nodd = Odd()")
    run_cell(shell, "%%track\nxs = ['secret text']")
    names: KernelRecord = part(store_folder, "kernel")
    found = {name.name: (name.kind, name.shape) for name in names.names}
    assert found == {
        "X": ("numpy.ndarray", "3×2"),
        "pi": ("float", None),
        "odd": ("Odd", None),
        "xs": ("list", "1"),
    }


@pytest.fixture
def notebook(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the notebook of this session is."""
    path = store_folder.parent / "train.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    return path


def test_secrets_in_texts_between_the_cells_are_left_out(
    shell: InteractiveShell, store_folder: Path, notebook: Path
) -> None:
    texts = ["api_token: abc123def", 'db_password: "hunter2"']
    cells = [nbformat.v4.new_markdown_cell(texts[0]), nbformat.v4.new_raw_cell(texts[1])]
    notebook.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    run_cell(shell, "%%track\na = 1")
    kept = [("markdown", "api_token: <redacted>"), ("raw", 'db_password: "<redacted>"')]
    assert [cell for cell in cells_of(store_folder) if cell[0] != "code"] == kept


def test_cells_since_edited_and_deleted_are_told(
    shell: InteractiveShell, store_folder: Path, notebook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for cell_id, source in {"one": "a = 1", "two": "b = 2", "three": "c = 3"}.items():
        run_cell(shell, source, cell_id=cell_id)
    write_notebook(notebook, {"one": "a = 1", "two": "b = 22", "four": "%%track\na + b + c"})
    run_cell(shell, "%%track\na + b + c", cell_id="four")
    code: Code = part(store_folder, "code")
    assert [cell.state for cell in code.cells] == ["current", "edited", "deleted", "current"]
    card = capsys.readouterr().out
    assert "uses names of a cell that was since edited: In[2]" in card
    assert "uses names of a cell that was since deleted: In[3]" in card


def test_the_saved_notebook_has_what_was_executed_since(
    shell: InteractiveShell, store_folder: Path, notebook: Path
) -> None:
    write_notebook(notebook, {"one": "a = 1", "two": "b = 2"})
    os.utime(notebook, (1, 1))
    run_cell(shell, "a = 7", cell_id="one")
    run_cell(shell, "%%track\nz = a", cell_id="new")
    record: Notebook = part(store_folder, "notebook")
    assert (record.came_from, record.is_unsaved, record.path) == ("file", True, str(notebook))
    assert cells_of(store_folder) == [("code", "a = 7"), ("code", "b = 2"), ("code", "%%track\nz = a")]


@pytest.mark.parametrize("content", [None, "no notebook", "[1, 2]"])
def test_a_notebook_that_cannot_be_read_leaves_the_cells_that_ran(
    shell: InteractiveShell, store_folder: Path, notebook: Path, content: str | None
) -> None:
    if content is not None:
        notebook.write_text(content)
    for source in ("a = 1", "a = 1", "b = 2"):
        run_cell(shell, source)
    run_cell(shell, "%%track\nz = a")
    record: Notebook = part(store_folder, "notebook")
    assert record.came_from == "history"
    assert [source for _, source in cells_of(store_folder)] == ["a = 1", "b = 2", "%%track\nz = a"]


def test_the_repository_and_what_is_not_committed_are_kept(
    shell: InteractiveShell, store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = store_folder.parent / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for command in (
        ("init", "-q", "-b", "trial"),
        ("remote", "add", "origin", "https://ada:t0ken@example.org/lab/digits.git"),
    ):
        subprocess.run(("git", *command), check=True)
    (folder / "train.py").write_text("lr = 0.1\n")
    (folder / "a.ipynb").write_text("{}")
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(("git", "add", "."), check=True)
    subprocess.run(("git", *author, "commit", "-qm", "first"), check=True)
    (folder / "train.py").write_text("lr = 0.2\napi_key = 's3cret'\n")
    (folder / "a.ipynb").write_text('{"outputs": "many"}')
    run_cell(shell, "%%track\nz = 1")
    code: Code = part(store_folder, "code")
    assert (code.branch, code.remote) == ("trial", "https://example.org/lab/digits.git")
    assert code.commit is not None
    assert code.diff is not None
    diff = read_blob(store_folder, code.diff).decode()
    assert "+lr = 0.2" in diff
    assert "s3cret" not in diff
    assert "many" not in diff
    assert any("a.ipynb" in note for note in code.notes)


def test_two_hundred_runs_of_a_notebook_keep_each_cell_once(shell: InteractiveShell, store_folder: Path) -> None:
    for at in range(30):
        run_cell(shell, f"name_{at} = {at}")
    for at in range(200):
        run_cell(shell, f"%%track --quiet\nz = name_{at % 30}", cell_id="tracked")
    runs = read_runs(store_folder)
    assert len(runs) == 200
    assert len({digest for run in runs for digest in [part(store_folder, "code", run).cells[0].sha256]}) == 30
    blobs = [path for path in (store_folder / "blobs").rglob("*") if path.is_file()]
    cells = [path for path in blobs if path.read_bytes().startswith((b"name_", b"%%track"))]
    assert len(cells) == 60


def test_nothing_is_kept_of_a_dry_run(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "%%track --dry\nz = 1")
    assert not list(store_folder.rglob("blobs/*/*"))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Return a kernel that nobody looks at."""
    kernel = Kernel(tmp_path_factory.mktemp("surroundings"), dict(os.environ))
    kernel.run("%load_ext trackside")
    yield kernel
    kernel.close()


def test_a_diff_that_is_cut_ends_with_a_line(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = store_folder.parent
    monkeypatch.chdir(folder)
    author = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    (folder / "conf.py").write_text("a = 1\n")
    for command in (("init", "-q"), ("add", "conf.py"), (*author, "commit", "-qm", "first")):
        subprocess.run(("git", *command), check=True)
    (folder / "conf.py").write_text(f'password = "{"hunter2é" * 1000}"\n' * 100)
    diff = capture_diff(folder, timeout=60)
    assert diff is not None
    assert diff.is_cut
    assert diff.text.endswith('+password = "<redacted>"\n')
    assert "hunter2" not in diff.text
