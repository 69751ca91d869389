"""What ``%track star`` and its like do: say something of the runs that a handle or a condition names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.model import short_id
from trackside.quantities import spell_bytes

if TYPE_CHECKING:
    from trackside.collection import Runs

_NAMED = 3


def star(text: str) -> str:
    """Star runs."""
    return f"starred {_describe(_choose(text).star())}"


def unstar(text: str) -> str:
    """Take stars back."""
    return f"no star any more: {_describe(_choose(text).unstar())}"


def keep(text: str) -> str:
    """Bring runs back, and leave them in view."""
    return f"kept {_describe(_choose(text).keep())}"


def archive(text: str) -> str:
    """Put runs away."""
    return f"archived {_describe(_choose(text).archive())}; %track keep brings them back"


def drop(text: str) -> str:
    """Put runs where purge takes them from."""
    return f"dropped {_describe(_choose(text).drop())}; %track keep brings them back, %track purge deletes them"


def purge(text: str) -> str:
    """Delete dropped runs for good."""
    chosen = _choose(text) if text else _everything()
    dropped = chosen.dropped
    if text and len(dropped) < len(chosen):
        raise InputError(
            f"{len(chosen) - len(dropped)} of these {len(chosen)} runs were not dropped; expected dropped ones only; "
            f"%track drop {text} comes first"
        )
    if not len(dropped):
        return "no run was dropped: there is nothing to delete"
    described = _describe(dropped)
    return f"deleted {described}; {spell_bytes(dropped.purge())} are free again"


def note(text: str) -> str:
    """Keep a line of text with a run."""
    handle, _, line = text.partition(" ")
    chosen = _choose(handle)
    chosen.note(line.strip() or None)
    return f"noted for {_describe(chosen)}" if line.strip() else f"no note any more: {_describe(chosen)}"


def baseline(text: str) -> str:
    """Hold other runs against one."""
    from trackside.collection import runs

    if not text:
        chosen = runs().baseline
        return (
            f"the baseline is {short_id(chosen)}" if chosen else "there is no baseline; %track baseline last makes one"
        )
    chosen_run = _choose(text)
    if len(chosen_run) != 1:
        raise InputError(f"{text!r} names {len(chosen_run)} runs; expected one, such as best")
    chosen_run.make_baseline()
    return f"the baseline is {_describe(chosen_run)}"


def _everything() -> Runs:
    from trackside.collection import runs

    return runs(include_hidden=True)


def _choose(text: str) -> Runs:
    """Return the runs that a text names: handles with spaces between, or a condition."""
    from trackside.collection import runs
    from trackside.handles import is_handle

    if not text:
        raise InputError("no run is named; expected a handle, such as last, or a condition, such as lr > 0.1")
    words = text.split()
    if all(is_handle(word) for word in words):
        named = [run_id for word in words for run_id in runs(word).ids]
        return _everything().of_ids(named)
    chosen = runs(text, include_hidden=True)
    if not len(chosen):
        raise InputError(f"no run fulfils {text!r}; expected a condition that some do; see %track runs")
    return chosen


def _describe(chosen: Runs) -> str:
    named = [f"{label} {short_id(run_id)}" for label, run_id in zip(chosen.labels, chosen.ids, strict=True)]
    if len(named) <= _NAMED:
        return ", ".join(named)
    return f"{len(named)} runs ({', '.join(named[:_NAMED])}, …)"
