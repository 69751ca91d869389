"""Runs that are called or tagged otherwise after they ended, from whatever process."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from trackside.errors import InputError
from trackside.journal.excerpts import read_excerpts
from trackside.model import STORE_ID, Decided
from trackside.run_details import read_details
from trackside.store.purge import collect_garbage
from trackside.store.store import Store
from trackside.team.baselines import choose_baseline
from trackside.tracking import Run
from trackside.tracking.experiments import decide

if TYPE_CHECKING:
    from pathlib import Path


def tracked(folder: Path, name: str = "cell #1", **more: Any) -> str:
    run = Run.start(folder, name=name, project="p", experiment="digits", origin="notebook", cell_digest="a", **more)
    run.log(loss=0.5)
    run.finish()
    return run.id


def rows(**asked: Any) -> list[Any]:
    found = ts.runs(include_hidden=True, **asked)
    return list(zip(found.ids, found.names, found.tags, strict=True))


def test_a_renamed_run_is_found_by_its_new_name_alone(store_folder: Path) -> None:
    renamed, other = tracked(store_folder, "mlp"), tracked(store_folder, "forest")
    assert ts.runs("mlp").rename("  submitted ").names == ["submitted"]
    assert ts.runs(name="submitted").ids == ts.runs("submitted").ids == [renamed]
    assert ts.runs("name = 'submitted'").ids == [renamed]
    assert ts.runs(name="mlp").ids == []
    assert ts.runs(renamed[-5:]).labels == ["submitted"]
    assert [name for _, name, _ in rows()] == ["forest", "submitted"]
    assert read_details(Store(store_folder), renamed).first_name == "mlp"
    assert ts.runs("submitted").rename(None).names == ["mlp"]
    assert ts.runs("forest").ids == [other]


def test_one_name_is_for_one_run(store_folder: Path) -> None:
    for name in ("a", "b"):
        tracked(store_folder, name)
    with pytest.raises(InputError, match="a name is of one run; these are 2; choose one, such as"):
        ts.runs().rename("both")
    with pytest.raises(InputError, match="the name is ' '; expected some letters"):
        ts.runs("last").rename(" ")
    with pytest.raises(InputError, match="the name has 1,001 characters; expected at most 1,000"):
        ts.runs("last").rename("x" * 1001)
    assert ts.runs().names == ["b", "a"]


def test_many_runs_are_tagged_at_once_and_the_last_word_counts(store_folder: Path) -> None:
    first = tracked(store_folder, "a", tags={"stage": "dev", "data": "small"})
    second = tracked(store_folder, "b")
    assert ts.runs().tag("best-so-far", {"stage": "final"}, epoch="3").tags == [
        {"best-so-far": "", "epoch": "3", "stage": "final"},
        {"best-so-far": "", "data": "small", "epoch": "3", "stage": "final"},
    ]
    assert ts.runs(tags={"stage": "final"}).ids == [second, first]
    assert ts.runs(tags={"stage": "dev"}).ids == []
    assert ts.runs("tags like '%best-so-far%' and tag.data = 'small'").ids == [first]
    with ts.run(resume=first) as run:
        run.set_tags(stage="again")
    assert [tags["stage"] for tags in ts.runs().tags] == ["final", "again"]


def test_a_tag_is_written_the_same_way_everywhere(store_folder: Path) -> None:
    tracked(store_folder, "a")
    assert ts.runs().tag("stage = final", "query=a=b", {" by ": "ada"}).tags == [
        {"by": "ada", "query": "a=b", "stage": "final"}
    ]


def test_a_tag_is_taken_away_also_one_that_the_run_set(store_folder: Path) -> None:
    tracked(store_folder, "a", tags={"stage": "dev"})
    tracked(store_folder, "b")
    assert ts.runs().tag("reviewed").untag("stage", "reviewed").tags == [{}, {}]
    assert ts.runs(tags={"stage": "dev"}).ids == []
    assert "stage" not in ts.runs().df
    with pytest.raises(InputError, match=r"have no tag 'stag'; expected one of theirs: stage. Did you mean 'stage'"):
        ts.runs("a").tag(stage="x").of_ids(ts.runs().ids).untag("stag")


def test_a_tag_that_no_text_can_name_is_refused(store_folder: Path) -> None:
    tracked(store_folder, "a")
    for wrong in (" ", {"a=b": "c"}, {"": "c"}):
        with pytest.raises(InputError, match=r"found '(a=b)?' as a tag's name; expected some letters, without ="):
            ts.runs().tag(wrong)
    assert ts.runs().tags == [{}]


def test_a_new_baseline_takes_back_only_what_former_names_had(store_folder: Path) -> None:
    run_id = tracked(store_folder, "a")
    store = Store(store_folder)
    decide(store, ("p", "old"), "baseline", "", run_id)
    for _ in range(2):
        choose_baseline(store, "p", ["digits", "old", "older"], run_id)
    said = [event for event in read_excerpts(store_folder, STORE_ID) if isinstance(event, Decided)]
    assert [(event.experiment, event.value) for event in said] == [
        ("old", run_id),
        ("old", None),
        ("digits", run_id),
        ("digits", run_id),
    ]


def test_what_other_processes_say_counts_and_a_rebuild_gives_the_same(store_folder: Path) -> None:
    ids = [tracked(store_folder, name, tags={"stage": "dev"}) for name in ("a", "b", "c")]
    code = "import sys, trackside as ts; ts.runs(sys.argv[1]).rename(sys.argv[2]).tag({'stage': sys.argv[2]})"
    saying = [
        subprocess.Popen([sys.executable, "-c", code, run_id, f"by {run_id[-5:]}"], cwd=store_folder.parent)
        for run_id in ids
    ]
    assert [process.wait() for process in saying] == [0, 0, 0]
    ts.runs(ids[0]).untag("stage")
    before = rows()
    assert before == [
        (ids[2], f"by {ids[2][-5:]}", {"stage": f"by {ids[2][-5:]}"}),
        (ids[1], f"by {ids[1][-5:]}", {"stage": f"by {ids[1][-5:]}"}),
        (ids[0], f"by {ids[0][-5:]}", {}),
    ]
    Store(store_folder).rebuild()
    assert rows() == before
    collect_garbage(store_folder)
    assert rows() == before


@pytest.mark.usefixtures("store_folder")
def test_a_run_can_be_edited_while_it_goes_on() -> None:
    with ts.run("mlp", tags={"stage": "dev"}) as run:
        run.log(loss=1)
        ts.runs("mlp").rename("mine").tag("watched")
        run.log(loss=0.5)
    assert rows() == [(run.id, "mine", {"stage": "dev", "watched": ""})]


def test_secrets_are_left_out_of_names_and_tags(store_folder: Path) -> None:
    tracked(store_folder)
    said = (
        ts.runs("last").rename("token=abcdefgh12345").tag({"password": "hunter2", "url": "postgres://ada:pa55@host/db"})
    )
    assert said.names == ["token=<redacted>"]
    assert said.tags == [{"password": "<redacted>", "url": "postgres://<redacted>@host/db"}]
    journals = b"".join(file.read_bytes() for file in (store_folder / "journals" / "live").iterdir())
    assert b"hunter2" not in journals
    assert b"abcdefgh12345" not in journals


def test_a_repeat_whose_edits_were_undone_is_left_out_again(store_folder: Path) -> None:
    ids = [tracked(store_folder, tags={"stage": "dev"}) for _ in range(2)]
    older = ts.runs(ids[0])
    older.rename("good").tag(stage="final")
    assert ts.runs().hidden == {}
    older.rename("cell #1").tag(stage="dev")
    assert ts.runs().hidden == {"repeats": 1}


def test_editing_a_repeat_keeps_it_in_sight_and_brings_no_other_back(store_folder: Path) -> None:
    ids = [tracked(store_folder) for _ in range(3)]
    ts.runs("last").tag("good")
    assert (ts.runs().ids, ts.runs().hidden) == ([ids[2]], {"repeats": 2})
    newest = tracked(store_folder)
    assert (ts.runs().ids, ts.runs().hidden) == ([newest, ids[2]], {"repeats": 2})
    ts.runs(ids[0]).rename("the first")
    assert sorted(ts.runs().ids) == sorted([newest, ids[2], ids[0]])
    ts.runs(ids[2]).untag("good")
    assert ts.runs().hidden == {"repeats": 2}
