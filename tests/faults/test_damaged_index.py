"""The DuckDB file or its log deleted, cut or overwritten: told or answered right, and rebuilt equal row for row."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.faults.support import archive_all, assert_rebuild_changes_nothing, drained
from tests.faults.test_damaged_files import doctor, flipped
from tests.store.support import all_tables, end_run, log_history, log_steps, start_run
from trackside.cli import OK, PROBLEMS
from trackside.errors import StoreDamagedError
from trackside.journal.archive import PreparedArchive, finish_archives, list_live
from trackside.store.drain import Drain
from trackside.store.layout import wal_path
from trackside.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from trackside.journal import JournalWriter

NOISE = random.Random(8)  # noqa: S311  no secret


def filled(store: Store) -> JournalWriter:
    journal = start_run(store)
    journal.append("params", params=[])
    journal.append("tags", tags={"of": "test"})
    log_steps(journal, 300)
    log_history(journal, 3_000)
    end_run(journal)
    archive_all(store)
    return journal


def index_faults(size: int, is_long: bool) -> dict[str, Callable[[bytes], bytes | None]]:  # noqa: FBT001
    """Return what may happen to a database of so many bytes; None is its loss."""
    faults: dict[str, Callable[[bytes], bytes | None]] = {
        "deleted": lambda _data: None,
        "empty": lambda _data: b"",
        "noise behind a good header": lambda data: data[:12_288] + NOISE.randbytes(len(data) - 12_288),
        "half": lambda data: data[: len(data) // 2],
    }
    if is_long:
        faults["a text"] = lambda _data: b"hello\n"
        faults["zeros"] = lambda data: bytes(len(data))
        faults["noise"] = lambda data: NOISE.randbytes(len(data))
        faults["all but a byte"] = lambda data: data[:-1]
    places = [10, 9_000, *NOISE.sample(range(12_288, size), 200 if is_long else 1)]
    return faults | {f"flipped at {place}": lambda data, place=place: flipped(data, place) for place in places}


def is_told_or_right(store: Store, expected: object) -> bool:
    """Tell whether somebody who asks is told of the damage, or gets the right answer."""
    try:
        return all_tables(store) == expected
    except StoreDamagedError as error:
        return "run `trackside doctor --rebuild`" in str(error) and "\n" not in str(error)


def test_a_damaged_database_is_told_and_rebuilt_equal(
    store: Store,
    capsys: pytest.CaptureFixture[str],
    is_long: bool,  # noqa: FBT001
) -> None:
    filled(store)
    before = all_tables(store)
    data = store.database.read_bytes()
    found = 0
    for name, fault in index_faults(len(data), is_long).items():
        damaged = fault(data)
        store.database.unlink() if damaged is None else store.database.write_bytes(damaged)
        code, said = doctor(store, capsys)
        found += code == PROBLEMS
        assert code in (OK, PROBLEMS)
        assert (code == PROBLEMS) == any("trackside.duckdb" in line for line in said if "all is well" not in line), name
        assert is_told_or_right(store, before), name
        assert code == PROBLEMS or all_tables(store) == before, name
        assert doctor(store, capsys, "--rebuild")[0] == OK, name
        assert all_tables(store) == before, name
    assert found >= 5


_DIE_AFTER_THE_COMMIT = """
import os, signal, sys
from pathlib import Path
from trackside.store import drain

fold_batch = drain.fold_batch

def fold_and_die(*arguments):
    fold_batch(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

drain.fold_batch = fold_and_die
drain.Drain(Path(sys.argv[1])).catch_up()
"""


@pytest.fixture
def with_log(store: Store) -> Store:
    """Return a store whose last points stand in DuckDB's log only: the drain was killed after it had committed."""
    filled(store)
    journal = start_run(store)
    log_steps(journal, 100)
    end_run(journal)
    killed = subprocess.run([sys.executable, "-c", _DIE_AFTER_THE_COMMIT, store.folder], check=False)
    assert killed.returncode == -9
    assert wal_path(store.database).stat().st_size > 1_000
    return store


def log_faults(size: int, is_long: bool) -> dict[str, Callable[[bytes], bytes | None]]:  # noqa: FBT001
    faults: dict[str, Callable[[bytes], bytes | None]] = {
        "deleted": lambda _data: None,
        "empty": lambda _data: b"",
        "noise": lambda data: NOISE.randbytes(len(data)),
        "half": lambda data: data[: len(data) // 2],
    }
    if is_long:
        faults["zeros"] = lambda data: bytes(len(data))
        faults["all but a byte"] = lambda data: data[:-1]
    places = [40, size - 100, *NOISE.sample(range(size), 200 if is_long else 1)]
    return faults | {f"flipped at {place}": lambda data, place=place: flipped(data, place) for place in places}


def test_a_damaged_log_is_told_or_costs_nothing(
    with_log: Store,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    is_long: bool,  # noqa: FBT001
) -> None:
    copy = Store(tmp_path / "copy")
    shutil.copytree(with_log.folder, copy.folder)
    assert drained(copy, "SELECT count(*) FROM metrics") == 2 * 3_400
    before = all_tables(copy)
    log = wal_path(copy.database)
    data = wal_path(with_log.database).read_bytes()
    for name, fault in log_faults(len(data), is_long).items():
        shutil.rmtree(copy.folder)
        shutil.copytree(with_log.folder, copy.folder)
        damaged = fault(data)
        log.unlink() if damaged is None else log.write_bytes(damaged)
        with suppress(StoreDamagedError):
            assert Drain(copy.folder).catch_up()
        assert is_told_or_right(copy, before), name
        assert doctor(copy, capsys, "--rebuild")[0] == OK, name
        assert all_tables(copy) == before, name


def test_no_archive_hangs_on_the_log(with_log: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    drain, log = Drain(with_log.folder), wal_path(with_log.database)
    assert drain.is_up_to_date()

    def lose_the_log_first(archives: Iterable[PreparedArchive]) -> None:
        log.unlink(missing_ok=True)
        finish_archives(archives)

    monkeypatch.setattr("trackside.store.drain.finish_archives", lose_the_log_first)
    assert drain.archive(10)
    assert list_live(with_log.folder) == {}
    assert drained(with_log, "SELECT count(*) FROM metrics") == 2 * 3_400
    assert with_log.problems() == []
    assert_rebuild_changes_nothing(with_log)


def test_an_older_copy_of_the_database_is_named_for_what_it_lacks(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(store)
    older = store.database.read_bytes()
    lacking = filled(store)
    before = all_tables(store)
    store.database.write_bytes(older)
    code, said = doctor(store, capsys)
    assert code == PROBLEMS
    (line,) = said
    assert f"{lacking.run_id}.{lacking.writer}.ndjson.zst, byte 0: the index lacks it from here on" in line
    assert doctor(store, capsys, "--rebuild")[0] == OK
    assert all_tables(store) == before


def test_a_rebuild_that_is_killed_anywhere_is_made_up_for(store: Store, is_long: bool) -> None:  # noqa: FBT001
    filled(store)
    before = all_tables(store)
    for fraction in range(20 if is_long else 4):
        rebuilding = subprocess.Popen(
            [sys.executable, "-c", "import sys; from trackside.cli import main; main()", "doctor", "--rebuild"],
            env=os.environ | {"TRACKSIDE_STORE": str(store.folder)},
            stdout=subprocess.DEVNULL,
        )
        with suppress(subprocess.TimeoutExpired):
            rebuilding.wait(0.1 + (0.03 if is_long else 0.15) * fraction)
        rebuilding.kill()
        rebuilding.wait()
        assert all_tables(store) == before
    assert_rebuild_changes_nothing(store)
    assert [path.name for path in store.folder.glob("*.duckdb*")] == ["trackside.duckdb"]
