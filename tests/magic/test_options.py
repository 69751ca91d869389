"""What stands after ``%%track`` is read as it was meant."""

from __future__ import annotations

import pytest

from trackside.magic.options import parse_options


@pytest.mark.parametrize(
    ("line", "name", "into"),
    [
        ("--into #12", None, "#12"),
        ("--into=#12", None, "#12"),
        ("run#3", "run#3", None),
        ("mlp  # don't: it's a comment", "mlp", None),
        ("# nothing but a comment", None, None),
        ("'a # b' --into last # c", "a # b", "last"),
    ],
)
def test_only_what_begins_with_a_sharp_and_a_blank_is_a_comment(line: str, name: str | None, into: str | None) -> None:
    options = parse_options(line)
    assert (options.name, options.into, options.problems) == (name, into, [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("-q", "-q is no flag, and is taken for the name"),
        ("mlp --tag a=1 b=2", "b=2 is taken for the name; expected --tag b=2 for a tag"),
        ("run -1", None),
        ("mlp", None),
    ],
)
def test_what_may_have_been_meant_otherwise_is_told(line: str, told: str | None) -> None:
    problems = parse_options(line).problems
    assert (problems == []) if told is None else (len(problems) == 1 and problems[0].startswith(told))
