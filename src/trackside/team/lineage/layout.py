"""Where the nodes of a lineage stand: in columns from data to stage, each below those it hangs together with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackside.team.lineage.graph import Graph, Node

WIDTH, HEIGHT = 138, 42
GAP_X, GAP_Y = 32, 10
_RANKS = {"source": 0, "data": 1, "cell": 2, "run": 4, "version": 5, "stage": 6}
_AROUND = 3
"""Rank of a run that others are part of."""

_GENERATION = 10
_SWEEPS = 3
_DEEPEST = 50


@dataclass(frozen=True)
class Place:
    """The upper left corner of a node, in pixels."""

    x: int
    y: int


def place_nodes(graph: Graph) -> tuple[dict[str, Place], int, int]:
    """Return where each node stands, and width and height of it all."""
    columns = _columns(graph)
    for _ in range(_SWEEPS):
        _order(columns, graph)
    tallest = max((len(column) for column in columns), default=0)
    height = tallest * (HEIGHT + GAP_Y) - GAP_Y
    places = {}
    for at, column in enumerate(columns):
        top = (height - len(column) * (HEIGHT + GAP_Y) + GAP_Y) // 2
        for row, key in enumerate(column):
            places[key] = Place(at * (WIDTH + GAP_X), top + row * (HEIGHT + GAP_Y))
    return places, len(columns) * (WIDTH + GAP_X) - GAP_X, max(height, 0)


def _columns(graph: Graph) -> list[list[str]]:
    around = {edge.start for edge in graph.edges.values() if edge.relation == "part of"}
    generations = _generations(graph)
    by_rank: dict[int, list[str]] = defaultdict(list)
    for key, node in graph.nodes.items():
        rank = _AROUND if key in around else _RANKS[node.kind]
        by_rank[generations[key] * _GENERATION + rank].append(key)
    return [by_rank[rank] for rank in sorted(by_rank)]


def _generations(graph: Graph) -> dict[str, int]:
    """Return for each node how many runs whose artifacts were loaded stand before it."""
    before: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges.values():
        before[edge.end].append(edge.start)
    found: dict[str, int] = {}

    def generation(key: str, depth: int = 0) -> int:
        if key not in found and depth < _DEEPEST:
            found[key] = 0  # while it is being found: what hangs on itself begins here
            steps = [
                generation(start, depth + 1) + _is_made(graph.nodes[start], graph.nodes[key]) for start in before[key]
            ]
            found[key] = max(steps, default=0)
        return found.get(key, 0)

    for key in graph.nodes:
        generation(key)
    sources = {edge.start: edge.end for edge in graph.edges.values() if graph.nodes[edge.start].kind == "source"}
    return found | {source: found[data] for source, data in sources.items()}


def _is_made(start: Node, end: Node) -> int:
    return int(start.kind == "run" and end.kind == "data")


def _order(columns: list[list[str]], graph: Graph) -> None:
    """Put each node beside the middle of those it is joined to: from the left, then from the right."""
    joined: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges.values():
        joined[edge.start].append(edge.end)
        joined[edge.end].append(edge.start)
    for columns_in_turn in (columns, columns[::-1]):
        for column in columns_in_turn:
            middle = {key: (row + 0.5) / len(each) for each in columns for row, key in enumerate(each)}
            column.sort(key=lambda key: _mean([middle[other] for other in joined[key]], middle[key]))


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
