"""The packages that an import can find, and the sign that they changed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.words.secrets import redact

if TYPE_CHECKING:
    from importlib.metadata import Distribution

    from trackside.records import Environment

_NAME_AND_VERSION = re.compile(r"^(Name|Version):[ \t]*(\S+)", re.MULTILINE)
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


class Packages(NamedTuple):
    """The installed distributions by normalised name (PEP 503), sorted: versions, and where not from an index, whence.

    ``direct`` has them as a list of requirements has them.
    """

    versions: dict[str, str]
    direct: dict[str, str]


def read_packages() -> Packages:
    """Return what every installed distribution is."""
    from importlib.metadata import distributions

    versions: dict[str, str] = {}
    direct: dict[str, str] = {}
    for distribution in distributions():
        header = _read_header(distribution)
        if "Name" in header and "Version" in header:
            name = re.sub(r"[-_.]+", "-", header["Name"]).lower()
            if name not in versions:  # the first on the import path is the one imported
                versions[name] = header["Version"]
                if line := _read_direct(distribution, name):
                    direct[name] = line
    return Packages(dict(sorted(versions.items())), dict(sorted(direct.items())))


def locked_requirements(environment: Environment) -> list[str]:
    """Return the packages as ``pip freeze`` and ``uv pip freeze`` list them, to be installed again.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> seen = SimpleNamespace(packages={"a": "1.0", "b": "2.0"}, direct={"b": "b @ git+https://host/b@5d0c"})
    >>> locked_requirements(seen)
    ['a==1.0', 'b @ git+https://host/b@5d0c']
    """
    return [environment.direct.get(name, f"{name}=={version}") for name, version in environment.packages.items()]


def _read_direct(distribution: Distribution, name: str) -> str | None:
    """Return how a distribution is asked for that was installed from an address (PEP 610), else None."""
    try:
        told = json.loads(distribution.read_text("direct_url.json") or "{}")
        url = redact(str(told["url"]))
        if told.get("dir_info", {}).get("editable"):
            return f"-e {url}"
        if source := told.get("vcs_info"):
            url = f"{source['vcs']}+{url}@{source['commit_id']}"
        fragments = {"subdirectory": told.get("subdirectory")} | dict(told.get("archive_info", {}).get("hashes", {}))
    except (ValueError, KeyError, TypeError, AttributeError, OSError):  # whatever some tool wrote there
        return None
    marks = "&".join(f"{key}={value}" for key, value in fragments.items() if value)
    return f"{name} @ {url}{'#' if marks else ''}{marks}"


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
