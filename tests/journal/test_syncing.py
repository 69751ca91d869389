from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from tests.journal.support import open_journal
from trackside.journal import syncing

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_thread_syncs_and_shows_life_until_the_last_journal_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    fdatasync = os.fdatasync

    def note(descriptor: int) -> None:
        synced.append(descriptor)
        fdatasync(descriptor)

    monkeypatch.setattr(os, "fdatasync", note)
    monkeypatch.setattr(syncing, "INTERVAL", 0.01)
    monkeypatch.setattr(syncing, "HEARTBEAT", 0.0)
    monkeypatch.setattr(syncing, "_journals", set())  # other tests' may still be open
    monkeypatch.setattr(syncing, "_thread", None)
    journal = open_journal(tmp_path)
    os.utime(journal.path, (0, 0))
    while not synced or journal.path.stat().st_mtime == 0:
        time.sleep(0.01)
    thread = syncing._thread
    assert thread is not None
    journal.close()
    thread.join()
