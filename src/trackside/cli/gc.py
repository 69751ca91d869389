"""``trackside gc``: gives back what a store takes of the disk and nobody refers to."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK, PROBLEMS
from trackside.cli.stores import add_store_option, open_store
from trackside.model import is_run_id
from trackside.quantities import spell_bytes, spell_count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from trackside.journal import Damage

_REFRESH_SECONDS = 60.0
_SHOWN_RUNS = 8


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    gc = commands.add_parser(
        "gc",
        help="free what a store takes of the disk for nothing",
        description="Remove what is left of purged runs and blobs that no run refers to, and make the index compact.",
    )
    add_store_option(gc)
    gc.add_argument("--dropped", action="store_true", help="delete dropped runs first, with all they have")
    gc.set_defaults(carry_out=free)


def free(given: Namespace) -> int:
    """Take away what is not wanted and say what that freed."""
    from trackside.lookup import EVERYTHING, runs

    store = open_store(given)
    store.bring_up_to_date(_REFRESH_SECONDS, "what nobody wants any more")
    left = store.remove_purged()
    if problems := store.problems():
        print("\n".join(map(str, problems)))
        print(f"removed {spell_count(left.files, 'file')} of purged runs; {spell_bytes(left.bytes)} are free again")
        print("nothing else was removed: what is wanted cannot be told while files are damaged; " + _advise(problems))
        return PROBLEMS
    if given.dropped:
        dropped = runs(experiment=EVERYTHING, store=store.folder, include_hidden=True).dropped
        freed = dropped.purge() if len(dropped) else 0
        print(f"deleted {spell_count(len(dropped), 'dropped run')}: {spell_bytes(freed)}")
    found = store.collect_garbage()
    files, size = left.files + found.files, left.bytes + found.bytes
    print(f"removed {spell_count(files, 'file')}; {spell_bytes(size)} are free again")
    return OK


def _advise(problems: list[Damage]) -> str:
    """Say what makes a store whole again, and which runs can be given up for it."""
    named = dict.fromkeys(PurePath(problem.file).name.partition(".")[0] for problem in problems)
    runs = [name for name in named if is_run_id(name)]
    more = f" and {len(runs) - _SHOWN_RUNS} more" if len(runs) > _SHOWN_RUNS else ""
    shown = ", ".join(runs[:_SHOWN_RUNS]) + more
    purge = f', or give up the runs they belong to by ts.runs("ID").purge(): {shown};' if runs else ","
    return f"restore them from a backup{purge} then run `trackside gc` again"
