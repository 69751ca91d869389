from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from IPython.core.interactiveshell import InteractiveShell

from tests.magic.kernel import Kernel
from tests.magic.shells import run_cell
from trackside.magic import load_ipython_extension, unload_ipython_extension

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Return a kernel of this module's own, with Trackside loaded."""
    kernel = Kernel(tmp_path_factory.mktemp("kernel"), dict(os.environ))
    assert kernel.run("%load_ext trackside").status == "ok"
    yield kernel
    kernel.close()


@pytest.fixture
def shell(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """Return an IPython shell in this process, with Trackside loaded; its runs go to ``store_folder``."""
    monkeypatch.chdir(store_folder.parent)  # the tests are no modules of the user's
    monkeypatch.setenv("IPYTHONDIR", str(store_folder.parent / "ipython"))
    monkeypatch.setattr("sys.ps1", "", raising=False)  # IPython sets it, and would leave it to other tests
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # and it puts a module of its own there
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    load_ipython_extension(shell)
    yield shell
    unload_ipython_extension(shell)
    shell.reset()  # type: ignore[no-untyped-call]  # IPython's
    InteractiveShell.clear_instance()


@pytest.fixture
def three(shell: InteractiveShell) -> InteractiveShell:
    """Return a shell in which three cells were tracked."""
    for lr in (1.0, 2.0, 3.0):
        run_cell(shell, f"%%track lr{lr:g}\nimport trackside as ts\nlr = {lr}\nts.log(val_loss=lr)")
    return shell
