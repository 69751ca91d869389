"""Runs cells in a shell of the test's own process, and reads what they showed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.magic import load_ipython_extension, unload_ipython_extension

if TYPE_CHECKING:
    import pytest
    from IPython.core.interactiveshell import InteractiveShell


def run_cell(shell: InteractiveShell, code: str, *, cell_id: str | None = None) -> Any:
    result: Any = shell.run_cell(code, store_history=True, cell_id=cell_id)  # type: ignore[no-untyped-call]  # IPython's
    return result


def said(shell: InteractiveShell, capsys: pytest.CaptureFixture[str], code: str, *, cell_id: str | None = None) -> str:
    """Return what a cell printed and what its card says."""
    capsys.readouterr()
    run_cell(shell, code, cell_id=cell_id)
    return capsys.readouterr().out


def restart(shell: InteractiveShell) -> None:
    """Forget what the session remembers, as a kernel that is started again does."""
    unload_ipython_extension(shell)
    load_ipython_extension(shell)
