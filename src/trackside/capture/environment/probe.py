"""The machine and the software that a run ran on, found in the background."""

from __future__ import annotations

import os
import platform
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.code.repository_probe import start_repository_probe
from trackside.capture.environment.container import capture_container
from trackside.capture.environment.gpus import GpuFacts, capture_gpus
from trackside.capture.environment.packages import read_import_path, read_packages
from trackside.capture.environment.switches import read_blas, read_switches, read_threads, read_variables
from trackside.config import VARIABLES

if TYPE_CHECKING:
    from trackside.records import Environment


class EnvironmentProbe:
    """A question about the environment, being answered in the background; see `start_environment_probe`."""

    def __init__(self, folder: Path, asked: Asked) -> None:
        self.repository = start_repository_probe(folder)
        """The question about the repository: git may take much longer."""
        self._asked = asked
        self._is_answered = threading.Event()
        self.failure: str | None = None
        """Why there will be no answer, once that is known."""
        self._environment = _known.tell_at_once(asked)
        if self._environment is not None:
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

    def result(self, timeout: float) -> Environment | None:
        """Return the environment, or ``None`` if it is not there in ``timeout`` seconds or there is a `failure`."""
        self._is_answered.wait(timeout)
        return self._environment

    def _answer(self) -> None:
        try:
            self._environment = _known.tell(self._asked)
            self._is_answered.set()
        except Exception as error:  # noqa: BLE001 - a thread has no caller to raise to: `failure` hands it over
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self.failure = f"it could not be read: {type(error).__name__}: {error}"
        self._is_answered.set()


class Asked(NamedTuple):
    """Which environment variables are to be told: names and patterns, and those never."""

    variables: tuple[str, ...] = VARIABLES
    never: tuple[str, ...] = ()


def start_environment_probe(folder: Path, asked: Asked | None = None) -> EnvironmentProbe:
    """Begin to find out the environment and the repository around ``folder``, without waiting for either.

    A process reads its environment once, and again when a package was installed, upgraded or removed; the
    GPUs' driver is asked once.

    Examples
    --------
    >>> probe = start_environment_probe(Path.cwd())
    >>> report = probe.result(timeout=10)
    """
    return EnvironmentProbe(folder, asked or Asked())


def look_again(environment: Environment, asked: Asked | None = None) -> Environment:
    """Return an environment with what a cell may have changed in it: switches, threads, variables; the same if nothing.

    It costs well under a millisecond, and a few where threadpoolctl is loaded.
    """
    import msgspec

    now = _read_changeable(asked or Asked())
    if all(getattr(environment, name) == value for name, value in now.items()):
        return environment
    changed = msgspec.structs.replace(environment, **now)
    _known.remember(environment, changed)
    return changed


class _KnownEnvironment:
    """The process's environment as last read, and the state of the import path it was read at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gpus: GpuFacts | None = None
        self._import_path: object = None
        self._last: Environment | None = None

    def tell(self, asked: Asked) -> Environment:
        """Return the environment, reading what is not known."""
        with self._lock:
            import_path = read_import_path()
            if self._last is None or import_path != self._import_path:
                self._gpus = self._gpus or capture_gpus()
                self._last = _read_environment(self._gpus)
                self._import_path = import_path
            return look_again(self._last, asked)

    def tell_at_once(self, asked: Asked) -> Environment | None:
        """Return the environment if nothing needs to be read for it: a loop may start a hundred runs in a second."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            is_known = self._last is not None and read_import_path() == self._import_path
            return look_again(self._last, asked) if is_known and self._last is not None else None
        finally:
            self._lock.release()

    def remember(self, known: Environment, changed: Environment) -> None:
        """Take what an environment has become, for the next run."""
        if self._last is known:
            self._last = changed

    def renew_lock(self) -> None:
        """Take a new lock in a forked child: a thread that the child does not have may hold the old one."""
        self._lock = threading.Lock()


_known = _KnownEnvironment()
os.register_at_fork(after_in_child=_known.renew_lock)


def _read_changeable(asked: Asked) -> dict[str, Any]:
    return {
        "switches": read_switches(),
        "threads": read_threads(),
        "variables": read_variables(asked.variables, asked.never),
    }


def _read_environment(gpus: GpuFacts) -> Environment:
    import psutil

    from trackside.records import Environment

    packages, container = read_packages(), capture_container(os.environ)
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
        packages=packages.versions,
        direct=packages.direct,
        gpus=list(gpus.gpus),
        gpu_driver=gpus.driver,
        cuda=gpus.cuda,
        gpu_note=gpus.note,
        cudnn=next((version for name, version in packages.versions.items() if name.startswith("nvidia-cudnn")), None),
        blas=read_blas(),
        container=container.kind,
        image=container.image,
        image_digest=container.digest,
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
