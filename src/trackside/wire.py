"""The contract with the browser: the questions it may ask, the answers it gets, the records outputs keep.

This module is the contract's only source. ``python -m trackside.wire`` writes its JSON schema to
``js/core/wire.schema.json``; ``npm run wire`` turns that into ``js/core/wire.ts``. Both files are committed, and
the tests compare them with what would be generated now.

Arrays of numbers travel as base64 of little-endian 64-bit floats (`Floats`), so that the same bytes serve the
comm, HTTP and a saved notebook, and NaN needs no special case. Single numbers that are not finite are the strings
``"NaN"``, ``"Infinity"`` and ``"-Infinity"``.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Literal, TypeAlias

import msgspec

RECORD_VERSION = 1

Floats: TypeAlias = str
"""Base64 of little-endian 64-bit floats."""

Goal: TypeAlias = Literal["min", "max"]
Cell: TypeAlias = float | bool | str | None
Panel: TypeAlias = Literal["table", "history", "parallel", "scatter", "importance", "diff", "artifacts"]
Format: TypeAlias = Literal["2", "4", "6", "percent", "seconds"]
"""How numbers are written: with so many significant digits, in percent, or as a duration of so many seconds."""
XAxis: TypeAlias = Annotated[str, msgspec.Meta(pattern="^(step|relative|wall|metric:.+)$")]
"""``step``; ``relative``: seconds since the run started; ``wall``: seconds since the epoch; ``metric:epoch``: what the
metric ``epoch`` was at the same step."""


# ---- questions


class RunsQuestion(msgspec.Struct, tag_field="ask", tag="runs", kw_only=True, frozen=True):
    """Asks for the table of the runs this view shows, with those that tidying leaves out if asked for."""

    include_hidden: bool = False


class MarkQuestion(msgspec.Struct, tag_field="ask", tag="mark", kw_only=True, frozen=True):
    """Says something of runs, or takes it back with null. Answered with the table.

    ``starred`` is ``"yes"``, ``shelf`` where they lie (``"kept"``, ``"archived"``, ``"dropped"``), ``note`` a line of
    text.
    """

    run_ids: list[str]
    mark: Literal["starred", "shelf", "note"]
    value: str | None
    include_hidden: bool = False


class FilterQuestion(msgspec.Struct, tag_field="ask", tag="filter", kw_only=True, frozen=True):
    """Asks which of the view's runs fulfil ``expression``, such as ``lr < 0.01 and val_loss < 0.3``."""

    expression: str
    include_hidden: bool = False


class HistoryQuestion(msgspec.Struct, tag_field="ask", tag="history", kw_only=True, frozen=True):
    """Asks how ``metric`` went in these runs.

    ``range`` is the part of the x axis wanted (all of it if null); ``pixels`` is how many columns there are to draw
    on: a line with more points in the range is thinned to the minimum, maximum and mean of each column.
    ``log_x`` makes the columns equally wide in log10(x).
    """

    run_ids: list[str]
    metric: str
    x: XAxis
    pixels: int
    range: tuple[float, float] | None = None
    log_x: bool = False


class ImportanceQuestion(msgspec.Struct, tag_field="ask", tag="importance", kw_only=True, frozen=True):
    """Asks what each param tells of ``metric`` in these runs, or in all of the view's where null.

    Where it takes long the answer is ``pending``: ask again.
    """

    metric: str
    run_ids: list[str] | None = None
    include_hidden: bool = False


class ViewsQuestion(msgspec.Struct, tag_field="ask", tag="views", kw_only=True, frozen=True):
    """Asks for the views that were saved for the experiment of the newest run.

    With a ``name`` it saves how a view looks under that first; without a ``state`` it forgets the name.
    """

    name: str | None = None
    state: ViewState | None = None


class DiffQuestion(msgspec.Struct, tag_field="ask", tag="diff", kw_only=True, frozen=True):
    """Asks in what the run ``after`` differs from the run ``before``."""

    before: str
    after: str


class ArtifactsQuestion(msgspec.Struct, tag_field="ask", tag="artifacts", kw_only=True, frozen=True):
    """Asks which artifacts these runs have."""

    run_ids: list[str]


class ArtifactQuestion(msgspec.Struct, tag_field="ask", tag="artifact", kw_only=True, frozen=True):
    """Asks what is in one artifact.

    With ``against``, the id of another run, a text comes as how it differs from that run's artifact of this name, at
    ``against_step``. ``raw`` asks for the bytes, whatever they are: to be saved to a file.
    """

    run_id: str
    name: str
    step: int | None = None
    against: str | None = None
    against_step: int | None = None
    raw: bool = False


Question: TypeAlias = (
    RunsQuestion
    | MarkQuestion
    | FilterQuestion
    | HistoryQuestion
    | ImportanceQuestion
    | ViewsQuestion
    | DiffQuestion
    | ArtifactsQuestion
    | ArtifactQuestion
)


# ---- answers


class Column(msgspec.Struct, kw_only=True, frozen=True):
    """One column of the table of runs.

    ``key`` is unique (``"param:lr"``, ``"metric:val_loss"``, ``"run:name"``); ``name`` is what people see.
    Values of kind ``time`` are seconds since the epoch; ``number`` values may be the strings above; null is *missing*.
    ``goal`` says whether a metric is better low (``min``) or high (``max``); null where nobody knows;
    ``goal_is_given`` whether somebody said so, or its name told.
    """

    key: str
    name: str
    group: Literal["run", "param", "metric"]
    kind: Literal["number", "text", "bool", "time"]
    values: list[Cell]
    goal: Goal | None = None
    goal_is_given: bool = False


class Hidden(msgspec.Struct, kw_only=True, frozen=True):
    """How many runs tidying left out: just like a newer one, failed at once, archived, dropped."""

    repeats: int = 0
    failed: int = 0
    archived: int = 0
    dropped: int = 0


class RunTable(msgspec.Struct, tag_field="answer", tag="runs", kw_only=True, frozen=True):
    """Runs as columns, newest first.

    Column ``run:name`` is the label used in legends; ``run:status`` is the run's status as in `CardRecord`.
    ``total`` counts all runs asked for, of which ``run_ids`` may be the newest. ``metrics`` names the metrics that have
    a history to draw, the most telling first; ``main`` is the column key of the metric that says which run is best, if
    there is one, and ``main_is_given`` whether somebody chose it. ``age`` is set, in seconds, when the store was busy
    and this is an older answer.

    ``ordinals`` numbers each run among all in scope, hidden ones too, the oldest being 0 (null: ``total`` tells);
    ``repeats`` says of each how many came out just like it, itself too (null: each stands for itself alone).
    ``starred`` and ``baseline`` are run ids. ``hidden`` counts the runs in scope that tidying left out of the table;
    ``shown_anyway`` names those in it that it would have left out. ``saved_of`` is how many runs the view had where not
    all of them were saved.
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
    starred: list[str] = []
    baseline: str | None = None
    hidden: Hidden | None = None
    shown_anyway: list[str] = []
    saved_of: int | None = None


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


Answer: TypeAlias = (
    RunTable | Matches | History | Importance | SavedViews | Diff | ArtifactList | ArtifactContent | Failure
)


# ---- what an output keeps


class Brush(msgspec.Struct, kw_only=True, frozen=True):
    """A chosen part of one axis: a range of a numeric one, or some values of a categorical one."""

    low: float | None = None
    high: float | None = None
    values: list[str] | None = None


class Axis(msgspec.Struct, kw_only=True, frozen=True):
    """One axis of the parallel coordinates, by column key.

    What any of its ``brushes`` covers passes; ``brush`` is what older records have in their place.
    """

    key: str
    log: bool = False
    flipped: bool = False
    brush: Brush | None = None
    brushes: list[Brush] = []


class Scatter(msgspec.Struct, kw_only=True, frozen=True):
    """Each run as a point: its axes, the column that makes it large, whether the Pareto front is drawn.

    A box that is brushed is a brush on each axis.
    """

    x: Axis | None = None
    y: Axis | None = None
    size_by: str | None = None
    front: bool = True


class DiffChoice(msgspec.Struct, kw_only=True, frozen=True):
    """Which runs are compared, where the user chose them, and whether their texts stand side by side."""

    before: str | None = None
    after: str | None = None
    side_by_side: bool = True


class ArtifactsChoice(msgspec.Struct, kw_only=True, frozen=True):
    """How artifacts are compared: the step shown of those that have several (null: the last), and how pictures are."""

    step: int | None = None
    pictures: Literal["beside", "swipe", "difference"] = "beside"
    kind: str | None = None


class Sort(msgspec.Struct, kw_only=True, frozen=True):
    """Order of the table by one column."""

    key: str
    descending: bool = False


class ViewState(msgspec.Struct, kw_only=True, frozen=True):
    """What the user chose in a view. Null means: decide from the data.

    ``pinned`` is the run the others are held against: by default the baseline; the empty text is none.
    ``importance_of`` is the metric whose params are rated: by default the main one.
    ``show_sparse`` shows also columns that few of the runs have, where ``columns`` is not chosen.
    ``sorts`` orders the table, the first counting most; while it is null, ``sort`` of earlier notebooks does.
    ``group_by`` is the column key that the table's runs are grouped by, ``open_groups`` the groups that show theirs.
    ``percent`` tells differences to the pinned run as a share of its value. ``unseen`` are runs that no panel draws.
    ``sparklines`` draws the main metric's history in the table's rows; null does where no other panel shows it.
    ``formats`` and ``widths`` (CSS pixels) are those chosen for columns of the table, by key.
    ``metrics`` are those whose history is drawn, a chart each; ``metric`` is what older records have in its place.
    ``band`` is what is drawn of a group around its middle: the mean with one standard deviation, or the median with its
    quartiles. ``clip_outliers`` leaves the most extreme values out of the y axis.
    ``diff`` is what the diff compares, ``artifacts`` how artifacts are compared.
    """

    panels: list[Panel]
    metric: str | None = None
    metrics: list[str] | None = None
    x: XAxis = "step"
    smoothing: float = 0.0
    log_x: bool = False
    log_y: bool = False
    clip_outliers: bool = False
    band: Literal["std", "quartiles"] = "std"
    columns: list[str] | None = None
    sort: Sort | None = None
    filter: str = ""
    only_differing: bool = False
    show_sparse: bool = False
    axes: list[Axis] | None = None
    colour_by: str | None = None
    scatter: Scatter | None = None
    importance_of: str | None = None
    pinned: str | None = None
    ticked: list[str] = []
    include_hidden: bool = False
    sorts: list[Sort] | None = None
    group_by: str | None = None
    open_groups: list[str] = []
    percent: bool = False
    unseen: list[str] = []
    sparklines: bool | None = None
    formats: dict[str, Format] = {}
    widths: dict[str, float] = {}
    diff: DiffChoice | None = None
    artifacts: ArtifactsChoice | None = None


class ViewRecord(msgspec.Struct, kw_only=True, frozen=True):
    """All that is needed to draw a view again with no kernel: MIME ``application/vnd.trackside.view.v1+json``.

    ``passing`` names the runs that ``state.filter`` let pass when this was saved (null without a filter): with no
    kernel nobody can work the filter out again. ``model_id`` is the live widget that takes over when it answers.
    """

    version: int
    state: ViewState
    table: RunTable
    histories: list[History]
    passing: list[str] | None = None
    importances: list[Importance] = []
    diffs: list[Diff] = []
    artifacts: ArtifactList | None = None
    model_id: str | None = None


class Span(msgspec.Struct, kw_only=True, frozen=True):
    """A piece of text on a card and how it is meant.

    ``name`` is the captured name that stands there, if one does: the card offers to ignore it from now on.
    """

    text: str
    tone: Literal["plain", "strong", "muted", "code", "good", "bad", "warning"] = "plain"
    name: str | None = None


class CardRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A run's card: MIME ``application/vnd.trackside.card.v1+json``. At most six lines of text."""

    version: int
    run_id: str
    status: Literal["running", "finished", "failed", "interrupted", "off"]
    lines: list[list[Span]]


def contract_schema() -> str:
    """Return the JSON schema of the whole contract, as the text of ``js/core/wire.schema.json``."""
    roots = {"Question": Question, "Answer": Answer, "ViewRecord": ViewRecord, "CardRecord": CardRecord}
    (refs, definitions) = msgspec.json.schema_components(list(roots.values()), ref_template="#/definitions/{name}")
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Wire",
        "type": "object",
        "properties": dict(zip(roots, refs, strict=True)),
        "required": list(roots),
        "additionalProperties": False,
        "definitions": definitions,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(contract_schema())
