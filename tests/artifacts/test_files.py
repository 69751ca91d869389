"""Files and folders are kept a piece at a time, and nothing outside of them is."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.capture.artifacts.files import FOLDER_MIME, MAX_FILES
from trackside.errors import InputError
from trackside.locks import stand_in_folder
from trackside.model import Artifact
from trackside.store.layout import is_in_store
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

MB = 1_000_000

STREAM = """
import os, resource, sys
from pathlib import Path
import trackside as ts
run = ts.run("r")
ts.log_artifact(b"warm")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
artifact = ts.log_artifact(Path(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, artifact.sha256)
run.finish()
"""


def test_a_large_file_needs_no_such_memory(store_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "big.bin"
    with file.open("wb") as big:
        for number in range(300):
            big.write(number.to_bytes(4, "big") * (MB // 4))
    ran = subprocess.run(
        [sys.executable, "-c", STREAM, str(file)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    kilobytes, digest = ran.stdout.split()
    assert int(kilobytes) < 30_000
    with file.open("rb") as big:
        assert digest == hashlib.file_digest(big, "sha256").hexdigest()
    assert (store_folder / "blobs" / digest[:2] / digest).stat().st_size == 300 * MB


ARRAY = """
import resource
import numpy as np
import trackside as ts
array = np.zeros(300_000_000, dtype="u1") + 1
run = ts.run("r")
ts.log_artifact(np.arange(3))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
ts.log_artifact(array)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
run.finish()
"""


@pytest.mark.usefixtures("store_folder")
def test_a_large_array_is_not_copied_in_memory(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", ARRAY], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert int(ran.stdout) < 60_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "sub").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "sub" / "weights.bin").write_bytes(b"w")
    return folder


@pytest.mark.usefixtures("store_folder")
def test_a_folder_is_its_files_and_a_list_that_saves_it_again(folder: Path, tmp_path: Path) -> None:
    with ts.run("r"):
        artifact = ts.log_artifact(folder, step=3)
    assert artifact is not None
    assert (artifact.kind, artifact.about) == ("folder", {"files": "2", "total": "3"})
    artifacts = ts.runs("last").artifacts()
    assert artifacts.names == ["model", "model/config.json", "model/sub/weights.bin"]
    assert {each.step for each in artifacts} == {3}
    saved = artifacts["model"].save(tmp_path / "again")
    assert (saved / "sub" / "weights.bin").read_bytes() == b"w"
    assert (saved / "config.json").read_text() == "{}"


@pytest.mark.usefixtures("store_folder")
def test_a_folder_is_saved_with_the_names_that_it_had(folder: Path, tmp_path: Path) -> None:
    long = "x" * 120
    names = [".hydra/config.yaml", ".gitignore", f"{long}1", f"{long}2", "a:b?.txt", " end. ", "a\\b", ".../c"]
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(name)
    with ts.run("r"):
        ts.log_artifact(folder)
    saved = ts.runs("last").artifacts()["model"].save(tmp_path / "again")
    assert {name: (saved / name).read_text() for name in names} == {name: name for name in names}


@pytest.mark.usefixtures("store_folder")
def test_where_one_file_of_a_folder_is_there_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    with ts.run("r"):
        ts.log_artifact(folder)
    taken = tmp_path / "again" / "model" / "sub" / "weights.bin"
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"mine")
    with pytest.raises(InputError, match=r"weights\.bin is there already"):
        ts.runs("last").artifacts()["model"].save(tmp_path / "again")
    assert sorted((tmp_path / "again").rglob("*")) == [taken.parent.parent, taken.parent, taken]
    ts.runs("last").artifacts()["model"].save(tmp_path / "again", overwrite=True)
    assert taken.read_bytes() == b"w"


@pytest.mark.parametrize("inner", ["../up.txt", "/up.txt", "a/../../up.txt", "a\0b", "", "./first.txt"])
def test_a_list_that_names_files_outside_of_the_folder_is_refused(
    store_folder: Path, tmp_path: Path, inner: str
) -> None:
    with Run.start(store_folder, name="r", origin="script") as run:
        own = run.recording.keep(b"own")
        listing = json.dumps({"files": {"first.txt": {"sha256": own}, inner: {"sha256": own}}}).encode()
        digest = run.recording.keep(listing)
        run.keep_artifacts([Artifact(name="evil", kind="folder", mime=FOLDER_MIME, bytes=len(listing), sha256=digest)])
    with pytest.raises(InputError, match="expected paths within it, each once"):
        ts.runs(run.id).artifacts()["evil"].save(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("store_folder")
def test_links_out_of_a_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("pa55")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").write_text("pa55")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "away").symlink_to(tmp_path / "elsewhere")
    (folder / "loop").symlink_to(folder)
    (folder / "within.bin").symlink_to(folder / "sub" / "weights.bin")
    os.mkfifo(folder / "pipe")
    with ts.run("r") as run:
        artifact = ts.log_artifact(folder)
    assert artifact is not None
    assert artifact.about["left out"] == "2 links out of the folder, 2 that are no files"
    assert {name for name, _ in run.artifacts} == {
        "model",
        "model/config.json",
        "model/sub/weights.bin",
        "model/within.bin",
    }


KEY = "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n"


@pytest.mark.usefixtures("store_folder")
def test_what_nobody_means_who_names_a_folder_is_left_out_and_told(folder: Path) -> None:
    for name in (
        ".git/config",
        ".env",
        "sub/.env.local",
        "sub/.ipynb_checkpoints/a.ipynb",
        "__pycache__/a.pyc",
        "id_rsa",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("a")
    (folder / "server.pem").write_text(KEY)
    (folder / "public.pem").write_text("-----BEGIN PUBLIC KEY-----")
    (folder / "link.txt").symlink_to(folder / ".env")
    with ts.run("r") as run:
        artifact = ts.log_artifact(folder)
        inside = set(run.artifacts)
        ts.log_artifact(folder / ".env")
    assert artifact is not None
    assert {name for name, _ in inside} == {
        "model",
        "model/config.json",
        "model/public.pem",
        "model/sub/weights.bin",
    }
    left_out = ".env, .git, __pycache__, id_rsa, link.txt, server.pem, .env.local, .ipynb_checkpoints"
    assert artifact.about["left out"] == left_out
    assert run.notes == [f"left out of folder model: {left_out}"]
    assert (".env", None) in run.artifacts


@pytest.mark.usefixtures("store_folder")
def test_too_many_files_are_refused_and_nothing_is_kept(folder: Path) -> None:
    for number in range(MAX_FILES):
        (folder / f"{number}.txt").touch()
    with ts.run("r") as run, pytest.raises(InputError, match="more than 1000 files"):
        ts.log_artifact(folder)
    assert not run.artifacts


def test_a_path_in_a_store_is_refused_and_a_store_in_a_folder_is_left_out(store_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with ts.run("r") as run:
        for path in (store_folder, store_folder / "trackside.duckdb", store_folder / "blobs" / "ab"):
            with pytest.raises(InputError, match="in a store of Trackside"):
                ts.log_artifact(path)
        link = tmp_path / "link"
        link.symlink_to(store_folder / "lock")
        with pytest.raises(InputError, match="in a store of Trackside"):
            ts.log_artifact(link)
        link.unlink()
        ts.log_artifact(tmp_path, "all")
    assert {name for name, _ in run.artifacts} == {"all", "all/a.txt"}


def test_what_stands_in_for_a_store_is_part_of_it(
    store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stand_in = stand_in_folder(tmp_path / "store")
    (stand_in / "notes.csv").write_text("1,2")
    (tmp_path / "b.csv").write_text("1,2")
    with ts.run("r") as run:
        with pytest.raises(InputError, match="in a store of Trackside"):
            ts.log_artifact(stand_in / "notes.csv")
        ts.log_artifact(tmp_path, "all")
    assert {name for name, _ in run.artifacts} == {"all", "all/b.csv"}
    assert [is_in_store(path) for path in (store_folder, stand_in, stand_in.parent, tmp_path)] == [True] * 3 + [False]


class StartsWhenRead(dict[tuple[str, int | None], Artifact]):
    """Starts a thread while it is iterated, and gives it time to change what is."""

    def __init__(self, known: dict[tuple[str, int | None], Artifact], thread: threading.Thread) -> None:
        super().__init__(known)
        self._thread = thread

    def __iter__(self) -> Iterator[tuple[str, int | None]]:
        names = super().__iter__()
        yield next(names)
        self._thread.start()
        self._thread.join(0.5)
        yield from names


@pytest.mark.usefixtures("store_folder")
def test_a_folder_is_kept_while_another_thread_looks_for_a_free_name(folder: Path) -> None:
    with ts.run("r") as run:
        ts.log_artifact({"a": 1})
        other = threading.Thread(target=run.log_artifact, args=(folder,))
        run.artifacts = StartsWhenRead(run.artifacts, other)
        assert run.log_artifact({"a": 2}) is not None
        other.join()
    assert {name for name, _ in list(dict.keys(run.artifacts))} >= {"data", "data 2", "model", "model/config.json"}


@pytest.mark.usefixtures("store_folder")
def test_what_cannot_be_read_is_one_input_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with ts.run("r") as run:
        for path, message in (
            (tmp_path / "pipe", "is no file"),
            (tmp_path / "none", "not there"),
            (Path("/proc/self/mem"), "could not be read to its end"),
        ):
            with pytest.raises(InputError, match=message):
                ts.log_artifact(path)
    assert not run.artifacts


@pytest.mark.usefixtures("store_folder")
def test_the_same_file_is_kept_once_and_a_newer_one_replaces_it(tmp_path: Path) -> None:
    file = tmp_path / "last.pt"
    with ts.run("r") as run:
        file.write_bytes(b"1")
        first = ts.log_artifact(file)
        file.write_bytes(b"2")
        second = ts.log_artifact(str(file))
    assert first is not None
    assert second is not None
    assert first.name == second.name == "last.pt"
    assert list(run.artifacts.values()) == [second]
    assert ts.runs("last").artifacts()["last.pt"].read() == b"2"
