"""Makes what a cell put out a record: redacted, bounded, each part as bytes."""

from __future__ import annotations

import base64
import re
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from trackside.capture.artifacts.texts import json_bytes
from trackside.capture.outputs.log import MAX_RICH, Shown, Stream
from trackside.capture.words.secrets import REDACTED, count_redacted, redact
from trackside.quantities import spell_count
from trackside.records import Output, Outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trackside.capture.outputs.log import StreamKind

_LEFT_OUT = ("application/vnd.jupyter.widget-view+json",)
"""What means nothing without the kernel that made it."""

_OVERWRITTEN = re.compile(r"(?<![^\n\r])[^\n\r]*+\r(?=[^\n\r])")
"""What a line says before a carriage return, which is written over."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ENDS_A_KEY = re.compile(r"\A(?:(?!-----BEGIN).)*?-----END[ A-Z]*PRIVATE KEY-----", re.DOTALL)
_QUOTES = ('"', "'", '\\"', "\\'", "&quot;", "&#39;")
_FIRST_PART = re.compile(r"(?<![\w.:/@%+=~-])[\w.:/@%+=~-]{1,1000}\Z")
_LAST_PART = re.compile(r"\A.{0,1000}?(?:[\"']|&quot;|&#39;)")
_BINARY = re.compile(r"^(?:image/(?!svg)|audio/|video/|application/(?:pdf|octet-stream)$)")


@dataclass
class Rendered:
    """Outputs as bytes by MIME type, and what was left out of them."""

    outputs: list[tuple[Literal["stdout", "stderr", "display_data", "execute_result", "error"], dict[str, bytes]]] = (
        field(default_factory=list)
    )
    notes: list[str] = field(default_factory=list)
    redacted: int = 0
    """How many likely secrets were left out."""

    def keep(self, keep: Callable[[bytes], str]) -> Outputs:
        """Keep the bytes and return the record that refers to them."""
        outputs = [
            Output(kind=kind, data={mime: keep(value) for mime, value in data.items()}) for kind, data in self.outputs
        ]
        return Outputs(outputs=outputs, notes=self.notes)


@dataclass(frozen=True, slots=True)
class Text:
    """What was written to a stream, as it is kept."""

    kind: StreamKind
    data: bytes


def take_down(items: Iterable[Stream | Shown], rendered: Rendered) -> list[Text | Shown]:
    """Return outputs as they are now, so that they can be rendered while the kernel goes on; streams are texts already.

    Whoever published a value may change it afterwards, but no text and no bytes.
    """
    return [
        Text(item.kind, _text(item, rendered))
        if isinstance(item, Stream)
        else replace(item, data={mime: _frozen(value) for mime, value in item.data.items()})
        for item in items
    ]


def render(
    items: Iterable[Stream | Text | Shown],
    rendered: Rendered | None = None,
    *,
    left_out: int = 0,
    error: str | None = None,
) -> Rendered:
    """Return outputs as they are kept.

    Parameters
    ----------
    rendered
        What `take_down` has noted.
    left_out
        How many were not taken down.
    error
        The traceback that the cell ended with.
    """
    rendered = rendered or Rendered()
    room = MAX_RICH
    for item in items:
        if not isinstance(item, Shown):
            text = item.data if isinstance(item, Text) else _text(item, rendered)
            rendered.outputs.append((item.kind, {"text/plain": text}))
            continue
        data = _encoded(item.data, rendered)
        size = sum(map(len, data.values()))
        if size > room:
            left_out += 1
        elif data:
            room -= size
            rendered.outputs.append((item.kind, data))
    if error:
        rendered.outputs.append(("error", {"text/plain": _redacted(error, rendered)}))
    if left_out:
        rendered.notes.append(f"{spell_count(left_out, 'display')} left out: too large, or too many")
    return rendered


def _frozen(value: Any) -> Any:
    return value if isinstance(value, (str, bytes)) else deepcopy(value)


def binary(value: Any) -> bytes:
    """Return the bytes of a picture, which front ends are sent as base64."""
    return value if isinstance(value, bytes) else base64.b64decode(value)


def _text(stream: Stream, rendered: Rendered) -> bytes:
    head, tail = "".join(stream.head), "".join(stream.tail)
    if not stream.cut:
        return _redacted(_OVERWRITTEN.sub("", head + tail), rendered)
    head = head[: head.rfind("\n") + 1] or _without_first_part(head)  # half a line may be half a secret
    tail = tail[tail.find("\n") + 1 :] if "\n" in tail else _LAST_PART.sub("", tail)
    tail = _ENDS_A_KEY.sub("-----BEGIN PRIVATE KEY-----\\g<0>", tail)  # which is one, then
    rendered.notes.append(f"{stream.cut} characters of {stream.kind} are left out")
    parts = [_redacted(_OVERWRITTEN.sub("", part), rendered) for part in (head, tail)]
    return f"[… {stream.cut} characters are left out …]\n".encode().join(parts)


def _without_first_part(line: str) -> str:
    """Return the beginning of a line without what may be the first part of a secret at its end."""
    for quote in _QUOTES:
        closed = redact(line + quote)
        if closed.endswith(REDACTED + quote):
            return closed[: -len(quote)]
    return _FIRST_PART.sub("", line)


def _redacted(text: str, rendered: Rendered) -> bytes:
    redacted = redact(text)
    if "\x1b[" in text:  # colours may stand within a secret
        plain = _COLOURS.sub("", text)
        without = redact(plain)
        redacted = without if without != plain else redacted
    rendered.redacted += count_redacted(redacted, text)
    return redacted.encode("utf-8", "replace")


def _encoded(data: Mapping[str, Any], rendered: Rendered) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for mime, value in data.items():
        if mime in _LEFT_OUT:
            continue
        try:
            found[str(mime)] = _encode(str(mime), value, rendered)
        except (ValueError, TypeError) as error:  # what only its library knows to write
            rendered.notes.append(f"an output's {mime} is left out: {' '.join(str(error).split())[:200]}")
    return found


def _encode(mime: str, value: Any, rendered: Rendered) -> bytes:
    if _BINARY.match(mime):
        return binary(value)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return _redacted(value, rendered)
    encoded = json_bytes(value)
    rendered.redacted += encoded.count(REDACTED.encode())
    return encoded
