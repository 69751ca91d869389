"""Reads the bytes of artifacts back, of the kinds that can be read without running anything."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from trackside.capture.artifacts.models import find_load
from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def load_bytes(data: bytes, mime: str, about: Mapping[str, str], name: str) -> Any:
    """Return what bytes of a type say: JSON, a text, a table or an array.

    Raises
    ------
    InputError
        They are of a type that is not read, or not what the type says.
    """
    try:
        return _load(data, mime, about, name)
    except InputError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:300]
        raise InputError(f"the artifact {name!r} is no {mime} ({reason}); use read() for its bytes") from error


def _load(data: bytes, mime: str, about: Mapping[str, str], name: str) -> Any:
    if mime == "application/json" or mime.endswith("+json"):
        return json.loads(data)
    if mime == "application/vnd.apache.parquet":
        return _parquet(data, name)
    if mime == "text/csv":
        return _csv(data, about)
    if mime == "application/x-npy":
        return _npy(data)
    if mime.startswith("text/"):
        return data.decode("utf-8")
    load = find_load(mime, about)
    how = f": {load}" if load else ""
    raise InputError(
        f"the artifact {name!r} is {mime}; expected JSON, a text, a table or an array; use save(path){how}"
    )


def _parquet(data: bytes, name: str) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    except ImportError:
        raise InputError(f"the artifact {name!r} is a Parquet table; expected pyarrow; pip install pyarrow") from None


def _csv(data: bytes, about: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    levels = int(about["index"]) if about.get("index", "").isdigit() else 0
    return pd.read_csv(io.BytesIO(data), index_col=list(range(levels)) if levels else None)


def _npy(data: bytes) -> NDArray[np.generic]:
    import numpy as np

    array: NDArray[np.generic] = np.load(io.BytesIO(data), allow_pickle=False)
    return array
