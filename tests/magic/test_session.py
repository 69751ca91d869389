"""The magic's life in a shell: its flags, its switches, loading and unloading."""

from __future__ import annotations

import os
import re
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import pytest

from tests.recorded import last_run, read_runs
from trackside import evaluation, tracking
from trackside.errors import JournalError, MetricTypeError
from trackside.magic import load_ipython_extension, unload_ipython_extension
from trackside.magic.here import spell_store_size
from trackside.tracking import Run, current_run

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell


def run_cell(shell: InteractiveShell, code: str) -> Any:
    return shell.run_cell(code, store_history=True)  # type: ignore[no-untyped-call]  # IPython's


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--exprience lab", "no flag --exprience; expected --experiment, .* Did you mean '--experiment'\\?"),
        ("--tag =dev", "found --tag '=dev'; expected KEY or KEY=VALUE"),
        ("--experiment", "--experiment stands alone; expected --experiment E"),
        ("'unclosed", "expected quotes in pairs"),
        ("--params lrr", "no param 'lrr' in this cell; found lr, ran. Did you mean 'lr'\\?"),
        ("--metrics nope", "no metric 'nope' in this cell; found none"),
    ],
)
def test_a_bad_flag_is_one_clear_line_and_the_cell_is_still_tracked(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str], flags: str, said: str
) -> None:
    run_cell(shell, f"%%track {flags} --quiet\nlr = 0.5\nran = True")
    assert shell.user_ns["ran"]
    assert last_run(store_folder).ended.status == "finished"
    out = capsys.readouterr().out
    assert re.search(said, out)
    assert len(out.splitlines()) == 1


def test_the_value_of_a_misspelled_flag_is_not_the_runs_name(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "%%track mlp --exprience lab\nlr = 0.5")
    assert last_run(store_folder).started.name == "mlp"


def test_params_and_metrics_can_be_fixed(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "depth = 3")
    run_cell(
        shell,
        "%%track --params lr,depth --metrics loss\nlr, epochs = 0.5, 3\nloss = max(0.25, 0.1); acc = max(0.5, 0.1)",
    )
    run = last_run(store_folder)
    assert run.params == {"lr": 0.5, "depth": 3}
    assert run.last == {"loss": 0.25}


def test_no_context_leaves_out_what_the_cell_only_reads(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "depth = 3")
    run_cell(shell, "%%track --no-context\nlr = 0.5 / depth; rate = 0.5")
    assert last_run(store_folder).params == {"rate": 0.5}


def test_quiet_shows_nothing(shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(shell, "%%track --quiet\nlr = 0.5")
    assert capsys.readouterr() == ("", "")
    assert last_run(store_folder).params == {"lr": 0.5}


def test_card_off_shows_nothing(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKSIDE_CARD", "off")
    run_cell(shell, "%%track\nlr = 0.5")
    assert capsys.readouterr() == ("", "")


def test_dry_shows_the_card_and_keeps_nothing(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "%%track --dry\nimport trackside as ts\nlr = 0.5\nts.log(loss=1)")
    out = capsys.readouterr().out
    first, *rest = out.splitlines()
    assert re.fullmatch(r"✓ finished · not kept · cell #1 · [\d.]+ m?s", first)  # no id: it could be looked up nowhere
    assert rest == ["loss 1", "lr 0.5", "a dry run: nothing of it was kept"]
    assert not store_folder.exists()


def test_the_first_card_says_where_what_and_how_to_stop_once(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "%%track\nlr = 0.5")
    first = capsys.readouterr().out
    assert str(store_folder) in first
    assert "%track off" in first
    run_cell(shell, "%%track\nlr = 0.5")
    assert str(store_folder) not in capsys.readouterr().out


def test_off_and_on(shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(shell, "%track off")
    run_cell(shell, "%%track\nx = 1")
    assert shell.user_ns["x"] == 1
    assert not store_folder.exists()
    assert capsys.readouterr().out == "tracking is off\n"  # and no card: nothing is kept
    run_cell(shell, "%track on")
    run_cell(shell, "%%track\nx = 2")
    assert len(read_runs(store_folder)) == 1


def test_experiment_and_store_for_this_session(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, f"%track store {tmp_path / 'elsewhere'}")
    run_cell(shell, "%track experiment lab")
    run_cell(shell, "%%track --quiet\nx = 1")
    assert last_run(tmp_path / "elsewhere").started.experiment == "lab"
    capsys.readouterr()
    run_cell(shell, "%track")
    out = capsys.readouterr().out
    assert re.search(rf"store: +{tmp_path}/elsewhere \(.*; set by %track\)", out)
    assert re.search(r"experiment: +lab \(set by %track\)", out)


def test_what_was_set_for_the_session_is_taken_back(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "%track experiment lab\n%track experiment --undo\n%track store else\n%track store --undo")
    assert capsys.readouterr().out.splitlines() == [
        "experiment: lab (set by %track)",
        "experiment: digits (from environment variable TRACKSIDE_EXPERIMENT)",
        f"store: {store_folder.parent / 'else'} (set by %track)",
        f"store: {store_folder} (from environment variable TRACKSIDE_STORE)",
    ]
    run_cell(shell, "%track experiment --udno")
    assert "found --udno; expected a name or --undo. Did you mean '--undo'?" in capsys.readouterr().out


def test_runs_can_be_narrowed(shell: InteractiveShell) -> None:
    for lr in (0.5, 0.25):
        run_cell(shell, f"%%track --quiet\nlr = {lr}")
    assert len(run_cell(shell, "%track runs").result) == 2
    assert run_cell(shell, "%track runs lr < 0.3").result.params == [{"lr": 0.25}]


def test_what_is_not_kept_stands_on_the_card(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trackside.store.blobs.save_blob", full)
    run_cell(shell, "%%track --quiet\nlr = 0.5")
    assert re.search(r"environment.* (is|are) not kept: \[Errno 28\] No space left on device", capsys.readouterr().out)


def test_an_own_way_to_show_tracebacks_is_left_in_place(shell: InteractiveShell) -> None:
    shown: list[object] = []
    shell.showtraceback = lambda *_args, **_kwargs: shown.append(1)  # type: ignore[method-assign]  # as rich does
    run_cell(shell, "get_ipython().run_cell_magic('track', '--quiet', '1 / 0')")
    run_cell(shell, "1 / 0")
    del shell.showtraceback
    assert len(shown) == 2


def test_a_file_that_goes_while_the_store_is_measured_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"12345")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert spell_store_size(tmp_path) == "5 bytes"


def test_an_unknown_verb_gets_a_suggestion(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(shell, "%track comapre")
    assert "Did you mean 'compare'?" in capsys.readouterr().out


def test_an_empty_cell_is_no_run(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, "%%track\n\n# only a comment")
    assert not store_folder.exists()
    assert "nothing to track" in capsys.readouterr().out


def test_a_store_that_cannot_be_written_never_costs_the_cell(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TRACKSIDE_STORE", str(tmp_path / "file" / "store"))
    result = run_cell(shell, "%%track\nimport trackside as ts\nts.log(loss=1)\nx = 5\nx")
    assert (result.success, result.result) == (True, 5)
    out = capsys.readouterr().out
    assert len([line for line in out.splitlines() if "this run is not kept" in line]) == 1
    assert current_run() is None


def test_settings_that_cannot_be_read_never_cost_the_cell(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKSIDE_CARD", "maybe")
    monkeypatch.setenv("TRACKSIDE_SHARE", "all")
    assert run_cell(shell, "%%track\nx = 5\nx").result == 5
    card = capsys.readouterr().out.splitlines()
    assert "this run could not be kept: InputError: 2 mistakes in the settings:" in card
    assert [line.partition(":")[0] for line in card[-3:-1]] == ["TRACKSIDE_CARD", "TRACKSIDE_SHARE"]


def test_settings_that_break_between_two_cells_lose_no_run(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_cell(shell, "%%track\nx = 5")
    monkeypatch.setenv("TRACKSIDE_CARD", "maybe")
    run_cell(shell, "%%track\nx = 6")
    assert "the settings are those of the cell before: TRACKSIDE_CARD:" in capsys.readouterr().out
    assert [run.params["x"] for run in read_runs(store_folder)] == [5, 6]


MISUSED = {
    'ts.log("abc")': "log(…) was not kept: found str without a name",
    "ts.log(loss=[1, 2])": "log(…) was not kept: found list for 'loss'",
    "ts.log_params([1])": "log_params(…) was not kept: found list; expected names with their values",
    'ts.log_history(loss="abc")': "log_history(…) was not kept: found",
    "ts.log_artifact(object())": "log_artifact(…) was not kept: found object; expected a path",
    'ts.log_dataset("d", object())': "log_dataset(…) was not kept: found",
    "ts.log_predictions([1], [1, 2])": "log_predictions(…) was not kept: found 2 rows of y_pred",
    "ts.log_roc([1], [1, 2])": "log_roc(…) was not kept: ",
    "ts.log_params(Hostile())": "log_params(…) was not kept: RuntimeError: no keys",
}


@pytest.mark.parametrize("call", MISUSED)
def test_a_call_that_cannot_be_used_costs_no_cell_and_is_told_once(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str], call: str
) -> None:
    class Hostile:
        def keys(self) -> object:
            raise RuntimeError("no keys")

    shell.user_ns["Hostile"] = Hostile
    with pytest.warns(UserWarning, match=re.escape(MISUSED[call])) as told:
        result = run_cell(shell, f"%%track\nimport trackside as ts\nfor _ in range(3):\n    {call}\nts.log(after=1.0)")
    assert result.success
    assert [str(warning.message).count("\n") for warning in told] == [0]
    assert told[0].filename not in (tracking.current.__file__, evaluation.__file__)
    name = call.removeprefix("ts.").partition("(")[0]
    assert f"3 calls of {name}(…) were not kept; the last: " in capsys.readouterr().out
    run = last_run(store_folder)
    assert (run.points("after"), run.ended.status) == ([(0, 1.0)], "finished")


def test_a_run_within_a_tracked_cell_raises_as_in_a_script(shell: InteractiveShell) -> None:
    result = run_cell(shell, '%%track --quiet\nimport trackside as ts\nwith ts.run("inner"):\n    ts.log("abc")')
    assert isinstance(result.error_in_exec, MetricTypeError)


def test_a_full_disk_costs_no_cell(
    shell: InteractiveShell, store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise JournalError("no space left on device")

    shell.user_ns["fill"] = lambda: monkeypatch.setattr(current_run(), "_append_metrics", full)
    with pytest.warns(UserWarning, match="no space left on device"):
        result = run_cell(shell, "%%track --quiet\nimport trackside as ts\nts.log(loss=1)\nfill()\nts.log(loss=2)")
    assert result.success
    run = last_run(store_folder)
    assert (run.points("loss"), run.ended.status) == ([(0, 1.0)], "finished")


def test_loading_twice_is_harmless(shell: InteractiveShell, store_folder: Path) -> None:
    load_ipython_extension(shell)
    run_cell(shell, "%%track --quiet\nx = 1")
    assert len(read_runs(store_folder)) == 1


def test_unloading_restores_what_it_found(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    def state() -> list[Any]:
        return [
            list(shell.input_transformers_cleanup),
            {name: list(callbacks) for name, callbacks in shell.events.callbacks.items()},
            {kind: dict(magics) for kind, magics in shell.magics_manager.magics.items()},
            sorted(shell.strdispatchers["complete_command"].strs),
        ]

    loaded = state()
    unload_ipython_extension(shell)
    monkeypatch.setenv("TRACKSIDE_EXPERIMENT", "before")
    plain = state()
    load_ipython_extension(shell)
    assert [len(s) for s in state()[1].values()] == [len(s) for s in loaded[1].values()]
    run_cell(shell, "%track experiment lab")
    unload_ipython_extension(shell)
    assert state() == plain
    assert os.environ["TRACKSIDE_EXPERIMENT"] == "before"
    unload_ipython_extension(shell)


def test_unloading_within_a_tracked_cell_tracks_it_to_its_end(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(
        shell, "%%track --quiet\nfrom trackside.magic import unload_ipython_extension as u\nu(get_ipython())\nx = 1"
    )
    assert last_run(store_folder).ended.status == "finished"
    assert not [c for c in shell.events.callbacks["post_run_cell"] if "trackside" in c.__module__]


def test_cells_that_run_cells_nest(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(
        shell,
        "%%track outer --quiet\nimport trackside as ts\nget_ipython().run_cell('')\n"
        "get_ipython().run_cell('%%track inner --quiet\\nts.log(a=1)')\nts.log(b=2)",
    )
    outer, inner = read_runs(store_folder)
    assert (outer.started.name, outer.last) == ("outer", {"b": 2.0})
    assert (inner.started.name, inner.last) == ("inner", {"a": 1.0})
    assert (outer.ended.status, inner.ended.status) == ("finished", "finished")


def test_typed_lines_are_complete_only_after_an_empty_one(shell: InteractiveShell) -> None:
    assert shell.check_complete("%%track\n")[0] == "incomplete"
    assert shell.check_complete("%%track\nx = 1\n\n")[0] == "complete"


def test_nothing_of_the_tracked_run_stays_behind(shell: InteractiveShell) -> None:
    run_cell(shell, "%%track --quiet\n1 / 0")
    assert current_run() is None
    assert "TRACKSIDE_RUN" not in os.environ


def test_an_open_run_of_an_earlier_cell_is_the_parent(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "import trackside as ts\nsweep = ts.run('sweep')")
    run_cell(shell, "%%track --quiet\nts.log(a=1)")
    run_cell(shell, "ts.log(b=1); sweep.finish()")
    sweep, cell = read_runs(store_folder)
    assert isinstance(shell.user_ns["sweep"], Run)
    assert cell.started.parent_id == shell.user_ns["sweep"].id
    assert (sweep.last, cell.last) == ({"b": 1.0}, {"a": 1.0})


def stop_once_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Have Ctrl-C pressed the next time that something of ``magic`` is called."""
    path = f"trackside.magic.{name}"
    original = resolve_name(path)

    def stop(*given: Any, **named: Any) -> Any:
        if not stops:
            return original(*given, **named)
        stops.pop()
        raise KeyboardInterrupt

    stops = ["once"]
    monkeypatch.setattr(path, stop)


def test_a_cell_that_never_told_its_end_is_interrupted_when_the_next_begins(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as stop_at_a_bad_moment:
        trigger = shell.events.trigger
        stop_at_a_bad_moment.setattr(
            shell.events, "trigger", lambda event, *given: None if event == "post_run_cell" else trigger(event, *given)
        )
        run_cell(shell, "%%track lost\nlr = 0.5\nprint(f'loss {lr}')")
    capsys.readouterr()
    run_cell(shell, "print('loss', 0.25)\nget_ipython().run_cell('%%track --quiet\\n1')")
    lost, inner = read_runs(store_folder)
    assert (lost.ended.status, lost.last, inner.started.parent_id) == ("interrupted", {"loss": 0.5}, None)
    assert "■ interrupted · lost" in capsys.readouterr().out


@pytest.mark.parametrize("moment", ["one_run.CellCapture.look_before", "tracked_cell.CardOutput.follow"])
def test_a_stop_while_a_cell_begins_leaves_no_run_alive(
    shell: InteractiveShell, store_folder: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_once_in(monkeypatch, moment)
    run_cell(shell, "%%track\nlr = 0.5")
    assert current_run() is None
    assert [run.ended.status for run in read_runs(store_folder)] == ["interrupted"] * (
        moment == "tracked_cell.CardOutput.follow"
    )
    run_cell(shell, "%%track --quiet\nlr = 0.5")
    assert last_run(store_folder).ended.status == "finished"


@pytest.mark.parametrize(
    "moment",
    [
        "one_run.CellCapture.params_after",
        "one_run.PrintedMetrics.stop",
        "tracked_cell.compare_runs",
        "tracked_cell.ended_card",
    ],
)
def test_a_stop_or_an_error_while_a_cell_ends_leaves_no_run_alive(
    shell: InteractiveShell, store_folder: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_cell(shell, "%%track --quiet\nlr = 0.5\nprint('loss', lr)")
    stop_once_in(monkeypatch, moment)
    run_cell(shell, "%%track\nlr = 0.5\nprint('loss', lr)")
    assert current_run() is None
    assert last_run(store_folder).ended.status in ("interrupted", "finished")


def test_quotes_around_a_folder_or_an_experiment_are_not_part_of_it(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, f"%track store '{tmp_path / 'a b'}'\n%track experiment \"my exp\"")
    assert f"store: {tmp_path / 'a b'} (set by" in (out := capsys.readouterr().out)
    assert "experiment: my exp (set by" in out


@pytest.mark.parametrize("name", ["SVC[2].C", "tmp_*"])
def test_a_name_is_ignored_by_itself_and_by_a_pattern(shell: InteractiveShell, store_folder: Path, name: str) -> None:
    run_cell(shell, "class SVC:\n    def __init__(self, C=1.0): pass\n    def fit(self): pass")
    run_cell(shell, f"%track ignore {name}")
    run_cell(shell, "%%track --quiet\ntmp_a = 1\na, b = SVC(C=2.0), SVC(C=3.0)")
    kept = last_run(store_folder).params
    assert kept == ({"tmp_a": 1, "SVC.C": 2.0} if name == "SVC[2].C" else {"SVC.C": 2.0, "SVC[2].C": 3.0})


@pytest.mark.parametrize("wanted", ["config.optim.lr", "config", "optim", "lr"])
def test_a_param_is_chosen_by_its_key_and_each_part_of_it(
    shell: InteractiveShell, store_folder: Path, wanted: str
) -> None:
    for code in ("config = {'optim': {'lr': 0.1}}", "config = dict(optim=dict(lr=0.1))"):  # seen before, and after
        run_cell(shell, f"%%track --quiet --params {wanted}\n{code}\nepochs = 3")
        assert last_run(store_folder).params == {"config.optim.lr": 0.1}


def test_a_goal_that_is_none_gets_a_suggestion(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(shell, "%track metric val_loss mim")
    assert "such as val_loss min main. Did you mean 'min'?" in capsys.readouterr().out
