"""Runs that differ from the baseline in nothing but their seed count with it; a check says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

import trackside as ts
from tests.diff.support import details_of, keep_run
from trackside.errors import InputError
from trackside.model import Dataset

if TYPE_CHECKING:
    from pathlib import Path

EXPERIMENTS = 20
OLD, NEW = (0.90, 0.91, 0.89), (0.95, 0.96, 0.94)
CELL = "%%track {name} --tag n={seed}\nseed = {seed}\nval_acc = train(random_state=seed)"


def keep(store: Path, name: str, seed: int, value: float, cell: str = CELL, **more: Any) -> None:
    params = {"model": name, "seed": seed, **more.pop("params", {})}
    source = cell.format(name=name, seed=seed)
    run = keep_run(store, source, name=f"{name}{seed}", params=params, metrics={"val_acc": value}, **more)
    details_of(store, run)


@pytest.fixture
def store(store_folder: Path) -> Path:
    for name, values in (("old", OLD), ("new", NEW)):
        for seed, value in enumerate(values):
            keep(store_folder, name, seed, value)
    return store_folder


def counted(**asked: Any) -> tuple[list[float], str]:
    made = ts.check("model == 'new'", "val_acc", **asked)
    return sorted(made.baseline.values), repr(made)


@pytest.mark.usefixtures("store")
def test_seeds_of_the_baseline_count_with_it() -> None:
    ts.runs("old1").make_baseline()
    values, told = counted()
    assert values == sorted(OLD)
    assert "baseline: 2 more runs count with it, which differ from it in nothing but the seed" in told
    assert "Welch's t interval" in told


@pytest.mark.usefixtures("store")
def test_seeds_of_the_candidate_count_with_it() -> None:
    made = ts.check("new1", "val_acc", against="old1")
    assert (sorted(made.candidate.values), sorted(made.baseline.values)) == (sorted(NEW), sorted(OLD))
    assert "  2 more runs count with it, which differ from it in nothing but the seed" in repr(made)


def test_the_luckiest_seed_is_found_to_be_better_no_more_often_than_said(store_folder: Path) -> None:
    random, found = np.random.default_rng(11), []
    values = random.normal(0.9, 0.01, (EXPERIMENTS, 2, 8))
    for number, ways in enumerate(values):
        for way, seeds in zip("ab", ways, strict=True):
            for seed, value in enumerate(seeds.tolist()):
                with ts.run(f"e{number}{way}{seed}", params={"way": way, "seed": seed}, experiment=f"e{number}") as run:
                    run.log(val_acc=value)
    assert ts.Store(store_folder).refresh(60.0)
    for number, (_, ours) in enumerate(values):
        one, other = (
            ts.runs(f"way == '{way}' and seed == {seed}", experiment=f"e{number}")
            for way, seed in (("b", ours.argmax()), ("a", 0))
        )
        found.append(one.check("val_acc", against=other))
    assert {(len(each.candidate.values), len(each.baseline.values)) for each in found} == {(8, 8)}
    assert sum(each.passed for each in found) <= stats.binom.interval(0.99, EXPERIMENTS, 0.025)[1]


@pytest.mark.usefixtures("store_folder")
def test_runs_of_which_nothing_is_on_record_are_no_seeds_of_each_other() -> None:
    for name in ("one", "two", "three"):
        with ts.run(name) as run:
            run.log(val_acc=0.9)
    made = ts.check("one", "val_acc", against="two")
    assert (len(made.candidate.values), len(made.baseline.values)) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"params": {"lr": 2}},
        {"cell": CELL + " / 2"},
        {"datasets": [Dataset(name="X", kind="ndarray", digest="b")]},
    ],
)
def test_what_differs_in_more_does_not(store: Path, other: dict[str, Any]) -> None:
    data = Dataset(name="X", kind="ndarray", digest="a")
    keep(store, "base", 0, 0.8, datasets=[data])
    keep(store, "base", 1, 0.7, **({"datasets": [data]} | other))
    values, told = counted(against="base0")
    assert values == [0.8]
    assert "count with it" not in told
    keep(store, "base", 2, 0.81, datasets=[data])
    assert counted(against="base0")[0] == [0.8, 0.81]


@pytest.mark.usefixtures("store")
def test_the_run_that_is_checked_does_not_count_with_what_it_is_held_against() -> None:
    made = ts.check("old0", "val_acc", against="old1")
    assert (made.candidate.values, sorted(made.baseline.values)) == ((0.90,), [0.89, 0.91])
    assert "held against runs that differ from it in nothing but the seed" in repr(made)


@pytest.mark.usefixtures("store_folder")
def test_one_repeat_counts_with_the_others_on_both_sides() -> None:
    for name, values in (("old", OLD), ("new", NEW)):
        with ts.run(name):
            for seed, value in enumerate(values):
                with ts.run(f"{name} seed={seed}", params={"model": name, "seed": seed}) as run:
                    run.log(val_acc=value)
    made = ts.check("last", "val_acc", against="old seed=1")
    assert (len(made.candidate.values), len(made.baseline.values)) == (3, 3)
    assert "counted with the 2 other repeats of its cell" in repr(made)
    ts.runs("new seed=0").drop()
    assert len(ts.check("last", "val_acc", against="old").candidate.values) == 2
    assert len(ts.check("old", "val_acc", against="new").baseline.values) == 2


@pytest.mark.usefixtures("store_folder")
def test_a_loop_over_something_else_is_no_repeat() -> None:
    with ts.run("loop"):
        for lr in (1, 2):
            with ts.run(f"lr{lr}", params={"lr": lr}) as run:
                run.log(val_acc=0.9)
    made = ts.check("lr1", "val_acc", against="lr2")
    assert (len(made.candidate.values), len(made.baseline.values)) == (1, 1)


SPLIT = "%%track {name}\nseed = {seed}\nX_train = split(random_state=seed)"


@pytest.mark.parametrize(
    ("other", "candidates"),
    [({}, 1), ({"cell": CELL + " / 2"}, 2), ({"datasets": [Dataset(name="X", kind="ndarray", digest="b")]}, 2)],
)
def test_ways_to_train_of_the_same_params_are_told_apart(store: Path, other: dict[str, Any], candidates: int) -> None:
    for seed in range(4):
        data = [Dataset(name="X", kind="ndarray", digest="a")]
        keep(store, "same", seed, 0.9 + seed / 100, **({"datasets": data} | (other if seed > 1 else {})))
    made = ts.runs("model == 'same'").check("val_acc", against="old1")
    assert [len(each.candidate.values) for each in made.each or (made,)] == [4 // candidates] * candidates
    if candidates > 1:
        with pytest.raises(InputError, match="are of 2 kinds: they differ in their code or their data"):
            ts.check("old1", "val_acc", against="model == 'same'")


def test_seeds_that_divide_the_data_are_one_way_to_train(store: Path) -> None:
    for seed in range(3):
        keep(store, "cut", seed, 0.9, SPLIT, datasets=[Dataset(name="X_train", kind="ndarray", digest=f"d{seed}")])
    assert len(ts.runs("model == 'cut'").check("val_acc", against="model == 'old'").candidate.values) == 3
