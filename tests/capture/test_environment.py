# ruff: noqa: N801, N802, N818 - the fake driver has the names of the real one
from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import psutil
import pytest

import trackside
from trackside.capture.environment import gpus
from trackside.capture.environment import probe as environment
from trackside.capture.environment.probe import start_environment_probe
from trackside.records import Environment, Gpu, digest_of, encode

if TYPE_CHECKING:
    from collections.abc import Callable


PATIENCE = 60.0


class FakeDriver(ModuleType):
    """Stands in for nvidia-ml-py: two GPUs, unless told to do something else when it is initialised."""

    class NVMLError(Exception):
        pass

    class NVMLError_LibraryNotFound(NVMLError):
        pass

    class NVMLError_NotSupported(NVMLError):
        pass

    def __init__(self, on_init: Callable[[], None] = lambda: None) -> None:
        super().__init__("pynvml")
        self.asked = 0
        self.memory = [80 << 30, 24 << 30]
        self._on_init = on_init

    def nvmlInit(self) -> None:
        self.asked += 1
        self._on_init()

    def nvmlShutdown(self) -> None:
        pass

    def nvmlSystemGetDriverVersion(self) -> str:
        return "570.86.15"

    def nvmlSystemGetCudaDriverVersion(self) -> int:
        return 12080

    def nvmlDeviceGetCount(self) -> int:
        return len(self.memory)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetName(self, handle: int) -> str:
        return ["NVIDIA H100", "NVIDIA L4"][handle]

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:
        if not self.memory[handle]:
            raise self.NVMLError_NotSupported
        return SimpleNamespace(total=self.memory[handle])


@pytest.fixture(autouse=True)
def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test as a process begins: knowing nothing of its environment."""
    monkeypatch.setattr(environment, "_known", environment._KnownEnvironment())


@pytest.fixture
def install_driver(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeDriver | None], None]:
    return lambda driver: monkeypatch.setitem(sys.modules, "pynvml", driver)


@pytest.fixture
def driver_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file whose presence says that this machine has an NVIDIA driver; absent until a test makes it."""
    file = tmp_path / "nvidiactl"
    monkeypatch.setattr(gpus, "_DRIVER_FILES", (file,))
    return file


def probe(folder: Path) -> Environment:
    probe = start_environment_probe(folder)
    report = probe.result(PATIENCE)
    assert report is not None, probe.failure
    return report


def raise_error(error: Exception) -> None:
    raise error


def wait_for(event: threading.Event) -> None:
    event.wait()


def install_package(site: Path, name: str, version: str) -> None:
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not this\n")


def test_this_machine_and_its_software_are_told(tmp_path: Path) -> None:
    seen = probe(tmp_path)
    assert seen.python == platform.python_version()
    assert seen.implementation == platform.python_implementation()
    assert seen.executable == sys.executable
    assert seen.machine == platform.machine()
    assert seen.host == platform.node()
    assert seen.cores == os.cpu_count()
    assert seen.memory == psutil.virtual_memory().total
    assert seen.os
    assert seen.cpu
    assert seen.packages["msgspec"] == version("msgspec")
    assert seen.packages["typing-extensions"] == version("typing_extensions")
    assert list(seen.packages) == sorted(seen.packages)


def test_real_driver_or_none_is_told_without_error(tmp_path: Path) -> None:
    seen = probe(tmp_path)
    assert bool(seen.gpus) == bool(seen.gpu_driver) == bool(seen.cuda)


def test_two_gpus_are_told(tmp_path: Path, install_driver: Callable[[FakeDriver | None], None]) -> None:
    install_driver(FakeDriver())
    seen = probe(tmp_path)
    assert seen.gpus == [Gpu(name="NVIDIA H100", memory=80 << 30), Gpu(name="NVIDIA L4", memory=24 << 30)]
    assert (seen.gpu_driver, seen.cuda, seen.gpu_note) == ("570.86.15", "12.8", None)


def test_gpu_without_memory_of_its_own_is_told(
    tmp_path: Path, install_driver: Callable[[FakeDriver | None], None]
) -> None:
    driver = FakeDriver()
    driver.memory[1] = 0
    install_driver(driver)
    seen = probe(tmp_path)
    assert [gpu.memory for gpu in seen.gpus] == [80 << 30, 0]
    assert seen.gpu_note == "NVML: a GPU's memory is not told"


@pytest.mark.parametrize("error", [FakeDriver.NVMLError("Driver/library version mismatch"), OSError("broken")])
def test_error_of_the_driver_becomes_the_note(
    tmp_path: Path, install_driver: Callable[[FakeDriver | None], None], error: Exception
) -> None:
    install_driver(FakeDriver(on_init=lambda: raise_error(error)))
    seen = probe(tmp_path)
    assert (seen.gpus, seen.gpu_note) == ([], f"NVML: {error}")


def test_machine_without_driver_misses_nothing(
    tmp_path: Path, install_driver: Callable[[FakeDriver | None], None], driver_file: Path
) -> None:
    missing = FakeDriver.NVMLError_LibraryNotFound("NVML Shared Library Not Found")
    install_driver(FakeDriver(on_init=lambda: raise_error(missing)))
    assert not driver_file.exists()
    assert probe(tmp_path).gpu_note is None


def test_driver_whose_library_is_missing_is_noted(
    tmp_path: Path, install_driver: Callable[[FakeDriver | None], None], driver_file: Path
) -> None:
    driver_file.touch()
    missing = FakeDriver.NVMLError_LibraryNotFound("NVML Shared Library Not Found")
    install_driver(FakeDriver(on_init=lambda: raise_error(missing)))
    assert probe(tmp_path).gpu_note == "NVML: NVML Shared Library Not Found"


@pytest.mark.parametrize("has_driver", [False, True])
def test_missing_binding_is_noted_where_there_is_a_driver(
    tmp_path: Path,
    install_driver: Callable[[FakeDriver | None], None],
    driver_file: Path,
    has_driver: bool,  # noqa: FBT001 - a parametrized case
) -> None:
    install_driver(None)
    if has_driver:
        driver_file.touch()
    note = probe(tmp_path).gpu_note
    expected = "nvidia-ml-py is not installed; pip install 'trackside[gpu]'" if has_driver else None
    assert note == expected


def test_hanging_driver_blocks_nobody_and_is_asked_once(
    tmp_path: Path,
    install_driver: Callable[[FakeDriver | None], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released = threading.Event()
    driver = FakeDriver(on_init=lambda: wait_for(released))
    install_driver(driver)
    try:
        first = start_environment_probe(tmp_path)
        assert first.result(timeout=0) is None
        report = first.result(PATIENCE)
        assert report is not None
        assert report.gpu_note == "the NVIDIA driver did not answer within 2 s"
        monkeypatch.syspath_prepend(tmp_path)  # reads the packages again
        assert probe(tmp_path).gpu_note == report.gpu_note
        assert driver.asked == 1
    finally:
        released.set()


def test_digest_is_of_the_canonical_json(tmp_path: Path) -> None:
    seen = probe(tmp_path)
    assert digest_of(seen) == sha256(encode(seen)).hexdigest()
    assert list(json.loads(encode(seen))) == sorted(json.loads(encode(seen)))


def test_digest_does_not_depend_on_the_order_of_packages() -> None:
    def with_packages(packages: dict[str, str]) -> Environment:
        return Environment(
            python="3.14.0",
            implementation="CPython",
            executable="/usr/bin/python",
            os="Linux",
            machine="x86_64",
            host="here",
            cpu="fast",
            cores=8,
            memory=1 << 34,
            packages=packages,
        )

    one, other = with_packages({"a": "1", "b": "2"}), with_packages({"b": "2", "a": "1"})
    assert digest_of(one) == digest_of(other)
    assert digest_of(one) != digest_of(with_packages({"a": "1", "b": "3"}))


def test_package_installed_between_probes_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site-packages"
    install_package(site, "First_One", "1.0")
    monkeypatch.syspath_prepend(site)
    before = probe(tmp_path)
    assert before.packages["first-one"] == "1.0"

    install_package(site, "second.one", "2.0")

    after = probe(tmp_path)
    assert after.packages["second-one"] == "2.0"
    assert digest_of(after) != digest_of(before)


def test_environment_is_read_once_while_nothing_changes(tmp_path: Path) -> None:
    assert probe(tmp_path) is probe(tmp_path)


def test_first_of_two_versions_on_the_import_path_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, number in (("back", "1.0"), ("front", "2.0")):
        install_package(tmp_path / folder / "site-packages", "twice", number)
        monkeypatch.syspath_prepend(tmp_path / folder / "site-packages")
    assert probe(tmp_path).packages["twice"] == "2.0"


def test_damaged_metadata_costs_only_its_own_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site-packages"
    install_package(site, "whole", "1.0")
    (site / "empty-1.0.dist-info").mkdir()
    (site / "latin-1.0.dist-info").mkdir()
    (site / "latin-1.0.dist-info" / "METADATA").write_bytes(b"Name: latin\nVersion: 1.0\nAuthor: Andr\xe9\n")
    monkeypatch.syspath_prepend(site)
    packages = probe(tmp_path).packages
    assert packages["whole"] == "1.0"
    assert not {"empty", "latin"} & set(packages)


def test_import_path_may_hold_paths_and_folders_that_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, tmp_path, str(tmp_path / "gone" / "site-packages")])
    assert probe(tmp_path).packages


def test_failure_is_told_not_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: raise_error(OSError("no /proc")))
    failed = start_environment_probe(tmp_path)
    assert failed.result(PATIENCE) is None
    assert failed.failure == "it could not be read: OSError: no /proc"


def test_probe_that_gets_no_thread_fails_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = RuntimeError("can't start new thread")
    monkeypatch.setattr(threading.Thread, "start", lambda _: raise_error(error))
    failed = start_environment_probe(tmp_path)
    assert failed.result(PATIENCE) is None
    assert failed.failure == f"it could not be read: RuntimeError: {error}"


FORK_WHILE_THE_PARENT_ASKS = """
import os, sys
from pathlib import Path
from trackside.capture.environment import probe as environment

environment._known._lock.acquire()       # as a thread does that is reading at the moment of the fork
child = os.fork()
if child == 0:
    report = environment.start_environment_probe(Path.cwd()).result(60)
    os._exit(0 if report is not None else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_forked_child_can_ask_while_its_parent_was_asking(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FORK_WHILE_THE_PARENT_ASKS]
    path = os.pathsep.join(filter(None, [str(Path(trackside.__file__).parents[1]), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": path}, check=False, timeout=PATIENCE)
    assert done.returncode == 0


def test_importing_loads_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; import trackside.config, trackside.capture.environment.probe;"
        "print({name.partition('.')[0] for name in sys.modules} & {'msgspec', 'psutil', 'pynvml', 'numpy'})"
    )
    path = str(Path(trackside.__file__).parents[1])
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
