"""The verbs of ``%track``: what each is for, and what carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from trackside.errors import InputError, suggest
from trackside.magic import (
    checked_runs,
    choices,
    chosen_runs,
    edited_runs,
    kept_runs,
    policed_runs,
    registered_models,
    reviewed_runs,
    shown_runs,
)
from trackside.magic.here import describe_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.magic.memory import Memory

Words: TypeAlias = Literal["runs", "metrics", "metrics and runs", "runs and tags", "experiments", "names", "models", ""]
"""What may stand after a verb, for completion."""

_HELP = ("--help", "-h", "?")


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One verb: what stands after it, what it is for, what carries it out and gives the answer."""

    usage: str
    text: str
    carry_out: Callable[[str], Any]
    words: Words = ""

    def describe(self, name: str) -> str:
        """Return one line of help."""
        return f"    %track {f'{name} {self.usage}'.strip():<27} {self.text}"


def make_verbs(memory: Memory) -> dict[str, Verb]:
    """Return the verbs of a session, by name."""
    return {
        "runs": Verb(
            usage="[RUNS]",
            text="the runs of this notebook's experiment, as a table; of all: ts.runs(experiment='*')",
            carry_out=shown_runs.show,
            words="runs",
        ),
        "compare": Verb(
            usage="[METRICS] [RUNS] [--view NAME]",
            text="side by side; by default the newest 20, the starred, the baseline; as saved in this experiment",
            carry_out=shown_runs.compare,
            words="metrics and runs",
        ),
        "history": Verb(
            usage="[METRICS] [RUNS]",
            text="how metrics went",
            carry_out=shown_runs.history,
            words="metrics and runs",
        ),
        "parallel": Verb(
            usage="[RUNS]",
            text="params and metrics as parallel coordinates",
            carry_out=shown_runs.parallel,
            words="runs",
        ),
        "scatter": Verb(
            usage="[X [Y]]",
            text="runs as points: any param or metric against another",
            carry_out=shown_runs.scatter,
            words="names",
        ),
        "importance": Verb(
            usage="[METRIC] [RUNS]",
            text="which params are important to a metric",
            carry_out=shown_runs.importance,
            words="metrics and runs",
        ),
        "diff": Verb(
            usage="[A [B]]",
            text="in what two runs differ; alone: the last one and the one of its cell before",
            carry_out=kept_runs.diff,
            words="runs",
        ),
        "check": Verb(
            usage=checked_runs.USAGE,
            text="whether runs are better than the baseline or others; alone: the last one",
            carry_out=checked_runs.check,
            words="runs",
        ),
        "policy": Verb(
            usage="[RUNS]",
            text="what the team's policy demands, and how runs keep it; of runs that are named each rule",
            carry_out=policed_runs.tell_policy,
            words="runs",
        ),
        "review": Verb(
            usage=reviewed_runs.USAGE,
            text="write what ran, what beat the baseline, failed, is new and open, as a notebook and a page",
            carry_out=reviewed_runs.review,
        ),
        "restore": Verb(
            usage="RUN [FOLDER] [--notebook]",
            text="write its cells, or all its notebook, as a notebook, with requirements",
            carry_out=kept_runs.restore,
            words="runs",
        ),
        "reproduce": Verb(
            usage="RUN [--tolerance T] [--timeout S]",
            text="run its cells in a fresh kernel, and keep whether the same comes out",
            carry_out=kept_runs.reproduce,
            words="runs",
        ),
        "star": Verb(usage="RUNS", text="always show these runs", carry_out=chosen_runs.star, words="runs"),
        "unstar": Verb(usage="RUNS", text="take the stars back", carry_out=chosen_runs.unstar, words="runs"),
        "keep": Verb(
            usage="RUNS", text="bring runs back that are hidden, for good", carry_out=chosen_runs.keep, words="runs"
        ),
        "archive": Verb(usage="RUNS", text="put runs away", carry_out=chosen_runs.archive, words="runs"),
        "drop": Verb(usage="RUNS", text="put runs away to be deleted", carry_out=chosen_runs.drop, words="runs"),
        "purge": Verb(
            usage="[RUNS]", text="delete dropped runs, with all they have", carry_out=chosen_runs.purge, words="runs"
        ),
        "note": Verb(
            usage="RUN [TEXT|--delete|--undo]",
            text="keep a line with a run, tell it, or bring the one before back",
            carry_out=edited_runs.note,
            words="runs",
        ),
        "rename": Verb(
            usage="[RUN] NAME|--undo",
            text="call a run otherwise; alone: the last one",
            carry_out=edited_runs.rename,
            words="runs",
        ),
        "tag": Verb(
            usage="[RUNS] [KEY[=VALUE]]",
            text="tag runs, by default the last one, or tell their tags",
            carry_out=edited_runs.tag,
            words="runs and tags",
        ),
        "untag": Verb(usage="[RUNS] KEYS", text="take tags away", carry_out=edited_runs.untag, words="runs and tags"),
        "baseline": Verb(
            usage="[RUN|none] [--name N] [--why TEXT] [--history]",
            text="the run that others are held against, or one of several by name, and all that ever were",
            carry_out=partial(chosen_runs.baseline, memory),
            words="runs",
        ),
        "decide": Verb(
            usage="RUNS keep|drop|promote WHY",
            text="decide what becomes of runs, with the reason; every decision is kept",
            carry_out=edited_runs.decide,
            words="runs",
        ),
        "models": Verb(
            usage="[NAME [VERSION]]",
            text="the registered models, one, or a version of one",
            carry_out=registered_models.show,
            words="models",
        ),
        "register": Verb(
            usage=registered_models.REGISTER,
            text="make what a run kept the next version of a model; called as the experiment by default",
            carry_out=registered_models.register,
            words="runs",
        ),
        "promote": Verb(
            usage=registered_models.PROMOTE,
            text="bring a version to a stage, if it passes what it is held to",
            carry_out=registered_models.promote,
            words="models",
        ),
        "alias": Verb(
            usage=registered_models.ALIAS,
            text="have a name, such as champion, mean this version, or none any more",
            carry_out=registered_models.alias,
            words="models",
        ),
        "metric": Verb(
            usage="NAME [min|max] [main]",
            text="a metric's goal, and whether it says which run is best",
            carry_out=choices.set_metric,
            words="metrics",
        ),
        "ignore": Verb(
            usage="[NAMES] [--undo]",
            text="leave these params and metrics out from now on",
            carry_out=partial(choices.ignore, memory),
            words="names",
        ),
        "experiment": Verb(
            usage="[NAME|--undo]",
            text="which experiment runs go to, or set it for this session",
            carry_out=partial(choices.set_or_tell, "experiment"),
            words="experiments",
        ),
        "store": Verb(
            usage="[FOLDER|--undo]",
            text="where runs are kept, or set it for this session",
            carry_out=partial(choices.set_or_tell, "store"),
        ),
        "on": Verb(usage="", text="track", carry_out=lambda _: choices.switch("on")),
        "off": Verb(usage="", text="do not track: %%track does nothing", carry_out=lambda _: choices.switch("off")),
    }


def answer(verbs: dict[str, Verb], line: str) -> Any:
    """Carry out what stands after ``%track`` and return the answer: a text, or something that shows itself.

    Raises
    ------
    InputError
        There is no such verb, or it cannot do what it is asked.
    """
    name, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    if not name:
        return describe_here()
    if name in ("help", *_HELP):
        return describe_verbs(verbs)
    if name not in verbs:
        raise InputError(f"no verb {name!r}; expected {', '.join(verbs)}.{suggest(name, list(verbs))}")
    if rest in _HELP:
        return verbs[name].describe(name).strip()
    return verbs[name].carry_out(rest)


def describe_verbs(verbs: dict[str, Verb]) -> str:
    """Return the help of all verbs."""
    return "\n".join(verb.describe(name) for name, verb in verbs.items())
