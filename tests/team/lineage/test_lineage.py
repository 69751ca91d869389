"""From data to models and back: by content under whatever name, through what other runs made, as picture and table."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import trackside as ts
from tests.diff.support import keep_run
from tests.team.pages import Tags
from trackside.errors import InputError
from trackside.model import Dataset
from trackside.team.lineage.graph import MOST_NODES

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.team.lineage.view import Lineage

pytestmark = pytest.mark.usefixtures("store_folder")
FRAME = pd.DataFrame({"age": [1.0, 2.0, 3.0]})


def train(name: str, *, model: str | None = None, **data: Any) -> str:
    with ts.run(name) as run:
        for key, value in data.items():
            ts.log_dataset(key, value, role="train")
        ts.log_artifact(name.encode(), "model.bin", kind="model")
    if model:
        ts.models.register(model, run)
    return run.id


def steps(found: Lineage) -> set[tuple[str, str, str]]:
    return set(found.df[["from", "relation", "to"]].itertuples(index=False, name=None))


def test_models_that_used_data_are_found_by_it_by_name_digest_and_under_other_names() -> None:
    train("first", model="churn", X_train=FRAME)
    train("second", model="churn", other_name=FRAME.copy())
    train("third", model="churn", X_train=FRAME * 2)
    digest = ts.runs(name="first").datasets.df["digest"].iloc[0]
    for data in (FRAME, digest, digest.partition(":")[2][:8]):
        found = ts.models.using(data)
        assert found["version"].tolist() == [2, 1]
        assert found["match"].unique().tolist() == ["same content"]
    named = ts.models.using("X_train")
    assert dict(zip(named["version"], named["match"], strict=True)) == {
        3: "same name",
        2: "same content",
        1: "same name",
    }
    assert ts.models.using(FRAME * 3).empty
    assert ts.models.using(FRAME["age"].to_numpy()).empty


def test_models_are_found_by_a_file_and_by_what_another_run_made_of_it(tmp_path: Path) -> None:
    raw, made = tmp_path / "raw.csv", tmp_path / "made.csv"
    raw.write_text("a\n1\n2\n")
    made.write_text("a\n1\n4\n")
    with ts.run("prepare"):
        ts.log_dataset("raw", raw)
        ts.log_artifact(made, "made.csv")
    train("fit", model="churn", table=made)
    found = ts.models.using(str(raw))
    assert found["version"].tolist() == [1]
    assert re.fullmatch(r"through what run \w{5} made of it", found["match"][0])
    assert ts.models.using(made)["match"].tolist() == ["same content"]
    traced = ts.lineage("fit")
    assert {
        ("raw.csv", "read from", "raw"),
        ("prepare", "made made.csv", "table"),
        ("fit", "registered as", "churn 1"),
    } <= steps(traced)
    assert steps(ts.lineage(ts.models["churn"].version(1))) == steps(traced)
    picture = traced.graph()
    assert len({node.kind for node in picture.nodes.values()}) >= 4


@pytest.mark.parametrize("text", ["X_tain", "/no/such/file.csv", "<b>"])
def test_a_text_that_names_no_data_is_told_with_what_there_is(text: str) -> None:
    train("first", X_train=FRAME)
    with pytest.raises(InputError, match=r"names no data.*there are: X_train"):
        ts.models.using(text)
    with pytest.raises(InputError, match="names no data"):
        ts.lineage(text)


def test_what_cannot_be_data_is_refused() -> None:
    with pytest.raises(InputError, match="as the data of"):
        ts.models.using(object())
    with pytest.raises(InputError, match="lineage is of one run; these are 0"):
        ts.lineage(ts.runs())
    with pytest.raises(InputError, match="names no run"):
        ts.lineage("last")


def test_from_data_by_its_cell_and_run_to_version_and_stage_and_back(store_folder: Path) -> None:
    data = Dataset(name="X_train", kind="DataFrame", shape="3×1", role="train", digest="v1:" + "a" * 32, source="d.csv")
    before = ["import pandas as pd", "X_train = pd.read_csv('d.csv')"]
    cell = "%%track\nmodel.fit(X_train)"
    run = keep_run(store_folder, cell, earlier=before, datasets=[data], cell_digest="c" * 64)
    with ts.run("parts", resume=run.id):
        ts.log_artifact(b"w", "w.bin", kind="model")
    version = ts.models.register("churn", ts.runs(run.id)).promote("staging").alias("champion")
    expected = {
        ("d.csv", "read from", "X_train"),
        ("X_train", "train", "[7] model.fit(X_train)"),
        ("[7] model.fit(X_train)", "ran as", "fit"),
        ("fit", "registered as", "churn 1"),
        ("churn 1", "is in", "staging"),
    }
    for of in (version, run, ts.runs(run.id), "X_train", "a" * 10):
        assert steps(ts.lineage(of)) == expected
    (drawn,) = [node for node in ts.lineage(version).graph().nodes.values() if node.kind == "cell"]
    assert dict(drawn.details)["depends on"] == "[2] X_train = pd.read_csv('d.csv')\n[1] import pandas as pd"
    assert ts.lineage(version).graph().focus == "version:1:churn"
    assert repr(ts.lineage("X_train")).splitlines()[1:] == [
        "  used X_train (train)",
        "  became churn 1 (staging · champion)",
    ]


def test_runs_inside_of_a_run_hang_on_it() -> None:
    with ts.run("sweep"):
        inner = train("seed 1", model="churn", X_train=FRAME)
    assert ("sweep", "part of", "seed 1") in steps(ts.lineage(ts.runs(inner)))


def test_data_whose_content_is_not_on_record_is_told_apart_by_name_and_shape(store_folder: Path) -> None:
    for name, shape in (("a", "3×1"), ("b", "3×1"), ("c", "4×1")):
        data = Dataset(name="X" if name != "b" else "Y", kind="DataFrame", shape=shape)
        keep_run(store_folder, None, name=name, datasets=[data])
    assert len(ts.models.using("X")) == 0
    graph = ts.lineage("X").graph()
    assert sorted(node.title for node in graph.nodes.values() if node.kind == "run") == ["a", "c"]
    assert sum(node.kind == "data" for node in graph.nodes.values()) == 2


def test_of_many_runs_few_are_drawn_and_what_is_left_out_is_said() -> None:
    for number in range(30):
        train(f"run {number}", model="churn" if number % 2 else None, X_train=FRAME, **{f"own{number}": FRAME * number})
    traced = ts.lineage("X_train")
    graph = traced.graph()
    assert len(graph.nodes) <= MOST_NODES
    assert graph.left_out["run"] == 3
    assert "left out: 3 runs" in repr(traced)
    assert "left out: 3 runs; .df has all" in traced._repr_html_()
    assert len(traced.df[traced.df["relation"] == "registered as"]) == 15
    with ts.run("wide"):
        for number in range(70):
            ts.log_dataset(f"d{number}", np.arange(number + 1.0))
    wide = ts.lineage("wide")
    assert "62 datasets" in wide.graph().describe_left_out()
    assert len(wide.df) >= 70


def test_runs_that_read_what_each_other_made_end_somewhere(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("a\n1\n")
    two.write_text("a\n2\n")
    with ts.run("a") as first:
        ts.log_artifact(one, "one.csv")
    with ts.run("b") as second:
        ts.log_artifact(two, "two.csv")
        ts.log_dataset("one", one)
    with ts.run("c", resume=first.id):
        ts.log_dataset("two", two)
    graph = ts.lineage(ts.runs(second.id)).graph()
    assert {node.title for node in graph.nodes.values() if node.kind == "run"} == {"a", "b"}
    assert "a" in repr(ts.lineage(ts.runs(first.id)))
    assert ts.lineage(ts.runs(first.id))._repr_html_()


@pytest.mark.parametrize("name", ["</summary><script>x</script>", "' onclick='x", "\u202edoog", "x" * 10_000])
def test_names_are_text_in_the_picture_and_lines_are_a_picture(store_folder: Path, name: str) -> None:
    data = Dataset(name=name, kind=name, shape=name, source=name, digest=None)
    run = keep_run(store_folder, name, name=name, datasets=[data])
    page = ts.lineage(run)._repr_html_()
    assert "<script" not in page
    assert "\u202e" not in page
    assert len(page) < 40_000
    found, drawn = Tags(), Tags()
    found.feed(page)
    assert found.tags <= set("div span img details summary bdi b table tbody tr td pre".split())
    (address,) = found.addresses
    drawn.feed(base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode())
    assert drawn.tags == set("svg defs marker path g rect".split())
    assert drawn.addresses == []


def test_where_nothing_is_known_it_says_so() -> None:
    train("first", X_train=FRAME)
    traced = ts.lineage(FRAME * 7)
    assert repr(traced) == "nothing is on record of it"
    assert "Nothing is on record" in traced._repr_html_()
    assert traced.df.empty
