"""Names that are not to be captured: the one rule for params, metrics, data, columns, models, figures and variables."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BETWEEN_PARTS = re.compile(r"[.\[\]\"']+")


class LeftOut:
    """Names, and patterns of them (``tmp_*``), that are left out wherever something goes by them.

    A name is left out where it fits, or one of its parts does: of ``cfg.db.host`` and ``parts["train"]`` each, of
    ``data/train.csv`` and ``val/loss`` what follows the last slash.

    Examples
    --------
    >>> left_out = LeftOut(["tmp_*", "db"])
    >>> [name for name in ("tmp_x", "cfg.db.host", "data/tmp_1.csv", "dbs") if name in left_out]
    ['tmp_x', 'cfg.db.host', 'data/tmp_1.csv']
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._patterns = frozenset(patterns)

    def __contains__(self, name: str) -> bool:
        if not self._patterns:
            return False
        last = name.rpartition("/")[2]
        names = {name, last, *_BETWEEN_PARTS.split(name), *_BETWEEN_PARTS.split(last)} - {""}
        return any(each == pattern or fnmatchcase(each, pattern) for pattern in self._patterns for each in names)

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def __repr__(self) -> str:
        return f"LeftOut({sorted(self._patterns)!r})"


NOTHING = LeftOut()
