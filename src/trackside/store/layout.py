"""What stands in a store folder besides its journals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.journal.layout import ended_folder, live_folder, segments_folder

if TYPE_CHECKING:
    from pathlib import Path


def database_path(folder: Path) -> Path:
    """Return the path of the DuckDB file. Only DuckDB may open it: its own lock falls when anybody closes it."""
    return folder / "trackside.duckdb"


def wal_path(database: Path) -> Path:
    """Return the path of a DuckDB file's write-ahead log."""
    return database.with_name(database.name + ".wal")


def make_folders(folder: Path) -> None:
    """Make what is missing of a store folder, for this user's eyes only."""
    journals = live_folder(folder).parent
    for part in (folder, journals, live_folder(folder), ended_folder(folder), segments_folder(folder)):
        part.mkdir(mode=0o700, exist_ok=True, parents=part is folder)
    (folder / "blobs").mkdir(mode=0o700, exist_ok=True)
    for name in ("gate", "lock"):
        (folder / name).touch(mode=0o600)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
        ignore.chmod(0o600)
