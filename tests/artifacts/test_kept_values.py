"""Each kind of value is kept in its own form, and read back as what it was."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import altair as alt
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import polars as pl
import pyarrow as pa
import pytest
import torch
from PIL import Image

import trackside as ts
from trackside.errors import InputError
from trackside.tracking.current import begin_cell

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.artifacts import KeptArtifact
    from trackside.model import Artifact

pytestmark = pytest.mark.usefixtures("store_folder")


def keep(value: Any, name: str | None = None, **how: Any) -> tuple[Artifact, KeptArtifact]:
    """Keep one value in a run of its own; return what the call returned, and what can be read afterwards."""
    with ts.run("r"):
        artifact = ts.log_artifact(value, name, **how)
    assert artifact is not None
    found = ts.runs("last").artifacts()[artifact.name]
    assert (found.kind, found.mime, found.size) == (artifact.kind, artifact.mime, artifact.bytes)
    return artifact, found


def test_a_matplotlib_figure_is_a_picture_and_its_numbers() -> None:
    figure, axes = plt.subplots()
    axes.plot([1, 2, 3], [4.0, np.nan, 6.0], label="train")
    axes.scatter([1, 2], [3, 4], c=[0.1, 0.2])
    axes.bar([1, 2], [5, 6], label="counts")
    axes.imshow(np.eye(2))
    axes.set(title="Loss by\nepoch", xlabel="epoch", yscale="log")
    artifact, found = keep(figure)
    plt.close(figure)
    assert (artifact.name, artifact.kind, artifact.mime) == ("Loss by epoch", "figure", "image/png")
    assert Image.open(io.BytesIO(found.read())).format == "PNG"
    (drawn,) = found.data["axes"]
    assert drawn["lines"] == [{"label": "train", "x": [1, 2, 3], "y": [4, "NaN", 6]}]
    assert drawn["collections"] == [{"offsets": [[1, 3], [2, 4]], "values": [0.1, 0.2]}]
    assert [bar["height"] for bar in drawn["bars"]] == [5, 6]
    assert drawn["images"] == [{"shape": [2, 2], "values": [[1, 0], [0, 1]]}]
    assert (drawn["xlabel"], drawn["yscale"]) == ("epoch", "log")


def test_axes_stand_for_their_figure_and_many_points_are_thinned() -> None:
    figure, axes = plt.subplots()
    axes.plot(np.arange(50_000))
    _, found = keep(axes, "long")
    plt.close(figure)
    (line,) = found.data["axes"][0]["lines"]
    assert len(line["x"]) == 10_000
    assert (line["x"][0], line["x"][-1]) == (0, 49_999)


LIMITS = "(at most 100,000 numbers are kept, 10,000 points of a line)"


def test_all_artists_of_a_figure_share_its_room_and_what_is_left_out_is_told() -> None:
    figure, axes = plt.subplots()
    axes.plot(np.arange(200 * 10_000).reshape(10_000, 200))
    axes.scatter([1, 2], [3, 4])
    artifact, found = keep(figure)
    plt.close(figure)
    (shown,) = found.data["axes"]
    assert len(shown["lines"]) == 200
    assert 90_000 <= sum(len(line["x"]) + len(line["y"]) for line in shown["lines"]) <= 100_000
    assert (shown["lines"][0]["y"][0], shown["lines"][0]["y"][-1]) == (0, 1_999_800)
    told = f"points of 200 of its lines and collections, 1 of its lines, collections, bars and images {LIMITS}"
    assert artifact.about["left out"] == found.data["left_out"] == told


def test_a_mesh_of_very_many_values_is_left_out() -> None:
    figure, axes = plt.subplots()
    axes.pcolormesh(np.zeros((400, 400)))
    axes.imshow(np.ones((20, 20)))
    artifact, found = keep(figure)
    plt.close(figure)
    (shown,) = found.data["axes"]
    assert "values" not in shown["collections"][0]
    assert shown["images"][0]["values"] == [[1.0] * 20] * 20
    assert artifact.about["left out"] == f"1 of its lines, collections, bars and images {LIMITS}"


def test_an_altair_chart_is_its_specification_with_all_data() -> None:
    chart = alt.Chart(pd.DataFrame({"a": range(6000)}), title="Points").mark_point().encode(x="a")
    artifact, found = keep(chart)
    assert (artifact.name, artifact.kind) == ("Points", "figure")
    (rows,) = found.data["datasets"].values()
    assert len(rows) == 6000


def test_a_plotly_figure_is_its_json() -> None:
    figure = go.Figure(go.Scatter(x=[1, 2], y=[3, 4]), layout={"title": {"text": "Accuracy"}})
    artifact, found = keep(figure)
    assert (artifact.name, artifact.mime) == ("Accuracy", "application/vnd.plotly.v1+json")
    assert found.load()["data"][0]["y"] == [3, 4]


TABLE = pd.DataFrame({"lr": [0.1, 0.2], "name": ["a", "b"], "when": pd.to_datetime(["2026-01-01", "2026-01-02"])})


@pytest.mark.parametrize(
    "value",
    [TABLE, TABLE.set_index("name"), pl.DataFrame({"lr": [0.1, 0.2]}), pa.table({"lr": [0.1, 0.2]}), TABLE["lr"]],
    ids=["pandas", "index", "polars", "arrow", "series"],
)
def test_tables_are_parquet_and_come_back_as_they_were(value: Any) -> None:
    artifact, found = keep(value)
    assert (artifact.kind, artifact.mime) == ("table", "application/vnd.apache.parquet")
    expected = value.to_pandas() if hasattr(value, "to_pandas") else value
    expected = expected.to_frame() if isinstance(expected, pd.Series) else expected
    pd.testing.assert_frame_equal(found.load(), expected)


@pytest.mark.parametrize("value", [TABLE.drop(columns="when"), TABLE.set_index(["name", "lr"])], ids=["plain", "index"])
def test_without_pyarrow_tables_are_csv(value: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pyarrow", None)
        artifact, found = keep(value)
    assert artifact.mime == "text/csv"
    loaded = found.load()
    assert loaded.index.names == value.index.names
    assert loaded.shape == value.shape


def test_a_table_whose_columns_are_numbers_or_repeat_is_kept_too() -> None:
    assert keep(pd.DataFrame(np.eye(2)))[0].mime == "text/csv"
    assert keep(pd.DataFrame(np.eye(2), columns=["a", "a"]))[0].mime == "text/csv"


@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3).T, np.array(["a", "bc"]), np.array(3)])
def test_arrays_come_back_exactly(array: Any) -> None:
    artifact, found = keep(array)
    assert artifact.kind == "array"
    np.testing.assert_array_equal(found.load(), array)
    assert found.load().dtype == array.dtype


def test_a_tensor_is_kept_as_an_array() -> None:
    _, found = keep(torch.ones(2, 3, requires_grad=True))
    assert found.load().tolist() == [[1, 1, 1], [1, 1, 1]]


def test_an_array_of_objects_is_refused() -> None:
    with ts.run("r"), pytest.raises(InputError, match="Python objects; expected numbers or texts"):
        ts.log_artifact(np.array([{}]))


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "CMYK"])
def test_pictures_are_png(mode: str) -> None:
    artifact, found = keep(Image.new(mode, (3, 4)))
    assert (artifact.kind, artifact.mime) == ("image", "image/png")
    assert Image.open(io.BytesIO(found.read())).size == (3, 4)


def test_json_says_what_is_not_finite_and_leaves_secrets_out() -> None:
    token = "ghp_" + "a" * 36
    _, found = keep({"loss": float("nan"), "n": np.int64(3), "w": np.eye(2), "api_key": "k", "text": f"see {token}"})
    assert found.load() == {
        "loss": "NaN",
        "n": 3,
        "w": [[1, 0], [0, 1]],
        "api_key": "<redacted>",
        "text": "see <redacted>",
    }


def test_all_that_stands_under_a_secrets_name_in_json_is_left_out() -> None:
    given = {
        "password": 12345,
        "auth_tokens": ["s3cr3t", ("x1", None)],
        "credentials": {"user": "ada", "port": 5432, "raw": b"k", "ok": True},
        "passwords": {"db": 1.5, "new": [np.int64(7)]},
        "secret": "",
        "token": {"0": "the", "1": "cat"},
        "max_tokens": 512,
    }
    out = "<redacted>"
    assert keep(given)[1].load() == {
        "password": out,
        "auth_tokens": [out, [out, None]],
        "credentials": {"user": out, "port": 5432, "raw": out, "ok": True},
        "passwords": {"db": out, "new": [out]},
        "secret": "",
        "token": {"0": "the", "1": "cat"},
        "max_tokens": 512,
    }


def test_json_that_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with ts.run("r"), pytest.raises(InputError, match="60 levels"):
        ts.log_artifact(endless)


def test_texts_are_redacted_and_bytes_are_not() -> None:
    assert keep("# Notes\npassword = 'pa55'", "notes.md")[1].load() == "# Notes\npassword = '<redacted>'"
    assert keep("# Notes", "notes.md")[0].mime == "text/markdown"
    assert keep(b"\x00password")[1].read() == b"\x00password"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("api_token: abc123def\nhost: db1\n", "api_token: <redacted>\nhost: db1\n"),
        ('db_password: "hunter2"\nhost: "db1"\n', 'db_password: "<redacted>"\nhost: "db1"\n'),
        ("headers = {'X-Api-Key': ['hunter2']}", "headers = {'X-Api-Key': ['<redacted>']}"),
        ("class A:\n    token: str\n    max_tokens: 512", "class A:\n    token: str\n    max_tokens: 512"),
    ],
)
def test_texts_are_redacted_whether_or_not_they_read_as_python(text: str, kept: str) -> None:
    assert keep(text, "conf.yaml", kind="text")[1].read().decode() == kept


@pytest.mark.parametrize("path", ["model.pt", "nosuch.bin", "runs/7", "~/x.csv", "https://host/a", "a.weights"])
def test_a_text_that_looks_like_a_path_must_be_one(path: str) -> None:
    with ts.run("r"):
        with pytest.raises(InputError, match=r'no file or folder here; .* say kind="text"'):
            ts.log_artifact(path)
        artifact = ts.log_artifact(path, kind="text")
    assert artifact is not None
    assert artifact.kind == "text"


@pytest.mark.parametrize("text", ["0.93", "v1.2", "fine.", "read data.csv first", "1 and/or 2", "a.b\nc/d", ""])
def test_any_other_text_is_one(text: str) -> None:
    with ts.run("r"):
        artifact = ts.log_artifact(text)
    assert artifact is not None
    assert artifact.kind == "text"


def test_an_unknown_object_is_refused_in_one_line() -> None:
    with ts.run("r"), pytest.raises(InputError, match="found object; expected a path") as caught:
        ts.log_artifact(object())
    assert "\n" not in str(caught.value)


def test_a_value_whose_library_fails_is_one_input_error() -> None:
    figure, axes = plt.subplots()
    axes.set_title("$\\notamacro$")
    with ts.run("r"), pytest.raises(InputError, match=r"Figure cannot be kept .ValueError: "):
        ts.log_artifact(figure)
    plt.close(figure)


def test_steps_make_a_series_and_a_name_alone_means_the_newest() -> None:
    with ts.run("r"):
        for step in range(3):
            ts.log_artifact(np.array([step]), "weights", step=step)
        ts.log_artifact({"a": 1}, "x")
        ts.log_artifact({"a": 2}, "x")
    artifacts = ts.runs("last").artifacts()
    assert [each.step for each in artifacts if each.name == "weights"] == [0, 1, 2]
    assert artifacts["weights"].load().tolist() == [2]
    assert artifacts["x"].load() == {"a": 2}


def test_what_nobody_named_gets_names_of_its_own_and_is_kept_once() -> None:
    with ts.run("r") as run:
        for value in (1, 2, 1):
            ts.log_artifact([value])
        figure, axes = plt.subplots()
        axes.plot([1])
        first, again = ts.log_artifact(figure), ts.log_artifact(figure)
        plt.close(figure)
    assert first is again
    assert [name for name, _ in run.artifacts] == ["data", "data 2", "figure 1"]


def test_without_a_run_it_warns_once(tmp_path: Path) -> None:
    begin_cell()
    with pytest.warns(UserWarning, match=r"log_artifact.…. was not kept: no run is live") as caught:
        kept = [ts.log_artifact({"a": 1}) for _ in range(2)]
    assert kept == [None, None]
    assert len(caught) == 1
    assert not list(tmp_path.rglob("blobs/*/*"))


def test_a_dry_run_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_MODE", "disabled")
    with ts.run("r"):
        artifact = ts.log_artifact({"a": 1})
    assert artifact is not None
    assert artifact.bytes == len(json.dumps({"a": 1}, indent=1))
    assert not list(tmp_path.rglob("*.ndjson"))
