"""What changed from one run to the next."""

from __future__ import annotations

import sys

from trackside.changes import ABSENT, Change, compare_runs
from trackside.model import Dataset
from trackside.records import Environment
from trackside.run_facts import RunFacts


def environment(python: str = "3.11", **packages: str) -> Environment:
    return Environment(
        python=python,
        implementation="CPython",
        executable="/bin/python",
        os="Linux",
        machine="x86_64",
        host="ada",
        cpu="fast",
        cores=2,
        memory=1,
        packages=packages,
    )


def test_runs_that_are_alike_have_no_changes() -> None:
    facts = RunFacts(source="a = 1", params={"a": 1}, environment=environment(numpy="2.0"))
    assert not compare_runs(facts, facts)


def test_lines_of_code_are_counted() -> None:
    changes = compare_runs(RunFacts(source="a\nb\nc"), RunFacts(source="a\nc\nd\ne"))
    assert (changes.added, changes.removed) == (2, 1)


def test_lines_that_moved_are_counted_at_both_places() -> None:
    changes = compare_runs(RunFacts(source="a\nb\nc\nd"), RunFacts(source="b\nc\nd\na"))
    assert (changes.added, changes.removed) == (1, 1)


def test_a_long_cell_that_was_rewritten_is_compared_in_steps_that_are_bounded() -> None:
    before = RunFacts(source="first\n" + "\n".join(f"a{n}\n" for n in range(3000)) + "\nlast")
    now = RunFacts(source="first\n" + "\n".join(f"b{n}\n" for n in range(3001)) + "\nlast")
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        changes = compare_runs(before, now)
    finally:
        sys.setprofile(None)
    assert (changes.added, changes.removed) == (3002, 3000)
    assert steps < 50_000


def test_params_that_came_went_and_differ_are_told_apart() -> None:
    changes = compare_runs(
        RunFacts(params={"a": 1, "b": None, "c": 3}), RunFacts(params={"a": 2, "b": None, "d": None})
    )
    assert changes.params == [
        Change(name="a", before=1, now=2),
        Change(name="d", before=ABSENT, now=None),
        Change(name="c", before=3, now=ABSENT),
    ]


def test_data_is_compared_by_name_and_shape() -> None:
    before = RunFacts(datasets={"X": Dataset(name="X", kind="ndarray", shape="9×2")})
    now = RunFacts(datasets={"X": Dataset(name="X", kind="ndarray", shape="8×2")})
    assert compare_runs(before, now).data == [Change(name="X", before="9×2", now="8×2")]


def told(before: Dataset, now: Dataset) -> list[Change]:
    return compare_runs(RunFacts(datasets={"X": before}), RunFacts(datasets={"X": now})).data


def test_data_of_the_same_shape_is_compared_by_content() -> None:
    before = Dataset(name="X", kind="ndarray", shape="9×2", digest="v1:a")
    (change,) = told(before, Dataset(name="X", kind="ndarray", shape="9×2", digest="v1:b"))
    assert (change.name, change.text) == ("X", "other content, same shape")
    assert told(before, before) == []
    (change,) = told(before, Dataset(name="X", kind="Tensor", shape="9×2", digest="v1:b"))
    assert (change.before, change.now, change.text) == ("ndarray", "Tensor", None)


def test_a_digest_of_a_sample_is_not_held_against_one_of_all() -> None:
    before = Dataset(name="X", kind="ndarray", shape="9×2", digest="v1:a")
    assert told(before, Dataset(name="X", kind="ndarray", shape="9×2", digest="v1:b", sampled=True)) == []
    assert told(before, Dataset(name="X", kind="ndarray", shape="9×2")) == []


def test_packages_and_python_are_compared_where_both_environments_are_known() -> None:
    before, now = environment(numpy="2.0", torch="2.1"), environment(python="3.12", numpy="2.1", torch="2.1")
    told = compare_runs(RunFacts(environment=before), RunFacts(environment=now)).environment
    assert [change.name for change in told] == ["Python", "numpy"]
    assert compare_runs(RunFacts(environment=before), RunFacts()).environment == []
