"""All that was kept of a run is read back; what is lost is named and costs only itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.diff.support import code_record, damage, details_of, keep_run, note_datasets
from trackside.errors import InputError
from trackside.model import Artifact, Dataset
from trackside.records import ColumnProfile, DataProfile, Kernel, KernelName, Model, Models, encode
from trackside.run_details import read_details
from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path


def test_everything_is_read_back(store_folder: Path) -> None:
    profile = DataProfile(columns=[ColumnProfile(name="age", dtype="int64", nulls=2)])
    with Run.start(store_folder, name="fit", params={"lr": 0.1}, tags={"stage": "dev"}) as run:
        dataset = Dataset(
            name="X", kind="ndarray", shape="9×2", role="test", profile=run.recording.keep(encode(profile))
        )
        artifact = Artifact(
            name="plot", kind="figure", mime="image/png", bytes=3, sha256=run.recording.keep(b"png"), step=4
        )
        code = code_record(run, ["import numpy", "fit()"], branch="main")
        note_datasets(run, dataset)
        run.keep_artifacts([artifact])
        run.recording.keep_part("code", code)
        run.recording.keep_part("model", models := Models(models=[Model(name="net", kind="MLP", parameters=9)]))
        run.recording.keep_part("kernel", kernel := Kernel(names=[KernelName(name="X", kind="ndarray")]))
        for loss in (0.5, 0.2, float("nan"), 0.4):
            run.log(loss=loss)
    found = details_of(store_folder, run)
    assert (found.name, found.status, found.params, found.tags) == ("fit", "finished", {"lr": 0.1}, {"stage": "dev"})
    assert found.metrics["loss"][:4] == (0.4, 0.2, 0.5, 4)
    assert (found.datasets, found.profiles, found.artifacts) == ({"X": dataset}, {"X": profile}, [artifact])
    assert (found.code, found.models, found.kernel, found.notebook, found.outputs) == (code, models, kernel, None, None)
    assert list(found.sources.values()) == ["import numpy", "fit()"]
    assert found.environment is not None
    assert found.lost == []


def test_a_run_of_which_little_was_kept_is_read(store_folder: Path) -> None:
    with Run.start(store_folder, name="bare") as run:
        pass
    found = details_of(store_folder, run)
    assert (found.source, found.code, found.metrics, found.datasets, found.lost) == (None, None, {}, {}, [])


def test_a_damaged_cell_is_named_and_costs_only_itself(store_folder: Path) -> None:
    run = keep_run(store_folder, earlier=["import numpy", "X = 1"], metrics={"loss": 0.5})
    code = details_of(store_folder, run).code
    assert code is not None
    damage(store_folder, code.cells[0].sha256)
    found = details_of(store_folder, run)
    assert found.lost == [f"the source of a cell ({code.cells[0].sha256[:12]}…) is missing from the store or damaged"]
    assert "X = 1" in found.sources.values()
    assert found.metrics["loss"].last == 0.5


def test_a_damaged_record_is_named_and_costs_only_itself(store_folder: Path) -> None:
    run = keep_run(store_folder, earlier=["a"], notebook=["a", "b"])
    with Store(store_folder).read() as connection:
        row = connection.execute("SELECT digest FROM parts WHERE part = 'code'").fetchone()
    assert row is not None
    (store_folder / "blobs" / row[0][:2] / row[0]).unlink()
    found = details_of(store_folder, run)
    assert found.code is None
    assert found.notebook is not None
    assert len(found.lost) == 1
    assert "code record" in found.lost[0]


def test_a_blob_that_is_another_thing_than_said_is_named(store_folder: Path) -> None:
    with Run.start(store_folder, name="odd") as run:
        note_datasets(run, Dataset(name="X", kind="list", profile=run.recording.keep(b"[1, 2")))
        note_datasets(run, Dataset(name="Y", kind="list", profile="../../../etc/passwd\x00"))
    found = details_of(store_folder, run)
    assert found.profiles == {}
    assert ["no such record" in line for line in found.lost] == [True, False]


def test_an_unknown_run_is_refused(store_folder: Path) -> None:
    run = keep_run(store_folder)
    details_of(store_folder, run)
    with pytest.raises(InputError, match="No run 00000"):
        read_details(Store(store_folder), "00000000-0000-0000-0000-000000000000")
