"""The artifacts of runs as a browser reads them: what there is, and of one its bytes, its rows or how it differs.

Nothing of them is unpickled, run or rendered here; what is too large for a page is refused with the line of Python
that saves it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import math
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from trackside import wire
from trackside.artifacts import file_name, list_artifacts
from trackside.capture.artifacts.tables import CSV_MIME, PARQUET_MIME
from trackside.errors import InputError
from trackside.line_diff import compare_lines
from trackside.model import short_id
from trackside.quantities import spell_bytes
from trackside.run_diff.answer import write_lines
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from trackside.artifacts import KeptArtifact
    from trackside.store.store import Store

Form: TypeAlias = Literal["image", "table", "text", "file"]

_MOST_BYTES = 4_000_000
_MOST_RUNS = 200
_MOST_ENTRIES = 2000
_MOST_ROWS = 2000
_MOST_COLUMNS = 30
_MOST_CELLS = 5_000_000
"""Cells of a Parquet file that is read at all: few bytes can hold many."""
_LONGEST_TEXT = 500_000
"""Characters of a text that is compared with another."""
_LONGEST_CELL = 200
_EXACT = 2**53
"""A browser's numbers are exact up to here; larger ones, such as ids, travel as text."""

_IMAGES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"))
_TEXTS = frozenset(("application/json", "application/yaml", "application/x-ndjson", "application/xml"))


def list_entries(store: Store, run_ids: Sequence[str]) -> wire.ArtifactList:
    """Return what is kept of runs, in the order of the runs given.

    Raises
    ------
    InputError
        Too many runs were asked for.
    """
    if len(run_ids) > _MOST_RUNS:
        raise InputError(
            f"The artifacts of {len(run_ids)} runs were asked for; expected at most {_MOST_RUNS}; tick fewer."
        )
    found = list_artifacts(store, run_ids)
    entries = [
        wire.ArtifactEntry(
            run_id=each.run_id,
            name=each.name,
            kind=each.kind,
            mime=each.mime,
            size=each.size,
            sha256=each.sha256,
            form=form_of(each.mime),
            step=each.step,
        )
        for each in found
    ]
    return wire.ArtifactList(artifacts=entries[:_MOST_ENTRIES], more=max(0, len(entries) - _MOST_ENTRIES))


def read_content(store: Store, question: wire.ArtifactQuestion) -> wire.ArtifactContent:
    """Return what is in one artifact.

    Raises
    ------
    InputError
        The run has no such artifact, or it is too large for a page.
    StoreDamagedError
        Its bytes are missing or no longer what was kept.
    """
    artifact = _find(store, question.run_id, question.name, question.step)
    form = "file" if question.raw else form_of(artifact.mime)
    data = text = table = None
    if form == "text" and question.against is not None:
        other = _find(store, question.against, question.name, question.against_step)
        text = write_lines(compare_lines(_read_text(other), _read_text(artifact)))
    elif form == "table":
        table = _read_table(artifact)
    else:
        data = base64.b64encode(_read(artifact)).decode("ascii")
    return wire.ArtifactContent(
        run_id=artifact.run_id,
        name=artifact.name,
        mime=artifact.mime,
        file=file_name(artifact.name, artifact.mime),
        step=artifact.step,
        data=data,
        table=table,
        text=text,
    )


def form_of(mime: str) -> Form:
    """Return what bytes of a type can be shown as; what is not known can only be saved.

    Examples
    --------
    >>> form_of("image/png"), form_of("text/html"), form_of("application/x-pickle")
    ('image', 'text', 'file')
    """
    if mime in _IMAGES:
        return "image"
    if mime in {CSV_MIME, PARQUET_MIME}:
        return "table"
    return "text" if mime.startswith("text/") or mime.endswith("+json") or mime in _TEXTS else "file"


def _find(store: Store, run_id: str, name: str, step: int | None) -> KeptArtifact:
    for each in list_artifacts(store, [run_id]):
        if (each.name, each.step) == (name, step):
            return each
    at = "" if step is None else f" at step {step}"
    raise InputError(
        f"The run {short_id(run_id)} has no artifact {cut(name, 80)!r}{at}; expected one of its artifacts; "
        "it may have been purged: load the list again."
    )


def _read(artifact: KeptArtifact) -> bytes:
    if artifact.size > _MOST_BYTES:
        raise InputError(
            f"{cut(artifact.name, 80)!r} has {spell_bytes(artifact.size)}; expected at most {spell_bytes(_MOST_BYTES)} "
            f"in a page; save it from Python: {_saving(artifact)}"
        )
    return artifact.read()


def _saving(artifact: KeptArtifact) -> str:
    found = f'ts.runs("{short_id(artifact.run_id)}").artifacts()'
    if artifact.step is None:
        return f"{found}[{artifact.name!r}].save()"
    return f"[a for a in {found} if (a.name, a.step) == {(artifact.name, artifact.step)!r}][0].save()"


def _read_text(artifact: KeptArtifact) -> str:
    """Return an artifact's text; JSON is written with a line for each value and its keys in order."""
    text = _read(artifact).decode("utf-8", "replace")
    if "json" in artifact.mime:
        with suppress(ValueError, RecursionError):  # then it is compared as it stands
            text = json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False)
    if len(text) > _LONGEST_TEXT:
        raise InputError(
            f"{cut(artifact.name, 80)!r} has {len(text):,} characters; expected at most {_LONGEST_TEXT:,} to be "
            f"compared in a page; save it from Python: {_saving(artifact)}"
        )
    return text


def _read_table(artifact: KeptArtifact) -> wire.ArtifactTable:
    data = _read(artifact)
    if artifact.mime == PARQUET_MIME and find_spec("pyarrow"):
        _check_cells(data, artifact)
    frame: pd.DataFrame = artifact.load()
    if not _is_plain(frame):
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns[:_MOST_COLUMNS]]
    rows = _choose_rows(frame, names)
    columns = [_cells(frame.iloc[rows, at].tolist()) for at in range(len(names))]
    return wire.ArtifactTable(names=names, columns=columns, total=len(frame))


def _is_plain(frame: pd.DataFrame) -> bool:
    """Tell whether a table's index says nothing but the place of a row."""
    return type(frame.index).__name__ == "RangeIndex" and frame.index.name is None


def _check_cells(data: bytes, artifact: KeptArtifact) -> None:
    from pyarrow import ArrowException, parquet

    try:
        facts = parquet.ParquetFile(io.BytesIO(data)).metadata
    except ArrowException:
        return  # reading it says what is wrong
    if facts.num_rows * facts.num_columns > _MOST_CELLS:
        raise InputError(
            f"{cut(artifact.name, 80)!r} has {facts.num_rows:,} rows of {facts.num_columns} columns; expected at most "
            f"{_MOST_CELLS:,} cells in a page; save it from Python: {_saving(artifact)}"
        )


def _choose_rows(frame: pd.DataFrame, names: list[str]) -> list[int]:
    """Return which rows are shown: of rows with names those whose digests are smallest, the same in every run."""
    if len(frame) <= _MOST_ROWS or "id" not in names:
        return list(range(min(len(frame), _MOST_ROWS)))
    ids = [str(each).encode("utf-8", "replace") for each in frame.iloc[:, names.index("id")].tolist()]
    order = sorted(range(len(ids)), key=lambda row: hashlib.sha256(ids[row]).digest())
    return sorted(order[:_MOST_ROWS])


def _cells(values: list[Any]) -> list[wire.Cell]:
    return [_cell(value) for value in values]


def _cell(value: Any) -> wire.Cell:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) <= _EXACT:
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return cut(str(value), _LONGEST_CELL)
