"""What the user chose in a view: asked and answered for views that are saved by name, and kept in notebooks."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from trackside.wire.words import Format, Layout, Panel, XAxis


class Brush(msgspec.Struct, kw_only=True, frozen=True):
    """A chosen part of one axis: a range of a numeric one, some values of a categorical one, or what is missing."""

    low: float | None = None
    high: float | None = None
    values: list[str] | None = None
    missing: bool = False


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

    ``panels`` are those that are open; ``front`` is the one of them that has the page to itself: the tab in front, or a
    tile that was made large.
    ``include_hidden`` and ``include_older`` are as in `RunsQuestion`.
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
    smoothing: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.0
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
    layout: Layout = "stack"
    front: Panel | None = None
    include_older: bool = False
