"""One number out of the many things that Python code calls a number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

INFINITY = float("inf")
LARGEST_EXACT_INT = 2**53
"""Above it, not every whole number is a 64-bit float."""


def read_number(value: Any) -> float | None:
    """Return ``value`` as a 64-bit float, or None where it is not exactly one real number.

    Accepted are int, float, bool, Decimal, and whatever looks like a 0-d array or tensor (NumPy, torch, JAX),
    which is recognised by ``shape == ()`` and ``item()``, so that none of these is imported. A whole number that
    64-bit floats cannot tell from its neighbours becomes the nearest of them.

    Examples
    --------
    >>> read_number(True), read_number([1.0])
    (1.0, None)
    """
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return _float_of_int(value)
    if isinstance(value, Decimal):
        return float("nan") if value.is_nan() else float(value)
    if is_0d_array(value):
        item = value.item()
        return read_number(item) if isinstance(item, (int, float)) else None
    return None


def is_0d_array(value: Any) -> bool:
    """Tell whether ``value`` is a 0-d array, tensor or array scalar."""
    shape = getattr(type(value), "shape", None)
    return shape is not None and tuple(value.shape) == () and callable(getattr(value, "item", None))


def is_inexact_int(value: Any) -> bool:
    """Tell whether ``value`` is a whole number beyond 2^53, of which a 64-bit float may keep only the nearest."""
    if is_0d_array(value):
        value = value.item()
    return isinstance(value, int) and abs(value) > LARGEST_EXACT_INT


def spell_number(number: float) -> float | str:
    """Return the number as a journal writes it: ``"NaN"``, ``"Infinity"`` and ``"-Infinity"`` stand as text."""
    if -INFINITY < number < INFINITY:
        return number
    if number != number:  # noqa: PLR0124 - only NaN differs from itself; this is the fastest test
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def _float_of_int(value: int) -> float:
    try:
        return float(value)
    except OverflowError:  # beyond 1.8e308 the nearest float is an infinity, says IEEE 754
        return INFINITY if value > 0 else -INFINITY
