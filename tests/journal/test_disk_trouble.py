"""What a full or failing disk may cost: the call that says so, and nothing else."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.journal.support import damage, events, open_journal
from trackside.errors import JournalError
from trackside.model import Ended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trackside.journal import JournalWriter


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes: writes come short, then fail, as on a full disk.

    It ends before the test does: the limit holds for what pytest prints, too.
    """
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def _log_until_full(journal: JournalWriter) -> int:
    acknowledged = 0
    while True:
        try:
            journal.append_metrics(acknowledged, {"loss": 0.5})
        except JournalError:
            return acknowledged
        acknowledged += 1


def test_a_full_disk_costs_no_acknowledged_line(tmp_path: Path) -> None:
    with files_up_to(4096):
        journal = open_journal(tmp_path)
        acknowledged = _log_until_full(journal)
        with pytest.raises(JournalError, match="File too large"):
            journal.append_metrics(-1, {"loss": 0.5})
    for step in range(10):
        journal.append_metrics(1000 + step, {"loss": 0.5})
    journal.append("ended", status="finished")
    journal.close()
    lines = events(journal.path)
    assert len(lines) == 1 + acknowledged + 10 + 1
    assert isinstance(lines[-1], Ended)
    assert len(damage(journal.path)) == 1


def test_a_journal_that_cannot_begin_leaves_nobody_alive(tmp_path: Path) -> None:
    with files_up_to(10), pytest.raises(JournalError, match="only 10 of"):
        open_journal(tmp_path)
    from trackside.locks import is_held

    locks = list((tmp_path / "journals" / "live").glob("*.lock"))
    assert not any(is_held(lock) for lock in locks)


def test_a_history_that_does_not_fit_leaves_no_part_of_it(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with files_up_to(4096), pytest.raises(JournalError, match="points of a history"):
        journal.append_history(np.arange(10_000), np.arange(1e4), {"loss": np.arange(1e4)})
    assert list((tmp_path / "journals" / "segments").iterdir()) == []
    journal.append_metrics(0, {"loss": 1.0})
    journal.close()
    assert len(events(journal.path)) == 2
    assert damage(journal.path) == []


def test_a_disk_that_fails_in_the_background_is_told_by_the_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = open_journal(tmp_path)

    def fail(_descriptor: int) -> None:
        raise OSError(5, os.strerror(5))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", fail)
        journal.sync()
    with pytest.raises(JournalError, match="Input/output error"):
        journal.append_metrics(0, {"loss": 1.0})
    journal.append_metrics(0, {"loss": 1.0})
    journal.close()
