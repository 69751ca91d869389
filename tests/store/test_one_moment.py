"""What is read at one moment comes from one connection, and from the store as it was at the beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

import trackside as ts
from trackside.browser_api import BrowserApi
from trackside.query import Scope
from trackside.wire import Failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def store(store_folder: Path) -> ts.Store:
    store = ts.Store.create(store_folder)
    for name in ("old", "new"):
        with ts.run(name, params={"lr": 0.1}):
            ts.log(val_auc=0.9)
            ts.log_artifact(b"weights", "weights.bin", kind="model")
    ts.runs("old").make_baseline()
    ts.models.register("churn", "new")
    assert store.refresh(30.0)
    return store


@pytest.fixture
def opened(store: ts.Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the databases that are opened from now on."""
    opened: list[str] = []
    connect: Callable[..., duckdb.DuckDBPyConnection] = duckdb.connect

    def note(database: str, **asked: object) -> duckdb.DuckDBPyConnection:
        opened.append(database)
        return connect(database, **asked)

    monkeypatch.setattr(duckdb, "connect", note)
    assert store.database.exists()
    return opened


def count_runs(store: ts.Store) -> int:
    with store.read() as connection:
        (count,) = connection.execute("SELECT count(*) FROM runs").fetchall()[0]
    return int(count)


def test_all_that_is_read_in_the_block_is_of_one_moment_and_what_comes_later_is_read_after_it(
    store: ts.Store, opened: list[str]
) -> None:
    with store.at_one_moment():
        assert count_runs(store) == 2
        with ts.run("later"):
            pass
        with store.at_one_moment(), store.read() as outer:
            rows = outer.execute("SELECT name FROM runs ORDER BY name")
            assert count_runs(store) == 2
            assert rows.fetchall() == [("new",), ("old",)]  # of a connection of its own
        assert store.refresh(30.0)
        assert count_runs(store) == 2
    assert len(opened) == 1
    assert store.refresh(30.0)
    assert count_runs(store) == 3


def test_a_questions_own_mistake_ends_neither_the_moment_nor_what_comes_after(store: ts.Store) -> None:
    with store.at_one_moment():
        with pytest.raises(duckdb.CatalogException), store.read() as connection:
            connection.execute("SELECT * FROM nothing")
        assert count_runs(store) == 2
    assert count_runs(store) == 2


def test_where_there_is_no_store_there_is_no_moment(tmp_path: Path) -> None:
    store = ts.Store(tmp_path / "nowhere")
    with store.at_one_moment(), pytest.raises(ts.TracksideError, match="There is no store at"):
        count_runs(store)


def test_a_runs_page_a_check_and_a_versions_card_open_the_index_once(store: ts.Store, opened: list[str]) -> None:
    version, new, old = ts.models["churn"][1], ts.runs("new"), ts.runs("old")
    api = BrowserApi(store, Scope())
    opened.clear()
    assert not isinstance(api.answer({"ask": "run", "run_id": new.ids[0]}), Failure)
    assert len(opened) == 1
    version._repr_mimebundle_()
    assert len(opened) == 2
    new.check("val_auc", old)
    assert len(opened) == 3
