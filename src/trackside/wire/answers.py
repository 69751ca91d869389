"""The answers that a browser gets."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from trackside.wire.view_state import ViewState
from trackside.wire.words import Cell, Floats, Goal, XAxis


class Column(msgspec.Struct, kw_only=True, frozen=True):
    """One column of the table of runs.

    ``key`` is unique (``"param:lr"``, ``"metric:val_loss"``, ``"run:name"``); ``name`` is what people see.
    Values of kind ``time`` are seconds since the epoch; ``number`` values may be the strings above, and of a param
    words that some runs have in a number's place (``"None"``, ``"auto"``); null is *missing*.
    ``goal`` says whether a metric is better low (``min``) or high (``max``); null where nobody knows;
    ``goal_is_given`` whether somebody said so, or its name told. ``spreads`` says of each value that is the mean of a
    repeated cell's runs how far they are apart and how many: ``"± 0.012 (5)"``; null where no value is one.
    """

    key: str
    name: str
    group: Literal["run", "param", "metric"]
    kind: Literal["number", "text", "bool", "time"]
    values: list[Cell]
    goal: Goal | None = None
    goal_is_given: bool = False
    spreads: list[str | None] | None = None


class Hidden(msgspec.Struct, kw_only=True, frozen=True):
    """How many runs tidying left out: just like a newer one, repeats of one cell, failed at once, archived, dropped."""

    repeats: int = 0
    inside: int = 0
    failed: int = 0
    archived: int = 0
    dropped: int = 0


class RunTable(msgspec.Struct, tag_field="answer", tag="runs", kw_only=True, frozen=True):
    """Runs as columns, newest first.

    Column ``run:name`` is the label used in legends; ``names`` are what the runs are called where a label says more
    (null: the labels). ``run:status`` is the run's status as in `CardRecord`. ``run:tags`` has all a run's tags in one
    text, ``run:tag:stage`` the value of one of them, which may be empty.
    ``total`` counts all runs asked for, of which ``run_ids`` may be the newest, or none where a condition let none
    pass. ``metrics`` names the metrics that have a history to draw, the most telling first; ``main`` is the column key
    of the metric that says which run is best, if there is one, and ``main_is_given`` whether somebody chose it. ``age``
    is set, in seconds, when the store was busy and this is an older answer.

    ``ordinals`` numbers each run among all in scope, hidden ones too, the oldest being 0 (null: ``total`` tells);
    ``repeats`` says of each how many came out just like it, itself too (null: each stands for itself alone).
    ``starred``, ``baseline`` and ``broken``, those of the newest that break the policy, are run ids. ``hidden`` counts
    the runs in scope that tidying left out of the table; ``shown_anyway`` names those in it that it would have left
    out. ``saved_of`` is how many runs the view had where not
    all of them were saved, ``saved_columns_of`` how many columns. ``newest`` is how many of the newest a comparison is
    of where nobody chose its runs: only then can the older ones be asked for.
    """

    run_ids: list[str]
    columns: list[Column]
    total: int
    metrics: list[str]
    main: str | None = None
    main_is_given: bool = False
    age: float | None = None
    ordinals: list[int] | None = None
    repeats: list[int] | None = None
    names: list[str] | None = None
    starred: list[str] = []
    broken: list[str] = []
    baseline: str | None = None
    hidden: Hidden | None = None
    shown_anyway: list[str] = []
    saved_of: int | None = None
    saved_columns_of: int | None = None
    newest: int | None = None


class Matches(msgspec.Struct, tag_field="answer", tag="filter", kw_only=True, frozen=True):
    """The runs that fulfil a filter."""

    run_ids: list[str]


class NonFinite(msgspec.Struct, kw_only=True, frozen=True):
    """Where a line is not a number: ``x`` of each such place and what stood there."""

    x: Floats
    kinds: list[Literal["NaN", "Infinity", "-Infinity"]]


class Line(msgspec.Struct, kw_only=True, frozen=True):
    """One run's metric: for each drawn column its x and the low, high and mean of the finite points in it.

    Where ``thinned`` is false each point stands for itself: low and high are the mean, and left empty. A gap
    (non-finite points only) has NaN in all.
    """

    run_id: str
    x: Floats
    low: Floats
    high: Floats
    mean: Floats
    thinned: bool
    points: int
    non_finite: NonFinite


class History(msgspec.Struct, tag_field="answer", tag="history", kw_only=True, frozen=True):
    """The lines of one metric; runs without a point of it are left out."""

    metric: str
    x: XAxis
    lines: list[Line]
    range: tuple[float, float] | None = None
    log_x: bool = False
    age: float | None = None


class ParamImportance(msgspec.Struct, kw_only=True, frozen=True):
    """What one param, by column ``key``, tells of a metric.

    ``importance`` is the share of the metric's variance, by ranks, that a forest no longer explains once the param is
    shuffled, with its standard deviation; null where there is no forest. ``correlation`` is Spearman's, from -1 to 1;
    null where the values have no order. ``runs`` counts those that have the param.
    """

    key: str
    name: str
    runs: int
    importance: float | None = None
    std: float | None = None
    correlation: float | None = None


class Importance(msgspec.Struct, tag_field="answer", tag="importance", kw_only=True, frozen=True):
    """What params tell of a metric, the most important first; none where ``runs`` are fewer than ``needed``.

    ``explained`` is the share of the metric's variance, by ranks, that the forest explains in runs it has not seen; it
    may be below 0. ``notes`` are lines to read beside it: what was left out, what is not installed. ``pending`` says
    that the importances are still worked out.
    """

    metric: str
    params: list[ParamImportance]
    runs: int
    needed: int
    explained: float | None = None
    notes: list[str] = []
    pending: bool = False


class DiffPiece(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A part of a line, and whether it is one that the other text does not have."""

    text: str
    changed: bool = False


class DiffLine(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One line of a text's diff; of kind ``skipped``, ``count`` lines that are the same and not shown."""

    kind: Literal["same", "removed", "added", "skipped"]
    pieces: list[DiffPiece] = []
    count: int = 1


class DiffText(msgspec.Struct, kw_only=True, frozen=True):
    """How one text became another; ``more`` counts lines that are left out at the end."""

    lines: list[DiffLine]
    more: int = 0


class Difference(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One thing in which runs differ: what it was and is, in words; null where there is nothing.

    ``said`` is what else there is to say, such as how far a number went, and ``tone`` whether that is good. Of a text
    ``text`` says how one became the other.
    """

    name: str
    before: str | None = None
    after: str | None = None
    said: str = ""
    tone: Literal["good", "bad"] | None = None
    text: DiffText | None = None


class DiffSection(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One part of the runs: in what they differ, and in words how much of it is the same (``"12 params"``).

    ``more`` counts differences that are left out.
    """

    name: Literal["run", "params", "metrics", "code", "data", "model", "packages", "hardware", "notebook"]
    differences: list[Difference] = []
    same: str = ""
    more: int = 0
    notes: list[str] = []


class Diff(msgspec.Struct, tag_field="answer", tag="diff", kw_only=True, frozen=True):
    """In what two runs differ, what changed first; ``notes`` say what could not be told."""

    before: str
    after: str
    sections: list[DiffSection]
    notes: list[str] = []


class ArtifactEntry(msgspec.Struct, kw_only=True, frozen=True):
    """One artifact of a run; two with the same ``sha256`` are the same. ``size`` is in bytes.

    ``form`` is what it can be shown as; a ``file`` can only be saved.
    """

    run_id: str
    name: str
    kind: str
    mime: str
    size: int
    sha256: str
    form: Literal["image", "table", "text", "file"]
    step: int | None = None


class ArtifactList(msgspec.Struct, tag_field="answer", tag="artifacts", kw_only=True, frozen=True):
    """The artifacts of some runs, by name and step; ``more`` counts those that are left out."""

    artifacts: list[ArtifactEntry]
    more: int = 0


class ArtifactTable(msgspec.Struct, kw_only=True, frozen=True):
    """A table's columns by name, with as many values each as there are rows here; ``total`` is how many it has.

    Of a table with a column ``id`` the rows that are left out are the same in every run.
    """

    names: list[str]
    columns: list[list[Cell]]
    total: int


class ArtifactContent(msgspec.Struct, tag_field="answer", tag="artifact", kw_only=True, frozen=True):
    """What is in an artifact: ``data``, base64 of its bytes; a ``table``; or a ``text`` held against another's.

    ``file`` is a name for a file of it that is safe in any folder.
    """

    run_id: str
    name: str
    mime: str
    file: str
    step: int | None = None
    data: str | None = None
    table: ArtifactTable | None = None
    text: DiffText | None = None


class Failure(msgspec.Struct, tag_field="answer", tag="failure", kw_only=True, frozen=True):
    """Why a question got no answer, in one line a person can act on."""

    message: str


class SavedView(msgspec.Struct, kw_only=True, frozen=True):
    """How a view looks, under a name."""

    name: str
    state: ViewState


class SavedViews(msgspec.Struct, tag_field="answer", tag="views", kw_only=True, frozen=True):
    """The views that were saved by name, by their names."""

    views: list[SavedView]


class Code(msgspec.Struct, tag_field="answer", tag="code", kw_only=True, frozen=True):
    """The text of a notebook's cell, in Python."""

    text: str


class Experiment(msgspec.Struct, kw_only=True, frozen=True):
    """An experiment: how many ``runs`` it has, how many go on, when its ``newest`` began (seconds since 1970)."""

    project: str
    name: str
    runs: int
    running: int
    newest: float


class Experiments(msgspec.Struct, tag_field="answer", tag="experiments", kw_only=True, frozen=True):
    """The experiments of a store, that of the newest run first; ``more`` counts those that are left out."""

    experiments: list[Experiment]
    more: int = 0


class CellRuns(msgspec.Struct, kw_only=True, frozen=True):
    """The runs of one cell of a notebook, newest first.

    ``status`` is the newest one's, ``said`` what its main metric came to (``"val_loss 0.31"``), ``change`` how far that
    is from the run before (``"−0.02"``) and ``tone`` whether that is good.
    """

    cell_id: str
    run_ids: list[str]
    status: str
    said: str = ""
    change: str = ""
    tone: Literal["good", "bad"] | None = None


class Cells(msgspec.Struct, tag_field="answer", tag="cells", kw_only=True, frozen=True):
    """The runs of a notebook's cells."""

    cells: list[CellRuns]


SectionName: TypeAlias = Literal[
    "run",
    "decisions",
    "versions",
    "policy",
    "params",
    "metrics",
    "tags",
    "data",
    "models",
    "artifacts",
    "code",
    "environment",
    "packages",
    "reproduction",
    "lost",
    "error",
    "source",
]


class Fact(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One thing that is known of a run, in words; ``note`` says more of it, such as where a param was found.

    ``model`` and ``version`` are those of the model that it tells of, which has a page.
    """

    name: str
    text: str
    note: str = ""
    model: str = ""
    version: int | None = None


class CodeText(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A text that a run has, such as a cell it depends on; ``more`` counts lines that are left out at the end."""

    name: str
    text: str
    more: int = 0


class RunSection(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One part of what is known of a run: facts in a row each, and texts as they are."""

    name: SectionName
    facts: list[Fact] = []
    texts: list[CodeText] = []
    more: int = 0


class RunPage(msgspec.Struct, tag_field="answer", tag="run", kw_only=True, frozen=True):
    """All that is known of a run.

    ``notebook`` is where its notebook is, ``cell_id`` the cell that made it. ``before`` is the run of that cell before
    this one, ``baseline`` the run that its experiment's runs are held against. ``has_notebook`` and ``has_outputs`` say
    whether the notebook as it stood, and what the cell put out, were kept.
    """

    run_id: str
    name: str
    status: str
    project: str
    experiment: str
    started_at: float
    sections: list[RunSection]
    notebook: str | None = None
    cell_id: str | None = None
    execution_count: int | None = None
    before: str | None = None
    baseline: str | None = None
    has_notebook: bool = False
    has_outputs: bool = False


class VersionRow(msgspec.Struct, kw_only=True, frozen=True):
    """A version of a model, in words; ``value`` is that of the model's main metric."""

    model: str
    version: str
    stage: str
    aliases: list[str]
    run: str
    run_id: str
    registered: str
    by: str
    why: str
    value: str


class ModelPage(msgspec.Struct, tag_field="answer", tag="model", kw_only=True, frozen=True):
    """The versions of one model, newest first, or of all.

    ``metric`` is the main one, ``note`` what is odd. ``version`` is the one that ``card`` shows as HTML, as a cell
    would; ``history`` is all that was said of the model, newest first.
    """

    name: str | None = None
    versions: list[VersionRow] = []
    metric: str = ""
    note: str = ""
    version: int | None = None
    card: str = ""
    history: list[Fact] = []


class Comparison(msgspec.Struct, tag_field="answer", tag="comparison", kw_only=True, frozen=True):
    """What a comparison of runs shows at first."""

    state: ViewState


class IncomparableRuns(msgspec.Struct, kw_only=True, frozen=True):
    """Runs that are not comparable, all for the same ``cause``."""

    cause: str
    run_ids: list[str]


class Comparability(msgspec.Struct, tag_field="answer", tag="comparability", kw_only=True, frozen=True):
    """The runs that were not evaluated as the run ``reference`` by ``metric``, those of the commonest cause first.

    Of all others it is known that they were, or not known. ``unjudged`` counts the runs that were not looked at.
    ``reference`` is null where there is no run to hold others against.
    """

    metric: str | None = None
    reference: str | None = None
    runs: list[IncomparableRuns] = []
    unjudged: int = 0


Answer: TypeAlias = (
    RunTable
    | Matches
    | History
    | Importance
    | SavedViews
    | Code
    | Diff
    | ArtifactList
    | ArtifactContent
    | Experiments
    | Cells
    | RunPage
    | Comparison
    | ModelPage
    | Comparability
    | Failure
)
