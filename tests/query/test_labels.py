"""What runs are called in legends."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackside.labels import label_runs
from trackside.model import new_run_id, short_id


def labels(names: list[str], **params: list[Any]) -> list[str]:
    columns = {}
    for key, values in params.items():
        column = np.empty(len(values), dtype=object)
        column[:] = values
        columns[key] = np.ma.masked_array(column, [value is None for value in values])
    return label_runs(names, columns, [new_run_id() for _ in names])


def test_a_name_that_was_given_stays_and_params_that_change_together_are_one_fact() -> None:
    assert labels(
        ["mlp", "mlp"],
        hidden_layer_sizes=[[16], [32]],
        learning_rate_init=[0.003, 0.01],
        hidden=[16, 32],
    ) == ["mlp · hidden 16", "mlp · hidden 32"]


def test_a_name_that_nobody_gave_is_left_out_where_params_say_more() -> None:
    assert labels(["cell #1", "cell #2", "mlp"], lr=[0.1, 0.2, 0.3]) == ["lr 0.1", "lr 0.2", "mlp"]
    assert labels(["cell #1"], lr=[0.1]) == ["cell #1"]


def test_each_part_tells_apart_what_those_before_it_do_not() -> None:
    found = labels(["x"] * 4, momentum=[0.9] * 4, lr=[0.1, 0.1, 0.2, 0.2], depth=[2, 4, 2, 4], width=[3, 3, 3, 3])
    assert found == ["x · lr 0.1 · depth 2", "x · lr 0.1 · depth 4", "x · lr 0.2 · depth 2", "x · lr 0.2 · depth 4"]


def test_a_param_that_one_run_lacks_tells_it_too() -> None:
    assert labels(["x", "x"], dropout=[None, 0.5]) == ["x", "x · dropout 0.5"]


def test_what_no_param_tells_apart_the_ids_do() -> None:
    ids = [new_run_id(), new_run_id()]
    assert label_runs(["x", "x"], {}, ids) == [f"x · {short_id(run_id)}" for run_id in ids]


def test_long_values_are_cut() -> None:
    assert max(map(len, labels(["x", "x"], layers=[list(range(99)), [1]]))) < 40
