"""The metrics of a cell: what it keeps in names, what its trainings have kept, and what it shows last."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.code.expressions import called_name, name_expression, role_of_call
from trackside.capture.metrics.kept import call_names, is_size, is_time, may_be_metric, read_kept
from trackside.capture.metrics.reports import Record, find_record, name_evaluation
from trackside.capture.metrics.results import Found, read_result
from trackside.capture.metrics.round_series import RoundSeries
from trackside.capture.words.numbers import read_number
from trackside.goals import split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from trackside.capture.code.cell import Binding, Cell


class Before(NamedTuple):
    """What stood in the kernel before the cell ran, and may stand there after it, too: no result of this run.

    Attributes
    ----------
    values
        Numbers and dicts under names that only a branch of the cell binds.
    records
        What objects that the cell uses have kept of earlier trainings.
    """

    values: Mapping[str, Any]
    records: list[Record]


@dataclass
class Meanwhile:
    """What was recorded while the cell ran.

    Attributes
    ----------
    names
        The metrics' names.
    variables
        Variables whose values were recorded, under whatever name.
    records
        What objects had kept of a training before they were trained again.
    ends
        Values that ended a list, or that a cell wrote which logs by itself, by metric: told where nothing else tells.
    rounds
        What libraries printed of each round: told where nothing better tells it.
    """

    names: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    records: list[Record] = field(default_factory=list)
    ends: dict[str, float] = field(default_factory=dict)
    rounds: RoundSeries = field(default_factory=RoundSeries)


class _Reader:
    """Reads metrics from a cell's objects; one that raises when it is looked at costs itself and one line."""

    def __init__(self, cell: Cell, namespace: Mapping[str, Any], meanwhile: Meanwhile) -> None:
        self.cell = cell
        self.namespace = namespace
        self.meanwhile = meanwhile
        self.found = Found()

    def ask(self, name: str, read: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return read(*arguments)
        except Exception as error:  # noqa: BLE001 - an object of the user's
            self.found.problems.append(f"{name} could not be looked at for metrics: {type(error).__name__}")
            return None

    def values(self) -> Mapping[str, Any]:
        """Return what stands under names that only a branch of the cell binds."""
        names = {binding.name for binding in self.cell.bindings if binding.place == "branch"}
        return {name: self.namespace[name] for name in names & self.namespace.keys()}

    def records(self) -> Iterator[tuple[str, Record]]:
        """Yield the names that the cell uses, with what their objects have kept of a training."""
        for name in dict.fromkeys([*(binding.name for binding in self.cell.bindings), *self.cell.uses]):
            if name in self.namespace and (record := self.ask(name, find_record, self.namespace[name])):
                yield name, record

    def read_records(self, result: Any, known: list[Record]) -> None:
        """Add what trainings of this cell have left in their objects.

        Of an object of its own for each round of a loop the last is there; that is better than nothing.
        """
        shown = self.ask("the last line", find_record, result)
        records = [*self.records(), *([("", shown)] if shown else [])]
        in_loops = {binding.name for binding in self.cell.bindings if binding.place == "loop" and binding.value}
        seen = list(known)
        for owner, record in sorted(records, key=lambda owned: owned[0] in in_loops):
            is_enough = owner in in_loops and bool(self.found or self.meanwhile.names)
            if not is_enough and not any(record.is_as(other) for other in seen):
                seen.append(record)
                self._add(self.ask(owner, record.read_since, known), owner)
        for record in self.meanwhile.records:
            self._add_missing(self.ask("a training", record.read_since, known))

    def read_bindings(self, before: Before) -> None:
        """Add what names hold that the cell has bound; those of inner loops last, which are steps on the way."""
        last = {binding.name: binding for binding in self.cell.bindings if may_be_metric(self.cell, binding)}
        for name, binding in sorted(last.items(), key=lambda item: item[1].depth > 1):
            value = self.namespace.get(name)
            is_stale = name in before.values and before.values[name] is value
            is_recorded = name in self.meanwhile.variables | self.meanwhile.names
            is_step = binding.depth > 1 and self._is_told_of(name)
            if name in self.namespace and not (is_stale or is_recorded or is_step):
                self._add(self.ask(name, self._read_binding, binding, value), name)

    def name_averages(self) -> None:
        """Let the mean of scores go by the name that the cell keeps it in: ``cv_mean = scores.mean()``."""
        for binding in self.cell.bindings:
            name = name_expression(binding.value) if isinstance(binding.value, ast.Call) else None
            if name is None or name.text not in self.found.values or binding.name.startswith("_"):
                continue
            if (number := read_number(self.namespace.get(binding.name))) is not None:
                del self.found.values[name.text]
                self.found.values[binding.name] = number

    def read_shown(self, result: Any) -> None:
        """Add what the cell showed last."""
        shown = self.cell.last_expression
        if shown is None or result is None:
            return
        if isinstance(shown, ast.Tuple) and type(result) is tuple and len(result) == len(shown.elts):
            for node, value in zip(shown.elts, result, strict=True):
                self._add(self.ask("the last line", self._read_shown, node, value), role_of_call(node))
        else:
            self._add(self.ask("the last line", self._read_shown, shown, result))

    def _add(self, found: Found | None, owner: str | None = None) -> None:
        """Add what was found; what ``owner`` tells otherwise under a name that is taken goes under its own, too."""
        if found is None:
            return
        new = found.without(self.found)
        superseded = new.histories.keys() - self.found.histories.keys()
        self.found.values = {name: value for name, value in self.found.values.items() if name not in superseded}
        is_taken = bool(owner and new.names & self.found.names)
        self.found |= new.under(owner) if is_taken and owner else new

    def _add_missing(self, found: Found | None) -> None:
        """Add what was found of metrics of which nothing is known yet."""
        if found is not None:
            known = self.found.names
            self.found |= Found(
                {name: value for name, value in found.values.items() if name not in known},
                {name: series for name, series in found.histories.items() if name not in known},
            )

    def read_ends(self) -> None:
        """Add the last values of lists that were not found."""
        self._add_missing(Found(self.meanwhile.ends))

    def read_rounds(self) -> None:
        """Add what libraries printed round by round."""
        self._add(self.meanwhile.rounds.read(self.found))

    def _is_told_of(self, name: str) -> bool:
        """Tell whether a metric is known already that is named like this one: ``train_loss`` for ``loss``."""
        known = self.meanwhile.names | self.found.names
        return any(split_words(other)[-1:] == split_words(name)[-1:] for other in known)

    def _read_binding(self, binding: Binding, value: Any) -> Found:
        return self._evaluated(binding.value, value) or read_kept(self.cell, binding, value)

    def _read_shown(self, node: ast.expr, value: Any) -> Found:
        calls, name = call_names(self.cell, node), name_expression(node)
        if not calls or name is None or is_size(node) or is_time(self.cell, node):
            return Found()
        is_folds = any(call.startswith("cross_val") for call in calls)
        return self._evaluated(node, value) or read_result(name.text, value, is_folds=is_folds)

    def _evaluated(self, node: ast.expr | None, value: Any) -> Found:
        """Return the parts of what ``model.evaluate(…)`` of Keras returned, under their names."""
        if not isinstance(node, ast.Call) or called_name(node) != "evaluate" or not isinstance(value, list):
            return Found()
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        model = self.namespace.get(owner.id) if isinstance(owner, ast.Name) else None
        role = role_of_call(node) or "eval"
        return Found({f"{role}_{name}": number for name, number in name_evaluation(model, value).items()})


def measured_before(cell: Cell, namespace: Mapping[str, Any]) -> Before:
    """Return what stands there before the cell runs."""
    reader = _Reader(cell, namespace, Meanwhile())
    return Before(reader.values(), [record for _, record in reader.records()])


def find_metrics(
    cell: Cell,
    namespace: Mapping[str, Any],
    result: Any,
    before: Before | None = None,
    meanwhile: Meanwhile | None = None,
) -> Found:
    """Return the metrics of a cell that has run.

    Parameters
    ----------
    namespace
        The kernel's names with their values after the cell.
    result
        The value that the cell showed last.
    before
        What `measured_before` found.
    meanwhile
        What was recorded while the cell ran.
    """
    before = before or Before({}, [])
    reader = _Reader(cell, namespace, meanwhile or Meanwhile())
    reader.read_records(result, before.records)
    reader.read_bindings(before)
    reader.name_averages()
    reader.read_shown(result)
    reader.read_ends()
    reader.read_rounds()
    return reader.found
