"""The n-th write, sync or whatever call to the system fails, for every n: what was acknowledged is there, once."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from errno import EDQUOT, EIO, EMFILE, ENFILE, ENOMEM, ENOSPC
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

from tests.faults.failing import failing, files_up_to, raise_error, so_many_more_descriptors, write_part
from tests.faults.support import archive_all, assert_rebuild_changes_nothing, drained
from tests.store.support import end_run, log_steps, one, start_run
from trackside.errors import JournalError, StoreError
from trackside.journal import JournalWriter
from trackside.journal.archive import list_live
from trackside.model import new_run_id
from trackside.store.drain import Drain
from trackside.tracking import Run, current_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trackside.store.store import Store

HISTORY = range(100, 110)


@dataclass
class Work:
    """A run's life under faults: what was tried, which of it came through, and what was said of the rest."""

    run_id: str | None = None
    acknowledged: list[int] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)
    has_ended: bool = False
    refusals: list[str] = field(default_factory=list)

    def live(self, store: Path, durability: Literal["second", "sync"]) -> None:
        run: Run | None = None

        def start() -> None:
            nonlocal run
            run = Run.start(store, name="faulty", params={"lr": 0.1}, tags={"of": "test"}, durability=durability)

        self._try(start)
        if run is None:
            assert current_run() is None
            return
        self.run_id = run.id
        for step in range(6):
            self._log([step], partial(run.log, loss=0.5, step=step))
        self._log(list(HISTORY), partial(run.log_history, np.array(HISTORY), loss=np.zeros(len(HISTORY))))
        self._log([6], partial(run.log, loss=0.5, step=6))
        self.has_ended = self._try(run.finish)
        self.refusals += run.notes
        assert current_run() is None

    def _log(self, steps: list[int], call: Callable[[], None]) -> None:
        self.tried += steps
        if self._try(call):
            self.acknowledged += steps

    def _try(self, call: Callable[[], None]) -> bool:
        try:
            call()
        except JournalError as error:
            self.refusals.append(str(error))
            return False
        return True


def kept_steps(store: Store) -> dict[str, list[int]]:
    """Return what the tables have of each run."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(r.run_id AS VARCHAR), array_agg(m.step ORDER BY m.step) FILTER (m.step IS NOT NULL)
            FROM runs r LEFT JOIN metrics m ON m.run_id = r.run_id GROUP BY r.run_id"""
        ).fetchall()
    return {run_id: steps or [] for run_id, steps in rows}


def kept_statuses(store: Store) -> dict[str, str]:
    with store.read() as connection:
        return dict(connection.execute("SELECT CAST(run_id AS VARCHAR), status FROM runs").fetchall())


def work_for_every(
    store: Store,
    patch: pytest.MonkeyPatch,
    name: str,
    fail: Callable[..., Any],
    durability: Literal["second", "sync"] = "second",
) -> Iterator[Work]:
    """Give what comes of a run for every n, where the n-th call of a function fails."""
    for nth in count(1):
        work = Work()
        with failing(patch, name, nth, fail) as call:
            work.live(store.folder, durability)
        if not call.has_failed:
            assert work.refusals == []
            return
        yield work


def assert_exact(store: Store, works: list[Work]) -> None:
    """Hold the tables against what each run was told, and the journals against the tables."""
    assert not any("\n" in refusal for work in works for refusal in work.refusals)
    archive_all(store)
    kept, statuses = kept_steps(store), kept_statuses(store)
    for work in works:
        if work.run_id:
            assert kept[work.run_id] == sorted(work.acknowledged)
            assert statuses[work.run_id] == ("finished" if work.has_ended else "interrupted")
    assert list_live(store.folder) == {}
    assert [*store.folder.rglob("*.part")] == []
    assert all("checksum" in problem.why for problem in store.problems())
    assert_rebuild_changes_nothing(store)


WRITE_FAULTS = {
    "no room": raise_error(ENOSPC),
    "no quota": raise_error(EDQUOT),
    "one byte": write_part(lambda _size: 1),
    "half": write_part(lambda size: size // 2),
    "all but two bytes": write_part(lambda size: size - 2),
    "all but the newline": write_part(lambda size: size - 1),
}


def test_any_write_may_fail_or_come_short(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    works = [work for fail in WRITE_FAULTS.values() for work in work_for_every(store, monkeypatch, "write", fail)]
    assert len(works) >= 12 * len(WRITE_FAULTS)
    assert all(len(work.refusals) <= 1 for work in works)
    assert_exact(store, works)


def test_any_other_call_may_fail(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("open", "fsync", "mkdir", "rename", "unlink", "utime", "fstat")
    works = [work for name in names for work in work_for_every(store, monkeypatch, name, raise_error(EIO))]
    assert all(len(work.refusals) <= 1 for work in works)
    assert_exact(store, works)


def test_a_line_that_the_disk_does_not_confirm_is_told_and_stands_there_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = list(work_for_every(store, monkeypatch, "fdatasync", raise_error(EIO), "sync"))
    assert len(works) >= 12
    assert all(len(work.refusals) == 1 for work in works)
    archive_all(store)
    kept = kept_steps(store)
    assert all(kept[work.run_id] == sorted(work.tried) for work in works if work.run_id)
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def test_a_disk_that_fails_in_the_background_is_told_by_the_next_call(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = start_run(store)
    with failing(monkeypatch, "fdatasync", 1, raise_error(EIO)):
        journal.sync()
    with pytest.raises(JournalError, match=r"Input/output error.*a power cut may cost.* this call is not recorded"):
        journal.append_metrics(0, {"loss": 1.0})
    log_steps(journal, 1)
    end_run(journal)
    assert drained(store, "SELECT count(*) FROM metrics") == 2


@pytest.mark.parametrize("name", ["open", "fsync", "mkdir", "replace", "unlink"])
def test_any_call_of_the_archiving_may_fail(store: Store, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for _ in range(50):
        journal = start_run(store)
        log_steps(journal, 5)
        end_run(journal)
    drain = Drain(store.folder)
    assert drain.catch_up()
    for nth in count(1):
        with failing(monkeypatch, name, nth, raise_error(EIO)) as call, suppress(OSError, StoreError):
            drain.archive(1)
        if not call.has_failed:
            break
        assert drain.archive(1)
    archive_all(store)
    assert list_live(store.folder) == {}
    assert one(store, "SELECT count(*) FROM metrics") == 500
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def test_a_process_without_descriptors_keeps_what_it_acknowledged(store: Store, is_long: bool) -> None:  # noqa: FBT001
    Work().live(store.folder, "second")  # what Python imports on the way takes descriptors too
    works, answers, refusals = [], [], []
    for more in range(0, 24, 1 if is_long else 4):
        work = Work()
        with so_many_more_descriptors(more):
            work.live(store.folder, "second")
            try:
                answers.append(store.refresh(10.0))
            except StoreError as error:
                refusals.append(str(error))
        works.append(work)
    assert (works[0].run_id, works[-1].refusals, answers[-1:]) == (None, [], [True])
    assert refusals
    assert all("Too many open files" in refusal for refusal in refusals)
    assert_exact(store, works)


@pytest.mark.parametrize("number", [EMFILE, ENFILE, ENOMEM])
def test_points_that_cannot_be_read_for_want_of_means_are_taken_in_later(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    work = Work()
    work.live(store.folder, "second")
    with monkeypatch.context() as patched:
        patched.setattr(hashlib, "file_digest", raise_error(number))
        with pytest.raises(OSError, match=re.escape(os.strerror(number))):
            Drain(store.folder).catch_up()
    assert_exact(store, [work])
    assert store.problems() == []


def test_files_that_may_not_grow_cost_the_lines_that_do_not_fit(store: Store) -> None:
    with files_up_to(4096):
        journal = JournalWriter(store.folder, new_run_id(), owner=True)
        for acknowledged in count():
            try:
                journal.append_metrics(acknowledged, {"loss": 0.5})
            except JournalError:
                break
        with pytest.raises(JournalError, match="File too large"):
            journal.append_metrics(-1, {"loss": 0.5})
    for step in range(10):
        journal.append_metrics(1_000 + step, {"loss": 0.5})
    end_run(journal)
    assert drained(store, "SELECT count(*) FROM metrics") == acknowledged + 10
    assert one(store, "SELECT status FROM runs") == "finished"
    assert len(store.problems()) == 1
