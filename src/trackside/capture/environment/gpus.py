"""The graphics processors of this machine, as NVIDIA's driver tells them."""

from __future__ import annotations

import importlib
import queue
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from trackside.records import Gpu

DRIVER_SECONDS = 2.0

_DRIVER_FILES = (Path("/dev/nvidiactl"), Path("/proc/driver/nvidia/version"))


class GpuFacts(NamedTuple):
    """What the driver said; ``note`` says why facts are missing where a driver was expected."""

    gpus: tuple[Gpu, ...] = ()
    driver: str | None = None
    cuda: str | None = None
    note: str | None = None


def capture_gpus(timeout: float = DRIVER_SECONDS) -> GpuFacts:
    """Ask NVIDIA's driver for the machine's GPUs, in a thread of its own: a sick driver may never answer.

    Parameters
    ----------
    timeout
        Seconds to wait for the answer.
    """
    answers: queue.SimpleQueue[GpuFacts] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_ask_driver()), name="trackside-gpus", daemon=True).start()
    try:
        return answers.get(timeout=timeout)
    except queue.Empty:
        return GpuFacts(note=f"the NVIDIA driver did not answer within {timeout:g} s")


def _ask_driver() -> GpuFacts:
    try:
        nvml: Any = importlib.import_module("pynvml")
    except ImportError:
        return GpuFacts(note=_missing("nvidia-ml-py is not installed; pip install 'trackside[gpu]'"))
    try:
        nvml.nvmlInit()
        try:
            return _read_facts(nvml)
        finally:
            nvml.nvmlShutdown()
    except nvml.NVMLError_LibraryNotFound as error:
        return GpuFacts(note=_missing(f"NVML: {error}"))
    except Exception as error:  # noqa: BLE001 - whatever a driver's binding raises is told as the note
        return GpuFacts(note=f"NVML: {error}")


def _missing(reason: str) -> str | None:
    """Return the reason only where there is a driver to ask: most machines have none, and miss nothing."""
    return reason if any(file.exists() for file in _DRIVER_FILES) else None


def _read_facts(nvml: Any) -> GpuFacts:
    from trackside.records import Gpu

    handles = [nvml.nvmlDeviceGetHandleByIndex(index) for index in range(nvml.nvmlDeviceGetCount())]
    gpus = tuple(Gpu(name=nvml.nvmlDeviceGetName(each), memory=_read_memory(nvml, each)) for each in handles)
    cuda = nvml.nvmlSystemGetCudaDriverVersion()
    return GpuFacts(
        gpus=gpus,
        driver=nvml.nvmlSystemGetDriverVersion(),
        cuda=f"{cuda // 1000}.{cuda % 1000 // 10}",
        note=None if all(gpu.memory for gpu in gpus) else "NVML: a GPU's memory is not told",
    )


def _read_memory(nvml: Any, handle: Any) -> int:
    """Return a GPU's memory in bytes; 0 where it has none of its own (it shares the machine's)."""
    try:
        return int(nvml.nvmlDeviceGetMemoryInfo(handle).total)
    except nvml.NVMLError_NotSupported:
        return 0
