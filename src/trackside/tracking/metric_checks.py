"""What a metric may be called, which steps it may have, and what is said of other values."""

from __future__ import annotations

from typing import Any

from trackside.errors import InputError, MetricTypeError
from trackside.tracking.history import MAX_STEP


def check_names(metrics: Any) -> Any:
    """Return metrics as they were given, where they have names.

    Raises
    ------
    MetricTypeError
        They have none.
    """
    if not hasattr(metrics, "keys"):
        raise MetricTypeError(
            f"found {type(metrics).__name__} without a name; expected names and numbers; name it, such as log(loss=…)"
        )
    return metrics


def check_name(key: Any) -> int:
    """Return the first step of a metric that is seen for the first time.

    Raises
    ------
    MetricTypeError, InputError
        Its name is no text, or none that can be shown in one line.
    """
    if not isinstance(key, str):
        raise MetricTypeError(f"found {type(key).__name__} {key!r} as a metric's name; expected a text")
    if not key.strip() or not key.isprintable():
        raise InputError(f"found {key!r} as a metric's name; expected one line of text that is not empty")
    return 0


def read_step(step: Any) -> int:
    """Return a step that somebody gave as a whole number.

    Raises
    ------
    MetricTypeError, InputError
        It is none, or too large.
    """
    try:
        number = step.__index__()
    except AttributeError:
        if not (isinstance(step, float) and step.is_integer()):
            raise MetricTypeError(
                f"found {type(step).__name__} {step!r} for 'step'; expected a whole number; "
                "log another axis as a metric, such as epoch=0.5"
            ) from None
        number = int(step)
    if not -MAX_STEP < number < MAX_STEP:
        raise InputError(f"found step {number}; expected a whole number between -2^53 and 2^53")
    return int(number)


def explain_type(key: str, value: Any) -> str:
    """Return why a value is no point of a metric, and what to do with it."""
    kind = type(value).__name__
    shape = getattr(value, "shape", None)
    found = f"{kind} of shape {tuple(shape)}" if isinstance(shape, tuple) and shape else kind
    advice = {
        "str": "log a text as a param or a tag",
        "NoneType": "leave the metric out where there is no value",
        "dict": f"log its entries by name, such as {key}_a=…",
    }.get(kind, f"log its mean or its last value, or all of it with log_history({key}=…)")
    return f"found {found} for {key!r}; expected one number; {advice}"
