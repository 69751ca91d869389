"""Keeps artifacts with a live run: bytes first, then one line that says what they are."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from trackside.capture.artifacts.content import Content, opened
from trackside.capture.artifacts.files import FOLDER_MIME, mime_of
from trackside.capture.artifacts.labels import MAX_KIND, check_label, clean_label, free_label
from trackside.capture.artifacts.texts import json_bytes
from trackside.capture.artifacts.values import read_content
from trackside.locks import after_fork_in_child
from trackside.model import Artifact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trackside.capture.artifacts.content import FolderContent, Source
    from trackside.store.blobs import Blob
    from trackside.tracking.run_log import RunLog

_naming = threading.Lock()


def keep_value(run: RunLog, value: Any, name: str | None, kind: str | None, step: int | None) -> Artifact | None:
    """Keep a value that somebody gave; see `Run.log_artifact`."""
    name = None if name is None else check_label(name, "an artifact's name")
    kind = None if kind is None else check_label(kind, "an artifact's kind", MAX_KIND)
    content = read_content(value, kind, name)
    if isinstance(content, Content):
        return keep_content(run, content, name=name, kind=kind, step=step)
    label = name or content.name
    return _or_lose(run, label, lambda: _keep_folder(run, content, label, kind or "folder", step))


def keep_content(
    run: RunLog, content: Content, *, name: str | None = None, kind: str | None = None, step: int | None = None
) -> Artifact | None:
    """Keep what was read of a value; None where the disk did not take it and the caller is spared.

    What nobody named gets a name of its own; where the run has the same bytes already, or a figure of the same numbers,
    that one is returned.

    Raises
    ------
    InputError
        A file cannot be read, or a library cannot write what it made.
    JournalError
        The disk did not take it.
    """
    return _or_lose(run, name or content.name, lambda: _keep_content(run, content, name, kind or content.kind, step))


def _keep_content(run: RunLog, content: Content, name: str | None, kind: str, step: int | None) -> Artifact:
    blob = _keep(run, content.source)
    run.recording.note_redacted("artifacts", content.redacted, of=blob.sha256)
    about = content.about | run.added_by
    if content.data is not None:
        about |= {"data": run.recording.keep(content.data)}
    with _naming:
        if name is None and not content.is_named:
            known = _find_same(run, blob, about, kind, step)
            if known is not None:
                return known
            taken = {*run.artifacts, *run.earlier_artifacts}
            name = free_label(content.name, {label for label, its_step in taken if its_step == step})
        artifact = Artifact(
            name=name or content.name,
            kind=kind,
            mime=content.mime,
            bytes=blob.bytes,
            sha256=blob.sha256,
            step=step,
            about=about,
        )
        run.keep_artifacts([artifact])
    return artifact


def _keep_folder(run: RunLog, content: FolderContent, name: str, kind: str, step: int | None) -> Artifact:
    """Keep a folder's files, and a list of them that stands for the folder: all of them, or none."""
    blobs = {inner: _keep(run, path) for inner, path in content.files}
    kept: dict[str, Artifact] = {}
    for inner, blob in blobs.items():
        label = free_label(clean_label(f"{name}/{inner}"), kept)
        kept[label] = _file_of_folder(label, inner, blob, step, name)
    listing = json_bytes({"files": {inner: blob._asdict() for inner, blob in blobs.items()}})
    about = run.added_by | {"files": str(len(blobs)), "total": str(sum(blob.bytes for blob in blobs.values()))}
    artifact = Artifact(
        name=name,
        kind=kind,
        mime=FOLDER_MIME,
        bytes=len(listing),
        sha256=run.recording.keep(listing),
        step=step,
        about=about | ({"left out": content.left_out} if content.left_out else {}),
    )
    with _naming:
        run.keep_artifacts([*kept.values(), artifact])
    if content.left_out:
        run.notes.append(f"left out of folder {name}: {content.left_out}")
    return artifact


def _file_of_folder(label: str, inner: str, blob: Blob, step: int | None, folder: str) -> Artifact:
    about = {"folder": folder}
    return Artifact(
        name=label, kind="file", mime=mime_of(inner), bytes=blob.bytes, sha256=blob.sha256, step=step, about=about
    )


def _keep(run: RunLog, source: Source) -> Blob:
    with opened(source, _room(run)) as file:
        return run.recording.keep_stream(file)


def _room(run: RunLog) -> Path | None:
    """Return where there is room for large values: where they will lie, not on a disk in memory."""
    return None if run.store_folder is None else run.store_folder / "blobs"


def _find_same(run: RunLog, blob: Blob, about: dict[str, str], kind: str, step: int | None) -> Artifact | None:
    data = about.get("data")
    for artifact in list(run.artifacts.values()):
        is_same = artifact.sha256 == blob.sha256 or (data is not None and artifact.about.get("data") == data)
        if is_same and (artifact.kind, artifact.step) == (kind, step) and "folder" not in artifact.about:
            return artifact
    return None


def _or_lose(run: RunLog, name: str, keep: Callable[[], Artifact]) -> Artifact | None:
    """Keep something; say, by an error or a note, where the disk does not take it."""
    try:
        return keep()
    except OSError as error:
        run.recording.lose(f"the artifact {name!r}", error)
        return None


def _renew_lock() -> None:
    """Give a forked child a lock of its own: another thread may have held it at the fork."""
    global _naming  # noqa: PLW0603 - one process, one lock
    _naming = threading.Lock()


after_fork_in_child(_renew_lock)
