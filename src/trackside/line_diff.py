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

MAX_STEPS = 1_000_000
"""What comparing lines one by one may take at worst, some 50 ms."""

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
    old, new = before.splitlines(), after.splitlines()
    if _is_long(old, new):
        had, has = Counter(old), Counter(new)
        return (has - had).total(), (had - has).total()
    changed = [opcode for opcode in _opcodes(old, new) if opcode[0] != "equal"]
    return sum(opcode[4] - opcode[3] for opcode in changed), sum(opcode[2] - opcode[1] for opcode in changed)


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
    """Return what `SequenceMatcher.get_opcodes` does, with the lines that both begin and end with set apart first.

    Of long texts, lines that stand in them often are not matched: it would take too long.
    """
    head, tail = _alike(old, new)
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    matcher = SequenceMatcher(None, left, right, autojunk=_is_long(left, right))
    within = [(tag, *(place + head for place in places)) for tag, *places in matcher.get_opcodes()]
    begin = [("equal", 0, head, 0, head)] if head else []
    end = [("equal", len(old) - tail, len(old), len(new) - tail, len(new))] if tail else []
    return [*begin, *within, *end]  # type: ignore[list-item]  # four places each


def _alike(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many lines two texts begin with and end in alike."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    return head, tail


def _is_long(old: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether comparing texts line by line, all pairs of equal lines among them, would take too long."""
    head, tail = _alike(old, new)
    had, has = Counter(old[head : len(old) - tail]), Counter(new[head : len(new) - tail])
    pairs = sum(count * has[line] for line, count in had.items())
    return min(had.total(), has.total()) * (had.total() + pairs) > MAX_STEPS


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
