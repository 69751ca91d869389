"""The records that a notebook's outputs keep."""

from __future__ import annotations

from typing import Literal

import msgspec

from trackside.wire.answers import ArtifactList, Comparability, Diff, History, Importance, RunTable
from trackside.wire.view_state import ViewState

RECORD_VERSION = 1


class ViewRecord(msgspec.Struct, kw_only=True, frozen=True):
    """All that is needed to draw a view again with no kernel: MIME ``application/vnd.trackside.view.v1+json``.

    ``passing`` names the runs that ``state.filter`` let pass when this was saved (null without a filter): with no
    kernel nobody can work the filter out again. ``model_id`` is the live widget that takes over when it answers.
    """

    version: int
    state: ViewState
    table: RunTable
    histories: list[History]
    passing: list[str] | None = None
    importances: list[Importance] = []
    diffs: list[Diff] = []
    artifacts: ArtifactList | None = None
    comparability: Comparability | None = None
    model_id: str | None = None


class Span(msgspec.Struct, kw_only=True, frozen=True):
    """A piece of text on a card and how it is meant.

    ``name`` is the captured name that stands there, if one does: the card offers to ignore it from now on.
    """

    text: str
    tone: Literal["plain", "strong", "muted", "code", "good", "bad", "warning"] = "plain"
    name: str | None = None


class FoldedLine(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A line of a card, and the lines that are folded behind it."""

    line: list[Span]
    details: list[list[Span]] = []


class CardRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A run's card: MIME ``application/vnd.trackside.card.v1+json``. At most six lines of text.

    ``policy`` is the last of them, where there is a policy: how the run keeps it, and rule by rule behind it.
    """

    version: int
    run_id: str
    status: Literal["running", "finished", "failed", "interrupted", "off"]
    lines: list[list[Span]]
    policy: FoldedLine | None = None
