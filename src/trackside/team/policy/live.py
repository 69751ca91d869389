"""The policy and a run of this process: what its card shows of it, and what is not decided on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from trackside.comparability.evaluations import Evaluation, make_evaluation
from trackside.errors import InputError
from trackside.run_data import read_live_datasets
from trackside.team.policy.checklist import draw_checklist, say_finding, write_line
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.evaluated import record_beside, take_turns, with_decided, with_evaluation
from trackside.team.policy.reading import read_policy
from trackside.team.policy.record_file import bound
from trackside.team.policy.run_record import as_repeat, digest_source, record_live
from trackside.visible_text import cut
from trackside.wire import FoldedLine, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.config import Settings
    from trackside.team.policy.evaluated import Decided
    from trackside.team.policy.run_record import RunRecord
    from trackside.tracking import Run

MOST_READ = 4_000
"""Characters of a cell that is read at its end for how its metrics are defined: about 5 ms. Views read longer ones."""

NOTEBOOK_ROOM = 6_000
"""Bytes of a run's record in a notebook, at most."""

_SHOWN = 300
_NAME = 60


class Beside(NamedTuple):
    """The runs that count with a cell's: those of this process, each with its source, and those of others."""

    live: Sequence[tuple[Run, str]] = ()
    recorded: Sequence[RunRecord] = ()


def check_off(
    run: Run, settings: Settings, repeats: Sequence[Run] = (), recorded: Sequence[RunRecord] = ()
) -> FoldedLine | None:
    """Return the checklist of a run for its card, given as `record_live` takes it; None where the policy says nothing.

    A policy that cannot be used is told in one line.
    """
    try:
        policy = read_policy(settings)
    except InputError as error:
        first = str(error).partition("\n")[0]
        return FoldedLine(line=[Span(text=cut(f"policy not applied: {first}", _SHOWN), tone="warning")])
    return draw_checklist(judge_run(policy, record_live(run, settings, repeats, recorded))) if policy else None


def record_for_notebook(
    run: Run,
    settings: Settings,
    cell_id: str | None,
    source: str,
    *,
    cell: RunRecord,
    beside: Beside,
    decided: Decided | None,
) -> dict[str, Any]:
    """Return what a notebook keeps of a run beside its card: without its author, who need not stand in every copy.

    Parameters
    ----------
    run, cell
        Of a repeated cell the last repeat, and what is on record of the cell's own run; else both are that.
    beside
        The runs of this process that count with it, or are around it, and those that others have made, as records.
    decided
        What was decided of its experiment, with the baselines' runs; None where that is not known.
    """
    known = cell if run.id == cell.run_id else as_repeat(record_live(run, settings), cell)
    known = msgspec.structs.replace(known, user="", cell_id=cell_id, source_digest=digest_source(source))
    record = _evaluated(run, known, source)
    if decided is not None:
        record = with_decided(record, decided._replace(baselines={}))
    live = [_evaluated(each, record_live(each, settings), text) for each, text in beside.live]
    about: dict[str, Any] = {"run": msgspec.to_builtins(bound(record, NOTEBOOK_ROOM))}
    if others := record_beside(record, take_turns([*live, *beside.recorded], decided.runs if decided else ())):
        about["beside"] = msgspec.to_builtins(others)
    if decided is not None:
        about["baselines"] = dict(decided.baselines)
    return about


def evaluate_live(run: Run, source: str) -> Evaluation:
    """Return what is known by now of how a run of this process was evaluated."""
    datasets = read_live_datasets(run.store_folder, run.id, run.datasets.values()) if run.store_folder else []
    known = [each.about for each in run.artifacts.values()]
    return make_evaluation(datasets, source if len(source) <= MOST_READ else None, known)


def _evaluated(run: Run, record: RunRecord, source: str) -> RunRecord:
    return with_evaluation(record, evaluate_live(run, source))


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
