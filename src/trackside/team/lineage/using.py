"""Which versions of models were made of data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.model import short_id
from trackside.team.lineage.found_data import Use, find_data
from trackside.team.lineage.known import read_known, runs_below

if TYPE_CHECKING:
    import pandas as pd

    from trackside.store.store import Store

_COLUMNS = ("model", "version", "stage", "aliases", "run_id", "dataset", "role", "digest", "match")


def list_using(store: Store, data: Any) -> pd.DataFrame:
    """Return the versions that were made of data, as a DataFrame; see ``ts.models.using``.

    Raises
    ------
    InputError
        It is no data, or a text that names none.
    """
    import pandas as pd

    found = find_data(store, data)
    below = runs_below(store, found.run_ids) if found.run_ids else {}
    inherited = [
        Use(run_id=by, name="", role=None, digest=None, match=f"through what run {short_id(of)} made of it")
        for by, of in below.items()
    ]
    uses = [*found.uses, *inherited]
    versions = read_known(store, [use.run_id for use in uses]).versions if uses else {}
    rows = [
        [
            each.model,
            each.version,
            each.stage,
            ", ".join(each.aliases),
            use.run_id,
            use.name,
            use.role,
            use.digest,
            use.match,
        ]
        for use in uses
        for each in versions.get(use.run_id, [])
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.sort_values(["model", "version"], ascending=[True, False], kind="stable", ignore_index=True)
