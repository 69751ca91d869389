"""Has a notebook executed by another process, in a fresh kernel of this Python, and passes on how far that is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
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
    _write_kernel(scratch)
    command = [sys.executable, "-m", "trackside.reproduction.worker", str(notebook), "--kernel", KERNEL]
    command += ["--folder", str(folder), "--modules", str(notebook.parent)]
    command += [] if timeout is None else ["--timeout", repr(timeout)]
    complaints = scratch / "complaints.txt"
    with complaints.open("wb") as errors:
        worker = subprocess.Popen(  # noqa: S603 - this Python, with our own words
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(scratch, variables),
        )
        error = _follow(worker, timeout, say)
    if error or worker.returncode:
        last = (complaints.read_text("utf-8", "replace").strip().splitlines() or ["it ended"])[-1]
        raise NotReproducedError(error or f"the notebook could not be executed: {last}")


def _follow(worker: subprocess.Popen[bytes], timeout: float | None, say: Callable[[str], None]) -> str | None:
    """Pass on what the worker tells until it ends; return the error that it ended with."""
    watch = threading.Timer(timeout + _GRACE, worker.kill) if timeout is not None else None
    try:
        if watch:
            watch.start()
        return _read(worker.stdout, say) if worker.stdout else None
    except BaseException:  # somebody stopped us
        worker.terminate()
        raise
    finally:
        if watch:
            watch.cancel()
        _end(worker)


def _read(stream: IO[bytes], say: Callable[[str], None]) -> str | None:
    error = None
    for line in stream:
        told = json.loads(line)
        if "cell" in told:
            say(f"cell {told['cell']} of {told['of']}")
        elif "text" in told:
            for text in str(told["text"]).splitlines():
                say(f"  {text}")
        else:
            error = " ".join(str(told.get("error")).split())
    return error


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
