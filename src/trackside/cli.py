"""The ``trackside`` command: what shells and CI need of a store."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.config import find_settings
from trackside.errors import StoreError, TracksideError
from trackside.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, PROBLEMS, CANNOT = 0, 1, 2
"""Exit codes: all is well; something is damaged; the command could not be carried out."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command and return its exit code.

    Parameters
    ----------
    arguments
        The words after ``trackside``; those of the command line if None.
    """
    parser = argparse.ArgumentParser(prog="trackside", description="An experiment tracker that lives in the notebook.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    doctor = commands.add_parser(
        "doctor",
        help="examine a store, and rebuild its index from the journals",
        description="Read every journal and the index. Exit code 0: all is well; 1: something is damaged.",
    )
    doctor.add_argument("--store", type=Path, help="the store's folder; by default the one found from here")
    doctor.add_argument("--rebuild", action="store_true", help="make the index anew from the journals first")
    doctor.set_defaults(carry_out=examine)
    given = parser.parse_args(arguments)
    try:
        code: int = given.carry_out(given)
    except TracksideError as error:
        print(f"trackside: {error}", file=sys.stderr)
        return CANNOT
    return code


def examine(given: argparse.Namespace) -> int:
    """Tell what is damaged in a store; with ``--rebuild``, make its index anew before."""
    store = Store(given.store or find_settings(Path.cwd()).store_folder)
    if not store.folder.is_dir():
        raise StoreError(
            f"There is no store at {store.folder}; expected a folder made by a tracked run; name it --store."
        )
    if given.rebuild:
        store.rebuild()
        print(f"rebuilt {store.database} from the journals")
    problems = store.problems()
    print("\n".join(map(str, problems)) if problems else f"{store.folder}: all is well")
    return PROBLEMS if problems else OK


if __name__ == "__main__":
    sys.exit(main())
