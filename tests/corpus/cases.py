"""Reads the cases."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
_CELL = re.compile(r"^# %%(.*)\n", re.MULTILINE)
_LIST = re.compile(r"^# (params|metrics|fine): *(.*)$", re.MULTILINE)
_COMMA = re.compile(r",\s*(?![^(\[{]*[)\]}])")


@dataclass(frozen=True)
class Wanted:
    """A name to be listed, under any of ``names``; with ``value``, if that is not null, as it is written in Python."""

    names: tuple[str, ...]
    value: str | None = None

    @classmethod
    def parse(cls, item: str) -> Wanted:
        """Read ``name``, ``name|other name`` or ``name=value``."""
        names, _, value = item.partition("=")
        return cls(tuple(name.strip() for name in names.split("|")), value.strip() or None)

    def __str__(self) -> str:
        return self.names[0] + (f"={self.value}" if self.value else "")


@dataclass(frozen=True)
class Case:
    """A training cell with the cells around it, and what a person would want on its card."""

    library: str
    name: str
    params: tuple[Wanted, ...]
    metrics: tuple[Wanted, ...]
    fine: tuple[Wanted, ...]
    cells: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Case:
        """Read a case from its file.

        Raises
        ------
        ValueError
            No cell is marked as tracked, or the header has neither params nor metrics.
        """
        header, *parts = _CELL.split(path.read_text())
        lists: dict[str, list[Wanted]] = {"params": [], "metrics": [], "fine": []}
        for kind, items in _LIST.findall(header):
            lists[kind] += [Wanted.parse(item) for item in _COMMA.split(items) if item]
        cells = [_source(mark.strip(), code) for mark, code in zip(parts[::2], parts[1::2], strict=True)]
        if not any(cell.startswith("%%track") for cell in cells) or not (lists["params"] or lists["metrics"]):
            raise ValueError(f"{path} has no cell marked '# %% track', or wants neither params nor metrics")
        params, metrics, fine = (tuple(items) for items in lists.values())
        return cls(path.parent.name, path.stem, params, metrics, fine, tuple(cells))

    def __str__(self) -> str:
        return f"{self.library}/{self.name}"


def read_cases(library: str | None = None, name: str | None = None) -> list[Case]:
    """Return all cases, or those of one library or of one name, in the order of their files."""
    return [Case.read(path) for path in sorted(FOLDER.glob(f"{library or '*'}/{name or '*'}.ipy"))]


def is_installed(library: str) -> bool:
    """Return whether the library that a case's folder is named after can be imported here."""
    return importlib.util.find_spec(library) is not None


def _source(mark: str, code: str) -> str:
    word, _, options = mark.partition(" ")
    return f"%%track {options}".rstrip() + f"\n{code.strip()}\n" if word == "track" else f"{code.strip()}\n"
