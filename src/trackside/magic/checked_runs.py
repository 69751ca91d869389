"""What ``%track check`` does: hold runs against others and tell the verdict."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trackside.errors import InputError, suggest
from trackside.magic.choices import unquoted
from trackside.magic.chosen_runs import choose_runs

if TYPE_CHECKING:
    from trackside.analysis.check import Check

USAGE = "[RUNS] [--metric M] [--against RUNS] [--min-delta D] [--confidence C] [--allow-incomparable]"

_FLAG = re.compile(r"(?:^|\s)(--[a-z][\w-]*)(?=[=\s]|$)")
_VALUED = ("--metric", "--against", "--min-delta", "--confidence")
_NUMBERS = ("--min-delta", "--confidence")
_SWITCH = "--allow-incomparable"


def check(text: str) -> Check:
    """Return the verdict on runs, by default on the last one, held against others, by default the baseline."""
    named, *rest = _FLAG.split(text)
    values = [unquoted(value.strip().removeprefix("=").strip()) for value in rest[1::2]]
    asked = dict(map(_read, rest[::2], values))
    if "against" in asked:
        asked["against"] = choose_runs(asked["against"])
    return choose_runs(named.strip() or "last").check(**asked)


def _read(flag: str, value: str) -> tuple[str, Any]:
    """Return a flag's name and value as `Runs.check` takes them."""
    name = flag.removeprefix("--").replace("-", "_")
    if flag == _SWITCH and not value:
        return name, True
    known = [*_VALUED, _SWITCH]
    if flag not in _VALUED:
        raise InputError(f"found {flag} {value}".rstrip() + f"; expected {', '.join(known)}.{suggest(flag, known)}")
    if not value:
        raise InputError(f"{flag} stands alone; expected {'a number' if flag in _NUMBERS else 'a name'} behind it")
    if flag not in _NUMBERS:
        return name, value
    try:
        return name, float(value)
    except ValueError as error:
        raise InputError(f"{flag} is {value!r}; expected a number") from error
