"""The packages that an import can find, and the sign that they changed."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import Distribution

_NAME_AND_VERSION = re.compile(r"^(Name|Version):[ \t]*(\S+)", re.MULTILINE)
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


def read_packages() -> dict[str, str]:
    """Return the version of every installed distribution by its normalised name (PEP 503), sorted."""
    from importlib.metadata import distributions

    packages: dict[str, str] = {}
    for distribution in distributions():
        header = _read_header(distribution)
        if "Name" in header and "Version" in header:
            name = re.sub(r"[-_.]+", "-", header["Name"]).lower()
            packages.setdefault(name, header["Version"])  # the first on the import path is the one imported
    return dict(sorted(packages.items()))


def _read_header(distribution: Distribution) -> dict[str, str]:
    """Return name and version; ``distribution.metadata`` parses all of it as e-mail, five times as slowly."""
    texts = map(distribution.read_text, ("METADATA", "PKG-INFO", ""))
    try:
        text = next(filter(None, texts), "")
    except UnicodeDecodeError:  # some old packages; one of them must not cost the others
        return {}
    return dict(_NAME_AND_VERSION.findall(text.partition("\n\n")[0]))


def read_import_path() -> tuple[tuple[str, int], ...]:
    """Return the import path, each entry with the time its packages last changed, in nanoseconds.

    As long as it stays equal, no package was installed, upgraded or removed.
    """
    entries = [str(entry) for entry in sys.path]  # people put a Path there, too
    return tuple((entry, _changed_ns(entry)) for entry in entries)


def _changed_ns(entry: str) -> int:
    if not entry.endswith(_PACKAGE_FOLDERS):  # the notebook's own folder changes with every save
        return 0
    try:
        return Path(entry).stat().st_mtime_ns
    except OSError:  # an import path may name folders that do not exist
        return 0
