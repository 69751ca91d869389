"""A view as one page of its own, for those who have no notebook."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trackside.errors import InputError
from trackside.static_html import describe_runs, view_html

if TYPE_CHECKING:
    from trackside import wire

_STATIC = Path(__file__).parent / "static"

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
<style>body {{ margin: 16px; background: Canvas; color: CanvasText; font-family: system-ui, sans-serif }}
{css}</style>
<body>
<noscript>{static}</noscript>
<script type="application/json" id="record" data-notice="as of {now}">{record}</script>
<script>{script}</script>
</body>
</html>
"""


def write_page(record: wire.ViewRecord, path: Path) -> Path:
    """Write a view's record and what draws it into one HTML file, which loads nothing, and return its path.

    Raises
    ------
    InputError
        There is no folder to write it to.
    """
    page = _PAGE.format(
        title=escape(f"Trackside: {describe_runs(record.table)}"),
        css=(_STATIC / "page.css").read_text(encoding="utf-8"),
        static=view_html(record, pictures=False),
        now=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        record=msgspec.json.encode(record).decode().replace("<", "\\u003c"),  # no text of a run ends the script
        script=(_STATIC / "page.js").read_text(encoding="utf-8").replace("</script", "<\\/script"),
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"The page cannot be written to {path} ({error.strerror}); expected a file in a folder that is there"
        ) from error
    return path
