"""What a version is held to before it is registered or promoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from trackside.capture.words.secrets import redact
from trackside.errors import GateError, InputError, StoreDamagedError
from trackside.model import Gate, Staged
from trackside.team.policy import refuse_unless_compliant
from trackside.team.policy.checks import run_checks
from trackside.team.registry.registry import CHAMPION
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.model import Registered, Stage
    from trackside.store.model_chain import ModelState
    from trackside.team.registry.registry import Registry

_LONGEST = 500
_LONGEST_NAME = 100


def hold_run_to(registry: Registry, run_id: str) -> list[Gate]:
    """Return what a run is held to before a version is made of it, and how that came out."""
    return _keeps_policy(registry, run_id, "register")


def hold_to(registry: Registry, state: ModelState, version: int, stage: Stage) -> list[Gate]:
    """Return what a version is held to on its way to a stage, and how that came out."""
    if stage not in ("staging", "production"):
        return []
    order = [_was_in_staging(state, version)] if stage == "production" else []
    return [*_is_fit(registry, state.versions[version].registered, stage), *order]


def hold_alias_to(registry: Registry, state: ModelState, version: int, alias: str) -> list[Gate]:
    """Return what a version is held to before an alias means it: the champion to what production is, and in use."""
    if alias != CHAMPION:
        return []
    own = state.versions[version]
    is_away = own.stage == "archived"
    text = "it is archived; expected one that is not; promote it first, or choose another" if is_away else ""
    return [*_is_fit(registry, own.registered, "production"), Gate(name="not archived", passed=not is_away, text=text)]


def _is_fit(registry: Registry, registered: Registered, stage: Stage) -> list[Gate]:
    """Return whether a version can be loaded, keeps the policy and passes its checks for a stage."""
    run_id = registered.run_id
    return [
        _has_bytes(registry, registered),
        *_keeps_policy(registry, run_id, "promote"),
        *_passes_checks(registry, run_id, stage),
    ]


def _has_bytes(registry: Registry, registered: Registered) -> Gate:
    try:
        registry.artifact_of(registered).check()
    except StoreDamagedError as error:
        return Gate(name="bytes", passed=False, text=str(error))
    return Gate(name="bytes", passed=True)


def _keeps_policy(registry: Registry, run_id: str, act: Literal["register", "promote"]) -> list[Gate]:
    """Return whether a run keeps the policy; of one that does not, each rule that it breaks."""
    try:
        refuse_unless_compliant(registry.store, [run_id], act, settings=registry.find_settings())
    except InputError as error:
        return [Gate(name="policy", passed=False, text=line) for line in str(error).splitlines()]
    return [Gate(name="policy", passed=True)]


def _passes_checks(registry: Registry, run_id: str, stage: Stage) -> list[Gate]:
    """Return how the policy's checks for a stage come out; one that cannot be carried out is not passed."""
    try:
        checks = run_checks(registry.store, run_id, stage, settings=registry.find_settings())
    except InputError as error:
        return [Gate(name="checks", passed=False, text=str(error))]
    return [Gate(name=check.name, passed=check.passed, text=check.text) for check in checks]


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
        return redact(override.strip()) if override and failed else None
    reasons = "\n".join(f"  ✗ {gate.name}: {cut(gate.text, _LONGEST)}" for gate in failed)
    raise GateError(
        f"{what} is refused:\n{reasons}\nMend it, or answer for it by name and reason: override='who', why='…' "
        "(it stays on record)."
    )


def _is_name(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text.strip()) <= _LONGEST_NAME and text.isprintable()
