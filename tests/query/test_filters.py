"""Filters that people type: what they may say, what NaN and missing values do, what they cannot reach."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackside.errors import InputError
from trackside.store.sandbox import match_rows

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {
    "lr": np.ma.masked_array([0.1, 0.01, 0.001, 0.5], [False, False, False, True]),
    "val/auc": np.array([0.7, np.nan, 0.9, np.inf]),
    "kernel": np.array(["rbf", "linear", None, "it's"], dtype=object),
    "shuffle": np.array([True, False, None, True], dtype=object),
    "gamma": np.array(["scale", "0.1", "3", None], dtype=object),
}


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("lr < 0.05", [1, 2]),
        ("lr < 0.05 and kernel == 'linear'", [1]),
        ('kernel = "rbf"', [0]),
        ("kernel == 'it''s'", [3]),
        ("val/auc > 0.8", [2, 3]),
        ("val/auc is null", [1]),
        ("not shuffle", [1]),
        ("lr is null or kernel is null", [2, 3]),
        ("lr in (0.1, 0.01)", [0, 1]),
        ("kernel like 'l%'  -- a comment", [1]),
        ("shuffle", [0, 3]),
        ("gamma < 1", [1]),
        ("gamma > 0.05 and kernel = 'linear'", [1]),
        ("gamma = 'scale'", [0]),
    ],
)
def test_conditions_choose_rows(expression: str, rows: list[int]) -> None:
    assert match_rows(COLUMNS, expression) == rows


def test_nan_is_neither_above_nor_below_anything() -> None:
    assert 1 not in match_rows(COLUMNS, "val/auc > 0") + match_rows(COLUMNS, "val/auc <= 0")


def test_an_unknown_name_is_met_with_the_nearest_one() -> None:
    with pytest.raises(InputError, match=r"No column 'kernal'.*Did you mean 'kernel'\?"):
        match_rows(COLUMNS, "kernal == 'rbf'")


@pytest.mark.parametrize("expression", ["12", "5f", "5 AS f", "lr", "lr AS chosen", "kernel", "true", "1 = 1", "'a'"])
def test_what_holds_for_no_run_in_particular_is_no_condition(expression: str) -> None:
    with pytest.raises(InputError, match=r"no condition|names no column"):
        match_rows(COLUMNS, expression)


@pytest.mark.parametrize("expression", ["lr >", "1; drop table given", "lr < 1) union select (1", ")", "'", '"'])
def test_what_is_no_condition_is_one_clear_line(expression: str) -> None:
    with pytest.raises(InputError) as caught:
        match_rows(COLUMNS, expression)
    assert "\n" not in str(caught.value)
    assert repr(expression) in str(caught.value)


@pytest.mark.parametrize("expression", ["lr >", "lr < 0.1 and", "lr in (0.1,", "lr +"])
def test_a_condition_that_stops_short_is_told_in_the_words_that_were_typed(expression: str) -> None:
    with pytest.raises(InputError, match="it ends too early") as caught:
        match_rows(COLUMNS, expression)
    assert '")"' not in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("kernel = rbf", "A text stands in quotes: kernel = 'rbf'."),
        ("lr < 0.1 and (kernel != rbf)", "A text stands in quotes: kernel != 'rbf'."),
        ("lr < 0.1 && kernel = 'rbf'", "has '&&' in it; expected 'and'"),
        ("lr < 0.1 || lr > 1", "has '||' in it; expected 'or'"),
        ("lr =< 1", "has '=<' in it; expected '<='"),
        ("lr < 'abc'", "'abc' is not a number"),
        ("started_at > 'x'", "'x' is no time such as '2026-05-31 14:00'"),
        ("started_at > 5", "a time cannot be compared with a number"),
        ("foo(lr)", "'foo' is no function"),
        ("lr = 0,1", "a comma parts it"),
        ("sum(lr) > 1", "it speaks of several runs at once"),
        ("lr like 'a%'", "its parts are of kinds that do not go together"),
        ("lr < 0.1 andd lr > 0", "it cannot be read from 'andd' on"),
        ("kernel", "is no condition but a value (a text)"),
        ("lr ~ 3", "'~' looks for a pattern in a text, and this is none"),
        ("lr < 0.1 and", "it ends too early"),
        ("kernel = rbf", "A text stands in quotes: kernel = 'rbf'"),
        ("started > '2026'", "Did you mean 'started_at'?"),
    ],
)
def test_a_refusal_speaks_the_language_of_those_who_typed(expression: str, told: str) -> None:
    moments = np.array(["2026-01-01"] * 4, dtype="datetime64[us]")
    with pytest.raises(InputError) as caught:
        match_rows(COLUMNS | {"starred": COLUMNS["kernel"], "started_at": moments}, expression)
    assert told in str(caught.value)
    assert not re.search(r"Error:|VARCHAR|DOUBLE|TIMESTAMP|SQLExpression", str(caught.value))


def test_names_that_differ_in_case_only_are_told_apart_by_spelling() -> None:
    columns = {"C": np.array([1.0, 2.0]), "c": np.array([2.0, 1.0])}
    assert match_rows(columns, "C > 1") == [1]
    assert match_rows(columns, "c > 1") == [0]


def test_a_filter_reaches_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for reach in (f"read_csv('{secret}')", f"'{secret}'", f"read_text('{secret}')"):
        with pytest.raises(InputError):
            match_rows(COLUMNS, f"exists (select * from {reach})")


def test_a_filter_writes_no_file(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with pytest.raises(InputError):
        match_rows(COLUMNS, f"true); copy (select 1) to '{target}'; select (1")
    assert not target.exists()


@given(st.text(max_size=40))
def test_any_text_is_rows_or_an_input_error(expression: str) -> None:
    try:
        rows = match_rows(COLUMNS, expression)
    except InputError:
        return
    assert set(rows) <= {0, 1, 2, 3}
