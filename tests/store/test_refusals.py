"""Stores that cannot answer say in one line why, and what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.store.support import all_tables, end_run, log_steps, one, start_run
from trackside.errors import StoreBusyError, StoreDamagedError, StoreError, StoreVersionError
from trackside.journal.lines import encode_line
from trackside.model import Opened
from trackside.store import schema
from trackside.store.access import writing
from trackside.store.blobs import read_blob, save_blob
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.journal import JournalWriter


def filled(store: Store) -> JournalWriter:
    journal = start_run(store)
    log_steps(journal, 20)
    end_run(journal)
    assert store.refresh(10.0)
    return journal


def test_a_folder_that_is_no_store_is_left_as_it_is(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.refresh()
    with pytest.raises(StoreError, match=r"There is no store at .*; expected .*; track one"), store.read():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_missing_index_is_rebuilt_by_itself(store: Store) -> None:
    filled(store)
    before = all_tables(store)
    store.database.unlink()
    assert all_tables(store) == before


def test_a_damaged_index_names_the_command_that_rebuilds_it(store: Store) -> None:
    filled(store)
    before = all_tables(store)
    store.database.write_bytes(b"x" * 20_000)
    with pytest.raises(StoreDamagedError, match="trackside doctor --rebuild"), store.read():
        pass
    assert any("doctor --rebuild" in problem.why for problem in store.problems())
    store.rebuild()
    assert all_tables(store) == before
    assert store.problems() == []


def test_an_old_log_is_not_read_into_a_rebuilt_index(store: Store) -> None:
    filled(store)
    before = all_tables(store)
    wal = store.database.with_name(store.database.name + ".wal")
    wal.write_bytes(b"an old log")
    store.rebuild()
    assert not wal.exists()
    assert all_tables(store) == before


def test_a_rebuild_cut_off_is_begun_again(store: Store) -> None:
    filled(store)
    before = all_tables(store)
    store.database.rename(store.database.with_name("trackside.duckdb.new"))
    assert all_tables(store) == before


def test_an_older_schema_is_rebuilt_and_a_newer_one_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store)
    before = all_tables(store)
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    assert all_tables(store) == before
    assert one(store, "SELECT schema_version FROM meta") == schema.SCHEMA_VERSION
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION - 1)
    with pytest.raises(StoreVersionError, match=r"expected at most \d+; upgrade Trackside"), store.read():
        pass
    with pytest.raises(StoreVersionError), writing(store.folder, 1.0):
        pass


def test_a_journal_of_a_newer_trackside_is_refused(store: Store) -> None:
    line = Opened(seq=0, time=0.0, version=2, run_id="r", writer="w", owner=True, host="h", pid=1)
    name = "01a2055b-a2b1-7603-a430-656debcfbcd0.000000000000.ndjson"
    (store.folder / "journals" / "live" / name).write_bytes(encode_line(line))
    with pytest.raises(StoreVersionError, match="has format 2; expected at most 1"):
        store.refresh()


_HOLD = """
import sys, time
from pathlib import Path
from trackside.store.access import writing
with writing(Path(sys.argv[1]), None):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_store_held_by_a_stopped_process_is_busy(store: Store) -> None:
    filled(store)
    holder = subprocess.Popen([sys.executable, "-c", _HOLD, str(store.folder)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    os.kill(holder.pid, signal.SIGSTOP)
    with pytest.raises(StoreBusyError, match=r"stayed locked by another process; waited 0\.2 s"), store.read(0.2):
        pass
    holder.kill()
    holder.communicate()
    assert one(store, "SELECT count(*) FROM metrics") == 40


def test_a_connection_of_the_users_own_is_named(store: Store) -> None:
    filled(store)
    journal = start_run(store)
    end_run(journal)
    busy = pytest.raises(StoreBusyError, match=r"a duckdb\.connect of its own; .*close that connection")
    with duckdb.connect(str(store.database), read_only=True), busy, writing(store.folder, 1.0):
        pass
    assert store.refresh(10.0)


_CONNECT = """
import sys, time, duckdb
with duckdb.connect(sys.argv[1]):
    print("open", flush=True)
    time.sleep(60)
"""


def test_another_program_that_has_the_index_open_is_named(store: Store) -> None:
    filled(store)
    other = subprocess.Popen([sys.executable, "-c", _CONNECT, str(store.database)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    other.stdout.readline()
    with pytest.raises(StoreBusyError, match=r"Another program has .* open"), store.read():
        pass
    other.kill()
    other.communicate()


def test_what_a_question_gets_wrong_is_its_own(store: Store) -> None:
    filled(store)
    with pytest.raises(duckdb.ParserException), store.read() as connection:
        connection.execute("SELEKT 1")
    with pytest.raises(duckdb.IOException), store.read() as connection:
        connection.execute("SELECT * FROM read_csv('/nowhere.csv')")


def test_a_blob_is_kept_once_and_checked(store: Store) -> None:
    digest = save_blob(store.folder, b"environment")
    assert save_blob(store.folder, b"environment") == digest
    assert read_blob(store.folder, digest) == b"environment"
    path = store.folder / "blobs" / digest[:2] / digest
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"something else")
    with pytest.raises(StoreDamagedError, match="has other bytes than were kept"):
        read_blob(store.folder, digest)
    with pytest.raises(StoreDamagedError, match="cannot be read"):
        read_blob(store.folder, "0" * 64)


def test_a_lost_environment_is_named(store: Store) -> None:
    journal = start_run(store)
    journal.append("environment", digest="0" * 64)
    end_run(journal)
    assert store.refresh(10.0)
    assert one(store, "SELECT count(*) FROM environments WHERE content IS NULL") == 1
    assert "cannot be read" in store.problems()[0].why


def test_only_the_user_may_look_into_a_store(store: Store) -> None:
    filled(store)
    for path in [store.folder, *store.folder.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    assert (store.folder / ".gitignore").read_text() == "*\n"
