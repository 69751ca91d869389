"""Short ways to name one run: ``last``, ``last~2``, ``best``, ``baseline``, ``#12``, letters of its id, its name."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from trackside.callers import user_stacklevel
from trackside.errors import InputError, NoRunError, list_known, suggest
from trackside.model import is_run_id, short_id
from trackside.quantities import spell_count
from trackside.query import Scope, select_runs
from trackside.ranking import best_rows

if TYPE_CHECKING:
    from trackside.query import RunFrame
    from trackside.store.store import Store

HANDLES = {
    "last": "the newest run; last~2 is the one two before it; of a repeated cell its own run counts, no repeat",
    "best": "the run with the best main metric",
    "baseline": "the run that others are held against; baseline:production is the baseline of that name",
    "#12": "the newest run of the cell that ran as [12]",
    "5f3a9": "the run whose id ends so",
    "mlp": "the newest run that is called so",
}
"""How a run may be named, and what that means."""

WORDS = ("last", "best", "baseline")
"""The handles that are words."""

_LAST = re.compile(r"last(?:~(\d+))?")
_BASELINE = re.compile(r"baseline(?::([\w.-]+))?")
_CELL = re.compile(r"#(\d+)")
_OPERATOR = re.compile(r"[<>=!()]|\b(?:and|or|not|in|i?like|is|between)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[0-9a-f]{4,12}")
_NAMED = 3


def is_handle(text: str) -> bool:
    """Tell whether a text names a run, and is no condition.

    Examples
    --------
    >>> is_handle("last~2"), is_handle("#12"), is_handle("lr < 0.1")
    (True, True, False)
    """
    named = text == "best" or is_run_id(text)
    return named or any(pattern.fullmatch(text) for pattern in (_LAST, _BASELINE, _CELL, _LETTERS))


def is_words(text: str) -> bool:
    """Tell whether a text is words alone, which name a run or nothing: a condition has an operator.

    Examples
    --------
    >>> is_words("lasst"), is_words("my run"), is_words("lr<0.1"), is_words("name LIKE 'a%'")
    (True, True, False, False)
    """
    return bool(text) and _OPERATOR.search(text) is None


def is_short_handle(text: str) -> bool:
    """Tell whether a text is a handle and cannot be a name or a word to find: ``last~2``, ``best``, ``#12``."""
    return text in WORDS or any(pattern.fullmatch(text) for pattern in (_LAST, _BASELINE, _CELL))


def find_run(store: Store, scope: Scope, handle: str) -> str:
    """Return the id of the run that a handle names.

    Parameters
    ----------
    scope
        The runs among which to look; letters of an id are looked for in the whole store.

    Raises
    ------
    InputError
        It names no run, or several. Of several that are called so the newest is taken, which a warning says.
    """
    if last := _LAST.fullmatch(handle):
        return _newest(store, scope, handle, int(last[1] or 0))
    if cell := _CELL.fullmatch(handle):
        return _of_cell(store, scope, int(cell[1]))
    if handle == "best":
        return _best(select_runs(store, scope))
    if baseline := _BASELINE.fullmatch(handle):
        return _baseline(select_runs(store, scope), baseline[1] or "")
    if has_name(store, scope, handle):
        return _by_name(store, scope, handle)
    if is_run_id(handle) or _LETTERS.fullmatch(handle):
        return _by_id(store, handle)
    if handle in select_runs(store, scope).baselines:
        raise NoRunError(f"{handle!r} names no run, but a baseline: expected baseline:{handle}")
    hint = suggest(handle, [*HANDLES, *_names(store, scope)])
    hint = f".{hint}" if hint else _say_elsewhere(store, scope, handle)
    raise NoRunError(f"{handle!r} names no run; expected the like of {', '.join(HANDLES)}; see ts.runs(){hint}")


def has_name(store: Store, scope: Scope, text: str) -> bool:
    """Tell whether a run in scope is called so."""
    return text in _names(store, scope)


def _names(store: Store, scope: Scope) -> list[str]:
    names: list[str] = select_runs(store, replace(scope, include_hidden=True)).attributes["name"].tolist()
    return names


def _say_elsewhere(store: Store, scope: Scope, name: str | None = None) -> str:
    """Say which other experiments of the project have runs, or runs that are called so; nothing where none has."""
    if scope.project is None or scope.experiment is None:
        return ""
    others = select_runs(store, Scope(project=scope.project, name=name))
    counts = Counter(text for text in others.attributes["experiment"].tolist() if text not in scope.names)
    if not counts:
        return ""
    (most, _), *_ = known = counts.most_common(_NAMED)
    told = ", ".join(f"{text!r} ({spell_count(count, 'run')})" for text, count in known)
    return f". There are in experiment {told}: go there by %track experiment {most}, or experiment=…"


def _by_name(store: Store, scope: Scope, name: str) -> str:
    frame = select_runs(store, replace(scope, include_hidden=True))
    names: list[str] = frame.attributes["name"].tolist()
    newest, *others = (run_id for run_id, its_name in zip(frame.run_ids, names, strict=True) if its_name == name)
    if others:
        some = ", ".join(map(short_id, others[:_NAMED])) + (", …" if len(others) > _NAMED else "")
        warnings.warn(
            f"{len(others) + 1} runs are called {name!r}; the newest is taken, {short_id(newest)}; another is named by "
            f"its id ({some}) or its cell (#12), all of them by ts.runs(name={name!r})",
            stacklevel=user_stacklevel(),
        )
    return newest


def _newest(store: Store, scope: Scope, handle: str, before: int) -> str:
    frame = select_runs(store, replace(scope, include_hidden=True)).without_repeats()
    shelf = frame.attributes["shelf"]
    there = [run_id for run_id, place in zip(frame.run_ids, shelf.tolist(), strict=True) if place != "dropped"]
    if before >= len(there):
        elsewhere = "" if there else _say_elsewhere(store, scope)
        raise NoRunError(
            f"{handle!r} names no run: there are {len(there)}; expected a run before that; see ts.runs(){elsewhere}"
        )
    return there[before]


def _of_cell(store: Store, scope: Scope, number: int) -> str:
    frame = select_runs(store, replace(scope, include_hidden=True)).without_repeats()
    numbers: list[int | None] = frame.attributes["execution_count"].tolist()
    if number not in numbers:
        known = ", ".join(f"#{count}" for count in numbers[:8] if count is not None)
        raise NoRunError(f"'#{number}' names no run; expected the number of a tracked cell: {known or 'none yet'}")
    return frame.run_ids[numbers.index(number)]


def _best(frame: RunFrame) -> str:
    metric = frame.main_metric
    goal = frame.goals.of(metric) if metric else None
    if metric is None or goal is None:
        raise InputError("'best' needs a metric with a goal; say which: ts.metric('val_loss', goal='min', main=True)")
    rows = best_rows(frame, metric, goal)
    if not rows:
        raise NoRunError(f"'best' names no run: {metric!r} is finite in none of them; expected a number in one")
    return frame.run_ids[rows[0]]


def _baseline(frame: RunFrame, name: str) -> str:
    if name not in frame.baselines:
        known = [f"baseline:{each}" if each else "baseline" for each in frame.baselines]
        handle = f"baseline:{name}" if name else "baseline"
        flag = f" --name {name}" if name else ""
        there_are = f"; there are: {list_known(handle, known)}" if known else ""
        raise NoRunError(
            f"{handle!r} names no run: none was chosen{there_are}; choose one with `%track baseline last{flag}`"
        )
    return frame.baselines[name]


def _by_id(store: Store, text: str) -> str:
    with store.read() as connection:
        rows = connection.execute(
            "SELECT CAST(run_id AS VARCHAR), name FROM named_runs WHERE ends_with(CAST(run_id AS VARCHAR), ?)", [text]
        ).fetchall()
    if not rows:
        raise NoRunError(f"{text!r} names no run; expected the last letters of a run's id; see ts.runs()")
    if len(rows) > 1:
        found = ", ".join(f"{name} {short_id(run_id)} ({run_id})" for run_id, name in rows)
        raise InputError(f"{text!r} names {len(rows)} runs: {found}; expected more letters, or the whole id")
    return str(rows[0][0])
