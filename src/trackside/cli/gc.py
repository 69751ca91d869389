"""``trackside gc``: gives back what a store takes of the disk and nobody refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK, PROBLEMS
from trackside.cli.stores import add_store_option, open_store
from trackside.quantities import spell_bytes, spell_count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

_REFRESH_SECONDS = 60.0


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
    from trackside.collection import EVERYTHING, runs

    store = open_store(given)
    store.bring_up_to_date(_REFRESH_SECONDS, "what nobody wants any more")
    if problems := store.problems():
        print("\n".join(map(str, problems)))
        print("nothing was removed: what is wanted cannot be told; mend the store with `trackside doctor --rebuild`")
        return PROBLEMS
    if given.dropped:
        dropped = runs(experiment=EVERYTHING, store=store.folder, include_hidden=True).dropped
        freed = dropped.purge() if len(dropped) else 0
        print(f"deleted {spell_count(len(dropped), 'dropped run')}: {spell_bytes(freed)}")
    found = store.collect_garbage()
    print(f"removed {spell_count(found.files, 'file')}; {spell_bytes(found.bytes)} are free again")
    return OK
