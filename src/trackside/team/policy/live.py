"""The policy and a run of this process: what its card shows of it, and what is not decided on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trackside.errors import InputError
from trackside.team.policy.checklist import draw_checklist, say_finding, write_line
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.reading import read_policy
from trackside.team.policy.record_file import bound
from trackside.team.policy.refusal import refuse_broken
from trackside.team.policy.run_record import digest_source, record_live
from trackside.visible_text import cut
from trackside.wire import FoldedLine, Span

if TYPE_CHECKING:
    from trackside.config import Settings
    from trackside.team.policy.refusal import Act
    from trackside.tracking import Run

NOTEBOOK_ROOM = 6_000
"""Bytes of a run's record in a notebook, at most."""

_SHOWN = 300
_NAME = 60


def refuse_run(run: Run, settings: Settings, act: Act, *, seeds: int = 0) -> None:
    """Refuse an act on a run of this process that breaks the policy; see `refuse_unless_compliant` and `record_live`.

    Raises
    ------
    InputError
        A rule that refuses is not kept, or the policy cannot be used.
    """
    if (policy := read_policy(settings)) is not None:
        refuse_broken(policy, [record_live(run, settings, seeds=seeds)], act)


def check_off(run: Run, settings: Settings, *, seeds: int = 0) -> FoldedLine | None:
    """Return the checklist of a run for its card; None where the policy says nothing of it.

    A policy that cannot be used is told in one line.
    """
    try:
        policy = read_policy(settings)
    except InputError as error:
        first = str(error).partition("\n")[0]
        return FoldedLine(line=[Span(text=cut(f"policy not applied: {first}", _SHOWN), tone="warning")])
    return draw_checklist(judge_run(policy, record_live(run, settings, seeds=seeds))) if policy else None


def record_for_notebook(
    run: Run, settings: Settings, cell_id: str | None, source: str, *, seeds: int = 0
) -> dict[str, Any]:
    """Return what a notebook keeps of a run beside its card: without its author, who need not stand in every copy."""
    digest = digest_source(source)
    record = record_live(run, settings, seeds=seeds)
    record = msgspec.structs.replace(record, user="", cell_id=cell_id, source_digest=digest)
    plain: dict[str, Any] = msgspec.to_builtins(bound(record, NOTEBOOK_ROOM))
    return plain


def say_broken(run: Run, settings: Settings) -> str:
    """Return what a run breaks of the policy, a line for each rule; an empty text where it breaks nothing.

    Raises
    ------
    InputError
        The policy cannot be used.
    """
    policy = read_policy(settings)
    findings = judge_run(policy, record_live(run, settings)) if policy else []
    broken = [each for each in findings if each.state == "broken"]
    head = f"{cut(run.name, _NAME)}: {write_line(findings)}"
    return "\n".join([head, *(f"  {say_finding(each)}" for each in broken)]) if broken else ""
