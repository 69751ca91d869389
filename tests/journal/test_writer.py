from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.journal.support import damage, events, journals, open_journal
from trackside.errors import InputError, RunFinishedError
from trackside.journal import JournalWriter, has_open_writers
from trackside.journal.layout import write_durably
from trackside.journal.segments import open_segment
from trackside.locks import is_held
from trackside.model import HistoryLogged, MetricsLogged, Opened

if TYPE_CHECKING:
    from pathlib import Path


def test_a_line_is_in_the_file_when_its_call_returns(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.append_metrics(3, {"loss": 0.25, "gap": "NaN"})
    opened, point = events(journal.path)
    assert isinstance(opened, Opened)
    assert (opened.owner, opened.writer, opened.run_id) == (True, journal.writer, journal.run_id)
    assert isinstance(point, MetricsLogged)
    assert (point.seq, point.step, point.values) == (1, 3, {"loss": 0.25, "gap": "NaN"})
    journal.close()


def test_only_the_user_may_read_a_journal(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    for path in (journal.path, journal.path.with_suffix(".lock")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    journal.close()


def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.close()
    journal.close()
    with pytest.raises(RunFinishedError, match="has ended"):
        journal.append_metrics(0, {"loss": 1.0})
    with pytest.raises(RunFinishedError, match="has ended"):
        journal.append("tags", tags={"a": "b"})
    with pytest.raises(RunFinishedError, match="has ended"):
        journal.append_history(np.arange(2), np.arange(2.0), {"loss": np.arange(2.0)})
    assert len(events(journal.path)) == 1


def test_a_writer_counts_as_alive_until_it_closes(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    assert has_open_writers(tmp_path)
    assert is_held(journal.path.with_suffix(".lock"))
    journal.close()
    assert not has_open_writers(tmp_path)
    assert not is_held(journal.path.with_suffix(".lock"))


def test_open_writers_are_told_apart_by_store(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "one")
    assert not has_open_writers(tmp_path / "two")
    journal.close()


def test_threads_share_a_journal_and_lose_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)

    def log(name: str) -> None:
        for step in range(500):
            journal.append_metrics(step, {name: 1.0})

    threads = [threading.Thread(target=log, args=(f"m{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    assert damage(journal.path) == []
    assert [event.seq for event in events(journal.path)] == list(range(1 + 8 * 500))


def test_a_history_is_a_segment_and_a_line_that_vouches_for_it(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    loss = np.array([0.5, np.nan, np.inf])
    journal.append_history(np.array([1, 5, 5]), np.array([1.0, 2.0, 3.0]), {"loss": loss, "é": loss * 2})
    journal.close()
    line = events(journal.path)[1]
    assert isinstance(line, HistoryLogged)
    assert (line.rows, line.keys) == (3, ["loss", "é"])
    segment = open_segment(tmp_path / "journals" / "segments" / line.file, line)
    assert isinstance(segment, np.ndarray)
    assert segment["step"].tolist() == [1, 5, 5]
    np.testing.assert_array_equal(segment["0"], loss)
    np.testing.assert_array_equal(segment["1"], loss * 2)


def test_a_history_of_unequal_columns_is_refused_whole(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with pytest.raises(InputError, match="different lengths"):
        journal.append_history(np.arange(3), np.arange(3.0), {"loss": np.arange(2.0)})
    journal.close()
    assert len(events(journal.path)) == 1


def test_a_synced_journal_is_written_the_same(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path, "run", owner=True, durability="sync")
    journal.append_metrics(0, {"loss": 1.0})
    journal.close()
    assert len(events(journal.path)) == 2


def test_two_writers_of_a_run_have_journals_of_their_own(tmp_path: Path) -> None:
    first = JournalWriter(tmp_path, "run", owner=True)
    second = JournalWriter(tmp_path, "run", owner=False)
    assert first.path != second.path
    assert len(journals(tmp_path)) == 2
    first.close()
    second.close()


def test_threads_that_write_one_file_at_once_do_not_meet(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            path = tmp_path / str(number)
            list(pool.map(lambda _, path=path: write_durably(path, b"same"), range(8)))
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"same"}
    assert len(list(tmp_path.iterdir())) == 20
