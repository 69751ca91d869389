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
