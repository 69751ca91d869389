"""What ``%track check`` does: hold runs against others and tell the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.errors import InputError
from trackside.magic.chosen_runs import choose_runs
from trackside.magic.flags import read_flags
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from trackside.analysis.check import Check
    from trackside.team.policy.check_forms import PolicyChecks

USAGE = "[RUNS] [--metric M] [--against RUNS] [--min-delta D] [--confidence C] [--allow-incomparable] | [RUNS] --policy"

_NUMBERS = {"--min-delta": "a number", "--confidence": "a number"}
_VALUED = {"--metric": "a name", "--against": "a name"} | _NUMBERS
_SWITCH = "--allow-incomparable"
_POLICY = "--policy"


def check(text: str) -> Check | PolicyChecks:
    """Return the verdict on runs, by default on the last one, held against others, by default the baseline.

    With ``--policy`` the checks are those that the policy names.
    """
    named, flags = read_flags(text, _VALUED, [_SWITCH, _POLICY])
    if _POLICY in flags:
        if len(flags) > 1:
            raise InputError(f"found {_POLICY} beside other flags; expected it alone: the policy says what to check")
        from trackside.store.store import Store
        from trackside.team.policy.check_forms import PolicyChecks
        from trackside.team.policy.checks import judge_by_policy

        chosen = choose_runs(named or "last")
        return PolicyChecks(judge_by_policy(Store(find_own_settings().store_folder), chosen.ids))
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
