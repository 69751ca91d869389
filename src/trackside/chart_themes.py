r"""Two themes for Altair, which it finds by the entry points in ``pyproject.toml`` with nothing imported before.

``trackside`` makes charts look as the views do; ``trackside-paper`` is for a column of a paper, to which figures are
scaled: ``\includegraphics[width=\columnwidth]{figure.pdf}``.

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
_NAMES = 13
"""The size of letters that stand on and beside parallel axes in print, which leave them less room."""

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
    """Return the look of a figure in print, twice as large as it stands in a column of 240 points.

    So a PNG, too, has pixels enough, and in the column letters have 8 and 9 points and lines one. There is no
    background, no grid and no frame, and the legend stands below.
    """
    font: dict[str, Any] = {"labelFontSize": 16, "titleFontSize": 18, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "padding": 4,
        "config": {
            "font": "Helvetica, Arial, sans-serif",
            "range": _COLOURS,
            "view": {"continuousWidth": 400, "continuousHeight": 240, "stroke": None},
            "axis": {**font, "grid": False, "domainColor": _INK, "tickColor": _INK, "tickSize": 6, "titlePadding": 6},
            "axisTop": {"labelFontSize": _NAMES},
            "legend": {
                **font,
                "orient": "bottom",
                "columns": 2,
                "gradientLength": 400,
                "symbolSize": 320,
                "symbolStrokeWidth": 2.5,
                "offset": 12,
                "rowPadding": 2,
            },
            "header": font,
            "title": {"fontSize": 18, "fontWeight": "normal"},
            "text": {"fontSize": 14},
            "line": {"strokeWidth": 2.2},
            "rule": {"strokeWidth": 1.4},
            "circle": {"size": 80},
            "style": {"guide-label": {"fontSize": _NAMES}, "trackside-front": {"color": _INK, "strokeWidth": 1.4}},
        },
    }
