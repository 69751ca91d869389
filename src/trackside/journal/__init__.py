"""Append-only files of a run's events: one for each process that writes, the truth that the store indexes."""

from trackside.journal.reader import Damage, JournalReader
from trackside.journal.writer import JournalWriter, has_open_writers

__all__ = ["Damage", "JournalReader", "JournalWriter", "has_open_writers"]
