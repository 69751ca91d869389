"""The store that a command is about: named by ``--store``, or found from here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trackside.config import find_settings
from trackside.errors import NoStoreError
from trackside.store.store import Store

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from trackside.collection import Runs

HANDLE_HELP = "last, last~2, best, baseline, #12 (the cell's number), five letters of its id or its name"
"""How a run is named, for a command's help."""


def add_store_option(command: ArgumentParser) -> None:
    """Let a command be told which store is meant."""
    command.add_argument("--store", type=Path, help="the store's folder; by default the one found from here")


def add_run_options(command: ArgumentParser) -> None:
    """Let a command be told which store is meant, and among which runs a handle is looked for."""
    add_store_option(command)
    command.add_argument("--experiment", metavar="E", help="look for last, best, … in this one; by default in all")


def find_one(given: Namespace, handle: str) -> Runs:
    """Return the run that a handle names.

    Raises
    ------
    NoStoreError
        There is no store.
    InputError
        There is no such run or experiment.
    """
    from trackside.lookup import EVERYTHING, one_run

    return one_run(handle, experiment=given.experiment or EVERYTHING, store=open_store(given).folder)


def find_all(given: Namespace, texts: Sequence[str]) -> Runs:
    """Return the runs that handles, names and conditions name, each once.

    Raises
    ------
    NoStoreError
        There is no store.
    InputError
        There is no such run or experiment, or a condition cannot be used.
    """
    from trackside.handles import is_word
    from trackside.lookup import EVERYTHING, one_run, runs

    folder, experiment = open_store(given).folder, given.experiment or EVERYTHING
    found = [(one_run if is_word(text) else runs)(text, experiment=experiment, store=folder) for text in texts]
    return found[0].of_ids(list(dict.fromkeys(run_id for each in found for run_id in each.ids)))


def open_store(given: Namespace) -> Store:
    """Return the store that is meant.

    Raises
    ------
    NoStoreError
        There is none.
    """
    store = Store(given.store or find_settings(Path.cwd()).store_folder)
    if not store.folder.is_dir():
        raise NoStoreError(
            f"There is no store at {store.folder}; expected a folder made by a tracked run; name it --store."
        )
    return store
