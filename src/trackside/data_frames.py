"""Runs as people work with them in Python: a DataFrame, and a dict for each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from trackside.query import RunFrame

_FIRST_COLUMNS = ("name", "status", "started_at", "duration")


def data_frame(frame: RunFrame) -> pd.DataFrame:
    """Return runs as a DataFrame indexed by run id; see `Runs.df`."""
    import pandas as pd

    own = {key: _series(column) for key, column in frame.attributes.items()}
    columns: dict[str, Any] = {key: own.pop(key) for key in _FIRST_COLUMNS}
    deviations = {f"sd.{key}": _deviations(spreads) for key, spreads in frame.spreads.items()}
    groups = {"param": frame.params, "metric": frame.metrics, "tag": frame.tags, "spread": deviations}
    for prefix, group in groups.items():
        for key, column in group.items():
            columns[f"{prefix}.{key}" if key in columns or key in own else key] = _series(column)
    columns |= own
    return pd.DataFrame(columns, index=pd.Index(frame.run_ids, name="run_id"))


def _deviations(spreads: Any) -> Any:
    import numpy as np

    return np.ma.array([getattr(each, "deviation", None) for each in spreads.tolist()], dtype=float)


def _series(column: Any) -> Any:
    import numpy as np
    import pandas as pd

    if column.dtype.kind == "f":
        return np.ma.filled(column, np.nan)
    if column.dtype.kind == "M":
        return np.ma.filled(column, np.datetime64("NaT"))
    missing = np.ma.getmaskarray(column)
    if not missing.any():
        return np.ma.getdata(column)
    values = np.ma.getdata(column).astype(object)
    values[missing] = None
    return pd.array(values.tolist(), dtype="Int64") if column.dtype.kind == "i" else values


def row_dicts(columns: Mapping[str, Any], rows: int) -> list[dict[str, Any]]:
    """Return for each run what it has, by column."""
    import numpy as np

    dicts: list[dict[str, Any]] = [{} for _ in range(rows)]
    for key, column in columns.items():
        for row, (value, missing) in enumerate(
            zip(np.ma.getdata(column).tolist(), np.ma.getmaskarray(column), strict=True)
        ):
            if not missing:
                dicts[row][key] = value
    return dicts
