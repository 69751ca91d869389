"""What each of several runs is called, so that a legend tells them apart in few words."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.model import short_id, short_labels
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FACTS = 3
_LONGEST = 24
"""Characters of a value that are shown."""

_NUMBERED = re.compile(r"cell #\d+")


def label_runs(names: Sequence[str], params: Mapping[str, Any], run_ids: Sequence[str]) -> list[str]:
    """Return one distinct label a run: its name and, among namesakes, what tells them apart.

    A name that nobody gave, a cell's number alone (``cell #12``), is left out where params say more. The last means to
    tell runs apart is the end of their ids.

    Parameters
    ----------
    names
        Each run's name.
    params
        Masked arrays of the runs' params, by key.
    run_ids
        Each run's id.
    """
    labels = list(names)
    namesakes: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        namesakes.setdefault("" if _NUMBERED.fullmatch(name) else name, []).append(row)
    for name, rows in namesakes.items():
        if len(rows) > 1:
            for row, facts in zip(rows, _telling_facts(params, rows), strict=True):
                labels[row] = " · ".join([name, *facts] if name else facts) or names[row]
    seen = Counter(labels)
    return [
        f"{label} · {short_id(run_id)}" if seen[label] > 1 else label
        for label, run_id in zip(labels, run_ids, strict=True)
    ]


def format_value(value: object) -> str:
    """Return a param or metric value as people read it: six significant digits, lists and dicts as JSON.

    Examples
    --------
    >>> format_value(0.1 + 0.2), format_value(32.0), format_value("rbf"), format_value([1, 2])
    ('0.3', '32', 'rbf', '[1, 2]')
    """
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, float | int | np.number):
        return f"{float(value):.6g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _telling_facts(params: Mapping[str, Any], rows: Sequence[int]) -> list[list[str]]:
    """Return for each of these rows the few params, in words, that tell it from the others.

    The shortest come first, and each must tell apart runs that those before it did not: params that change together,
    such as a size and the list made from it, are one fact.
    """
    short = short_labels(params)
    texts = {key: _texts(short[key], column[rows]) for key, column in params.items()}
    by_length = sorted(texts, key=lambda key: max((len(text) for text in texts[key] if text), default=0))

    def count_told(keys: Sequence[str]) -> int:
        return max(1, len(set(zip(*(texts[key] for key in keys), strict=True))))

    chosen: list[str] = []
    for key in by_length:
        if len(chosen) < _FACTS and count_told([*chosen, key]) > count_told(chosen):
            chosen.append(key)
    for key in chosen.copy():  # a later one may tell all that an earlier one does
        others = [other for other in chosen if other != key]
        if count_told(others) == count_told(chosen):
            chosen = others
    return [[text for key in chosen if (text := texts[key][place])] for place in range(len(rows))]


def _texts(label: str, column: Any) -> list[str | None]:
    spelt: dict[tuple[type, Any], str] = {}  # many runs have few values

    def spell(value: Any) -> str:
        key = type(value), repr(value) if isinstance(value, list | dict) else value
        if key not in spelt:
            spelt[key] = f"{label} {cut(format_value(value), _LONGEST)}"
        return spelt[key]

    values, missing = np.ma.getdata(column).tolist(), np.ma.getmaskarray(column).tolist()
    return [None if is_missing else spell(value) for value, is_missing in zip(values, missing, strict=True)]
