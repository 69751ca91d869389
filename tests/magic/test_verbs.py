"""What ``%track`` and its verbs say and do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.completer import provisionalcompleter

from tests.magic.shells import restart, run_cell, said
from trackside.lookup import runs
from trackside.magic.memory import Memory
from trackside.magic.verbs import make_verbs

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    Capture = pytest.CaptureFixture[str]


def names(**asked: bool) -> list[str]:
    return sorted(runs(**asked).df["name"])  # type: ignore[arg-type]  # include_hidden alone


def test_alone_it_says_where_one_is(three: InteractiveShell, capsys: Capture) -> None:
    run_cell(three, "%%track\n1 / 0")
    told = dict(line.split(":", 1) for line in said(three, capsys, "%track").splitlines())
    assert list(told) == ["store", "experiment", "project", "tracking", "live runs", "runs", "main metric"]
    assert told["runs"].strip().startswith("3 (hidden: 1 failed at once); newest: lr3 ")
    assert told["main metric"].strip() == ("val_loss, better low (inferred from its name; ts.metric(…) says otherwise)")


def test_alone_it_says_so_where_nothing_was_tracked(shell: InteractiveShell, capsys: Capture) -> None:
    assert "runs:        none yet; put %%track on top of a cell" in said(shell, capsys, "%track")


@pytest.mark.parametrize("handle", ["best", "last~2", "lr == 1", "#1"])
def test_a_run_is_named_by_a_handle_or_a_condition(three: InteractiveShell, capsys: Capture, handle: str) -> None:
    assert said(three, capsys, f"%track star {handle}").startswith("starred lr1 ")
    starred = runs().df.set_index("name")["starred"]
    assert starred.to_dict() == {"lr1": True, "lr2": False, "lr3": False}


def test_a_run_is_named_by_the_end_of_its_id(three: InteractiveShell, capsys: Capture) -> None:
    assert said(three, capsys, f"%track star {runs('best').ids[0][-5:]} last").startswith("starred lr3 ")
    assert runs().df["starred"].sum() == 2


def test_what_is_archived_is_out_of_sight_until_it_is_kept(three: InteractiveShell, capsys: Capture) -> None:
    said(three, capsys, "%track archive lr < 3")
    assert names() == ["lr3"]
    assert names(include_hidden=True) == ["lr1", "lr2", "lr3"]
    said(three, capsys, "%track keep lr == 1")
    assert names() == ["lr1", "lr3"]


def test_only_dropped_runs_are_deleted(three: InteractiveShell, capsys: Capture) -> None:
    assert "3 of these 3 runs were not dropped" in said(three, capsys, "%track purge lr > 0")
    assert "purge last: this run was not dropped" in said(three, capsys, "%track purge last")
    assert "nothing to delete" in said(three, capsys, "%track purge")
    said(three, capsys, "%track drop lr == 2")
    assert said(three, capsys, "%track purge").startswith("deleted lr2 ")
    assert names(include_hidden=True) == ["lr1", "lr3"]


def test_the_baseline_is_not_dropped(three: InteractiveShell, capsys: Capture) -> None:
    assert said(three, capsys, "%track baseline best").startswith("the baseline is lr1 ")
    assert "The baseline is among these runs" in said(three, capsys, "%track drop lr > 0")
    assert names() == ["lr1", "lr2", "lr3"]


def test_a_baseline_is_taken_back(three: InteractiveShell, capsys: Capture) -> None:
    said(three, capsys, "%track baseline best")
    assert said(three, capsys, "%track baseline none").startswith("no baseline any more: it was lr1 ")
    assert said(three, capsys, "%track baseline none").startswith("there is no baseline")
    assert runs().baseline is None


@pytest.mark.parametrize(
    ("asked", "metric", "shown"),
    [
        ("last best", None, ["lr3", "lr1"]),
        ("lr2, #1", None, ["lr2", "lr1"]),
        ("val_loss last best", "val_loss", ["lr3", "lr1"]),
        ("val_loss < 2.5", None, ["lr2", "lr1"]),
        ("val_loss lr < 2.5", "val_loss", ["lr2", "lr1"]),
        ("val_loss", "val_loss", ["lr3", "lr2", "lr1"]),
        ("val_loss val_loss last", "val_loss val_loss", ["lr3"]),
        ("val_loss,val_loss best last", "val_loss val_loss", ["lr3", "lr1"]),
        ("val_loss, val_loss last", "val_loss val_loss", ["lr3"]),
        ("val_loss val_loss < 2.5", "val_loss", ["lr2", "lr1"]),
        ("", None, ["lr3", "lr2", "lr1"]),
    ],
)
def test_views_are_of_the_metrics_and_runs_that_are_named(
    three: InteractiveShell, asked: str, metric: str | None, shown: list[str]
) -> None:
    for verb in ("compare", "history"):
        view = run_cell(three, f"%track {verb} {asked}").result
        assert (view.state["metrics"], view.selected.names) == (metric and metric.split(), shown)
    if metric is None:
        assert run_cell(three, f"%track parallel {asked}").result.selected.names == shown
        assert run_cell(three, f"%track runs {asked}").result.names == shown


@pytest.mark.parametrize("asked", ["--view smooth ones", "val_loss best --view 'smooth ones'"])
def test_runs_are_compared_as_a_view_that_was_saved(three: InteractiveShell, asked: str) -> None:
    state = {"panels": ["table"], "smoothing": 0.5}
    runs().table().ask({"ask": "views", "name": "smooth ones", "state": state}, [])
    shown = run_cell(three, f"%track compare {asked}").result.state
    assert (shown["panels"], shown["smoothing"]) == (["table"], 0.5)


def test_an_experiment_of_another_project_is_told_where_it_is(
    three: InteractiveShell, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_cell(three, "%%track --experiment many\nlr = 0.1")
    assert "is in project" not in said(three, capsys, "%track experiment many")
    project = runs().df["project"].iloc[0]
    monkeypatch.setenv("TRACKSIDE_PROJECT", "other")
    told = said(three, capsys, "%track experiment many")
    assert f"experiment many is in project {project}: ts.runs(experiment='many')" in told


def test_a_run_is_named_by_its_name(three: InteractiveShell, capsys: Capture) -> None:
    assert said(three, capsys, "%track star lr2").startswith("starred lr2 ")
    assert runs("lr2").df["name"].tolist() == ["lr2"]
    run_cell(three, "%%track --into lr1\nevaluated = 1.0")
    assert "evaluated" in runs("lr1").metric_names + runs("lr1").param_names


def test_a_metrics_goal_is_said_once(three: InteractiveShell, capsys: Capture) -> None:
    said(three, capsys, "%track metric val_loss max main")
    assert runs("best").df["name"].tolist() == ["lr3"]
    assert "better high (as you said)" in said(three, capsys, "%track")


def test_what_is_known_of_a_metric_is_told(three: InteractiveShell, capsys: Capture) -> None:
    run_cell(three, "%%track\nts.log(val_loss=1, width=2)")
    inferred = "better low (inferred from its name; ts.metric(…) says otherwise)"
    unknown = "not known whether better low or high; ts.metric(…) says it"
    assert said(three, capsys, "%track metric val_loss") == f"val_loss: {inferred}; the main metric\n"
    assert said(three, capsys, "%track metric width") == f"width: {unknown}; not the main metric\n"
    said(three, capsys, "%track metric width max main")
    assert said(three, capsys, "%track metric width") == "width: better high (as you said); the main metric\n"


def test_an_ignored_name_is_captured_no_more_and_again_after_undo(three: InteractiveShell, capsys: Capture) -> None:
    cell = "%%track\nlr = 5.0; depth = 3"
    said(three, capsys, "%track ignore lr")
    run_cell(three, cell)
    restart(three)
    run_cell(three, cell + "  # again")
    assert [params.get("lr") for params in runs(limit=2).params] == [None, None]
    assert said(three, capsys, "%track ignore") == "ignored: lr\n"
    said(three, capsys, "%track ignore lr --undo")
    run_cell(three, cell)
    assert runs("last").params == [{"lr": 5.0, "depth": 3}]


def test_several_names_are_ignored_and_captured_again_by_their_last_part(
    three: InteractiveShell, capsys: Capture
) -> None:
    assert said(three, capsys, "%track ignore SVC.C,epochs") == "ignored from now on: SVC.C, epochs\n"
    assert said(three, capsys, "%track ignore --undo C") == "captured again: SVC.C\n"
    assert "'C' is not ignored; ignored is epochs." in said(three, capsys, "%track ignore --undo C")


def test_what_is_asked_for_by_name_is_kept_although_ignored(three: InteractiveShell, capsys: Capture) -> None:
    said(three, capsys, "%track ignore lr")
    run_cell(three, "%%track --params lr\nlr = 5.0; depth = 3")
    assert runs("last").params == [{"lr": 5.0}]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("stra last", r"no verb 'stra'; expected .* Did you mean 'star'?"),
        ("star", "no run is named; expected a handle, such as last, or a condition"),
        ("star lats", "'lats' names no run. Did you mean 'last'?"),
        ("drop 12", "'12' names no run. Did you mean '#12'?"),
        ("drop 5f", "'5f' names no run"),
        ("drop lr", "The filter 'lr' is no condition but a value"),
        ("drop true", "'true' names no run."),
        ("note lr > 2 wrong data", "The filter 'lr' is no condition but a value"),
        ("star lr > 99", "no run fulfils 'lr > 99'"),
        ("star last~9", "'last~9' names no run: there are 3"),
        ("star #77", "'#77' names no run; expected the number of a tracked cell: #3, #2, #1"),
        ("baseline lr > 0", "'lr > 0' names 3 runs; expected one"),
        ("baseline", "there is no baseline"),
        ("metric val_loss up", "found 'val_loss up'; expected a metric and what it is"),
        ("metric val_los", "no run has a metric 'val_los'; expected one of val_loss. Did you mean 'val_loss'?"),
        (
            "compare val_los",
            "'val_los' names no metric and no run. Did you mean 'val_loss'? Expected a metric, a handle",
        ),
        ("history last~9", "'last~9' names no run: there are 3"),
        ("parallel lats", "'lats' names no run. Did you mean 'last'?"),
        ("compare val_loss < rl", "No column 'rl' in the filter 'val_loss < rl'."),
        ("compare best --view", "--view stands alone; expected the name of a saved view"),
        ("compare --view the 'best'", "No view \"the 'best'\" was saved for this experiment. There are: none yet"),
        ("compare --view smoth", "No view 'smoth' was saved for this experiment. There are: none yet"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    three: InteractiveShell, capsys: Capture, line: str, told: str
) -> None:
    out = said(three, capsys, f"%track {line}")
    assert len(out.splitlines()) == 1
    assert told.partition(".*")[0] in out
    assert told.rpartition(".*")[2] in out


@pytest.mark.parametrize("verb", make_verbs(Memory()))
def test_every_verb_has_help(shell: InteractiveShell, capsys: Capture, verb: str) -> None:
    for question in (f"%track {verb}?", f"%track {verb} ?", f"%track {verb} --help"):
        assert said(shell, capsys, question).startswith(f"%track {verb}")
    assert f"%track {verb}" in (shell.magics_manager.magics["line"]["track"].__doc__ or "")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%track sta", ["star"]),
        ("%track star be", ["best"]),
        ("%track compare val", ["val_loss"]),
        ("%track compare val_loss be", ["best"]),
        ("%track compare best --", ["--view"]),
        ("%track metric val_loss m", ["min", "max", "main"]),
        ("%track baseline no", ["none"]),
        ("%track ignore ", ["lr", "val_loss", "--undo"]),
        ("%track experiment di", ["digits"]),
        ("%track star last lr", ["lr3", "lr2", "lr1"]),
        ("%track star #", ["#3", "#2", "#1"]),
        ("%track ignore lr --", ["--undo"]),
        ("%%track --in", ["--into"]),
        ("%%track --into la", ["last"]),
        ("%%track --experiment di", ["digits"]),
        ("import trackside as ts; ts.runs('la", ["last"]),
    ],
)
def test_completion_offers_what_may_stand_there_and_nothing_else(
    three: InteractiveShell, line: str, offered: list[str]
) -> None:
    names()  # what is offered is what the tables have
    completer: Any = three.Completer
    with provisionalcompleter():
        found = [(line[: c.start] + c.text, c.text) for c in completer.completions(line, len(line))]
    assert [text for _, text in found] == offered
    assert all(completed.startswith(line) for completed, _ in found)


def test_scatter_takes_its_axes_and_importance_its_metric(three: InteractiveShell) -> None:
    shown = run_cell(three, "%track scatter lr val_loss").result
    assert shown.state["scatter"]["x"]["key"] == "param:lr"
    assert shown.state["scatter"]["y"]["key"] == "metric:val_loss"
    assert run_cell(three, "%track importance val_loss").result.state["importance_of"] == "val_loss"


def test_scatter_refuses_a_third_axis_and_importance_an_unknown_metric(
    three: InteractiveShell, capsys: Capture
) -> None:
    assert "found 3 names; expected at most two" in said(three, capsys, "%track scatter a b c")
    assert "Did you mean 'val_loss'?" in said(three, capsys, "%track importance val_los")


def test_scatter_and_importance_have_help_and_complete_names(three: InteractiveShell, capsys: Capture) -> None:
    assert said(three, capsys, "%track scatter ?").startswith("%track scatter [X [Y]]")
    with provisionalcompleter():
        for line, offered in (
            ("%track scatter l", "lr"),
            ("%track scatter lr val", "val_loss"),
            ("%track importance v", "val_loss"),
        ):
            assert offered in [each.text for each in three.Completer.completions(line, len(line))]
