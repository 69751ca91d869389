"""A run is run again in a fresh kernel, and whether the same comes out stays with it."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.diff.support import code_record, damage, details_of, environment, keep_run
from tests.magic.kernel import Kernel
from trackside.errors import InputError
from trackside.records import LocalModule, Modules
from trackside.reproduction.execution import NotReproducedError
from trackside.reproduction.verdict import compare_outcome, is_close
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIGITS = """%%track digits
import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

table = np.loadtxt("digits.csv", delimiter=",")
X_train, X_test, y_train, y_test = train_test_split(table[:, :-1], table[:, -1], random_state=0)
tree = DecisionTreeClassifier(max_depth=5, random_state=0).fit(X_train, y_train)
ts.log(accuracy=tree.score(X_test, y_test))
print("depth", tree.get_depth())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the digits as a file, which a notebook in it would read."""
    import numpy as np
    from sklearn.datasets import load_digits

    digits = load_digits()
    np.savetxt(tmp_path / "digits.csv", np.column_stack([digits.data, digits.target])[:300], delimiter=",", fmt="%g")
    (tmp_path / "digits.ipynb").touch()
    monkeypatch.setenv("TRACKSIDE_STORE", str(tmp_path / "store"))
    return tmp_path


@pytest.fixture
def tracked(folder: Path) -> Iterator[Kernel]:
    """Return a kernel of a notebook in which the digits were learnt."""
    kernel = Kernel(folder, dict(os.environ) | {"JPY_SESSION_NAME": str(folder / "digits.ipynb")})
    assert kernel.run("import trackside as ts").status == "ok"
    assert kernel.run(DIGITS).status == "ok"
    yield kernel
    kernel.close()


def last(kernel: Kernel) -> ts.Runs:
    return ts.runs("last", store=kernel.store, experiment="*")


def test_a_seeded_run_is_reproduced_from_another_folder(
    tracked: Kernel, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("TRACKSIDE_RUN", "01934d5e-7c1a-7def-8abc-0123456789ab")
    said: list[str] = []
    outcome = last(tracked).reproduce(say=said.append)
    assert outcome.verdict == "reproduced", repr(outcome)
    assert [result.name for result in outcome.metrics] == ["accuracy"]
    assert (outcome.data, outcome.environment) == ([], [])
    assert said[0] == f"in the notebook's folder, {tracked.store.parent}"
    assert {"cell 1 of 2", "cell 2 of 2", "  depth 5"} <= set(said)
    assert last(tracked).df["reproduced"].tolist() == ["reproduced"]
    assert len(ts.runs(store=tracked.store, experiment="*")) == 1
    assert not list(tracked.store.parent.glob("restored*"))


def test_changed_data_are_named_and_the_run_differs(tracked: Kernel, folder: Path) -> None:
    lines = (folder / "digits.csv").read_text().splitlines()
    (folder / "digits.csv").write_text("\n".join([*lines[:150], *lines[:150]]))
    outcome = last(tracked).reproduce(say=lambda _: None)
    assert outcome.verdict == "differs"
    assert outcome.data[0].name == "digits.csv"  # what the others were made from
    assert "data digits.csv" in str(outcome)
    found = last(tracked)
    assert found.df["reproduced"].tolist() == ["differs"]
    assert "run again: differs" in repr(found.diff(found))
    assert last(tracked).reproduce(tolerance=0.9, say=lambda _: None).verdict == "differs"


def test_each_run_that_a_cell_began_in_a_loop_is_run_again(tracked: Kernel) -> None:
    tracked.run("for lr in (0.1, 0.2):\n    with ts.run(f'lr {lr}') as run:\n        run.log(loss=lr)")
    first = ts.runs("lr 0.1", store=tracked.store, experiment="*")
    outcome = first.reproduce(say=lambda _: None)
    assert outcome.verdict == "reproduced", repr(outcome)


def run_with(folder: Path, source: str, metrics: dict[str, float], *earlier: str) -> ts.Runs:
    run = keep_run(folder / "store", source, earlier=["import trackside as ts", *earlier], metrics=metrics)
    details_of(folder / "store", run)
    return ts.runs(run.id)


def test_the_cells_before_run_first_and_within_the_tolerance_is_the_same(folder: Path) -> None:
    found = run_with(folder, "%%track\nts.log(loss=width / 3)", {"loss": 0.6667}, "width = 2")
    assert found.reproduce(say=lambda _: None).verdict == "differs"
    outcome = found.reproduce(tolerance=1e-3, say=lambda _: None)
    assert outcome.verdict == "reproduced"
    assert "1 metric within 0.001" in str(outcome)
    assert found[0:1].of_ids(found.ids).df["reproduced"].tolist() == ["reproduced"]


def test_what_no_run_can_repeat_differs_and_says_how_far(folder: Path) -> None:
    outcome = run_with(
        folder, "%%track\nimport random\nts.log(loss=1 + random.random())", {"loss": 1.0, "gone": 2.0}
    ).reproduce(say=lambda _: None)
    assert outcome.verdict == "differs"
    assert {result.name: result.now is None for result in outcome.metrics} == {"loss": False, "gone": True}
    assert "gone 2 → not logged this time" in str(outcome)
    assert "relative +" in str(outcome)


def test_times_and_the_machine_s_load_are_not_held_against_a_run(folder: Path) -> None:
    metrics = {"loss": 0.5, "fit_time": 7.0, "system/cpu": 90.0}
    outcome = run_with(folder, "%%track\nts.log(loss=0.5, fit_time=1.0)", metrics).reproduce(say=lambda _: None)
    assert outcome.verdict == "reproduced"
    assert outcome.notes[0] == "not compared, for they tell of the machine: fit_time, system/cpu"


def test_its_own_modules_are_imported_whatever_stands_there_now(folder: Path) -> None:
    (folder / "sizes.py").write_text("WIDTH = 99\n")
    source = "%%track\nts.log(width=float(sizes.WIDTH))"
    facts = {"name": "fit", "experiment": "digits", "origin": "notebook", "notebook": str(folder / "digits.ipynb")}
    with Run.start(folder / "store", source=source, **facts) as run:  # type: ignore[arg-type]  # texts, all of them
        module = LocalModule(name="sizes", path="sizes.py", sha256=run.recording.keep(b"WIDTH = 3\n"))
        cells = ["import trackside as ts\nimport sizes", source]
        run.recording.keep_part("modules", Modules(modules=[module]))
        run.recording.keep_part("code", code_record(run, cells))
        run.log(width=3.0)
    details_of(folder / "store", run)
    assert ts.runs(run.id).reproduce(say=lambda _: None).verdict == "reproduced"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("%%track\n1 / 0", "a cell failed: ZeroDivisionError: division by zero"),
        ("%%track\nimport time\ntime.sleep(600)", "the time limit of 5 s is over"),
        ("%%track\nimport os\nos._exit(1)", "the kernel died"),
        ("x = 1", "the cells began no run this time"),
    ],
)
def test_what_cannot_be_run_again_is_told_and_leaves_no_mark(folder: Path, source: str, told: str) -> None:
    found = run_with(folder, source, {"loss": 1.0})
    with pytest.raises(NotReproducedError, match=told):
        found.reproduce(timeout=5 if "sleep" in source else 120, say=lambda _: None)
    assert ts.runs(found.ids[0]).df["reproduced"].isna().all()


def test_what_has_nothing_to_run_or_compare_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="has no metric to compare"):
        run_with(folder, "%%track\nx = 1", {"fit_time": 1.0}).reproduce()
    with pytest.raises(InputError, match=r"tolerance is 2; expected a share"):
        run_with(folder, "%%track\nx = 1", {}).reproduce(tolerance=2)
    run = keep_run(folder / "store", "%%track", earlier=["lost"], metrics={"loss": 1.0})
    code = details_of(folder / "store", run).code
    assert code is not None
    damage(folder / "store", code.cells[0].sha256)
    with pytest.raises(InputError, match="expected the source of all its cells"):
        ts.runs(run.id).reproduce(say=lambda _: None)


def test_another_environment_is_listed_and_kept_with_the_verdict(folder: Path) -> None:
    then = replace(
        details_of(folder / "store", keep_run(folder / "store", metrics={"loss": 0.5})),
        environment=environment(packages={"numpy": "1.0", "six": "1"}),
    )
    now = replace(then, environment=environment(packages={"numpy": "2.0", "six": "1"}, python="3.12.1"))
    outcome = compare_outcome(then, now, 1e-6, 1.0)
    assert outcome.verdict == "reproduced"
    assert [change.name for change in outcome.environment] == ["Python", "numpy"]
    kept = json.loads(outcome.details())
    assert kept["environment"] == ["Python 3.11.7 → 3.12.1", "numpy 1.0 → 2.0"]
    assert "the environment is another one (2 differences)" in repr(outcome)


def test_closeness_is_relative_and_nan_is_like_nan() -> None:
    assert is_close(1e9, 1e9 + 1, 1e-6)
    assert not is_close(1e-9, 2e-9, 1e-6)
    assert is_close(0.0, 0.0, 0)
    assert is_close(math.inf, math.inf, 0)
    assert not is_close(math.nan, 1.0, 0.5)
