"""Records the metrics that a tracked cell writes while it runs: ``print(f"loss {loss.item():.3f}")``."""

from __future__ import annotations

import ast
import builtins
import inspect
import itertools
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trackside.capture.metrics.find import Meanwhile
from trackside.capture.metrics.labels import find_role
from trackside.capture.metrics.output_text import MAX_TEXT, read_text
from trackside.capture.metrics.reports import find_record
from trackside.capture.metrics.results import read_result
from trackside.capture.metrics.wrapping import find_spots, wrap
from trackside.capture.words.names import is_metric_name
from trackside.goals import ROLES, split_words
from trackside.tracking import current_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.capture.code.cell import Cell
    from trackside.capture.metrics.spots import Spot

HELPER = "__trackside_tell__"
MAX_SUBJECT = 40

_keys = itertools.count()
_listening: list[PrintedMetrics] = []
_spots: dict[int, tuple[PrintedMetrics, Spot]] = {}


class PrintedMetrics(ast.NodeTransformer):
    """Listens to one tracked cell, between `start` and `stop`.

    It stands among IPython's AST transformers and changes the tree of its own cell only: each place where a metric is
    written or collected passes it through. Where a function of the notebook prints, the printed line is read.

    Attributes
    ----------
    heard
        What was recorded.
    notes
        What could not be recorded, and why.
    """

    def __init__(self, shell: InteractiveShell, cell: Cell, is_wanted: Callable[[str], bool]) -> None:
        self.heard = Meanwhile()
        self.notes: list[str] = []
        self._shell = shell
        self._shape = _shape_of(cell.tree)
        self._is_wanted = is_wanted
        self._logs = any(callee.purpose == "log" for callee in cell.callees.values())
        self._own: dict[str, set[str]] = {}
        self._keys: list[int] = []
        self._stream: Any = None
        self._write: Any = None
        self._line = ""
        self._heading: str | None = None

    def start(self) -> None:
        """Begin to listen: before the cell is parsed."""
        if self._shape is None:
            return
        run = current_run()
        if run is not None:
            self._own[run.id] = set(run.latest)  # what a cell before has told of it may be told again
        setattr(builtins, HELPER, _tell)  # it stays: code that outlives the run may still call it, to no effect
        _listening.append(self)
        self._shell.ast_transformers.insert(0, self)
        with self._noting():
            self._stream, self._write = sys.stdout, vars(sys.stdout).get("write")
            self._stream.write = _overhearing(self, self._shell.user_ns, self._stream.write)

    def stop(self) -> None:
        """Stop listening; what is still wrapped passes values through."""
        if self not in _listening:
            return
        _listening.remove(self)
        self._shell.ast_transformers[:] = [t for t in self._shell.ast_transformers if t is not self]
        if getattr(getattr(self._stream, "write", None), "listener", None) is self:
            del self._stream.write
            vars(self._stream).update({"write": self._write} if self._write else {})
        for key in self._keys:
            del _spots[key]

    def visit(self, node: ast.AST) -> Any:
        """Return the tree that IPython is about to run, listened to if it is this cell's."""
        if isinstance(node, ast.Module) and _shape_of(node) == self._shape:
            with self._noting():
                self._listen_to(node)
        return node

    def _listen_to(self, tree: ast.Module) -> None:
        for spot in find_spots(tree):
            if spot.depth and self._logs:
                continue  # the user logs what the loop measures
            key = next(_keys)
            _spots[key] = (self, spot)
            self._keys.append(key)
            wrap(spot, HELPER, key)

    def hear(self, spot: Spot, value: Any, subject: Any) -> None:
        """Record a value that is being written."""
        with self._noting():
            if spot.kind == "training":
                self._look_at(spot.variable or "")
                return
            name = _name(spot, subject)
            if name is None:
                return
            if spot.kind == "report":
                found = {n: v for n, v in read_text(value).items() if n == name} if isinstance(value, str) else {}
            else:
                found = {name: value} if type(value) is float else read_result(name, value).values
            if spot.kind == "end":
                self.heard.ends.update(found)
            elif self._record(found) and spot.variable is not None:
                self.heard.variables.add(spot.variable)

    def overhear(self, text: str, *, is_function: bool) -> None:
        """Record what a function of the notebook prints; what the cell itself prints may be a heading to it.

        Calls of ``print`` write piece by piece.
        """
        with self._noting():
            self._line += text
            if text.endswith(("\n", "\r")) or len(self._line) > MAX_TEXT:
                line, self._line = self._line, ""
                found = read_text(line) if is_function and not self._logs else {}
                self._record({self._below_heading(name): value for name, value in found.items()})
                if not found and any(letter.isalpha() for letter in line):
                    self._heading = find_role(line)

    def _below_heading(self, name: str) -> str:
        is_complete = self._heading is None or not ROLES.isdisjoint(split_words(name))
        return name if is_complete else f"{self._heading}.{name}"

    def _look_at(self, owner: str) -> None:
        """Remember what an object has kept of a training, before it is trained or tested again."""
        record = find_record(self._shell.user_ns.get(owner))
        if record is not None:
            self.heard.records.append(record)

    def _record(self, found: dict[str, float]) -> bool:
        """Log to the current run what the user does not log there by themselves."""
        run = current_run()
        if run is None or not found:
            return False
        own = self._own.setdefault(run.id, set())
        new = {n: v for n, v in found.items() if (n in own or n not in run.latest) and self._is_wanted(n)}
        for name, value in new.items():
            run.log({name: value})
        own.update(new)
        self.heard.names.update(new)
        return bool(new)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            note = f"a printed metric could not be kept: {type(error).__name__}: {' '.join(str(error).split())}"
            if note not in self.notes:
                self.notes.append(note)


def _tell(value: Any, key: int, subject: Any = None) -> Any:
    """Pass a value through, and record it where a cell is listened to."""
    heard = _spots.get(key)
    if heard is not None:
        heard[0].hear(heard[1], value, subject)
    return value


def _name(spot: Spot, subject: Any) -> str | None:
    """Return the name of what is written, with the text before it that says whose it is."""
    if type(subject) is not str or not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
        return spot.name
    if spot.name is None:
        return subject if is_metric_name(subject) else None
    return f"{subject}_{spot.name}" if subject.lower() in ROLES else f"{subject}.{spot.name}"


def _shape_of(tree: ast.Module | None) -> list[tuple[type, int, int | None, int, int | None]] | None:
    """Return by what to tell a cell's tree from others: its statements and where each stands."""
    if tree is None or not tree.body:
        return None
    first = tree.body[0].lineno  # below ``%%time`` it counts from another line
    return [
        (type(s), s.lineno - first, s.end_lineno and s.end_lineno - first, s.col_offset, s.end_col_offset)
        for s in tree.body
    ]


def _overhearing(
    listener: PrintedMetrics, namespace: dict[str, Any], write: Callable[[str], int]
) -> Callable[[str], int]:
    """Return ``write``, with ``listener`` overhearing what functions of the notebook print."""
    main = threading.main_thread()

    def overheard(text: str) -> int:
        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        if (
            caller is not None
            and caller.f_globals is namespace
            and _listening[-1:] == [listener]
            and threading.current_thread() is main
        ):
            listener.overhear(text, is_function=bool(caller.f_code.co_flags & inspect.CO_NEWLOCALS))
        return write(text)

    overheard.listener = listener  # type: ignore[attr-defined]  # tells whose it is
    return overheard
