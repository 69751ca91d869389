"""The data card: what is known of the data of runs, in the notebook and in its static form alike."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from trackside.capture.data.splits import lacks_seed
from trackside.errors import InputError, list_known, suggest
from trackside.html_styles import BRAND, MUTED, TEXT, WARNING
from trackside.quantities import spell_bytes, spell_count
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from trackside.records import ColumnProfile, DataProfile
    from trackside.run_data import RunDataset

_SHOWN = 50
_SHOWN_COLUMNS = 40
_SHOWN_DIGEST = 8
_LONGEST = 200
_CELL = "padding:1px 10px 1px 0;text-align:left"
_NUMBER = "padding:1px 10px 1px 0;text-align:right"
_QUANTILES = ("min", "25 %", "median", "75 %", "max")


class DataView:
    """The datasets of some runs; shows itself as a card for each.

    Made by ``ts.runs(…).datasets``.
    """

    def __init__(self, datasets: Sequence[RunDataset], labels: Mapping[str, str]) -> None:
        self._datasets = list(datasets)
        self._labels = labels

    def __len__(self) -> int:
        return len(self._datasets)

    def __iter__(self) -> Iterator[RunDataset]:
        return iter(self._datasets)

    def __repr__(self) -> str:
        lines = [" · ".join(_headline(each)) for each in self._datasets[:_SHOWN]]
        return "\n".join(lines) or "<no datasets>"

    @property
    def df(self) -> pd.DataFrame:
        """The datasets as a DataFrame, one row for each: run, name, role, kind, shape, memory, digest and the rest."""
        import pandas as pd

        return pd.DataFrame([_row(each, self._labels) for each in self._datasets], columns=list(_ROW))

    def columns(self, name: str) -> pd.DataFrame:
        """Return what the columns of a dataset look like: type, missing values, quantiles, different values.

        Raises
        ------
        InputError
            There is no such dataset.
        """
        import pandas as pd

        found = next((each for each in self._datasets if each.dataset.name == name), None)
        if found is None:
            known = list(dict.fromkeys(each.dataset.name for each in self._datasets))
            there_are = list_known(name, known, "none")
            raise InputError(f"No dataset {name!r} in these runs.{suggest(name, known)} There are: {there_are}.")
        columns = found.profile.columns if found.profile else []
        rows = [
            [column.name, column.dtype, column.nulls, *_padded(column.quantiles), column.distinct] for column in columns
        ]
        return pd.DataFrame(rows, columns=["name", "dtype", "nulls", *_QUANTILES, "distinct"])

    def _repr_html_(self) -> str:
        if not self._datasets:
            return f"<p style='{MUTED}'>No data is known of these runs.</p>"
        several = len({each.run_id for each in self._datasets}) > 1
        cards = [_card(each, self._labels if several else {}) for each in self._datasets[:_SHOWN]]
        more = len(self._datasets) - _SHOWN
        rest = f"<p style='{MUTED}'>… and {more} more: .df has them all.</p>" if more > 0 else ""
        return f"<div style='{TEXT};font-size:13px'>{''.join(cards)}{rest}</div>"


_ROW = (
    "run name role kind shape memory digest sampled rows_seen nulls split filters pipeline source version notes".split()
)


def _row(each: RunDataset, labels: Mapping[str, str]) -> list[Any]:
    dataset, profile = each.dataset, each.profile
    nulls = [column.nulls for column in profile.columns if column.nulls is not None] if profile else []
    return [
        labels.get(each.run_id, each.run_id),
        dataset.name,
        dataset.role,
        dataset.kind,
        dataset.shape,
        dataset.memory,
        dataset.digest,
        dataset.sampled,
        profile.rows if profile else None,
        sum(nulls) if nulls else None,
        _split_text(profile.split) if profile else "",
        _waterfall(profile) if profile else "",
        profile.pipeline if profile else None,
        dataset.source,
        dataset.version,
        "; ".join(profile.notes) if profile else "",
    ]


def _headline(each: RunDataset) -> list[str]:
    dataset = each.dataset
    digest = (dataset.digest or "").rpartition(":")[2][:_SHOWN_DIGEST]
    return [
        dataset.name,
        *([dataset.role] if dataset.role else []),
        f"{dataset.kind} {dataset.shape}" if dataset.shape else dataset.kind,
        *([spell_bytes(dataset.memory)] if dataset.memory is not None else []),
        *([f"{digest}{' (of a sample)' if dataset.sampled else ''}"] if digest else ["no digest"]),
    ]


def _card(each: RunDataset, labels: Mapping[str, str]) -> str:
    name, *rest = (escape(cut(text, _LONGEST)) for text in _headline(each))
    run = f" <span style='{MUTED}'>{escape(cut(labels[each.run_id], _LONGEST))}</span>" if labels else ""
    lines = [f"<b>{name}</b>{run} <span style='{MUTED}'>{' · '.join(rest)}</span>", *_facts(each)]
    body = "".join(f"<div>{line}</div>" for line in lines)
    border = f"border-left:3px solid {BRAND};padding:2px 8px;margin:4px 0;overflow-wrap:anywhere"
    return f"<div style='{border}'>{body}{_table(each)}</div>"


def _facts(each: RunDataset) -> Iterator[str]:
    dataset, profile = each.dataset, each.profile
    told = {"source": dataset.source, "version": dataset.version}
    if profile:
        told |= {"split": _split_text(profile.split), "filters": _waterfall(profile), "pipeline": profile.pipeline}
    for what, text in told.items():
        if text:
            yield f"<span style='{MUTED}'>{what}</span> {escape(cut(text, _LONGEST))}"
    if profile and lacks_seed(profile.split):
        yield f"<span style='{WARNING}'>the split has no random_state: run again, it may be another one</span>"
    for note in profile.notes if profile else ():
        yield f"<span style='{WARNING}'>{escape(cut(note, _LONGEST))}</span>"


def _table(each: RunDataset) -> str:
    profile = each.profile
    if not profile or not profile.columns:
        return ""
    titles = ("column", "type", "missing", *_QUANTILES, "different")
    head = "".join(f"<th style='{_CELL if at < 2 else _NUMBER}'>{title}</th>" for at, title in enumerate(titles))  # noqa: PLR2004 - texts first
    body = "".join(_table_row(column, each.dataset.name) for column in profile.columns[:_SHOWN_COLUMNS])
    more = len(profile.columns) - _SHOWN_COLUMNS
    rest = f"<div style='{MUTED}'>… and {spell_count(more, 'more column')}</div>" if more > 0 else ""
    if profile.left_out:
        rest += f"<div style='{MUTED}'>{spell_count(profile.left_out, 'column')} left out by never = […]</div>"
    table = f"<table style='white-space:nowrap'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    is_open = " open" if len(profile.columns) == 1 else ""
    count = spell_count(len(profile.columns), "column")
    seen = f", {spell_count(profile.rows, 'row')} looked at" if profile.rows is not None else ""
    return f"<details{is_open}><summary style='{MUTED}'>{count}{seen}</summary>{table}{rest}</details>"


def _table_row(column: ColumnProfile, name: str) -> str:
    numbers = [column.nulls, *_padded(column.quantiles), column.distinct]
    return (
        f"<tr><td style='{_CELL}'>{escape(cut(column.name or name, _LONGEST))}</td>"
        f"<td style='{_CELL}'>{escape(cut(column.dtype, _LONGEST))}</td>"
        + "".join(f"<td style='{_NUMBER}'>{'' if n is None else f'{n:.5g}'}</td>" for n in numbers)
        + "</tr>"
    )


def _padded(quantiles: Sequence[float]) -> list[float | None]:
    return [*quantiles] if len(quantiles) == len(_QUANTILES) else [None] * len(_QUANTILES)


def _split_text(split: Mapping[str, Any]) -> str:
    arguments = ", ".join(f"{key}={value!r}" for key, value in split.items() if key != "by")
    return f"{split.get('by', 'split')}({arguments})" if arguments else str(split.get("by", ""))


def _waterfall(profile: DataProfile) -> str:
    """Return the filters in order, each with the rows that were left: ``all 1797 → label < 5 901 (−896)``."""
    parts, before = [], None
    for step in profile.filters:
        lost = f" (−{before - step.rows})" if before is not None and step.rows is not None else ""
        parts.append(f"{step.text}{'' if step.rows is None else f': {step.rows}'}{lost}")
        before = step.rows if step.rows is not None else before
    return " → ".join(parts)
