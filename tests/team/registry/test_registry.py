"""Registering, promoting, aliasing: what may be done, what is refused and why, what stays on record."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import trackside as ts
from trackside.errors import GateError, InputError, StoreDamagedError

if TYPE_CHECKING:
    from pathlib import Path


def keep_model(content: bytes = b"weights", name: str = "weights.bin") -> str:
    with ts.run("mlp") as run:
        ts.log_artifact(content, name, kind="model")
    return run.id


def test_a_runs_only_model_becomes_the_next_version(run_id: str) -> None:
    assert ts.models.register("churn", run_id, why="the first").version == 1
    version = ts.models.register("churn", ts.runs(run_id))
    assert (version.version, version.stage, version.aliases, version.run_id) == (2, "none", [], run_id)
    assert version.artifact.read() == b"weights"
    assert version.path.read_bytes() == b"weights"
    assert ts.models["churn"][1].why == "the first"
    assert version.run.ids == [run_id]
    assert version.run.artifacts()["weights.bin"].read() == b"weights"
    assert ts.models.names == ["churn"]


@pytest.mark.usefixtures("store")
def test_a_live_run_is_registered_from_within() -> None:
    with ts.run("mlp") as run:
        ts.log_artifact(b"weights", "weights.bin", kind="model")
        assert ts.models.register("churn", run).version == 1


@pytest.mark.usefixtures("store")
def test_which_model_is_meant_must_be_clear() -> None:
    with ts.run("none"):
        ts.log(loss=1)
    with pytest.raises(InputError, match=r"has kept no model; expected one; keep it: ts.log_artifact"):
        ts.models.register("churn", "last")
    with ts.run("two"):
        for name in ("a.bin", "b.bin"):
            ts.log_artifact(name.encode(), name, kind="model")
    with pytest.raises(InputError, match=r"2 models \(a.bin, b.bin\); expected one; say which"):
        ts.models.register("churn", "last")
    with pytest.raises(InputError, match=r"no artifact 'b.bi'. Did you mean 'b.bin'"):
        ts.models.register("churn", "last", artifact="b.bi")
    assert ts.models.register("churn", "last", artifact="b.bin").artifact.read() == b"b.bin"
    with pytest.raises(InputError, match="names no run"):
        ts.models.register("churn", "nonsense")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 10_000, "\u202echurn", 3])
def test_what_cannot_be_a_name_is_refused(run_id: str, name: str) -> None:
    with pytest.raises(InputError, match="as a model's name; expected one line"):
        ts.models.register(name, run_id)


def test_an_unknown_model_version_alias_or_stage_is_told_with_what_there_is(run_id: str) -> None:
    with pytest.raises(InputError, match=r"No model 'churn'.*none yet"):
        _ = ts.models["churn"]
    ts.models.register("churn", run_id).alias("champion")
    with pytest.raises(InputError, match="Did you mean 'churn'"):
        _ = ts.models["chrun"]
    model = ts.models["churn"]
    with pytest.raises(InputError, match="Did you mean 'champion'"):
        model.version("champoin")
    for which in (0, 2, True, 1.5, None):
        with pytest.raises(InputError, match="version"):
            model.version(which)  # type: ignore[arg-type]  # that is the mistake
    with pytest.raises(InputError, match="Did you mean 'staging'"):
        model.version(1).promote("stageing")
    for alias in ("latest", "production", "3", "a b", ""):
        with pytest.raises(InputError, match="as an alias"):
            model.version(1).alias(alias)


def test_a_version_goes_through_staging_to_production_and_the_one_before_is_archived(run_id: str) -> None:
    first, second = (ts.models.register("churn", run_id) for _ in range(2))
    first.promote("staging", why="looks good").promote("production")
    with pytest.raises(InputError, match="version 1 of 'churn' is in production already"):
        first.promote("production")
    with pytest.raises(GateError, match="is refused:\n  ✗ staging first: it has not been in staging"):
        second.promote("production")
    assert second.stage == "none"
    second.promote("staging").promote("production")
    model = ts.models["churn"]
    assert (first.stage, second.stage) == ("archived", "production")
    assert model.production == model["production"] == second
    first.promote("production", why="the new one fails")  # back: it has been in staging
    assert model.versions["stage"].tolist() == ["archived", "production"]
    first.archive(why="so does the old one")
    with pytest.raises(InputError, match="names no version"):
        _ = model.production
    events = model.history["event"].tolist()
    assert events[2:5] == ["to staging", "to production", "to staging"]
    assert first.history["event"].tolist()[-1] == "to archived"


def test_what_is_refused_goes_on_by_name_and_reason_and_that_stays_on_record(run_id: str) -> None:
    version = ts.models.register("churn", run_id)
    for override, why in (("ann", None), ("ann", " "), (" ", "hurry")):
        with pytest.raises(InputError, match="expected override='who' and why='…'"):
            version.promote("production", override=override, why=why)
    version.promote("production", override="ann", why="hurry")
    version.archive()
    (overridden,) = version.overridden
    assert (overridden.overridden_by, overridden.why) == ("ann", "hurry")
    assert [(gate.name, gate.passed) for gate in overridden.gates] == [
        ("bytes", True),
        ("policy", True),
        ("staging first", False),
    ]
    assert version.history["overridden_by"].dropna().tolist() == ["ann"]


def test_a_champion_is_held_to_the_policy_and_other_aliases_to_nothing(
    run_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = ts.models.register("churn", run_id)
    (tmp_path / "trackside.toml").write_text('[policy]\non_violation = "refuse"\ntags = ["owner"]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.ps1", ">>> ", raising=False)  # at a prompt the working folder counts
    with pytest.raises(GateError, match=r"having 'champion' mean version 1 of 'churn' is refused:\n  ✗ policy:.*owner"):
        version.alias("champion")
    assert version.alias("challenger").aliases == ["challenger"]
    ts.models.alias("churn", 1, "champion", override="ann", why="hurry")
    (overridden,) = version.overridden
    assert (overridden.overridden_by, [gate.passed for gate in overridden.gates]) == ("ann", [True, False, True])
    assert version.aliases == ["challenger", "champion"]


def test_the_policy_around_a_store_that_is_named_holds_wherever_the_code_stands(
    run_id: str, store: ts.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts.models.register("churn", run_id)
    (store.folder.parent / "trackside.toml").write_text('[policy]\non_violation = "refuse"\ntags = ["owner"]\n')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("TRACKSIDE_STORE", str(elsewhere / ".trackside"))
    monkeypatch.chdir(elsewhere)
    monkeypatch.setattr("sys.ps1", ">>> ", raising=False)
    (elsewhere / "trackside.toml").write_text("[policy]\n")
    version = ts.models.at(store.folder)["churn"].version(1)
    with pytest.raises(GateError, match="tag owner"):
        version.promote("staging")
    with pytest.raises(InputError, match="tag owner"):
        ts.runs(run_id, store=store.folder).decide("promote", "looks good")
    (store.folder.parent / "trackside.toml").unlink()
    version.promote("staging")


def test_the_policy_refuses_what_it_does_not_want_registered_or_promoted(
    run_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ts.models.register("churn", run_id)
    (tmp_path / "trackside.toml").write_text('[policy]\non_violation = "refuse"\ntags = ["owner", "stage"]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.ps1", ">>> ", raising=False)  # at a prompt the working folder counts
    with pytest.raises(GateError, match=r"registering run \w{5} as 'churn' is refused:\n  ✗ policy:.*owner") as caught:
        ts.models.register("churn", run_id)
    assert ["tag owner" in line or "tag stage" in line for line in str(caught.value).splitlines()[1:3]] == [True, True]
    with pytest.raises(GateError, match=r"promoting version 1 of 'churn' to staging is refused:\n  ✗ policy"):
        before.promote("staging")
    assert before.archive().stage == "archived"
    forced = ts.models.register("churn", run_id, override="ann", why="nobody owns it yet")
    assert [step.overridden_by for step in forced.overridden] == ["ann"]
    ts.runs(run_id).tag(owner="ann", stage="dev")
    assert before.promote("staging").stage == "staging"


@pytest.mark.usefixtures("store")
def test_the_policys_checks_guard_a_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = {}
    for name, losses in {"old": (0.50, 0.51, 0.49), "new": (0.40, 0.41, 0.42), "same": (0.50, 0.49, 0.52)}.items():
        with ts.run(name) as parent:
            ts.log_artifact(name.encode(), "model.bin", kind="model")
            for seed, loss in enumerate(losses):
                with ts.run(f"{name} {seed}", params={"seed": seed}):
                    ts.log_dataset("X_val", pd.DataFrame({"a": [1.0, 2.0]}), role="val")
                    ts.log(val_loss=loss)
        ids[name] = parent.id
    (tmp_path / "trackside.toml").write_text(
        f'[[policy.checks]]\nmetric = "val_loss"\nagainst = "{ids["old"][-12:]}"\ngate = "production"\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.ps1", ">>> ", raising=False)
    new, same = (ts.models.register("m", ts.runs(ids[name])).promote("staging") for name in ("new", "same"))
    assert new.promote("production").stage == "production"
    event = new.facts.events[-1][0]
    assert [(gate.passed, "better" in gate.text) for gate in event.gates] == [
        (True, False),
        (True, False),
        (True, True),
        (True, False),
    ]
    with pytest.raises(GateError, match=r"✗ .*val_loss.*no difference"):
        same.promote("production")
    assert (new.stage, same.stage) == ("production", "staging")
    with pytest.raises(GateError, match=r"having 'champion' mean version 2 .*\n  ✗ .*val_loss.*no difference"):
        same.alias("champion")
    assert new.alias("champion").aliases == ["champion"]


def test_no_archived_version_becomes_champion_and_a_champion_that_is_archived_is_told(run_id: str) -> None:
    first, second = (ts.models.register("churn", run_id) for _ in range(2))
    first.promote("staging").promote("production").alias("champion")
    assert "! champion" not in repr(second) + repr(ts.models["churn"])
    second.promote("staging").promote("production")
    for shown in (repr(first), repr(second), second._repr_html_(), repr(ts.models["churn"])):
        assert "! champion still means version 1, which is archived" in shown
    second.alias("champion")
    assert "! champion" not in repr(second)
    with pytest.raises(GateError, match="✗ not archived: it is archived; expected one that is not"):
        first.alias("champion")


def test_an_override_of_nothing_is_none(run_id: str) -> None:
    version = ts.models.register("churn", run_id).promote("staging", override="ann", why="in case")
    assert version.overridden == []


def test_an_alias_means_one_version_and_can_be_taken_back(run_id: str) -> None:
    first, second = (ts.models.register("churn", run_id) for _ in range(2))
    ts.models.alias("churn", 1, "champion", why="for now")
    assert ts.models["churn"].champion == first
    second.alias("champion")
    assert (first.aliases, second.aliases) == ([], ["champion"])
    with pytest.raises(InputError, match="does not mean version 1"):
        first.unalias("champion")
    second.unalias("champion", why="none is")
    assert ts.models["churn"].aliases == {}
    assert ts.models["churn"].history["event"].tolist()[2:] == ["is champion", "is champion", "no longer champion"]


def test_who_and_secrets(run_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_USER", "ada@example.org")
    version = ts.models.register("churn", run_id, why="key sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789")
    assert version.author == "ada@example.org"
    assert version.why is not None
    assert "abcdefghijkl" not in version.why


def test_likely_secrets_in_the_names_of_who_answers_and_of_aliases_are_not_kept(run_id: str) -> None:
    secret = "ghp_" + "a1B2" * 9
    version = ts.models.register("churn", run_id)
    version.alias(secret).promote("production", override=secret, why="urgent")
    assert "a1B2a1B2" not in version.history.to_string() + "".join(version.aliases)
    assert version.overridden[0].overridden_by


def test_a_dropped_run_makes_no_version(run_id: str) -> None:
    run = ts.runs(run_id)
    run.drop()
    with pytest.raises(InputError, match="was dropped; expected one that is to stay"):
        ts.models.register("churn", run)
    assert len(ts.models) == 0


def test_runs_of_which_models_are_made_are_neither_dropped_nor_purged_nor_hidden(run_id: str) -> None:
    keep_model()  # just like the one before, which would be hidden but for its version
    ts.models.register("<b>churn</b>", run_id)
    run = ts.runs(run_id)
    for forbidden in (run.drop, run.purge):
        with pytest.raises(InputError, match=r"are made of these runs: \w{5} \(version 1 of '<b>churn</b>'\)"):
            forbidden()
    assert run_id in ts.runs().ids
    run.archive()
    assert ts.models["<b>churn</b>"].version().artifact.read() == b"weights"


@pytest.mark.usefixtures("store")
def test_the_run_around_one_that_a_model_or_a_baseline_is_stays() -> None:
    with ts.run("repeated"):
        keep_model()
        with ts.run("held against"):
            pass
    ts.models.register("churn", "mlp")
    for forbidden in (ts.runs("repeated").drop, ts.runs("repeated").purge):
        with pytest.raises(InputError, match="are made of these runs"):
            forbidden()
    with ts.run("other"), ts.run("old"):
        pass
    ts.runs("old").make_baseline()
    with pytest.raises(InputError, match="The baseline is among these runs"):
        ts.runs("other").drop()


def test_a_models_bytes_stay_whatever_is_collected(store: ts.Store, run_id: str) -> None:
    version = ts.models.register("churn", run_id)
    other = ts.runs(keep_model(b"others"))
    kept = other.artifacts()["weights.bin"]
    other.purge()
    old = time.time() - 86_400
    for blob in (store.folder / "blobs").glob("*/*"):
        os.utime(blob, (old, old))
    store.collect_garbage()
    assert version.path.read_bytes() == b"weights"
    with pytest.raises(StoreDamagedError):
        kept.read()


def test_a_folders_files_stay_even_when_the_runs_own_lines_are_gone(store: ts.Store, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"in the folder")
    with ts.run("mlp") as run:
        ts.log_artifact(folder, "saved", kind="model")
    version = ts.models.register("churn", run)
    for journal in (store.folder / "journals").rglob(f"{run.id}.*"):  # as another host's purge leaves it
        journal.unlink()
    old = time.time() - 86_400
    for blob in (store.folder / "blobs").glob("*/*"):
        os.utime(blob, (old, old))
    store.collect_garbage()
    assert (version.save(tmp_path / "loaded") / "weights.bin").read_bytes() == b"in the folder"


def test_bytes_that_are_damaged_are_not_handed_out(run_id: str) -> None:
    version = ts.models.register("churn", run_id)
    path = version.path
    path.write_bytes(b"evil")
    with pytest.raises(StoreDamagedError):
        _ = version.path
    with pytest.raises(StoreDamagedError):
        ts.models.register("churn", run_id)
    assert len(ts.models["churn"]) == 1


@pytest.mark.parametrize("loss", ["damaged", "missing"])
def test_a_version_whose_bytes_are_not_those_kept_goes_nowhere(run_id: str, loss: str) -> None:
    version = ts.models.register("churn", run_id).promote("staging")
    version.path.write_bytes(b"evil")
    if loss == "missing":
        (version.store.folder / "blobs" / version.artifact.sha256[:2] / version.artifact.sha256).unlink()
    for step, given in ((version.promote, "production"), (version.alias, "champion")):
        with pytest.raises(GateError, match=r"is refused:\n  ✗ bytes: The blob .*; expected .*; restore it"):
            step(given)
    assert (version.stage, version.aliases) == ("staging", [])
    assert version.archive().stage == "archived"


@pytest.mark.usefixtures("store")
def test_a_folder_of_which_a_file_is_damaged_goes_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"in the folder")
    with ts.run("mlp") as run:
        ts.log_artifact(folder, "saved", kind="model")
    version = ts.models.register("churn", run)
    digest = hashlib.sha256(b"in the folder").hexdigest()
    (version.store.folder / "blobs" / digest[:2] / digest).write_bytes(b"evil")
    with pytest.raises(GateError, match=r"✗ bytes: The blob .* has other bytes"):
        version.promote("staging")
    with pytest.raises(StoreDamagedError):
        ts.models.register("churn", run)


def test_models_of_another_store_are_found_by_its_folder(store_folder: Path, run_id: str, tmp_path: Path) -> None:
    ts.models.register("churn", run_id)
    assert ts.models.at(store_folder)["churn"].version(1).artifact.read() == b"weights"
    assert ts.models.at(store_folder).register("churn", "last").version == 2
    with pytest.raises(ts.TracksideError, match="There is no store at"):
        ts.models.at(tmp_path / "nowhere")


def test_where_nothing_was_tracked_there_are_no_models(store_folder: Path) -> None:
    assert (len(ts.models), list(ts.models.df)) == (
        0,
        ["model", "version", "stage", "aliases", "run_id", "artifact", "registered_at", "author", "why"],
    )
    assert not store_folder.exists()
