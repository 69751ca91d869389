"""Makes what a run's cell put out into a notebook's outputs again."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

import nbformat.v4

from trackside.run_details import read_kept

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.records import Output, Outputs


def make_outputs(
    store_folder: Path, record: Outputs, execution_count: int | None
) -> tuple[list[nbformat.NotebookNode], int]:
    """Return the outputs of a cell, and how many of them are lost."""
    made = [_make(store_folder, output, execution_count) for output in record.outputs]
    kept = [output for output in made if output is not None]
    return kept, len(made) - len(kept)


def _make(store_folder: Path, output: Output, execution_count: int | None) -> nbformat.NotebookNode | None:
    read = {mime: read_kept(store_folder, digest) for mime, digest in output.data.items()}
    data = {mime: _spell(mime, content) for mime, content in read.items() if content is not None}
    if not data:
        return None
    text, kind = str(data.get("text/plain", "")), output.kind
    if kind in {"stdout", "stderr"}:
        return _new_output("stream", name=kind, text=text)
    if kind == "error":
        name, _, value = (text.strip().splitlines() or [""])[-1].partition(": ")
        return _new_output(kind, ename=name, evalue=value, traceback=text.splitlines())
    if kind == "execute_result":
        return _new_output(kind, data=data, execution_count=execution_count)
    return _new_output(kind, data=data)


def _new_output(kind: str, **fields: Any) -> nbformat.NotebookNode:
    made: nbformat.NotebookNode = nbformat.v4.new_output(kind, **fields)
    return made


def _spell(mime: str, content: bytes) -> Any:
    """Return content as a notebook spells it: JSON as itself, texts as texts, all else in base64."""
    if mime == "application/json" or mime.endswith("+json"):
        try:
            return json.loads(content)
        except ValueError:
            return content.decode("utf-8", "replace")
    if mime.startswith("text/") or mime in {"image/svg+xml", "application/javascript"}:
        return content.decode("utf-8", "replace")
    return content.decode("ascii") if _is_base64(content) else base64.b64encode(content).decode("ascii")


def _is_base64(content: bytes) -> bool:
    """Tell whether content was kept the way that a notebook spells it already."""
    try:
        base64.b64decode(b"".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
