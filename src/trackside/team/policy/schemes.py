"""Naming schemes: ``{project}-{approach}-{date}``, made of parts and of what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from trackside.errors import InputError
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

KNOWN = ("project", "user", "date", "number")
"""Parts that need no list of words: the run's project and user, a day as ``2026-01-31`` or ``20260131``, digits."""

_PIECES = re.compile(r"\{(?P<part>[^{}]*)\}|(?P<text>[^{}]+)|(?P<stray>[{}])")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}"
_NAME = re.compile(r"[A-Za-z_]\w*")
_SHOWN = 80
_MOST_OFFERS = 50
_MISTYPED = 0.85


class _Piece(NamedTuple):
    """A part of a scheme, by its name, or the text between two of them."""

    part: str
    text: str = ""


@dataclass(frozen=True)
class Scheme:
    """A naming scheme; made by `parse_scheme`.

    A part with a list of words is one of them; one without is one word of any signs but blanks and those that stand
    between the parts.

    Examples
    --------
    >>> scheme = parse_scheme("{project}-{approach}-{date}", {"approach": ["mlp", "svm"]})
    >>> scheme.misfit("digits-mlp-2026-01-31", {"project": "digits"})
    >>> scheme.misfit("digits-cnn-2026-01-31", {"project": "digits"})
    "'digits-cnn-2026-01-31' does not fit {project}-{approach}-{date}; approach is one of mlp, svm; project is digits"
    """

    text: str
    words: Mapping[str, Sequence[str]]

    @cached_property
    def _pieces(self) -> list[_Piece]:
        return [_Piece(found["part"] or "", found["text"] or "") for found in _PIECES.finditer(self.text)]

    @cached_property
    def _free(self) -> str:
        """The signs that a part without a list of words is made of, as a class of a regular expression."""
        between = {sign for piece in self._pieces for sign in piece.text if not sign.isalnum()}
        return rf"[^\s{re.escape(''.join(sorted(between)))}]"

    @property
    def parts(self) -> list[str]:
        """The names of its parts, each once."""
        return list(dict.fromkeys(piece.part for piece in self._pieces if piece.part))

    def misfit(self, name: str, known: Mapping[str, str]) -> str | None:
        """Return why a name does not fit, or None where it does.

        Parameters
        ----------
        known
            What the parts ``project`` and ``user`` are for this run.
        """
        found = self._pattern(known).fullmatch(name)
        shown = repr(cut(name, _SHOWN))
        if found is None:
            told = [f"{part} is one of {', '.join(self.words[part])}" for part in self.parts if part in self.words]
            told += [f"{part} is {known[part]}" for part in self.parts if known.get(part)]
            return "; ".join([f"{shown} does not fit {self.text}", *told])
        days = (day for piece, day in zip(self._named, found.groups(), strict=True) if piece.part == "date")
        wrong = next((day for day in days if not _is_day(day)), None)
        return f"{shown} has {wrong} as its date, which is no day" if wrong else None

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the name that these values make; a part of which there is none stands in it in capitals."""
        return "".join(piece.text or values.get(piece.part, piece.part.upper()) for piece in self._pieces)

    def example(self, known: Mapping[str, str]) -> str:
        """Return a name that fits, but for the parts in capitals, which are for people to think of."""
        words = {part: its[0] for part, its in self.words.items()}
        return self.fill({"date": _today(), "number": "1", **words, **known})

    def complete(self, begun: str, known: Mapping[str, str]) -> list[str]:
        """Return how a name that is begun may go on: up to its end, or to a part that people have to think of."""
        offers = [""]
        for piece in self._pieces:
            longer = [offer + more for offer in offers for more in self._choices(piece, begun[len(offer) :], known)]
            offers = [offer for offer in longer if offer.startswith(begun) or begun.startswith(offer)][:_MOST_OFFERS]
            if any(len(offer) >= len(begun) for offer in offers) and piece.part and not self._lists(piece, known):
                break
        return [offer for offer in offers if offer.startswith(begun) and offer != begun]

    def _choices(self, piece: _Piece, rest: str, known: Mapping[str, str]) -> Sequence[str]:
        """Return what may stand for a piece; for one that is not known, what of it is typed already."""
        if piece.text:
            return [piece.text]
        if typed := re.match(_DAY if piece.part == "date" else "[0-9]+" if piece.part == "number" else r"(?!)", rest):
            return [typed[0]]
        if listed := self._lists(piece, known):
            return listed
        return [free[0] if (free := re.match(f"{self._free}*", rest)) else ""]

    def _lists(self, piece: _Piece, known: Mapping[str, str]) -> Sequence[str]:
        if piece.part == "date":
            return [_today()]
        return self.words.get(piece.part) or ([known[piece.part]] if known.get(piece.part) else [])

    @property
    def _named(self) -> list[_Piece]:
        return [piece for piece in self._pieces if piece.part]

    def _pattern(self, known: Mapping[str, str]) -> re.Pattern[str]:
        return _compile("".join(self._expressions(known)))

    def _expressions(self, known: Mapping[str, str]) -> Iterator[str]:
        for piece in self._pieces:
            if piece.text:
                yield re.escape(piece.text)
            elif piece.part == "date":
                yield f"({_DAY})"
            elif piece.part == "number":
                yield "([0-9]+)"
            elif listed := self._lists(piece, known):
                yield f"({'|'.join(map(re.escape, sorted(listed, key=len, reverse=True)))})"
            else:
                yield f"({self._free}+)"


def parse_scheme(text: str, words: Mapping[str, Sequence[str]]) -> Scheme:
    """Return the scheme that a text says.

    Parameters
    ----------
    words
        The words that parts may be, by the parts' names.

    Raises
    ------
    InputError
        A brace has no pair, a part has no name or one that is near a known one, or two parts stand side by side with
        nothing between them to tell where the one ends.
    """
    before = None
    for found in _PIECES.finditer(text):
        part = found["part"]
        if found["stray"] or (part is not None and not _NAME.fullmatch(part)):
            raise InputError(f"{text!r} has {found[0]!r} in it; expected parts in braces, such as {{project}}-{{date}}")
        if part is not None and (meant := _find_meant(part, [*KNOWN, *words])):
            raise InputError(f"{text!r} has the part {part!r}, which is not known; did you mean {meant!r}?")
        if part is not None and before is not None:
            raise InputError(f"{text!r} has {before} and {part} side by side; expected a sign between them, such as -")
        is_between = found["text"] is not None and not all(map(str.isalnum, found["text"]))
        before = part if part is not None else None if is_between else before
    if not any(found["part"] for found in _PIECES.finditer(text)):
        raise InputError(f"{text!r} has no parts; expected some in braces, such as {{project}}-{{date}}")
    return Scheme(text, words)


def _find_meant(part: str, known: list[str]) -> str | None:
    """Return the known part that is meant by one that is mistyped; any other is one that people made up."""
    return None if part in known else next(iter(get_close_matches(part, known, n=1, cutoff=_MISTYPED)), None)


@lru_cache(maxsize=64)
def _compile(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _today() -> str:
    return f"{datetime.now(UTC).astimezone():%Y-%m-%d}"
