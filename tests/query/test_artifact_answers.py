"""What a browser is told of artifacts: their list, their bytes, rows and differences, and nothing that is too large."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import trackside as ts
from trackside import artifact_answers, wire
from trackside.browser_api import BrowserApi
from trackside.query import Scope

if TYPE_CHECKING:
    from pathlib import Path

MISSING = "01a00000-0000-7000-8000-000000000000"
HOSTILE = ["../../etc/passwd", "<img src=x onerror=alert(1)>", "'; DROP TABLE artifacts; --", "__proto__", 'a\\b"c']


@pytest.fixture
def api(store_folder: Path) -> BrowserApi:
    return BrowserApi(ts.Store(store_folder), Scope())


def keep(**artifacts: Any) -> str:
    """Keep artifacts in a run, and return its id."""
    with ts.run("r") as run:
        for name, value in artifacts.items():
            ts.log_artifact(value, name)
    return run.id


def content(api: BrowserApi, run_id: str, name: str, **others: Any) -> wire.ArtifactContent:
    answer = api.answer({"ask": "artifact", "run_id": run_id, "name": name, **others})
    assert isinstance(answer, wire.ArtifactContent), answer
    return answer


def failure(api: BrowserApi, **question: Any) -> str:
    answer = api.answer(question)
    assert isinstance(answer, wire.Failure), answer
    return answer.message


def test_artifacts_are_listed_by_run_name_and_step(api: BrowserApi) -> None:
    first = keep(notes="a text")
    with ts.run("r") as run:
        for step in (10, 2):
            ts.log_artifact({"step": step}, "state", step=step)
        ts.log_artifact(b"\0", "bytes.bin")
    answer = api.answer({"ask": "artifacts", "run_ids": [run.id, first]})
    assert isinstance(answer, wire.ArtifactList)
    assert [(each.run_id, each.name, each.step, each.form) for each in answer.artifacts] == [
        (run.id, "bytes.bin", None, "file"),
        (run.id, "state", 2, "text"),
        (run.id, "state", 10, "text"),
        (first, "notes", None, "text"),
    ]
    assert content(api, run.id, "state", step=2).data == base64.b64encode(b'{\n "step": 2\n}').decode()


def test_a_list_is_bounded_and_says_so(api: BrowserApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact_answers, "_MOST_ENTRIES", 2)
    run = keep(a="1", b="2", c="3")
    answer = api.answer({"ask": "artifacts", "run_ids": [run]})
    assert isinstance(answer, wire.ArtifactList)
    assert ([each.name for each in answer.artifacts], answer.more) == (["a", "b"], 1)
    assert "at most 200" in failure(api, ask="artifacts", run_ids=[run] * 201)


def test_what_is_too_large_says_how_to_save_it(api: BrowserApi) -> None:
    run = keep(big=b"\0" * 4_000_001)
    said = failure(api, ask="artifact", run_id=run, name="big", raw=True)
    assert said.endswith(
        f"expected at most 4 MB in a page; save it from Python: ts.runs(\"{run[-5:]}\").artifacts()['big'].save()"
    )
    with ts.run("r") as other:
        ts.log_artifact(b"\0" * 4_000_001, "big", step=3)
    said = failure(api, ask="artifact", run_id=other.id, name="big", step=3)
    code = said.rpartition("Python: ")[2].removesuffix(".save()")
    assert eval(code, {"ts": ts}).step == 3  # noqa: S307 - what people would run


def test_a_text_comes_as_how_it_differs_from_another(api: BrowserApi) -> None:
    before, after = keep(notes="one\ntwo"), keep(notes="one\nthree")
    answer = content(api, after, "notes", against=before)
    assert answer.text is not None
    assert answer.data is None
    assert [(line.kind, "".join(piece.text for piece in line.pieces)) for line in answer.text.lines] == [
        ("same", "one"),
        ("removed", "two"),
        ("added", "three"),
    ]


def test_json_is_compared_value_by_value_whatever_the_order_of_its_keys(api: BrowserApi) -> None:
    before, after = keep(state={"b": 1, "a": [1, 2]}), keep(state={"a": [1, 3], "b": 1})
    answer = content(api, after, "state", against=before)
    assert answer.text is not None
    changed = [line for line in answer.text.lines if line.kind in {"removed", "added"}]
    assert [line.pieces[-1].text for line in changed] == ["2", "3"]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": 1,', "\udce9".encode("utf-8", "surrogatepass").decode("latin-1")]
)
def test_json_that_is_none_is_compared_as_it_stands(api: BrowserApi, tmp_path: Path, text: str) -> None:
    file = tmp_path / "state.json"
    runs = []
    for each in (text, text + "x"):
        file.write_text(each)
        runs.append(keep(state=file))
    answer = content(api, runs[1], "state", against=runs[0])
    assert answer.text is not None


def test_a_text_that_is_too_long_to_compare_is_refused(api: BrowserApi) -> None:
    before, after = keep(log="a\n" * 300_000), keep(log="b\n" * 300_000)
    assert "expected at most 500,000" in failure(api, ask="artifact", run_id=after, name="log", against=before)
    assert content(api, after, "log").data is not None


def test_a_table_comes_by_columns_with_what_json_cannot_hold_as_text(api: BrowserApi) -> None:
    frame = pd.DataFrame({"x": [1.5, np.nan, np.inf], "big": [2**60, 1, 0], "who": ["a", None, "b" * 500], "is": True})
    table = content(api, keep(frame=frame), "frame").table
    assert table is not None
    assert table.names == ["x", "big", "who", "is"]
    assert table.columns[:2] == [[1.5, "NaN", "Infinity"], ["1152921504606846976", 1.0, 0.0]]
    assert table.columns[2][0] == "a"
    assert len(str(table.columns[2][2])) == 200
    assert table.columns[3] == [True, True, True]


def test_the_index_of_a_table_is_a_column_where_it_says_something(api: BrowserApi) -> None:
    frame = pd.DataFrame({"weight": [0.5, 2.0]}, index=pd.Index(["a", "b"], name="id"))
    table = content(api, keep(frame=frame), "frame").table
    assert table is not None
    assert (table.names, table.columns[0]) == (["id", "weight"], ["a", "b"])


def test_of_long_tables_of_predictions_the_same_rows_are_shown_in_every_run(api: BrowserApi) -> None:
    shown = []
    for seed in range(2):
        order = np.random.default_rng(seed).permutation(5000)
        with ts.run("r") as run:
            ts.log_predictions(order % 3, order % 2, ids=order, rows=None)
        table = content(api, run.id, "predictions").table
        assert table is not None
        assert (len(table.columns[0]), table.total) == (2000, 5000)
        shown.append(set(table.columns[0]))
    assert shown[0] == shown[1]


def test_few_bytes_that_hold_many_cells_are_not_read(api: BrowserApi) -> None:
    run = keep(zeros=pd.DataFrame({"x": np.zeros(5_000_001, dtype=np.int8)}))
    assert "5,000,001 rows of 1 columns; expected at most" in failure(api, ask="artifact", run_id=run, name="zeros")


def test_bytes_that_are_no_table_are_a_failure_and_can_be_saved(api: BrowserApi, tmp_path: Path) -> None:
    file = tmp_path / "fake.parquet"
    file.write_bytes(b"no parquet")
    run = keep(fake=file)
    assert "is no application/vnd.apache.parquet" in failure(api, ask="artifact", run_id=run, name="fake")
    raw = content(api, run, "fake", raw=True)
    assert base64.b64decode(raw.data or "") == b"no parquet"


def test_a_page_comes_as_bytes_and_a_model_is_never_loaded(api: BrowserApi, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.pkl"
    bomb.write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "ran").encode() + b"'\ntR.")
    page = tmp_path / "page.html"
    page.write_text("<script>alert(1)</script>")
    run = keep(bomb=bomb, page=page)
    assert content(api, run, "bomb").data
    assert base64.b64decode(content(api, run, "page").data or "") == b"<script>alert(1)</script>"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(api: BrowserApi, name: str) -> None:
    run = keep(**{name: "text"})
    answer = content(api, run, name)
    assert (answer.name, answer.data) == (name, base64.b64encode(b"text").decode())
    assert not set(answer.file) & set('/\\<>:"|?*')
    assert not answer.file.startswith(".")


@pytest.mark.parametrize("run", ["", "../x", "x" * 10_000, MISSING])
def test_what_is_not_there_is_a_failure(api: BrowserApi, run: str) -> None:
    known = keep(notes="text")
    assert len(failure(api, ask="artifact", run_id=run, name="notes")) < 400
    assert len(failure(api, ask="artifact", run_id=known, name="notes", against=run or "x")) < 400
    assert "has no artifact 'other' at step 3" in failure(api, ask="artifact", run_id=known, name="other", step=3)
    json.dumps(failure(api, ask="artifact", run_id=known, name="\ud800"))


def test_lost_bytes_are_a_failure(api: BrowserApi, store_folder: Path) -> None:
    run = keep(notes="text")
    answer = api.answer({"ask": "artifacts", "run_ids": [run]})
    assert isinstance(answer, wire.ArtifactList)
    digest = answer.artifacts[0].sha256
    (store_folder / "blobs" / digest[:2] / digest).unlink()
    assert "cannot be read" in failure(api, ask="artifact", run_id=run, name="notes")
