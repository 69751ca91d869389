"""Has a notebook executed by another process, in a fresh kernel of this Python, and passes on how far that is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING

from trackside.errors import InputError, TracksideError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

KERNEL = "trackside-reproduce"

_GRACE = 60.0
"""Seconds beyond the time limit in which the kernel is to start and to end."""

_STOP_SECONDS = 10.0
_OURS = ("TRACKSIDE_", "JPY_")
"""Beginnings of variables that say where *this* process belongs."""


class NotReproducedError(TracksideError):
    """The run could not be run again, so that there is nothing to compare."""


def check_tools() -> None:
    """Refuse where what executes notebooks is not installed.

    Raises
    ------
    InputError
        It is not.
    """
    missing = [name for name in ("nbclient", "ipykernel") if find_spec(name) is None]
    if missing:
        raise InputError(
            f"{' and '.join(missing)} cannot be imported; expected what runs a notebook; "
            "install it: pip install 'trackside[reproduce]'"
        )


def execute(
    notebook: Path,
    *,
    folder: Path,
    scratch: Path,
    variables: Mapping[str, str],
    timeout: float | None,
    say: Callable[[str], None],
) -> None:
    """Execute a notebook; return when it has come to its end.

    Parameters
    ----------
    notebook
        The notebook; modules beside it are imported before any others of the same name.
    folder
        The working folder of its kernel.
    scratch
        A folder for what the execution needs of its own.
    variables
        Environment variables of the kernel, beside those of this process.
    timeout
        Seconds that it may take.
    say
        Is told how far it is, and what cells print.

    Raises
    ------
    NotReproducedError
        A cell failed, the kernel died, or the time was over.
    """
    execution = Execution(notebook, folder=folder, scratch=scratch, variables=variables, timeout=timeout)
    try:
        execution.run(say)
    finally:
        execution.end()


class Execution:
    """A notebook that another process executes: it starts the kernel at once, and goes on when it is told to `run`.

    Parameters
    ----------
    notebook, folder, scratch, variables, timeout
        As in `execute`.
    ahead
        How many of its first cells are executed at once.
    """

    def __init__(
        self,
        notebook: Path,
        *,
        folder: Path,
        scratch: Path,
        variables: Mapping[str, str],
        timeout: float | None = None,
        ahead: int = 0,
    ) -> None:
        _write_kernel(scratch)
        self._timeout = timeout
        self._complaints = scratch / "complaints.txt"
        command = [sys.executable, "-m", "trackside.reproduction.worker", str(notebook), "--kernel", KERNEL]
        command += ["--folder", str(folder), "--modules", str(notebook.parent), "--ahead", str(ahead)]
        command += [] if timeout is None else ["--timeout", repr(timeout)]
        with self._complaints.open("wb") as errors:
            self._worker = subprocess.Popen(  # noqa: S603 - this Python, with our own words
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(scratch, variables),
            )

    def run(self, say: Callable[[str], None]) -> None:
        """Have the cells executed, and return when the last one has come to its end: the kernel ends after that.

        Raises
        ------
        NotReproducedError
            As `execute`.
        """
        watch = threading.Timer(self._timeout + _GRACE, self._worker.kill) if self._timeout is not None else None
        try:
            if watch:
                watch.start()
            self._let_go()
            error, is_done = _read(self._worker.stdout, say) if self._worker.stdout else (None, False)
        except BaseException:  # somebody stopped us
            self._worker.terminate()
            raise
        finally:
            if watch:
                watch.cancel()
        if not is_done:
            self.end()
            last = (self._complaints.read_text("utf-8", "replace").strip().splitlines() or ["it ended"])[-1]
            raise NotReproducedError(error or f"the notebook could not be executed: {last}")

    def end(self) -> None:
        """Wait for the end of the process; one that was not told to run ends at once. Doing it again does nothing."""
        if self._worker.stdin:
            self._worker.stdin.close()
        _end(self._worker)

    def _let_go(self) -> None:
        if self._worker.stdin:
            with suppress(BrokenPipeError):  # it has ended, and says why
                self._worker.stdin.write(b"\n")
                self._worker.stdin.close()


def _read(stream: IO[bytes], say: Callable[[str], None]) -> tuple[str | None, bool]:
    """Pass on what the worker tells; return the error that it ended with, and whether all cells came to their end."""
    error = None
    for line in stream:
        told = json.loads(line)
        if "cell" in told:
            say(f"cell {told['cell']} of {told['of']}")
        elif "text" in told:
            for text in str(told["text"]).splitlines():
                say(f"  {text}")
        elif "done" in told:
            return None, True
        else:
            error = " ".join(str(told.get("error")).split())
    return error, False


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Wait for the worker, which is at its end; one that is not is stopped, and stops its kernel."""
    if worker.stdout:
        worker.stdout.close()
    try:
        worker.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.terminate()
        try:
            worker.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def _write_kernel(scratch: Path) -> None:
    """Describe a kernel of this very Python, whatever kernels are installed; its history is its own."""
    folder = scratch / "jupyter" / "kernels" / KERNEL
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {
        "argv": [*command, "--HistoryManager.hist_file=:memory:"],
        "display_name": "Trackside",
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


def _environment(scratch: Path, variables: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    folders = [os.path.abspath(path) for path in kept.get("PYTHONPATH", "").split(os.pathsep) if path]  # noqa: PTH100 - a folder that is not there is as well kept
    paths = [str(scratch / "jupyter"), kept.get("JUPYTER_PATH", "")]
    kept |= {"JUPYTER_PATH": os.pathsep.join(path for path in paths if path)}
    if folders:
        kept["PYTHONPATH"] = os.pathsep.join(folders)
    return kept | dict(variables)
