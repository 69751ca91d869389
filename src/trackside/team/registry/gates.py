"""What a version is held to before it is registered or promoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import GateError, InputError
from trackside.model import Gate, Staged
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.model import Stage
    from trackside.store.model_chain import ModelState

_LONGEST = 500
_LONGEST_NAME = 100


def hold_to(state: ModelState, version: int, stage: Stage) -> list[Gate]:
    """Return what a version is held to on its way to a stage, and how that came out."""
    return [_was_in_staging(state, version)] if stage == "production" else []


def _was_in_staging(state: ModelState, version: int) -> Gate:
    steps = [said.event for said in state.counted if said.event.version == version]
    is_passed = Staged(stage="staging") in [step.change for step in steps]
    text = "" if is_passed else "it has not been in staging; expected it there first"
    return Gate(name="staging first", passed=is_passed, text=text)


def answer_for(gates: Sequence[Gate], what: str, override: str | None, why: str | None) -> str | None:
    """Return who answers for what was not passed; None where all was.

    Parameters
    ----------
    what
        What is to be done, in words: ``"promote version 3 of 'churn' to production"``.
    override, why
        Who wants it all the same, and the reason.

    Raises
    ------
    GateError
        Something was not passed, and nobody answers for it.
    InputError
        Somebody does, and says not who or why.
    """
    failed = [gate for gate in gates if not gate.passed]
    if override is not None and not (_is_name(override) and why and why.strip()):
        raise InputError("an override stays on record with a name and a reason; expected override='who' and why='…'")
    if not failed or override is not None:
        return override.strip() if override and failed else None
    reasons = "\n".join(f"  ✗ {gate.name}: {cut(gate.text, _LONGEST)}" for gate in failed)
    raise GateError(
        f"{what} is refused:\n{reasons}\nMend it, or answer for it by name and reason: override='who', why='…' "
        "(it stays on record)."
    )


def _is_name(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text.strip()) <= _LONGEST_NAME and text.isprintable()
