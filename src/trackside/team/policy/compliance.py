"""Whether a run keeps a policy: rule by rule, from what is known of the run and nothing else."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from trackside.goals import split_words
from trackside.model import endings, parse_tag, short_id
from trackside.quantities import spell_count
from trackside.team.policy.run_record import find_seeds
from trackside.team.policy.schemes import parse_scheme
from trackside.visible_text import cut, spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trackside.model import JSONValue, Role
    from trackside.team.policy.rules import Policy, Range, Rule
    from trackside.team.policy.run_record import RunRecord

State: TypeAlias = Literal["kept", "broken", "unknown"]
"""``"unknown"``: the run has not ended, or what it hangs on is not known (yet)."""

_SHOWN = 60


class Finding(NamedTuple):
    """Whether a run keeps one rule.

    Attributes
    ----------
    rule
        What is demanded, in a word or two: ``"tag stage"``.
    found, expected
        What the run has, and what it should have.
    advice
        What to do about it.
    refuses
        Whether nothing is to be decided on a run that breaks it.
    key, number
        Where the policy demands it: the key, and in which of its rules; 0 is what it says of all experiments.
    """

    rule: str
    state: State
    found: str
    expected: str
    advice: str
    refuses: bool = False
    key: str = ""
    number: int = 0

    def __str__(self) -> str:
        return f"{self.rule}: found {self.found}; expected {self.expected}; {self.advice}"


def judge_run(policy: Policy, run: RunRecord, *, deciding: bool = False, handle: str = "") -> list[Finding]:
    """Return what a run keeps of a policy, rule by rule; what several rules demand alike stands there once.

    Parameters
    ----------
    deciding
        Whether something is to be decided on the run: then it must have been run with as many seeds as is demanded,
        which before that is still to come.
    handle
        How commands in the advice name the run, a repeat by its cell's; by default not at all: they mean the last one.

    Examples
    --------
    >>> from trackside.team.policy.reading import parse_policy
    >>> from trackside.team.policy.run_record import RunRecord
    >>> run = RunRecord(
    ...     run_id="", project="p", experiment="e", name="mlp", status="finished", started_at=0, tags={"stage": "dev"}
    ... )
    >>> [(each.rule, each.state) for each in judge_run(parse_policy({"tags": ["stage", "owner"]}, "f"), run)]
    [('tag stage', 'kept'), ('tag owner', 'broken')]
    """
    found: dict[tuple[str, str], Finding] = {}
    handle = f"{short_id(run.cell_run) if run.cell_run else handle} " if handle else ""
    for finding in _judge_names(policy, run, handle):
        found[finding.rule, finding.expected] = finding
    for number, rule in enumerate(policy.rules):
        for finding in _judge_rule(rule, run, handle, deciding=deciding) if rule.applies_to(run.experiment) else ():
            key, refuses = (finding.rule, finding.expected), policy.refuses(rule)
            if key not in found or refuses or not found[key].refuses:
                found[key] = finding._replace(refuses=refuses, number=number)
    return list(found.values())


def _judge_names(policy: Policy, run: RunRecord, handle: str) -> Iterator[Finding]:
    """Yield whether the names fit their schemes: of several that apply the last one counts."""
    known = {"project": run.project, "user": run.user}
    for key, what, name in (
        ("experiment_name", "experiment", run.experiment),
        ("run_name", "run name", run.cell_name or run.name),
    ):
        fitting = ((at, rule) for at, rule in enumerate(policy.rules) if rule.applies_to(run.experiment))
        rules = [(at, rule) for at, rule in fitting if getattr(rule, key) is not None]
        if rules:
            number, rule = rules[-1]
            scheme = parse_scheme(getattr(rule, key), policy.parts)
            misfit = scheme.misfit(name, known)
            advice = {
                "experiment_name": f"run it again with --experiment {scheme.example(known)}",
                "run_name": f"rename it: %track rename {handle or 'last '}{scheme.example(known)}",
            }[key]
            yield Finding(
                what,
                "broken" if misfit else "kept",
                misfit or cut(name, _SHOWN),
                scheme.text,
                advice,
                refuses=policy.refuses(rule),
                key=key,
                number=number,
            )


def _judge_rule(rule: Rule, run: RunRecord, handle: str, *, deciding: bool) -> Iterator[Finding]:
    yield from _judge_required(rule, run, handle)
    for name in rule.forbidden_params:
        hits = _find_params(run, name)
        told = ", ".join(cut(key, _SHOWN) for key in hits) or "none"
        yield Finding(
            f"no param {name}",
            "broken" if hits else "kept",
            told,
            f"no param {name}",
            f"take {told} out of its code and run it again",
            key="forbidden_params",
        )
    yield from (_judge_tag(tag, run, handle) for tag in rule.tags)
    if rule.seeds:
        yield _judge_seeds(rule.seeds, run, deciding=deciding)
    if rule.clean_git:
        yield _judge_code(run)
    for name, allowed in rule.param_ranges.items():
        for key in _find_params(run, name):
            yield _judge_number("param", key, run.params[key], allowed, f"run it again with {key} {allowed}")
    for name, allowed in rule.metric_ranges.items():
        for key in (key for key in run.metrics if fnmatchcase(key, name)):
            yield _judge_number("metric", key, run.metrics[key], allowed, "see what went wrong; or change the policy")


def _judge_required(rule: Rule, run: RunRecord, handle: str) -> Iterator[Finding]:
    """Yield whether the run has what it needs; one that has not ended well may lack it for that."""
    kinds = {each.kind for each in run.artifacts} | {each.name for each in run.artifacts}
    data = {role: [each.name for each in run.datasets if each.role == role] for role in rule.roles}
    needs = [
        *(
            ("params", f"param {name}", _find_params(run, name), f"ts.log_params({_call(name)})")
            for name in rule.params
        ),
        *(
            ("metrics", f"metric {name}", filter(_fits(name), run.metrics), f"ts.log({_call(name)})")
            for name in rule.metrics
        ),
        *(("roles", f"data to {_ROLES[role]}", data[role], f'ts.log_dataset(…, role="{role}")') for role in rule.roles),
        *(
            ("artifacts", f"artifact {name}", filter(_fits(name), kinds), "ts.log_artifact(…)")
            for name in rule.artifacts
        ),
        *([("seed", "seed on record", _find_seeds(run), "seed = 0 in the cell")] if rule.seed else []),
    ]
    missing: State = "broken" if run.status == "finished" and not run.is_cut else "unknown"
    for key, what, has, how in needs:
        is_there = any(has)
        state, found = ("kept" if is_there else missing), "it" if is_there else "none"
        where = f", in a cell with %%track --into {handle.strip()}" if handle and key != "seed" else ""
        yield Finding(what, state, found, "one", f"add it: {how}{where}", key=key)


def _judge_seeds(wanted: int, run: RunRecord, *, deciding: bool) -> Finding:
    short: State = "broken" if deciding and run.status != "running" else "unknown"
    return Finding(
        spell_count(wanted, "seed"),
        "kept" if run.seeds >= wanted else short,
        spell_count(run.seeds, "seed"),
        f"{wanted} or more before something is decided",
        f"run it with more seeds: %%track --repeat {wanted} --seed seed",
        key="seeds",
    )


_ROLES: dict[Role, str] = {"train": "train on", "val": "choose by", "test": "test on"}


def _judge_tag(tag: str, run: RunRecord, handle: str) -> Finding:
    name, values = parse_tag(tag)
    allowed = [value.strip() for value in values.split("|")] if values else ["*"]
    value = run.tags.get(name)
    expected = f"{name}={values}" if values else f"a tag {name}"
    advice = f"tag it: %track tag {handle}{name}={allowed[0] if values else '…'}"
    is_kept = value is not None and any(fnmatchcase(value, each) for each in allowed)
    found = "none" if value is None else f"{name}={cut(value, _SHOWN)}"
    return Finding(f"tag {name}", "kept" if is_kept else "broken", found, expected, advice, key="tags")


def _judge_code(run: RunRecord) -> Finding:
    state: State = (
        "unknown" if run.git_commit is None or run.git_dirty is None else "broken" if run.git_dirty else "kept"
    )
    found = {"unknown": "no commit on record", "broken": "changes that are in no commit", "kept": "a commit"}[state]
    advice = "commit it (git commit -a) and run it again"
    return Finding("clean git", state, found, "code that is in a commit", advice, key="clean_git")


def _judge_number(what: str, key: str, value: JSONValue, allowed: Range, advice: str) -> Finding:
    number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if value in ("Infinity", "-Infinity"):
        number = float(str(value))
    is_kept = number is not None and allowed.holds(number)
    rule = f"{what} {cut(key, _SHOWN)} in range"
    state: State = "kept" if is_kept else "broken"
    return Finding(rule, state, cut(spell(value), _SHOWN), str(allowed), advice, key=f"{what}_ranges")


def _fits(pattern: str) -> Callable[[str], bool]:
    return lambda name: fnmatchcase(name, pattern)


def _find_params(run: RunRecord, name: str) -> list[str]:
    """Return the params that a name or pattern means: by all of their name, or by its end."""
    return [key for key in run.params if any(fnmatchcase(end, name) for end in endings(key))]


def _find_seeds(run: RunRecord) -> list[str]:
    """Return the params that seed what is drawn; the number of a fold does not."""
    return [key for key in find_seeds(run) if "fold" not in split_words(key.rpartition(".")[2])]


def _call(name: str) -> str:
    return f"{name}=…" if name.isidentifier() else f'{{"{name}": …}}'
