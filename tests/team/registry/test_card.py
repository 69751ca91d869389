"""A version's card says what is known of it, and what is not; it is text and HTML that nothing can break out of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import trackside as ts
from tests.team.pages import Tags
from trackside.journal import JournalWriter
from trackside.model import STORE_ID, Aliased, Artifact, Gate, Registered
from trackside.team.registry import version as version_module
from trackside.team.registry.facts import load_command

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.team.registry.facts import VersionFacts
    from trackside.team.registry.version import ModelVersion

X = pd.DataFrame({"age": [1.0, 2.0, 3.0], "plan": ["a", "b", "c"]})
TEST = pd.DataFrame({"age": [4.0, 5.0], "plan": ["a", "b"]})


def train(name: str, auc: float, *, test: Any = TEST) -> str:
    with ts.run(name) as run:
        ts.log_dataset("X_train", X, role="train")
        ts.log_dataset("X_test", test, role="test")
        ts.log(test_auc=auc)
        ts.log_predictions([0, 1], [1, 1])
        ts.log_artifact(name.encode(), "model.joblib", kind="model")
    return run.id


def in_production(name: str, auc: float, **more: Any) -> ModelVersion:
    version = ts.models.register("churn", train(name, auc, **more))
    return version.promote("staging").promote("production")


@pytest.mark.usefixtures("store")
def test_metrics_stand_beside_those_of_the_version_in_production_before() -> None:
    first, second = in_production("old", 0.8), in_production("new", 0.9)
    (row,) = second.facts.metrics
    assert (second.facts.former, row.before, row.tone) == (1, 0.8, "good")
    assert row.change == pytest.approx(0.1)
    assert (first.facts.former, first.facts.metrics[0].tone) == (2, "bad")  # beside the one that took its place
    third = ts.models.register("churn", train("newest", 0.7))
    assert third.facts.former == 2
    assert "test_auc 0.7  −0.2" in repr(third)


@pytest.mark.usefixtures("store")
def test_numbers_that_cannot_be_compared_are_not_subtracted() -> None:
    in_production("old", 0.8)
    second = in_production("new", 0.9, test=TEST.assign(age=[7.0, 8.0]))
    assert second.facts.metrics[0].change is None
    assert "≠ not comparable: not evaluated on the same data (X_test)" in repr(second)
    assert "0.1" not in second._repr_html_().partition("not comparable")[2].partition("</table>")[0]


@pytest.mark.usefixtures("store")
def test_what_is_not_finite_is_shown_and_has_no_change() -> None:
    in_production("old", 0.8)
    second = in_production("nan", float("nan"))
    assert second.facts.metrics[0].change is None
    assert "nan" in repr(second)
    third = in_production("newer", 0.9)
    assert third.facts.metrics[0].change is None


@pytest.mark.usefixtures("store")
def test_columns_in_and_out_are_those_on_record() -> None:
    version = ts.models.register("churn", train("mlp", 0.9))
    assert version.facts.inputs_of == "X_train"
    assert [name for name, _ in version.facts.inputs] == ["age", "plan"]
    assert version.facts.outputs == [("y_pred", "int64")]
    told = repr(version)
    assert "inputs (columns of X_train): age float64" in told
    assert "X_test test · DataFrame · 2×2 · digest" in told


def test_what_is_not_on_record_is_said_to_be_not(run_id: str) -> None:
    told = repr(ts.models.register("churn", run_id))
    for what in ("data", "inputs", "outputs"):
        assert f"{what}: not on record" in told
    page = ts.models["churn"].version()._repr_html_()
    assert page.count("not on record") >= 3


def test_a_version_outlives_its_runs_record(store: ts.Store, run_id: str) -> None:
    version = ts.models.register("churn", run_id)
    for journal in (store.folder / "journals").rglob(f"{run_id}.*"):  # as a merge that brings the model before its run
        journal.unlink()
    store.rebuild()
    assert "not on record any more" in repr(version)
    assert "metrics: not on record" in repr(version)
    assert version.path.read_bytes() == b"weights"


@pytest.mark.usefixtures("store")
def test_a_model_shows_its_versions_with_the_main_metric() -> None:
    for name, auc in (("old", 0.8), ("new", 0.9)):
        ts.models.register("churn", train(name, auc))
    with ts.run("untested") as run:
        ts.log_artifact(b"w", "w.bin", kind="model")
    ts.models.register("churn", run)
    head, *rows = repr(ts.models["churn"]).splitlines()
    assert "test_auc" in head
    assert [row.split()[3] for row in rows] == [run.id[-5:], "0.9", "0.8"]
    assert "0.9" in ts.models["churn"]._repr_html_()
    assert "test_auc" not in repr(ts.models)


def test_an_override_stands_on_the_card_for_good(run_id: str) -> None:
    version = ts.models.register("churn", run_id).promote("production", override="ann", why="hurry")
    version.archive()
    for card in (repr(version), version._repr_html_()):
        assert "although it did not pass: staging first; ann answers for it: hurry" in card
        assert "✗ staging first" in card


@pytest.mark.parametrize("name", ["</bdi><script>x</script>", "' onclick='x", "a & b", "naïve 模型 🦊"])
def test_names_are_text_on_cards_and_tables(run_id: str, name: str) -> None:
    version = ts.models.register(name, run_id, why=name)
    version.promote("production", override=name, why=name)
    for page in (version._repr_html_(), ts.models[name]._repr_html_(), ts.models._repr_html_()):
        found = Tags()
        found.feed(page)
        assert found.tags <= set("div table thead tbody tr th td span b bdi code details summary pre img".split())
        assert all(address.startswith("data:image/svg+xml;base64,") for address in found.addresses)
    assert name in repr(version)


def test_a_text_that_would_turn_others_round_is_spelled_out(run_id: str) -> None:
    version = ts.models.register("churn", run_id, why="good\u202edoog")
    assert "\\u202e" in repr(version)
    assert "\u202e" not in version._repr_html_()


def test_what_others_have_written_into_a_journal_is_shown_as_text_and_cut(store: ts.Store, run_id: str) -> None:
    version = ts.models.register("churn", run_id)
    head = ts.models["churn"]._state.head
    hostile = "\u202e<script>" + "x" * 10_000
    journal = JournalWriter(store.folder, STORE_ID, owner=False)
    change = {"id": "x", "after": head, "model": "churn", "version": 1, "change": Aliased(alias=hostile)}
    journal.append("model", **change, by=hostile, why=hostile, gates=[Gate(name=hostile, passed=False, text=hostile)])
    journal.close()
    assert store.refresh(30.0)
    assert version.aliases == [hostile]
    for shown in (repr(version), version._repr_html_(), repr(ts.models), ts.models._repr_html_()):
        assert "<script" not in shown or "<div" not in shown
        assert "\u202e" not in shown
        assert len(shown) < 25_000


def test_a_long_reason_is_refused_and_many_columns_are_cut(run_id: str) -> None:
    with pytest.raises(ts.TracksideError, match="the reason has 10,000 characters"):
        ts.models.register("churn", run_id, why="x" * 10_000)
    with ts.run("wide") as run:
        ts.log_dataset("X_train", pd.DataFrame(np.zeros((2, 60)), columns=[f"c{n}" for n in range(60)]), role="train")
        ts.log_artifact(b"w", "w.bin", kind="model")
    version = ts.models.register("wide", run)
    assert "c11 float64 and 48 more" in repr(version)
    assert "c59" in version._repr_html_()


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("a.joblib", "joblib.load(version.path)  # runs code from the file"),
        ("a.pt", "torch.load(version.path, weights_only=True)"),
        ("a.onnx", "onnxruntime.InferenceSession(str(version.path))"),
        ("a.safetensors", "safetensors.torch.load_file(version.path)"),
        ("a.keras", "keras.models.load_model(version.save('model.keras'))"),
        ("a", "version.path.read_bytes()"),
    ],
)
@pytest.mark.usefixtures("store")
def test_the_command_to_load_a_file_fits_its_kind(name: str, command: str) -> None:
    with ts.run("mlp") as run:
        ts.log_artifact(b"w", name, kind="model")
    assert ts.models.register("churn", run).load_command.startswith(command)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("mime", ["application/x-joblib", "application/json", "x/y"])
def test_a_command_that_others_wrote_into_a_journal_is_not_shown_as_code(
    store: ts.Store, run_id: str, mime: str
) -> None:
    told = "model = xgboost.XGBModel(); import os; os.system('true'); model.load_model(path)"
    artifact = Artifact(name="w", kind="model", mime=mime, bytes=1, sha256="0" * 64, about={"load": told})
    journal = JournalWriter(store.folder, STORE_ID, owner=False)
    change = Registered(run_id=run_id, artifact=artifact)
    journal.append("model", id="other", model="churn", version=1, change=change)
    journal.close()
    assert store.refresh(30.0)
    assert ts.models["churn"].version(1).load_command == "version.path.read_bytes()"


def test_a_card_reads_its_facts_once(run_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    version = ts.models.register("churn", run_id)
    facts, reads = version.facts, []

    def read(*asked: object) -> VersionFacts:
        reads.append(asked)
        return facts

    monkeypatch.setattr(version_module, "read_facts", read)
    data, _ = version._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert len(reads) == 1


def test_the_command_loads_what_a_library_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    import xgboost
    from sklearn.linear_model import LogisticRegression

    monkeypatch.chdir(tmp_path)
    rows, truth = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
    network: Any = torch.nn.Linear(1, 1)
    boosted = xgboost.XGBClassifier(n_estimators=2).fit(rows, truth)
    for trained in (LogisticRegression().fit(rows, truth), network, boosted):
        with ts.run("r") as run:
            ts.log_artifact(trained, "m", kind="model")
        version = ts.models.register("m", run)
        command = load_command(version.facts).partition(", which")[0]
        names: dict[str, Any] = {"version": version, "torch": torch, "xgboost": xgboost, "model": torch.nn.Linear(1, 1)}
        exec(f"import joblib\nloaded = {command}" if ";" not in command else command, names)  # noqa: S102 - as a user
        if "load_state_dict" in command:
            assert torch.equal(names["model"].weight, network.weight)
        else:
            loaded = names["loaded"] if "loaded" in names else names["model"]
            assert loaded.predict(rows).tolist() == trained.predict(rows).tolist()
