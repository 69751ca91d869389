"""Rules that charts in Python share with the live view, whose own tests are held to the same examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from trackside import wire
from trackside.axes import default_axes, new_axis
from trackside.drawn_lines import group_runs
from trackside.errors import InputError
from trackside.model import NON_FINITE
from trackside.parallel_chart import parallel_chart
from trackside.run_looks import looks_at
from trackside.store.sandbox import match_rows

EXAMPLES = json.loads((Path(__file__).parents[2] / "js" / "core" / "example-rules.json").read_text())


CONDITIONS = EXAMPLES["conditions"]


def column(key: str, group: Literal["run", "param"], kind: Literal["number", "text"], values: Any) -> wire.Column:
    return wire.Column(key=key, name=key.rpartition(":")[2], group=group, kind=kind, values=[*values])


def record_of(columns: list[wire.Column], state: wire.ViewState) -> wire.ViewRecord:
    run_ids = [str(row) for row in range(len(columns[0].values))]
    table = wire.RunTable(run_ids=run_ids, columns=columns, total=len(run_ids), metrics=[])
    return wire.ViewRecord(version=wire.RECORD_VERSION, state=state, table=table, histories=[])


def filter_column(kind: str, values: list[Any]) -> Any:
    if kind == "time":
        return np.array(values, dtype="datetime64[s]").astype("datetime64[us]")
    has_words = any(isinstance(value, str) and value not in NON_FINITE for value in values)
    if kind == "number" and not has_words:
        return np.ma.masked_array([float(value or 0) for value in values], [value is None for value in values])
    texts = [value if value is None or kind == "bool" else str(value) for value in values]
    return np.array(texts, dtype=object)


def condition_columns() -> dict[str, Any]:
    columns = {each["key"]: filter_column(each["kind"], each["values"]) for each in CONDITIONS["columns"]}
    named = {key.replace("run:tag:", "tag:").replace(":", ".").removeprefix("param."): columns[key] for key in columns}
    return named | {key.rpartition(":")[2].rpartition(".")[2]: columns[key] for key in columns}


@pytest.mark.parametrize("example", CONDITIONS["rows"], ids=lambda example: str(example["condition"]))
def test_a_condition_chooses_the_rows_that_the_browser_chooses_by_itself(example: dict[str, Any]) -> None:
    assert match_rows(condition_columns(), example["condition"]) == example["rows"]


@pytest.mark.parametrize("condition", CONDITIONS["refused"])
def test_what_the_browser_refuses_is_no_condition(condition: str) -> None:
    with pytest.raises(InputError):
        match_rows(condition_columns(), condition)


@pytest.mark.parametrize("example", EXAMPLES["looks"], ids=lambda example: str(example["places"]))
def test_lines_drawn_together_look_as_in_the_browser(example: dict[str, Any]) -> None:
    looks = looks_at(example["places"])
    assert [look.colour for look in looks] == example["colours"]
    assert [[*look.dash] for look in looks] == example["dashes"]


@pytest.mark.parametrize("example", EXAMPLES["axes"], ids=lambda example: example["of"])
def test_an_axis_is_logarithmic_where_it_is_in_the_browser(example: dict[str, Any]) -> None:
    assert new_axis(column("param:p", "param", "number", example["values"])).log == example["log"]


@pytest.mark.parametrize("example", EXAMPLES["places"], ids=lambda example: str(example["values"]))
def test_a_value_has_the_place_of_the_browser_on_its_axis(example: dict[str, Any]) -> None:
    names = column("run:name", "run", "text", map(str, range(len(example["values"]))))
    axes = [wire.Axis(key="param:p", log=example["log"]), wire.Axis(key="run:name")]
    record = record_of(
        [names, column("param:p", "param", "number", example["values"])], wire.ViewState(panels=["parallel"], axes=axes)
    )
    chart = parallel_chart(record)
    assert chart is not None
    (rows,) = (rows for rows in chart.to_dict()["datasets"].values() if "run" in rows[0])
    assert [row["place"][0] for row in rows] == [
        place if place is None else pytest.approx(place, abs=1e-5) for place in example["places"]
    ]


@pytest.mark.parametrize("example", EXAMPLES["groups"], ids=lambda example: str(example["values"]))
def test_runs_make_the_groups_of_the_browser(example: dict[str, Any]) -> None:
    state = wire.ViewState(panels=["history"], group_by="param:p")
    groups = group_runs(record_of([column("param:p", "param", example["kind"], example["values"])], state))
    assert groups is not None
    assert [(name, sorted(map(int, run_ids))) for name, run_ids in groups.items()] == [
        (group["name"], group["rows"]) for group in example["groups"]
    ]


def test_tags_that_a_column_of_their_own_tells_leave_no_param_out_of_the_axes() -> None:
    runs = [f"run{row}" for row in range(30)]
    tags = [column(f"run:tag:t{at}", "run", "text", ["x"] * 30) for at in range(30)]
    rare = column("param:rare", "param", "text", ["a", "b", *[None] * 28])
    others = [column(f"param:p{at}", "param", "text", [str(row % 3) for row in range(30)]) for at in range(3)]
    told = column("run:tags", "run", "text", ["x"] * 30)
    tables = [
        wire.RunTable(run_ids=runs, columns=columns, total=30, metrics=[])
        for columns in ([*tags, rare, *others], [told, *tags, rare, *others])
    ]
    axes = [{axis.key for axis in default_axes(table)} for table in tables]
    assert [rare.key in keys for keys in axes] == [False, True]
