"""Records the metrics that a tracked cell writes while it runs: ``print(f"loss {loss.item():.3f}")``."""

from __future__ import annotations

import builtins
import inspect
import itertools
import sys
import threading
from typing import TYPE_CHECKING, Any

from trackside.capture.code.callees import calls_log
from trackside.capture.code.modules import is_own_file
from trackside.capture.metrics.listening import Listener
from trackside.capture.metrics.wrapping import find_spots, wrap
from trackside.magic.cell_tree import CellTree
from trackside.tracking import current_run

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable
    from types import FrameType

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.capture.code.cell import Cell
    from trackside.capture.metrics.spots import Spot

HELPER = "__trackside_tell__"

_keys = itertools.count()
_listening: list[PrintedMetrics] = []
_spots: dict[int, tuple[PrintedMetrics, Spot]] = {}


class PrintedMetrics:
    """Listens to one tracked cell, between `start` and `stop`.

    It changes the tree of its own cell only: each place where a metric is written or collected passes it through. Where
    a function of the notebook or a module of the user's own prints, the printed line is read; of what libraries print,
    the lines that tell of a training's rounds.

    What is recorded, and how, is the `listener`'s affair; ``keys`` are those of the places.
    """

    def __init__(self, shell: InteractiveShell, cell: Cell, is_wanted: Callable[[str], bool]) -> None:
        self._shell = shell
        self._tree = CellTree(shell, cell.tree, self._listen_to)
        self._is_empty = cell.tree is None or cell.is_empty
        self._logs = any(callee.purpose == "log" for callee in cell.callees.values())
        self.listener = Listener(shell.user_ns, current_run, is_wanted, reads_output=not self._logs)
        self.keys: list[int] = []
        self._stream: Any = None
        self._write: Any = None

    def start(self, of: PrintedMetrics | None = None) -> None:
        """Begin to listen: before the cell is parsed, or to the places of its code that another has listened to."""
        if self._is_empty:
            return
        setattr(builtins, HELPER, _tell)  # it stays: code that outlives the run may still call it, to no effect
        _listening.append(self)
        if of is None:
            self._tree.start()
        else:
            _spots.update({key: (self, _spots[key][1]) for key in of.keys})
        with self.listener.noting():
            self._stream, self._write = sys.stdout, vars(sys.stdout).get("write")
            self._stream.write = _overhearing(self, self._shell.user_ns, self._stream.write)

    def stop(self) -> None:
        """Stop listening; what is still wrapped passes values through."""
        if self not in _listening:
            return
        _listening.remove(self)
        self._tree.stop()
        if getattr(getattr(self._stream, "write", None), "printed", None) is self:
            del self._stream.write
            vars(self._stream).update({"write": self._write} if self._write else {})
        for key in self.keys:
            del _spots[key]
        self.listener.end()

    def _listen_to(self, tree: ast.Module) -> ast.Module:
        with self.listener.noting():
            for spot in find_spots(tree):
                if spot.depth and self._logs:
                    continue  # the user logs what the loop measures
                key = next(_keys)
                _spots[key] = (self, spot)
                self.keys.append(key)
                wrap(spot, HELPER, key)
        return tree


def _tell(value: Any, key: int, subject: Any = None) -> Any:
    """Pass a value through, and record it where a cell is listened to."""
    heard = _spots.get(key)
    if heard is not None:
        heard[0].listener.hear(heard[1], value, subject)
    return value


def _overhearing(
    printed: PrintedMetrics, namespace: dict[str, Any], write: Callable[[str], int]
) -> Callable[[str], int]:
    """Return ``write``, with the listener overhearing what is printed elsewhere than at the cell's own level."""
    main = threading.main_thread()
    listener = printed.listener

    def overheard(text: str) -> int:
        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        if caller is not None and _listening[-1:] == [printed] and threading.current_thread() is main:
            if not _is_users(caller, namespace):
                listener.overhear_library(text)
            else:
                is_read = not (_is_cell(caller, namespace) or _logs(caller, namespace))
                listener.overhear(text, is_read=is_read)
        return write(text)

    overheard.printed = printed  # type: ignore[attr-defined]  # tells whose it is
    return overheard


def _is_users(frame: FrameType, namespace: dict[str, Any]) -> bool:
    return frame.f_globals is namespace or is_own_file(frame.f_code.co_filename)


def _is_cell(frame: FrameType, namespace: dict[str, Any]) -> bool:
    code = frame.f_code
    is_function = code.co_flags & inspect.CO_NEWLOCALS or is_own_file(code.co_filename)
    return frame.f_globals is namespace and not is_function


def _logs(frame: FrameType | None, namespace: dict[str, Any]) -> bool:
    """Tell whether a function of the user's that is under way logs by itself what it prints."""
    while frame is not None and not _is_cell(frame, namespace):
        if _is_users(frame, namespace) and calls_log(frame.f_code, frame.f_globals):
            return True
        frame = frame.f_back
    return False
