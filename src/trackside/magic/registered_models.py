"""What ``%track models``, ``register``, ``promote`` and ``alias`` do."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.magic.flags import read_flags
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from trackside.registered import Models
    from trackside.team.registry.model import Model
    from trackside.team.registry.version import ModelVersion

REGISTER = "[RUN] [as NAME] [--artifact A] [--why REASON] [--override WHO]"
PROMOTE = "NAME VERSION staging|production|archived|none [--why REASON] [--override WHO]"
ALIAS = "NAME VERSION ALIAS [--why REASON] [--override WHO] or: NAME ALIAS --delete"
_WHY = {"--why": "a reason"}
_WHO = {"--override": "who answers for it"}


def show(text: str) -> Models | Model | ModelVersion:
    """Return all models, one, or a version of one."""
    from trackside.registered import models

    match _split(text):
        case []:
            return models
        case [name]:
            return models[name]
        case [name, version]:
            return models[name].version(version)
        case _:
            raise InputError(f"found {text!r}; expected a model and perhaps a version, such as: models churn champion")


def register(text: str) -> ModelVersion:
    """Make a run's artifact the next version of a model, by default of one called as the experiment is."""
    from trackside.registered import models

    before, flags = read_flags(text, _WHY | _WHO | {"--artifact": "a name"})
    match _split(before):
        case [] | ["as", _] as words:
            run = "last"
        case [run, *words] if run != "as":
            pass
        case words:
            run = ""
    match words:
        case []:
            name = find_own_settings().experiment
        case ["as", given]:
            name = given
        case _:
            raise InputError(f"found {text!r}; expected {REGISTER}, such as: register best as churn")
    return models.register(
        name, run, artifact=flags.get("--artifact"), why=flags.get("--why"), override=flags.get("--override")
    )


def promote(text: str) -> ModelVersion:
    """Bring a version to a stage."""
    from trackside.registered import models

    before, flags = read_flags(text, _WHY | _WHO)
    match _split(before):
        case [name, version, stage]:
            chosen = models[name].version(version)
            return chosen.promote(stage, why=flags.get("--why"), override=flags.get("--override"))
        case _:
            raise InputError(f"found {text!r}; expected {PROMOTE}, such as: promote churn 3 staging")


def alias(text: str) -> ModelVersion:
    """Have a name mean a version, or none any more."""
    from trackside.registered import models

    before, flags = read_flags(text, _WHY | _WHO, ("--delete",))
    match _split(before), "--delete" in flags:
        case [name, given], True:
            return models[name].version(given).unalias(given, why=flags.get("--why"))
        case [name, version, given], False:
            return models.alias(name, version, given, why=flags.get("--why"), override=flags.get("--override"))
        case _:
            raise InputError(f"found {text!r}; expected {ALIAS}, such as: alias churn 3 champion")


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise InputError(f"found {text!r} ({error}); expected quotes in pairs") from error
