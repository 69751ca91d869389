"""The user's own modules that are kept of a tracked cell: as they were when they were imported."""

from __future__ import annotations

import importlib
import linecache
import os
import signal
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.magic.kernel import Kernel
from tests.magic.shells import run_cell, said
from tests.recorded import read_runs
from trackside.goals import Goals
from trackside.model import PartsKept
from trackside.records import Modules
from trackside.run_details import read_details
from trackside.run_summary import summarize
from trackside.store.blobs import read_blob
from trackside.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

USED_AS_IMPORTED = "edited since imported, used as imported: my_layers"
NOT_KEPT = "edited since imported, what ran is not kept: my_layers"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a slow disk at a run's end: these tests are of what is kept, not of when."""
    monkeypatch.setattr("trackside.tracking.recording.PATIENCE_SECONDS", 60.0)


@pytest.fixture
def module(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of the module ``my_layers``, which cells may import."""
    folder = store_folder.parent
    file = folder / "my_layers.py"
    file.write_text("WIDTH = 8\n")
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    yield file
    for name in ("my_layers", "my_lazy"):
        sys.modules.pop(name, None)


@pytest.fixture
def reloading_shell(shell: InteractiveShell) -> Iterator[InteractiveShell]:
    """Return a shell that reloads modules, with an autoreload that knows nothing of other tests."""
    run_cell(shell, "%reload_ext autoreload\n%autoreload 2")
    yield shell
    run_cell(shell, "%autoreload 0")


def modules_of(store: Path, run: int = -1) -> dict[str, tuple[str, bool]]:
    """Return the modules of a run by name: their sources, and whether those are of files since edited."""
    events = [event for event in read_runs(store)[run].events if isinstance(event, PartsKept)]
    digest = [event.parts["modules"] for event in events if "modules" in event.parts][-1]
    record = msgspec.json.decode(read_blob(store, digest), type=Modules)
    return {m.name: (read_blob(store, m.sha256).decode(), m.is_edited) for m in record.modules}


@pytest.mark.usefixtures("module")
def test_local_modules_are_kept_and_installed_ones_are_not(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "import my_layers, numpy")
    run_cell(shell, "%%track\nwidth = my_layers.WIDTH")
    assert modules_of(store_folder) == {"my_layers": ("WIDTH = 8\n", False)}


def test_a_module_that_is_reached_through_a_link_is_kept(
    shell: InteractiveShell,
    store_folder: Path,
    module: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link = tmp_path_factory.mktemp("elsewhere") / "project"
    link.symlink_to(module.parent)
    monkeypatch.syspath_prepend(str(link))
    run_cell(shell, "import my_layers")
    assert sys.modules["my_layers"].__file__ == str(link / "my_layers.py")
    run_cell(shell, "%%track\nwidth = my_layers.WIDTH")
    assert modules_of(store_folder) == {"my_layers": ("WIDTH = 8\n", False)}


def test_what_the_cell_imports_itself_is_kept_also_where_a_function_does(
    shell: InteractiveShell, store_folder: Path, module: Path
) -> None:
    (module.parent / "my_lazy.py").write_text("DEPTH = 2\n")
    run_cell(shell, "def build():\n    import my_lazy\n    return my_lazy.DEPTH")
    run_cell(shell, "%%track\nimport my_layers\nbuild()\n1 / 0")
    assert modules_of(store_folder) == {"my_layers": ("WIDTH = 8\n", False), "my_lazy": ("DEPTH = 2\n", False)}


def test_a_module_that_is_edited_later_is_kept_as_imported(
    shell: InteractiveShell, store_folder: Path, module: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "edited since" not in said(shell, capsys, "%%track\nimport my_layers")
    module.write_text("WIDTH = 160\n")
    assert USED_AS_IMPORTED in said(shell, capsys, "%%track\nmy_layers.WIDTH")
    assert modules_of(store_folder) == {"my_layers": ("WIDTH = 8\n", False)}
    module.unlink()
    run_cell(shell, "%%track\nmy_layers.WIDTH")
    assert modules_of(store_folder) == {"my_layers": ("WIDTH = 8\n", False)}


def test_a_module_that_is_only_saved_again_is_not_edited(
    shell: InteractiveShell, module: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "%%track\nimport my_layers")
    module.write_text("WIDTH = 8\n")
    os.utime(module, (1, 1))
    assert "edited since" not in said(shell, capsys, "%%track\nmy_layers.WIDTH")


def test_a_module_that_was_edited_before_anybody_looked_says_so(
    shell: InteractiveShell, store_folder: Path, module: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "import my_layers")
    module.write_text("WIDTH = 160\n")
    assert NOT_KEPT in said(shell, capsys, "%%track\nmy_layers.WIDTH")
    assert modules_of(store_folder) == {"my_layers": ("WIDTH = 160\n", True)}
    store = Store(store_folder)
    assert store.refresh(60.0)
    with store.read() as connection:
        ((run_id,),) = connection.execute("SELECT CAST(run_id AS VARCHAR) FROM runs").fetchall()
    assert "my_layers (edited since imported)" in summarize(read_details(store, run_id), Goals())


def test_what_a_traceback_has_read_of_a_module_is_what_was_imported(
    shell: InteractiveShell, store_folder: Path, module: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "import my_layers")
    linecache.getlines(str(module))
    module.write_text("WIDTH = 160\n")
    assert USED_AS_IMPORTED in said(shell, capsys, "%%track\nmy_layers.WIDTH")
    assert modules_of(store_folder) == {"my_layers": ("WIDTH = 8\n", False)}


def test_a_reloaded_module_is_kept_as_reloaded(
    shell: InteractiveShell, store_folder: Path, module: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "%%track\nimport my_layers")
    module.write_text("WIDTH = 160\n")
    importlib.invalidate_caches()
    card = said(shell, capsys, "%%track\nimport importlib; importlib.reload(my_layers)")
    assert modules_of(store_folder) == {"my_layers": ("WIDTH = 160\n", False)}
    assert "edited since" not in said(shell, capsys, "%%track\nmy_layers.WIDTH"), card


def test_a_kernel_that_is_killed_leaves_the_modules_that_were_imported_before(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, dict(os.environ))
    try:
        (tmp_path / "my_early.py").write_text("A = 1\n")
        (tmp_path / "my_late.py").write_text("B = 1\n")
        kernel.run("import trackside, my_early, time")
        kernel.run(f"from pathlib import Path\nstore = Path({str(kernel.store)!r})")
        kept = "any(b'\"modules\"' in file.read_bytes() for file in store.rglob('*.ndjson'))"
        wait = f"while not {kept}:\n    time.sleep(0.01)"
        kernel.begin(f"%%track\n{wait}\nimport my_late\nprint('up')\ntime.sleep(600)")
        while True:
            heard = kernel.client.get_iopub_msg(timeout=60)
            if heard["msg_type"] == "stream" and "up" in heard["content"]["text"]:
                break
        kernel.send_signal(signal.SIGKILL)
        assert list(modules_of(kernel.store)) == ["my_early"]
    finally:
        kernel.close()


@pytest.mark.parametrize("first", ["%%track\nmy_layers", "my_layers"], ids=["seen before", "never seen"])
@pytest.mark.parametrize(
    "versions",
    [
        ("WIDTH = 8\n", "WIDTH = 160\n"),
        ("def f():\n    return 2\n", "# longer\ndef f():\n    return 3\n"),
        ("def f(n=2):\n    return n\n", "def f(n=3):\n    return n\n"),
        ("def f():\n    return 2\nN = 1\n", "N = 1\n"),
        (
            'class A:\n    def f(self):\n        """Text\n        on."""\n        return 2\n',
            'class A:\n    def f(self):\n        """Text\n        on."""\n        return 30\n',
        ),
    ],
    ids=["constant", "function", "default", "removed", "method"],
)
def test_a_module_that_autoreload_patches_in_place_is_kept_as_patched(
    reloading_shell: InteractiveShell,
    module: Path,
    capsys: pytest.CaptureFixture[str],
    versions: tuple[str, str],
    first: str,
) -> None:
    before, after = versions
    module.write_text(before)
    run_cell(reloading_shell, "import my_layers")
    spec = sys.modules["my_layers"].__spec__
    run_cell(reloading_shell, first)
    module.write_text(after)
    os.utime(module, (2e9, 2e9))
    assert "edited since" not in said(reloading_shell, capsys, "%%track\nmy_layers")
    assert modules_of(module.parent / ".trackside") == {"my_layers": (after, False)}
    assert sys.modules["my_layers"].__spec__ is spec, "autoreload has imported it anew: this shows nothing"


def test_a_change_that_cannot_be_seen_in_a_module_is_not_taken_to_be_what_ran(
    shell: InteractiveShell, module: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module.write_text("N = 1\nprint(2)\n")
    run_cell(shell, "import my_layers")
    module.write_text("N = 1\nprint(30)\n")
    assert NOT_KEPT in said(shell, capsys, "%%track\nmy_layers.N")
