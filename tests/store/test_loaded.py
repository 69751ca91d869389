"""DuckDB is loaded once a process, and has a store's file open while somebody reads or writes it only."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.store.support import end_run, log_steps, one, start_run
from trackside.locks import make_private_folder
from trackside.store.access import writing
from trackside.store.connection import connect
from trackside.store.sandbox import match_rows
from trackside.store.store import Store


@pytest.fixture
def filled(store: Store) -> Store:
    journal = start_run(store)
    log_steps(journal, 10)
    end_run(journal)
    assert store.refresh(30.0)
    return store


def open_files() -> list[Path]:
    return [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]


def test_a_question_loads_no_duckdb_of_its_own(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one(filled, "SELECT count(*) FROM runs")
    match_rows({"lr": np.array([1.0])}, "lr < 1")
    monkeypatch.delattr(duckdb, "connect")
    assert one(filled, "SELECT count(*) FROM runs") == 1
    with writing(filled.folder, 1.0) as connection:
        assert connection.execute("SELECT count(*) FROM metrics").fetchone() == (20,)


def test_the_file_is_open_for_the_length_of_a_question(filled: Store) -> None:
    with filled.read() as connection:
        connection.execute("SELECT * FROM metrics")
        assert filled.database in open_files()
    assert filled.database not in open_files()
    with pytest.raises(duckdb.CatalogException), filled.read() as connection:
        connection.execute("BEGIN; SELECT * FROM metrics; SELECT * FROM nothing")
    assert filled.database not in open_files()


def test_nothing_is_left_of_one_question_for_the_next(filled: Store) -> None:
    with filled.read() as connection:
        connection.execute("CREATE TEMP TABLE mine AS SELECT 1")
        connection.register("given", {"a": np.array([1])})
    with filled.read() as connection:
        for name in ("mine", "given"):
            with pytest.raises(duckdb.CatalogException):
                connection.execute(f"SELECT * FROM {name}")


def test_two_stores_are_read_at_once(filled: Store, tmp_path: Path) -> None:
    other = Store.create(tmp_path / "o'ther" / ".trackside")
    with filled.read() as ours, other.read() as theirs:
        counts = [each.execute("SELECT count(*) FROM runs").fetchone() for each in (ours, theirs)]
    assert counts == [(1,), (0,)]


def test_threads_read_one_file_together_and_the_last_closes_it(filled: Store) -> None:
    found: list[object] = []
    inside = threading.Barrier(4)

    def read() -> None:
        for _ in range(20):
            with filled.read() as connection:
                inside.wait(30)
                found.append(connection.execute("SELECT count(*) FROM metrics").fetchone())

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(20,)] * 80
    assert filled.database not in open_files()


def test_an_error_of_the_file_costs_the_questions_after_it_nothing(filled: Store, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"no database" * 1000)
    with filled.read() as connection:
        with pytest.raises(Exception, match="damaged"), connect(damaged, read_only=True):
            pass
        assert connection.execute("SELECT count(*) FROM metrics").fetchone() == (20,)
    assert one(filled, "SELECT count(*) FROM metrics") == 20


_FORKS = """
import os, sys
from pathlib import Path
from trackside.store.sandbox import match_rows
from trackside.store.store import Store

store = Store(Path(sys.argv[1]))

def count():
    with store.read() as connection:
        assert connection.execute("SELECT count(*) FROM metrics").fetchone() == (20,)

with store.read():
    if not (child := os.fork()):
        count()
        sys.exit(7)
count()
assert os.waitpid(child, 0)[1] == 7 << 8
for _ in range(5):
    if not (child := os.fork()):
        count()
        sys.exit(7)
    assert os.waitpid(child, 0)[1] == 7 << 8
"""


def test_forked_children_read_too_and_end_as_they_mean_to(filled: Store) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _FORKS, str(filled.folder)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_ctrl_c_at_any_moment_leaves_no_file_open(filled: Store) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    random = np.random.default_rng(0)
    try:
        for seconds in random.uniform(0.0002, 0.02, 40):
            with suppress(KeyboardInterrupt, RuntimeError):  # the second is what DuckDB makes of it
                signal.setitimer(signal.ITIMER_REAL, seconds)
                one(filled, "SELECT count(*) FROM runs")
                signal.setitimer(signal.ITIMER_REAL, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert filled.database not in open_files()
    finally:
        signal.signal(signal.SIGALRM, before)
    with writing(filled.folder, 1.0) as connection:
        assert connection.execute("SELECT count(*) FROM metrics").fetchone() == (20,)


def test_a_question_sets_nothing_for_those_after_it(filled: Store) -> None:
    with (
        pytest.raises(duckdb.InvalidInputException, match="configuration has been locked"),
        filled.read() as connection,
    ):
        connection.execute("SET GLOBAL default_order = 'DESC'")


def test_what_does_not_fit_into_memory_goes_where_nobody_else_can_read_it(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with filled.read() as connection:
        (folder,) = connection.execute("SELECT current_setting('temp_directory')").fetchall()[0]
    assert Path(folder).parent == make_private_folder()
    assert make_private_folder().stat().st_mode & 0o777 == 0o700
