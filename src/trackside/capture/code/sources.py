"""The source of a module as it was when it was imported or reloaded, as far as Python still knows it."""

from __future__ import annotations

import linecache
import os
import struct
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.code.live import is_live

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = struct.Struct("<4xIII")
"""How a module's compiled file begins: flags, then time and size of the file that was compiled."""

_BITS = 0xFFFFFFFF


class _Version(NamedTuple):
    """A file by its time in seconds and its size, as far as a compiled file tells them."""

    time: int
    size: int


class SeenSource(NamedTuple):
    """A module's source when it was looked at first after its import.

    ``spec`` is the import's, which a reload renews; ``stamp`` the file's time and size when it was looked at last.
    """

    spec: object
    stamp: tuple[int, int]
    source: str
    is_edited: bool
    is_as_imported: bool


_seen: dict[tuple[str, Path], SeenSource] = {}


def look_at_source(name: str, path: Path, namespace: Mapping[str, Any], most: int) -> SeenSource | None:
    """Return a module's source as it was imported, else as it is now; None where it is gone, or too large.

    Where the module runs what the file says by now, that is its source: something has reloaded it in place.

    Parameters
    ----------
    namespace
        The module's names; its ``__spec__`` among them.
    most
        Bytes that a source may have.
    """
    spec = namespace.get("__spec__")
    seen = _seen.get((name, path))
    if seen is not None and seen.spec is not spec:
        seen = None
    try:
        stat = path.stat()
        stamp = stat.st_mtime_ns, stat.st_size
        if seen is not None and seen.stamp == stamp and not seen.is_edited:
            return seen
        if stat.st_size > most:
            return seen
        text = path.read_text(encoding="utf-8", errors="replace")
        if seen is not None:
            seen = seen._replace(stamp=stamp, is_edited=not seen.is_as_imported or text != seen.source)
        else:
            compiled = _compiled_version(spec)
            is_edited = compiled not in {None, _Version(int(stat.st_mtime) & _BITS, stat.st_size & _BITS)}
            imported = _remembered(path, compiled) if is_edited else text
            seen = SeenSource(spec, stamp, text if imported is None else imported, is_edited, imported is not None)
        if seen.is_edited and is_live(namespace, text, before=seen.source if seen.is_as_imported else None):
            seen = SeenSource(spec, stamp, text, is_edited=False, is_as_imported=True)
    except OSError:  # it is gone since
        return seen
    _seen[name, path] = seen
    return seen


def _compiled_version(spec: object) -> _Version | None:
    """Return which version of its file a module was compiled from; None where Python keeps no compiled files."""
    if type(spec) is not ModuleSpec or type(spec.loader) is not SourceFileLoader or not spec.cached:
        return None
    if sys.dont_write_bytecode or not os.access(spec.cached, os.W_OK):
        return None  # an older one may be left there
    with Path(spec.cached).open("rb") as file:
        header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    flags, time, size = _HEADER.unpack(header)
    return None if flags else _Version(time, size)


def _remembered(path: Path, version: _Version | None) -> str | None:
    """Return a version of a file that a traceback or a debugger has read."""
    match linecache.cache.get(str(path)):
        case (size, float(time), lines, _) if _Version(int(time) & _BITS, size & _BITS) == version:
            return "".join(lines)
    return None
