"""What the machine and this process are doing now: CPU, memory, GPUs."""

from __future__ import annotations

import importlib
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from trackside.goals import SYSTEM_PREFIX
from trackside.locks import after_fork_in_child

if TYPE_CHECKING:
    from collections.abc import Callable

_MILLI = 1000


class Load:
    """Measures; the CPU's load is that since the last time.

    Examples
    --------
    >>> sorted(Load().measure())
    ['system/cpu', 'system/memory', 'system/process_cpu', 'system/rss']
    """

    def __init__(self) -> None:
        import psutil

        self._psutil = psutil
        self._process = psutil.Process()
        self._process.cpu_percent()
        psutil.cpu_percent()

    def measure(self) -> dict[str, float]:
        """Return what can be told: percent of all cores, of one core, of the memory; bytes; of each GPU its own.

        GPUs are told from the second time on, and only while their driver answers.
        """
        values = _gpus.latest()
        with suppress(self._psutil.Error, OSError):
            values |= {
                "cpu": self._psutil.cpu_percent(),
                "process_cpu": self._process.cpu_percent(),
                "rss": float(self._process.memory_info().rss),
                "memory": self._psutil.virtual_memory().percent,
            }
        return {f"{SYSTEM_PREFIX}{name}": value for name, value in sorted(values.items())}


class GpuLoad:
    """Asks NVIDIA's driver, in a thread of its own that never answers where the driver does not."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._answer: dict[str, float] = {}
        self._thread = threading.Thread(target=self._answer_all, name="trackside-gpu-load", daemon=True)
        with suppress(RuntimeError):  # no more threads
            self._thread.start()
        self._wanted.set()

    def latest(self) -> dict[str, float]:
        """Return what was measured since the last call, nothing if the driver has not answered; never waits."""
        answer, self._answer = self._answer, {}
        self._wanted.set()
        return dict(answer)

    def _answer_all(self) -> None:
        try:
            nvml: Any = importlib.import_module("pynvml")
            nvml.nvmlInit()
            handles = [nvml.nvmlDeviceGetHandleByIndex(index) for index in range(nvml.nvmlDeviceGetCount())]
        except Exception:  # noqa: BLE001 - no driver, no binding, or a sick one: the environment's record says which
            return
        while handles:
            self._wanted.wait()
            self._wanted.clear()
            self._answer = {
                f"gpu{index}/{name}": value
                for index, handle in enumerate(handles)
                for name, value in _measure_gpu(nvml, handle).items()
            }


class _OneGpuLoad:
    """The one of this process: its thread never ends where there are GPUs."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, as in a forked child, where the thread is not."""
        self._lock = threading.Lock()
        self._load: GpuLoad | None = None

    def latest(self) -> dict[str, float]:
        """Return what `GpuLoad.latest` does; what answers is made at the first call."""
        with self._lock:
            self._load = self._load or GpuLoad()
        return self._load.latest()


_gpus = _OneGpuLoad()
after_fork_in_child(_gpus.forget)


def _measure_gpu(nvml: Any, handle: Any) -> dict[str, float]:
    """Return load (percent), memory (bytes), power (watts) and temperature (degrees Celsius), as far as it tells."""
    questions: dict[str, Callable[[], float]] = {
        "load": lambda: float(nvml.nvmlDeviceGetUtilizationRates(handle).gpu),
        "memory": lambda: float(nvml.nvmlDeviceGetMemoryInfo(handle).used),
        "power": lambda: nvml.nvmlDeviceGetPowerUsage(handle) / _MILLI,
        "temperature": lambda: float(nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU)),
    }
    values: dict[str, float] = {}
    for name, ask in questions.items():
        with suppress(Exception):  # a GPU need not have them all, and a driver may be sick
            values[name] = ask()
    return values
