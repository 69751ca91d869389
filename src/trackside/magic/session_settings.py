"""Settings that ``%track`` makes for a session: environment variables, so that scripts it starts see them, too."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.config import Settings

Name: TypeAlias = Literal["store", "experiment", "mode"]


class _Chosen(NamedTuple):
    value: str
    before: str | None
    """What the variable was before `%track` set it."""


_chosen: dict[Name, _Chosen] = {}
_listeners: list[Callable[[], object]] = []


def on_choice(listener: Callable[[], object]) -> Callable[[], object]:
    """Have ``listener`` called whenever something was chosen or taken back; return what ends that."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def choose(name: Name, value: str) -> None:
    """Make a setting for this session."""
    before = _chosen[name].before if name in _chosen else os.environ.get(_variable(name))
    _chosen[name] = _Chosen(value, before)
    os.environ[_variable(name)] = value
    _tell()


def take_back(name: Name) -> None:
    """Let what applied before apply again; where nothing was chosen, that is so already."""
    chosen = _chosen.pop(name, None)
    if chosen is None:
        return
    if chosen.before is None:
        os.environ.pop(_variable(name), None)
    else:
        os.environ[_variable(name)] = chosen.before
    _tell()


def take_all_back() -> None:
    """Take back all that was chosen."""
    for name in list(_chosen):
        take_back(name)


def describe_origin(settings: Settings, name: Name) -> str:
    """Return where a setting comes from, in words for people."""
    chosen = _chosen.get(name)
    is_chosen = chosen is not None and os.environ.get(_variable(name)) == chosen.value
    return "set by %track" if is_chosen else f"from {settings.origins[name]}"


def _tell() -> None:
    for listener in _listeners:
        listener()


def _variable(name: Name) -> str:
    return f"TRACKSIDE_{name.upper()}"
