"""Modules of the user's own that were imported: files of the project, and no packages that were installed."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

MOST_MODULES = 50
MOST_BYTES = 200_000
"""How large a module's source may be to be kept."""

_OURS = __name__.partition(".")[0]
"""In Trackside's own checkout it is a module like others; no run depends on what tracks it."""

_INSTALLED = frozenset(("site-packages", "dist-packages", ".venv", "venv", "node_modules", ".tox"))


class ModuleSource(NamedTuple):
    """An imported module; ``path`` is relative to the project's folder."""

    name: str
    path: str
    source: str


class ModuleSources(NamedTuple):
    """The modules that were found, and how many more there are, or are too large."""

    modules: list[ModuleSource]
    left_out: int


_known: dict[Path, tuple[int, int, str]] = {}


def find_local_modules(root: Path) -> ModuleSources:
    """Return the imported modules whose files are under ``root``, in the order in which they were imported."""
    root = root.resolve()
    found: list[ModuleSource] = []
    left_out = 0
    for name, path in _list_local(root, len(sys.modules), next(reversed(sys.modules), "")):
        source = _read(path) if len(found) < MOST_MODULES else None
        if source is None:
            left_out += 1
        else:
            found.append(ModuleSource(name, path.relative_to(root).as_posix(), source))
    return ModuleSources(found, left_out)


@lru_cache(maxsize=8)
def _list_local(root: Path, _count: int, _last: str) -> list[tuple[str, Path]]:
    """Return the user's own modules; a kernel has thousands of others, which are looked at anew when more come in."""
    files = [(name, _own(module, "__file__")) for name, module in list(sys.modules.items())]
    return [(name, Path(file)) for name, file in files if isinstance(file, str) and _is_local(name, file, root)]


def _is_local(name: str, file: str, root: Path) -> bool:
    path = Path(file)
    is_ours = name == "__main__" or name.partition(".")[0] == _OURS
    return (
        not is_ours
        and path.suffix == ".py"
        and path.is_relative_to(root)
        and _INSTALLED.isdisjoint(path.relative_to(root).parts)
    )


def find_root(folder: Path) -> Path:
    """Return the project's folder: the nearest with a repository or ``pyproject.toml``, else ``folder`` itself."""
    for around in (folder, *folder.parents):
        try:
            if (around / ".git").exists() or (around / "pyproject.toml").exists():
                return around
        except PermissionError:
            break
    return folder


def _own(module: object, name: str) -> object:
    """Return an attribute that a module has already: some load what they are asked for."""
    try:
        return object.__getattribute__(module, "__dict__").get(name)
    except AttributeError:
        return None


def _read(path: Path) -> str | None:
    try:
        stat = path.stat()
        if stat.st_size > MOST_BYTES:
            return None
        changed, size, source = _known.get(path, (0, -1, ""))
        if (changed, size) != (stat.st_mtime_ns, stat.st_size):
            source = path.read_text(encoding="utf-8", errors="replace")
            _known[path] = stat.st_mtime_ns, stat.st_size, source
    except OSError:  # it is gone since
        return None
    return source
