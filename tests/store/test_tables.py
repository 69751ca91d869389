"""What stands in the tables after events of every kind, and that a rebuild gives the same."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from tests.store.support import all_tables, end_run, log_history, log_steps, one, rows_of, start_run, sums
from trackside.model import Param
from trackside.store.blobs import save_blob

if TYPE_CHECKING:
    from trackside.store.store import Store


def test_a_runs_whole_life_stands_in_the_tables(store: Store) -> None:
    journal = start_run(store)
    digest = save_blob(store.folder, b'{"python":"3.11"}')
    journal.append("environment", digest=digest, git_commit="abc", git_dirty=True)
    log_steps(journal, 3)
    end_run(journal)
    assert store.refresh(10.0)
    with store.read() as connection:
        run = connection.execute(
            """SELECT project, experiment, name, status, user, origin, active, git_commit, git_dirty,
            environment_digest, ended_at >= started_at, last_at = ended_at, parent_id FROM runs"""
        ).fetchall()
        content = connection.execute("SELECT content FROM environments").fetchall()
    assert run == [("p", "e", "run", "finished", "ada", "script", 1.0, "abc", True, digest, True, True, None)]
    assert content == [('{"python":"3.11"}',)]


def test_params_keep_their_kinds_and_the_last_of_a_key_counts(store: Store) -> None:
    journal = start_run(store)
    early = [
        Param(key="lr", value=0.5, kind="float", origin="cell"),
        Param(key="text", value="NaN", kind="str", origin="given"),
        Param(key="nan", value="NaN", kind="float", origin="given"),
        Param(key="big", value=2**80, kind="int", origin="given"),
        Param(key="flag", value=True, kind="bool", origin="call"),
        Param(key="sizes", value=[1, {"a": None}], kind="json", origin="context"),
        Param(key="nothing", value=None, kind="none", origin="given"),
        Param(key="naïve\0;--", value="'; DROP TABLE runs", kind="str", origin="given"),
    ]
    journal.append("params", params=early)
    assert store.refresh(10.0)
    journal.append("params", params=[Param(key="lr", value=0.25, kind="float", origin="given")])
    end_run(journal)
    assert store.refresh(10.0)
    with store.read() as connection:
        rows = connection.execute("SELECT key, value, CAST(number AS VARCHAR), kind, origin FROM params").fetchall()
    found = {key: (msgspec.json.decode(value), number, kind, origin) for key, value, number, kind, origin in rows}
    assert found["lr"] == (0.25, "0.25", "float", "given")
    assert found["text"] == ("NaN", None, "str", "given")
    assert found["nan"] == ("NaN", "nan", "float", "given")
    assert found["flag"] == (True, None, "bool", "call")
    assert found["sizes"] == ([1, {"a": None}], None, "json", "context")
    assert found["nothing"] == (None, None, "none", "given")
    assert found["naïve\0;--"][0] == "'; DROP TABLE runs"
    assert float(found["big"][1]) == 2.0**80
    assert len(rows) == len(early)


def test_points_keep_order_repeats_and_non_finite_values(store: Store) -> None:
    journal = start_run(store)
    points: list[tuple[int, float | str]] = [(5, 1.0), (5, "NaN"), (-3, "Infinity"), (2**62, "-Infinity"), (0, 0.1)]
    for step, value in points:
        journal.append_metrics(step, {"loss": value})
    end_run(journal)
    assert store.refresh(10.0)
    with store.read() as connection:
        kept = connection.execute("SELECT step, CAST(value AS VARCHAR) FROM metrics ORDER BY seq").fetchall()
    assert kept == [(5, "1.0"), (5, "nan"), (-3, "inf"), (2**62, "-inf"), (0, "0.1")]


def test_a_nan_is_never_the_best(store: Store) -> None:
    journal = start_run(store)
    values: list[float | str] = ["NaN", 3.0, 1.0, "Infinity", 1.0, 5.0, "NaN"]
    for step, value in enumerate(values):
        journal.append_metrics(step, {"loss": value, "never": "NaN"})
    end_run(journal)
    assert store.refresh(10.0)
    with store.read() as connection:
        loss, never = connection.execute(
            """SELECT CAST("first" AS VARCHAR), CAST("last" AS VARCHAR), "min", min_step, "max", max_step,
            "sum", "count", non_finite FROM summaries ORDER BY key"""
        ).fetchall()
    assert loss == ("nan", "nan", 1.0, 2, 5.0, 5, 10.0, 7, 3)
    assert never[:3] == ("nan", "nan", None)
    assert (never[4], *never[6:]) == (None, 0.0, 7, 7)


@pytest.mark.parametrize("pieces", [1, 3, 7])
def test_summaries_are_the_same_however_the_points_come(store: Store, pieces: int) -> None:
    journal = start_run(store)
    values = np.random.default_rng(5).integers(-4, 4, size=(21, 2)).astype(float)
    values[::5, 0] = np.nan
    for part in np.array_split(np.arange(21), pieces):
        for step in part:
            a, b = ("NaN" if np.isnan(value) else float(value) for value in values[step])
            journal.append_metrics(int(step), {"a": a, "b": b} if step % 2 else {"b": b, "a": a})
        assert store.refresh(10.0)
    end_run(journal)
    assert store.refresh(10.0)
    finite = values[:, 0][np.isfinite(values[:, 0])]
    with store.read() as connection:
        row = connection.execute(
            """SELECT first_step, last_step, "min", min_step, "max", max_step, "count"
            FROM summaries WHERE key = 'a'"""
        ).fetchone()
    lowest, highest = int(np.nanargmin(values[:, 0])), int(np.nanargmax(values[:, 0]))
    assert row == (0, 20, finite.min(), lowest, finite.max(), highest, 21)


def test_a_history_in_slices_is_whole_and_in_order(store: Store) -> None:
    journal = start_run(store)
    rows = 400_000
    log_history(journal, rows)
    log_steps(journal, 5, first=rows)
    end_run(journal)
    assert store.refresh(60.0)
    assert one(store, "SELECT count(*) FROM metrics") == 2 * rows + 10
    assert one(store, "SELECT bool_and(line_row = step) FROM metrics WHERE step < ?", rows)
    assert one(store, "SELECT sum(value) FROM metrics WHERE key = 'gap'") == pytest.approx(
        sum(1 / np.arange(1, rows + 1))
    )
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained


def test_a_rebuild_is_equal_row_for_row(store: Store) -> None:
    for number in range(6):
        journal = start_run(store, name=f"run {number}")
        worker = start_run(store, owner=False, run_id=journal.run_id)
        journal.append("tags", tags={"stage": "early", "kept": "yes"})
        journal.append("params", params=[Param(key="lr", value=number / 7, kind="float", origin="given")])
        for part in range(3):
            log_steps(journal, 50, first=50 * part)
            log_steps(worker, 20, first=20 * part)
            log_history(journal, 100)
            assert store.refresh(10.0)
        worker.append("tags", tags={"stage": "late"})
        worker.close()
        end_run(journal, "failed" if number % 2 else "finished")
    assert store.refresh(10.0)
    drained, drained_sums = all_tables(store), sums(store)
    assert len(drained["runs"]) == 6
    assert [row[2] for row in rows_of(store, "tags")] == ["yes", "late"] * 6
    store.rebuild()
    assert all_tables(store) == drained
    assert sums(store) == pytest.approx(drained_sums, rel=1e-12)


def test_a_workers_end_is_not_its_runs_end(store: Store) -> None:
    journal = start_run(store)
    worker = start_run(store, owner=False, run_id=journal.run_id)
    log_steps(worker, 10)
    end_run(worker, "failed")
    assert store.refresh(10.0)
    assert one(store, "SELECT status FROM runs") == "running"
    end_run(journal)
    assert store.refresh(10.0)
    assert one(store, "SELECT status FROM runs") == "finished"
    assert one(store, "SELECT sum(count) FROM summaries") == 20


def test_a_run_of_which_only_a_worker_is_known_is_shown_as_interrupted(store: Store) -> None:
    worker = start_run(store, owner=False)
    log_steps(worker, 2)
    worker.close()
    assert store.refresh(10.0)
    with store.read() as connection:
        assert connection.execute("SELECT status, name FROM runs").fetchall() == [("interrupted", "")]


def test_times_are_utc_to_the_microsecond(store: Store) -> None:
    before = time.time()
    journal = start_run(store)
    end_run(journal)
    assert store.refresh(10.0)
    assert before - 1e-6 <= one(store, "SELECT epoch(started_at) FROM runs") <= time.time()


def test_a_store_nothing_was_logged_to_answers(store: Store) -> None:
    assert store.refresh()
    assert one(store, "SELECT count(*) FROM runs") == 0
    assert store.problems() == []


def test_what_changes_the_tables_changes_the_signature(store: Store) -> None:
    assert store.signature() == (None, None)
    journal = start_run(store)
    assert store.refresh(10.0)
    first = store.signature()
    assert store.signature() == first
    log_steps(journal, 1)
    end_run(journal)
    assert store.refresh(10.0)
    assert store.signature() != first
