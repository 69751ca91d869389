"""What the fault tests ask of a store, however it was treated."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.store.support import all_tables, one, sums
from trackside.store.drain import Drain

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.store.store import Store


def wait_for(is_true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds; nothing here may take longer."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it hangs"
        time.sleep(0.01)


def drained(store: Store, sql: str, *values: object) -> Any:
    """Answer a question about everything that stands in the journals now."""
    assert Drain(store.folder).catch_up()
    return one(store, sql, *values)


def counts_by_key(store: Store) -> dict[str, int]:
    """How many points the tables have of each metric."""
    with store.read() as connection:
        return dict(connection.execute("SELECT key, count(*) FROM metrics GROUP BY key").fetchall())


def archive_all(store: Store) -> None:
    drain = Drain(store.folder)
    assert drain.catch_up()
    while drain.archive(50):
        pass


def assert_rebuild_changes_nothing(store: Store) -> None:
    for thread in threading.enumerate():
        if thread.name == "trackside-repository":  # git's answer is noted when it comes, be it after the run's end
            thread.join()
    assert Drain(store.folder).catch_up()
    tables, totals = all_tables(store), sums(store)
    store.rebuild()
    for name, rows in all_tables(store).items():
        assert set(rows) ^ set(tables[name]) == set(), name
    assert sums(store) == pytest.approx(totals, rel=1e-12)
