"""Writes what is restored into a folder, over nothing that is there."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_files(folder: Path, files: Mapping[PurePosixPath, bytes]) -> list[Path]:
    """Write files into a folder, which is made where it is not there: all of them, or none where one is in the way.

    Parameters
    ----------
    files
        Contents by paths within the folder.

    Raises
    ------
    InputError
        Something is in the way, or the folder cannot be written.
    """
    targets = {folder.joinpath(*path.parts): content for path, content in files.items()}
    taken = next((path for path in targets if path.exists() or path.is_symlink()), None)
    if taken is not None:
        raise InputError(f"{taken} is there already; expected not to overwrite anything; name another folder")
    written = []
    try:
        for target, content in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(content)
            written.append(target)
    except OSError as error:
        for target in written:
            target.unlink()
        raise InputError(
            f"{folder} cannot be written ({error}); expected a folder to restore into; name another one"
        ) from error
    return written


def new_folder(parent: Path, name: str) -> Path:
    """Return a folder's path that is not taken: ``name``, else ``name-2`` and so on."""
    candidates = (parent / (name if number == 1 else f"{name}-{number}") for number in range(1, 10_000))
    free = next((path for path in candidates if not path.exists() and not path.is_symlink()), None)
    if free is None:
        raise InputError(f"{parent} has no room for another {name}; expected to name a folder; name one")
    return free


def module_path(name: str, kept_path: str) -> PurePosixPath | None:
    """Return where a module of this name is found by Python, or None where the name is no module's.

    Parameters
    ----------
    kept_path
        Where the file stood; it only tells a package's own file from a module.

    Examples
    --------
    >>> str(module_path("models.mlp", "src/models/mlp.py")), str(module_path("models", "src/models/__init__.py"))
    ('models/mlp.py', 'models/__init__.py')
    >>> module_path("../../etc", "x.py") is None
    True
    """
    parts = name.split(".")
    if not all(part.isidentifier() and len(part) <= 100 for part in parts):  # noqa: PLR2004 - what file systems take
        return None
    if PurePosixPath(kept_path).name == "__init__.py":
        return PurePosixPath(*parts, "__init__.py")
    return PurePosixPath(*parts[:-1], f"{parts[-1]}.py")
