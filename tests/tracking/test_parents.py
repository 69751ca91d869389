"""What a run may be part of, and that no text that names no run harms the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.store.support import end_run, one, start_run
from tests.tracking.test_joining import run_script
from trackside.errors import InputError, StoreError
from trackside.model import STORE_ID
from trackside.store.connection import connect
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.usefixtures("store_folder")


def test_a_handle_names_the_parent(store_folder: Path) -> None:
    with ts.run("first") as first:
        pass
    with ts.run("second", parent="last") as second, ts.run("third", parent=first.id[-5:]) as third:
        pass
    assert (second.parent_id, third.parent_id) == (first.id, first.id)
    assert set(ts.runs().df["parent"].dropna()) == {first.id}
    assert Store(store_folder).refresh()


@pytest.mark.parametrize("parent", ["lats", "", "00000", "last~7"])
def test_a_text_that_names_no_run_is_refused_and_nothing_is_written(parent: str) -> None:
    with ts.run("first"):
        pass
    with pytest.raises(InputError, match="names no run"):
        ts.run("second", parent=parent)
    assert ts.runs().df["name"].tolist() == ["first"]


def test_what_is_neither_run_nor_text_is_refused() -> None:
    with pytest.raises(InputError, match=r"found int for 'parent'; expected a run, its id or a handle"):
        ts.run("x", parent=3)  # type: ignore[arg-type]  # what a user may type


@pytest.mark.parametrize("text", ["last", "my run", "01934D5E", "x 12 /tmp"])
def test_an_environment_variable_that_names_no_run_is_nobodys(text: str) -> None:
    run_script("import trackside as ts\nwith ts.run('train') as run: run.log(loss=0.5)", TRACKSIDE_RUN=text)
    (found,) = ts.runs()
    assert found.df["parent"].tolist() == [None]


def test_a_store_in_which_a_journal_names_no_run_as_its_parent_is_read(store_folder: Path) -> None:
    store = Store.create(store_folder)
    journal = start_run(store, name="known")
    journal.append("started", project="p", experiment="e", name="known", user="a", origin="script", parent_id="last")
    end_run(journal)
    said = start_run(store, owner=False, run_id=STORE_ID)
    said.append("marked", run_ids=["last", journal.run_id], marks={"note": "good"})
    said.append("purged", run_ids=["last"])
    said.close()
    assert store.refresh(30.0)
    assert one(store, "SELECT name FROM runs WHERE parent_id IS NULL") == "known"
    assert one(store, "SELECT value FROM marks") == "good"
    store.rebuild()
    assert one(store, "SELECT count(*) FROM runs") == 1


def test_what_the_tables_do_not_take_is_an_error_of_ours(store_folder: Path) -> None:
    store = Store.create(store_folder)
    with store.read():
        pass
    with pytest.raises(StoreError, match="DuckDB did not take"), connect(store.database) as connection:
        connection.execute("SELECT CAST('last' AS UUID)")


def test_runs_are_not_asked_for_by_what_is_no_id() -> None:
    with ts.run("first"):
        pass
    with pytest.raises(InputError, match="'last' is no id of a run"):
        ts.runs().of_ids(["last"])
