"""One event as one line: JSON, whose last field is the checksum of the bytes before it.

::

    {"event":"metrics","seq":7,"time":1767225600.5,"step":3,"values":{"loss":0.25},"crc":"8c736521"}
"""

from __future__ import annotations

from typing import get_args
from zlib import crc32

import msgspec

from trackside.legible import make_legible
from trackside.model import AnyEvent, Event

encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)

EVENT_TYPES: dict[str, type[Event]] = {
    str(event_type.__struct_config__.tag): event_type for event_type in get_args(AnyEvent)
}
"""Every event type by the tag that stands in its lines."""

_CHECKSUM_BYTES = len(b',"crc":"00000000"}')


def encode_line(event: Event) -> bytes:
    """Return the line of an event, newline included."""
    try:
        body = encode(event)[:-1]
    except UnicodeEncodeError:  # one odd character is not to cost the line
        body = encode(make_legible(msgspec.to_builtins(event, builtin_types=())))[:-1]
    return b'%b,"crc":"%08x"}\n' % (body, crc32(body))


def decode_line(line: bytes) -> AnyEvent:
    """Return the event on a line, given without its newline.

    Raises
    ------
    ValueError
        The line is damaged, or no event of this version; the message says which.
    """
    if line[-_CHECKSUM_BYTES:] != b',"crc":"%08x"}' % crc32(line[:-_CHECKSUM_BYTES]):
        raise ValueError("its checksum does not fit its bytes")
    try:
        return _decoder.decode(line)
    except msgspec.DecodeError as error:
        raise ValueError(f"it is no event of this version ({error})") from error
