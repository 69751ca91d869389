from __future__ import annotations

from typing import TYPE_CHECKING

from tests.store.support import end_of, end_run, log_history, log_steps, one, start_process, start_run

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.store.store import Store

WAIT = 2.0


def test_eight_drains_take_each_line_once(store: Store, tmp_path: Path) -> None:
    store.rebuild()  # empty tables: otherwise the first drain would make them, with all that is there
    start = tmp_path / "start"
    drains = [start_process("drain_repeatedly.py", store.folder, start, 6) for _ in range(8)]
    journals = [start_run(store, name=f"run {number}") for number in range(4)]
    for journal in journals:
        log_steps(journal, 5_000)
    start.touch()
    for number in range(1, 4):
        for journal in journals:
            log_steps(journal, 1_000, first=5_000 * number)
            log_history(journal, 10_000)
    for drain in drains:
        end_of(drain)
    for journal in journals:
        end_run(journal)
    assert store.refresh(60.0)
    expected = 4 * 2 * (8_000 + 30_000)
    assert one(store, "SELECT count(*) FROM metrics") == expected
    assert one(store, "SELECT sum(count) FROM summaries") == expected
    assert one(store, "SELECT count(*) FROM journal_offsets") == 4
    assert one(store, "SELECT count(*) FROM runs") == 4


def test_eight_writers_and_four_readers_get_along(store: Store) -> None:
    writers = [start_process("log_for_seconds.py", store.folder, 20) for _ in range(8)]
    readers = [start_process("read_for_seconds.py", store.folder, 20) for _ in range(4)]
    logged = sum(int(end_of(writer)) for writer in writers)
    for reader in readers:
        answers, longest = end_of(reader).split()
        assert int(answers) > 0
        assert float(longest) < WAIT
    assert store.refresh(60.0)
    assert one(store, "SELECT count(*) FROM metrics") == 2 * logged
    assert one(store, "SELECT count(*) FROM runs WHERE status = 'finished'") == 8
