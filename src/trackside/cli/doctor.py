"""``trackside doctor``: what is damaged in a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK, PROBLEMS
from trackside.cli.stores import add_store_option, open_store

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    doctor = commands.add_parser(
        "doctor",
        help="examine a store, and rebuild its index from the journals",
        description="Read every journal and the index. Exit code 0: all is well; 1: something is damaged.",
    )
    add_store_option(doctor)
    doctor.add_argument("--rebuild", action="store_true", help="make the index anew from the journals first")
    doctor.set_defaults(carry_out=examine)


def examine(given: Namespace) -> int:
    """Tell what is damaged in a store; with ``--rebuild``, make its index anew before."""
    store = open_store(given)
    if given.rebuild:
        store.rebuild()
        print(f"rebuilt {store.database} from the journals")
    problems = store.problems()
    print("\n".join(map(str, problems)) if problems else f"{store.folder}: all is well")
    return PROBLEMS if problems else OK
