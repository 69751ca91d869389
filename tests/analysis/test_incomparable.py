"""Of many runs those are found that were not evaluated as the one that they are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import trackside as ts
from tests.diff.support import keep_run
from trackside import wire
from trackside.analysis import incomparable
from trackside.analysis.incomparable import find_incomparable
from trackside.browser_api import BrowserApi
from trackside.capture.data.datasets import with_profile
from trackside.model import Dataset
from trackside.query import Scope, select_runs
from trackside.records import DataProfile
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from trackside.analysis.incomparable import Incomparable
    from trackside.query import RunFrame

ACCURACY = "%%track\nval_acc = accuracy_score(y_val, model.predict(X_val))"
F1 = "%%track\nval_acc = f1_score(y_val, model.predict(X_val))"


def keep(folder: Path, name: str, digest: str | None = "a", acc: float = 0.5, source: str = ACCURACY) -> str:
    data = Dataset(name="X_val", kind="ndarray", role="val", digest=digest)
    return keep_run(folder, source, name=name, datasets=[data], metrics={"val_acc": acc}).id


def keep_unseeded(folder: Path, name: str, digest: str) -> str:
    run = ts.Run.start(folder, source=ACCURACY, name=name, project="p", experiment="digits", origin="notebook")
    data = Dataset(name="X_val", kind="ndarray", role="val", digest=digest)
    run.note_data([with_profile(data, DataProfile(split={"by": "train_test_split", "random_state": None}))])
    run.log(val_acc=0.6)
    run.finish()
    return run.id


def frame_of(folder: Path) -> RunFrame:
    store = Store(folder)
    assert store.refresh(60)
    return select_runs(store, Scope(experiment="digits"))


def find(folder: Path, **asked: Any) -> Incomparable:
    found = find_incomparable(Store(folder), frame_of(folder), **asked)
    assert found is not None
    return found


def test_runs_are_held_against_the_baseline_and_those_of_one_cause_stand_together(store_folder: Path) -> None:
    baseline, same = keep(store_folder, "base"), keep(store_folder, "same")
    unknown = keep(store_folder, "unknown", digest=None)
    others = [keep(store_folder, f"other {at}", digest="b", acc=0.9) for at in range(2)]
    renamed = keep(store_folder, "f1", source=F1)
    ts.runs(baseline).make_baseline()
    found = find(store_folder)
    assert (found.metric, found.reference, found.unjudged) == ("val_acc", baseline, 0)
    (first, first_ids), (second, second_ids) = found.causes
    assert (first, set(first_ids)) == ("not evaluated on the same data (X_val)", set(others))
    assert "val_acc is another metric" in second
    assert second_ids == [renamed]
    assert not {same, unknown, baseline} & {*first_ids, *second_ids}


def test_without_a_baseline_they_are_held_against_the_best_run_or_the_one_that_is_asked_for(
    store_folder: Path,
) -> None:
    worse, best = keep(store_folder, "worse"), keep(store_folder, "best", digest="b", acc=0.9)
    assert find(store_folder).reference == best
    assert find(store_folder, against=worse).causes[0][1] == [best]


def test_a_split_without_a_seed_is_the_cause(store_folder: Path) -> None:
    ids = [keep_unseeded(store_folder, str(at), f"digest {at}") for at in range(3)]
    (found,) = find(store_folder, against=ids[0]).causes
    assert "the split has no random_state" in found[0]
    assert set(found[1]) == set(ids[1:])


def test_nothing_is_said_where_there_is_nothing_to_hold_runs_against(store_folder: Path) -> None:
    keep(store_folder, "only")
    store, frame = Store(store_folder), frame_of(store_folder)
    assert find(store_folder).causes == []
    assert find_incomparable(store, frame, "oddity") is None
    assert find_incomparable(store, frame.take([])) is None


def test_of_too_many_evaluations_the_newest_are_judged_and_the_others_counted(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = keep(store_folder, "base")
    ids = [keep(store_folder, str(at), digest=f"digest {at}") for at in range(5)]
    monkeypatch.setattr(incomparable, "MOST_JUDGED", 2)
    found = find(store_folder, against=reference)
    assert (set(found.causes[0][1]), found.unjudged) == (set(ids[3:]), 3)


def test_a_browser_is_told(store_folder: Path) -> None:
    baseline, other = keep(store_folder, "base"), keep(store_folder, "other", digest="b")
    ts.runs(baseline).make_baseline()
    frame_of(store_folder)
    api = BrowserApi(Store(store_folder), Scope(experiment="digits"))
    cause = wire.IncomparableRuns(cause="not evaluated on the same data (X_val)", run_ids=[other])
    told = wire.Comparability(metric="val_acc", reference=baseline, runs=[cause])
    assert api.answer({"ask": "comparability"}) == told
    assert isinstance(api.answer({"ask": "comparability", "against": "'; DROP"}), wire.Failure)
    assert api.answer({"ask": "comparability", "metric": "none such"}) == wire.Comparability()
