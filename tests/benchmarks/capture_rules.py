"""The rules of capture that earn their place, and how each is taken away for `tests.benchmarks.bench_capture`.

No switch for this stands in the product: the functions that keep a rule are replaced, by name, in the process of a
case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.code.signatures import Inputs
from trackside.capture.metrics.results import Found

if TYPE_CHECKING:
    from collections.abc import Sequence


class Rule(NamedTuple):
    """A rule in words, the functions that keep it, as names below ``trackside``, and what stands in for each."""

    words: str
    functions: str
    stand_in: Any

    @property
    def patches(self) -> list[tuple[str, Any]]:
        """The full names, each with what stands in."""
        return [(f"trackside.{function}", self.stand_in) for function in self.functions.split()]


def nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


def none_found(*_args: Any, **_kwargs: Any) -> list[Any]:
    return []


def no_names(*_args: Any, **_kwargs: Any) -> dict[str, Any]:
    return {}


def no_metrics(*_args: Any, **_kwargs: Any) -> Found:
    return Found()


def no_inputs(*_args: Any, **_kwargs: Any) -> Inputs:
    return Inputs((), {})


def no(*_args: Any, **_kwargs: Any) -> bool:
    return False


def yes(*_args: Any, **_kwargs: Any) -> bool:
    return True


def no_labels(pieces: Sequence[str | None], *_args: Any) -> list[None]:
    return [None for piece in pieces if piece is None]


PARAMS = (
    Rule("literal arguments of calls", "capture.params.arguments.call_params", none_found),
    Rule("arguments by position, defaults of own functions", "capture.params.arguments._inputs", no_inputs),
    Rule("seeds set by calls", "capture.params.arguments._seeds", none_found),
    Rule("names assigned to constants", "capture.params.find._cell_params", none_found),
    Rule("rounds of loops, and what they try", "capture.params.loops.loop_params", none_found),
    Rule("names that the cell only reads", "capture.params.find._context", no_names),
    Rule("names read in functions of other cells", "capture.code.elsewhere.definitions_elsewhere", none_found),
    Rule("config objects field by field", "capture.params.configs.fields_of", nothing),
    Rule("settings of objects made before", "capture.params.objects.told_params", none_found),
    Rule("settings of what the cell has made", "capture.params.created.created_params", none_found),
    Rule("not: arguments of calls that do no work", "capture.code.callees.Callee.purpose", "work"),
    Rule("not: how a metric is counted", "capture.code.callees._is_of_metrics", no),
    Rule("not: what is only for the eyes", "capture.words.names.is_for_the_eyes", no),
    Rule("not: the form of data", "capture.words.names.is_plumbing", no),
    Rule("not: places of files", "capture.words.names.is_place", no),
    Rule("not: counters and collections", "capture.params.find._is_running_total", no),
    Rule("not: results of cells before", "capture.params.find._is_result", no),
    Rule("not: facts about the data", "capture.params.find._is_about_data", no),
)

METRICS = (
    Rule("what trained objects have kept", "capture.metrics.reports.find_record", nothing),
    Rule("results that names hold", "capture.metrics.find._Reader._read_binding", no_metrics),
    Rule("dicts of results", "capture.metrics.results._read_mapping", no_metrics),
    Rule("folds' scores as mean and deviation", "capture.metrics.kept._is_of_folds", no),
    Rule("the result shown last", "capture.metrics.find._Reader._read_shown", no_metrics),
    Rule("what the cell prints and collects", "capture.metrics.wrapping.find_spots", none_found),
    Rule("names by the text before a value", "capture.metrics.labels.name_places", no_labels),
    Rule("what functions of the user's print", "capture.metrics.listening.Listener.overhear", nothing),
    Rule("modules of the user's own among them", "capture.code.modules.is_own_file", no),
    Rule("rounds that libraries print", "capture.metrics.listening.Listener.overhear_library", nothing),
    Rule("--into: evaluation in the next cell", "magic.tracked_cell.TrackedCell._find_run_to_add_to", nothing),
    Rule("not: sizes", "capture.metrics.kept.is_size capture.words.names.is_size_name", no),
    Rule("not: times", "capture.metrics.kept.is_time capture.words.names.is_time_name", no),
    Rule("not: numbers that are worked with", "capture.metrics.kept._is_result", yes),
    Rule("each metric once a round", "capture.metrics.wrapping._distinct", list),
)

RULES = (*PARAMS, *METRICS)
