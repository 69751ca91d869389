"""Runs a case for real: an IPython shell with Trackside loaded, a store of its own, a process of its own."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from inspect import get_annotations, isgenerator
from multiprocessing import forkserver, get_context
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from tests.corpus.cases import Case

    Patches = Sequence[tuple[str, Any]]

SECONDS = 300.0
"""How long a case may take, all in all."""

_SECONDS_TO_END = 10.0

_ENVIRONMENT = {
    "MPLBACKEND": "Agg",
    "KERAS_BACKEND": "torch",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",  # two cases run side by side
    "TRACKSIDE_EXPERIMENT": "corpus",
    "TRACKSIDE_SYSTEM": "0",
}
_IMPORT = re.compile(r"^(?:import|from) ([\w.]+)", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """The params and metrics that the store has of a case's first run, and how a cell failed, if one did.

    ``touched`` are the functions, of those that were watched, without which something could have been otherwise.
    """

    params: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    error: str | None = None
    touched: frozenset[str] = frozenset()


def run_cases(cases: Sequence[Case], patches: Patches = (), watched: Patches = ()) -> Iterator[Found]:
    """Run cases side by side, one for each core, and yield what was found in their order.

    Parameters
    ----------
    cases
        Cases whose libraries are installed.
    patches
        Names of functions, ``"trackside.capture.words.names.is_place"``, with what stands in for each.
    watched
        Likewise, but they only are looked at: whether the stand-in would ever have given something else.
    """
    context = get_context("forkserver")  # it imports the libraries once, and every case is forked from there
    context.set_forkserver_preload([__name__, "trackside.magic", "trackside.collection", *_imports(cases)])
    with patch.dict(os.environ, _ENVIRONMENT):
        forkserver.ensure_running()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(partial(_run_apart, patches, watched), cases)


def _imports(cases: Sequence[Case]) -> list[str]:
    return sorted({module for case in cases for cell in case.cells for module in _IMPORT.findall(cell)})


def _run_apart(patches: Patches, watched: Patches, case: Case) -> Found:
    context = get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # a helper may still be at its store
        process = context.Process(target=_answer, args=(theirs, case, folder, patches, watched))
        process.start()
        theirs.close()
        try:
            found: Found = ours.recv() if ours.poll(SECONDS) else Found(error=f"not done after {SECONDS:.0f} s")
        except EOFError:
            found = Found(error="the process ended before its time")
        process.join(_SECONDS_TO_END if found.error is None else 0)
        process.kill()
        process.join()
    return found


def _answer(answer: Connection, case: Case, folder: str, patches: Patches, watched: Patches) -> None:
    for name in [name for name in os.environ if name.startswith("TRACKSIDE_")]:
        del os.environ[name]
    os.environ |= _ENVIRONMENT | {"TRACKSIDE_STORE": f"{folder}/.trackside", "IPYTHONDIR": f"{folder}/ipython"}
    os.chdir(folder)
    sys.path.insert(0, folder)  # as a kernel has its notebook's
    _silence()
    try:
        found = _run(case, Path(folder) / ".trackside", patches, watched)
    except Exception:  # noqa: BLE001 - it is handed on
        found = Found(error=traceback.format_exc())
    answer.send(found)


def _silence() -> None:
    """Send what the cells print nowhere, also what libraries print past Python."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def _run(case: Case, store: Path, patches: Patches, watched: Patches) -> Found:
    from IPython.core.interactiveshell import InteractiveShell

    from trackside.lookup import EVERYTHING, runs
    from trackside.magic import load_ipython_extension
    from trackside.store.store import Store

    shell = InteractiveShell.instance()
    load_ipython_extension(shell)
    touched: set[str] = set()
    with ExitStack() as patched:
        for name, stand_in in patches:
            _replace(patched, name, stand_in)
        for name, stand_in in watched:
            _watch(patched, name, stand_in, touched)
        for cell in case.cells:
            result = shell.run_cell(cell, store_history=True)  # type: ignore[no-untyped-call]  # IPython's
            if not result.success:
                error = result.error_before_exec or result.error_in_exec
                return Found(error="".join(traceback.format_exception(error)))
    Store(store).refresh(SECONDS)
    first = runs(store=store, experiment=EVERYTHING)[-1]
    return Found(first.params[0], first.metrics[0], touched=frozenset(touched))


def _replace(patched: ExitStack, name: str, stand_in: Any) -> None:
    """Replace a function where it is defined, and where other modules have imported it."""
    original, last_name = resolve_name(name), name.rpartition(".")[2]
    patched.enter_context(patch(name, stand_in))
    for module in list(sys.modules.values()):
        if vars(module).get(last_name) is original:
            patched.enter_context(patch.object(module, last_name, stand_in))


def _watch(patched: ExitStack, name: str, stand_in: Any, touched: set[str]) -> None:
    """Note in ``touched`` whether a function ever gives something else than its stand-in would.

    What returns nothing is called for what it does, and so any call counts; what is no function counts, too.
    """
    original = resolve_name(name)
    if not callable(original):
        touched.add(name)
        return
    is_procedure = get_annotations(original).get("return") == "None"

    def watching(*args: Any, **kwargs: Any) -> Any:
        result, is_same = None, False
        try:
            result = original(*args, **kwargs)
            result = list(result) if isgenerator(result) else result
            other = stand_in(*args, **kwargs)
            is_same = not is_procedure and type(result) is type(other) and bool(result == other)
        finally:
            if not is_same:
                touched.add(name)
        return result

    _replace(patched, name, watching)
