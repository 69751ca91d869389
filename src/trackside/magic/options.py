"""What the ``%%track`` line asks for. A mistake in it is told, and never costs the user's cell."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from trackside.errors import InputError, suggest
from trackside.model import parse_tag, spell_tag

if TYPE_CHECKING:
    from collections.abc import Callable

FLAGS = {
    "--experiment": "E",
    "--tag": "KEY[=VALUE]",
    "--params": "A,B",
    "--metrics": "A,B",
    "--group": "G",
    "--into": "RUN",
    "--repeat": "N",
    "--seed": "NAME[=N,…]",
    "--fresh": "",
    "--baseline": "",
    "--no-context": "",
    "--quiet": "",
    "--dry": "",
    "--help": "",
}
"""The flags, and what each of them is followed by."""

_FIELDS = {flag: flag.removeprefix("--") for flag in FLAGS} | {
    "--tag": "tags",
    "--baseline": "is_baseline",
    "--no-context": "with_context",
    "--quiet": "is_quiet",
    "--dry": "is_dry",
    "--fresh": "is_fresh",
    "--help": "asks_for_help",
}
MOST_REPEATS = 1000
_HELP = ("-h", "?")
_PIECES = re.compile(r"""(?P<sign>(?<!\S)\#(?!\S))|"[^"]*"|'[^']*'|.""", re.DOTALL)
_LISTS = ("--params", "--metrics")
_NO_RUN_OF_ITS_OWN = ("--into", "--dry")
"""With these a cell is to make no run of its own: where one was meant and cannot be read, none is made either."""


class Seeds(NamedTuple):
    """Under which names a cell's seed stands, and the seeds to run it with; with none it is the cell's own and on."""

    names: list[str]
    values: list[int]


@dataclass
class Options:
    """The options of one tracked cell.

    ``problems`` are lines for the user about what could not be read; with ``is_unclear`` nothing of the cell is to be
    kept, because a run of its own may be what was not meant.
    """

    name: str | None = None
    experiment: str | None = None
    group: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    params: list[str] | None = None
    metrics: list[str] | None = None
    into: str | None = None
    repeat: int | None = None
    seed: Seeds | None = None
    is_fresh: bool = False
    is_baseline: bool = False
    with_context: bool = True
    is_quiet: bool = False
    is_dry: bool = False
    asks_for_help: bool = False
    is_unclear: bool = False
    problems: list[str] = field(default_factory=list)


def parse_options(line: str, expand: Callable[[str], str] = str) -> Options:
    """Read the text after ``%%track``.

    Parameters
    ----------
    expand
        Puts values into the line, once its comment is gone; where it cannot, the line stands as it is, and is told so.

    Examples
    --------
    >>> parse_options("mlp --tag stage=dev --quiet").tags
    {'stage': 'dev'}
    """
    options = Options()
    words: list[str] = []
    pending = _split(_expanded(_without_comment(line), expand, options), options)
    while pending:
        word = pending.pop(0)
        word = "--help" if word in _HELP else word
        if not word.startswith("--"):
            words.append(word)
            if misread := _misread(word):
                options.problems.append(misread)
            continue
        flag, has_value, value = word.partition("=")
        if flag not in FLAGS:
            _note(options, _nearest(flag), _unknown(flag))
            if not has_value and FLAGS.get(_nearest(flag), "") and pending and not pending[0].startswith("--"):
                pending.pop(0)  # the value of the flag that was meant
            continue
        if FLAGS[flag] and not has_value:
            if not pending or pending[0].startswith("--"):
                _note(options, flag, f"{flag} stands alone; expected {flag} {FLAGS[flag]}; it is left out")
                continue
            value = pending.pop(0)
        _apply(options, flag, value)
    options.name = " ".join(words) or None
    _check_repeats(options)
    return options


def spell_options(options: Options, name: str, seed: int | None, group: str | None) -> str:
    """Return the line that runs a cell once as one repeat of it, under a name and with one seed.

    Examples
    --------
    >>> spell_options(parse_options("mlp --repeat 3 --seed seed --tag stage=dev"), "mlp seed=2", 2, "g")
    "'mlp seed=2' --group g --tag stage=dev --seed seed=2"
    """
    words = [name]
    for flag, value in (("--experiment", options.experiment), ("--group", group)):
        words += [flag, value] if value else []
    for key, value in options.tags.items():
        words += ["--tag", spell_tag(key, value)]
    for flag in _LISTS:
        names = getattr(options, _FIELDS[flag])
        words += [] if names is None else [flag, ",".join(names)]
    words += [] if options.with_context else ["--no-context"]
    words += ["--seed", f"{','.join(options.seed.names)}={seed}"] if options.seed and seed is not None else []
    return shlex.join(words).replace("{", "{{").replace("}", "}}").replace("$", "$$")


def _check_repeats(options: Options) -> None:
    """Tell of flags that cannot be carried out together, and go by what is left of them."""
    seeds, repeat = options.seed, options.repeat
    if seeds and len(seeds.values) > 1 and repeat is not None and repeat != len(seeds.values):
        options.problems.append(f"--repeat {repeat} and {len(seeds.values)} seeds do not agree; it runs for each seed")
    if seeds and len(seeds.values) > 1:
        options.repeat = len(seeds.values)
    if options.into is not None and options.repeat is not None:
        options.problems.append("--into adds to one run, and --repeat makes several; it is not repeated")
        options.repeat = None
    if options.is_fresh and options.repeat is None:
        options.problems.append("--fresh says how a cell is repeated; expected --repeat N with it; it is left out")


def _note(options: Options, flag: str, problem: str) -> None:
    """Note what is wrong with a flag, the one that was meant."""
    if flag in _NO_RUN_OF_ITS_OWN:
        options.is_unclear = True
        problem = f"nothing of this cell is kept: {problem.removesuffix('; it is left out')}"
    options.problems.append(problem)


def _misread(word: str) -> str | None:
    """Tell of a word that is taken for the run's name and may have been meant otherwise."""
    if word.startswith("-") and len(word) > 1 and not word[1].isdigit():
        return f"{word} is no flag, and is taken for the name; expected {', '.join(FLAGS)}"
    key, has_value, value = word.partition("=")
    if has_value and key.isidentifier() and value:
        return f"{word} is taken for the name; expected --tag {word} for a tag"
    return None


def _expanded(line: str, expand: Callable[[str], str], options: Options) -> str:
    try:
        return expand(line)
    except InputError as error:
        options.problems.append(str(error))
        return line


def _split(line: str, options: Options) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        options.problems.append(f"found {line!r} after %%track ({error}); expected quotes in pairs")
        return line.replace('"', " ").replace("'", " ").split()


def _without_comment(line: str) -> str:
    """Return the line up to a comment, which has blanks around its sign: ``run#3`` and ``--into #12`` have none."""
    signs = (piece.start() for piece in _PIECES.finditer(line) if piece["sign"])
    return line[: next(signs, None)]


def _apply(options: Options, flag: str, value: str) -> None:
    name = _FIELDS[flag]
    if not FLAGS[flag]:
        setattr(options, name, flag != "--no-context")
    elif flag == "--repeat":
        if value.isdecimal() and 1 <= int(value) <= MOST_REPEATS:
            options.repeat = int(value)
        else:
            options.problems.append(
                f"found --repeat {value}; expected how many times, from 1 to {MOST_REPEATS}; it is left out"
            )
    elif flag == "--seed":
        _apply_seed(options, value)
    elif flag in _LISTS:
        setattr(options, name, _names(value))
    elif flag == "--tag":
        key, text = parse_tag(value)
        if key:
            options.tags[key] = text
        else:
            options.problems.append(
                f"found --tag {value!r}; expected KEY or KEY=VALUE, such as --tag stage=dev; it is left out"
            )
    else:
        setattr(options, name, value)


def _apply_seed(options: Options, value: str) -> None:
    names, has_values, values = value.partition("=")
    try:
        seeds = Seeds(_names(names), [int(each) for each in _names(values)])
    except ValueError:
        seeds = Seeds([], [])
    if not seeds.names or (has_values and not seeds.values) or len(seeds.values) > MOST_REPEATS:
        options.problems.append(
            f"found --seed {value!r}; expected a name that stands in the cell, such as seed, and perhaps "
            "whole numbers, seed=1,2,3; it is left out"
        )
        return
    options.seed = seeds


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


def _nearest(flag: str) -> str:
    return suggest(flag, list(FLAGS)).partition("'")[2].partition("'")[0]


def _unknown(flag: str) -> str:
    return f"%%track has no flag {flag}; expected {', '.join(FLAGS)}.{suggest(flag, list(FLAGS))}"
