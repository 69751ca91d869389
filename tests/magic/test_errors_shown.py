"""An error of Trackside's shows the lines of the user's own code that led to it, and what to do: nothing of its own."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from trackside.errors import InputError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    Capture = pytest.CaptureFixture[str]

CELL = "import trackside as ts\ndef find():\n    return ts.runs('lr <')\nfind()"


def shown(shell: InteractiveShell, capsys: Capture, cell: str) -> str:
    """Return what a cell that fails shows."""
    run: Any = shell.run_cell
    run("%colors nocolor")
    capsys.readouterr()
    run(cell)
    told = capsys.readouterr()
    return told.out + told.err


@pytest.mark.parametrize("head", ["", "%%track\n"])
def test_the_users_lines_are_shown_and_none_of_trackside(shell: InteractiveShell, capsys: Capture, head: str) -> None:
    text = shown(shell, capsys, head + CELL)
    assert "find()" in text
    assert "return ts.runs('lr <')" in text
    assert "InputError: The filter 'lr <' is no condition" in text
    assert "lookup.py" not in text
    assert "direct cause" not in text


def test_an_error_that_the_user_was_handling_is_shown_too(shell: InteractiveShell, capsys: Capture) -> None:
    text = shown(
        shell, capsys, "import trackside as ts\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    ts.runs(limit=-1)"
    )
    assert "ZeroDivisionError: division by zero" in text
    assert "ts.runs(limit=-1)" in text
    assert "lookup.py" not in text


def test_all_of_it_is_shown_where_that_is_asked_for(shell: InteractiveShell, capsys: Capture) -> None:
    mode = shell.InteractiveTB.mode
    try:
        assert "lookup.py" in shown(shell, capsys, f"%xmode Verbose\n{CELL}")
    finally:
        shell.InteractiveTB.set_mode(mode)


def test_outside_of_ipython_a_traceback_is_whole() -> None:
    with pytest.raises(InputError) as caught:
        ts.runs(limit=-1)
    assert "lookup.py" in "".join(traceback.format_exception(caught.value))
