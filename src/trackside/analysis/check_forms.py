"""A check in the forms that CI reads: JSON, Markdown, JUnit's XML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from trackside.analysis.check_text import MARKS, mean_of, say_outcome, say_verdict, spell_interval, write_text
from trackside.capture.words.numbers import spell_number
from trackside.visible_text import code_span, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.analysis.check import Check
    from trackside.analysis.samples import Sample

VERSION = 1
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NOT_JUDGED = ("not comparable", "not enough data")


def write_json(check: Check) -> str:
    """Return a check as JSON; numbers that are not finite are the texts ``"NaN"``, ``"Infinity"``, ``"-Infinity"``."""
    return json.dumps({"version": VERSION, **plain_check(check)}, ensure_ascii=False, indent=2)


def write_markdown(check: Check) -> str:
    """Return a check as Markdown, fit for a comment: the verdict, a table of the candidates, the reasons."""
    rows = [
        "| candidate | verdict | value | baseline | difference | interval |",
        "| --- | --- | ---: | ---: | ---: | --- |",
    ]
    rows += [_markdown_row(each) for each in _parts(check)]
    reasons = [f"- {code_span(reason, 400)}" for reason in check.reasons]
    if check.first_difference:
        reasons.append(f"- first difference: {code_span(check.first_difference)}")
    head = f"**{MARKS[check.verdict]} {say_outcome(check)}** {code_span(check.rule.metric)}"
    return "\n".join([head, "", *rows, "", *reasons])


def write_junit(check: Check) -> str:
    """Return a check as JUnit's XML, one case for each candidate.

    A failure is a candidate that is not better, an error one that could not be judged.
    """
    parts = _parts(check)
    failed = [each for each in parts if not each.passed and each.verdict not in _NOT_JUDGED]
    errors = [each for each in parts if each.verdict in _NOT_JUDGED]
    suite = ET.Element("testsuite", name="trackside check")
    suite.attrib |= {"tests": str(len(parts)), "failures": str(len(failed)), "errors": str(len(errors))}
    for each in parts:
        name = f"{visible(each.candidate.label)} beats {visible(each.baseline.label)}"
        case = ET.SubElement(suite, "testcase", classname=f"trackside.{visible(each.rule.metric)}", name=name)
        if not each.passed:
            kind = "error" if each.verdict in _NOT_JUDGED else "failure"
            outcome = ET.SubElement(case, kind, type=each.verdict, message=say_verdict(each))
            outcome.text = write_text(each)
    return _HEAD + ET.tostring(suite, encoding="unicode")


def write_no_evidence(why: str, form: str) -> str:
    """Return that nothing could be judged, in a form that CI reads: ``"json"``, ``"markdown"`` or ``"junit"``.

    Examples
    --------
    >>> write_no_evidence("there is no store", "markdown")
    '**? no evidence** `there is no store`'
    """
    match form:
        case "json":
            told = {"version": VERSION, "verdict": "no evidence", "passed": False, "reasons": [why]}
            return json.dumps(told, ensure_ascii=False, indent=2)
        case "markdown":
            return f"**? no evidence** {code_span(why, 400)}"
    suite = ET.Element("testsuite", name="trackside check", tests="1", failures="0", errors="1")
    case = ET.SubElement(suite, "testcase", classname="trackside", name="runs are there to be judged")
    ET.SubElement(case, "error", type="no evidence", message=visible(why))
    return _HEAD + ET.tostring(suite, encoding="unicode")


def _parts(check: Check) -> Sequence[Check]:
    return check.each or (check,)


def plain_check(check: Check) -> dict[str, Any]:
    """Return a check as JSON-like data."""
    rule = check.rule
    return {
        "verdict": check.verdict,
        "passed": check.passed,
        "metric": rule.metric,
        "goal": rule.goal,
        "min_delta": rule.min_delta,
        "confidence": rule.confidence,
        "comparable": check.comparable,
        "effect": None if check.effect is None else spell_number(check.effect),
        "interval": None if check.interval is None else [spell_number(bound) for bound in check.interval],
        "interval_confidence": check.interval_confidence or None,
        "method": check.method or None,
        "standardized": check.standardized,
        "reasons": list(check.reasons),
        "first_difference": check.first_difference,
        "candidate": _plain_sample(check.candidate),
        "baseline": _plain_sample(check.baseline),
        "each": [plain_check(each) for each in check.each],
    }


def _plain_sample(sample: Sample) -> dict[str, Any]:
    return {
        "label": sample.label,
        "runs": list(sample.run_ids),
        "values": [spell_number(value) for value in sample.values],
    }


def _markdown_row(check: Check) -> str:
    effect = "" if check.effect is None else f"{check.effect:+.4g}"
    interval = "" if check.interval is None else spell_interval(check.interval)
    label = code_span(check.candidate.label, 60).replace("|", "¦")
    values = [f"{mean_of(sample):.5g}" for sample in (check.candidate, check.baseline)]
    return f"| {' | '.join([label, f'{MARKS[check.verdict]} {say_outcome(check)}', *values, effect, interval])} |"
