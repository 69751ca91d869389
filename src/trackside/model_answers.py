"""Models as a browser shows them: their versions, the card of one, what was said of them, and the steps they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside import wire
from trackside.team.registry.card_text import say_gate, say_step
from trackside.team.registry.history import list_events
from trackside.team.registry.model import Model
from trackside.team.registry.registering import register_artifact
from trackside.team.registry.tables import list_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trackside.store.model_chain import ModelState
    from trackside.team.registry.registry import Registry
    from trackside.team.registry.tables import Row

_MOST = 500
"""Versions of all models, and events of one, that are told of at once."""


def describe_models(registry: Registry) -> wire.ModelPage:
    """Return the versions of all models, those of the model that changed last first."""
    rows = [row for name, state in registry.read_all().items() for row in list_rows(name, state)]
    return wire.ModelPage(versions=_told(rows))


def describe_model(registry: Registry, name: str, version: int | None = None) -> wire.ModelPage:
    """Return the versions of a model, and the card of one: by default that in production, or the newest.

    Raises
    ------
    InputError
        There is no such model or version.
    """
    with registry.store.at_one_moment():
        model, state = Model(registry, name), registry.find(name)
        rows, metric, note = model.shown
        shown = model.version(version or state.in_production or "latest")
        return wire.ModelPage(
            name=name,
            versions=_told(rows),
            metric=metric,
            note=note,
            version=shown.version,
            card=shown._repr_html_(),
            history=list(_history(state))[::-1][:_MOST],
        )


def register(registry: Registry, question: wire.RegisterQuestion) -> wire.ModelPage:
    """Make what a run kept the next version of a model, and return the model.

    Raises
    ------
    InputError
        As ``ts.models.register`` does.
    """
    version = register_artifact(registry, question.model, question.run_id, None, why=question.why, override=None)
    return describe_model(registry, version.model, version.version)


def take_step(registry: Registry, question: wire.StepQuestion) -> wire.ModelPage:
    """Have a version take a step, and return its model.

    Raises
    ------
    InputError
        It is refused, with all reasons, or there is no such version, stage or alias.
    """
    version = Model(registry, question.model).version(question.version)
    match question.step:
        case "promote":
            version.promote(question.value, why=question.why)
        case "alias":
            version.alias(question.value, why=question.why)
        case "unalias":
            version.unalias(question.value, why=question.why)
    return describe_model(registry, question.model, question.version)


def _told(rows: Iterable[Row]) -> list[wire.VersionRow]:
    return [wire.VersionRow(**row._asdict()) for row in rows][:_MOST]


def _history(state: ModelState) -> Iterator[wire.Fact]:
    for event, lost in list_events(state):
        gates = "\n".join(map(say_gate, event.gates))
        yield wire.Fact(name=f"version {event.version}", text=say_step(event, lost), note=gates)
