"""Whoever registers or promotes at the same moment, and however events come together: there is one end."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.store.support import all_tables, end_of
from trackside.cli import OK, main
from trackside.errors import StoreBusyError
from trackside.journal import JournalWriter
from trackside.model import STORE_ID, Aliased, Artifact, ModelChanged, Registered, Staged
from trackside.store.model_chain import LOST, ModelEvent, ModelState, follow
from trackside.team.registry import registering
from trackside.team.registry.registry import Registry
from trackside.tracking import deciding_alone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.model import Stage

PROCESSES = Path(__file__).parent / "processes"
RUN = "01934d5e-7c1a-7def-8abc-0123456789ab"


def start(script: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(PROCESSES / script), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_versions_registered_by_three_processes_at_once_are_numbered_without_gap(
    store: ts.Store, run_id: str, tmp_path: Path
) -> None:
    begin = tmp_path / "start"
    processes = [start("register_repeatedly.py", begin, run_id, 4) for _ in range(3)]
    begin.touch()
    told = [int(number) for process in processes for number in end_of(process).split()]
    assert sorted(told) == list(range(1, 13))
    assert ts.models["churn"].history["lost"].isna().all()
    before = all_tables(store)
    store.rebuild()
    assert all_tables(store) == before


def test_of_two_that_promote_at_once_one_version_is_in_production_and_one_is_champion(
    store: ts.Store, run_id: str, tmp_path: Path
) -> None:
    for _ in range(2):
        ts.models.register("churn", run_id).promote("staging")
    begin = tmp_path / "start"
    processes = [start("promote_once.py", begin, version) for version in (1, 2)]
    begin.touch()
    told = [line for process in processes for line in end_of(process).splitlines()]
    model = ts.models["churn"]
    stages = model.versions["stage"].tolist()
    assert stages.count("production") == 1
    assert len(model.aliases) == 1
    assert all(
        any(known in line for known in ("done", "no longer so", "is refused", "not archived", "Mend it"))
        for line in told
    )
    production = [event for event in model.history["event"] if event == "to production"]
    assert len(production) == told[0::2].count("done")
    store.rebuild()
    assert model.versions["stage"].tolist() == stages


def test_a_version_promoted_by_somebody_else_since_it_was_looked_at_is_not_replaced(
    run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (ts.models.register("churn", run_id).promote("staging") for _ in range(2))
    from trackside.team.registry import version as module

    def promote_first(*_: object) -> list[object]:
        monkeypatch.undo()
        monkeypatch.setenv("TRACKSIDE_STORE", str(first.artifact._folder))
        first.promote("production")
        return []

    monkeypatch.setattr(module, "hold_to", promote_first)
    with pytest.raises(ts.TracksideError, match="no longer so: version 1 to production, by "):
        second.promote("production")
    assert (first.stage, second.stage) == ("production", "staging")


def test_a_version_archived_by_somebody_else_since_it_was_looked_at_is_no_champion(
    run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = ts.models.register("churn", run_id).promote("staging")
    from trackside.team.registry import version as module

    def archive(*_: object) -> list[object]:
        version.archive(why="it is wrong")
        return []

    monkeypatch.setattr(module, "hold_alias_to", archive)
    with pytest.raises(ts.TracksideError, match="no longer so: version 1 to archived, by "):
        version.alias("champion")
    assert (version.aliases, version.stage) == ([], "archived")


def artifact() -> Artifact:
    return Artifact(name="w", kind="model", mime="x/y", bytes=1, sha256="0" * 64)


def registered(own: str, after: str | None, version: int, time: float, writer: str = "a") -> ModelEvent:
    change = Registered(run_id=RUN, artifact=artifact())
    return ModelEvent(
        writer, ModelChanged(seq=1, time=time, id=own, after=after, model="m", version=version, change=change)
    )


def staged(own: str, after: str | None, version: int, stage: Stage, time: float, *, writer: str = "a") -> ModelEvent:
    change = Staged(stage=stage)
    return ModelEvent(
        writer, ModelChanged(seq=1, time=time, id=own, after=after, model="m", version=version, change=change)
    )


def end(state: ModelState) -> tuple[dict[int, Stage], list[tuple[str, str]]]:
    stages = {number: version.stage for number, version in state.versions.items()}
    return stages, [(said.event.id, reason) for said, reason in state.lost]


def test_events_of_two_hosts_come_to_the_same_end_in_whatever_order_they_come() -> None:
    events: Sequence[ModelEvent] = [
        registered("r1", None, 1, 1.0),
        registered("r2", "r1", 2, 2.0),
        staged("p1", "r2", 1, "production", 4.0),
        staged("p2", "r2", 2, "production", 3.0, writer="b"),  # was first
        staged("p3", "p1", 1, "archived", 5.0),  # follows one that is lost
        registered("r3", "p2", 3, 2.5, "b"),  # the other host's clock is behind
    ]
    expected = ({1: "none", 2: "production", 3: "none"}, [("p1", LOST), ("p3", LOST)])
    assert all(end(follow(order)) == expected for order in itertools.permutations(events))


def test_of_two_stores_with_a_model_of_one_name_both_chains_count_in_whatever_order_they_come() -> None:
    ours = [
        registered("r1", None, 1, 1.0),
        registered("r2", "r1", 2, 4.0),
        staged("s1", "r2", 1, "staging", 9.0),
    ]
    theirs = [
        registered("x1", None, 1, 2.0, "b"),
        staged("y1", "x1", 1, "production", 3.0, writer="b"),
        registered("x2", "y1", 2, 5.0, "b"),
    ]
    both = {1: "staging", 3: "production", 2: "none", 4: "none"}
    assert all(end(follow(order)) == (both, []) for order in itertools.permutations(ours + theirs))
    state = follow(ours + theirs)
    assert (state.head, state.renumbered) == ("s1", {3: 1, 4: 2})

    first = [*ours, staged("p1", "s1", 1, "production", 9.5)]
    other = [*theirs, staged("y2", "x2", 2, "production", 10.0, writer="b")]
    stages, lost = end(follow([*first, *other]))  # what a merge brings takes nothing out of production
    assert (stages[1], stages[3], stages[4]) == ("production", "archived", "none")
    assert lost == [("y2", "version 1 of the store that was first is in production")]

    late = staged("y3", "y1", 1, "archived", 10.0, writer="c")  # theirs, and lost: it follows what x2 follows
    told = follow([*first, *other, late]).lost
    assert [(said.event.id, said.event.version) for said, _ in told] == [("y2", 4), ("y3", 3)]

    merged = [registered("r5", "s1", 5, 10.0), staged("s3", "r5", 4, "production", 11.0)]
    later = [registered("x3", "x2", 3, 12.0, "b"), staged("y9", "x3", 9, "staging", 13.0, writer="b")]
    stages, lost = end(follow([*ours, *theirs, *merged, *later]))  # both go on, the other one unaware of ours
    assert stages == {**both, 3: "archived", 4: "production", 5: "none", 6: "none"}
    assert lost == [("y9", "version 9 is not on record")]


def test_a_damaged_line_costs_itself_and_not_what_follows() -> None:
    whole = [registered("r1", None, 1, 1.0), registered("r2", "r1", 2, 2.0), staged("s1", "r2", 1, "staging", 3.0)]
    more = [registered("r3", "s1", 3, 4.0), staged("s2", "r3", 2, "production", 5.0)]
    without_second = [said for said in [*whole, *more] if said.event.id != "r2"]
    assert end(follow(without_second)) == (
        {1: "staging", 3: "none"},
        [("s2", "version 2 is not on record")],
    )


def test_hostile_events_end_somewhere() -> None:
    ring = [registered("a", "b", 1, 1.0), registered("b", "a", 2, 2.0), registered("c", "c", 3, 3.0)]
    twice = [registered("r", None, 1, 4.0), registered("r", "r", 1, 5.0), registered("r", None, 2, 6.0, "b")]
    state = follow([*ring, *twice])
    assert list(state.versions) == [1, 2]
    assert len(state.lost) == 4


def test_an_event_of_another_host_that_came_first_makes_this_one_lost_on_record(store: ts.Store, run_id: str) -> None:
    version = ts.models.register("churn", run_id)
    head = ts.models["churn"]._state.head
    for alias in ("champion", "challenger"):  # both of one moment, as from hosts that see no lock of each other
        journal = JournalWriter(store.folder, STORE_ID, owner=False)
        journal.append("model", id=alias, after=head, model="churn", version=1, change=Aliased(alias=alias), by="eve")
        journal.close()
    assert store.refresh(30.0)
    assert version.aliases == ["champion"]
    history = ts.models["churn"].history
    assert history["lost"].dropna().tolist() == [LOST]
    assert history[history["lost"].notna()]["event"].tolist() == ["is challenger"]
    version.alias("challenger", why="again, after the other")
    assert version.aliases == ["challenger", "champion"]
    before = all_tables(store)
    store.rebuild()
    assert all_tables(store) == before


def test_a_run_is_not_purged_while_somebody_makes_a_model_of_it(
    store: ts.Store, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding_alone, "_LOCK_SECONDS", 0.0)
    with deciding_alone.deciding_alone(store.folder), pytest.raises(ts.TracksideError, match="Somebody else has been"):
        ts.runs(run_id).purge()
    assert ts.runs(run_id).ids == [run_id]


def test_a_run_that_was_purged_at_the_last_moment_makes_no_model(run_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def purge(*_: object) -> list[object]:
        ts.runs(run_id).purge()
        return []

    monkeypatch.setattr(registering, "hold_run_to", purge)
    with pytest.raises(ts.TracksideError, match="was purged; expected one that stays"):
        ts.models.register("churn", run_id)
    assert len(ts.models) == 0


def test_two_stores_that_get_each_others_journals_come_to_the_same_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACKSIDE_PROJECT", "p")
    stores = [ts.Store.create(tmp_path / name / ".trackside") for name in ("ours", "theirs")]
    for store in stores:
        monkeypatch.setenv("TRACKSIDE_STORE", str(store.folder))
        with ts.run("mlp") as run:
            ts.log_artifact(b"weights", "weights.bin", kind="model")
        ts.models.register("churn", run, why=store.folder.parent.name).promote("staging")
        ts.models.register(store.folder.parent.name, run)
    for here, there in (stores, stores[::-1]):
        merged = ts.Store.create(here.folder.with_name("merged"))
        for each in (here, there):
            shutil.copytree(each.folder, merged.folder, dirs_exist_ok=True)
        merged.rebuild()
    merged_folders = [store.folder.with_name("merged") for store in stores]
    models = [ts.models.at(folder) for folder in merged_folders]
    assert models[0].df.equals(models[1].df)
    assert set(models[0].names) == {"churn", "ours", "theirs"}
    assert models[0]["churn"].version(1).why == "ours"
    theirs = models[0]["churn"][2]
    assert (theirs.why, theirs.stage) == ("theirs", "staging")
    assert "as version 1 of another store" in repr(theirs)
    assert models[0]["churn"].history["lost"].isna().all()
    with ts.Store(merged_folders[0]).read() as connection:
        told = connection.execute("SELECT version, change FROM model_events WHERE model = 'churn' ORDER BY time")
        assert told.fetchall() == [(1, "registered"), (1, "staged"), (2, "registered"), (2, "staged")]
    assert models[0]["churn"][2].promote("production").stage == "production"
    assert models[0].register("churn", "last").version == 3
    before = all_tables(ts.Store(merged_folders[0]))
    ts.Store(merged_folders[0]).rebuild()
    assert all_tables(ts.Store(merged_folders[0])) == before
    assert main(["doctor", "--store", str(merged_folders[0])]) == OK
    assert "all is well" in capsys.readouterr().out


def test_the_run_of_a_lost_version_is_neither_dropped_nor_purged_nor_hidden(store: ts.Store, run_id: str) -> None:
    with ts.run("mlp") as same:
        ts.log(val_auc=0.9)
        ts.log_artifact(b"weights", "weights.bin", kind="model")
    ts.models.register("churn", same)
    first = ts.models["churn"]._state.head
    ts.models.register("churn", same)
    change = Registered(run_id=run_id, artifact=artifact())
    journal = JournalWriter(store.folder, STORE_ID, owner=False)
    journal.append("model", id="other", after=first, model="churn", version=2, change=change, by="eve")  # a host's
    journal.close()
    assert store.refresh(30.0)
    assert ts.models["churn"].history["lost"].notna().sum() == 1
    for forbidden in (ts.runs(run_id).drop, ts.runs(run_id).purge):
        with pytest.raises(ts.TracksideError, match=r"\(version 2 of 'churn'\)"):
            forbidden()
    assert run_id in ts.runs().ids


def test_a_step_that_was_taken_is_not_told_as_failed_when_the_store_is_busy(
    run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_fresh, reads = Registry._read_fresh, []

    def busy_after_the_first(registry: Registry, model: str) -> ModelState:
        reads.append(model)
        if len(reads) > 1:
            raise StoreBusyError("somebody holds it")
        return read_fresh(registry, model)

    monkeypatch.setattr(Registry, "_read_fresh", busy_after_the_first)
    with pytest.warns(UserWarning, match="version 1 of 'churn' is on record; .* do not say it again"):
        assert ts.models.register("churn", run_id).version == 1
    assert ts.models["churn"].versions["version"].tolist() == [1]
