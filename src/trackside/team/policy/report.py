"""What the policy says of notebooks, in the forms that shells and CI read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from trackside.model import short_id
from trackside.team.policy.checklist import say_finding, worst_first, write_line
from trackside.visible_text import code_span, cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trackside.team.policy.evidence import CellVerdict

VERSION = 1
NO_EVIDENCE_TEXT = "no evidence: no run of it in a store, in the notebook or in a committed record; run it, and save"
EDITED_TEXT = "no evidence: the cell was edited since its run; run it again, and save"
_NAME = 60


def write_report(verdicts: Mapping[str, Sequence[CellVerdict]]) -> str:
    """Return a line for each cell, below its notebook, and below it what is broken or still to come."""
    return "\n".join(line for notebook, cells in verdicts.items() for line in _lines(notebook, cells))


def _lines(notebook: str, cells: Sequence[CellVerdict]) -> Iterator[str]:
    yield visible(notebook) + ("" if cells else ": nothing is tracked, and nothing trains")
    for cell in cells:
        yield f"  {_mark(cell)} {cell.label}: {_say(cell)}"
        yield from (f"      {say_finding(each)}" for each in worst_first(cell.findings) if each.state != "kept")


def write_report_json(verdicts: Mapping[str, Sequence[CellVerdict]]) -> str:
    """Return what was found as JSON."""
    told = [{"notebook": name, "cells": [_plain(cell) for cell in cells]} for name, cells in verdicts.items()]
    return json.dumps({"version": VERSION, "notebooks": told}, ensure_ascii=False, indent=2)


def write_report_markdown(verdicts: Mapping[str, Sequence[CellVerdict]]) -> str:
    """Return what was found as Markdown, fit for a comment."""
    rows = [
        f"| {_cell(notebook)} | {cell.label} | {_mark(cell)} {_cell(_say(cell))} | {_cell('; '.join(_details(cell)))} |"
        for notebook, cells in verdicts.items()
        for cell in cells
    ]
    return "\n".join(["| notebook | cell | policy | what to do |", "| --- | --- | --- | --- |", *rows])


def write_report_junit(verdicts: Mapping[str, Sequence[CellVerdict]]) -> str:
    """Return what was found as JUnit's XML, one case for each cell: broken is a failure, no evidence an error."""
    everything = [(notebook, cell) for notebook, cells in verdicts.items() for cell in cells]
    suite = ET.Element("testsuite", name="trackside policy check", tests=str(len(everything)))
    suite.attrib["failures"] = str(sum(cell.is_broken for _, cell in everything))
    suite.attrib["errors"] = str(sum(not cell.has_evidence for _, cell in everything))
    for notebook, cell in everything:
        group = visible(notebook.removesuffix(".ipynb")).replace("/", ".")
        case = ET.SubElement(suite, "testcase", classname=group, name=cell.label, file=visible(notebook))
        if cell.is_broken or not cell.has_evidence:
            kind = "failure" if cell.is_broken else "error"
            ET.SubElement(case, kind, message=_say(cell)).text = "\n".join([_say(cell), *_details(cell)])
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode")


def _mark(cell: CellVerdict) -> str:
    return "✗" if cell.is_broken else "✓" if cell.has_evidence else "?"


def _say(cell: CellVerdict) -> str:
    if cell.trains is not None:
        return f"trains without %%track: {cell.trains}"
    if cell.run is None:
        return NO_EVIDENCE_TEXT
    if cell.is_edited:
        return EDITED_TEXT
    told = write_line(cell.findings) if cell.findings else "no rule is for it"
    return f"{cut(cell.run.name, _NAME)} ({short_id(cell.run.run_id)}), {told}"


def _details(cell: CellVerdict) -> list[str]:
    return [say_finding(each) for each in worst_first(cell.findings) if each.state != "kept"]


def _plain(cell: CellVerdict) -> dict[str, Any]:
    return {
        "cell": cell.label,
        "state": "broken" if cell.is_broken else "kept" if cell.has_evidence else "no evidence",
        "trains": cell.trains,
        "run": cell.run.run_id if cell.run else None,
        "name": cell.run.name if cell.run else None,
        "rules": [
            {"rule": f.rule, "state": f.state, "found": f.found, "expected": f.expected, "advice": f.advice}
            for f in cell.findings
        ],
    }


def _cell(text: str) -> str:
    return code_span(text, 400).replace("|", "¦") if text else ""
