"""``trackside demo``: thirty real runs to look at, and a notebook that compares them."""

from __future__ import annotations

import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK
from trackside.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

_FEWEST = 6
"""Runs that the notebook needs: those that it shows apart are among the first."""

_WIDTH = 60


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    demo = commands.add_parser(
        "demo",
        help="train thirty small models and open the notebook that compares them",
        description="Train small models, for real, in a folder of their own and open the notebook that compares them.",
    )
    demo.add_argument(
        "folder", nargs="?", type=Path, default=Path("trackside-demo"), help="where; ./trackside-demo by default"
    )
    demo.add_argument("--runs", type=int, default=30, help="how many models; 30 by default")
    demo.add_argument("--no-open", action="store_true", help="say where the notebook is and do not open it")
    demo.set_defaults(carry_out=show)


def show(given: Namespace) -> int:
    """Make the demo's folder, train its models where that was not done yet, and open its notebook."""
    from trackside.demo.folder import NOTEBOOK, has_runs, make_folder

    folder = given.folder.expanduser().absolute()
    _check_count(given.runs)
    make_folder(folder)
    if has_runs(folder):
        print(f"the runs in {folder} are an earlier demo's; delete it for new ones")
    else:
        _train(folder, given.runs)
    notebook = folder / NOTEBOOK
    print(notebook)
    if not given.no_open:
        _open(notebook)
    return OK


def _check_count(count: int) -> None:
    from trackside.demo import TRIALS

    if not _FEWEST <= count <= len(TRIALS):
        raise InputError(f"--runs is {count}; expected a number from {_FEWEST} to {len(TRIALS)}")


def _train(folder: Path, count: int) -> None:
    from trackside.demo.folder import run_script

    began = time.monotonic()
    for number, name in enumerate(run_script(folder, count), start=1):
        _show_progress(f"run {number} of {count}: {name}")
    _show_progress("")
    print(f"{count} runs trained in {time.monotonic() - began:.1f} s and kept in {folder}")


def _show_progress(line: str) -> None:
    """Put a line in place of the one before, where somebody looks on."""
    if sys.stdout.isatty():
        print(f"\r{line:<{_WIDTH}}\r", end="", flush=True)


def _open(notebook: Path) -> None:
    """Become JupyterLab, or say how to get it."""
    from trackside.demo.folder import plain_environment

    if find_spec("jupyterlab") is None:
        print(f"JupyterLab is not installed: pip install jupyterlab, then jupyter lab {notebook}")
        return
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "jupyterlab", str(notebook)], plain_environment())  # noqa: S606 - no shell
