"""News of runs: told at most twice a second, from a thread of its own, and not by forked workers."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from trackside.tracking import news

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Path, threading.Thread]]:
    """Return what one listener, the only one, is told of this test's stores, and in which thread."""
    heard: list[tuple[Path, threading.Thread]] = []

    def hear(folder: Path) -> None:
        if folder.is_relative_to(tmp_path):  # another test's news may still be on its way
            heard.append((folder, threading.current_thread()))

    monkeypatch.setattr(news, "_listeners", [hear])
    return heard


def test_many_changes_are_told_together_and_none_is_lost(
    told: list[tuple[Path, threading.Thread]], tmp_path: Path
) -> None:
    for _ in range(1000):
        news.tell(tmp_path)
    time.sleep(news.SECONDS_BETWEEN * 1.5)
    news.tell(tmp_path / "other")
    news.tell(None)
    time.sleep(news.SECONDS_BETWEEN * 3)
    assert [folder for folder, _ in told] == [tmp_path, tmp_path / "other"]
    assert threading.current_thread() not in [thread for _, thread in told]
    assert "trackside-news" not in [thread.name for thread in threading.enumerate()]


def test_a_forked_worker_tells_nobody(told: list[tuple[Path, threading.Thread]], tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        news.tell(tmp_path)
        time.sleep(news.SECONDS_BETWEEN * 1.5)
        os._exit(len(told))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
