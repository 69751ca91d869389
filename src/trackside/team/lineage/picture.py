"""A lineage as a picture in HTML: boxes that open, joined by lines; nothing runs, nothing is loaded.

The lines are a picture of their own, for HTML's sanitizers drop drawings that stand in it; their grey is seen on light
and dark alike. Where styles are taken away, the boxes are a list, and the table tells what is joined.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING

from trackside.html_styles import BAD, BRAND, CODE, GOOD, MUTED, TEXT, WARNING
from trackside.team.lineage.layout import HEIGHT, WIDTH, place_nodes
from trackside.visible_text import cut, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackside.team.lineage.graph import Graph, Kind, Node
    from trackside.team.lineage.layout import Place

_COLOURS: dict[Kind, str] = {
    "source": "#8d6e63",
    "data": "#00897b",
    "cell": "#7e57c2",
    "run": "#1976d2",
    "version": "#ef6c00",
    "stage": "#43a047",
}
_TONES = {"production": GOOD, "staging": WARNING, "failed": BAD, "interrupted": BAD}
_BACKGROUND = "background:var(--jp-layout-color1,Canvas)"
_BORDER = "var(--jp-border-color1,#9e9e9e)"
_LINE = "#9e9e9e"
_NARROWEST = 0.6
"""How far the picture is squeezed to fit beside others; where there is less room, it is scrolled."""

_NAME = 60
_LONG = 2000


def write_picture(graph: Graph) -> str:
    """Return a graph as HTML. What opens in a box stands below the picture, where there is room for it."""
    if not graph.nodes:
        return f"<p style='{MUTED}'>Nothing is on record of it.</p>"
    places, width, height = place_nodes(graph)
    group = f"lineage-{hashlib.sha256(repr(sorted(graph.nodes)).encode()).hexdigest()[:12]}"  # one box of it is open
    boxes = "".join(
        _box(graph.nodes[key], places[key], width, group, is_focus=key == graph.focus) for key in _in_order(places)
    )
    lines = base64.b64encode(_lines(graph, places, width, height).encode()).decode()
    told = graph.describe_left_out()
    return (
        f"<div class='trackside-lineage' style='{TEXT};font-size:12px;line-height:1.35'>{_legend(graph)}"
        f"<div style='overflow-x:auto;padding:4px 0'>"
        f"<div style='position:relative;min-width:{round(width * _NARROWEST)}px;max-width:{width}px'>"
        f"<img alt='' width='{width}' height='{height}' "
        f"style='display:block;width:100%;max-width:none;height:{height}px' "
        f"src='data:image/svg+xml;base64,{lines}'>{boxes}</div></div>"
        f"{f'<div style={MUTED!r}>{escape(told)}</div>' if told else ''}{_table(graph)}</div>"
    )


def _in_order(places: Mapping[str, Place]) -> list[str]:
    return sorted(places, key=lambda key: (places[key].x, places[key].y))


def _box(node: Node, place: Place, width: int, group: str, *, is_focus: bool) -> str:
    border = f"2px solid {BRAND}" if is_focus else f"1px solid {_BORDER}"
    left, wide = place.x / width, WIDTH / width
    where = f"position:absolute;left:{left:.2%};top:{place.y}px;width:{wide:.2%};height:{HEIGHT}px"
    looks = f"border:{border};border-left:4px solid {_COLOURS[node.kind]};border-radius:4px;{_BACKGROUND}"
    box = f"{where};{looks};box-sizing:border-box;padding:3px 7px;overflow:hidden;cursor:pointer;list-style:none"
    line = "white-space:nowrap;overflow:hidden;text-overflow:ellipsis"
    title, tone = cut(node.title, _NAME), _TONES.get(node.tone, MUTED)
    return (
        f"<details name='{group}'><summary style='{box}' title='{escape(title)}'>"
        f"<div style='{line};font-weight:600'>{_text(title)}</div>"
        f"<div style='{line};font-size:11px;{tone}'>{_text(cut(node.text, _NAME))}</div></summary>"
        f"{_details(node)}</details>"
    )


def _details(node: Node) -> str:
    shown = f"margin-top:8px;padding:6px 8px;border:1px solid {_BORDER};border-left:4px solid {_COLOURS[node.kind]}"
    rows = "".join(
        f"<div><span style='{MUTED}'>{escape(name)}</span> {_value(text)}</div>" for name, text in node.details if text
    )
    title = f"<div><b>{_text(cut(node.title, _NAME))}</b> <span style='{MUTED}'>{node.kind}</span></div>"
    return f"<div style='{shown};border-radius:4px;overflow-wrap:anywhere'>{title}{rows}</div>"


def _value(text: str) -> str:
    if "\n" not in text:
        return _text(cut(text, 200))
    shown = "\n".join(visible(line) for line in text[:_LONG].split("\n")) + ("…" if len(text) > _LONG else "")
    return f"<pre style='{CODE};margin:2px 0;font-size:11px;white-space:pre-wrap'>{escape(shown)}</pre>"


def _lines(graph: Graph, places: Mapping[str, Place], width: int, height: int) -> str:
    """Return the boxes' outlines and the lines between them as SVG."""
    paths = []
    for edge in graph.edges.values():
        start, end = places[edge.start], places[edge.end]
        x1, y1, x2, y2 = start.x + WIDTH, start.y + HEIGHT // 2, end.x, end.y + HEIGHT // 2
        bend = max((x2 - x1) // 2, 18)
        paths.append(f"<path d='M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2 - 2} {y2}' marker-end='url(#a)'/>")
    boxes = [  # seen only where the notebook's colours are taken away
        f"<rect x='{place.x + 1}' y='{place.y + 1}' width='{WIDTH - 2}' height='{HEIGHT - 2}' rx='4' stroke-width='1'/>"
        for place in places.values()
    ]
    arrow = (
        f"<marker id='a' viewBox='0 0 6 6' refX='5' refY='3' markerWidth='5' markerHeight='5' orient='auto'>"
        f"<path d='M0 0L6 3L0 6z' fill='{_LINE}' stroke='none'/></marker>"
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' preserveAspectRatio='none'>"
        f"<defs>{arrow}</defs><g fill='none' stroke='{_LINE}' stroke-width='1.5'>{''.join([*boxes, *paths])}</g></svg>"
    )


def _legend(graph: Graph) -> str:
    kinds = [kind for kind in _COLOURS if any(node.kind == kind for node in graph.nodes.values())]
    told = "".join(
        f"<span style='margin-right:12px'><span style='color:{_COLOURS[kind]}'>■</span> {kind}</span>" for kind in kinds
    )
    return f"<div style='{MUTED}'>{told}</div>"


def _table(graph: Graph) -> str:
    cell = "padding:1px 12px 1px 0;text-align:left;font-weight:normal"
    rows = "".join(
        f"<tr><td style='{cell}'>{_named(graph.nodes[edge.start])}</td><td style='{cell};{MUTED}'>"
        f"{_text(cut(edge.relation, _NAME))}</td><td style='{cell}'>{_named(graph.nodes[edge.end])}</td></tr>"
        for edge in graph.edges.values()
    )
    return (
        f"<details><summary style='{MUTED}'>as a table</summary>"
        f"<table style='color:inherit;font-size:inherit'><tbody>{rows}</tbody></table></details>"
    )


def _named(node: Node) -> str:
    return f"{_text(cut(node.title, _NAME))} <span style='{MUTED}'>{_text(cut(node.text, _NAME))}</span>"


def _text(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>" if text else ""
