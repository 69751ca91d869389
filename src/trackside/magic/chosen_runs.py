"""What ``%track star`` and its like do: say something of the runs that a handle or a condition names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trackside.errors import InputError, suggest
from trackside.magic.choices import unquoted
from trackside.magic.flags import read_flags
from trackside.magic.here import name_runs
from trackside.quantities import spell_bytes
from trackside.store.store import Store
from trackside.team.baselines import choose_baseline, spell_handle
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from trackside.collection import Runs
    from trackside.magic.memory import Memory

_NAMED = 3
_HANDLES = re.compile(r"""(?:"[^"]*"|'[^']*')(?![^\s,])|[^\s,]+""")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
NO_BASELINE = "none"


def star(text: str) -> str:
    """Star runs."""
    return f"starred {describe_runs(choose_runs(text).star())}"


def unstar(text: str) -> str:
    """Take stars back."""
    return f"no star any more: {describe_runs(choose_runs(text).unstar())}"


def keep(text: str) -> str:
    """Bring runs back, and leave them in view."""
    return f"kept {describe_runs(choose_runs(text).keep())}"


def archive(text: str) -> str:
    """Put runs away."""
    return f"archived {describe_runs(choose_runs(text).archive())}; %track keep brings them back"


def drop(text: str) -> str:
    """Put runs where purge takes them from."""
    return f"dropped {describe_runs(choose_runs(text).drop())}; %track keep brings them back, %track purge deletes them"


def purge(text: str) -> str:
    """Delete dropped runs for good."""
    chosen = choose_runs(text) if text else all_runs()
    dropped = chosen.dropped
    if text and (left := len(chosen) - len(dropped)):
        some = f"{left} of these {len(chosen)} runs {'was' if left == 1 else 'were'}"
        told = "this run was" if len(chosen) == 1 else some
        raise InputError(f"{told} not dropped; expected dropped ones only; %track drop {text} comes first")
    if not len(dropped):
        return "no run was dropped: there is nothing to delete"
    described = describe_runs(dropped)
    return f"deleted {described}; {spell_bytes(dropped.purge())} are free again"


def baseline(memory: Memory, text: str) -> str | pd.DataFrame:
    """Hold other runs against one, or against none; or tell which it is, or all that ever were."""
    from trackside import lookup

    handle, flags = read_flags(text, {"--name": "a name", "--why": "a reason"}, ["--history"])
    name, why = flags.get("--name", ""), flags.get("--why")
    if "--history" in flags:
        return lookup.baselines()
    told = spell_handle(name)
    if handle in ("", NO_BASELINE):
        found = lookup.runs()
        if name not in found.baselines:
            return f"there is no {told}; %track baseline last{name and f' --name {name}'} makes one"
        described = describe_runs(found.of_ids([found.baselines[name]])) or "a run that is not there"
        if not handle:
            return f"the {told} is {described}"
        settings = find_own_settings()
        store = Store(settings.store_folder)
        names = [settings.experiment, *lookup.find_former_names(store, settings)]
        choose_baseline(store, settings.project, names, None, name=name, why=why)
        memory.read_held()
        return f"no {told} any more: it was {described}"
    chosen = choose_run(handle)
    chosen.make_baseline(name, why=why)
    memory.read_held()
    return f"the {told} is {describe_runs(chosen)}"


def all_runs() -> Runs:
    """Return all runs of this notebook's experiment, hidden ones too."""
    from trackside.lookup import runs

    return runs(include_hidden=True)


def find_named(text: str, among: Runs | None = None) -> Runs | None:
    """Return the runs that handles and names mean, with spaces or commas between; None where a word is neither.

    A name with a space in it stands in quotes, where it is not alone.

    Parameters
    ----------
    among
        All runs, where they were read already.

    Raises
    ------
    InputError
        A handle means no run.
    """
    from trackside.handles import is_handle
    from trackside.lookup import runs

    everything = all_runs() if among is None else among
    names = set(everything.names)
    words = [text] if text in names else [unquoted(word) for word in _HANDLES.findall(text)]
    if not all(is_handle(word) or word in names for word in words):
        return None
    named = [run_id for word in words for run_id in runs(word).ids]
    return everything.of_ids(list(dict.fromkeys(named)))


def refuse_word(text: str, among: Runs, metrics: Sequence[str] = ()) -> None:
    """Refuse one word that names nothing and can be no condition.

    Parameters
    ----------
    metrics
        The metrics that might have been meant, where the word may be one.

    Raises
    ------
    InputError
        It is such a word.
    """
    from trackside.handles import HANDLES

    if text.isdecimal() or (text.isidentifier() and text not in among.param_names):
        known = [*metrics, *HANDLES, *sorted(set(among.names))]
        near = f" Did you mean '#{text}'?" if text.isdecimal() else suggest(text, known)
        what, expected = ("no metric and no run", "a metric, a handle") if metrics else ("no run", "a handle")
        raise InputError(
            f"{text!r} names {what}.{near} Expected {expected}, a run's name or a condition; see %track runs"
        )


def choose_runs(text: str) -> Runs:
    """Return the runs that a text names: handles and names with spaces or commas between, or a condition.

    Raises
    ------
    InputError
        It names none.
    """
    from trackside.lookup import runs

    if not text:
        raise InputError("no run is named; expected a handle, such as last, or a condition, such as lr > 0.1")
    if (named := find_named(text)) is not None:
        return named
    text = unquoted(text) if _QUOTED.fullmatch(text) else text
    refuse_word(text, all_runs())
    chosen = runs(text, include_hidden=True)
    if not len(chosen):
        raise InputError(f"no run fulfils {text!r}; expected a condition that some do; see %track runs")
    return chosen


def choose_run(text: str) -> Runs:
    """Return the one run that a text names.

    Raises
    ------
    InputError
        It names none or several.
    """
    chosen = choose_runs(text)
    if len(chosen) != 1:
        raise InputError(f"{text!r} names {len(chosen)} runs; expected one, such as best")
    return chosen


def describe_runs(chosen: Runs) -> str:
    """Return in words which runs these are, of many the first few."""
    named = name_runs(chosen)
    if len(named) <= _NAMED:
        return ", ".join(named)
    return f"{len(named)} runs ({', '.join(named[:_NAMED])}, …)"
