"""Tables and arrays as bytes: Parquet where it can be written, else CSV; ``.npy``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, BinaryIO

from trackside.capture.artifacts.content import Content, short
from trackside.capture.words.classes import class_name, is_instance_of
from trackside.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

PARQUET_MIME = "application/vnd.apache.parquet"
CSV_MIME = "text/csv"
NPY_MIME = "application/x-npy"

_SHOWN_COLUMNS = 20


def table_content(value: Any) -> Content | None:
    """Return a table of pandas, Polars or Arrow; None where the value is none."""
    if is_instance_of(value, "pandas.Series"):
        return table_content(value.to_frame())
    if is_instance_of(value, "pandas.DataFrame"):
        return _pandas(value)
    if is_instance_of(value, "polars.Series"):
        return table_content(value.to_frame())
    if is_instance_of(value, "polars.DataFrame"):
        return _table(value, PARQUET_MIME, value.write_parquet, dict(value.schema))
    if is_instance_of(value, "polars.LazyFrame"):
        raise InputError("found LazyFrame, which is not computed; expected a table; call collect() on it")
    if is_instance_of(value, "pyarrow.Table"):
        return _arrow(value)
    return None


def array_content(value: Any) -> Content | None:
    """Return an array of NumPy or a tensor of torch as ``.npy``; None where the value is none.

    Raises
    ------
    InputError
        It holds Python objects, which only unpickling would bring back.
    """
    if is_instance_of(value, "torch.Tensor"):
        about = {"class": class_name(value)}
        value = value.detach().cpu().numpy()
    elif is_instance_of(value, "numpy.ndarray"):
        about = {}
    else:
        return None
    import numpy as np

    array = np.asarray(value)
    if array.dtype.hasobject:
        raise InputError(
            f"found an array of {array.dtype} with Python objects; expected numbers or texts; "
            "make a list or a DataFrame of it"
        )
    about |= {"shape": "×".join(map(str, array.shape)) or "1", "dtype": short(array.dtype)}

    def write(file: BinaryIO) -> None:
        np.save(file, array, allow_pickle=False)

    return Content(kind="array", mime=NPY_MIME, name="array", source=write, about=about)


def _pandas(frame: pd.DataFrame) -> Content:
    schema = dict(zip(map(str, frame.columns), frame.dtypes, strict=True))
    if find_spec("pyarrow") and frame.columns.is_unique and all(isinstance(name, str) for name in frame.columns):
        return _table(frame, PARQUET_MIME, lambda file: frame.to_parquet(file, engine="pyarrow"), schema)
    is_plain = type(frame.index).__name__ == "RangeIndex" and frame.index.name is None
    content = _table(frame, CSV_MIME, lambda file: frame.to_csv(file, index=not is_plain), schema)
    if not is_plain:
        content.about["index"] = str(frame.index.nlevels)
    return content


def _arrow(table: Any) -> Content:
    from pyarrow import parquet

    schema = dict(zip(table.schema.names, table.schema.types, strict=True))
    return _table(table, PARQUET_MIME, lambda file: parquet.write_table(table, file), schema)


def _table(table: Any, mime: str, write: Any, schema: dict[str, Any]) -> Content:
    columns = ", ".join(f"{name} {kind}" for name, kind in list(schema.items())[:_SHOWN_COLUMNS])
    more = f", and {len(schema) - _SHOWN_COLUMNS} more" if len(schema) > _SHOWN_COLUMNS else ""
    shape = "×".join(map(str, table.shape))
    about = {"class": class_name(table), "shape": shape, "columns": short(columns + more)}
    return Content(kind="table", mime=mime, name="table", source=write, about=about)
