"""``trackside restore``: a run's cells as a notebook again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK
from trackside.cli.stores import HANDLE_HELP, add_run_options, find_one

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    restore = commands.add_parser(
        "restore",
        help="write a run's cells as a notebook, with its modules and requirements",
        description="Write what a run was into a folder. Nothing is executed, and nothing overwritten.",
    )
    restore.add_argument("run", metavar="RUN", help=HANDLE_HELP)
    restore.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="where to; restored-<id> by default")
    restore.add_argument("--notebook", action="store_true", help="the whole notebook as it stood, not only its cells")
    add_run_options(restore)
    restore.set_defaults(carry_out=write)


def write(given: Namespace) -> int:
    """Write a run's files and say where they are."""
    print(repr(find_one(given, given.run).restore(given.folder, whole=given.notebook)))
    return OK
