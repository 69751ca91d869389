"""Modules of the user's own that were imported: files of the project, and no packages that were installed."""

from __future__ import annotations

import os
import sysconfig
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.code.sources import look_at_source

if TYPE_CHECKING:
    from types import ModuleType

MOST_MODULES = 50
MOST_BYTES = 200_000
"""How large a module's source may be to be kept."""

_OURS = __name__.partition(".")[0]
"""In Trackside's own checkout it is a module like others; no run depends on what tracks it."""

_INTERPRETERS = tuple(sysconfig.get_path(kind) + os.sep for kind in ("stdlib", "purelib", "platlib"))
_INSTALLED = frozenset(("site-packages", "dist-packages", ".venv", "venv", "node_modules", ".tox"))


class ModuleSource(NamedTuple):
    """An imported module; ``path`` is relative to the project's folder.

    ``is_edited`` tells that its file was edited since; ``is_as_imported`` that ``source`` is what was imported even so.
    """

    name: str
    path: str
    source: str
    is_edited: bool = False
    is_as_imported: bool = True


class ModuleSources(NamedTuple):
    """The modules that were found, and how many more there are, or are too large."""

    modules: list[ModuleSource]
    left_out: int


class _Listed(NamedTuple):
    size: int
    last: str
    names: list[str]


_listed: dict[Path, _Listed] = {}


def find_local_modules(root: Path, imported: dict[str, ModuleType]) -> ModuleSources:
    """Return the modules whose files are under ``root``, in the order in which they were imported.

    Parameters
    ----------
    imported
        What was imported, as ``dict(sys.modules)`` had it.
    """
    root = root.resolve()
    found: list[ModuleSource] = []
    left_out = 0
    for name in _list_local(root, imported):
        module = imported[name]
        file, is_room = str(_names(module).get("__file__")), len(found) < MOST_MODULES
        seen = look_at_source(name, Path(file), _names(module), MOST_BYTES) if is_room else None
        if seen is None:
            left_out += 1
        else:
            place = _real(file).relative_to(root).as_posix()
            found.append(ModuleSource(name, place, seen.source, seen.is_edited, seen.is_as_imported))
    return ModuleSources(found, left_out)


def _list_local(root: Path, imported: dict[str, ModuleType]) -> list[str]:
    """Return the user's own modules; a kernel has thousands of others, which are looked at anew when more come in."""
    size, last = len(imported), next(reversed(imported), "")
    known = _listed.get(root)
    if known is None or (known.size, known.last) != (size, last):
        known = _listed[root] = _Listed(size, last, list(imported))
    names = [name for name in known.names if _is_local(name, _names(imported.get(name)).get("__file__"), root)]
    _listed[root] = known._replace(names=names)
    return names


def _is_local(name: str, file: object, root: Path) -> bool:
    is_ours = name == "__main__" or name.partition(".")[0] == _OURS
    if is_ours or not isinstance(file, str) or not file.endswith(".py") or file.startswith(_INTERPRETERS):
        return False
    path = _real(file)
    return path.is_relative_to(root) and _INSTALLED.isdisjoint(path.relative_to(root).parts)


@lru_cache(maxsize=1024)
def _real(file: str) -> Path:
    """Return where a file lies: a home folder on another disk is often reached through a link."""
    return Path(file).resolve()


@lru_cache(maxsize=1024)  # it is asked at every print
def is_own_file(name: str) -> bool:
    """Tell whether a code object's file is a module or script of the user's: it was neither installed nor is it a cell.

    Wherever it lies: notebooks reach for ``../src``, too.
    """
    path = Path(name)
    is_cell = path.parent.name.startswith("ipykernel_")  # the debugger writes cells to files
    is_installed = name.startswith(_INTERPRETERS) or not _INSTALLED.isdisjoint(path.parts)
    return path.suffix == ".py" and not (is_cell or is_installed) and path.is_file()


def find_root(folder: Path) -> Path:
    """Return the project's folder: the nearest with a repository or ``pyproject.toml``, else ``folder`` itself."""
    for around in (folder, *folder.parents):
        try:
            if (around / ".git").exists() or (around / "pyproject.toml").exists():
                return around
        except PermissionError:
            break
    return folder


def _names(module: object) -> dict[str, Any]:
    """Return the attributes that a module has already: some load what they are asked for."""
    try:
        names = object.__getattribute__(module, "__dict__")
    except AttributeError:
        return {}
    return names if isinstance(names, dict) else {}
