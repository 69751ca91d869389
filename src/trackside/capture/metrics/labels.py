"""Metrics' names in what a cell writes for its reader: ``Epoch 3 | train loss: 0.25``."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from trackside.capture.words.names import is_metric_name
from trackside.goals import ROLES

MAX_WORDS = 5
"""A longer phrase is a sentence; of that only the telling words are a name."""

_LINES = re.compile(r"[\r\n]+")
_PARTS = re.compile(
    r"[^\w\s-]+|\s-+\s|\s{2,}|\b\d+\b"
    r"|\b(?:of|on|for|in|with|over|at|after|using|is|was|and|the|a|an|to|by|per|from|so|has|have|did|achieved|reached"
    r"|decreased|increased|improved|dropped)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d]\w*")
_SAYS_MORE = re.compile(r"[^\W\d_]")
_INTRODUCES = re.compile(r"(?::|\b(?:is|was))\s*[(\[]?\s*$", re.IGNORECASE)
"""Ends a text that names its metric earlier: ``Accuracy on 100 images:``."""

_SPELLINGS = (
    (re.compile(r"\bR(?:²|\^2|2?[ -]squared?)", re.IGNORECASE), "R2"),
    (re.compile(r"'s\b"), ""),
    (re.compile(r"@(\d+)(?:\.(\d+))?"), r"_\1\2"),
)
"""``R²``, ``Cohen's``, ``recall@5``: in letters."""

_FILLERS = frozenset(
    "set data dataset images examples samples split epoch phase step batch results evaluation performance metrics"
    " average avg final current our my overall model".split()
)
_MENTIONS_ROLE = re.compile("|".join(sorted(ROLES)), re.IGNORECASE)
_ROLE_NAMES = {"training": "train", "testing": "test", "validation": "val", "valid": "val"}


@lru_cache(maxsize=1024)  # a loop writes the same text round after round
def name_places(pieces: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return the name that the text before each place gives it, or None where that names no metric.

    What part of the data it was measured on may have been said earlier in the text. The two places of a fraction
    (``190/200``) have no name.

    Parameters
    ----------
    pieces
        A text in order; None stands for a place in it where a value is written.

    Examples
    --------
    >>> name_places(("Epoch ", None, " | train loss: ", None, ", acc: ", None))
    (None, 'train_loss', 'train_acc')
    """
    names: list[str | None] = []
    text, role = "", None
    for piece, following in zip(pieces, (*pieces[1:], ""), strict=True):
        if piece is not None:
            text += piece
            continue
        text = _spell_out(text)
        role = find_role(text) or role
        is_fraction = text.rstrip().endswith("/") or (following or "").lstrip().startswith("/")
        name = None if is_fraction else _name(_LINES.split(text)[-1], role)
        names.append(name)
        text = "" if name else f"{text} # "  # what one place leaves unnamed may belong to the next one's label
    return tuple(names)


def find_role(text: str) -> str | None:
    """Return the part of the data that a text says it is about, such as ``"test"`` of ``Test set results:``."""
    if not _MENTIONS_ROLE.search(text):
        return None
    return next((role for part, _ in reversed(_split(text)) if (role := _role(part))), None)


def _spell_out(text: str) -> str:
    for pattern, letters in _SPELLINGS:
        text = pattern.sub(letters, text)
    return text


def _split(text: str) -> list[tuple[list[str], int]]:
    """Return the parts of a text as words, each with where it ends."""
    ends = [*_PARTS.finditer(text), None]
    starts = [0, *(end.end() for end in ends if end)]
    pieces = [(text[start : end.start() if end else None], start) for start, end in zip(starts, ends, strict=True)]
    return [(words, start + len(piece)) for piece, start in pieces if (words := _WORD.findall(piece))]


def _role(words: list[str]) -> str | None:
    """Return the part of the data that a phrase is about, if it is about nothing else."""
    roles = [word.lower() for word in words if word.lower() in ROLES]
    others = [word for word in words if word.lower() not in ROLES | _FILLERS and not is_metric_name(word)]
    return _ROLE_NAMES.get(roles[-1], roles[-1]) if roles and not others else None


def _name(line: str, role: str | None) -> str | None:
    """Return the name at the end of a line."""
    telling = [(words, end) for words, end in _split(line) if is_metric_name("_".join(words))]
    if not telling:
        return None
    phrase, end = telling[-1]
    if _SAYS_MORE.search(line[end:]) and not _INTRODUCES.search(line):
        return None
    words = _telling([word.lower() for word in phrase])
    return "_".join(words if role is None or not ROLES.isdisjoint(words) else [role, *words])


def _telling(words: list[str]) -> list[str]:
    """Return the words of a phrase that make a metric's name."""
    if len(words) > MAX_WORDS:
        kept = [word for word in words if word in ROLES or is_metric_name(word)]
    else:
        is_one = ("average", "precision") in pairwise(words)
        kept = [word for word in words if word not in _FILLERS or (word == "average" and is_one)]
    if kept[-1:] == ["score"] and is_metric_name("_".join(kept[:-1])):
        kept.pop()  # an AUC score is an AUC
    return [_ROLE_NAMES.get(word, word) for word in kept]
