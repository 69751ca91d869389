"""What decides whether a computation gives the same again: read from libraries that are loaded, and never loads one.

Of a library's settings only those are listed that are not at their default, so that a library which is merely imported
makes no difference.
"""

from __future__ import annotations

import operator
import os
import sys
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from trackside.capture.words.secrets import redact_named
from trackside.left_out import LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterable

_VARIABLES = (
    "PYTHONHASHSEED CUBLAS_WORKSPACE_CONFIG TF_DETERMINISTIC_OPS TF_CUDNN_DETERMINISTIC XLA_FLAGS"
    " OMP_NUM_THREADS MKL_NUM_THREADS OPENBLAS_NUM_THREADS NUMEXPR_NUM_THREADS VECLIB_MAXIMUM_THREADS"
).split()

_USUAL_IN_TORCH = {
    "backends.cudnn.deterministic": False,
    "backends.cudnn.benchmark": False,
    "backends.cuda.matmul.allow_tf32": False,
    "are_deterministic_algorithms_enabled": False,
    "get_float32_matmul_precision": "highest",
}

_threads: tuple[int, dict[str, int]] = (0, {})
"""How many modules were loaded when the threads were asked for, and what was told."""

LONGEST_VALUE = 1000
"""Characters of a variable that are kept."""


def read_switches() -> dict[str, str]:
    """Return what of this process makes a computation repeatable, or not, by name; sorted."""
    switches = {name: os.environ[name][:LONGEST_VALUE] for name in _VARIABLES if name in os.environ}
    return dict(sorted({**switches, **_read_torch()}.items()))


def read_variables(patterns: Iterable[str], never: Iterable[str] = ()) -> dict[str, str]:
    """Return the environment variables with these names, likely secrets redacted, sorted.

    Parameters
    ----------
    patterns
        Names, or patterns of them: ``"SLURM_*"``.
    never
        Names and patterns that are left out all the same.
    """
    asked = set(patterns)
    open_ended = [pattern for pattern in asked if not _is_plain(pattern)]
    wanted = {name for name in asked if name in os.environ} | {name for name in os.environ if _fits(name, open_ended)}
    unwanted = LeftOut(never)
    return {
        name: redact_named(name, os.fsencode(os.environ[name]).decode("utf-8", "replace")[:LONGEST_VALUE])
        for name in sorted(wanted)
        if name not in unwanted
    }


def read_threads() -> dict[str, int]:
    """Return how many threads the loaded libraries use, by library, where threadpoolctl is loaded to tell it.

    It looks through all libraries of the process, so it is asked again only once more modules have been imported.
    """
    global _threads  # noqa: PLW0603 - what one process has loaded
    controller: Any = sys.modules.get("threadpoolctl")
    if controller is None:
        return {}
    if _threads[0] != len(sys.modules):
        _threads = len(sys.modules), _ask_threads(controller)
    return _threads[1]


def _ask_threads(controller: Any) -> dict[str, int]:
    try:
        told = controller.threadpool_info()
        return {str(pool["internal_api"]): int(pool["num_threads"]) for pool in reversed(told)}
    except Exception:  # noqa: BLE001 - a library of any version, asked at any time
        return {}


def read_blas() -> str | None:
    """Return name and version of the library that NumPy computes with, if NumPy is loaded."""
    config: Any = sys.modules.get("numpy.__config__")
    try:
        blas = config.CONFIG["Build Dependencies"]["blas"]
        return f"{blas['name']} {blas.get('version', '')}".strip()
    except (AttributeError, KeyError, TypeError):  # not loaded, or another NumPy
        return None


def _is_plain(pattern: str) -> bool:
    return not any(sign in pattern for sign in "*?[")


def _fits(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _read_torch() -> dict[str, str]:
    torch: Any = sys.modules.get("torch")
    told = {} if torch is None else {name: _ask(torch, name, usual) for name, usual in _USUAL_IN_TORCH.items()}
    return {f"torch.{name}": text for name, text in told.items() if text}


def _ask(library: Any, name: str, usual: Any) -> str:
    """Return a setting as text; none where it is the usual one, or cannot be had, as while the library is imported."""
    try:
        answer = operator.attrgetter(name)(library)
        answer = answer() if callable(answer) else answer
    except Exception:  # noqa: BLE001 - a library of any version, asked at any time
        return ""
    return "" if answer == usual else str(answer)
