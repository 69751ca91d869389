"""Reads a policy from the settings; whatever is wrong with it is told at once, each thing with its file and key."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec

from trackside.errors import InputError, suggest
from trackside.model import parse_tag
from trackside.setting_checks import Problems
from trackside.team.policy.rules import NamedCheck, Policy, Range, Rule
from trackside.team.policy.schemes import KNOWN, parse_scheme
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trackside.config import Settings

_Said = TypeVar("_Said", Rule, NamedCheck)

_LINES = ("record", "when", "experiment_name", "run_name", "name", "metric", "against")
_EXPECTED = {
    **dict.fromkeys(_LINES, "one line of text"),
    **dict.fromkeys(
        ("params", "forbidden_params", "metrics", "tags", "artifacts"), 'a list of names, such as ["lr", "val_*"]'
    ),
    **dict.fromkeys(("seed", "clean_git", "allow_incomparable"), "true or false"),
    **dict.fromkeys(("param_ranges", "metric_ranges"), "a table of ranges, such as { lr = { min = 1e-5, max = 0.1 } }"),
    "on_violation": '"warn" or "refuse"',
    "gate": '"staging" or "production"',
    "roles": 'a list of "train", "val" and "test"',
    "seeds": "a whole number, 0 or more",
    "min_delta": "a number, 0 or more",
    "confidence": "a number between 0 and 1, such as 0.95",
    "parts": 'a table of lists of words, such as { approach = ["mlp", "svm"] }',
    "rules": "tables of rules, [[…policy.rules]]",
    "checks": "tables of checks, [[…policy.checks]]",
}
_OF_ALL = tuple(name for name in Rule.__struct_fields__ if name not in ("when", "on_violation"))
_KEYS = ("on_violation", "parts", "rules", "checks", "record", *_OF_ALL)
_PATTERN = re.compile(r"[*?\[]")
_SHOWN = 80


def read_policy(settings: Settings) -> Policy | None:
    """Return the policy that the settings name; None where there is none.

    Raises
    ------
    InputError
        Keys are unknown, values are of the wrong kind, or rules contradict each other: all that is wrong.
    """
    return parse_policy(settings.policy, settings.origins["policy"]) if settings.policy is not None else None


def parse_policy(table: Any, file: str) -> Policy:
    """Return the policy that a table of a settings file says.

    Raises
    ------
    InputError
        As `read_policy`.

    Examples
    --------
    >>> parse_policy({"tags": ["stage"]}, "pyproject.toml").rules[0].tags
    ['stage']
    """
    if not isinstance(table, Mapping):
        raise InputError(f"{file}: policy is {_show(table)}; expected a table [tool.trackside.policy]")
    problems = Problems()
    _refuse_unknown(table, _KEYS, f"{file}: policy", problems)
    parts: dict[str, list[str]] = {}
    with problems.noting():
        parts = _read_parts(table.get("parts", {}), f"{file}: policy")
    for_all = {name: table[name] for name in ("on_violation", *_OF_ALL) if name in table}
    own = _read(Rule, for_all, f"{file}: policy", problems)
    policy = Policy(
        file=file,
        on_violation=own.on_violation or "warn",
        parts=parts,
        rules=[own, *_read_each(Rule, table, "rules", file, problems)],
        checks=_read_each(NamedCheck, table, "checks", file, problems),
        record=_read_record(table.get("record"), file, problems),
    )
    for where, rule in _name_rules(policy):
        _check_rule(rule, parts, f"{file}: {where}", problems)
    for told in _contradictions(policy):
        problems.note(f"{file}: {told}")
    problems.tell()
    return policy


def _read_each(kind: type[_Said], table: Mapping[str, Any], key: str, file: str, problems: Problems) -> list[_Said]:
    """Return the tables of an array of tables, as far as they are such."""
    listed = table.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        problems.note(f"{file}: policy: {key} is {_show(listed)}; expected {_EXPECTED[key]}")
        return []
    found = []
    for number, each in enumerate(listed, 1):
        where = f"{file}: policy, {key.removesuffix('s')} {number}"
        _refuse_unknown(each, kind.__struct_fields__, where, problems)
        found.append(_read(kind, each, where, problems))
    return found


def _read(kind: type[_Said], table: Mapping[str, Any], where: str, problems: Problems) -> _Said:
    """Return what a table says; what of it cannot be used is noted, and is as if it were not there."""
    said = {}
    for field in msgspec.structs.fields(kind):
        if field.name in table:
            value = table[field.name]
            try:
                read = msgspec.convert(value, type=field.type)
                is_usable = _is_usable(field.name, read)
            except msgspec.ValidationError:
                is_usable = False
            if is_usable:
                said[field.name] = read
            else:
                hint = suggest(value, _words(field.type)) if isinstance(value, str) else ""
                expected = _EXPECTED[field.name] + (hint and f".{hint}")
                problems.note(f"{where}: {field.name} is {_show(value)}; expected {expected}")
    return kind(**said)


def _words(kind: Any) -> list[str]:
    """Return the words that a field of some words, or none, may be."""
    return [word for each in get_args(kind) for word in get_args(each) if isinstance(word, str)]


def _is_usable(name: str, value: Any) -> bool:
    """Tell whether a value of the right kind is one that can be used."""
    if isinstance(value, dict):
        return all(map(_is_usable_text, value)) and all(map(_is_usable_range, value.values()))
    if isinstance(value, list):
        return all(map(_is_usable_text, value)) and (name != "tags" or all(parse_tag(tag)[0] for tag in value))
    if isinstance(value, str):
        return _is_usable_text(value)
    return 0 < value < 1 if name == "confidence" else value is None or value >= 0


def _is_usable_text(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


def _is_usable_range(allowed: Range) -> bool:
    """Tell whether a range says something and leaves something."""
    ends = [end for end in (allowed.min, allowed.max) if end is not None]
    return bool(ends) and ends == sorted(ends) and not any(map(math.isnan, ends))


def _read_record(record: Any, file: str, problems: Problems) -> str | None:
    """Return the path of a record, which is meant from the file's folder."""
    if record is None:
        return None
    if not isinstance(record, str) or not _is_usable_text(record):
        problems.note(f"{file}: policy: record is {_show(record)}; expected {_EXPECTED['record']}")
        return None
    return str(Path(file).parent / record)


def _read_parts(parts: Any, where: str) -> dict[str, list[str]]:
    try:
        read = msgspec.convert(parts, type=dict[str, list[str]])
    except msgspec.ValidationError:
        read = {"": []}
    if not all(map(_is_usable_text, [*read, *(word for words in read.values() for word in words)])):
        raise InputError(f"{where}: parts is {_show(parts)}; expected {_EXPECTED['parts']}")
    if taken := [part for part in read if part in KNOWN]:
        raise InputError(f"{where}: parts.{taken[0]} is known already; expected another name than {', '.join(KNOWN)}")
    return read


def _refuse_unknown(table: Mapping[str, Any], known: Sequence[str], where: str, problems: Problems) -> None:
    for key in table:
        if key not in known:
            problems.note(f"{where}: unknown key {_show(key)}; expected {', '.join(known)}.{suggest(key, [*known])}")


def _check_rule(rule: Rule, parts: dict[str, list[str]], where: str, problems: Problems) -> None:
    for key in ("experiment_name", "run_name"):
        scheme = getattr(rule, key)
        try:
            if scheme is not None:
                parse_scheme(scheme, parts)
        except InputError as error:
            problems.note(f"{where}: {key} {error}")


def _name_rules(policy: Policy) -> list[tuple[str, Rule]]:
    """Return the rules with what they are called in errors."""
    own, *others = policy.rules
    return [
        ("policy", own),
        *((f"policy, rule {number} ({rule.when!r})", rule) for number, rule in enumerate(others, 1)),
    ]


def _contradictions(policy: Policy) -> Iterator[str]:
    """Yield where rules that may both apply to a run cannot both be kept, and where it hangs on nothing which wins."""
    named = _name_rules(policy)
    for where, rule in named:
        yield from _contradict(where, rule, where, rule)
    for (where, rule), (other_where, other) in combinations(named, 2):
        if fnmatchcase(rule.when, other.when) or fnmatchcase(other.when, rule.when):
            yield from _contradict(where, rule, other_where, other)
            yield from _contradict(other_where, other, where, rule)
            for one, another in ((one, another) for one in rule.tags for another in other.tags):
                if _exclude(one, another):
                    yield f"{where}: tags demands {one}, and {other_where}: {another}; expected some value in both"
        if rule.when == other.when:
            for key in ("experiment_name", "run_name"):
                ours, theirs = getattr(rule, key), getattr(other, key)
                if ours and theirs and ours != theirs:
                    yield (
                        f"{where}: {key} is {ours}, and {other_where}: {theirs}; expected one for the same experiments"
                    )


def _contradict(where: str, rule: Rule, other_where: str, other: Rule) -> Iterator[str]:
    beside = "" if where == other_where else f" of {other_where}"
    for param in rule.params:
        if hit := next((each for each in other.forbidden_params if fnmatchcase(param, each)), None):
            yield f"{where}: params demands {param}, and forbidden_params{beside} has {hit}; expected one of them"
    for key in ("param_ranges", "metric_ranges"):
        for name in getattr(rule, key).keys() & getattr(other, key).keys() if rule is not other else ():
            ours, theirs = getattr(rule, key)[name], getattr(other, key)[name]
            if ours.min is not None and theirs.max is not None and ours.min > theirs.max:
                yield f"{where}: {key} has {name} {ours}, and {other_where}: {theirs}; expected some value in both"


def _exclude(one: str, other: str) -> bool:
    """Tell whether no value of a tag fulfils two demands; what a pattern takes is not looked into."""
    (name, values), (other_name, other_values) = parse_tag(one), parse_tag(other)
    if name != other_name or not values or not other_values or _PATTERN.search(values + other_values):
        return False
    return {each.strip() for each in values.split("|")}.isdisjoint(each.strip() for each in other_values.split("|"))


def _show(value: object) -> str:
    return cut(repr(value), _SHOWN)
