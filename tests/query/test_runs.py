"""Sets of runs: what `ts.runs` finds, how it is narrowed, and what comes out as a DataFrame."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.errors import InputError
from trackside.query import Scope, select_runs

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("store_folder")


def train(name: str, losses: list[float], **params: object) -> None:
    with ts.run(name, params=params) as run:
        for loss in losses:
            run.log(val_loss=loss)


@pytest.fixture
def three_runs() -> ts.Runs:
    train("svm", [0.9, 0.5], C=1, kernel="rbf", shuffle=True)
    train("svm", [0.8, 0.3], C=10.5, kernel="linear", shuffle=False)
    train("mlp", [0.7, math.nan], hidden=[32, 16])
    return ts.runs()


def test_metrics_are_named_one_by_one_or_in_a_list(three_runs: ts.Runs) -> None:
    for view in (three_runs.history(["val_loss"]), three_runs.compare(("val_loss",)), three_runs.history("val_loss")):
        assert view.state["metrics"] == ["val_loss"]
    with pytest.raises(InputError, match="No metric 'loss'"):
        three_runs.history(["val_loss", "loss"])


def test_a_name_in_brackets_is_told_where_runs_are_named(three_runs: ts.Runs) -> None:
    with pytest.raises(InputError, match=r"of that name is ts\.runs\('svm'\), .* \.where\('svm'\)"):
        three_runs["svm"]  # type: ignore[index]  # the mistake under test


def test_what_a_filter_may_name_begins_with_metrics_and_params_and_tells_each_once(three_runs: ts.Runs) -> None:
    with pytest.raises(InputError) as caught:
        three_runs.where("kernal == 'rbf'")
    told = str(caught.value).partition("There are: ")[2]
    assert told.startswith("kernel, val_loss, C, shuffle, hidden, name, ")  # the nearest first
    assert told.endswith(" more.")
    assert "param." not in told


def test_a_condition_that_no_run_passes_says_of_how_many(three_runs: ts.Runs) -> None:
    none = three_runs.where("val_loss < 0")
    assert repr(none) == "<no run passes 'val_loss < 0', of 3 runs>"
    assert repr(ts.runs("C > 0").where("val_loss < 0")) == "<no run passes 'val_loss < 0', of 2 runs>"
    assert repr(none.table()) == "Trackside: table of 0 of 3 runs"
    data, _ = none._repr_mimebundle_()
    assert "<p>No run passes the condition, of 3 runs.</p>" in data["text/html"]
    assert repr(ts.runs(name="nobody")) == "<0 runs of 'digits'>"


def test_runs_are_there_as_soon_as_they_ended_newest_first(three_runs: ts.Runs) -> None:
    assert three_runs.df["name"].tolist() == ["mlp", "svm", "svm"]
    assert three_runs.df["status"].tolist() == ["finished"] * 3


def test_params_and_last_metrics_are_columns(three_runs: ts.Runs) -> None:
    df = three_runs.df
    assert df["C"].tolist()[1:] == [10.5, 1.0]
    assert math.isnan(df["C"].tolist()[0])
    assert df["kernel"].isna().tolist() == df["shuffle"].isna().tolist() == [True, False, False]
    assert df["kernel"].tolist()[1:] == ["linear", "rbf"]
    assert df["shuffle"].tolist()[1:] == [False, True]
    assert df["hidden"].tolist()[0] == [32, 16]
    assert df["val_loss"].tolist()[1:] == [0.3, 0.5]
    assert math.isnan(df["val_loss"].tolist()[0])


def test_where_narrows(three_runs: ts.Runs) -> None:
    assert three_runs.where("C > 5 and kernel == 'linear'").metrics == [{"val_loss": 0.3}]
    assert len(ts.runs("val_loss < 1")) == 2
    assert len(three_runs.where("")) == 3


def test_a_bare_name_means_every_param_that_ends_so() -> None:
    train("given", [1.0], C=1)
    train("svm", [1.0], SVC={"C": 5})
    train("text", [1.0], NuSVC={"C": "scale"})
    assert ts.runs("C > 0.5").names == ["svm", "given"]
    assert ts.runs("C = 'scale'").names == ["text"]
    assert ts.runs("SVC.C > 0.5").names == ["svm"]
    assert ts.runs("param.C > 0.5").names == ["given"]


def test_a_param_called_as_something_of_the_run_does_not_hide_it() -> None:
    train("adam", [1.0], optim={"name": "sgd"}, status="slow")
    assert ts.runs("name = 'adam' and status = 'finished'").names == ["adam"]
    assert ts.runs("param.optim.name = 'sgd' and optim.name = 'sgd' and param.status = 'slow'").names == ["adam"]


def test_a_run_is_found_by_its_name(three_runs: ts.Runs) -> None:
    with pytest.warns(UserWarning, match="2 runs are called 'svm'"):
        assert ts.runs("svm").ids == [three_runs.ids[1]]


def test_a_subset_leaves_out_the_columns_that_none_of_it_has(three_runs: ts.Runs) -> None:
    assert "hidden" not in three_runs.where("name == 'svm'").df


def test_best_knows_that_a_loss_is_better_low_and_nan_never_wins(three_runs: ts.Runs) -> None:
    assert [found["C"] for found in three_runs.best("val_loss", 3).params] == [10.5, 1.0]


def test_best_of_a_metric_whose_goal_nobody_knows_asks(three_runs: ts.Runs) -> None:
    train("odd", [1.0])
    with ts.run("x") as run:
        run.log(widgets=3)
    with pytest.raises(ts.TracksideError, match="goal='min' or goal='max'"):
        ts.runs().best("widgets")
    assert len(ts.runs().best("widgets", goal="max")) == 1
    with pytest.raises(ts.TracksideError, match=r"Did you mean 'val_loss'\?"):
        three_runs.best("val_los")


def test_runs_are_indexed_and_sliced_like_a_list(three_runs: ts.Runs) -> None:
    assert three_runs[0].ids == three_runs.ids[:1]
    assert three_runs[-1].ids == three_runs.ids[-1:]
    assert three_runs[:2].ids == three_runs.ids[:2]
    assert [one.ids for one in three_runs] == [[run_id] for run_id in three_runs.ids]
    with pytest.raises(IndexError):
        _ = three_runs[3]


def test_an_experiment_is_found_by_name_and_a_wrong_one_is_met_with_the_nearest(three_runs: ts.Runs) -> None:
    with ts.run("other", experiment="letters"):
        pass
    assert len(ts.runs(experiment="letters")) == 1
    assert len(ts.runs(experiment="*")) == len(three_runs) + 1
    with pytest.raises(ts.TracksideError, match=r"Did you mean 'letters'\?"):
        ts.runs(experiment="leters")


def test_an_experiment_without_a_run_of_that_name_is_an_empty_set(three_runs: ts.Runs) -> None:
    assert len(three_runs) == 3
    assert len(ts.runs(experiment="digits", name="no such run")) == 0


def test_a_limit_keeps_the_newest(three_runs: ts.Runs) -> None:
    assert ts.runs(limit=2).ids == three_runs.ids[:2]
    assert len(ts.runs(limit=0)) == 0
    with pytest.raises(ts.TracksideError, match="limit is -1; expected"):
        ts.runs(limit=-1)


def test_a_store_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ts.TracksideError, match="There is no store at"):
        ts.runs(store=tmp_path / "nowhere")


def test_whole_numbers_beyond_2_53_stay_exact() -> None:
    for seed in (2**60 + 1, 7):
        train("x", [1.0], seed=seed)
    assert ts.runs().df["seed"].tolist() == [7, 2**60 + 1]


def test_labels_of_namesakes_are_distinct(three_runs: ts.Runs) -> None:
    labels = select_runs(ts.Store(three_runs._store.folder), Scope()).labels()
    assert labels == ["mlp", "svm · C 10.5", "svm · C 1"]


def test_runs_are_found_by_tag_group_and_name() -> None:
    with ts.run("a", tags={"stage": "draft"}, group="folds"):
        pass
    train("b", [1.0])
    assert len(ts.runs(tags={"stage": "draft"})) == len(ts.runs(group="folds")) == len(ts.runs(name="b")) == 1
    assert len(ts.runs(limit=1)) == 1


def test_no_runs_yet_is_an_empty_set_that_can_be_shown() -> None:
    found = ts.runs()
    assert len(found) == 0
    assert found.df.empty
    assert "0 runs" in repr(found)
    assert "No runs yet" in found._repr_mimebundle_()[0]["text/html"]


def test_a_metric_with_a_params_name_keeps_apart_from_it() -> None:
    with ts.run("x", params={"lr": 0.1}) as run:
        run.log(lr=0.05)
    df = ts.runs().df
    assert (df["lr"].iloc[0], df["metric.lr"].iloc[0]) == (0.1, 0.05)
    assert len(ts.runs("param.lr > 0.08 and metric.lr < 0.08")) == 1


def test_what_a_run_did_is_read_from_another_folder_too(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train("here", [1.0])
    monkeypatch.setenv("TRACKSIDE_STORE", str(store_folder.parent / "elsewhere"))
    assert len(ts.runs(store=store_folder)) == 1


def test_a_script_finds_the_runs_it_made_wherever_it_is_started(tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    for folder in (project, elsewhere):
        folder.mkdir()
    script = project / "train.py"
    script.write_text(
        "import trackside as ts\n"
        "with ts.run('a') as run:\n    run.log(loss=1.0)\n"
        "print(len(ts.runs()), ts.runs().df['experiment'].tolist())\n"
    )
    settings = {key: value for key, value in os.environ.items() if not key.startswith("TRACKSIDE_")}
    ran = subprocess.run(
        [sys.executable, script], cwd=elsewhere, env=settings, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "1 ['train']"
    assert (project / ".trackside").is_dir()


def test_the_data_frame_shows_params_and_metrics_before_the_rest(three_runs: ts.Runs) -> None:
    columns = three_runs.df.columns.tolist()
    assert columns[:4] == ["name", "status", "started_at", "duration"]
    assert columns.index("val_loss") < columns.index("host")


def test_a_cell_that_runs_again_is_linked_to_its_run_before(store_folder: Path) -> None:
    for name, cell in (("one", "a"), ("other", "b"), ("again", "a")):
        with ts.Run.start(store_folder, name=name, project="p", experiment="digits", origin="notebook", cell_id=cell):
            pass
    again, other, one = ts.runs()
    assert again.df["rerun_of"].tolist() == one.ids
    assert other.df["rerun_of"].isna().all()
    assert one.df["rerun_of"].isna().all()
