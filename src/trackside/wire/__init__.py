"""The contract with the browser: the questions it may ask, the answers it gets, the records outputs keep.

This package is the contract's only source. ``python -m trackside.wire`` writes its JSON schema to
``js/core/wire.schema.json``; ``npm run wire`` turns that into ``js/core/wire.ts``. Both files are committed, and
the tests compare them with what would be generated now.

Arrays of numbers travel as base64 of little-endian 64-bit floats (`Floats`), so that the same bytes serve the
comm, HTTP and a saved notebook, and NaN needs no special case. Single numbers that are not finite are the strings
``"NaN"``, ``"Infinity"`` and ``"-Infinity"``.
"""

from trackside.wire.answers import (
    Answer,
    ArtifactContent,
    ArtifactEntry,
    ArtifactList,
    ArtifactTable,
    Column,
    Diff,
    Difference,
    DiffLine,
    DiffPiece,
    DiffSection,
    DiffText,
    Failure,
    Hidden,
    History,
    Importance,
    Line,
    Matches,
    NonFinite,
    ParamImportance,
    RunTable,
    SavedView,
    SavedViews,
)
from trackside.wire.kept import (
    RECORD_VERSION,
    CardRecord,
    Span,
    ViewRecord,
)
from trackside.wire.questions import (
    ArtifactQuestion,
    ArtifactsQuestion,
    DiffQuestion,
    FilterQuestion,
    HistoryQuestion,
    ImportanceQuestion,
    MarkQuestion,
    Question,
    RunsQuestion,
    ViewsQuestion,
)
from trackside.wire.view_state import (
    ArtifactsChoice,
    Axis,
    Brush,
    DiffChoice,
    Scatter,
    Sort,
    ViewState,
)
from trackside.wire.words import (
    Cell,
    Floats,
    Format,
    Goal,
    Panel,
    XAxis,
)

__all__ = [
    "RECORD_VERSION",
    "Answer",
    "ArtifactContent",
    "ArtifactEntry",
    "ArtifactList",
    "ArtifactQuestion",
    "ArtifactTable",
    "ArtifactsChoice",
    "ArtifactsQuestion",
    "Axis",
    "Brush",
    "CardRecord",
    "Cell",
    "Column",
    "Diff",
    "DiffChoice",
    "DiffLine",
    "DiffPiece",
    "DiffQuestion",
    "DiffSection",
    "DiffText",
    "Difference",
    "Failure",
    "FilterQuestion",
    "Floats",
    "Format",
    "Goal",
    "Hidden",
    "History",
    "HistoryQuestion",
    "Importance",
    "ImportanceQuestion",
    "Line",
    "MarkQuestion",
    "Matches",
    "NonFinite",
    "Panel",
    "ParamImportance",
    "Question",
    "RunTable",
    "RunsQuestion",
    "SavedView",
    "SavedViews",
    "Scatter",
    "Sort",
    "Span",
    "ViewRecord",
    "ViewState",
    "ViewsQuestion",
    "XAxis",
]
