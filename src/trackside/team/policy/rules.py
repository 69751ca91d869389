"""What a policy says: rules for the runs of experiments, and the checks that a run has to pass."""

from __future__ import annotations

from fnmatch import fnmatchcase
from math import inf
from typing import Literal, TypeAlias

import msgspec

OnViolation: TypeAlias = Literal["warn", "refuse"]
"""``"warn"`` tells of what is broken; ``"refuse"`` also refuses to decide on such a run. No cell is ever stopped."""


class Range(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The values that are allowed, both ends among them."""

    min: float | None = None
    max: float | None = None

    def __str__(self) -> str:
        if self.min is None or self.max is None:
            return f"at most {self.max:g}" if self.min is None else f"at least {self.min:g}"
        return f"{self.min:g} … {self.max:g}"

    def holds(self, value: float) -> bool:
        """Tell whether a number is allowed; NaN never is."""
        low, high = (-inf if self.min is None else self.min), (inf if self.max is None else self.max)
        return low <= value <= high


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What runs of some experiments must have.

    Attributes
    ----------
    when
        A pattern of experiments' names: ``"final-*"``.
    on_violation
        What comes of a run that breaks it; None means as the policy says for all.
    experiment_name, run_name
        Naming schemes; see `trackside.team.policy.schemes`.
    params, metrics, tags, artifacts
        Names that a run must have, or patterns of them. Of a param the end of its name counts as well: ``C`` is found
        as ``SVC.C``. A tag may say its values: ``"stage=dev|final"``. An artifact goes by its name or its kind.
    forbidden_params
        Params that it must not have.
    roles
        Of data that it must have: ``"train"``, ``"val"``, ``"test"``.
    seed
        Whether a seed must be on record.
    seeds
        How many seeds a way to train must have been run with before anything is decided on it.
    clean_git
        Whether its code must be in a commit.
    param_ranges, metric_ranges
        Allowed values; of a metric the last one counts.
    """

    when: str = "*"
    on_violation: OnViolation | None = None
    experiment_name: str | None = None
    run_name: str | None = None
    params: list[str] = []
    forbidden_params: list[str] = []
    metrics: list[str] = []
    tags: list[str] = []
    roles: list[Literal["train", "val", "test"]] = []
    artifacts: list[str] = []
    seed: bool = False
    seeds: int = 0
    clean_git: bool = False
    param_ranges: dict[str, Range] = {}
    metric_ranges: dict[str, Range] = {}

    def applies_to(self, experiment: str) -> bool:
        """Tell whether the rule is for the runs of an experiment."""
        return fnmatchcase(experiment, self.when)


class NamedCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check that a run has to pass, as `trackside.check` carries it out.

    Attributes
    ----------
    name
        What it is called in reports; by default what it asks.
    when
        A pattern of the experiments that it is for.
    gate
        The stage of a model's version that it guards; None where it guards none.
    """

    name: str = ""
    metric: str | None = None
    against: str = "baseline"
    min_delta: float = 0.0
    confidence: float = 0.95
    allow_incomparable: bool = False
    when: str = "*"
    gate: Literal["staging", "production"] | None = None

    def applies_to(self, experiment: str) -> bool:
        """Tell whether the check is for the runs of an experiment."""
        return fnmatchcase(experiment, self.when)

    @property
    def label(self) -> str:
        """What it is called."""
        by = f" by {self.min_delta:g}" if self.min_delta else ""
        return self.name or f"{self.metric or 'main metric'} beats {self.against}{by}"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a team demands of its runs; read by `trackside.team.policy.reading.read_policy`.

    Attributes
    ----------
    file
        Where it stands.
    parts
        The words that the parts of naming schemes may be.
    rules
        In the order of the file; the first one is what the policy says of all experiments. All that apply to a run
        count; of two naming schemes the later one.
    record
        A committed record of runs, for where there is no store; see `trackside export`.
    """

    file: str
    on_violation: OnViolation = "warn"
    parts: dict[str, list[str]] = {}
    rules: list[Rule] = []
    checks: list[NamedCheck] = []
    record: str | None = None

    def rules_for(self, experiment: str) -> list[Rule]:
        """Return the rules that apply to the runs of an experiment."""
        return [rule for rule in self.rules if rule.applies_to(experiment)]

    def refuses(self, rule: Rule) -> bool:
        """Tell whether nothing is to be decided on a run that breaks a rule."""
        return (rule.on_violation or self.on_violation) == "refuse"
