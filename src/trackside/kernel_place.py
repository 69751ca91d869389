"""Where a kernel keeps its runs, told to the server that started it.

A kernel may have a store that nobody else could guess: of its own environment, or chosen by ``%track store``. It writes
that down among Jupyter's runtime files, which are this user's alone, under its own id.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from trackside.config import Settings

_KERNEL_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class _Told(msgspec.Struct):
    store_folder: str
    project: str
    experiment: str
    mode: Literal["enabled", "disabled"]


def tell_place(kernel_id: str, settings: Settings) -> None:
    """Write down where a kernel keeps its runs. A disk that cannot take it costs only that the server has to guess."""
    file = _file(kernel_id)
    told = _Told(str(settings.store_folder), settings.project, settings.experiment, settings.mode)
    content = msgspec.json.encode(told)
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists() or file.read_bytes() != content:
            part = file.with_suffix(".part")
            part.write_bytes(content)
            part.replace(file)


def forget_place(kernel_id: str) -> None:
    """Take away what a kernel wrote down."""
    with suppress(OSError):
        _file(kernel_id).unlink(missing_ok=True)


def read_place(kernel_id: str) -> dict[str, Any] | None:
    """Return the settings that a kernel told, by their names; None where it told nothing that can be read."""
    if not _KERNEL_ID.fullmatch(kernel_id):
        return None
    try:
        told = msgspec.json.decode(_file(kernel_id).read_bytes(), type=_Told)
    except (OSError, msgspec.DecodeError):
        return None
    return msgspec.structs.asdict(told) | {"store_folder": Path(told.store_folder)}


def _file(kernel_id: str) -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir()) / f"trackside-{kernel_id}.json"
