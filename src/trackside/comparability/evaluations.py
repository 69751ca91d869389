"""Whether two sets of runs were evaluated alike: on the same data, divided and prepared alike, by the same metric.

The contents' digests of the data that a metric was measured on settle data, split and preprocessing at once. Where they
are not on record, shapes, the splits' arguments and the preprocessing may still tell that runs cannot be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from trackside.capture.data.splits import FOLDERS, lacks_seed
from trackside.comparability.metric_definitions import find_definition
from trackside.goals import split_words
from trackside.run_data import read_defined, read_divided
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trackside.records import DataProfile
    from trackside.run_data import RunDataset

State: TypeAlias = Literal["comparable", "unknown", "not comparable"]

_VAL = frozenset("val valid validation eval dev cv oof".split())
_TEST = frozenset("test holdout".split())
_DRAWN_ANEW = "the split has no random_state, so that each run is evaluated on other rows"
_SHOWN = 60
"""Characters of a name or a setting that are told."""


@dataclass(frozen=True, kw_only=True)
class Comparability:
    """Whether runs may be held against each other.

    Attributes
    ----------
    state
        ``"comparable"``; ``"not comparable"``, where something is known to differ; ``"unknown"`` otherwise.
    causes
        What differs, or what is not known, in words.
    """

    state: State
    causes: tuple[str, ...] = ()


class Evaluation(NamedTuple):
    """What is known of how a run was evaluated.

    Attributes
    ----------
    datasets, source
        Its data, and the text of its cell or script.
    scored
        Definitions of metrics that are means over folds, whose scores were heard; see `define_metrics`.
    divided
        Digests of the data and of the folds that such a metric is of; see `tell_divisions`.
    """

    datasets: Sequence[RunDataset]
    source: str | None
    scored: Mapping[str, str] = {}
    divided: Mapping[str, str] = {}

    def define(self, metric: str) -> str | None:
        """Return by what a metric was computed, or None where that is not known."""
        return find_definition(self.source, metric) or self.scored.get(metric)


def make_evaluation(
    datasets: Sequence[RunDataset], source: str | None, artifacts: Iterable[Mapping[str, str]]
) -> Evaluation:
    """Return what is known of how a run was evaluated, by its data, its source, and what is known of its artifacts."""
    known = {key: told for about in artifacts for key, told in about.items()}
    return Evaluation(datasets, source, read_defined(known), read_divided(known))


class _Finding(NamedTuple):
    state: State
    cause: str = ""


def compare_evaluations(metric: str, candidate: Sequence[Evaluation], baseline: Sequence[Evaluation]) -> Comparability:
    """Return whether the runs of a candidate and those of a baseline may be compared by a metric.

    Runs of several seeds may be evaluated on other rows each, as long as both sides are on the same ones.
    """
    findings = [
        _compare_folds(metric, candidate, baseline) or _compare_data(metric, candidate, baseline),
        _compare_definitions(metric, candidate, baseline),
    ]
    for state in ("not comparable", "unknown"):
        if causes := [finding.cause for finding in findings if finding.state == state]:
            return Comparability(state=state, causes=tuple(causes))
    return Comparability(state="comparable")


def list_incomparable(metrics: Iterable[str], own: Evaluation, baseline: Evaluation) -> dict[str, str]:
    """Return by which metrics a run is known not to be comparable with the baseline, and why."""
    found = {metric: compare_evaluations(metric, [own], [baseline]) for metric in metrics}
    return {metric: "; ".join(each.causes) for metric, each in found.items() if each.state == "not comparable"}


def _compare_definitions(metric: str, candidate: Sequence[Evaluation], baseline: Sequence[Evaluation]) -> _Finding:
    ours, theirs = ({each.define(metric) for each in side} for side in (candidate, baseline))
    name = cut(metric, _SHOWN)
    if None in ours | theirs:
        return _Finding("unknown", f"how {name} is defined is not on record")
    if ours != theirs:
        told = " and ".join(cut(", ".join(sorted(map(str, side))), 2 * _SHOWN) for side in (ours, theirs))
        return _Finding("not comparable", f"{name} is another metric in the candidate and in the baseline: {told}")
    return _Finding("comparable")


def _compare_folds(metric: str, *sides: Sequence[Evaluation]) -> _Finding | None:
    """Compare what a metric was cross-validated on; None where it was not, or that is not on record, on some side."""
    told = [{each.divided.get(metric, "") for each in side} for side in sides]
    if any("" in side for side in told):
        return None
    data, folds = ([{each.split(" ")[place] for each in side} for side in told] for place in (0, 1))
    if data[0] != data[1]:
        return _Finding("not comparable", "not evaluated on the same data: cross-validated on other data")
    if "" in folds[0] | folds[1]:
        return None
    if folds[0] != folds[1]:
        return _Finding("not comparable", "not evaluated alike: the folds have other rows")
    return _Finding("comparable")


def _compare_data(metric: str, candidate: Sequence[Evaluation], baseline: Sequence[Evaluation]) -> _Finding:
    choose = _chooser(metric, [*candidate, *baseline])
    ours, theirs = ([list(filter(choose, each.datasets)) for each in side] for side in (candidate, baseline))
    if not all([*ours, *theirs]):
        return _judge_missing(metric, candidate, baseline)
    common = set.intersection(*({each.dataset.name for each in run} for run in [*ours, *theirs]))
    if not common:
        return _compare_renamed(ours, theirs)
    states = {name: _compare_contents(name, ours, theirs) for name in sorted(common)}
    if other := [name for name, state in states.items() if state == "not comparable"]:
        named = ", ".join(cut(name, _SHOWN) for name in other)
        why = _say_otherwise(ours, theirs)
        return _Finding("not comparable", f"not evaluated on the same data ({named})" + (f": {why}" if why else ""))
    is_known = all(state == "comparable" for state in states.values())
    profiles = [each.profile for run in [*ours, *theirs] for each in run if each.profile]
    has_folds = any(profile.split.get("by") in FOLDERS for profile in profiles)
    if (not is_known or has_folds) and (why := _say_otherwise(ours, theirs)):
        return _Finding("not comparable", f"not evaluated alike: {why}")
    if not is_known:
        named = ", ".join(cut(name, _SHOWN) for name, state in states.items() if state == "unknown")
        return _Finding("unknown", f"whether the content of {named} is the same is not on record")
    return _Finding("comparable")


def _judge_missing(metric: str, *sides: Sequence[Evaluation]) -> _Finding:
    """Judge runs of which some have no evaluation data on record, by the splits that they made."""
    profiles = [[each.profile for run in side for each in run.datasets if each.profile] for side in sides]
    if any(lacks_seed(profile.split) for side in profiles for profile in side):
        return _Finding("not comparable", f"not evaluated alike: {_DRAWN_ANEW}")
    ours, theirs = ({_say_split(profile) for profile in side if profile.split} for side in profiles)
    if ours and theirs and not ours & theirs:
        split = f"split is {_listed(ours)} in the candidate, {_listed(theirs)} in the baseline"
        return _Finding("not comparable", f"not evaluated alike: {split}")
    return _Finding("unknown", f"the data that {cut(metric, _SHOWN)} was measured on is not on record")


def _chooser(metric: str, runs: Sequence[Evaluation]) -> Callable[[RunDataset], bool]:
    """Return what chooses the data that a metric was measured on: by its name, else held out, else cut in folds."""
    words = set(split_words(metric))
    wanted = {
        role for role, those in (("val", _VAL), ("test", _TEST), ("train", {"train", "training"})) if those & words
    }
    choosers: list[Callable[[RunDataset], bool]] = [
        lambda each: each.dataset.role in wanted,
        lambda each: each.dataset.role in ("val", "test"),
        lambda each: bool(each.profile and each.profile.split),
    ]
    return next((c for c in choosers if any(any(map(c, run.datasets)) for run in runs)), choosers[-1])


def _compare_contents(name: str, *sides: list[list[RunDataset]]) -> State:
    """Return whether both sides have the same contents under a name, whichever run has which."""
    found = [[each.dataset for run in side for each in run if each.dataset.name == name] for side in sides]
    both = [each for side in found for each in side]
    if all(each.digest for each in both) and len({each.sampled for each in both}) == 1:
        ours, theirs = ({each.digest for each in side} for side in found)
        return "comparable" if ours == theirs else "not comparable"
    shapes = [{each.shape for each in side} for side in found]
    return "not comparable" if None not in shapes[0] | shapes[1] and shapes[0] != shapes[1] else "unknown"


def _compare_renamed(*sides: list[list[RunDataset]]) -> _Finding:
    """Compare data that goes by other names on each side: by digests alone."""
    digests = [{frozenset(each.dataset.digest or "" for each in run) for run in side} for side in sides]
    if any("" in run for side in digests for run in side):
        return _Finding("unknown", "the data goes by other names in each, and its content is not on record")
    if digests[0] == digests[1]:
        return _Finding("comparable")
    return _Finding("not comparable", "not evaluated on the same data: other names, other content")


def _say_otherwise(*sides: list[list[RunDataset]]) -> str:
    """Say in what splits and the preparation of data are known to differ, or why a split is never the same twice."""
    profiles = [[each.profile for run in side for each in run if each.profile] for side in sides]
    if any(lacks_seed(profile.split) for side in profiles for profile in side):
        return _DRAWN_ANEW
    for what, told in (("split", _say_split), ("preprocessing", say_preprocessing)):
        ours, theirs = ({told(profile) for profile in side} for side in profiles)
        if ours and theirs and ours != theirs:
            return f"{what} is {_listed(ours)} in the candidate, {_listed(theirs)} in the baseline"
    return ""


def _say_split(profile: DataProfile) -> str:
    split = profile.split
    arguments = ", ".join(f"{key}={value!r}" for key, value in split.items() if key != "by")
    return f"{split['by']}({arguments})" if "by" in split else arguments


def say_preprocessing(profile: DataProfile) -> str:
    """Return in words what was done to data before it was used."""
    return " → ".join([*(step.text for step in profile.filters), *([profile.pipeline] if profile.pipeline else [])])


def _listed(texts: Iterable[str]) -> str:
    return cut(", ".join(sorted(filter(None, texts))), 2 * _SHOWN) or "none"
