"""What a run's page tells, by its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.query import Scope

if TYPE_CHECKING:
    from trackside.store.store import Store


def page_sections(store: Store, run_id: str) -> dict[str, list[wire.Fact]]:
    page = BrowserApi(store, Scope()).answer({"ask": "run", "run_id": run_id})
    assert isinstance(page, wire.RunPage)
    return {section.name: section.facts for section in page.sections}
