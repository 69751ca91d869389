"""The machine and the software that a run ran on, found in the background."""

from __future__ import annotations

import os
import platform
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.capture.code.repository_probe import start_repository_probe
from trackside.capture.environment.gpus import GpuFacts, capture_gpus
from trackside.capture.environment.packages import read_import_path, read_packages

if TYPE_CHECKING:
    from trackside.records import Environment


@dataclass(frozen=True, kw_only=True)
class EnvironmentReport:
    """An environment and its digest."""

    environment: Environment
    digest: str


class EnvironmentProbe:
    """A question about the environment, being answered in the background; see `start_environment_probe`."""

    def __init__(self, folder: Path) -> None:
        self.repository = start_repository_probe(folder)
        """The question about the repository: git may take much longer."""
        self._is_answered = threading.Event()
        self.failure: str | None = None
        """Why there will be no report, once that is known."""
        self._report = _known.report_at_once()
        if self._report is not None:
            self._is_answered.set()
            return
        thread = threading.Thread(target=self._answer, name="trackside-environment", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no more threads
            self._fail(error)

    @property
    def is_answered(self) -> bool:
        """Whether `result` would not wait."""
        return self._is_answered.is_set()

    def result(self, timeout: float) -> EnvironmentReport | None:
        """Return the report, or ``None`` if it is not there in ``timeout`` seconds or has a `failure`."""
        self._is_answered.wait(timeout)
        return self._report

    def _answer(self) -> None:
        try:
            self._report = _known.report()
            self._is_answered.set()
        except Exception as error:  # noqa: BLE001 - a thread has no caller to raise to: `failure` hands it over
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self.failure = f"it could not be read: {type(error).__name__}: {error}"
        self._is_answered.set()


def start_environment_probe(folder: Path) -> EnvironmentProbe:
    """Begin to find out the environment and the repository around ``folder``, without waiting for either.

    A process reads its environment once, and again when a package was installed, upgraded or removed; the
    GPUs' driver is asked once.

    Examples
    --------
    >>> probe = start_environment_probe(Path.cwd())
    >>> report = probe.result(timeout=10)
    """
    return EnvironmentProbe(folder)


class _KnownEnvironment:
    """The process's environment as last read, and the state of the import path it was read at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gpus: GpuFacts | None = None
        self._import_path: object = None
        self._last: EnvironmentReport | None = None

    def report(self) -> EnvironmentReport:
        """Return the environment, reading what is not known."""
        with self._lock:
            import_path = read_import_path()
            if self._last is None or import_path != self._import_path:
                from trackside.records import digest_of

                self._gpus = self._gpus or capture_gpus()
                environment = _read_environment(self._gpus)
                self._last = EnvironmentReport(environment=environment, digest=digest_of(environment))
                self._import_path = import_path
            return self._last

    def report_at_once(self) -> EnvironmentReport | None:
        """Return the report if nothing needs to be read for it: a loop may start a hundred runs in a second."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            is_known = self._last is not None and read_import_path() == self._import_path
            return self._last if is_known else None
        finally:
            self._lock.release()

    def renew_lock(self) -> None:
        """Take a new lock in a forked child: a thread that the child does not have may hold the old one."""
        self._lock = threading.Lock()


_known = _KnownEnvironment()
os.register_at_fork(after_in_child=_known.renew_lock)


def _read_environment(gpus: GpuFacts) -> Environment:
    import psutil

    from trackside.records import Environment

    return Environment(
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        executable=os.fsencode(sys.executable or "").decode("utf-8", "replace"),
        os=_read_os(),
        machine=platform.machine(),
        host=platform.node(),
        cpu=_read_cpu(),
        cores=os.cpu_count() or 1,
        memory=psutil.virtual_memory().total,
        packages=read_packages(),
        gpus=list(gpus.gpus),
        gpu_driver=gpus.driver,
        cuda=gpus.cuda,
        gpu_note=gpus.note,
    )


def _read_os() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:  # not a Linux that says so
        return f"{platform.system()} {platform.release()}"


def _read_cpu(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    try:
        with cpuinfo.open(encoding="utf-8", errors="replace") as lines:
            named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
            return next(named, "") or platform.machine()
    except OSError:  # not Linux
        return platform.processor() or platform.machine()
