"""A live view of the runs that fulfil a condition: those that begin later come in, those that were picked stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

import trackside as ts
from trackside import wire
from trackside.store.sandbox import match_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.widgets import View

pytestmark = pytest.mark.usefixtures("store_folder")


def train(lr: float, **tags: str) -> str:
    with ts.run("mlp", params={"lr": lr}, tags=tags) as run:
        run.log_history(loss=[1.0, lr])
    return run.id


def ask(view: View, question: wire.Question) -> Any:
    from msgspec import to_builtins

    return view._api.answer(to_builtins(question))


def shown(view: View) -> list[str]:
    table: wire.RunTable = ask(view, wire.RunsQuestion())
    return table.run_ids


@pytest.mark.parametrize(
    "choose",
    [
        lambda: ts.runs("lr < 0.1"),
        lambda: ts.runs().where("lr < 0.1"),
        lambda: ts.runs("lr < 0.5").where("loss < 0.1"),
    ],
)
def test_a_run_that_begins_later_comes_in_where_it_fulfils_the_condition(choose: Callable[[], ts.Runs]) -> None:
    before = [train(0.01), train(0.3)]
    view = choose().compare()
    later = [train(0.02), train(0.4)]
    assert shown(view) == [later[0], before[0]]
    assert ask(view, wire.FilterQuestion(expression="loss < 1")).run_ids == [later[0], before[0]]
    assert view._saved.table.run_ids == [before[0]]


def test_a_run_that_fulfils_the_condition_no_more_leaves() -> None:
    run_id = train(0.01, stage="draft")
    view = ts.runs("stage = 'draft'").table()
    ts.runs().tag(stage="final")
    assert shown(view) == []
    ts.runs("last").tag(stage="draft")
    assert shown(view) == [run_id]


@pytest.mark.parametrize(
    "choose",
    [
        lambda: ts.runs("lr < 0.1")[:2],
        lambda: ts.runs("lr < 0.1").best("loss", 2),
        lambda: ts.runs("last"),
        lambda: ts.runs().of_ids(ts.runs().ids[:1]),
    ],
)
def test_runs_that_were_picked_one_by_one_stay_the_same(choose: Callable[[], ts.Runs]) -> None:
    train(0.01)
    picked = choose()
    view = picked.compare()
    train(0.02)
    assert shown(view) == picked.ids


def test_a_run_that_is_put_away_stays_in_the_view_where_it_was() -> None:
    run_ids = [train(0.01), train(0.02)]
    view = ts.runs("lr < 0.1").compare()
    ts.runs("last").archive()
    assert shown(view) == run_ids[::-1]


def test_a_condition_whose_runs_are_gone_for_good_leaves_none() -> None:
    train(0.01)
    view = ts.runs("lr < 0.1").table()
    ts.runs().drop().purge()
    with ts.run("other", params={"depth": 3}):
        pass
    assert shown(view) == []


def test_a_condition_is_worked_out_once_each_time_the_tables_change() -> None:
    train(0.01)
    view = ts.runs("lr < 0.1").table()
    shown(view)
    with patch("trackside.filters.match_rows", wraps=match_rows) as worked_out:
        for _ in range(3):
            shown(view)
        assert worked_out.call_count == 0
        train(0.02)
        for _ in range(3):
            shown(view)
        assert worked_out.call_count == 1
