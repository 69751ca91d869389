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
