"""What was decided in a time: about runs, baselines and models, by whom and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trackside.model import ModelChanged
from trackside.review.findings import LoggedDecision
from trackside.team.baselines import spell_handle
from trackside.team.registry.history import say_event

if TYPE_CHECKING:
    from datetime import datetime

    from trackside.store.store import Store

_PAST = {"keep": "kept", "drop": "dropped", "promote": "promoted"}

_LOG = """
    SELECT min(time), any_value(experiment), kind, any_value(what), any_value(about),
        list(CAST(run_id AS VARCHAR) ORDER BY run_id) FILTER (run_id IS NOT NULL), any_value(author), any_value(why)
    FROM (
        SELECT r.project, r.experiment, 'run' AS kind, decision AS what, '' AS about, run_id, author, why,
            d.time, d.writer, d.seq
        FROM run_decisions d JOIN runs r USING (run_id)
        UNION ALL
        SELECT r.project, r.experiment, 'run', value, '', run_id, author, why, m.time, m.writer, m.seq
        FROM marks m JOIN runs r USING (run_id)
        WHERE mark = 'shelf' AND value IN ('dropped', 'archived')
            AND (run_id, m.writer, m.seq) NOT IN (SELECT (run_id, writer, seq) FROM run_decisions)
        UNION ALL
        SELECT project, experiment, 'baseline', if(run_id IS NULL, ' removed', ''), name, run_id, author, why,
            time, writer, seq FROM baselines
        UNION ALL
        SELECT r.project, r.experiment, 'model', CAST(e.event AS VARCHAR), e.model || ' version ' || e.version,
            v.run_id, e.author, e.why, e.time, e.writer, e.seq
        FROM model_events e JOIN model_versions v USING (model, version) JOIN runs r USING (run_id)
        WHERE e.lost IS NULL
    )
    WHERE time >= $since AND time < $until AND ($experiment IS NULL OR experiment = $experiment)
    GROUP BY project, experiment, kind, writer, seq ORDER BY min(time) DESC, writer DESC, seq DESC
"""


def list_logged(store: Store, since: datetime, until: datetime, experiment: str | None) -> list[LoggedDecision]:
    """Return what was decided in a time, the newest first; of what one act decided about many runs one entry."""
    asked = {"since": since.replace(tzinfo=None), "until": until.replace(tzinfo=None), "experiment": experiment}
    with store.read() as connection:
        rows = connection.execute(_LOG, asked).fetchall()
        ids = sorted({run_id for row in rows for run_id in row[5] or ()})
        names = dict(
            connection.execute(
                "SELECT CAST(run_id AS VARCHAR), name FROM named_runs WHERE run_id IN (SELECT CAST(unnest(?) AS UUID))",
                [ids],
            ).fetchall()
        )
    return [
        LoggedDecision(
            time=time,
            experiment=place,
            what=_say(kind, what, about),
            about=about if kind == "model" else ", ".join(dict.fromkeys(names.get(each, "") for each in run_ids or ())),
            run_ids=run_ids or (),
            author=author,
            why=why,
        )
        for time, place, kind, what, about, run_ids, author, why in rows
    ]


def _say(kind: str, what: str, name: str) -> str:
    match kind:
        case "baseline":
            return spell_handle(name) + what
        case "model":
            event = msgspec.json.decode(what, type=ModelChanged)
            past = f", past its gates by {event.overridden_by}" if event.overridden_by else ""
            return say_event(event) + past
    return _PAST.get(what, what)
