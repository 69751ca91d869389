"""``trackside export``: runs as a record that can be committed, for where there is no store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK
from trackside.cli.stores import HANDLE_HELP, add_run_options, find_all, open_store
from trackside.errors import InputError
from trackside.quantities import spell_count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

_MOST_RUNS = 1000


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    export = commands.add_parser(
        "export",
        help="what is known of runs as a file that can be committed",
        description="Write what policy and checks need of runs, without artifacts: a line of JSON for each run, the "
        "same for the same runs. Where there is no store, `trackside policy check` and `trackside check` read it.",
    )
    export.add_argument("runs", metavar="RUN", nargs="*", help=f"{HANDLE_HELP}, or a condition; by default all")
    export.add_argument("--record", dest="written", metavar="FILE", type=Path, required=True, help="where to write it")
    export.add_argument(
        "--limit", metavar="N", type=int, default=_MOST_RUNS, help=f"the newest so many; {_MOST_RUNS:,} by default"
    )
    add_run_options(export)
    export.set_defaults(carry_out=write)


def write(given: Namespace) -> int:
    """Write the record, and say how many runs are in it."""
    from trackside.lookup import EVERYTHING, runs
    from trackside.team.policy.exporting import export_runs

    if given.limit < 1:
        raise InputError(f"--limit is {given.limit}; expected how many of the newest runs, 1 or more")
    store = open_store(given)
    found = (
        find_all(given, given.runs)
        if given.runs
        else runs(experiment=given.experiment or EVERYTHING, store=store.folder)
    )
    content = export_runs(store, found.ids[: given.limit], given.written.parent)
    try:
        given.written.write_bytes(content)
    except OSError as error:
        raise InputError(f"{given.written} cannot be written ({error.strerror}); name another file") from error
    left = len(found.ids) - given.limit
    more = f"; {spell_count(left, 'older run')} left out (--limit)" if left > 0 else ""
    count, chosen = content.count(b"\n"), min(len(found.ids), given.limit)
    beside = f", {count - chosen:,} of them counted with others" if count > chosen else ""
    print(f"{spell_count(count, 'run')} in {given.written}{beside}{more}")
    return OK
