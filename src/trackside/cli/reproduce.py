"""``trackside reproduce``: whether a run comes out the same again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import DIFFERS, OK
from trackside.cli.stores import HANDLE_HELP, add_run_options, find_one

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    reproduce = commands.add_parser(
        "reproduce",
        help="run a run's cells in a fresh kernel and keep whether the same comes out",
        description="Run a run's cells in a fresh kernel, in its notebook's folder, and compare metrics and data. "
        "Exit code 0: the same came out; 1: something differs; 2: it could not be run.",
    )
    reproduce.add_argument("run", metavar="RUN", help=HANDLE_HELP)
    reproduce.add_argument(
        "--tolerance", type=float, default=1e-6, help="how far a metric may be off, as a share; 1e-6 by default"
    )
    reproduce.add_argument(
        "--timeout", type=float, metavar="S", help="seconds it may take; as long as it needs by default"
    )
    add_run_options(reproduce)
    reproduce.set_defaults(carry_out=run_again)


def run_again(given: Namespace) -> int:
    """Run a run again and tell what came out; how far it is goes to the standard error."""
    chosen = find_one(given, given.run)
    outcome = chosen.reproduce(tolerance=given.tolerance, timeout=given.timeout, say=_say)
    print(repr(outcome))
    return OK if outcome.verdict == "reproduced" else DIFFERS


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
