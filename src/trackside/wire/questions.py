"""The questions that a browser may ask."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from trackside.wire.view_state import ViewState
from trackside.wire.words import Mark, XAxis


class RunsQuestion(msgspec.Struct, tag_field="ask", tag="runs", kw_only=True, frozen=True):
    """Asks for the table of the runs this view shows.

    ``include_hidden`` adds those that tidying leaves out, ``include_older`` those older than the newest that a
    comparison is of where nobody chose its runs. Other questions mean the same by these.
    """

    include_hidden: bool = False
    include_older: bool = False


class MarkQuestion(msgspec.Struct, tag_field="ask", tag="mark", kw_only=True, frozen=True):
    """Says something of runs, or takes it back with null. Answered with the table.

    ``starred`` is ``"yes"``, ``shelf`` where they lie (``"kept"``, ``"archived"``, ``"dropped"``), ``note`` a line of
    text, ``name`` what one run is called (null: as it was at first), ``tag:stage`` the value of the tag ``stage``,
    ``decision`` what becomes of them (``"keep"``, ``"drop"``, ``"promote"``): this needs a reason, ``why``.
    """

    run_ids: list[str]
    mark: Mark
    value: str | None
    why: str | None = None
    include_hidden: bool = False
    include_older: bool = False


class FilterQuestion(msgspec.Struct, tag_field="ask", tag="filter", kw_only=True, frozen=True):
    """Asks which of the view's runs fulfil ``expression``, such as ``lr < 0.01 and val_loss < 0.3``."""

    expression: str
    include_hidden: bool = False
    include_older: bool = False


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
    include_older: bool = False


class ViewsQuestion(msgspec.Struct, tag_field="ask", tag="views", kw_only=True, frozen=True):
    """Asks for the views that were saved for the experiment of the newest run.

    With a ``name`` it saves how a view looks under that first; without a ``state`` it forgets the name.
    """

    name: str | None = None
    state: ViewState | None = None


class CodeQuestion(msgspec.Struct, tag_field="ask", tag="code", kw_only=True, frozen=True):
    """Asks for the code that makes this view again with ``state`` chosen in it."""

    state: ViewState


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


class ExperimentsQuestion(msgspec.Struct, tag_field="ask", tag="experiments", kw_only=True, frozen=True):
    """Asks which experiments the store has, whatever this view shows."""


class CellsQuestion(msgspec.Struct, tag_field="ask", tag="cells", kw_only=True, frozen=True):
    """Asks which of the view's runs each cell of a notebook made, hidden ones too."""


class RunQuestion(msgspec.Struct, tag_field="ask", tag="run", kw_only=True, frozen=True):
    """Asks for all that is known of one run."""

    run_id: str


class ComparisonQuestion(msgspec.Struct, tag_field="ask", tag="comparison", kw_only=True, frozen=True):
    """Asks what a comparison of the view's runs shows at first."""


class ComparabilityQuestion(msgspec.Struct, tag_field="ask", tag="comparability", kw_only=True, frozen=True):
    """Asks which of the view's runs were not evaluated as the run ``against`` by ``metric``.

    Null means the main metric; the baseline, and where there is none the best run.
    """

    metric: str | None = None
    against: str | None = None
    include_hidden: bool = False
    include_older: bool = False


class BaselineQuestion(msgspec.Struct, tag_field="ask", tag="baseline", kw_only=True, frozen=True):
    """Holds the other runs of its experiment against ``run_id``; with null, this experiment's runs against none.

    Answered with the table.
    """

    run_id: str | None
    include_hidden: bool = False
    include_older: bool = False


class ModelQuestion(msgspec.Struct, tag_field="ask", tag="model", kw_only=True, frozen=True):
    """Asks for the versions of the model ``name``, and for what is known of one of them; with null for all models'.

    Without a ``version`` the one in production is meant, or the newest.
    """

    name: str | None = None
    version: int | None = None


class RegisterQuestion(msgspec.Struct, tag_field="ask", tag="register", kw_only=True, frozen=True):
    """Makes what a run kept the next version of a model. Answered with the model."""

    run_id: str
    model: str
    why: str | None = None


class StepQuestion(msgspec.Struct, tag_field="ask", tag="step", kw_only=True, frozen=True):
    """Has a version of a model take a step. Answered with the model.

    ``step`` is ``"promote"`` to the stage ``value``, or ``"alias"`` and ``"unalias"``: the name ``value`` means it from
    now on, or no version any more.
    """

    model: str
    version: int
    step: Literal["promote", "alias", "unalias"]
    value: str
    why: str | None = None


Question: TypeAlias = (
    RunsQuestion
    | MarkQuestion
    | FilterQuestion
    | HistoryQuestion
    | ImportanceQuestion
    | ViewsQuestion
    | CodeQuestion
    | DiffQuestion
    | ArtifactsQuestion
    | ArtifactQuestion
    | ExperimentsQuestion
    | CellsQuestion
    | RunQuestion
    | ComparisonQuestion
    | ComparabilityQuestion
    | BaselineQuestion
    | ModelQuestion
    | RegisterQuestion
    | StepQuestion
)
