"""Looks at values as capture does."""

from __future__ import annotations

from typing import Any

from trackside.capture.data.budget import Budget
from trackside.capture.data.looks import Look, look_at
from trackside.capture.data.recognition import recognise


def look(value: Any, budget: Budget | None = None) -> Look:
    content = recognise(value, even_small=True)
    assert content is not None, type(value)
    return look_at(value, content, budget or Budget())


def digest(value: Any) -> str:
    found = look(value).digest
    assert found is not None
    assert found.startswith("v1:")
    return found
