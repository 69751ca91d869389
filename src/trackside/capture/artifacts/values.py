"""Finds out what a value is that somebody wants to keep, and what of it is kept."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from trackside.capture.artifacts.content import Content, FolderContent, short
from trackside.capture.artifacts.figures import drawn_content
from trackside.capture.artifacts.files import list_files, mime_of
from trackside.capture.artifacts.labels import clean_label
from trackside.capture.artifacts.models import model_content
from trackside.capture.artifacts.tables import array_content, table_content
from trackside.capture.artifacts.texts import json_bytes, text_bytes
from trackside.capture.words.classes import class_name, is_instance_of
from trackside.errors import InputError, TracksideError

_LONGEST_PATH = 1024
_LIKE_A_PATH = re.compile(r"\S*/\S*|\S+\.[A-Za-z]\w{0,15}")
"""How a path is written, and hardly any other text: ``runs/7``, ``model.bin``."""

_EXPECTED = (
    "a path, a figure (matplotlib, Altair, Plotly), a table (pandas, Polars, Arrow), an array, a tensor, "
    "a PIL image, a dict, a list, a text or bytes"
)


def read_content(value: Any, kind: str | None = None, name: str | None = None) -> Content | FolderContent:
    """Return what is to be kept of a value.

    Parameters
    ----------
    kind
        ``"model"`` has an object saved by its own library; ``"text"`` and ``"file"`` say what a ``str`` is. Others
        change nothing here.
    name
        What it is to be called: its ending tells a text's or bytes' type.

    Raises
    ------
    InputError
        The value is of no such kind, or its library cannot save it.
    """
    try:
        return _read(value, kind, name)
    except TracksideError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{class_name(value)} cannot be kept ({type(error).__name__}: {reason[:300]})") from error


def _read(value: Any, kind: str | None, name: str | None) -> Content | FolderContent:
    if isinstance(value, PurePath):
        return _path(Path(value))
    if isinstance(value, str):
        return _text_or_path(value, kind, name)
    if isinstance(value, (bytes, bytearray, memoryview)):
        mime = mime_of(name or "")
        return Content(kind="file", mime=mime, name="bytes", source=bytes(value))
    if kind == "model":
        return model_content(value)
    found = drawn_content(value) or table_content(value) or array_content(value) or _picture(value)
    if found is not None:
        return found
    if isinstance(value, (Mapping, list, tuple)):
        return Content(kind="json", mime="application/json", name="data", source=json_bytes(value, indent=1))
    hint = '; for a model say kind="model"' if hasattr(value, "fit") or hasattr(value, "state_dict") else ""
    raise InputError(f"found {class_name(value)}; expected {_EXPECTED}{hint}")


def _picture(value: Any) -> Content | None:
    if not is_instance_of(value, "PIL.Image"):
        return None
    png = io.BytesIO()
    picture = value if value.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16") else value.convert("RGB")
    picture.save(png, format="PNG")
    about = {"shape": "×".join(map(str, value.size)), "mode": short(value.mode)}
    return Content(kind="image", mime="image/png", name="image", source=png.getvalue(), about=about)


def _text_or_path(text: str, kind: str | None, name: str | None) -> Content | FolderContent:
    is_line = "\n" not in text and 0 < len(text) <= _LONGEST_PATH and "\0" not in text
    if kind == "file" or (kind != "text" and is_line and _exists(text)):
        return _path(Path(text).expanduser())
    if kind != "text" and is_line and _LIKE_A_PATH.fullmatch(text):
        raise InputError(
            f"found {text!r}, which is no file or folder here; expected a path that is; "
            'to keep it as a text say kind="text"'
        )
    mime = mime_of(name) if name and mime_of(name).startswith("text/") else "text/plain"
    return Content(kind="text", mime=mime, name="text", source=text_bytes(text))


def _path(path: Path) -> Content | FolderContent:
    from trackside.store.layout import is_in_store

    name = clean_label(path.name or path.resolve().name) or "file"
    if is_in_store(path):
        raise InputError(
            f"found {str(path)!r}, which is in a store of Trackside; expected a file of your own; "
            "what a run keeps is had by ts.runs(…).artifacts()"
        )
    if path.is_dir():
        files, left_out = list_files(path)
        return FolderContent(name=name, files=files, left_out=left_out)
    if not path.exists():
        raise InputError(f"found the path {str(path)!r}, which is not there; expected a file or a folder")
    return Content(kind="file", mime=mime_of(path.name), name=name, source=path, is_named=True)


def _exists(text: str) -> bool:
    try:
        return Path(text).expanduser().exists()
    except (OSError, RuntimeError):  # too long a name, or of nobody's home
        return False
