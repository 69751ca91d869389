"""The store that a command is about: named by ``--store``, or found from here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trackside.config import find_settings
from trackside.errors import StoreError
from trackside.store.store import Store

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_store_option(command: ArgumentParser) -> None:
    """Let a command be told which store is meant."""
    command.add_argument("--store", type=Path, help="the store's folder; by default the one found from here")


def open_store(given: Namespace) -> Store:
    """Return the store that is meant.

    Raises
    ------
    StoreError
        There is none.
    """
    store = Store(given.store or find_settings(Path.cwd()).store_folder)
    if not store.folder.is_dir():
        raise StoreError(
            f"There is no store at {store.folder}; expected a folder made by a tracked run; name it --store."
        )
    return store
