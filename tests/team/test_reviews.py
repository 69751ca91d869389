"""Reviews: what they tell, that they run and load nothing, and that what was reviewed is not lost unknowingly."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
import pytest

import trackside as ts
from tests.store.support import all_tables
from tests.team.run_pages import page_sections
from trackside.cli import main
from trackside.config import find_settings
from trackside.errors import InputError, NoRunError
from trackside.magic.reviewed_runs import review
from trackside.review.gathering import gather
from trackside.review.period import parse_since
from trackside.review.writing import Written, write_review
from trackside.store.store import Store
from trackside.team.baselines import choose_baseline
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<script>alert(1)</script>|[x](javascript:alert(1)) `z` \u202e $a$ 'q'"


@pytest.fixture
def folder(tmp_path: Path, store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert store_folder.parent == tmp_path
    monkeypatch.setenv("TRACKSIDE_USER", "ada")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tracked(name: str, value: float, experiment: str = "digits", error: str | None = None, **params: Any) -> str:
    settings = find_settings_here()
    run = Run.start(settings.store_folder, name=name, project="p", experiment=experiment, user=settings.user)
    run.log_params(**params)
    run.log(accuracy=value)
    run.log(accuracy=value)
    run.finish("failed" if error else "finished", error)
    return run.id


def find_settings_here() -> Any:
    from pathlib import Path

    return find_settings(Path.cwd())


def written(**asked: Any) -> Written:
    settings = find_settings_here()
    return write_review(Store(settings.store_folder), settings, **asked)


def seeds(name: str, mean: float, **params: Any) -> list[str]:
    return [tracked(name, mean + shift, **params, seed=seed) for seed, shift in enumerate((-0.002, 0.0, 0.002))]


def cells(made: Written, kind: str) -> list[str]:
    notebook = nbformat.read(made.notebook, as_version=4)
    nbformat.validate(notebook)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def test_a_review_tells_what_ran_beat_the_baseline_failed_and_is_open(folder: Path) -> None:
    first, *_ = seeds("logreg", 0.8, model="logreg")
    better, *_ = seeds("boosted", 0.9, model="gb")
    tracked("broken", 0.1, error="ValueError: no rows\nTraceback", lr=1)
    tracked("broken too", 0.1, error="ValueError: no rows\nTraceback", lr=2)
    ts.runs(first).make_baseline()
    made = written(since="1d")
    [told] = made.review.experiments
    assert (told.counts, told.people, told.left_over) == ({"finished": 6, "failed": 2}, {"ada": 8}, {"failed": 2})
    assert [(each.label, len(each.run_ids), each.verdict) for each in told.results] == [
        ("boosted", 3, "better"),
        ("logreg", 3, "baseline"),
    ]
    [ahead] = told.better
    assert (ahead.label, ahead.verdict, ahead.decision) == ("boosted", "better", None)
    assert ahead.effect == pytest.approx(0.102, abs=0.01)
    assert [(each.error, len(each.run_ids)) for each in told.failures] == [("ValueError: no rows", 2)]
    questions = [each.text for each in told.questions]
    assert questions[0] == "boosted is better than the baseline, and nothing was decided about it"
    assert questions[1].startswith("nobody said why logreg")
    page, text = made.page.read_text(), "\n".join(cells(made, "markdown"))
    for told_once in ("boosted", "better", "ValueError: no rows", "8 runs: 6 finished, 2 failed"):
        assert told_once in page
        assert told_once in text
    assert str(made).startswith("8 runs: 6 finished, 2 failed, in 1 experiment. 1 better than the baseline")
    assert better in made.review.run_ids
    assert sorted(path.name for path in folder.iterdir()) == sorted([".trackside", made.notebook.name, made.page.name])


def test_a_decision_settles_the_question_and_is_told(folder: Path) -> None:
    tracked("old", 0.8, lr=1)
    ts.runs("old").make_baseline(why="the first")
    tracked("new", 0.9, lr=2)
    [question] = written().review.experiments[0].questions
    assert re.fullmatch(r'%track decide \w{5} promote "why"', question.code)
    ts.runs("new").decide("promote", "it is better")
    made = written()
    assert made.review.experiments[0].questions == []
    assert made.review.experiments[0].results[0].decision == "promote"
    assert folder.exists()


def test_the_notebook_runs_from_top_to_bottom(folder: Path) -> None:
    from nbclient import NotebookClient

    first, *_ = seeds("logreg", 0.8, model="logreg")
    seeds("boosted", 0.9, model=HOSTILE)
    tracked(HOSTILE, 0.5, HOSTILE)
    ts.runs(first).make_baseline()
    notebook = nbformat.read(written().notebook, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kinds = [output.metadata.get("trackside", {}).get("kind") for output in shown if "metadata" in output]
    assert kinds.count("view") == 2
    assert kinds.count("check") == 1


class _Page(HTMLParser):
    """Notes what a page would load or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loaded += [value or "" for name, value in attributes if name in ("src", "href") or name.startswith("on")]


@pytest.mark.usefixtures("folder")
def test_no_text_of_a_run_is_more_than_text(store_folder: Path) -> None:
    run_id = tracked(HOSTILE, 0.5, HOSTILE, error=HOSTILE, **{HOSTILE: HOSTILE})
    tracked("x" * 10_000, 0.7, HOSTILE)
    tracked("nan", float("nan"), HOSTILE)
    ts.runs(run_id, experiment="*").make_baseline(why=HOSTILE)
    with ts.run("data", experiment=HOSTILE):
        ts.log_dataset(HOSTILE.replace("\u202e", ""), np.arange(4.0), role="test")
    made = written()
    page = _Page(made.page.read_text())
    assert not page.tags & {"script", "a", "link", "iframe", "object"}
    assert all(address.startswith("data:image/") for address in page.loaded)
    assert "\u202e" not in made.page.read_text()
    for cell in cells(made, "markdown"):
        plain = re.sub(r"`[^`\n]*`|\\.", "", cell)
        assert not re.search(r"[<\[$\u202e]", plain)
    for cell in cells(made, "code"):
        compile(cell, "cell", "exec")
    assert store_folder.exists()


def test_a_review_is_on_record_and_a_run_tells_when_it_was_reviewed(folder: Path) -> None:
    run_id = tracked("a", 0.5)
    written(since="2d")
    store = Store(folder / ".trackside")
    assert store.refresh(10.0)
    with store.read() as connection:
        [row] = connection.execute("SELECT author, experiments, runs, until - since FROM reviews").fetchall()
    assert (row[0], json.loads(row[1]), row[2], row[3].days) == ("ada", [["p", "digits"]], 1, 2)
    [fact] = page_sections(store, run_id)["decisions"]
    assert fact.name == "reviewed"
    assert re.fullmatch(r"on \d{4}-\d\d-\d\d \d\d:\d\d UTC, by ada", fact.text)
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained


@pytest.mark.usefixtures("folder")
def test_what_was_reviewed_is_dropped_by_a_decision_alone() -> None:
    run_id = tracked("a", 0.5)
    written()
    for lose in (ts.runs("a").drop, ts.runs("a").purge):
        with pytest.raises(InputError, match=rf'by a decision: %track decide {run_id[-5:]} drop "why"'):
            lose()
    ts.runs("a").archive()
    ts.runs("a", include_hidden=True).decide("drop", "nobody needs it")
    ts.runs("a", include_hidden=True).purge()
    assert len(ts.runs(include_hidden=True)) == 0


def test_what_was_decided_in_the_time_is_told_with_who_and_why(folder: Path) -> None:
    tracked("early", 0.4)
    ts.runs("early").decide("keep", "before the time")
    boundary = datetime.now(UTC)
    old, *_ = seeds("old", 0.8, lr=1)
    seeds("bad", 0.5, lr=2)
    ts.runs(old).make_baseline(why="the first")
    ts.runs("early").decide("drop", "superseded")
    ts.runs(experiment="digits").where("name = 'bad'").drop()
    made = written(since=boundary.isoformat())
    assert [(each.what, each.about, len(each.run_ids), each.author, each.why) for each in made.review.decisions] == [
        ("dropped", "bad", 3, "ada", None),
        ("dropped", "early", 1, "ada", "superseded"),
        ("baseline", "old", 1, "ada", "the first"),
    ]
    [told] = made.review.experiments
    assert (told.counts, told.left_over, len(told.put_away)) == ({"finished": 6}, {"dropped": 3}, 3)
    page, text = made.page.read_text(), "\n".join(cells(made, "markdown"))
    for said in ("superseded", "the first", "Not in this table: 3 dropped."):
        assert said in page
        assert said in text
    assert "before the time" not in page
    assert folder.exists()


def test_a_promoted_model_is_among_what_was_decided(folder: Path) -> None:
    with ts.run("net", experiment="digits") as run:
        run.log(accuracy=0.9)
        ts.log_artifact(b"weights", "weights.bin", kind="model")
    ts.models.register("net", run.id)
    ts.models.alias("net", 1, "champion", why="the best")
    logged = written().review.decisions
    assert [(each.what, each.about, each.why) for each in logged][:1] == [("is champion", "net version 1", "the best")]
    assert [each.what.partition(":")[0] for each in logged] == ["is champion", "registered"]
    assert folder.exists()


def test_repeats_are_one_result_and_their_cell_is_none(folder: Path) -> None:
    settings = find_settings_here()
    parent = Run.start(
        settings.store_folder, name="forest", project="p", experiment="digits", user="ada", is_repeated=True
    )
    for seed in range(3):
        child = Run.start(
            settings.store_folder, name=f"forest seed={seed}", project="p", experiment="digits", parent_id=parent.id
        )
        child.log_params(seed=seed, trees=5)
        child.log(accuracy=0.9 + seed / 100)
        child.finish()
    parent.finish()
    ts.runs(parent.id).decide("promote", "stable")
    [told] = written().review.experiments
    assert told.counts == {"finished": 3}
    [result] = told.results
    assert (len(result.run_ids), result.handle, result.decision) == (3, parent.id[-5:], "promote")
    assert result.deviation == pytest.approx(0.01)
    assert folder.exists()
    for seed in (1, 2):
        ts.runs(name=f"forest seed={seed}").decide("drop", "diverged")
    [result] = written().review.experiments[0].results
    assert (len(result.run_ids), result.handle, result.decision) == (1, parent.id[-5:], "promote")


def repeated(name: str, mean: float, **params: Any) -> str:
    folder = find_settings_here().store_folder
    with Run.start(folder, name=name, project="p", experiment="digits", user="ada", is_repeated=True) as cell:
        for seed in range(3):
            with Run.start(folder, name=f"{name} {seed}", project="p", experiment="digits", parent_id=cell.id) as run:
                run.log_params(**params, seed=seed)
                run.log(accuracy=mean + seed / 1000)
    return cell.id


@pytest.mark.usefixtures("folder")
def test_a_baseline_that_was_taken_away_is_told_as_such() -> None:
    ts.runs(tracked("net", 0.5)).make_baseline(why="first")
    choose_baseline(ts.runs().store, "p", ["digits"], None, why="no more")
    assert [each.what for each in written().review.decisions] == ["baseline removed", "baseline"]


@pytest.mark.usefixtures("folder")
def test_repeats_are_put_away_with_their_cell() -> None:
    ts.runs(repeated("old", 0.8, trees=5)).make_baseline(why="first")
    ts.runs(repeated("new", 0.9, trees=9)).drop()
    [told] = written().review.experiments
    assert [each.verdict for each in told.results] == ["baseline"]
    assert told.left_over == {"dropped": 3}
    [away] = told.put_away
    assert (away.label, away.shelf) == ("new", "dropped")
    assert away.value == pytest.approx(0.901)


@pytest.mark.usefixtures("folder")
def test_a_repeated_baseline_of_before_counts_with_all_of_its_repeats() -> None:
    ts.runs(repeated("old", 0.8, trees=5)).make_baseline(why="first")
    began = datetime.now(UTC)
    tracked("broken", 0.1, error="ValueError: no rows")
    settings = find_settings_here()
    store = Store(settings.store_folder)
    store.refresh(30)
    [told] = gather(store, settings, began, datetime.now(UTC)).experiments
    assert told.not_checked == "nothing ran beside the baseline"
    [result] = told.results
    assert (result.verdict, len(result.run_ids)) == ("baseline", 3)


@pytest.mark.usefixtures("folder")
def test_a_run_around_others_that_are_no_repeats_stays_a_result() -> None:
    for name, value in (("base", 0.5), ("new", 0.9)):
        with ts.run(name, experiment="digits", params={"C": value}) as run:
            for part in range(3):
                with ts.run(f"{name} part {part}", params={"part": part}) as inside:
                    inside.log(loss=part)
            run.log(accuracy=value)
    ts.runs("base").make_baseline(why="first")
    [told] = written().review.experiments
    assert (told.metric, [(each.value, each.verdict) for each in told.results][-1]) == ("accuracy", (0.5, "baseline"))
    assert [each.value for each in told.results] == [0.9, 0.5]


def test_no_metric_of_the_machine_is_in_a_review(folder: Path) -> None:
    with ts.run("net", experiment="digits") as run:
        run.log_history(**{"system/cpu": [10.0, 20.0]})
        run.log(accuracy=0.9)
    made = written()
    assert "system/" not in made.page.read_text() + made.notebook.read_text()
    assert "<img" not in made.page.read_text()
    with ts.run("long", experiment="digits") as run:
        run.log_history(accuracy=[0.8, 0.9])
    assert '<img alt="history"' in written().page.read_text()
    assert folder.exists()


@pytest.mark.usefixtures("folder")
def test_what_ran_in_the_time_is_told_and_what_was_put_away_apart() -> None:
    tracked("kept", 0.5)
    tracked("put away", 0.6)
    tracked("elsewhere", 0.7, "other")
    ts.runs("put away").archive()
    assert [each.experiment for each in written().review.experiments] == ["digits", "other"]
    made = written(experiment="digits")
    [told] = made.review.experiments
    assert (told.counts, told.left_over, told.runs.names) == ({"finished": 2}, {"archived": 1}, ["kept"])
    assert [(each.label, each.shelf) for each in told.put_away] == [("put away", "archived")]
    with pytest.raises(NoRunError, match=r"no run began between .* in experiment 'digit'; expected one"):
        written(experiment="digit")


def _with_data(name: str, size: int) -> None:
    with ts.run(name):
        ts.log_dataset("X", np.arange(float(size)))
        ts.log(accuracy=0.5)


@pytest.mark.usefixtures("folder")
def test_data_and_environments_that_no_run_had_before_are_told() -> None:
    _with_data("old", 4)
    boundary = datetime.now(UTC)
    _with_data("new", 5)
    made = written(since=boundary.isoformat())
    assert [(each.name, each.shape, each.runs) for each in made.review.data] == [("X", "5", 1)]
    assert made.review.environments == []
    assert len(written().review.data) == 2


def test_what_breaks_the_policy_is_told(folder: Path) -> None:
    (folder / "trackside.toml").write_text('[policy]\ntags = ["owner"]\n')
    tracked("a", 0.5)
    made = written()
    [broken] = made.review.experiments[0].broken
    assert (broken.rule, len(broken.run_ids)) == ("tag owner", 1)
    assert "tag owner" in made.page.read_text()


def test_the_magic_and_the_command_write_a_review(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracked("a", 0.5)
    assert "week.ipynb" in review("--since 2w --experiment digits --out week")
    assert main(["review", "--since", "24h"]) == 0
    assert "1 run: 1 finished" in capsys.readouterr().out
    assert main(["review", "--experiment", "none"]) == 6
    assert main(["review", "--store", str(folder / "nowhere")]) == 6
    assert main(["review", "--since", "soon"]) == 2
    with pytest.raises(InputError, match="found 'all'; expected"):
        review("all")


@pytest.mark.usefixtures("folder")
def test_no_file_is_replaced_and_a_name_may_have_a_folder(tmp_path: Path) -> None:
    tracked("a", 0.5)
    (tmp_path / "reports").mkdir()
    assert written(out=str(tmp_path / "reports" / "week-12")).page == tmp_path / "reports" / "week-12.html"
    first = written()
    second = written()
    assert (first.notebook.stem + "-2", True) == (second.notebook.stem, first.notebook.exists())
    with pytest.raises(InputError, match="is there; expected a new name, for decisions may stand in it"):
        written(out=first.notebook.name)
    for name in ("nowhere/x", "/nowhere/x", "", ".", "..", "a" * 201, "x\0y"):
        with pytest.raises(InputError, match="as the review's name; expected a file's name"):
            written(out=name)


@pytest.mark.parametrize("text", ["soon", "", "7", "-7d", "7y", "99999w", "2999-01-01", "2026-13-01", HOSTILE])
def test_a_time_that_means_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected how long ago, such as 24h, 7d or 2w, or a date"):
        parse_since(text, datetime(2026, 3, 8, tzinfo=UTC))
