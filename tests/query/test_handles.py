"""Short names for runs, and what was said of metrics."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.cli import OK, main
from trackside.errors import InputError
from trackside.handles import is_handle
from trackside.model import STORE_ID
from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.goals import Goal


@pytest.fixture
def ids(store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of four runs of a notebook, oldest first."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "train.ipynb"))
    made = []
    for count, loss in enumerate((0.5, 0.25, float("nan"), 0.75)):
        run = Run.start(
            store_folder,
            name=f"run {count}",
            project="p",
            experiment="digits",
            origin="notebook",
            execution_count=count + 10,
        )
        run.log(val_loss=loss, score=count)
        run.finish()
        made.append(run.id)
    return made


@pytest.mark.parametrize(("handle", "place"), [("last", 3), ("last~0", 3), ("last~3", 0), ("best", 1), ("#12", 2)])
def test_a_handle_names_a_run(ids: list[str], handle: str, place: int) -> None:
    assert ts.runs(handle).ids == [ids[place]]


def test_the_end_of_an_id_names_its_run_in_any_experiment(ids: list[str]) -> None:
    for run_id in ids:
        assert ts.runs(run_id[-5:], experiment="*").ids == [run_id]
        assert ts.runs(run_id).ids == [run_id]


def test_the_newest_number_of_a_cell_counts(ids: list[str], store_folder: Path) -> None:
    again = Run.start(
        store_folder, name="again", project="p", experiment="digits", origin="notebook", execution_count=12
    )
    again.finish()
    assert ts.runs("#12").ids == [again.id] != [ids[2]]


def test_the_best_follows_what_was_said_of_metrics(ids: list[str]) -> None:
    ts.metric("score", goal="max", main=True)
    assert ts.runs("best").ids == [ids[3]]
    assert ts.runs().best(count=2).ids == [ids[3], ids[2]]
    ts.metric("score", goal="min")
    assert ts.runs("best").ids == [ids[0]]
    assert ts.runs().goals.given == {"score": "min"}


def test_settings_say_goals_and_the_store_goes_before(ids: list[str], tmp_path: Path) -> None:
    (tmp_path / "trackside.toml").write_text("main_metric = 'score'\n[metrics]\nscore = 'min'\n")
    assert ts.runs("best").ids == [ids[0]]
    ts.metric("score", goal="max")
    assert ts.runs("best").ids == [ids[3]]


def test_saying_it_again_writes_nothing(ids: list[str], store_folder: Path) -> None:
    def journals() -> set[str]:
        found = (store_folder / "journals").rglob(f"{STORE_ID}.*")
        return {path.name.partition(".ndjson")[0] for path in found if ".ndjson" in path.name}

    ts.metric("score", goal="max", main=True)
    said = journals()
    ts.metric("score", goal="max", main=True)
    assert journals() == said != set()
    assert ts.runs("best").ids == [ids[3]]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"goal": "up"}, "goal is 'up'; expected 'min' or 'max'"),
        ({}, "nothing is said of the metric 'score'; expected goal="),
    ],
)
def test_a_metric_of_which_nothing_sensible_is_said_is_refused(said: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        ts.metric("score", **said)  # type: ignore[arg-type]  # what a user may type


@pytest.mark.parametrize(
    ("handle", "told"),
    [
        ("last~4", "'last~4' names no run: there are 4"),
        ("#99", "'#99' names no run; expected the number of a tracked cell: #13, #12, #11, #10"),
        ("baseline", "'baseline' names no run: none was chosen"),
        ("00000", "'00000' names no run; expected the last letters"),
    ],
)
@pytest.mark.usefixtures("ids")
def test_a_handle_that_names_nothing_is_told(handle: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        ts.runs(handle)


def test_letters_that_name_several_runs_are_refused(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter(f"01934d5e-7c1a-7def-8abc-{n}0000000abcd" for n in (1, 2))
    monkeypatch.setattr("trackside.tracking.live_run.new_run_id", lambda: next(made))
    for name in ("a", "b"):
        Run.start(store_folder, name=name, project="p", experiment="digits").finish()
    with pytest.raises(InputError, match=r"'abcd' names 2 runs: .* expected more letters"):
        ts.runs("abcd")


@pytest.mark.usefixtures("store_folder")
@pytest.mark.parametrize(("value", "goal"), [(float("-inf"), "min"), (float("inf"), "max")])
def test_a_run_that_diverged_to_infinity_is_never_the_best(value: float, goal: Goal) -> None:
    for accuracy in (0.5, value):
        with ts.run("run") as run:
            run.log(accuracy=accuracy)
    finite = ts.runs().ids[1]
    ts.metric("accuracy", goal=goal, main=True)
    assert ts.runs("best").ids == ts.runs().best(count=2).ids == [finite]


@pytest.mark.usefixtures("store_folder")
def test_no_run_is_the_best_where_none_is_finite() -> None:
    with ts.run("run") as run:
        run.log(loss=float("inf"))
    with pytest.raises(InputError, match="finite in none"):
        ts.runs("best")


@pytest.mark.parametrize("text", ["lr < 0.1", "last > 2", "best_loss < 1", "lastly", "", "#", "name == 'best'"])
def test_a_condition_is_no_handle(text: str) -> None:
    assert not is_handle(text)


def test_a_handle_that_is_looked_up_in_older_tables_says_so(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ts.run("a"):
        pass
    assert ts.runs("last").names == ["a"]
    assert store_folder.exists()
    monkeypatch.setattr(Store, "refresh", lambda *_: False)
    with pytest.warns(UserWarning, match=r"are behind; what 'last' means hangs on runs that may not be in them yet"):
        ts.runs("last")


@pytest.mark.usefixtures("store_folder")
def test_of_several_runs_of_one_name_the_newest_is_taken_and_said() -> None:
    made = []
    for _ in range(5):
        with ts.run("mlp") as run:
            made.append(run.id)
    newest, *others = (run_id[-5:] for run_id in reversed(made))
    told = rf"^5 runs are called 'mlp'; the newest is taken, {newest}; .* id \({', '.join(others[:3])}, …\) or its cell"
    with pytest.warns(UserWarning, match=told) as warned:
        assert ts.runs("mlp").ids == [made[-1]]
    assert [warning.filename for warning in warned] == [__file__]
    assert set(ts.runs(name="mlp", include_hidden=True).ids) == set(made)


def test_a_shell_is_told_of_namesakes_in_one_line(store_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        ts.run("mlp").finish()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert main(["show", "mlp", "--store", str(store_folder)]) == OK
    assert capsys.readouterr().err.startswith("trackside: 2 runs are called 'mlp'; the newest is taken, ")


@pytest.mark.usefixtures("store_folder")
def test_runs_of_another_experiment_are_told_where_this_one_has_none() -> None:
    for name in ("a", "b"):
        with ts.run(name, experiment="elsewhere"):
            pass
    told = r"There are in experiment 'elsewhere' \({}\): go there by %track experiment elsewhere"
    with pytest.raises(InputError, match=told.format("2 runs")):
        ts.runs("last")
    with pytest.raises(InputError, match=told.format("1 run")):
        ts.check("a", "loss")


@pytest.mark.usefixtures("store_folder")
def test_a_baselines_name_alone_leads_to_its_handle() -> None:
    with ts.run("a"):
        pass
    ts.runs("last").make_baseline("production")
    with pytest.raises(InputError, match="'production' names no run, but a baseline: expected baseline:production"):
        ts.check("last", "loss", against="production")
