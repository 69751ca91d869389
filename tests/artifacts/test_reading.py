"""What was kept is read back checked, saved without harm, and never run."""

from __future__ import annotations

import os
import pickle
import time
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import trackside as ts
from trackside.errors import InputError, StoreDamagedError
from trackside.store.purge import collect_garbage
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def keep(value: Any, name: str, **how: Any) -> None:
    with ts.run("r"):
        ts.log_artifact(value, name, **how)


@pytest.mark.usefixtures("store_folder")
def test_saving_never_replaces_a_file_unasked(tmp_path: Path) -> None:
    keep(b"new", "a.bin")
    artifact = ts.runs("last").artifacts()["a.bin"]
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    for path in (target, tmp_path):
        with pytest.raises(InputError, match="there already"):
            artifact.save(path)
    assert target.read_bytes() == b"old"
    assert artifact.save(target, overwrite=True).read_bytes() == b"new"
    with pytest.raises(InputError, match="cannot be written"):
        artifact.save(tmp_path / "none" / "a.bin")


def test_a_damaged_blob_is_told_and_nothing_of_it_is_saved(store_folder: Path, tmp_path: Path) -> None:
    keep(b"whole", "a.bin")
    artifact = ts.runs("last").artifacts()["a.bin"]
    blob = store_folder / "blobs" / artifact.sha256[:2] / artifact.sha256
    blob.write_bytes(b"whoLe")
    with pytest.raises(StoreDamagedError):
        artifact.read()
    with pytest.raises(StoreDamagedError):
        artifact.save(tmp_path / "out.bin")
    assert not list(tmp_path.glob("out*"))
    blob.unlink()
    with pytest.raises(StoreDamagedError):
        artifact.load()


class Trap:
    def __reduce__(self) -> Any:
        return (pytest.fail, ("unpickled",))


@pytest.mark.usefixtures("store_folder")
def test_a_pickle_is_never_loaded() -> None:
    keep(pickle.dumps(Trap()), "model.pkl", kind="model")
    array = np.empty(1, dtype=object)
    array[0] = Trap()
    keep(array.dumps(), "array.npy")
    with pytest.raises(InputError, match="use save"):
        ts.runs("last~1").artifacts()["model.pkl"].load()
    with pytest.raises(InputError, match="is no application/x-npy"):
        ts.runs("last").artifacts()["array.npy"].load()


@pytest.mark.usefixtures("store_folder")
def test_a_name_that_is_not_there_or_not_unique_is_told() -> None:
    keep({"a": 1}, "table one")
    keep({"a": 1}, "table one")
    with pytest.raises(InputError, match="Did you mean 'table one'"):
        _ = ts.runs("last").artifacts()["tabel one"]
    with pytest.raises(InputError, match="2 runs have an artifact 'table one'"):
        _ = ts.runs().artifacts()["table one"]


@pytest.mark.usefixtures("store_folder")
def test_the_collection_lists_itself() -> None:
    with ts.run("r"):
        ts.log_artifact(pd.DataFrame({"a": [1]}), "t")
        ts.log_artifact(Image.new("RGB", (1, 1)), "p", step=2)
    artifacts = ts.runs("last").artifacts()
    assert len(artifacts) == 2
    assert artifacts.df[["name", "kind"]].to_numpy().tolist() == [["p", "image"], ["t", "table"]]
    assert artifacts.df["step"].fillna(-1).tolist() == [2, -1]
    assert [each.name for each in ts.runs("last").artifacts("image")] == ["p"]
    assert "image 'p' at step 2" in repr(artifacts)
    assert "<td>p</td>" in artifacts._repr_html_()
    data, metadata = artifacts["p"]._repr_mimebundle_()
    assert data["text/html"].startswith('<img alt="p" src="data:image/png;base64,')
    assert metadata["trackside"]["kind"] == "artifact"


@pytest.mark.usefixtures("store_folder")
def test_a_picture_from_the_store_brings_no_markup_into_the_page() -> None:
    keep(b"<svg onload='alert(1)'/>", "<b>.svg")
    data, _ = ts.runs("last").artifacts()["<b>.svg"]._repr_mimebundle_()
    assert "<svg" not in data["text/html"]
    assert "<b>" not in data["text/html"]


def test_garbage_collection_leaves_a_figures_numbers_and_a_folders_files(store_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "a.txt").write_text("a")
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    with ts.run("r"):
        ts.log_artifact(figure, "figure")
        ts.log_artifact(tmp_path / "f")
    plt.close(figure)
    artifacts = ts.runs("last").artifacts()
    stale = store_folder / "blobs" / "ab" / ("ab" * 32)
    stale.parent.mkdir(exist_ok=True)
    stale.write_bytes(b"x")
    for blob in store_folder.glob("blobs/*/*"):
        os.utime(blob, (time.time() - 10**7,) * 2)
    collect_garbage(Store(store_folder).folder)
    assert not stale.exists()
    assert artifacts["figure"].data["axes"][0]["lines"][0]["y"] == [1, 2]
    assert (artifacts["f"].save(tmp_path / "g") / "a.txt").read_text() == "a"


def test_the_doctor_tells_of_a_figures_lost_numbers(store_folder: Path) -> None:
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    with ts.run("r"):
        ts.log_artifact(figure, "figure")
    plt.close(figure)
    digest = ts.runs("last").artifacts()["figure"].about["data"]
    (store_folder / "blobs" / digest[:2] / digest).unlink()
    assert any(digest in damage.why for damage in Store(store_folder).problems())
