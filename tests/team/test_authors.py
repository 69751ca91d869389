"""Whatever is said of runs and experiments is kept with who said it and why, and of baselines every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from tests.store.support import all_tables
from trackside.browser_api import BrowserApi
from trackside.config import find_settings
from trackside.errors import InputError
from trackside.journal import JournalWriter
from trackside.model import STORE_ID, new_run_id
from trackside.query import Scope
from trackside.store.store import Store
from trackside.tracking import Run
from trackside.tracking.experiments import decide
from trackside.tracking.marks import mark_runs
from trackside.tracking.statements import LONGEST_TEXT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _author(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_USER", "ada")


def tracked(folder: Path) -> str:
    run = Run.start(folder, name="a", project="p", experiment="digits")
    run.log(loss=0.5)
    run.finish()
    return run.id


def asked(folder: Path, sql: str) -> list[Any]:
    store = Store(folder)
    assert store.refresh(10.0)
    with store.read() as connection:
        return connection.execute(sql).fetchall()


def test_what_is_said_of_runs_has_its_author_and_reason(store_folder: Path) -> None:
    run_id = tracked(store_folder)
    mark_runs(Store(store_folder), [run_id], {"note": "odd"}, why="  the loss jumps  ")
    ts.runs("last").star()
    rows = asked(store_folder, "SELECT mark, value, author, why FROM marks ORDER BY mark")
    assert rows == [("note", "odd", "ada", "the loss jumps"), ("starred", "yes", "ada", None)]


def test_every_decision_about_baselines_is_kept(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tracked(store_folder), tracked(store_folder)
    store = Store(store_folder)
    decide(store, ("p", "digits"), "baseline", "", first, why="first")
    monkeypatch.setenv("TRACKSIDE_USER", "bob")
    decide(store, ("p", "digits"), "baseline", "", second)
    decide(store, ("p", "digits"), "baseline", "production", second, by="eve")
    decide(store, ("p", "digits"), "baseline", "", None)
    sql = "SELECT name, CAST(run_id AS VARCHAR), author, why FROM baselines ORDER BY time, writer, seq"
    said = [("", first, "ada", "first"), ("", second, "bob", None), ("production", second, "eve", None)]
    assert asked(store_folder, sql) == [*said, ("", None, "bob", None)]
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained
    assert asked(store_folder, "SELECT key, value FROM decisions ORDER BY key") == [("", None), ("production", second)]


def test_what_names_no_run_is_no_baseline_that_was_decided(store_folder: Path) -> None:
    decide(Store(store_folder), ("p", "digits"), "baseline", "", "'; DROP TABLE runs")
    assert asked(store_folder, "SELECT * FROM baselines") == []


def test_a_browser_says_things_as_the_author_of_its_notebook(store_folder: Path, tmp_path: Path) -> None:
    run_id = tracked(store_folder)
    (tmp_path / "trackside.toml").write_text('user = "from the settings"')
    settings = find_settings(tmp_path)
    for find in (lambda: settings, lambda: None):
        BrowserApi(Store(store_folder), Scope(), settings=find).answer({"ask": "baseline", "run_id": run_id})
    assert asked(store_folder, "SELECT author FROM baselines") == [(settings.user,), ("ada",)]


def test_a_reason_is_bounded_and_without_secrets(store_folder: Path) -> None:
    store = Store.create(store_folder)
    with pytest.raises(InputError, match="the reason has 10,000 characters; expected at most 1,000"):
        decide(store, ("p", "digits"), "baseline", "", new_run_id(), why="x" * 10 * LONGEST_TEXT)
    decide(store, ("p", "digits"), "main", "", "loss", why="password=hunter2hunter2 \udce9")
    [(why,)] = asked(store_folder, "SELECT why FROM decisions")
    assert "hunter2" not in why
    assert r"\udce9" in why


def test_journals_without_authors_are_read(store_folder: Path) -> None:
    store, run_id = Store.create(store_folder), tracked(store_folder)
    journal = JournalWriter(store.folder, STORE_ID, owner=False)
    journal.append("marked", run_ids=[run_id], marks={"starred": "yes"})
    journal.append("decided", project="p", experiment="digits", subject="baseline", key="", value=run_id)
    journal.close()
    for table in ("marks", "decisions", "baselines"):
        assert asked(store_folder, f"SELECT author, why FROM {table}") == [(None, None)]
    assert ts.runs().baseline == run_id
