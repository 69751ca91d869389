"""What was judged although not comparable is kept for good: by whom, when and what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from tests.diff.support import details_of, keep_run
from trackside.analysis.forced import list_forced
from trackside.cli import main
from trackside.model import Dataset
from trackside.store.store import Store
from trackside.stored_card import stored_bundle

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(store_folder: Path) -> Store:
    for name, base, digest in (("old", 0.5, "a"), ("new", 0.7, "b")):
        for seed in range(3):
            data = Dataset(name="X_val", kind="ndarray", role="val", digest=digest)
            facts: dict[str, Any] = {"params": {"model": name, "seed": seed}, "metrics": {"val_acc": base + seed / 100}}
            run = keep_run(store_folder, None, name=f"{name}{seed}", datasets=[data], **facts)
    details_of(store_folder, run)
    return Store(store_folder)


def test_a_forced_check_is_kept_with_the_runs_that_were_judged(store: Store) -> None:
    refused = ts.check("model == 'new'", "val_acc", against="model == 'old'")
    assert (refused.verdict, list_forced(store, refused.candidate.run_ids)) == ("not comparable", [])
    made = ts.check("model == 'new'", "val_acc", against="model == 'old'", allow_incomparable=True)
    assert made.verdict == "better"
    assert store.refresh(30)
    kept = list_forced(store, [*made.candidate.run_ids, *made.baseline.run_ids])
    assert {each.run_id for each in kept} == set(made.candidate.run_ids)
    assert {each.metric for each in kept} == {"val_acc"}
    assert all(each.author for each in kept)
    assert "better; not evaluated on the same data (X_val)" in kept[0].outcome


def test_of_two_forced_checks_of_a_metric_both_stay_and_the_card_tells_the_last(store: Store) -> None:
    for against in ("old0", "old1"):
        ts.check("new0", "val_acc", against=against, allow_incomparable=True)
    assert store.refresh(30)
    run_ids = ts.runs("new0").ids
    every = list_forced(store, run_ids)
    assert len(every) == 2
    assert list_forced(store, run_ids, only_last=True) == every[:1]


def test_later_checks_cards_and_pages_say_so(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["check", "new0", "--metric", "val_acc", "--against", "old0", "--store", str(store.folder)]
    main([*asked, "--allow-incomparable"])
    assert store.refresh(30)
    run_id = ts.runs("new0").ids[0]
    told = repr(ts.check("new0", "val_acc", against="new1"))
    assert "judged although not comparable, by " in told
    bundle = stored_bundle(store, run_id)
    assert bundle is not None
    assert "val_acc judged although not comparable, by " in bundle["text/plain"]
    capsys.readouterr()
    main(["show", "new0", "--store", str(store.folder)])
    assert "although not comparable" in capsys.readouterr().out


def test_a_rebuilt_store_knows_it_still(store: Store) -> None:
    made = ts.check("new0", "val_acc", against="old0", allow_incomparable=True)
    assert store.refresh(30)
    kept = list_forced(store, made.candidate.run_ids)
    assert kept
    assert main(["doctor", "--rebuild", "--store", str(store.folder)]) == 0
    assert list_forced(store, made.candidate.run_ids) == kept
