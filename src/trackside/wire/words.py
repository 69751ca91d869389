"""The words that questions, answers and records share."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

Floats: TypeAlias = str
"""Base64 of little-endian 64-bit floats."""

Goal: TypeAlias = Literal["min", "max"]
Cell: TypeAlias = float | bool | str | None
Panel: TypeAlias = Literal["table", "history", "parallel", "scatter", "importance", "diff", "artifacts"]
Mark: TypeAlias = Annotated[str, msgspec.Meta(pattern="^(starred|shelf|note|name|decision|tag:.+)$")]
Layout: TypeAlias = Literal["stack", "tiles", "tabs"]
"""How panels stand: below each other, beside each other where there is room, or one at a time."""
Format: TypeAlias = Literal["2", "4", "6", "percent", "seconds"]
"""How numbers are written: with so many significant digits, in percent, or as a duration of so many seconds."""
XAxis: TypeAlias = Annotated[str, msgspec.Meta(pattern="^(step|relative|wall|metric:.+)$")]
"""``step``; ``relative``: seconds since the run started; ``wall``: seconds since the epoch; ``metric:epoch``: what the
metric ``epoch`` was at the same step."""
