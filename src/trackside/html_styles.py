"""Colours and type of the HTML that outputs hold: JupyterLab's variables, and what is taken where there are none."""

from __future__ import annotations

TEXT = "color:var(--jp-ui-font-color1,inherit)"
MUTED = "color:var(--jp-ui-font-color2,#757575)"
GOOD = "color:var(--jp-success-color1,#2e7d32)"
BAD = "color:var(--jp-error-color1,#d32f2f)"
WARNING = "color:var(--jp-warn-color0,#b35900)"
CODE = "font-family:var(--jp-code-font-family,monospace)"
BRAND = "var(--jp-brand-color1,#1976d2)"
"""The colour of a card's edge."""
NUMBER = "text-align:right;font-variant-numeric:tabular-nums"
CELL = "padding:1px 14px 1px 0;text-align:left;font-weight:normal;vertical-align:top"
TABLE = "color:inherit;font-size:inherit;margin:4px 0"


def card(name: str, body: str, edge: str = BRAND) -> str:
    """Return HTML as a card: with an edge in a colour, in the notebook's own type."""
    return (
        f'<div class="trackside-{name}" style="border-left:3px solid {edge};padding:2px 10px;font-size:13px;'
        f'line-height:1.6;{TEXT};overflow-wrap:anywhere">{body}</div>'
    )
