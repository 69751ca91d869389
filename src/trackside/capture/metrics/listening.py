"""Hears the metrics that a cell tells while it runs, at the places found in its code and in what it prints."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trackside.capture.metrics.find import Meanwhile
from trackside.capture.metrics.labels import find_role
from trackside.capture.metrics.output_text import MAX_TEXT, read_text
from trackside.capture.metrics.points import Points, device_scalar
from trackside.capture.metrics.reports import find_record
from trackside.capture.metrics.results import read_result
from trackside.capture.metrics.round_lines import RoundLines
from trackside.capture.words.names import is_metric_name
from trackside.goals import ROLES, split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from trackside.capture.metrics.points import Log
    from trackside.capture.metrics.round_lines import Round
    from trackside.capture.metrics.spots import Spot

MAX_SUBJECT = 40


class Listener:
    """Records what one cell tells.

    Parameters
    ----------
    namespace
        The kernel's names.
    current_run
        Gives the run that metrics belong to at the moment, if there is one.
    is_wanted
        Tells whether a metric of a name is to be kept.
    reads_output
        Whether metrics are recorded as they are printed. Where the cell logs by itself, its end tells what it printed
        and has not logged.

    Attributes
    ----------
    heard
        What was recorded.
    notes
        What could not be recorded, and why.
    """

    def __init__(
        self,
        namespace: Mapping[str, Any],
        current_run: Callable[[], Log | None],
        is_wanted: Callable[[str], bool],
        *,
        reads_output: bool,
    ) -> None:
        self.heard = Meanwhile()
        self.notes: list[str] = []
        self._namespace = namespace
        self._current_run = current_run
        self._is_wanted = is_wanted
        self._reads_output = reads_output
        run = current_run()
        self._points = Points(run)
        self._told_before = {(run.id, name) for name in run.latest} if run else set()  # it may be told again
        self._own: set[tuple[str, str]] = set()
        self._line = ""
        self._heading: str | None = None
        self._run = run
        self._round_lines = RoundLines()

    def hear(self, spot: Spot, value: Any, subject: Any = None) -> None:
        """Record a value that is being written; ``subject`` is what is written before it and says whose it is."""
        try:
            self._hear(spot, value, subject)
        except Exception as error:  # noqa: BLE001 - an object of the user's; tracking must not cost their cell
            self._note(error)

    def overhear(self, text: str, *, is_read: bool) -> None:
        """Record what a function of the user's prints; what is not to be read may be a heading to it.

        Calls of ``print`` write piece by piece.
        """
        with self.noting():
            self._line += text
            if text.endswith(("\n", "\r")) or len(self._line) > MAX_TEXT:
                line, self._line = self._line, ""
                found = read_text(line) if is_read and self._reads_output else {}
                self._record({self._below_heading(name): value for name, value in found.items()})
                if not found and any(letter.isalpha() for letter in line):
                    self._heading = find_role(line)

    def overhear_library(self, text: str) -> None:
        """Note what a library prints of the rounds of a training.

        It waits for the cell's end: what the library keeps of the training is more exact. A run within the cell gets
        it at once.
        """
        try:
            told = self._round_lines.read(text) if self._reads_output else None
            if told is not None:
                self._record_round(told)
        except Exception as error:  # noqa: BLE001 - tracking must not cost the user's cell
            self._note(error)

    def end(self) -> None:
        """Write what still waits to be written."""
        with self.noting():
            self._points.flush()

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what goes wrong, and go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            self._note(error)

    def _note(self, error: Exception) -> None:
        note = f"a printed metric could not be kept: {type(error).__name__}: {' '.join(str(error).split())}"
        if note not in self.notes:
            self.notes.append(note)

    def _hear(self, spot: Spot, value: Any, subject: Any) -> None:
        if spot.kind == "training":
            self._look_at(spot.variable or "")
            return
        name = _name(spot, subject)
        if name is None:
            return
        if spot.kind == "report":
            found = {n: v for n, v in read_text(value).items() if n == name} if isinstance(value, str) else {}
        elif type(value) is float:
            found = {name: value}
        elif spot.kind != "end" and self._reads_output and (scalar := device_scalar(value)) is not None:
            found = {name: scalar}
        else:
            found = read_result(name, value).values
        if spot.kind == "end":
            self.heard.ends.update(found)
        elif self._record(found) and spot.variable is not None:
            self.heard.variables.add(spot.variable)

    def _below_heading(self, name: str) -> str:
        is_complete = self._heading is None or not ROLES.isdisjoint(split_words(name))
        return name if is_complete else f"{self._heading}.{name}"

    def _look_at(self, owner: str) -> None:
        """Remember what an object has kept of a training, before it is trained or tested again."""
        record = find_record(self._namespace.get(owner))
        if record is not None:
            self.heard.records.append(record)

    def _record_round(self, told: Round) -> None:
        run = self._current_run()
        if run is self._run and run is not None:
            self.heard.rounds.add(told)
        elif run is not None and not told.is_best:
            run.log({name: value for name, value in told.values.items() if self._is_ours(run, name)}, step=told.step)

    def _record(self, found: Mapping[str, Any]) -> bool:
        """Log to the current run what the user does not log there by themselves."""
        run = self._current_run()
        if run is None:
            return False
        if not self._reads_output:  # the user may log it yet
            self.heard.ends.update(found if run is self._run else {})
            return True
        recorded = [name for name, value in found.items() if self._take(run, name, value)]
        return bool(recorded)

    def _take(self, run: Log, name: str, value: Any) -> bool:
        if not self._is_ours(run, name):
            return False
        self.heard.names.add(name)
        self._points.add(run, name, value)
        return True

    def _is_ours(self, run: Log, name: str) -> bool:
        """Tell whether a metric is to be recorded, which the user does not log by themselves."""
        own = (run.id, name)
        if own not in self._own:
            is_the_users = name in run.latest and own not in self._told_before
            if is_the_users or not self._is_wanted(name):
                return False
            self._own.add(own)
        return True


def _name(spot: Spot, subject: Any) -> str | None:
    """Return the name of what is written, with the text before it that says whose it is."""
    if type(subject) is not str or not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
        return spot.name
    if spot.name is None:
        return subject if is_metric_name(subject) else None
    return f"{subject}_{spot.name}" if subject.lower() in ROLES else f"{subject}.{spot.name}"
