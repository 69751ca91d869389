"""The store that a command is about: named by ``--store``, or found from here."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from trackside.config import STORE_FOLDER
from trackside.errors import NoStoreError, list_known
from trackside.quantities import spell_count
from trackside.store.store import Store
from trackside.visible_text import cut
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from trackside.collection import Runs
    from trackside.config import Settings

HANDLE_HELP = "last, last~2, best, baseline, #12 (the cell's number), five letters of its id or its name"
"""How a run is named, for a command's help."""

_SHOWN = 60


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
    from trackside.handles import is_words
    from trackside.lookup import EVERYTHING, one_run, runs

    folder, experiment = open_store(given).folder, given.experiment or EVERYTHING
    found = [(one_run if is_words(text) else runs)(text, experiment=experiment, store=folder) for text in texts]
    return found[0].of_ids(list(dict.fromkeys(run_id for each in found for run_id in each.ids)))


def open_store(given: Namespace) -> Store:
    """Return the store that is meant; for a command that reads records, one made of them where there is no other.

    Raises
    ------
    NoStoreError
        There is none.
    InputError
        A record cannot be read.
    """
    settings = find_own_settings()
    reads_records = "record" in given
    if reads_records and given.record:
        return _restored(given, given.record)
    store = Store(given.store or settings.store_folder)
    if store.folder.is_dir():
        return store
    if reads_records and (record := _find_record(settings)):
        return _restored(given, record)
    raise NoStoreError(
        f"There is no store at {store.folder}; expected a folder made by a tracked run; name it --store."
    )


def _find_record(settings: Settings) -> Path | None:
    """Return the committed record that the policy names."""
    from trackside.team.policy.reading import read_policy

    policy = read_policy(settings)
    return Path(policy.record) if policy and policy.record else None


def _restored(given: Namespace, record: Path) -> Store:
    """Return a store made of a record, or of what a notebook records of its runs; one for a command."""
    from trackside.team.policy.notebook_file import list_recorded, read_notebook
    from trackside.team.policy.record_file import read_record
    from trackside.team.policy.restored_store import make_store

    if "restored" not in given:
        runs = list_recorded(read_notebook(record)) if record.suffix == ".ipynb" else read_record(record)
        folder = given.until_end.enter_context(TemporaryDirectory(prefix="trackside-", ignore_cleanup_errors=True))
        given.restored = make_store(runs, Path(folder) / STORE_FOLDER)
        named = list(dict.fromkeys(cut(run.name, _SHOWN) for run in reversed(runs)))
        given.recorded = f"{record} records {spell_count(len(runs), 'run')}: {list_known('', named, 'none')}"
    store: Store = given.restored
    return store
