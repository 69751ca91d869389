"""What a run keeps besides its events: blobs, artifacts, records of its parts, what is known of its data."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.store.support import all_tables
from trackside.capture.data.datasets import Described
from trackside.errors import StoreDamagedError
from trackside.model import Artifact, Dataset
from trackside.records import Code, CodeCell, encode
from trackside.store.blobs import Blob, copy_blob, digest_stream, read_blob, save_blob, save_stream
from trackside.store.purge import collect_garbage
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.store.store import Store


def blobs_of(store: Store) -> dict[str, Path]:
    return {path.name: path for path in (store.folder / "blobs").rglob("*") if path.is_file()}


def test_a_runs_data_artifacts_and_parts_stand_in_the_tables(store: Store) -> None:
    run = Run.start(store.folder, name="a")
    for step, data in ((None, b"one"), (1, b"two"), (1, b"three")):
        digest = run.recording.keep(data)
        run.keep_artifacts(
            [Artifact(name="plot", kind="figure", mime="image/png", bytes=len(data), sha256=digest, step=step)]
        )
    seen = Dataset(name="X", kind="ndarray", shape="3×2", role="train", digest="v1:ab", memory=48)
    run.note_data([Described(seen)])
    run.recording.keep_part("code", Code(branch="main"))
    run.recording.keep_part("code", Code(branch="other"))
    run.finish()
    assert store.refresh(10.0)
    with store.read() as connection:
        artifacts = connection.execute("SELECT name, step, bytes, mime FROM artifacts ORDER BY step").fetchall()
        datasets = connection.execute("SELECT name, role, digest, sampled, memory, source FROM datasets").fetchall()
        [[part, digest]] = connection.execute("SELECT part, digest FROM parts").fetchall()
    assert artifacts == [("plot", 1, 5, "image/png"), ("plot", None, 3, "image/png")]
    assert datasets == [("X", "train", "v1:ab", False, 48, None)]
    assert (part, read_blob(store.folder, digest)) == ("code", encode(Code(branch="other")))
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained


def test_what_is_streamed_is_kept_as_what_is_held(store: Store, tmp_path: Path) -> None:
    data = os.urandom(3 << 20)
    assert save_stream(store.folder, io.BytesIO(data)) == Blob(save_blob(store.folder, data), len(data))
    assert digest_stream(io.BytesIO(data)) == save_stream(store.folder, io.BytesIO(data))
    [(digest, path)] = blobs_of(store).items()
    assert path.stat().st_mode & 0o777 == 0o600
    copy_blob(store.folder, digest, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == data


def test_a_stream_that_breaks_off_leaves_nothing(store: Store) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        save_stream(store.folder, Broken())
    assert blobs_of(store) == {}


def test_a_damaged_blob_is_never_copied_out(store: Store, tmp_path: Path) -> None:
    digest = save_blob(store.folder, b"the model")
    blobs_of(store)[digest].write_bytes(b"the mudel")
    with pytest.raises(StoreDamagedError, match="other bytes than were kept"):
        copy_blob(store.folder, digest, tmp_path / "model.bin")
    assert list(tmp_path.glob("model*")) == []


BIG = """
import resource, sys
from pathlib import Path
from trackside.store.blobs import copy_blob, save_stream
folder, source = map(Path, sys.argv[1:])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with source.open("rb") as file:
    blob = save_stream(folder, file)
copy_blob(folder, blob.sha256, source.with_name("copy"))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_large_file_goes_in_and_out_without_being_held_in_memory(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "weights.bin"
    with source.open("wb") as file:
        file.truncate(300 << 20)
    command = [sys.executable, "-c", BIG, str(store.folder), str(source)]
    grown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert int(grown) < 30  # MiB
    assert (tmp_path / "copy").stat().st_size == 300 << 20


def test_garbage_is_what_no_run_and_no_record_of_one_refers_to(store: Store) -> None:
    run = Run.start(store.folder, name="a")
    cell, plot, loose = run.recording.keep(b"lr = 0.1"), run.recording.keep(b"plot"), run.recording.keep(b"loose")
    run.keep_artifacts([Artifact(name="plot", kind="figure", mime="image/png", bytes=4, sha256=plot)])
    run.recording.keep_part("code", Code(cells=[CodeCell(sha256=cell)]))
    run.finish()
    assert store.refresh(10.0)
    for path in blobs_of(store).values():
        os.utime(path, (time.time() - 7200,) * 2)
    collect_garbage(store.folder)
    assert {cell, plot} < blobs_of(store).keys()
    assert loose not in blobs_of(store)
    assert store.problems() == []
    blobs_of(store)[plot].unlink()
    [problem] = store.problems()
    assert plot in str(problem)
