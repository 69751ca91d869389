"""What is read at one moment comes from the store as it was at the beginning."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import duckdb
import pytest

import trackside as ts
from trackside.store import store as store_module

if TYPE_CHECKING:
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


def count_runs(store: ts.Store) -> int:
    with store.read() as connection:
        (count,) = connection.execute("SELECT count(*) FROM runs").fetchall()[0]
    return int(count)


def test_all_that_is_read_in_the_block_is_of_one_moment_and_what_comes_later_is_read_after_it(
    store: ts.Store,
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


def test_a_forked_child_reads_under_a_lock_of_its_own(store: ts.Store) -> None:
    with store.at_one_moment():
        if not (child := os.fork()):
            os._exit(store_module._moments.get() != {})
        assert os.waitpid(child, 0)[1] == 0
