"""In what two runs differ is told, what changed first; what is the same is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import trackside as ts
from tests.diff.support import code_record, damage, details_of, environment, keep_run, note_datasets
from trackside.errors import InputError
from trackside.goals import Goals
from trackside.model import Dataset
from trackside.records import ColumnProfile, DataProfile, Gpu, LocalModule, Modules, encode
from trackside.run_diff.compare import compare_details
from trackside.store.store import Store
from trackside.tracking import Run
from trackside.tracking.experiments import decide

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.run_diff.report import RunDiff
    from trackside.run_diff.sections import Difference


FIT: Any = {"name": "fit", "project": "p", "experiment": "digits", "origin": "notebook", "cell_id": "own"}


def diff(folder: Path, before: dict[str, Any], after: dict[str, Any]) -> RunDiff:
    keep_run(folder, **before)
    keep_run(folder, **after)
    return ts.runs(include_hidden=True).diff()


def found(diff: RunDiff, part: str) -> dict[str, Difference]:
    (section,) = (section for section in diff.sections if section.name == part)
    return {difference.name: difference for difference in section.differences}


def pairs(diff: RunDiff, part: str) -> dict[str, tuple[Any, Any]]:
    rows = diff.df[diff.df["part"] == part]
    return dict(zip(rows["name"], zip(rows["before"], rows["after"], strict=True), strict=True))


def test_params_that_came_went_and_differ(store_folder: Path) -> None:
    told = diff(
        store_folder, {"params": {"lr": 0.1, "k": "rbf", "old": None}}, {"params": {"lr": 0.2, "k": "rbf", "new": [1]}}
    )
    assert pairs(told, "params") == {"lr": (0.1, 0.2), "new": (None, [1]), "old": (None, None)}
    assert "gone: None" in repr(told)
    assert told.sections[0].name == "params"
    assert told.sections[0].same == 1


def test_metrics_say_which_way_they_went(store_folder: Path) -> None:
    told = diff(
        store_folder,
        {"metrics": {"val_loss": 0.5, "accuracy": 0.9, "epoch": 3.0, "mse": float("nan")}},
        {"metrics": {"val_loss": 0.4, "accuracy": 0.8, "epoch": 4.0, "mse": float("nan")}},
    )
    metrics = found(told, "metrics")
    assert {name: (value.said, value.tone) for name, value in metrics.items()} == {
        "val_loss": ("-0.1, better", "good"),
        "accuracy": ("-0.1, worse", "bad"),
        "epoch": ("+1", None),
    }


def test_a_goal_that_was_given_counts(store_folder: Path) -> None:
    decide(Store.create(store_folder), ("p", "digits"), "goal", "val_loss", "max")
    told = diff(store_folder, {"metrics": {"val_loss": 0.5}}, {"metrics": {"val_loss": 0.4}})
    assert found(told, "metrics")["val_loss"].tone == "bad"


def test_numbers_that_look_alike_are_told_apart(store_folder: Path) -> None:
    told = diff(store_folder, {"params": {"lr": 0.1}}, {"params": {"lr": 0.1 + 1e-12}})
    assert "0.1 → 0.100000000001" in repr(told)


def test_cells_that_were_edited_added_and_removed(store_folder: Path) -> None:
    before = ["import numpy as np", "X = np.load('a.npy')\nX = X[:100]\nX = X / 255", "model = SVC()"]
    after = [
        "import numpy as np",
        "X = np.load('b.npy')\nX = X[:100]\nX = X / 255",
        "import torch\nnet = torch.nn.ReLU()",
    ]
    told = diff(
        store_folder, {"source": "%%track\na = 1", "earlier": before}, {"source": "%%track\na = 2", "earlier": after}
    )
    code = found(told, "code")
    assert {name: value.said for name, value in code.items()} == {
        "the run's cell [7] a = 2": "edited, +1 −1 lines",
        "[2] X = np.load('b.npy')": "edited, +1 −1 lines",
        "[3] model = SVC()": "removed, +0 −1 lines",
        "[3] import torch": "added, +2 −0 lines",
    }
    words = [piece.text for line in code["[2] X = np.load('b.npy')"].lines or [] for piece in line.pieces if piece[1]]
    assert words == ["a", "b"]


def test_a_run_whose_slice_is_not_known_says_so(store_folder: Path) -> None:
    told = repr(diff(store_folder, {"earlier": ["a"]}, {}))
    assert "of the run after only its own cell is known" in told


def test_modules_and_the_repository_are_compared(store_folder: Path) -> None:
    for text, commit, patch in (("a = 1", "1f", b"+x"), ("a = 2", "2e", b"+y")):
        with Run.start(store_folder, **FIT) as run:
            module = LocalModule(name="mlp", path="mlp.py", sha256=run.recording.keep(text.encode()))
            run.recording.keep_part("modules", Modules(modules=[module]))
            run.recording.keep_part("code", code_record(run, ["x"], commit=commit, diff=run.recording.keep(patch)))
    code = pairs(ts.runs(include_hidden=True).diff(), "code")
    assert code["module mlp"] == ("a = 1", "a = 2")
    assert code["commit"] == ("1f", "2e")
    assert code["uncommitted changes"] == ("+x", "+y")


def test_other_test_data_make_metrics_incomparable(store_folder: Path) -> None:
    def data(digest: str) -> dict[str, Any]:
        found = Dataset(name="X_test", kind="ndarray", shape="9×2", role="test", digest=digest)
        return {"datasets": [found], "metrics": {"loss": 0.5 if digest.startswith("a") else 0.4}}

    told = diff(store_folder, data("a" * 64), data("b" * 64))
    assert pairs(told, "data") == {"X_test · content": ("a" * 12, "b" * 12)}
    assert "not comparable as they stand: not evaluated on the same data (X_test)" in repr(told)
    assert "X_test" in told._repr_html_()


def test_a_diff_says_what_a_check_says_of_a_metric_that_is_another_one(store_folder: Path) -> None:
    def scored(average: str) -> dict[str, Any]:
        source = f"f1 = f1_score(y, p, average={average!r})\nloss = log_loss(y, p)"
        return {"source": source, "metrics": {"f1": 0.9, "loss": 0.1}}

    told = repr(diff(store_folder, scored("macro"), scored("micro")))
    cause = ts.check("last", "f1", against="last~1").reasons[0]
    assert f"not comparable as they stand: f1: {cause}" in told


@pytest.mark.usefixtures("store_folder")
def test_of_a_run_whose_data_nobody_recorded_it_is_not_said_that_it_was_evaluated_otherwise() -> None:
    with ts.run("seen", params={"lr": 1}) as run:
        run.log_dataset("X_test", np.ones((9, 2)), role="test")
        run.log(loss=0.5)
    with ts.run("unseen", params={"lr": 2}) as run:
        run.log(loss=0.25)
    assert "not comparable" not in repr(ts.runs().diff())


def test_data_are_compared_by_shape_source_and_columns(store_folder: Path) -> None:
    for rows, dtype in ((9, "int64"), (8, "float64")):
        with Run.start(store_folder, **FIT) as run:
            profile = DataProfile(columns=[ColumnProfile(name="age", dtype=dtype, nulls=rows)], split={"seed": rows})
            digest = run.recording.keep(encode(profile))
            note_datasets(run, Dataset(name="df", kind="DataFrame", shape=f"{rows}×1", profile=digest))
    assert pairs(ts.runs(include_hidden=True).diff(), "data") == {
        "df · shape": ("9×1", "8×1"),
        "df · column age": ("int64, 9 missing", "float64, 8 missing"),
        "df · split seed": (9, 8),
    }


def test_a_digest_of_a_sample_is_not_held_against_one_of_all(store_folder: Path) -> None:
    whole = Dataset(name="X", kind="ndarray", shape="9×2", role="test", digest="a" * 64)
    sample = Dataset(name="X", kind="ndarray", shape="9×2", role="test", digest="b" * 64, sampled=True)
    told = diff(store_folder, {"datasets": [whole]}, {"datasets": [sample]})
    assert not told


def test_packages_and_hardware_are_told_apart(store_folder: Path) -> None:
    details = details_of(store_folder, keep_run(store_folder))
    before = replace(details, environment=environment(packages={"numpy": "2.0", "six": "1"}))
    gpu = Gpu(name="H100", memory=80 * 2**30)
    after = replace(details, environment=environment(packages={"numpy": "2.1", "six": "1"}, gpus=[gpu], host="bob"))
    sections = {section.name: section for section in compare_details(before, after, Goals())}
    assert [(d.name, d.before, d.after) for d in sections["packages"].differences] == [("numpy", "2.0", "2.1")]
    assert sections["packages"].same == 2
    assert {d.name: d.after for d in sections["hardware"].differences} == {"host": "bob", "GPU": "H100 (80.0 GiB)"}


def test_notebook_cells_are_compared_by_their_ids(store_folder: Path) -> None:
    told = diff(
        store_folder,
        {"notebook": ["import x", "a = 1", "gone"]},
        {"notebook": ["import x", "a = 2"], "source": "other"},
    )
    assert {name: value.said for name, value in found(told, "notebook").items()} == {
        "a = 2": "edited, +1 −1 lines",
        "gone": "removed, +0 −1 lines",
    }


def test_a_run_does_not_differ_from_itself(store_folder: Path) -> None:
    run = keep_run(store_folder, earlier=["a"], notebook=["b"], params={"lr": 1}, metrics={"loss": float("nan")})
    told = ts.runs(run.id).diff(run.id)
    assert not told
    assert "nothing differs" in repr(told)
    assert "the same: 1 param, 1 metric, " in repr(told)
    assert "nothing differs" in told._repr_html_()
    assert told.df.empty


def test_runs_of_which_nothing_is_known_do_not_differ(store_folder: Path) -> None:
    told = diff(store_folder, {"source": None}, {"source": None})
    assert not told


def test_a_lost_cell_is_named_and_the_rest_is_compared(store_folder: Path) -> None:
    before = keep_run(store_folder, earlier=["lost"], params={"lr": 1})
    keep_run(store_folder, earlier=["other"], params={"lr": 2})
    code = details_of(store_folder, before).code
    assert code is not None
    damage(store_folder, code.cells[0].sha256)
    told = ts.runs().diff()
    assert pairs(told, "params") == {"lr": (1, 2)}
    for shown in (repr(told), told._repr_html_()):
        assert "its source is lost" in shown
        assert "is missing from the store or damaged (before)" in shown


def test_one_run_is_held_against_the_run_of_its_cell_before_else_the_baseline(store_folder: Path) -> None:
    first = keep_run(store_folder, params={"lr": 1}, cell_id="a")
    other = keep_run(store_folder, params={"lr": 2}, cell_id="b")
    again = keep_run(store_folder, params={"lr": 3}, cell_id="a")
    assert ts.runs(again.id).diff().before.run_id == first.id
    with pytest.raises(InputError, match="no run of this cell before it and no baseline"):
        ts.runs(other.id).diff()
    ts.runs(again.id).make_baseline()
    assert ts.runs(other.id).diff().before.run_id == again.id
    assert ts.runs(again.id).diff("last~1").before.run_id == other.id
    assert ts.runs(again.id).diff(ts.runs(first.id)).before.run_id == first.id
    with pytest.raises(InputError, match="a diff is of one run; these are 3"):
        ts.runs().diff()


def test_the_output_is_marked_as_trackside_s_own(store_folder: Path) -> None:
    data, metadata = diff(store_folder, {}, {"params": {"a": 1}})._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert metadata["trackside"]["kind"] == "diff"
