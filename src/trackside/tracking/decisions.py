"""What people say of runs and metrics afterwards: stars, shelves, notes, goals, baselines, what is to be gone."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Literal, get_args

from trackside.capture.words.secrets import redact, redact_named
from trackside.errors import InputError, suggest
from trackside.journal import JournalWriter
from trackside.journal.excerpts import read_excerpts
from trackside.model import STORE_ID, TAG_MARK, Disposition, Marked, short_id
from trackside.store.store import Store
from trackside.tracking.deciding_alone import deciding_alone
from trackside.tracking.news import tell
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trackside.goals import Goal
    from trackside.model import ReproductionVerdict, Subject

PURGE_SECONDS = 30.0
"""How long to wait for everything that stands in the journals, before and after what hangs on it, such as a purge."""

_MOST_BYTES = 1 << 26  # of one journal of what is said: what is said of all runs at once is one line

_NAMED = 3

DECISIONS: tuple[Disposition, ...] = get_args(Disposition)
"""What may be decided about a run."""

LONGEST_TEXT = 1000
"""So many characters a name has at most, and what a browser says of runs."""


def mark_runs(
    store: Store,
    run_ids: Sequence[str],
    marks: Mapping[str, str | None],
    *,
    by: str | None = None,
    why: str | None = None,
) -> None:
    """Say something of runs; None takes it back.

    Parameters
    ----------
    marks
        What is said: see `trackside.model.Marked`.
    by, why
        Who says it, by default the author of this code's runs, and the reason.

    Raises
    ------
    InputError
        A baseline, a registered or a reviewed run is to be dropped, a name is empty or too long, no text could name a
        tag, or the reason is too long.
    JournalError
        The store's folder cannot be written.
    StoreBusyError
        Runs are to be dropped, and the store was locked for too long.
    """
    if (name := marks.get("name")) is not None:
        marks = {**marks, "name": _clean_name(name)}
    for mark, value in marks.items():
        if value is not None and mark.startswith(TAG_MARK):
            _check_tag(mark.removeprefix(TAG_MARK))
    if not (run_ids and marks):
        return
    is_drop = marks.get("shelf") == "dropped"
    with deciding_alone(store.folder) if is_drop else nullcontext():
        if is_drop:
            store.bring_up_to_date(PURGE_SECONDS, "whether a run may be dropped")
            _refuse_baselines(store, run_ids, "drop")
            _refuse_registered(store, run_ids, "dropped")
            if "decision" not in marks:
                _refuse_reviewed(store, run_ids, "dropped")
        say(store, "marked", by, why, run_ids=list(run_ids), marks=dict(map(_redacted, marks.items())))


def decide_on_runs(store: Store, run_ids: Sequence[str], decision: str, why: str, *, by: str | None = None) -> None:
    """Decide what becomes of runs: each decision is kept, with its author, its time and its reason.

    A run that is to be dropped is put where purge takes it from, one that is kept is brought back.

    Raises
    ------
    InputError
        There is no such decision, no reason, or a baseline, a registered or a reviewed run is to be dropped.
    JournalError
        The store's folder cannot be written.
    """
    if decision not in DECISIONS:
        raise InputError(
            f"found {decision!r} as the decision; expected {', '.join(DECISIONS)}.{suggest(decision, list(DECISIONS))}"
        )
    if not why.strip():
        raise InputError(f"no reason is given to {decision} it; expected one, such as 'beats the baseline on new data'")
    shelf = {"drop": "dropped", "keep": "kept"}
    marks = {"decision": decision} | ({"shelf": shelf[decision]} if decision in shelf else {})
    mark_runs(store, run_ids, marks, by=by, why=why)


def list_said(store: Store, run_id: str, mark: str) -> list[str | None]:
    """Return what was said of a run by one mark, in its order: also what the tables, which know the last, do not."""
    said = read_excerpts(store.folder, STORE_ID, _MOST_BYTES)
    marked = (event for event in said if isinstance(event, Marked) and run_id in event.run_ids)
    return [event.marks[mark] for event in marked if mark in event.marks]


def _clean_name(name: str) -> str:
    """Return a run's name without the blanks around it."""
    clean = name.strip()
    if not clean:
        raise InputError(f"the name is {name!r}; expected some letters, or None for the run's first name")
    if len(clean) > LONGEST_TEXT:
        raise InputError(f"the name has {len(clean):,} characters; expected at most {LONGEST_TEXT:,}")
    return clean


def _clean_reason(why: str | None) -> str | None:
    """Return a reason without likely secrets and the blanks around it; an empty one is none."""
    clean = redact((why or "").strip())
    if len(clean) > LONGEST_TEXT:
        raise InputError(f"the reason has {len(clean):,} characters; expected at most {LONGEST_TEXT:,}")
    return clean or None


def _check_tag(name: str) -> None:
    if not name.strip() or "=" in name:
        raise InputError(f"found {name!r} as a tag's name; expected some letters, without =, such as stage")


def _redacted(mark: tuple[str, str | None]) -> tuple[str, str | None]:
    name, value = mark
    key = name.removeprefix(TAG_MARK)
    if key == name:
        return name, value and redact(value)
    return TAG_MARK + redact(key), value and redact_named(key, value)


def mark_reproduced(store: Store, run_id: str, verdict: ReproductionVerdict, details: str) -> None:
    """Say of a run whether running it again gave the same; ``details`` tells in JSON what was compared.

    Raises
    ------
    JournalError
        The store's folder cannot be written.
    """
    say(store, "marked", run_ids=[run_id], marks={"reproduced": verdict, "reproduction": details})


def decide(
    store: Store,
    experiment: tuple[str, str],
    subject: Subject,
    key: str,
    value: str | None,
    *,
    by: str | None = None,
    why: str | None = None,
) -> None:
    """Decide something for an experiment, given as project and name; None takes it back. See `mark_runs`."""
    project, name = experiment
    say(store, "decided", by, why, project=project, experiment=name, subject=subject, key=key, value=value)


def purge_runs(store: Store, run_ids: Sequence[str]) -> int:
    """Leave nothing of runs, neither in the tables nor on the disk; return the bytes that were freed.

    Raises
    ------
    InputError
        One of them is still being written, is a baseline or was reviewed, or a version of a model was made of it.
    StoreBusyError
        The store was locked for too long; if the runs are gone already, `trackside gc` frees what they took.
    """
    from trackside.store.purge import refuse_live

    with deciding_alone(store.folder):  # nobody makes a model or a baseline of one meanwhile
        store.bring_up_to_date(PURGE_SECONDS, "whether a run may be purged")
        _refuse_baselines(store, run_ids, "purge")
        _refuse_registered(store, run_ids, "purged")
        _refuse_reviewed(store, run_ids, "purged")
        refuse_live(store.folder, run_ids)
        say(store, "purged", run_ids=list(run_ids))
    store.bring_up_to_date(PURGE_SECONDS, "what the purged runs take of the disk")
    return store.remove_purged().bytes


def refuse_dropped(store: Store, run_id: str) -> None:
    """Refuse to rely on a run that purge takes, or has taken.

    Raises
    ------
    InputError
        It was dropped or purged.
    """
    with store.read() as connection:
        (is_dropped, is_purged) = connection.execute(
            """SELECT count(*) FILTER (what = 'dropped') > 0, count(*) FILTER (what = 'purged') > 0 FROM (
                SELECT run_id, value AS what FROM marks WHERE mark = 'shelf'
                UNION ALL SELECT run_id, 'purged' FROM purged) WHERE run_id = ?""",
            [run_id],
        ).fetchall()[0]
    if is_purged:
        raise InputError(f"run {short_id(run_id)} was purged; expected one that stays; choose another")
    if is_dropped:
        raise InputError(
            f"run {short_id(run_id)} was dropped; expected one that is to stay; bring it back first: "
            f"%track keep {short_id(run_id)}"
        )


def _refuse_baselines(store: Store, run_ids: Sequence[str], verb: str) -> None:
    """Refuse to lose what other runs are held against, of whatever experiments the runs are."""
    from trackside.query import list_baselines

    baselines = list_baselines(store).intersection(_with_inner(store, run_ids))
    if baselines:
        named = ", ".join(sorted(map(short_id, baselines)))
        raise InputError(
            f"The baseline is among these runs ({named}); expected others only; choose another one before you {verb} it"
        )


def _with_inner(store: Store, run_ids: Sequence[str]) -> list[str]:
    """Return runs and those inside of them, whose cell and lineage are known from the run around them."""
    with store.read() as connection:
        rows = connection.execute(
            "SELECT CAST(run_id AS VARCHAR) FROM runs WHERE parent_id IN (SELECT CAST(unnest(?) AS UUID))",
            [list(run_ids)],
        ).fetchall()
    return [*run_ids, *(str(run_id) for (run_id,) in rows)]


def _refuse_registered(store: Store, run_ids: Sequence[str], what: str) -> None:
    """Refuse to lose what versions of models were made of: their bytes, and what is known of them."""
    from trackside.query import list_registered

    inner = _with_inner(store, run_ids)
    named = [f"{run} (version {version} of {model!r})" for run, model, version in list_registered(store, inner)]
    if named:
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        raise InputError(
            f"Versions of models are made of these runs: {', '.join(named[:_NAMED])}{more}; expected others only; "
            f"what is registered is never {what}; archive the runs instead"
        )


def _refuse_reviewed(store: Store, run_ids: Sequence[str], what: str) -> None:
    """Refuse to lose what somebody has looked at, unless it was decided with a reason to drop it."""
    from trackside.query import list_reviewed

    reviewed = [run_id for run_id, decision in list_reviewed(store, run_ids).items() if decision != "drop"]
    if reviewed:
        named = ", ".join(map(short_id, reviewed[:_NAMED]))
        more = f" and {len(reviewed) - _NAMED} more" if len(reviewed) > _NAMED else ""
        raise InputError(
            f"Reviewed runs are among these ({named}{more}); expected others only; what was reviewed is {what} by a "
            f'decision: %track decide {short_id(reviewed[0])} drop "why"'
        )


def metric(
    name: str, *, goal: Literal["min", "max"] | None = None, main: bool = False, experiment: str | None = None
) -> None:
    """Say once how a metric is to be read; it is remembered for the experiment.

    Parameters
    ----------
    name
        The metric.
    goal
        Whether it is better low (``"min"``) or high (``"max"``); by default inferred from the name.
    main
        Whether it is the one that says which run is best.
    experiment
        The experiment this is meant for; by default this notebook's.

    Raises
    ------
    InputError
        Neither goal nor main is given, or the goal is none.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.metric("val_loss", goal="min", main=True)  # doctest: +SKIP
    """
    if goal not in ("min", "max", None):
        raise InputError(f"goal is {goal!r}; expected 'min' or 'max'")
    if goal is None and not main:
        raise InputError(f"nothing is said of the metric {name!r}; expected goal='min', goal='max' or main=True")
    settings = find_own_settings()
    if settings.mode == "disabled":
        return
    store = Store.create(settings.store_folder, shared=settings.is_shared)
    meant = settings.project, experiment or settings.experiment
    known = _known_decisions(store, meant)
    for subject, key, value in (("goal", name, goal), ("main", "", name if main else None)):
        if value is not None and known.get((subject, key)) != value:
            decide(store, meant, subject, key, value)  # type: ignore[arg-type]  # the two literals above


def _known_decisions(store: Store, experiment: tuple[str, str]) -> dict[tuple[str, str], Goal | str]:
    store.refresh()
    with store.read() as connection:
        rows = connection.execute(
            "SELECT subject, key, value FROM decisions WHERE project = ? AND experiment = ?", list(experiment)
        ).fetchall()
    return {(subject, key): value for subject, key, value in rows}


def say(store: Store, event: str, by: str | None = None, why: str | None = None, **fields: Any) -> None:
    """Write one event that belongs to no run, and have it brought into the tables; see `mark_runs`.

    Raises
    ------
    InputError
        The reason is too long.
    JournalError
        The store's folder cannot be written.
    """
    fields |= {"by": by or find_own_settings().user, "why": _clean_reason(why)}
    journal = JournalWriter(store.folder, STORE_ID, owner=False)
    try:
        journal.append(event, **fields)
    finally:
        journal.close()
        store.note_decided()
        store.wake_drain()
        tell(store.folder)
