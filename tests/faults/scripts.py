"""The scripts in ``processes``, as processes of their own: none may hang, or complain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.store.store import Store

LONGEST = 30.0
"""Seconds that nothing may take, whatever has gone wrong."""

_PROCESSES = Path(__file__).parent / "processes"


def start(script: str, store: Store, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start a script whose runs go to the store; it and what it forks are a group of their own."""
    command = [sys.executable, "-X", "faulthandler", "-W", "ignore::DeprecationWarning"]  # of forks beside threads
    return subprocess.Popen(
        [*command, str(_PROCESSES / script), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=store.folder.parent,
        env=os.environ | {"TRACKSIDE_STORE": str(store.folder)} | environment,
    )


def output_of(process: subprocess.Popen[str], seconds: float = LONGEST) -> str:
    """Return what a script printed. One that hangs says where."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGABRT)
        out, err = process.communicate()
        raise AssertionError(f"it hangs:\n{err}") from None
    assert (process.returncode, err) == (0, ""), f"{process.returncode}: {out}{err}"
    return out


def run(script: str, store: Store, *arguments: object, seconds: float = LONGEST, **environment: str) -> str:
    """Run a script to its end and return what it printed."""
    return output_of(start(script, store, *arguments, **environment), seconds)


def kill(process: subprocess.Popen[Any]) -> None:
    """End a process at once, and what it forked with it."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def wait_until(is_so: Callable[[], object], seconds: float = LONGEST) -> None:
    """Wait for what must come."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it is not so after {seconds:g} s"
        time.sleep(0.01)
