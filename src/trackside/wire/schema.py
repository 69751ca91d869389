"""The contract as a JSON schema, which the browser's types are made from."""

from __future__ import annotations

import json

import msgspec

from trackside.wire import constants, http
from trackside.wire.answers import Answer
from trackside.wire.kept import CardRecord, ViewRecord
from trackside.wire.questions import Question

_CONSTANTS = ("MOST_RUNS", "COMPARED", "CHANGED", "CONDITION_SIGNS", "CHANGING")


def contract_schema() -> str:
    """Return the JSON schema of the whole contract, as the text of ``js/core/wire.schema.json``."""
    over_http = (http.About, http.Place, http.Asked, http.Watch, http.Watched, http.KeptOutputs, http.Restore)
    roots = {
        "Question": Question,
        "Answer": Answer,
        "ViewRecord": ViewRecord,
        "CardRecord": CardRecord,
        **{each.__name__: each for each in (*over_http, http.RestoredFiles, http.Refused)},
    }
    (refs, definitions) = msgspec.json.schema_components(list(roots.values()), ref_template="#/definitions/{name}")
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Wire",
        "type": "object",
        "properties": dict(zip(roots, refs, strict=True)),
        "required": list(roots),
        "additionalProperties": False,
        "definitions": definitions,
        "constants": {name: getattr(constants, name) for name in _CONSTANTS},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
