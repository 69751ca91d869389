"""``trackside models``: what is registered, and the steps that a version takes, for CI."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import OK, REFUSED
from trackside.cli.stores import HANDLE_HELP, add_run_options, find_one, open_store
from trackside.errors import GateError, InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Callable

    from trackside.registered import Models
    from trackside.team.registry.version import ModelVersion

_DESCRIPTION = """\
    trackside models                                all versions of all models
    trackside models NAME [VERSION]                 one model, or one version: a number, an alias, a stage or latest
    trackside models register NAME RUN              make a run's artifact the next version
    trackside models promote NAME VERSION STAGE     to staging, production, archived or none
    trackside models alias NAME VERSION ALIAS       have a name, such as champion, mean this version
    trackside models unalias NAME ALIAS             have it mean none any more

Exit code 0: it is done; 1: refused, as the version does not pass what it is held to; 2: it could not be carried out.
"""


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    from argparse import RawDescriptionHelpFormatter

    models = commands.add_parser(
        "models",
        help="registered models: versions, stages, aliases",
        description=_DESCRIPTION,
        formatter_class=RawDescriptionHelpFormatter,
    )
    models.add_argument("words", metavar="WORD", nargs="*", help=f"see above; RUN is {HANDLE_HELP}")
    models.add_argument("--why", metavar="TEXT", help="the reason, which stays on record")
    models.add_argument("--artifact", metavar="A", help="of the run; by default its only model")
    models.add_argument("--override", metavar="WHO", help="who answers for what is not passed; needs --why")
    models.add_argument("--format", choices=["text", "json", "markdown"], default="text", help="text by default")
    add_run_options(models)
    models.set_defaults(carry_out=carry_out)


def carry_out(given: Namespace) -> int:
    """Tell what is registered, or take a step and tell where the version stands."""
    from trackside.registered import models as all_models

    models = all_models.at(open_store(given).folder)
    step = _STEPS.get(given.words[0]) if len(given.words) > 1 else None
    if step is None:
        print(_describe(models, given.words, given.format))
        return OK
    expected, act = step
    if len(given.words) != len(expected) + 1:
        raise InputError(f"found {' '.join(given.words)!r}; expected {given.words[0]} {' '.join(expected)}")
    try:
        version = act(models, given)
    except GateError as error:
        print(f"trackside: {error}", file=sys.stderr)
        return REFUSED
    print(_describe(models, [version.model, str(version.version)], given.format))
    return OK


def _register(models: Models, given: Namespace) -> ModelVersion:
    _, name, run = given.words
    return models.register(name, find_one(given, run), artifact=given.artifact, why=given.why, override=given.override)


def _promote(models: Models, given: Namespace) -> ModelVersion:
    _, name, version, stage = given.words
    return models[name].version(version).promote(stage, why=given.why, override=given.override)


def _alias(models: Models, given: Namespace) -> ModelVersion:
    _, name, version, alias = given.words
    return models.alias(name, version, alias, why=given.why, override=given.override)


def _unalias(models: Models, given: Namespace) -> ModelVersion:
    _, name, alias = given.words
    return models[name].version(alias).unalias(alias, why=given.why)


_STEPS: dict[str, tuple[tuple[str, ...], Callable[[Models, Namespace], ModelVersion]]] = {
    "register": (("NAME", "RUN"), _register),
    "promote": (("NAME", "VERSION", "STAGE"), _promote),
    "alias": (("NAME", "VERSION", "ALIAS"), _alias),
    "unalias": (("NAME", "ALIAS"), _unalias),
}


def _describe(models: Models, words: list[str], form: str) -> str:
    from trackside.team.registry.card_text import write_text
    from trackside.team.registry.forms import write_json, write_markdown
    from trackside.team.registry.tables import write_markdown as write_table
    from trackside.team.registry.tables import write_rows

    if len(words) > len(("NAME", "VERSION")):
        raise InputError(
            f"found {' '.join(words)!r}; expected a model's name and perhaps a version, or a step: {', '.join(_STEPS)}"
        )
    chosen = [models[words[0]]] if words else list(models)
    if len(words) == len(("NAME", "VERSION")):
        facts = chosen[0].version(words[1]).facts
        return {"text": write_text, "json": lambda one: write_json([one]), "markdown": write_markdown}[form](facts)
    if form == "json":
        return write_json(version.facts for model in chosen for version in model)
    rows = [row for model in chosen for row in model.rows]
    return write_table(rows) if form == "markdown" else write_rows(rows)
