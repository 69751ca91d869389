"""Helpers that drain, forked from a process that has loaded what they need.

Most tests start one. Loading takes more of a processor than draining a test's few runs does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ForkedHelpers:
    """Starts helpers as `trackside.store.helper` does: each is a process of its own, which outlives this one."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def start(self, folder: Path) -> None:
        assert self._process.stdin
        self._process.stdin.write(os.fsencode(folder) + b"\0")
        self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def _fork_for_each_folder() -> None:
    from trackside.store import drain  # here alone: it is not to be loaded where tests are collected

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no child is waited for
    rest = b""
    while told := os.read(0, 65536):
        *folders, rest = (rest + told).split(b"\0")
        for folder in folders:
            if not os.fork():
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                os.setsid()
                sys.argv = [sys.argv[0], os.fsdecode(folder)]
                drain.main()
                os._exit(0)


if __name__ == "__main__":
    _fork_for_each_folder()
