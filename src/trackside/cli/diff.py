"""``trackside diff``: in what two runs differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK
from trackside.cli.stores import HANDLE_HELP, add_run_options, find_one

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    diff = commands.add_parser(
        "diff",
        help="in what two runs differ",
        description="Tell in what a run B differs from a run A: what changed first, what is the same counted.",
    )
    diff.add_argument("a", metavar="A", nargs="?", help=f"{HANDLE_HELP}; the cell's run before B by default")
    diff.add_argument("b", metavar="B", nargs="?", help="likewise; the last one by default")
    add_run_options(diff)
    diff.set_defaults(carry_out=tell)


def tell(given: Namespace) -> int:
    """Tell in what two runs differ; one alone is held against its cell's run before it, or the baseline."""
    if given.b is not None:
        print(find_one(given, given.b).diff(find_one(given, given.a)))
    else:
        print(find_one(given, given.a or "last").diff())
    return OK
