"""What a tracked cell's code and values tell: params before it runs, params, data and metrics after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from trackside.capture.data.datasets import DataCapture
from trackside.capture.metrics import find_metrics, measured_before
from trackside.capture.metrics.results import Found
from trackside.capture.params import created_params, find_params
from trackside.capture.params.values import simple_params
from trackside.capture.words.numbers import read_number
from trackside.errors import suggest
from trackside.left_out import NOTHING, LeftOut

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from trackside.capture.code.cell import Cell
    from trackside.capture.data.datasets import Depth
    from trackside.capture.metrics import Meanwhile
    from trackside.capture.metrics.find import Before
    from trackside.magic.options import Options
    from trackside.model import Param
    from trackside.tracking import Run


class CellCapture:
    """Captures one cell.

    Parameters
    ----------
    namespace
        The kernel's names.
    left_out
        What nobody wants to see.
    known_params
        Of a run that the cell adds to, the keys that it has already and which stay as they are. Then only what the cell
        itself sets by name counts, and what was asked for: what it reads or calls may be another run's model.
    data_depth
        How much of its data is looked at; see `DataCapture`.

    Attributes
    ----------
    data
        The data that the cell reads and makes.
    notes
        What was asked for and not found.
    """

    def __init__(
        self,
        cell: Cell,
        namespace: Mapping[str, Any],
        options: Options,
        *,
        left_out: LeftOut = NOTHING,
        known_params: Collection[str] | None = None,
        data_depth: Depth = "content",
    ) -> None:
        self.notes: list[str] = []
        self._cell = cell
        self._namespace = namespace
        self._options = options
        self._left_out = left_out
        self.data = DataCapture(cell, namespace, lambda name: name not in left_out, data_depth)
        self._known_params = known_params
        self._before: Before | None = None

    def look_before(self, declared: Collection[str]) -> list[Param]:
        """Return the params of the cell, which is about to run; ``declared`` are the notebook's own parameters."""
        self._before = measured_before(self._cell, self._namespace)
        with_context = self._options.with_context
        found = find_params(self._cell, self._namespace, with_context=with_context, declared=declared)
        if self._options.params is None:
            return self._wanted(found)
        chosen: list[Param] = []
        for name in self._options.params:
            matches = [p for p in found if _goes_by(p, name)]
            if not matches and name in self._namespace:
                matches = simple_params(name, self._namespace[name], "context")
            if not matches:
                self.notes.append(_not_found("param", name, [p.key for p in found]))
            chosen += matches
        return self._wanted(chosen)

    def params_after(self, result: Any, known: Iterable[Param]) -> list[Param]:
        """Return the params that show only after the cell: settings of what it made."""
        created = created_params(self._cell, self._namespace, result, known)
        wanted = self._options.params
        return self._wanted([p for p in created if wanted is None or any(_goes_by(p, name) for name in wanted)])

    def log_metrics(self, run: Run, result: Any, meanwhile: Meanwhile | None) -> None:
        """Log what the cell found out and did not log itself, and what was not recorded ``meanwhile``."""
        found = find_metrics(self._cell, self._namespace, result, self._before, meanwhile)
        self.notes += found.problems
        for name in self._options.metrics or ():
            if name not in found.names and (number := read_number(self._namespace.get(name))) is not None:
                found.values[name] = number
            if name not in found.names and name not in run.latest:
                self.notes.append(_not_found("metric", name, [*found.names, *run.latest]))
        self._log(run, found)

    def log_rounds(self, run: Run, meanwhile: Meanwhile) -> None:
        """Log what libraries printed of a training that the cell did not come to the end of."""
        self._log(run, meanwhile.rounds.read(Found()))

    def _log(self, run: Run, found: Found) -> None:
        new = [name for name in found.names if name not in run.latest and self.is_wanted_metric(name)]
        for name in new:
            if name in found.histories:
                run.log_history(found.histories[name].steps, **{name: found.histories[name].values})
        run.log({name: value for name, value in found.values.items() if name in new and name not in run.latest})

    def is_wanted_metric(self, name: str) -> bool:
        """Tell whether a metric that was found is to be kept."""
        if self._options.metrics is not None:
            return name in self._options.metrics
        return name not in self._left_out

    def _wanted(self, params: list[Param]) -> list[Param]:
        if self._options.params is None:
            params = [
                replace(param, value=_without(param.value, self._left_out))
                for param in params
                if param.key not in self._left_out
            ]
        if self._known_params is None:
            return params
        is_asked = self._options.params is not None
        return [p for p in params if p.key not in self._known_params and (is_asked or p.origin == "cell")]


def _without(value: Any, left_out: LeftOut) -> Any:
    """Return a param's value without the fields that are left out."""
    if isinstance(value, dict):
        return {key: _without(each, left_out) for key, each in value.items() if key not in left_out}
    return [_without(each, left_out) for each in value] if isinstance(value, list) else value


def _goes_by(param: Param, name: str) -> bool:
    """Tell whether a param is meant by a name: its key, or one part of it."""
    return name == param.key or name in param.key.split(".")


def _not_found(kind: str, name: str, known: list[str]) -> str:
    found = ", ".join(known[:8]) or "none"
    return f"no {kind} {name!r} in this cell; found {found}.{suggest(name, known)}"
