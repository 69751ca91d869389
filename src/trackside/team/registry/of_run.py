"""Which versions of models are made of a run, as its page tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.visible_text import cut
from trackside.wire import Fact

if TYPE_CHECKING:
    from trackside.store.store import Store

_REASON = 120


def tell_versions(store: Store, run_id: str) -> list[Fact]:
    """Return the versions of models that are made of a run: where each stands, who registered it, when and why."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT v.model, v.version, stage, list(alias ORDER BY alias) FILTER (alias IS NOT NULL),
                author, registered_at, why
            FROM model_versions v LEFT JOIN model_aliases a ON a.model = v.model AND a.version = v.version
            WHERE run_id = ? GROUP BY ALL ORDER BY v.model, v.version""",
            [run_id],
        ).fetchall()
    return [
        Fact(
            name=f"{model} {version}",
            text=" · ".join([stage, *(aliases or [])]),
            note=f"by {cut(by or 'somebody', _REASON)}, {at:%Y-%m-%d %H:%M} UTC"
            + (f": {cut(why, _REASON)}" if why else ""),
            model=model,
            version=version,
        )
        for model, version, stage, aliases, by, at, why in rows
    ]
