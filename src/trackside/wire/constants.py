"""Values that both sides count on: the browser's come from here, with the types."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackside.wire.questions import Question

MOST_RUNS = 10_000
"""So many runs are told of at once."""

COMPARED = 20
"""So many of the newest runs are compared where nobody chose any."""

CHANGED = "urn:trackside:runs-changed"
"""The event that Jupyter's bus brings when runs of a store changed: ``{"store": KEY, "mark": MARK}``."""

CONDITION_SIGNS = r"""[<>=!~()'"*+%]"""
"""A pattern of signs that conditions have and words to find do not."""

CHANGING: dict[str, str | None] = {
    "mark": None,
    "baseline": None,
    "register": None,
    "step": None,
    "views": "name",
}
"""The questions that change what is kept; one with the name of a field does where that is given."""


def is_change(question: Question) -> bool:
    """Tell whether a question changes what is kept.

    Examples
    --------
    >>> from trackside.wire import ViewsQuestion
    >>> is_change(ViewsQuestion()), is_change(ViewsQuestion(name="mine"))
    (False, True)
    """
    asked = str(question.__struct_config__.tag)
    field = CHANGING.get(asked)
    return asked in CHANGING and (field is None or getattr(question, field) is not None)
