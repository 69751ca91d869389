"""Which blobs are wanted: those that any line of any journal refers to.

Lines that others have replaced count, too: the journals are the truth, and whoever examines them looks for the blobs.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from trackside.errors import StoreDamagedError
from trackside.journal import Damage, JournalReader
from trackside.journal.archive import list_journals, open_journal
from trackside.model import ArtifactsLogged, DatasetsSeen, EnvironmentSeen, ModelChanged, PartsKept, Registered
from trackside.store.blobs import read_blob
from trackside.store.intake import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trackside.model import AnyEvent

_PIECE = 1 << 22
_DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")


def claimed_blobs(folder: Path) -> set[str]:
    """Return the digests of all blobs that runs refer to, directly or in their records.

    Raises
    ------
    StoreDamagedError
        A journal cannot be read whole: what it refers to is not known.
    """
    claimed: set[str] = set()
    for name, path in list_journals(folder).items():
        try:
            claimed.update(_claims_of(folder, path))
        except FileNotFoundError:  # archived meanwhile, or purged
            if (moved := list_journals(folder).get(name)) is not None:
                claimed.update(_claims_of(folder, moved))
    return claimed


def blobs_of(event: AnyEvent | Damage) -> list[str]:
    """Return the blobs that an event refers to."""
    match event:
        case EnvironmentSeen():
            return [event.digest]
        case DatasetsSeen():
            return [dataset.profile for dataset in event.datasets if dataset.profile]
        case ArtifactsLogged():
            data = [artifact.about["data"] for artifact in event.artifacts if "data" in artifact.about]
            return [*(artifact.sha256 for artifact in event.artifacts), *data]
        case PartsKept():
            return list(event.parts.values())
        case ModelChanged(change=Registered(artifact=artifact)):
            return [artifact.sha256]
        case _:
            return []


def _claims_of(folder: Path, journal: Path) -> Iterator[str]:
    reader = JournalReader(journal.name)
    with open_journal(journal) as file:
        while data := read_lines(file, reader.offset, _PIECE):
            for event in reader.read_lines(data):
                if isinstance(event, Damage):
                    raise StoreDamagedError(
                        f"{event}; expected a whole line: which blobs are wanted is not known; "
                        "run `trackside doctor`, and nothing is removed until then."
                    )
                for digest in blobs_of(event):
                    yield digest
                    if isinstance(event, PartsKept) or _registers_folder(event):
                        yield from _claims_of_record(folder, digest)


def _registers_folder(event: AnyEvent) -> bool:
    """Tell whether a model that is a folder is registered: its blob is a list of others."""
    return (
        isinstance(event, ModelChanged)
        and isinstance(event.change, Registered)
        and event.change.artifact.mime.endswith("+json")
    )


def _claims_of_record(folder: Path, digest: str) -> Iterator[str]:
    with suppress(StoreDamagedError):  # `trackside doctor` tells of it
        yield from (found.decode() for found in _DIGEST.findall(read_blob(folder, digest)))
