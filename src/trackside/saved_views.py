"""Views saved by name: what was chosen in one, for all who use the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trackside.errors import InputError, list_known, suggest
from trackside.listings import list_decided, list_deciding
from trackside.tracking.experiments import decide
from trackside.wire import SavedView, ViewState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.store.store import Store

OF_THE_MOMENT = ("ticked", "open_groups")
"""What is chosen in a view and not kept."""

_LONGEST = 80
_WAIT = 3.0  # seconds to show what the user has just saved


def list_views(store: Store, project: str, experiments: Sequence[str]) -> list[SavedView]:
    """Return the views that were saved for an experiment of several names, by their own names.

    One that a newer Trackside saved, and this one cannot read, is left out.
    """
    saved = list_decided(store, "view", project, experiments)
    by_name = sorted(saved.items(), key=lambda view: (view[0].lower(), view[0]))
    return [SavedView(name=name, state=state) for name, text in by_name if (state := _read(text)) is not None]


def find_view(store: Store, project: str, experiments: Sequence[str], name: str) -> ViewState:
    """Return how a view looks that was saved by a name for an experiment of several names.

    Raises
    ------
    InputError
        There is no such view.
    """
    known = {view.name: view.state for view in list_views(store, project, experiments)}
    name = " ".join(name.split())
    if name in known:
        return known[name]
    elsewhere = "".join(
        f" Experiment {each!r} has one: view=ts.runs(experiment={each!r}).compare(view={name!r}).state looks like it."
        for each in list_deciding(store, "view", project, name)[:1]
    )
    raise InputError(
        f"No view {name!r} was saved for this experiment.{elsewhere or suggest(name, list(known))} "
        f"There are: {list_known(name, list(known), 'none yet; the menu Views of a comparison saves one')}."
    )


def save_view(
    store: Store, experiment: tuple[str, str], name: str, state: ViewState | None, *, by: str | None = None
) -> None:
    """Save how a view looks, or forget it with None; ``by`` says who does, see `decide`.

    Which rows are ticked and which groups are open is not kept: that is of the moment.

    Raises
    ------
    InputError
        The name is empty or too long.
    JournalError
        The store's folder cannot be written.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST:
        raise InputError(f"The name has {len(name)} characters; expected 1 to {_LONGEST}; choose another one.")
    kept = None if state is None else msgspec.structs.replace(state, **{name: [] for name in OF_THE_MOMENT})
    decide(store, experiment, "view", name, None if kept is None else msgspec.json.encode(kept).decode(), by=by)
    store.refresh(_WAIT)


def _read(text: str) -> ViewState | None:
    try:
        return msgspec.json.decode(text, type=ViewState)
    except msgspec.MsgspecError:
        return None
