"""Rules that charts in Python share with the live view: which runs make a group, which axis is logarithmic."""

from __future__ import annotations

from typing import Any, Literal

from trackside import wire
from trackside.axes import default_axes, new_axis
from trackside.drawn_lines import group_runs


def column(key: str, group: Literal["run", "param"], kind: Literal["number", "text"], values: Any) -> wire.Column:
    return wire.Column(key=key, name=key.rpartition(":")[2], group=group, kind=kind, values=[*values])


def grouped(kind: Literal["number", "text"], values: list[wire.Cell]) -> dict[str, set[str]] | None:
    run_ids = [str(row) for row in range(len(values))]
    table = wire.RunTable(
        run_ids=run_ids, columns=[column("param:p", "param", kind, values)], total=len(values), metrics=[]
    )
    state = wire.ViewState(panels=["history"], group_by="param:p")
    return group_runs(wire.ViewRecord(version=wire.RECORD_VERSION, state=state, table=table, histories=[]))


def test_numbers_that_read_alike_to_six_digits_are_groups_of_their_own() -> None:
    assert grouped("number", [0.1, 0.10000001, 0.2, 0.1]) == {"0.1": {"0", "3"}, "0.10000001": {"1"}, "0.2": {"2"}}


def test_the_text_missing_is_another_group_than_no_value() -> None:
    assert grouped("text", ["missing", None, "adam"]) == {"adam": {"2"}, "'missing'": {"0"}, "missing": {"1"}}
    assert grouped("text", ["missing", "adam"]) == {"adam": {"1"}, "missing": {"0"}}


def test_an_axis_is_logarithmic_by_the_upper_of_two_middle_values() -> None:
    crowded, spread = ([1.0, 1.0, middle, 100.0] for middle in (10.0, 19.0))
    columns = [column("param:p", "param", "number", values) for values in (crowded, spread)]
    assert [new_axis(each).log for each in columns] == [True, False]


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
