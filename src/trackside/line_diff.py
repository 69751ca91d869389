"""How one text became another: line by line, and word by word within a line that changed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONTEXT = 3
"""Lines that did not change, shown before and after those that did."""

_EXACT_LINES = 2000
"""Of longer texts, lines that stand in them often are not matched: it would take too long."""

MAX_STEPS = 1_000_000
"""What counting changed lines by their order may take at worst, some 50 ms; beyond it they are only counted."""

_LONGEST_LINE = 500
"""Characters of a line in which words are compared."""

_SIMILAR = 0.4
"""Lines with less in common are not the same line with other words in it."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class Piece(NamedTuple):
    """A part of a line, and whether it is one that the other text does not have."""

    text: str
    has_changed: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a diff; of kind ``"skipped"``, ``count`` lines that did not change and are not shown."""

    kind: Literal["same", "removed", "added", "skipped"]
    pieces: tuple[Piece, ...] = ()
    count: int = 1

    @property
    def text(self) -> str:
        """The line without its end."""
        return "".join(piece.text for piece in self.pieces)


def count_changed_lines(before: str, after: str) -> tuple[int, int]:
    r"""Return how many lines came and went: the least that tells one from the other, or of long texts about it.

    Examples
    --------
    >>> count_changed_lines("a\nb", "a\nc\nd")
    (2, 1)
    """
    old, new = _unlike(before.splitlines(), after.splitlines())
    had, has = Counter(old), Counter(new)
    pairs = sum(count * has[line] for line, count in had.items())
    if min(len(old), len(new)) * (len(old) + pairs) > MAX_STEPS:
        return (has - had).total(), (had - has).total()
    added = removed = 0
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            removed += old_to - old_from
            added += new_to - new_from
    return added, removed


def _unlike(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines between those that two texts begin with and end in alike."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


def compare_lines(before: str, after: str) -> list[Line]:
    """Return how ``before`` became ``after``, with a few of the unchanged lines around.

    Examples
    --------
    >>> [(line.kind, line.text) for line in compare_lines("lr = 0.1", "lr = 0.2")]
    [('removed', 'lr = 0.1'), ('added', 'lr = 0.2')]
    """
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    opcodes = _opcodes(old, new)
    for place, (tag, start, end, new_start, new_end) in enumerate(opcodes):
        if tag == "equal":
            lines += _fold(old[start:end], is_first=place == 0, is_last=place == len(opcodes) - 1)
        else:
            lines += _replace(old[start:end], new[new_start:new_end])
    return lines


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    is_long = max(len(old), len(new)) > _EXACT_LINES
    return list(SequenceMatcher(None, old, new, autojunk=is_long).get_opcodes())


def _fold(same: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Line]:
    head, tail = 0 if is_first else CONTEXT, 0 if is_last else CONTEXT
    hidden = len(same) - head - tail
    if hidden <= 1:  # a line that says that one is left out takes as much room
        yield from map(_same, same)
        return
    yield from map(_same, same[:head])
    yield Line(kind="skipped", count=hidden)
    yield from map(_same, same[len(same) - tail :])


def _same(text: str) -> Line:
    return Line(kind="same", pieces=(Piece(text, has_changed=False),))


def _replace(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    pairs = [_compare_words(left, right) for left, right in zip(old, new, strict=False)]
    removed = [pair[0] for pair in pairs] + [_whole(text) for text in old[len(pairs) :]]
    added = [pair[1] for pair in pairs] + [_whole(text) for text in new[len(pairs) :]]
    yield from (Line(kind="removed", pieces=pieces) for pieces in removed)
    yield from (Line(kind="added", pieces=pieces) for pieces in added)


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, has_changed=False),)


def _compare_words(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if max(len(before), len(after)) > _LONGEST_LINE:
        return _whole(before), _whole(after)
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _SIMILAR:
        return _whole(before), _whole(after)
    left, right = list[Piece](), list[Piece]()
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        has_changed = tag != "equal"
        left.append(Piece("".join(old[start:end]), has_changed))
        right.append(Piece("".join(new[new_start:new_end]), has_changed))
    return _joined(left), _joined(right)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.text)
