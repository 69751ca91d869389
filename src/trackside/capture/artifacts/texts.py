"""Texts and JSON as bytes, without likely secrets."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any

from trackside.capture.words.secrets import (
    REDACTED,
    is_bare_token,
    is_password_name,
    is_secret_name,
    may_name_words,
    redact,
    redact_named,
    redact_source,
)
from trackside.errors import InputError

MAX_DEPTH = 60
"""Levels of a JSON value; one that is deeper holds itself."""

_TELL_THEMSELVES = (Decimal, PurePath, timedelta, complex)


def text_bytes(text: str) -> bytes:
    """Return a text as UTF-8, redacted both as Python and as plain text: some texts, such as YAML, parse as Python."""
    return redact(redact_source(text)).encode("utf-8", "replace")


def json_bytes(value: Any, *, indent: int | None = None) -> bytes:
    """Return a value as JSON, redacted. What is not finite is ``"NaN"``, ``"Infinity"`` or ``"-Infinity"``.

    Raises
    ------
    InputError
        Something in it has no form in JSON.
    """
    return json.dumps(plain(value), indent=indent, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def plain(value: Any, place: str = "", depth: int = 0, name: str = "") -> Any:
    """Return a value as JSON has it, with what looks like a secret or stands under a secret's name redacted.

    Parameters
    ----------
    place, depth
        Where in another value it stands.
    name
        The secret's name that it stands under, if it does.

    Examples
    --------
    >>> plain({"lr": 1e-3, "api_key": ["abc"], 3: (1, float("nan"))})
    {'lr': 0.001, 'api_key': ['<redacted>'], '3': [1, 'NaN']}
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return _scalar(value, name)
    if depth == MAX_DEPTH:
        raise InputError(f"found more than {MAX_DEPTH} levels at {place[:80]}; expected a value that ends")
    if isinstance(value, Enum):
        return plain(value.value, place, depth + 1, name)
    around = "tokens" if is_bare_token(name) else name  # many of them may be words
    if isinstance(value, Mapping):
        return {_key(key): _entry(_key(key), each, place, depth, around) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        row = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value
        return [plain(each, f"{place}[{at}]", depth + 1, around) for at, each in enumerate(row)]
    return _foreign(value, place, depth, name)


def _scalar(value: Any, name: str) -> Any:
    """Return a value without what a class of its own adds to it."""
    if isinstance(value, str):
        return redact_named(name, str(value))
    if value is None or isinstance(value, bool):
        return value
    if is_password_name(name):
        return REDACTED
    return _number(float(value)) if isinstance(value, float) else int(value)


def _entry(key: str, value: Any, place: str, depth: int, around: str) -> Any:
    is_telling = is_secret_name(key) or may_name_words(key)
    return plain(value, f"{place}.{key}" if place else key, depth + 1, key if is_telling else around)


def _foreign(value: Any, place: str, depth: int, name: str) -> Any:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, _TELL_THEMSELVES):
        return redact_named(name, str(value))
    if isinstance(value, (bytes, bytearray)):
        return redact_named(name, base64.b64encode(value).decode())
    for method in ("tolist", "item"):  # NumPy's and torch's
        if callable(getattr(type(value), method, None)):
            return plain(getattr(value, method)(), place, depth + 1, name)
    raise InputError(
        f"found {type(value).__name__}{f' at {place}' if place else ''}; "
        "expected what JSON can say: numbers, texts, booleans, None, lists, dicts"
    )


def _key(key: Any) -> str:
    return key if isinstance(key, str) else str(key)


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
