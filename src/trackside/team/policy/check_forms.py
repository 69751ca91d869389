"""The policy's checks in the forms that shells and CI read: text, JSON, Markdown, JUnit's XML."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from trackside.analysis.check_forms import plain_check, write_markdown
from trackside.analysis.check_page import write_page
from trackside.analysis.check_text import MARKS
from trackside.html_styles import WARNING, card
from trackside.visible_text import code_span, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.team.policy.checks import PolicyCheck

VERSION = 1
_FAILED = ("worse", "no difference")


class PolicyChecks:
    """The policy's checks as a notebook shows them: a card for each."""

    def __init__(self, outcomes: Sequence[PolicyCheck]) -> None:
        self.outcomes = outcomes

    def __repr__(self) -> str:
        return write_texts(self.outcomes)

    def _repr_html_(self) -> str:
        return "".join(f"<div><bdi>{escape(visible(each.name))}</bdi></div>{_page(each)}" for each in self.outcomes)


def write_texts(outcomes: Sequence[PolicyCheck]) -> str:
    """Return each check's name and below it what came out."""
    return "\n".join(f"{visible(each.name)}\n{_indent(_marked(each))}" for each in outcomes)


def write_checks_json(outcomes: Sequence[PolicyCheck]) -> str:
    """Return the checks as JSON."""
    told = [
        {
            "name": each.name,
            "experiment": each.experiment,
            "gate": each.rule.gate,
            "outcome": each.outcome,
            "passed": each.passed,
            "problem": each.problem or None,
            "check": plain_check(each.check) if each.check is not None else None,
        }
        for each in outcomes
    ]
    return json.dumps({"version": VERSION, "checks": told}, ensure_ascii=False, indent=2)


def write_checks_markdown(outcomes: Sequence[PolicyCheck]) -> str:
    """Return the checks as Markdown, fit for a comment."""
    bodies = (code_span(_marked(each), 600) if each.check is None else write_markdown(each.check) for each in outcomes)
    return "\n\n".join(f"### {code_span(each.name)}\n\n{body}" for each, body in zip(outcomes, bodies, strict=True))


def write_checks_junit(outcomes: Sequence[PolicyCheck]) -> str:
    """Return the checks as JUnit's XML, one case for each, by experiment.

    A failure is a check that was not passed, an error one that could not be judged.
    """
    failed = [each for each in outcomes if each.outcome in _FAILED]
    errors = [each for each in outcomes if not each.passed and each.outcome not in _FAILED]
    suite = ET.Element("testsuite", name="trackside check --policy")
    suite.attrib |= {"tests": str(len(outcomes)), "failures": str(len(failed)), "errors": str(len(errors))}
    for each in outcomes:
        case = ET.SubElement(
            suite, "testcase", classname=f"trackside.{visible(each.experiment)}", name=visible(each.name)
        )
        if not each.passed:
            kind = "failure" if each in failed else "error"
            told = visible(each.text)
            ET.SubElement(case, kind, type=each.outcome, message=told.partition("\n")[0]).text = told
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode")


def _page(outcome: PolicyCheck) -> str:
    if outcome.check is not None:
        return write_page(outcome.check)
    return card("check", f"<bdi>{escape(_marked(outcome))}</bdi>", edge=WARNING.removeprefix("color:"))


def _marked(outcome: PolicyCheck) -> str:
    return outcome.text if outcome.check is not None else f"{MARKS['not enough data']} {visible(outcome.text)}"


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
