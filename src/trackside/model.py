"""What a journal says: the events of a run, as typed records.

A run's whole life is a sequence of these events. The journal writes them one to a line, the drain
folds them into tables; nothing else crosses between a tracked process and the store.

Every event carries ``seq``, its number in its own journal (0, 1, 2, …), and ``time``, seconds since the
epoch (UTC) by the writer's clock. Non-finite numbers stand as the strings ``"NaN"``, ``"Infinity"`` and
``"-Infinity"``, because JSON has no other way to say them.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT_VERSION = 1
"""Version of the journal's lines. A reader refuses journals with a higher one."""

Status: TypeAlias = Literal["running", "finished", "failed", "interrupted"]
Origin: TypeAlias = Literal["cell", "call", "context", "given"]
"""Where a param was found: assigned in the cell, in a call's arguments, read from the kernel, or given."""

Kind: TypeAlias = Literal["int", "float", "bool", "str", "none", "json"]
"""A param's kind, so that the string ``"NaN"`` and the number NaN stay apart."""

JSONValue: TypeAlias = int | float | bool | str | list[Any] | dict[str, Any] | None
"""What JSON can say; not recursive, because msgspec decodes no recursive alias."""

NON_FINITE = ("NaN", "Infinity", "-Infinity")

Role: TypeAlias = Literal["train", "val", "test"]
"""What data is used for: to train on, to choose by, or to report on."""

TAG_MARK = "tag:"
"""What the mark of a tag begins with: ``tag:stage``."""

FORCED_MARK = "forced:"
"""What the mark of a check begins with that judged runs although not comparable: ``forced:val_acc``."""

Disposition: TypeAlias = Literal["keep", "drop", "promote"]
"""What may be decided about a run."""

ReproductionVerdict: TypeAlias = Literal["reproduced", "differs"]
"""Whether running a run again gave the same."""

SEED_TAG = "seed-param"
"""The tag of a run that names the params which are its seed, where their names do not say so."""

Subject: TypeAlias = Literal["goal", "main", "ignored", "baseline", "view"]
"""What may be decided for an experiment: a metric's goal, the main metric, a name to leave out, the baseline, how
a view of some name looks."""

Stage: TypeAlias = Literal["none", "staging", "production", "archived"]
"""Where a version of a model stands; one version of a model at most is in production."""

STAGES: tuple[Stage, ...] = get_args(Stage)

STORE_ID = "00000000-0000-0000-0000-000000000000"
"""Stands for a run's id in journals of what is said about runs and experiments: they belong to no run."""


class Param(msgspec.Struct, frozen=True, kw_only=True):
    """One input of a run.

    ``value`` is JSON; a non-finite float is one of `NON_FINITE` with kind ``"float"``.
    """

    key: str
    value: JSONValue
    kind: Kind
    origin: Origin


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", omit_defaults=True):
    """Base of all lines: ``event`` (the tag) first, then ``seq`` and ``time``."""

    seq: int
    time: float


class Opened(Event, frozen=True, kw_only=True, tag="opened"):
    """First line of every journal: format and identity of the writer.

    The run's status hangs on its *owner*'s journal; forked and spawned workers write journals of their own
    with ``owner`` false. A run that is resumed has another owner: ``generation`` counts those before.
    """

    version: int
    run_id: str
    writer: str
    owner: bool
    host: str
    pid: int
    generation: int = 0


class Started(Event, frozen=True, kw_only=True, tag="started"):
    """What the run is. Second line of an owner's journal.

    ``is_repeated`` says that the runs within it are its cell's repeats, of which its metrics are the means.
    """

    project: str
    experiment: str
    name: str
    user: str
    origin: Literal["notebook", "script"]
    notebook: str | None = None
    cell_id: str | None = None
    cell_digest: str | None = None
    source: str | None = None
    execution_count: int | None = None
    parent_id: str | None = None
    group: str | None = None
    is_repeated: bool = False


class ParamsLogged(Event, frozen=True, kw_only=True, tag="params"):
    """Params found or given; of one key the last counts."""

    params: list[Param]


class MetricsLogged(Event, frozen=True, kw_only=True, tag="metrics"):
    """One point of each named metric, all at the same step and time."""

    step: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
    values: dict[str, float | Literal["NaN", "Infinity", "-Infinity"]]


class HistoryLogged(Event, frozen=True, kw_only=True, tag="history"):
    """Points logged in bulk: ``rows`` points of each of ``keys`` in one ``.npy`` segment.

    The file is a structured array with the fields ``step`` (``<i8``), ``time`` (``<f8``, seconds since the
    epoch) and one ``<f8`` field for each key, named ``0``, ``1``, … in the order of ``keys``.
    """

    file: str
    sha256: str
    rows: int
    keys: list[str]


class TagsSet(Event, frozen=True, kw_only=True, tag="tags"):
    """Tags set; of one key the last counts."""

    tags: dict[str, str]


class EnvironmentSeen(Event, frozen=True, kw_only=True, tag="environment"):
    """Where the run ran: digest of an `Environment` kept as a blob, and the state of the code's repository."""

    digest: str
    git_commit: str | None = None
    git_dirty: bool | None = None


class Ended(Event, frozen=True, kw_only=True, tag="ended"):
    """How the run ended. ``active`` is in seconds and leaves out the time the machine slept."""

    status: Literal["finished", "failed", "interrupted"]
    active: float | None = None
    error: str | None = None


class Dataset(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Data that a run read or was given.

    Attributes
    ----------
    name, kind, shape
        The name it went by, its type, and its shape where it has one, ``"1797×64"``.
    role
        What it was used for, where that is known.
    digest
        Of its content: the same data has the same one in every process.
    sampled
        Whether the digest is of a sample only, because there was no time for all of it.
    memory
        Bytes it takes.
    source, version
        Where it came from, and which version of it; a file's path or an address.
    profile
        Digest of its `trackside.records.DataProfile`, which is kept as a blob.
    """

    name: str
    kind: str
    shape: str | None = None
    role: Role | None = None
    digest: str | None = None
    sampled: bool = False
    memory: int | None = None
    source: str | None = None
    version: str | None = None
    profile: str | None = None


class DatasetsSeen(Event, frozen=True, kw_only=True, tag="datasets"):
    """Data that the run reads; of one name the last counts."""

    datasets: list[Dataset]


class Artifact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Bytes that a run made, kept as a blob.

    Attributes
    ----------
    name
        What it is called, ``"confusion matrix"`` or ``"checkpoints/last.pt"``: a label, never a path.
    kind
        What it is: ``"figure"``, ``"table"``, ``"model"``, ``"predictions"``, ``"file"``, …
    mime
        The type of its bytes.
    bytes, sha256
        Its size and its blob.
    step
        The step it belongs to; None where it belongs to the whole run.
    about
        What else is known of it, as short texts: the class of a model, the digest of a figure's data.
    """

    name: str
    kind: str
    mime: str
    bytes: int
    sha256: str
    step: int | None = None
    about: dict[str, str] = {}


class ArtifactsLogged(Event, frozen=True, kw_only=True, tag="artifacts"):
    """Artifacts; of one name and step the last counts."""

    artifacts: list[Artifact]


class PartsKept(Event, frozen=True, kw_only=True, tag="parts"):
    """Records of parts of the run, by the digests of their blobs; of a part the last counts.

    Parts are called as `PartName` says, and `ADDED_OUTPUTS` with a cell's key what that cell added.
    """

    parts: dict[str, str]


class Statement(Event, frozen=True, kw_only=True):
    """Base of what people say of runs and experiments: ``by`` is who said it, as a run's ``user`` is found."""

    by: str | None = None
    why: str | None = None


class Marked(Statement, frozen=True, kw_only=True, tag="marked"):
    """What somebody said of runs; of one run and mark the last counts, and None takes the mark away.

    ``starred`` and ``note``; ``shelf`` is where the run lies: ``"kept"``, ``"archived"`` or ``"dropped"``; ``decision``
    is what becomes of it, a `Disposition`; ``name`` is what it is called in place of its first name; ``tag:stage`` is
    its tag ``stage``, and None takes away also one that it set itself; ``forced:val_acc`` is what came out when it was
    judged although not comparable; ``reproduced`` is ``"reproduced"`` or ``"differs"``, and ``reproduction`` tells in
    JSON what was compared. A mark that a reader does not know is kept and tells it nothing.
    """

    run_ids: list[str]
    marks: dict[str, str | None]


class Decided(Statement, frozen=True, kw_only=True, tag="decided"):
    """What somebody decided for an experiment.

    ``key`` names what it is about (a metric, a param; empty for the experiment itself). Of one (project, experiment,
    subject, key) the last counts, and None takes the decision back.
    """

    project: str
    experiment: str
    subject: Subject
    key: str
    value: str | None


class Reviewed(Statement, frozen=True, kw_only=True, tag="reviewed"):
    """A review that somebody made of what ran ``since`` one time ``until`` another, in seconds since the epoch.

    ``experiments`` are named by project and name.
    """

    review_id: str
    since: float
    until: float
    experiments: list[tuple[str, str]]
    run_ids: list[str]


class Purged(Statement, frozen=True, kw_only=True, tag="purged"):
    """Runs of which nothing is to be left."""

    run_ids: list[str]


class Gate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that a version of a model is held to before it is registered or promoted, and how it came out."""

    name: str
    passed: bool
    text: str = ""


class Registered(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag="registered"):
    """A run's artifact becomes a version of a model."""

    run_id: str
    artifact: Artifact


class Aliased(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag="aliased", omit_defaults=True):
    """A name, such as ``"champion"``, means this version from now on, and no other; or means none any more."""

    alias: str
    is_taken_back: bool = False


class Staged(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag="staged"):
    """The version gets to a stage. One that was in production before is archived with that."""

    stage: Stage


class ModelChanged(Event, frozen=True, kw_only=True, tag="model"):
    """One step in the life of a model, said of one of its versions.

    The steps of a model are a chain: ``after`` is the ``id`` of the one that was the last when this one was written,
    None for the first. Of two that were written after the same one the first in the order (time, writer, seq) counts,
    and the other is lost, with all that follow it: two processes, hosts or merged stores come to the same end.

    ``gates`` is what the version was held to, ``overridden_by`` who answers for those that it did not pass.
    """

    id: str
    after: str | None = None
    model: str
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    change: Registered | Aliased | Staged
    by: str | None = None
    why: str | None = None
    gates: list[Gate] = []
    overridden_by: str | None = None


AnyEvent: TypeAlias = (
    Opened
    | Started
    | ParamsLogged
    | MetricsLogged
    | HistoryLogged
    | TagsSet
    | EnvironmentSeen
    | DatasetsSeen
    | ArtifactsLogged
    | PartsKept
    | Ended
    | Marked
    | Decided
    | Reviewed
    | ModelChanged
    | Purged
)


def new_run_id() -> str:
    """Return a new UUIDv7 (RFC 9562 §5.7) as text: ordered by time, unique with no central counter."""
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=number))


def is_run_id(text: str) -> bool:
    """Tell whether a text is written like the id of a run."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def new_writer_id() -> str:
    """Return a name for one writing process of a run: 12 hexadecimal digits."""
    return secrets.token_hex(6)


def short_id(run_id: str) -> str:
    """Return the five characters people type and see for a run: the random end of its id.

    Examples
    --------
    >>> short_id("01934d5e-7c1a-7def-8abc-0123456789ab")
    '789ab'
    """
    return run_id[-5:]


def spell_tag(key: str, value: str) -> str:
    """Return a tag as people write it; one with no value is its name alone.

    Examples
    --------
    >>> spell_tag("stage", "final"), spell_tag("best-so-far", "")
    ('stage=final', 'best-so-far')
    """
    return f"{key}={value}" if value else key


def parse_tag(text: str) -> tuple[str, str]:
    """Return the name and the value of a tag as people write it; the name is empty where none stands there.

    Examples
    --------
    >>> parse_tag("stage = final"), parse_tag("best-so-far"), parse_tag("query=a=b")
    (('stage', 'final'), ('best-so-far', ''), ('query', 'a=b'))
    """
    key, _, value = text.partition("=")
    return key.strip(), value.strip()


def short_labels(keys: Iterable[str]) -> dict[str, str]:
    """Return for each key as few of its last parts as tell it from the others.

    Examples
    --------
    >>> short_labels(["SVC.C", "NuSVC.gamma", "SVC.gamma"])
    {'SVC.C': 'C', 'NuSVC.gamma': 'NuSVC.gamma', 'SVC.gamma': 'SVC.gamma'}
    """
    ends = {key: endings(key) for key in keys}
    taken = Counter(end for its_ends in ends.values() for end in its_ends)
    return {key: next((end for end in its_ends if taken[end] == 1), key) for key, its_ends in ends.items()}


def endings(key: str) -> list[str]:
    """Return the last part of a key, the last two, …, and all of it.

    Examples
    --------
    >>> endings("cfg.optim.lr")
    ['lr', 'optim.lr', 'cfg.optim.lr']
    """
    starts = [at + 1 for at in range(len(key) - 2, -1, -1) if key[at] == "."]
    return [key[at:] for at in (*starts, 0)]
