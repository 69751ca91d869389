"""What HTML consists of, for those who look whether a name broke out."""

from __future__ import annotations

from html.parser import HTMLParser


class Tags(HTMLParser):
    """Counts what HTML consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href") or name.startswith("on")]
