"""The parameters that a notebook declares: papermill's, and those of cells tagged so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.capture.code.cell import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TAGS = frozenset(("parameters", "injected-parameters"))
_INJECTED = re.compile(r"\s*# Parameters\s*\n")
"""How a cell begins that papermill injects."""

_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)


def declared_names(executed: Iterable[str], notebook: Path | None) -> list[str]:
    """Return the names that parameter cells assign, whether or not other cells read them.

    Parameters
    ----------
    executed
        The source of the cells that ran in this session.
    notebook
        The notebook's file, as it was last saved: its cells' tags tell which declare parameters.
    """
    sources = [source for source in executed if _INJECTED.match(source)]
    if notebook:
        sources += _tagged_sources(notebook)
    bindings = [binding for source in sources for binding in Cell.parse(_MAGIC.sub("", source), {}).bindings]
    return list(dict.fromkeys(binding.name for binding in bindings if binding.place != "loop"))


def _tagged_sources(notebook: Path) -> tuple[str, ...]:
    try:
        facts = notebook.stat()
        return _read_tagged(notebook, facts.st_mtime_ns, facts.st_size)
    except (OSError, msgspec.DecodeError):  # not saved yet, or being written right now
        return ()


@lru_cache(maxsize=4)
def _read_tagged(notebook: Path, _modified: int, _size: int) -> tuple[str, ...]:
    """Return the source of the tagged cells; a file without the tags, however large, is not decoded."""
    content = notebook.read_bytes()
    if b'parameters"' not in content:
        return ()
    cells = msgspec.json.decode(content, type=_Notebook).cells
    return tuple("".join(cell.source) for cell in cells if not _TAGS.isdisjoint(cell.metadata.get("tags", ())))


class _NotebookCell(msgspec.Struct):
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}


class _Notebook(msgspec.Struct):
    cells: list[_NotebookCell] = []
