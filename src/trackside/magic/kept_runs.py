"""What ``%track diff``, ``restore`` and ``reproduce`` do with what was kept of runs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.errors import InputError, suggest

if TYPE_CHECKING:
    from collections.abc import Collection

    from trackside.collection import Runs
    from trackside.run_diff.report import RunDiff

_PAIR = 2


def diff(text: str) -> RunDiff:
    """Return in what two runs differ; one is held against its cell's run before it, or the baseline."""
    words, _ = _read(text)
    if len(words) > _PAIR:
        raise InputError(f"found {len(words)} runs; expected one or two, such as: diff best last")
    if len(words) == _PAIR:
        return _find(words[1]).diff(_find(words[0]))
    return _find(words[0] if words else "last").diff()


def restore(text: str) -> str:
    """Write a run's cells, or its whole notebook, into a folder."""
    words, flags = _read(text, switches=("--notebook",))
    if not 1 <= len(words) <= _PAIR:
        raise InputError(f"found {text!r}; expected a run and perhaps a folder, such as: restore last old-model")
    folder = Path(words[1]) if len(words) == _PAIR else None
    return repr(_find(words[0]).restore(folder, whole="--notebook" in flags))


def reproduce(text: str) -> str:
    """Run a run's cells again and tell whether the same came out."""
    words, flags = _read(text, valued=("--tolerance", "--timeout"))
    if len(words) != 1:
        raise InputError(f"found {text!r}; expected one run, such as: reproduce last --tolerance 1e-3")
    numbers = {flag: _number(flag, value) for flag, value in flags.items()}
    chosen = _find(words[0])
    return repr(chosen.reproduce(tolerance=numbers.get("--tolerance", 1e-6), timeout=numbers.get("--timeout")))


def _find(handle: str) -> Runs:
    from trackside.lookup import one_run

    return one_run(handle)


def _read(
    text: str, *, switches: Collection[str] = (), valued: Collection[str] = ()
) -> tuple[list[str], dict[str, str]]:
    """Return the words of a line and the flags among them with their values."""
    try:
        pending = shlex.split(text)
    except ValueError as error:
        raise InputError(f"found {text!r} ({error}); expected quotes in pairs") from error
    words, flags = list[str](), dict[str, str]()
    while pending:
        word, has_value, value = pending.pop(0).partition("=")
        if not word.startswith("--"):
            words.append(word + has_value + value)
        elif word in valued and (has_value or pending):
            flags[word] = value if has_value else pending.pop(0)
        elif word in switches and not has_value:
            flags[word] = ""
        else:
            known = [*switches, *valued]
            raise InputError(f"found {word}; expected {_say_flags(switches, valued)}.{suggest(word, known)}")
    return words, flags


def _say_flags(switches: Collection[str], valued: Collection[str]) -> str:
    return ", ".join([*switches, *(f"{flag} NUMBER" for flag in valued)]) or "no flag"


def _number(flag: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise InputError(f"{flag} is {value!r}; expected a number") from error
