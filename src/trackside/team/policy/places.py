"""Where a policy says something: the line of its file."""

from __future__ import annotations

import re
from pathlib import Path

_HEADER = re.compile(r"\s*\[\[?\s*(?:tool\s*\.\s*trackside\s*\.\s*)?(?P<name>[\w\s.-]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:["']?)(?P<name>[\w-]+)["']?\s*=""")


def spell_place(file: str, key: str, number: int) -> str:
    """Return where a key of a policy stands, in words: its line, as far as that is found, and its name.

    Parameters
    ----------
    number
        Of the rule that it is a key of; 0 is what the policy says of all experiments.
    """
    try:
        line = find_line(Path(file).read_text(encoding="utf-8"), key, number)
    except (OSError, UnicodeDecodeError):
        line = None
    return ", ".join([*([f"line {line}"] if line else [f"rule {number}"] if number else []), key])


def find_line(text: str, key: str, number: int) -> int | None:
    r"""Return the number of the line on which a key of a policy stands; None where it is written in another way.

    Examples
    --------
    >>> find_line("[policy]\nseed = true\n[[policy.rules]]\nseed = true", "seed", 1)
    4
    """
    table, seen = "", 0
    own = "policy.rules" if number else "policy"
    for at, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = re.sub(r"\s", "", header["name"])
            seen += table == "policy.rules"
        is_there = seen == number or not number
        if is_there and header and table == f"{own}.{key}":
            return at
        if is_there and not header and table == own and (said := _KEY.match(line)) and said["name"] == key:
            return at
    return None
