"""Which runs of a frame fulfil a condition that people type over params, metrics, tags and what is known of a run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trackside.errors import InputError
from trackside.model import endings
from trackside.query import select_runs
from trackside.run_table import RUN_COLUMNS, first_values, plain_values
from trackside.store.sandbox import match_rows

if TYPE_CHECKING:
    from trackside.query import RunFrame, Scope
    from trackside.store.store import Store

_FILTERED = (*RUN_COLUMNS, "starred", "repeats")


def filter_columns(frame: RunFrame) -> dict[str, Any]:
    """Return a frame's columns by the names that filters use.

    ``C`` means the params ``C``, ``SVC.C`` and all others that end so: of each run the first it has. What is said of
    the run itself (``name``, ``status``, all its ``tags``) goes before metrics, and they before params and tags of that
    name; in full they are ``run.x``, ``metric.x``, ``param.x`` and ``tag.x``.
    """
    named: dict[str, Any] = {}
    bare: dict[str, Any] = {}
    own = {key: frame.attributes[key] for key in _FILTERED} | {"tags": frame.tag_texts}
    for prefix, group in (
        ("run", own),
        ("metric", frame.metrics),
        ("param", frame.params),
        ("tag", frame.tags),
    ):
        for key, column in group.items():
            plain = plain_values(column)
            named[f"{prefix}.{key}"] = plain
            if prefix != "param":
                bare.setdefault(key, plain)
    ending: dict[str, list[str]] = {}
    for key in sorted(frame.params, key=lambda key: key.count(".")):
        for end in endings(key):
            ending.setdefault(end, []).append(key)
    for end, (first, *others) in ending.items():
        if end not in bare:
            alike = [frame.params[key] for key in (first, *others)]
            bare[end] = plain_values(first_values(alike)) if others else named[f"param.{first}"]
    of_run = {key: bare.pop(key) for key in own}  # asked for less often
    return bare | of_run | named


def filter_rows(frame: RunFrame, expression: str) -> list[int]:
    """Return the rows of a frame that fulfil a filter; an empty one lets all pass."""
    if not expression.strip():
        return list(range(len(frame.run_ids)))
    return match_rows(filter_columns(frame), expression)


def choose_again(store: Store, scope: Scope) -> Scope:
    """Return a scope with the runs that its condition chooses now; without a condition it stays as it is.

    A run that was chosen before stays where it only was put away since.
    """
    if scope.condition is None:
        return scope
    whole, expression = choose_again(store, scope.condition[0]), scope.condition[1]
    frame = select_runs(store, whole)
    chosen = scope.run_ids or ()
    with suppress(InputError):  # none of the runs that there are now has what the condition speaks of
        chosen = [frame.run_ids[row] for row in filter_rows(frame, expression)]
    known = {*frame.run_ids, *chosen}
    put_away = [run_id for run_id in scope.run_ids or () if run_id not in known]
    return replace(scope, run_ids=[*chosen, *put_away], condition=(whole, expression))
