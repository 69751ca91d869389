"""A table of sample predictions, the same rows in every run that predicts them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trackside.capture.artifacts.content import Content
from trackside.capture.artifacts.tables import table_content
from trackside.capture.words.classes import is_instance_of
from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_DIGITS = 16
"""Hexadecimal digits of a row's digest, 64 bits: of a million rows two share one in less than a millionth of cases."""

MAX_FEATURES = 100


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a table of predictions is made of; see `trackside.evaluation.log_predictions`."""

    y_true: Any
    y_pred: Any
    ids: Any = None
    features: Any = None
    proba: Any = None
    rows: int | None = None


def predictions_content(wanted: Wanted) -> Content:
    """Return the table as an artifact.

    Raises
    ------
    InputError
        Lengths differ, or ``rows`` is no number of rows.
    """
    import pandas as pd

    if wanted.rows is not None and (type(wanted.rows) is not int or wanted.rows < 1):
        raise InputError(f"found rows={wanted.rows!r}; expected how many rows to keep, 1 or more, or None for all")
    truth, predicted = _column(wanted.y_true, "y_true"), _column(wanted.y_pred, "y_pred")
    features = None if wanted.features is None else _frame(wanted.features, "feature")
    proba = None if wanted.proba is None else _frame(wanted.proba, "proba")
    _check_lengths(len(truth), y_pred=predicted, features=features, proba=proba)
    ids, origin = _ids(wanted, features, len(truth))
    columns: dict[str, Any] = {"id": ids, "y_true": truth, "y_pred": predicted}
    for part in (proba, features):
        if part is not None:
            columns |= {_free(str(name), columns): part.iloc[:, at].to_numpy() for at, name in enumerate(part.columns)}
    chosen = _choose(ids, wanted.rows)
    table = pd.DataFrame({name: pd.Series(column).iloc[chosen] for name, column in columns.items()})
    content = table_content(table.reset_index(drop=True))
    if content is None:
        raise TypeError("a DataFrame is a table")
    about = content.about | {"ids": origin, "rows": str(len(truth))}
    return Content(kind="predictions", mime=content.mime, name="predictions", source=content.source, about=about)


def _ids(wanted: Wanted, features: pd.DataFrame | None, length: int) -> tuple[list[str], str]:
    """Return a name for each row, and where the names are from."""
    if wanted.ids is not None:
        ids = [str(each) for each in _column(wanted.ids, "ids")]
        _check_lengths(length, ids=ids)
        return _told_apart(ids), "given"
    for source in (wanted.features, wanted.y_true):
        if is_instance_of(source, "pandas.NDFrame") and type(source.index).__name__ != "RangeIndex":
            return _told_apart(map(str, source.index)), "index"
    if features is not None:
        return _told_apart(_digests(features)), "digest of the features"
    return [str(row) for row in range(length)], "position"


def _digests(features: pd.DataFrame) -> list[str]:
    """Return a digest of each row's content: the same in every process, wherever the row stands."""
    rows = zip(*(features.iloc[:, at].tolist() for at in range(features.shape[1])), strict=True)
    return [hashlib.sha256(repr(row).encode("utf-8", "replace")).hexdigest()[:_DIGITS] for row in rows]


def _told_apart(ids: Iterable[str]) -> list[str]:
    """Return the names with numbers where rows share one: ``a``, ``a-2``."""
    seen: dict[str, int] = {}
    told = []
    for each in ids:
        seen[each] = seen.get(each, 0) + 1
        told.append(each if seen[each] == 1 else f"{each}-{seen[each]}")
    return told


def _choose(ids: list[str], rows: int | None) -> list[int]:
    """Return which rows to keep: those whose names have the smallest digests, in their order."""
    if rows is None or len(ids) <= rows:
        return list(range(len(ids)))
    order = sorted(range(len(ids)), key=lambda row: hashlib.sha256(ids[row].encode("utf-8", "replace")).digest())
    return sorted(order[:rows])


def _column(values: Any, what: str) -> Any:
    """Return one value a row, as an array; a tensor is taken from its device."""
    import numpy as np

    array = np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)
    if array.ndim == 2 and array.shape[1] == 1:  # noqa: PLR2004 - a table of one column
        array = array[:, 0]
    if array.ndim != 1:
        raise InputError(f"found {what} of shape {array.shape}; expected one value a row")
    return array


def _frame(values: Any, name: str) -> pd.DataFrame:
    """Return columns as a table, with names where they have none."""
    import numpy as np
    import pandas as pd

    if isinstance(values, pd.DataFrame):
        frame = values
    elif hasattr(values, "to_pandas"):
        frame = values.to_pandas()
    else:
        array = np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)
        array = array.reshape(len(array), -1)
        names = [name] if array.shape[1] == 1 else [f"{name}_{at}" for at in range(array.shape[1])]
        frame = pd.DataFrame(array, columns=names)
    if frame.shape[1] > MAX_FEATURES:
        raise InputError(f"found {frame.shape[1]} columns of {name}; expected at most {MAX_FEATURES}; choose some")
    return frame


def _check_lengths(length: int, **columns: Any) -> None:
    for name, column in columns.items():
        if column is not None and len(column) != length:
            raise InputError(f"found {len(column)} rows of {name} and {length} of y_true; expected as many")


def _free(name: str, taken: dict[str, Any]) -> str:
    return name if name not in taken else _free(f"{name}_", taken)
