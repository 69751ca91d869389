"""The ``trackside`` command: what shells and CI need of a store. One module for each command."""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from contextlib import ExitStack
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from trackside.cli import check, demo, diff, doctor, export, gc, models, policy, reproduce, restore, review, show
from trackside.cli.exit_codes import CANNOT, OK, PROBLEMS, STOPPED
from trackside.errors import InputError, TracksideError, suggest
from trackside.whereabouts import at_shell

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CANNOT", "OK", "PROBLEMS", "STOPPED", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command and return its exit code.

    Parameters
    ----------
    arguments
        The words after ``trackside``; those of the command line if None.
    """
    try:
        with warnings.catch_warnings(), at_shell(), ExitStack() as until_end:
            warnings.showwarning = _tell
            given = _read(sys.argv[1:] if arguments is None else arguments)
            given.until_end = until_end
            code: int = given.carry_out(given)
        sys.stdout.flush()
    except TracksideError as error:
        print(f"trackside: {error}", file=sys.stderr)
        return CANNOT
    except BrokenPipeError:  # who reads, such as ``head``, has all that they want
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nor is it flushed there at the end
        return OK
    except KeyboardInterrupt:
        print("trackside: stopped", file=sys.stderr)
        return STOPPED
    return code


def _tell(message: Warning | str, *_: Any, **__: Any) -> None:
    """Show a warning as errors are: whoever is at a shell has no line of code for it to point to."""
    print(f"trackside: {message}", file=sys.stderr)


def _read(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="trackside", description="An experiment tracker that lives in the notebook.")
    parser.add_argument("--version", action="version", version=f"trackside {version('trackside')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (demo, show, diff, check, policy, review, export, restore, models, reproduce, doctor, gc):
        command.add_to(commands)
    first = next(iter(words), "-")
    if first.startswith("-"):
        return parser.parse_args(words)
    if first not in commands.choices:
        known = list(commands.choices)
        raise InputError(f"no command {first!r}; expected {', '.join(known)}.{suggest(first, known)}")
    given, unread = commands.choices[first].parse_known_intermixed_args(words[1:])  # options stand in any place
    if unread:
        options = re.findall(r"--[\w-]+", commands.choices[first].format_help())
        known = [option for option in dict.fromkeys(options) if option != "--help"]
        raise InputError(f"no option {unread[0]!r} of {first}; expected {', '.join(known)}.{suggest(unread[0], known)}")
    return given
