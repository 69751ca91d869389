"""What ``%track note``, ``decide``, ``rename``, ``tag`` and ``untag`` do: say something of runs, each its own way."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from trackside.capture.words.secrets import redact
from trackside.errors import InputError, suggest
from trackside.magic.choices import UNDO, unquoted
from trackside.magic.chosen_runs import all_runs, choose_run, choose_runs, describe_runs, find_named
from trackside.model import parse_tag, spell_tag
from trackside.store.store import Store
from trackside.tracking.marks import DISPOSITIONS, list_said
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trackside.collection import Runs

NO_NOTE = "--delete"

_DECISION = re.compile(
    r"""(?P<runs>(?:"[^"]*"|'[^']*'|[^"']|(?<=\w)'(?=\w))+?)"""
    rf"""\s+(?P<decision>{"|".join(DISPOSITIONS)})(?P<why>(?:\s.*)?)""",
    re.DOTALL,
)
_WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")
_QUOTE = re.compile(r"""["']""")
_FIRST = re.compile(r"""(?:"[^"]*"|'[^']*')(?!\S)|\S+""")
_NO_TAG = re.compile(r"and|or|not|[=<>!+*/%|&^~(),-]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
"""Names that a tag typed here never has: the rest of a condition, or a cell's number without its sign."""

_TAG = re.compile(r"[^\s=<>!]+=(?!=).*")
_GOES_ON = re.compile(r"and|or|not|in|i?like|is|between|.*[=<>!+*/(,-]", re.IGNORECASE)
"""What a condition does not end with: the word after it belongs to it."""


def note(text: str) -> str:
    """Keep a line of text with a run, take it away or bring the one before back: ``last good``, ``last --undo``."""
    first = _FIRST.match(text)
    chosen, line = choose_run(first[0] if first else text), text[first.end() :].strip() if first else ""
    run, (before, now) = describe_runs(chosen), _last_said(chosen, "note")
    if not line:
        return f"{run}: {now or 'no note'}"
    if line.startswith("--") and line not in (NO_NOTE, UNDO):
        raise InputError(f"found {line}; expected a text, {NO_NOTE} or {UNDO}.{suggest(line, [NO_NOTE, UNDO])}")
    if line == UNDO and before == now:
        return f"{run}: {now or 'no note'}; there is nothing to undo"
    chosen.note({NO_NOTE: None, UNDO: before}.get(line, line))
    if line == UNDO:
        return f"{run}: {before or 'no note'} (again)"
    done = f"no note any more: {run}" if line == NO_NOTE else f"noted for {run}"
    return f"{done}; before: {now} ({UNDO} brings it back)" if now else done


def _last_said(chosen: Runs, mark: str) -> tuple[str | None, str | None]:
    """Return what was said of one run by a mark the time before the last, and the last time."""
    said = [None, None, *list_said(Store(find_own_settings().store_folder), chosen.ids[0], mark)]
    return said[-2], said[-1]


def decide(text: str) -> str:
    """Decide what becomes of runs: ``best promote "beats the baseline on new data"``."""
    found = _DECISION.fullmatch(text)
    if found is None:
        words = text[first.end() :].split() if (first := _FIRST.match(text)) else []
        near = suggest(words[0], list(DISPOSITIONS)) if words else ""
        raise InputError(
            f"found {text!r}; expected runs, {'|'.join(DISPOSITIONS)} and the reason, such as: decide best promote "
            f'"beats the baseline".{near}'
        )
    chosen = choose_runs(found["runs"]).decide(found["decision"], unquoted(found["why"].strip()))  # type: ignore[arg-type]  # the pattern lets only decisions pass
    return f"{found['decision']}: {describe_runs(chosen)}"


def rename(text: str) -> str:
    """Call a run otherwise: ``last final model``; one word is the name of the last run."""
    first = _FIRST.match(text)
    if first is None:
        raise InputError("no name is given; expected a run and its name, such as: rename last final")
    handle, name = ("last", text) if first[0] == text else (first[0], text[first.end() :])
    chosen, name = choose_run(unquoted(handle)), unquoted(name.strip())
    if name.startswith("--") and name != UNDO:
        raise InputError(f"found {name}; expected a name or {UNDO}.{suggest(name, [UNDO])}")
    before = describe_runs(chosen)
    if name == UNDO and _last_said(chosen, "name")[-1] is None:
        return f"{before} has its first name: there is nothing to undo"
    after = describe_runs(chosen.rename(None if name == UNDO else name))
    return f"{before} is called {after} {'again' if name == UNDO else 'now'}"


def tag(text: str) -> str:
    """Tag runs: ``last stage=final``, ``lr > 0.1 stage=final``; runs alone tell their tags."""
    chosen, words = _read(text, _TAG.fullmatch)
    if not words:
        return "\n".join(f"{describe_runs(one)}: {_spell(one.tags[0]) or 'no tags'}" for one in chosen)
    tags = dict(map(parse_tag, words))
    if strange := next(filter(_NO_TAG.fullmatch, tags), None):
        raise InputError(
            f"found {strange!r} among the tags of {text!r}; expected names, such as reviewed or stage=final"
        )
    return redact(f"tagged {_spell(tags)}: {describe_runs(chosen.tag(tags))}")


def untag(text: str) -> str:
    """Take tags away: ``last stage``, ``lr > 0.1 stage``."""
    known = all_runs().tag_names
    chosen, words = _read(text, known.__contains__)
    if not words:
        raise InputError(
            f"found {text!r}; expected runs and then tags that they have, such as: untag last stage; there are: "
            f"{', '.join(sorted(known)) or 'none'}"
        )
    return f"no tag {', '.join(words)} any more: {describe_runs(chosen.untag(*words))}"


def _read(text: str, is_tag: Callable[[str], object]) -> tuple[Runs, list[str]]:
    """Return the runs and the tags that ``[RUNS] TAGS`` means, by default the last run.

    After handles and names every word is a tag; after a condition those at the end that ``is_tag`` tells.

    Raises
    ------
    InputError
        It means no run, what may be a condition stands there as a tag, or a quote has no pair.
    """
    if _QUOTE.search(_WORD.sub("", text)):
        raise InputError(f'found a quote without its pair in {text}; expected pairs, such as "don\'t"')
    spans = list(_WORD.finditer(text))
    words = [_QUOTE.sub("", span[0]) for span in spans]
    bare = len(list(takewhile(lambda word: "=" not in word, words)))
    known = all_runs()
    for count in range(bare, 0, -1):
        if (named := find_named(" ".join(words[:count]), known)) is not None:
            return named, words[count:]
    first = len(words)
    while first > 0 and is_tag(words[first - 1]):
        if first > 1 and _GOES_ON.fullmatch(words[first - 2]) and not is_tag(words[first - 2]):
            break
        first -= 1
    if first == 1 == len(words) and not suggest(words[0], [*known.names, "last", "best", "baseline"]):
        first = 0  # one word that is near no run
    if first == 0 and words:
        _refuse_condition(words, known)
        return choose_run("last"), words
    return choose_runs(text[: spans[first].start()].strip() if first < len(spans) else text), words[first:]


def _refuse_condition(words: list[str], known: Runs) -> None:
    taken = {*known.param_names, *known.metric_names}
    if condition := next((word for word in words if word.partition("=")[0] in taken), None):
        key, _, value = condition.partition("=")
        raise InputError(
            f"found {condition!r}, and {key} is a param or metric; expected runs first, such as last, or a condition "
            f"with blanks, such as {key} = {value or 1}"
        )


def _spell(tags: Mapping[str, str]) -> str:
    return ", ".join(spell_tag(key, value) for key, value in tags.items())
