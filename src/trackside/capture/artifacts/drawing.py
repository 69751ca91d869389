"""Draws the curves of an evaluation, and reads their numbers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from trackside.capture.artifacts.content import Content
from trackside.capture.artifacts.figure_data import MAX_POINTS
from trackside.capture.artifacts.texts import json_bytes
from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def draw_content(draw: Callable[[Any], Mapping[str, Any]], name: str, ax: Any) -> Content:
    """Draw on axes, or on a figure of its own, and return the figure with the numbers that ``draw`` returns."""
    from matplotlib.figure import Figure

    axes = Figure(layout="constrained").subplots() if ax is None else ax
    data = json_bytes(draw(axes))
    png = io.BytesIO()
    figure: Any = axes.figure
    figure.savefig(png, format="png")
    about = {"library": "matplotlib"}
    return Content(kind="figure", mime="image/png", name=name, source=png.getvalue(), data=data, about=about)


def one_or_each(
    curve: Callable[[Any, Any, Any, Any, str], dict[str, Any]], axes: Any, y_true: Any, y_score: Any, positive: Any
) -> list[dict[str, Any]]:
    """Return the curve of the positive class; of more than two classes, one for each against the rest."""
    import numpy as np

    truth, scores = np.asarray(y_true), np.asarray(y_score)
    if scores.ndim == 1:
        return [curve(axes, truth, scores, positive, "")]
    classes = np.unique(truth)
    if scores.ndim != 2 or scores.shape[1] != len(classes):  # noqa: PLR2004 - a table
        raise InputError(
            f"found scores of shape {scores.shape} for {len(classes)} classes; "
            "expected one score a row, or one column for each class"
        )
    if len(classes) == 2 and positive is None:  # noqa: PLR2004 - two classes need one curve
        return [curve(axes, truth, scores[:, 1], classes[1], "")]
    return [curve(axes, truth == each, scores[:, at], None, str(each)) for at, each in enumerate(classes)]


def thinned(**columns: Any) -> dict[str, Any]:
    """Return columns of points; of very many, evenly chosen ones."""
    import numpy as np

    length = len(next(iter(columns.values())))
    if length <= MAX_POINTS:
        return columns
    chosen = np.linspace(0, length - 1, MAX_POINTS).astype(int)
    return {name: column[chosen] for name, column in columns.items()}
