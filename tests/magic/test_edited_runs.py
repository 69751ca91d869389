"""``%track note``, ``rename``, ``tag`` and ``untag``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from IPython.core.completer import provisionalcompleter

from tests.magic.shells import restart, run_cell, said
from trackside.lookup import runs
from trackside.model import short_id
from trackside.store.store import Store

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    Capture = pytest.CaptureFixture[str]


def test_a_note_stays_with_its_run(three: InteractiveShell, capsys: Capture) -> None:
    said(three, capsys, "%track note last wrong data, do not use")
    assert runs("last").df["note"].tolist() == ["wrong data, do not use"]
    assert said(three, capsys, "%track note last").endswith(": wrong data, do not use\n")
    said(three, capsys, "%track note last --delete")
    assert runs("last").df["note"].tolist() == [None]


def test_a_note_that_is_replaced_is_told_and_comes_back(three: InteractiveShell, capsys: Capture) -> None:
    run = f"lr3 {short_id(runs('last').ids[0])}"
    assert said(three, capsys, "%track note last --undo") == f"{run}: no note; there is nothing to undo\n"
    assert said(three, capsys, "%track note last good") == f"noted for {run}\n"
    assert said(three, capsys, "%track note last bad") == f"noted for {run}; before: good (--undo brings it back)\n"
    restart(three)
    assert said(three, capsys, "%track note last --undo") == f"{run}: good (again)\n"
    assert runs("last").df["note"].tolist() == ["good"]
    told = said(three, capsys, "%track note last --delete")
    assert told == f"no note any more: {run}; before: good (--undo brings it back)\n"
    runs("last").note("from Python")
    assert said(three, capsys, "%track note last --undo") == f"{run}: no note (again)\n"
    assert runs("last").df["note"].tolist() == [None]


def test_a_run_that_was_never_renamed_has_nothing_to_undo(three: InteractiveShell, capsys: Capture) -> None:
    run = f"lr3 {short_id(runs('last').ids[0])}"
    told = f"{run} has its first name: there is nothing to undo\n"
    assert said(three, capsys, "%track rename last --undo") == told
    said(three, capsys, "%track rename last final")
    assert " is called lr3 " in said(three, capsys, "%track rename last --undo")
    assert said(three, capsys, "%track rename last --undo") == told


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("rename final", ["final", "lr2", "lr1"]),
        ("rename best the final model", ["lr3", "lr2", "the final model"]),
        ("rename 'the final model'", ["the final model", "lr2", "lr1"]),
        ("rename #2 it's good", ["lr3", "it's good", "lr1"]),
        ("rename Bob's", ["Bob's", "lr2", "lr1"]),
        ("rename 'lr2' Bob's", ["lr3", "Bob's", "lr1"]),
    ],
)
def test_a_run_is_renamed(three: InteractiveShell, capsys: Capture, line: str, names: list[str]) -> None:
    assert " is called " in said(three, capsys, f"%track {line}")
    assert runs().names == names


def test_a_renamed_run_goes_by_its_new_name_and_gets_its_first_one_back(
    three: InteractiveShell, capsys: Capture
) -> None:
    said(three, capsys, "%track rename lr2 final model")
    assert said(three, capsys, "%track star final model").startswith("starred final model ")
    assert "'lr2' names no run" in said(three, capsys, "%track star lr2")
    assert said(three, capsys, "%track rename 'final model' --undo").startswith("final model ")
    assert runs().names == ["lr3", "lr2", "lr1"]


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("best-so-far", [{"best-so-far": ""}, {}, {}]),
        ("stage=final by=ada", [{"stage": "final", "by": "ada"}, {}, {}]),
        ("best last stage=final", [{"stage": "final"}, {}, {"stage": "final"}]),
        ("best reviewed stage='not final'", [{}, {}, {"reviewed": "", "stage": "not final"}]),
        ("lr < 2.5 stage=final reviewed=", [{}, *[{"stage": "final", "reviewed": ""}] * 2]),
        ("lr < 2.5 and val_loss=1 stage=a=b", [{}, {}, {"stage": "a=b"}]),
        ("lr=1 or name='lr3' stage=final", [{"stage": "final"}, {}, {"stage": "final"}]),
    ],
)
def test_runs_are_tagged(three: InteractiveShell, capsys: Capture, line: str, tags: list[dict[str, str]]) -> None:
    assert said(three, capsys, f"%track tag {line}").startswith("tagged ")
    assert runs().tags == tags


def test_tags_are_told_and_taken_away(three: InteractiveShell, capsys: Capture) -> None:
    said(three, capsys, "%track tag lr > 0 stage=final good=")
    told = said(three, capsys, "%track tag best last").splitlines()
    assert [line.split(": ")[1] for line in told] == ["good, stage=final"] * 2
    lr2, lr1 = (short_id(run_id) for run_id in runs("lr < 2.5").ids)
    assert said(three, capsys, "%track untag lr < 2.5 good") == f"no tag good any more: lr2 {lr2}, lr1 {lr1}\n"
    assert [sorted(tags) for tags in runs().tags] == [["good", "stage"], ["stage"], ["stage"]]
    assert said(three, capsys, "%track untag good").startswith("no tag good any more: lr3 ")
    said(three, capsys, "%track untag best stage")
    assert [sorted(tags) for tags in runs().tags] == [["stage"], ["stage"], []]
    assert said(three, capsys, "%track tag best").endswith(": no tags\n")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("rename", "no name is given; expected a run and its name, such as: rename last final"),
        ("rename lats final", "'lats' names no run. Did you mean 'last'?"),
        ("note last --und", "found --und; expected a text, --delete or --undo. Did you mean '--undo'?"),
        ("rename last --und", "found --und; expected a name or --undo. Did you mean '--undo'?"),
        ("tag lats stage=final", "'lats' names no run. Did you mean 'last'?"),
        ("tag lats", "'lats' names no run. Did you mean 'last'?"),
        ("tag lr=1 stage=final", "found 'lr=1', and lr is a param or metric; expected runs first, such as last, or a "),
        ("tag lr > 99 stage=final", "no run fulfils 'lr > 99'"),
        ("tag last note=don't", "found a quote without its pair in last note=don't; expected pairs, such as \"don't\""),
        ("tag last > 3", "found '>' among the tags of 'last > 3'; expected names, such as reviewed or stage=final"),
        ("tag 12", "found '12' among the tags of '12'; expected names, such as reviewed or stage=final"),
        ("untag last stag", "this run has no tag 'stag'; expected one of theirs: stage. Did you mean 'stage'?"),
        ("untag stag", "this run has no tag 'stag'; expected one of theirs: stage. Did you mean 'stage'?"),
        ("untag last", "found 'last'; expected runs and then tags that they have, such as: untag last stage"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    three: InteractiveShell, capsys: Capture, line: str, told: str
) -> None:
    runs("last").tag(stage="dev")
    out = said(three, capsys, f"%track {line}")
    assert len(out.splitlines()) == 1
    assert told in out
    assert (runs().names, runs().tags) == (["lr3", "lr2", "lr1"], [{"stage": "dev"}, {}, {}])


def test_the_store_is_asked_no_oftener_for_more_words(three: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    refresh = Store.refresh

    def counted(store: Store, *wait: float) -> bool:
        asked.append(store)
        return refresh(store, *wait)

    monkeypatch.setattr(Store, "refresh", counted)
    counts = []
    for tags in ("good", "good new reviewed mine"):
        asked.clear()
        run_cell(three, f"%track tag best {tags}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert runs().tag_names == ["good", "mine", "new", "reviewed"]


def test_tags_are_completed(three: InteractiveShell) -> None:
    runs("last").tag("reviewed", stage="dev")
    with provisionalcompleter():
        for line, offered in (("%track tag last st", "stage"), ("%track untag rev", "reviewed")):
            assert [each.text for each in three.Completer.completions(line, len(line))] == [offered]
