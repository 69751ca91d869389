"""Two themes for Altair, which it finds by the entry points in ``pyproject.toml`` with nothing imported before.

``trackside`` makes charts look as the views do; ``trackside-paper`` is for a column of a paper.

Examples
--------
>>> import altair as alt
>>> alt.theme.enable("trackside-paper")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import Any

from trackside.run_looks import RUN_COLOURS

_VIRIDIS = ["#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151"]
"""Viridis without its yellow end, which is lost on white (Smith and van der Walt 2015)."""

_INK = "#444"
_COLOURS: dict[str, Any] = {"category": list(RUN_COLOURS), "ramp": _VIRIDIS, "heatmap": _VIRIDIS}


def trackside() -> dict[str, Any]:
    """Return the look of the views: their colours, wide and light, for notebooks, pages and slides."""
    return {
        "config": {
            "font": "system-ui, sans-serif",
            "range": _COLOURS,
            "view": {"continuousWidth": 480, "continuousHeight": 240, "stroke": None},
            "axis": {"gridColor": "#e4e4e4", "domainColor": "#999", "tickColor": "#999", "titleFontWeight": "normal"},
            "legend": {"titleFontWeight": "normal"},
            "line": {"strokeWidth": 1.6},
            "style": {"trackside-front": {"color": _INK, "strokeWidth": 1.25}},
        }
    }


def trackside_paper() -> dict[str, Any]:
    """Return the look of a figure in print: 240 points wide with its axis, small sans-serif letters, thin lines.

    There is no background, no grid and no frame, and the legend stands below.
    """
    font: dict[str, Any] = {"labelFontSize": 7, "titleFontSize": 8, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "padding": 2,
        "config": {
            "font": "Helvetica, Arial, sans-serif",
            "range": _COLOURS,
            "view": {"continuousWidth": 200, "continuousHeight": 120, "stroke": None},
            "axis": {**font, "grid": False, "domainWidth": 0.5, "tickWidth": 0.5, "tickSize": 3, "titlePadding": 3},
            "legend": {**font, "orient": "bottom", "columns": 2, "symbolSize": 80, "offset": 8, "rowPadding": 1},
            "header": font,
            "title": {"fontSize": 8, "fontWeight": "normal"},
            "text": {"fontSize": 7},
            "line": {"strokeWidth": 0.8},
            "rule": {"strokeWidth": 0.6},
            "circle": {"size": 15},
            "style": {"trackside-front": {"color": _INK, "strokeWidth": 0.6}},
        },
    }
