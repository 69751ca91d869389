"""Lineage as a graph: where data comes from, what read it, which runs, which versions, which stages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from trackside.model import short_id
from trackside.quantities import spell_count
from trackside.run_diff.cells import label_cell
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trackside.model import Dataset
    from trackside.team.lineage.known import Known, KnownRun, KnownVersion

Kind: TypeAlias = Literal["source", "data", "cell", "run", "version", "stage"]

MOST_NODES = 60
_MOST_DATA = 8
"""Datasets of one run that are drawn: those with a role first."""

_MOST_PLAIN = 12
"""Runs that are drawn although no version is made of them: beside registered ones, few tell more than many."""

_LONG = 200
_LINES = 20
_NAMES = 3


@dataclass(frozen=True, kw_only=True)
class Node:
    """One thing: what it is called in one line, what else in a second, and what opens."""

    key: str
    kind: Kind
    title: str
    text: str = ""
    details: tuple[tuple[str, str], ...] = ()
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """From one node to another, and what that means: ``"train"``, ``"loaded"``."""

    start: str
    end: str
    relation: str


@dataclass
class Graph:
    """Nodes by key, edges, the key of what was asked for, and how many runs and datasets are left out."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str], Edge] = field(default_factory=dict)
    focus: str = ""
    left_out: dict[str, int] = field(default_factory=dict)

    def with_part(self, part: Graph) -> None:
        """Take the nodes and edges of another graph in."""
        self.nodes |= {key: node for key, node in part.nodes.items() if key not in self.nodes}
        self.edges |= {key: edge for key, edge in part.edges.items() if key not in self.edges}

    def describe_left_out(self) -> str:
        """Say how many runs, versions and datasets are left out; nothing where none is."""
        told = [spell_count(number, what) for what, number in self.left_out.items() if number]
        return f"left out: {', '.join(told)}; .df has all" if told else ""


def build_graph(
    known: Known, run_ids: list[str], focus: str, *, only: set[str] | None = None, most: int | None = MOST_NODES
) -> Graph:
    """Return the graph of runs.

    Parameters
    ----------
    known
        What is known of them.
    run_ids
        The runs, those that matter most first.
    focus
        Key of the node that was asked for.
    only
        Keys of the data to show; None shows all that each run used.
    most
        How many nodes there may be; None for any number.
    """
    graph = Graph(focus=focus)
    left: dict[str, int] = {"run": 0, "version": 0, "dataset": 0}
    names = _names_of_data(known)
    plain = 0
    for run_id in run_ids:
        if run_id not in known.runs:
            continue
        part, cut_off = _part_of(known, known.runs[run_id], names, only, None if most is None else _MOST_DATA)
        versions = len(known.versions.get(run_id, []))
        is_one_too_many = len(graph.nodes | part.nodes) > (most or 0) or (plain >= _MOST_PLAIN and not versions)
        if most is not None and graph.nodes and is_one_too_many:
            left["run"] += 1
            left["version"] += versions
            continue
        graph.with_part(part)
        plain += not versions
        left["dataset"] += cut_off
    graph.edges = {
        key: edge for key, edge in graph.edges.items() if edge.start in graph.nodes and edge.end in graph.nodes
    }
    graph.left_out = left
    return graph


def _names_of_data(known: Known) -> dict[str, list[str]]:
    """Return under which names the same data is known."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for run_id in known.runs:
        for dataset in known.datasets.get(run_id, []):
            names[data_key(dataset)][dataset.name] = None
    return {key: list(those) for key, those in names.items()}


def data_key(dataset: Dataset) -> str:
    """Return by what data is known: its content; where that is not on record, its name, shape and source."""
    if dataset.digest:
        return f"data:{dataset.digest}{'~' if dataset.sampled else ''}"
    return f"data:{dataset.name}|{dataset.shape}|{dataset.source}"


def run_key(run_id: str) -> str:
    """Return the key of a run's node."""
    return f"run:{run_id}"


def version_key(model: str, version: int) -> str:
    """Return the key of a version's node."""
    return f"version:{version}:{model}"


def _part_of(
    known: Known, run: KnownRun, names: Mapping[str, list[str]], only: set[str] | None, most: int | None
) -> tuple[Graph, int]:
    """Return a run with its data, cell, versions and stages, and how many of its datasets are left out."""
    part, own = Graph(), _run_node(run)
    part.nodes[own.key] = own
    datasets = [each for each in known.datasets.get(run.run_id, []) if only is None or data_key(each) in only]
    shown = sorted(datasets, key=lambda each: (each.role is None, each.name))[:most]
    reader = own
    if run.cell_digest:
        reader = _cell_node(run, shown)
        _join(part, reader, own, "ran as")
    for dataset in shown:
        data = _data_node(dataset, names[data_key(dataset)])
        _join(part, data, reader, dataset.role or "read")
        if dataset.source:
            _join(part, _source_node(dataset.source), data, "read from")
    if run.parent_id and run.parent_id in known.runs:
        _join(part, _run_node(known.runs[run.parent_id]), own, "part of")
    _join_makers(part, known, run, shown)
    for version in known.versions.get(run.run_id, []):
        for start, end, relation in _version_steps(own, version):
            _join(part, start, end, relation)
    return part, len(datasets) - len(shown)


def _join_makers(part: Graph, known: Known, run: KnownRun, shown: list[Dataset]) -> None:
    """Join data with the runs whose artifact it is, but for those that only kept what they had read themselves."""
    by_name = {dataset.name: data_key(dataset) for dataset in shown}
    for link in known.loaded:
        read = {data_key(each) for each in known.datasets.get(link.of, [])}
        if link.by == run.run_id and link.name in by_name and by_name[link.name] not in read:
            start, end = run_key(link.of), by_name[link.name]
            part.edges[start, end] = Edge(start=start, end=end, relation=f"made {cut(link.artifact, _LONG)}")


def _join(part: Graph, start: Node, end: Node, relation: str) -> None:
    part.nodes.setdefault(start.key, start)
    part.nodes.setdefault(end.key, end)
    part.edges[start.key, end.key] = Edge(start=start.key, end=end.key, relation=relation)


def _version_steps(run: Node, version: KnownVersion) -> Iterator[tuple[Node, Node, str]]:
    own = Node(
        key=version_key(version.model, version.version),
        kind="version",
        title=f"{version.model} {version.version}",
        text=" · ".join([version.stage, *version.aliases]),
        details=(
            ("model", version.model),
            ("version", str(version.version)),
            ("stage", version.stage),
            ("aliases", ", ".join(version.aliases) or "none"),
        ),
        tone=version.stage,
    )
    yield run, own, "registered as"
    if version.stage != "none":
        stage = Node(
            key=f"stage:{version.stage}:{version.model}",
            kind="stage",
            title=version.stage,
            text=f"of {version.model}",
            details=(("model", version.model), ("stage", version.stage)),
            tone=version.stage,
        )
        yield own, stage, "is in"


def _run_node(run: KnownRun) -> Node:
    where = f"{run.notebook}" if run.notebook else "script" if run.cell_digest is None else "notebook"
    return Node(
        key=run_key(run.run_id),
        kind="run",
        title=run.name,
        text=f"{short_id(run.run_id)} · {run.started_at:%m-%d %H:%M}",
        details=(
            ("run", run.run_id),
            ("status", run.status),
            ("started", f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC"),
            ("experiment", run.experiment),
            ("from", where),
        ),
        tone=run.status,
    )


def _cell_node(run: KnownRun, datasets: list[Dataset]) -> Node:
    """Return the cell that a run is; the same cell that read other data is drawn apart."""
    read = "|".join(sorted(data_key(each) for each in datasets))
    lines = (run.source or "").strip().splitlines()
    return Node(
        key=f"cell:{run.cell_digest}:{read}",
        kind="cell",
        title=label_cell(run.source, run.execution_count),
        text=run.notebook.rpartition("/")[2] if run.notebook else "cell",
        details=(
            ("notebook", run.notebook or "not on record"),
            ("depends on", "\n".join(run.cells)),
            ("code", "\n".join([*lines[:_LINES], *(["…"] if len(lines) > _LINES else [])])),
        ),
    )


def _data_node(dataset: Dataset, names: list[str]) -> Node:
    digest = (dataset.digest or "").rpartition(":")[2]
    sample = " of a sample" if dataset.sampled else ""
    return Node(
        key=data_key(dataset),
        kind="data",
        title=", ".join(names[:_NAMES]) + (", …" if len(names) > _NAMES else ""),
        text=" · ".join(each for each in (dataset.shape or dataset.kind, digest[:8] or "no digest") if each),
        details=(
            ("kind", dataset.kind),
            ("shape", dataset.shape or "not on record"),
            ("digest", f"{digest}{sample}" if digest else "not on record"),
            ("source", dataset.source or "not on record"),
        ),
    )


def _source_node(source: str) -> Node:
    return Node(
        key=f"source:{source}",
        kind="source",
        title=source.rpartition("/")[2] or source,
        text="source",
        details=(("from", source),),
    )
