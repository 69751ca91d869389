"""Lines that libraries print round by round as they train: ``[10]  valid-rmse:0.52``, a row of a table.

Of what libraries print only this is read: a line that begins with the number of its round and tells metrics in the form
that its kind of line has. All else, such as warnings and summaries, is their own affair.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from trackside.capture.metrics.output_text import MAX_TEXT, read_text
from trackside.capture.words.names import is_metric_name

_MAY_TELL = re.compile(r"(?:\x1b\[[\d;]*m|[\W_])*(?:\d|epoch|iter|round|step)|.*best iteration is:", re.IGNORECASE)
"""What all others are told from at little cost: a library may print in a tight loop."""

_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf)"
_BEST = re.compile(r"[^\n]*best iteration is:\n", re.IGNORECASE)
_BOOSTING = re.compile(r"\[(\d+)\]\t(.+)")
_BOOSTED = re.compile(rf"([^:]+?)(?:-|'s )([^:]+): ?({_NUMBER})( ?\+ ?{_NUMBER})?", re.IGNORECASE)
"""``valid-rmse:0.5`` of XGBoost and ``valid's rmse: 0.5`` of LightGBM, with a deviation where it is a mean of folds."""

_CATBOOST = re.compile(r"(\d+):\t(.*)\ttotal: .*")
_CATBOOST_ENTRY = re.compile(rf"((?:learn|test)\d*): ({_NUMBER})(?=\t|$)", re.IGNORECASE)
_INDEX = r"[\W_]*(?:epoch|iter(?:ation)?|round|step)s?\W{0,3}(\d+)"
_HEADING = re.compile(rf"{_INDEX}(?: ?/ ?\d+)?\W*", re.IGNORECASE)
_NUMBERED = re.compile(rf"{_INDEX}\b(.*\d\.?[a-z%]{{0,2}}\W*)", re.IGNORECASE)
"""It ends with a number: what ends with words is a sentence about a round."""

_LAST_BATCH = re.compile(r"(\d+)/\1\s")
_GAP = re.compile(r"\s{2,}|\s*[\t|]\s*")
_COUNTERS = frozenset("epoch epochs iter iteration round step".split())


class Round(NamedTuple):
    """The metrics of one round; ``is_best`` where a line after the training says again which was the best."""

    step: int
    values: dict[str, float]
    is_best: bool = False


class RoundLines:
    """Reads what libraries print, in the order in which it is printed."""

    def __init__(self) -> None:
        self._line = ""
        self._epoch: int | None = None
        self._columns: list[str] = []

    def read(self, text: str) -> Round | None:
        r"""Return what a line tells that ``text`` ends, or None where it is no such line, or has not ended.

        Examples
        --------
        >>> lines = RoundLines()
        >>> lines.read("[10]\ttrain-rmse:0.5\tvalid-rmse:0.625"), lines.read("\n")
        (None, Round(step=10, values={'train.rmse': 0.5, 'valid.rmse': 0.625}, is_best=False))
        >>> lines.read("Epoch 2/3\n"), lines.read("8/8 - 0s - 6ms/step - loss: 0.25\n")
        (None, Round(step=2, values={'loss': 0.25}, is_best=False))
        """
        self._line = text if text.startswith("\r") else self._line + text  # a bar is drawn over the one before
        if not text.endswith("\n"):
            if len(self._line) > MAX_TEXT:
                self._line = ""
            return None
        line, self._line = self._line.rstrip().rpartition("\r")[2], ""
        if not _MAY_TELL.match(line):
            return None
        line = _COLOURS.sub("", line).strip()
        if best := _BEST.match(line):
            found = _read_boosting(line[best.end() :])
            return found and found._replace(is_best=True)
        if "\n" in line:
            return None
        found = _read_boosting(line) or _read_catboost(line) or self._read_epoch(line) or self._read_row(line)
        return found if found and found.values else None

    def _read_epoch(self, line: str) -> Round | None:
        if heading := _HEADING.fullmatch(line):
            self._epoch = int(heading[1])
            return None
        if self._epoch is not None and _LAST_BATCH.match(line):
            epoch, self._epoch = self._epoch, None
            return Round(epoch, read_text(line))
        numbered = _NUMBERED.fullmatch(line)
        return Round(int(numbered[1]), read_text(numbered[2])) if numbered else None

    def _read_row(self, line: str) -> Round | None:
        cells = _GAP.split(line)
        if cells[0].lower() in _COUNTERS:
            self._columns = [cell.lower().replace(" ", "_") for cell in cells]
        if len(cells) != len(self._columns) or not cells[0].isdecimal():
            return None
        return Round(
            int(cells[0]),
            {
                name: float(cell)
                for name, cell in zip(self._columns[1:], cells[1:], strict=True)
                if is_metric_name(name) and re.fullmatch(_NUMBER, cell, re.IGNORECASE)
            },
        )


def _read_boosting(line: str) -> Round | None:
    whole = _BOOSTING.fullmatch(line)
    entries = [_BOOSTED.fullmatch(entry) for entry in whole[2].split("\t")] if whole else []
    values = {f"{e[1]}.{e[2]}{'.mean' if e[4] else ''}": float(e[3]) for e in entries if e}
    return Round(int(whole[1]), values) if whole and all(entries) else None


def _read_catboost(line: str) -> Round | None:
    whole = _CATBOOST.fullmatch(line)
    entries = _CATBOOST_ENTRY.findall(whole[2]) if whole else ()
    return Round(int(whole[1]), {name: float(value) for name, value in entries}) if whole else None
