"""The code that makes a view again: which runs it is of, and what is chosen in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.errors import InputError
from trackside.python_code import Call, write_chain
from trackside.saved_views import OF_THE_MOMENT
from trackside.wire.constants import COMPARED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trackside.config import Settings
    from trackside.query import Scope
    from trackside.wire import ViewState

_MOST_IDS = 300


def named_scope(scope: Scope) -> Scope:
    """Return the runs that `Runs.compare` was called on, of which a view may show the newest only."""
    return replace(scope, limit=None, or_wanted=False, wanted=()) if scope.or_wanted else scope


def write_code(
    scope: Scope,
    state: ViewState,
    default: ViewState,
    *,
    metrics: Sequence[str],
    store: Path,
    settings: Settings | None,
) -> str:
    """Return a cell that shows the same runs in the same way.

    Parameters
    ----------
    scope
        Which runs the view shows.
    state
        What is chosen in it; what is of the moment, such as ticks, is left out.
    default
        What is, where nobody chose anything: it need not be said.
    metrics
        Those that the comparison was asked for.
    store
        The folder of the view's store.
    settings
        Those under which the cell will run: what they say need not be said either. None where they are not known.

    Raises
    ------
    InputError
        The runs were chosen one by one, and are too many to be named in a cell.
    """
    calls = [*_runs_calls(named_scope(scope), store, settings), _compare_call(scope, state, default, metrics)]
    return f"import trackside as ts\n\n{write_chain(calls)}"


def _runs_calls(scope: Scope, store: Path, settings: Settings | None) -> list[Call]:
    if scope.condition is not None:
        whole, expression = scope.condition
        return [*_runs_calls(whole, store, settings), Call(".where", [("", expression)])]
    is_here = settings is not None and store == settings.store_folder.resolve()
    other = [] if is_here else [("store", str(store))]
    if scope.run_ids is not None:
        if len(scope.run_ids) > _MOST_IDS:
            raise InputError(
                f"The code would name {len(scope.run_ids)} runs by their ids; expected at most {_MOST_IDS}; "
                'choose them by a condition, such as ts.runs("lr < 0.1").'
            )
        return [Call("ts.runs", other), Call(".of_ids", [("", list(scope.run_ids))])]
    is_own_experiment = settings is not None and scope.experiment == settings.experiment
    is_own = settings is not None and is_own_experiment and scope.project == settings.project
    is_renamed = is_own_experiment and bool(scope.former)
    narrowed = [
        ("experiment", None if is_own or is_renamed else scope.experiment or "*"),
        ("project", None if is_own else scope.project),
        ("group", scope.group),
        ("name", scope.name),
        ("tags", dict(scope.tags) or None),
        *other,
        ("limit", scope.limit),
        ("include_hidden", scope.include_hidden or None),
    ]
    return [Call("ts.runs", [(name, value) for name, value in narrowed if value is not None])]


def _compare_call(scope: Scope, state: ViewState, default: ViewState, metrics: Sequence[str]) -> Call:
    is_chosen = scope.run_ids is not None or (scope.limit is not None and not scope.or_wanted)
    newest = [] if is_chosen or scope.limit == COMPARED else [("newest", scope.limit)]
    chosen = {
        name: _plain(getattr(state, name))
        for name in state.__struct_fields__
        if name not in OF_THE_MOMENT and getattr(state, name) != getattr(default, name)
    }
    view = [("view", chosen)] if chosen else []
    return Call(".compare", [*(("", metric) for metric in metrics), *newest, *view])


def _plain(value: Any) -> Any:
    """Return a choice as plain dicts and lists, without what is so by default."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if not isinstance(value, msgspec.Struct):
        return value
    fields = msgspec.structs.fields(value)
    parts = {field.name: (getattr(value, field.name), _default(field)) for field in fields}
    return {name: _plain(part) for name, (part, default) in parts.items() if part != default}


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
