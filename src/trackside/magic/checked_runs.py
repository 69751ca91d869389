"""What ``%track check`` does: hold runs against others and tell the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.errors import InputError
from trackside.magic.chosen_runs import choose_runs
from trackside.magic.flags import read_flags

if TYPE_CHECKING:
    from trackside.analysis.check import Check

USAGE = "[RUNS] [--metric M] [--against RUNS] [--min-delta D] [--confidence C] [--allow-incomparable]"

_NUMBERS = {"--min-delta": "a number", "--confidence": "a number"}
_VALUED = {"--metric": "a name", "--against": "a name"} | _NUMBERS
_SWITCH = "--allow-incomparable"


def check(text: str) -> Check:
    """Return the verdict on runs, by default on the last one, held against others, by default the baseline."""
    named, flags = read_flags(text, _VALUED, [_SWITCH])
    asked = dict(map(_read, flags, flags.values()))
    if "against" in asked:
        asked["against"] = choose_runs(asked["against"])
    return choose_runs(named or "last").check(**asked)


def _read(flag: str, value: str) -> tuple[str, Any]:
    """Return a flag's name and value as `Runs.check` takes them."""
    name = flag.removeprefix("--").replace("-", "_")
    if flag not in _NUMBERS:
        return name, value or True
    try:
        return name, float(value)
    except ValueError as error:
        raise InputError(f"{flag} is {value!r}; expected a number") from error
