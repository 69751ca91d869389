"""Whether settings have values that they can have; whatever is wrong with them is told at once."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trackside.errors import InputError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

CHOICES = {
    "durability": ("second", "sync"),
    "card": ("on", "off"),
    "mode": ("enabled", "disabled"),
    "capture": ("full", "lean", "minimal"),
    "share": ("private", "group"),
}
"""Settings with a fixed set of values; the first is the default."""

TEXTS = ("store", "project", "experiment", "user", "main_metric", *CHOICES)
"""Settings that are one line of text."""

_GOALS = ("min", "max")


class Problems:
    """What is wrong with the settings, gathered where they are read."""

    def __init__(self) -> None:
        self._found: list[str] = []

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note an `InputError` that is raised within, and go on."""
        try:
            yield
        except InputError as error:
            self.note(str(error))

    def note(self, problem: str) -> None:
        """Note what is wrong, a line for each mistake."""
        self._found += problem.splitlines()

    def tell(self) -> None:
        """Raise one error for all that was noted: one line where it is one mistake, else a line for each.

        Raises
        ------
        InputError
            Something is wrong.
        """
        if len(self._found) > 1:
            raise InputError("\n".join([f"{len(self._found)} mistakes in the settings:", *self._found]))
        if self._found:
            raise InputError(self._found[0])


def check(name: str, value: Any, source: object) -> Any:
    """Return a setting's value, checked.

    Parameters
    ----------
    source
        Where the value stands, for the error: a file, or an environment variable.

    Raises
    ------
    InputError
        It cannot have this value.
    """
    if name == "policy":
        return value  # it is read where it is used: one that is broken is no reason not to track
    if name in ("never", "environment"):
        return _check_patterns(name, value, source)
    if name == "metrics":
        return _check_goals(name, value, source)
    return _check_seconds(name, value, source) if name == "system" else _check_value(name, value, source)


def _check_value(name: str, value: Any, source: object) -> str:
    choices = CHOICES.get(name)
    if choices and value not in choices:
        hint = suggest(value, [*choices]) if isinstance(value, str) else ""
        raise InputError(f"{source}: {name} is {value!r}; expected {' or '.join(map(repr, choices))}.{hint}")
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise InputError(f"{source}: {name} is {value!r}; expected one line of text")
    return value


def _check_patterns(name: str, value: Any, source: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(pattern, str) and pattern.strip() for pattern in value):
        raise InputError(f'{source}: {name} is {value!r}; expected a list of names, such as ["device", "tmp_*"]')
    return tuple(value)


def _check_goals(name: str, value: Any, source: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise InputError(f'{source}: {name} is {value!r}; expected a table of goals, such as val_loss = "min"')
    wrong = []
    for metric, goal in value.items():
        if goal not in _GOALS:
            hint = suggest(goal, [*_GOALS]) if isinstance(goal, str) else ""
            wrong.append(f"{source}: {name}.{metric} is {goal!r}; expected 'min' or 'max'.{hint}")
    if wrong:
        raise InputError("\n".join(wrong))
    return value


def _check_seconds(name: str, value: Any, source: object) -> float:
    try:
        seconds = -1.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 <= seconds < math.inf:
        raise InputError(f"{source}: {name} is {value!r}; expected seconds, such as 5, or 0 for never")
    return seconds
