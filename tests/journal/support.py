"""Journals to write and read in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.journal import Damage, JournalReader, JournalWriter
from trackside.model import AnyEvent, new_run_id

if TYPE_CHECKING:
    from pathlib import Path


def open_journal(folder: Path, *, owner: bool = True) -> JournalWriter:
    return JournalWriter(folder, new_run_id(), owner=owner)


def read_all(path: Path) -> list[AnyEvent | Damage]:
    return list(JournalReader(path.name).read_lines(path.read_bytes()))


def events(path: Path) -> list[AnyEvent]:
    return [event for event in read_all(path) if not isinstance(event, Damage)]


def damage(path: Path) -> list[Damage]:
    return [event for event in read_all(path) if isinstance(event, Damage)]


def journals(folder: Path) -> list[Path]:
    return sorted((folder / "journals" / "live").glob("*.ndjson"))
