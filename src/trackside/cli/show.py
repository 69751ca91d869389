"""``trackside show``: all that is known of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK
from trackside.cli.stores import HANDLE_HELP, add_run_options, find_one, open_store

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    show = commands.add_parser(
        "show", help="all that is known of a run", description="Tell all that is known of a run."
    )
    show.add_argument("run", metavar="RUN", help=HANDLE_HELP)
    add_run_options(show)
    show.set_defaults(carry_out=tell)


def tell(given: Namespace) -> int:
    """Tell what is known of a run."""
    from trackside.run_details import read_details
    from trackside.run_summary import summarize
    from trackside.team.registry.of_run import tell_versions
    from trackside.team.standing import tell_standing

    chosen, store = find_one(given, given.run), open_store(given)
    run_id = chosen.ids[0]
    standing, versions = tell_standing(store, run_id), tell_versions(store, run_id)
    print(summarize(read_details(store, run_id), chosen.goals, standing, versions))
    return OK
