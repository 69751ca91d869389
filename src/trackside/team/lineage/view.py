"""The lineage of a run, a version or data, as it shows itself: a picture, a table, and text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.errors import InputError
from trackside.model import short_id
from trackside.team.lineage.found_data import find_data
from trackside.team.lineage.graph import build_graph, data_key, run_key, version_key
from trackside.team.lineage.known import Known, read_known, related_runs
from trackside.team.lineage.picture import write_picture
from trackside.visible_text import cut
from trackside.wire import RECORD_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from trackside.store.store import Store
    from trackside.team.lineage.graph import Graph

_COLUMNS = ("from_kind", "from", "relation", "to_kind", "to", "from_key", "to_key")
_NAME = 60


class Lineage:
    """What something was made from, and what was made of it; shows itself as a picture whose boxes open.

    Made by ``ts.lineage``. Sixty boxes are drawn at most, and what is left out is said; ``.df`` has all.
    """

    def __init__(self, known: Known, run_ids: list[str], focus: str, only: set[str] | None = None) -> None:
        self._known = known
        self._run_ids = run_ids
        self._focus = focus
        self._only = only

    @property
    def df(self) -> pd.DataFrame:
        """All of it as a DataFrame: a row for each step from one thing to the next."""
        import pandas as pd

        graph = self.graph(most=None)
        rows = [
            [start.kind, start.title, edge.relation, end.kind, end.title, start.key, end.key]
            for edge in graph.edges.values()
            for start, end in [(graph.nodes[edge.start], graph.nodes[edge.end])]
        ]
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    def graph(self, most: int | None = 60) -> Graph:
        """Return nodes and edges, at most so many nodes."""
        return build_graph(self._known, self._run_ids, self._focus, only=self._only, most=most)

    def __repr__(self) -> str:
        graph = self.graph()
        lines = [line for run_id in self._run_ids if run_key(run_id) in graph.nodes for line in self._lines(run_id)]
        told = graph.describe_left_out()
        return "\n".join([*lines, *([told] if told else [])]) or "nothing is on record of it"

    def _repr_html_(self) -> str:
        return write_picture(self.graph())

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {"text/html": self._repr_html_(), "text/plain": repr(self)}
        return data, {"trackside": {"kind": "lineage", "version": RECORD_VERSION}}

    def _lines(self, run_id: str) -> Iterator[str]:
        run = self._known.runs[run_id]
        yield f"{cut(run.name, _NAME)} {short_id(run_id)} ({run.status})"
        data = [
            f"{cut(each.name, _NAME)}{f' ({each.role})' if each.role else ''}"
            for each in self._known.datasets.get(run_id, [])
            if self._only is None or data_key(each) in self._only
        ]
        if data:
            yield f"  used {', '.join(data)}"
        for link in self._known.loaded:
            if link.by == run_id:
                yield f"  loaded {cut(link.artifact, _NAME)} of run {short_id(link.of)}"
        for version in self._known.versions.get(run_id, []):
            where = " · ".join([version.stage, *version.aliases])
            yield f"  became {cut(version.model, _NAME)} {version.version} ({where})"


def trace_run(store: Store, run_id: str) -> Lineage:
    """Return the lineage of a run."""
    related = _with_known_first([run_id], related_runs(store, [run_id]))
    return Lineage(read_known(store, related), related, run_key(run_id))


def trace_version(store: Store, model: str, version: int) -> Lineage:
    """Return the lineage of a version of a model.

    Raises
    ------
    InputError
        There is no such version.
    """
    with store.read() as connection:
        row = connection.execute(
            "SELECT CAST(run_id AS VARCHAR) FROM model_versions WHERE model = ? AND version = ?", [model, version]
        ).fetchone()
    if row is None:
        raise InputError(f"There is no version {version} of {model!r}; expected one that is registered; see ts.models")
    related = _with_known_first([str(row[0])], related_runs(store, [str(row[0])]))
    return Lineage(read_known(store, related), related, version_key(model, version))


def trace_data(store: Store, data: Any) -> Lineage:
    """Return all that was made of data; see `find_data`.

    Raises
    ------
    InputError
        It is no data, or a text that names none.
    """
    found = find_data(store, data)
    related = related_runs(store, found.run_ids) if found.run_ids else []
    known = read_known(store, related)
    used = {(use.run_id, use.name) for use in found.uses}
    loaded = {(link.by, link.name) for link in known.loaded}
    keys = [
        data_key(each)
        for run_id, datasets in known.datasets.items()
        for each in datasets
        if (run_id, each.name) in used | loaded
    ]
    registered = [run_id for run_id in known.runs if known.versions.get(run_id)]
    return Lineage(known, _with_known_first(registered, known.runs), next(iter(keys), ""), set(keys))


def _with_known_first(first: Iterable[str], run_ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*first, *run_ids]))
