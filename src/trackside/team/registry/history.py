"""All that was said of a model, as a table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trackside.model import Aliased, Registered, short_id

if TYPE_CHECKING:
    import pandas as pd

    from trackside.model import ModelChanged
    from trackside.store.model_chain import ModelState

_COLUMNS = ("time", "version", "event", "author", "why", "gates", "overridden_by", "lost")


def history_frame(state: ModelState, version: int | None = None) -> pd.DataFrame:
    """Return what was said of a model, or of one version, oldest first; ``lost`` says why something does not count."""
    import pandas as pd

    rows = [_row(event, lost) for event, lost in list_events(state, version)]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def list_events(state: ModelState, version: int | None = None) -> list[tuple[ModelChanged, str]]:
    """Return the events of a model, or of one version, in their order, each with why it is lost, or nothing."""
    told = [(said, "") for said in state.counted] + state.lost
    chosen = [(said, lost) for said, lost in told if version is None or said.event.version == version]
    return [(said.event, lost) for said, lost in sorted(chosen, key=lambda each: each[0].place)]


def say_event(event: ModelChanged) -> str:
    """Return what happened in words."""
    match event.change:
        case Registered() as registered:
            return f"registered: {registered.artifact.name} of run {short_id(registered.run_id)}"
        case Aliased(alias=alias, is_taken_back=taken_back):
            return f"no longer {alias}" if taken_back else f"is {alias}"
        case staged:
            return f"to {staged.stage}"


def _row(event: ModelChanged, lost: str) -> list[Any]:
    gates = "; ".join(
        f"{'✓' if gate.passed else '✗'} {gate.name}{gate.text and f': {gate.text}'}" for gate in event.gates
    )
    when = datetime.fromtimestamp(event.time, tz=UTC)
    return [
        when,
        event.version,
        say_event(event),
        event.by,
        event.why,
        gates or None,
        event.overridden_by,
        lost or None,
    ]
