"""``trackside doctor``: what is damaged in a store."""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK, PROBLEMS
from trackside.cli.stores import add_store_option, open_store
from trackside.errors import StoreError
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Iterator

    from trackside.store.store import Store


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    doctor = commands.add_parser(
        "doctor",
        help="examine a store, and rebuild its index from the journals",
        description="Read every journal and the index. Exit code 0: nothing is damaged; 1: something is.",
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
    lost = list(_list_lost(store))
    told = [*map(str, problems), *lost]
    print("\n".join(told) if told else f"{store.folder}: all is well")
    return PROBLEMS if problems else OK


def _list_lost(store: Store) -> Iterator[str]:
    """Yield what was said of models and does not count: of two hosts, or merged stores, the other came first."""
    from trackside.team.registry.card_text import say_who
    from trackside.team.registry.history import say_event
    from trackside.team.registry.registry import Registry

    with suppress(StoreError), warnings.catch_warnings():  # what is wrong with the store is among the problems
        warnings.simplefilter("ignore")
        for model, state in Registry(store, find_own_settings).read_all().items():
            for said, reason in state.lost:
                step = f"version {said.event.version} {say_event(said.event)}, by {say_who(said.event)}"
                yield f"model {model!r}, {step}: lost, {reason}"
