"""Params that stand in a cell's calls: literal arguments, the defaults of the user's own functions, seeds."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from trackside.capture.code.literals import NotConstant, fold, is_constant
from trackside.capture.code.signatures import Inputs, read_inputs
from trackside.capture.params.configs import is_config_name
from trackside.capture.params.values import numbered, simple_params
from trackside.capture.words.names import is_for_the_eyes, is_metric_name, is_place, is_plumbing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.capture.code.callees import Callee
    from trackside.capture.code.cell import Cell
    from trackside.model import Param

_LAYERS = ("torch.nn.", "keras.src.layers.", "keras.layers.", "tf_keras.src.layers.")

_NOTHING_KNOWN = Inputs((), {})


def call_params(cell: Cell) -> Iterator[Param]:
    """Yield the params in a cell's calls, ``SVC.C``; those of a second call of that name are ``SVC[2].C``."""
    for number, seed in enumerate(_seeds(cell), 1):
        yield from simple_params(numbered("seed", number), seed, "call")
    seen: dict[str, list[dict[str, Any]]] = {}
    for call, callee in cell.callees.items():
        others = seen.setdefault(callee.name, [])
        found = dict(_arguments(call, callee)) if callee.purpose == "work" else {}
        new = {name: value for name, value in found.items() if not any(_has(other, name, value) for other in others)}
        if new and not (others and callee.name == "DataLoader"):  # the others are there to evaluate
            others.append(found)
            for name, value in new.items():
                yield from simple_params(f"{numbered(callee.name, len(others))}.{name}", value, "call")


def _has(arguments: dict[str, Any], name: str, value: Any) -> bool:
    """Tell whether another call of that name was given the same: a second ``batch_size=32`` says nothing new."""
    return name in arguments and arguments[name] == value and type(arguments[name]) is type(value)


def _arguments(call: ast.Call, callee: Callee) -> Iterator[tuple[str, Any]]:
    """Yield the arguments of a call whose values stand in the code, with the names they go by."""
    inputs = _inputs(call, callee)
    given: dict[str | None, ast.expr] = dict(zip(inputs.positional, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords}
    for name, node in given.items():
        with suppress(NotConstant):
            value = fold(node)
            if name and is_setting(name, value):
                yield name, value
    if callee.is_users and None not in given and not is_metric_name(callee.name):
        for name, default in inputs.defaults.items():
            if name not in given and default is not None and is_setting(name, default):
                yield name, default


def is_setting(name: str, value: Any) -> bool:
    """Tell whether an argument is a param: nothing for the eyes, no place of a file, no form of the data."""
    return not (is_for_the_eyes(name) or is_plumbing(name) or is_place(name, value))


def _inputs(call: ast.Call, callee: Callee) -> Inputs:
    """Return what is known of a callee's arguments; it is looked up only where the call has use for it."""
    has_star = any(isinstance(node, ast.Starred) for node in call.args)
    is_of_use = callee.is_users or any(map(is_constant, call.args))
    if has_star or not is_of_use or _is_layer(callee) or is_config_name(callee.name):
        return _NOTHING_KNOWN  # sizes of layers are the model's; a config object is read when it is made
    return read_inputs(callee.target) or _NOTHING_KNOWN


def _is_layer(callee: Callee) -> bool:
    module = str(getattr(callee.target, "__module__", ""))
    return module.startswith(_LAYERS) and "Dropout" not in callee.name


def _seeds(cell: Cell) -> list[int]:
    """Return the numbers that the cell seeds generators with, each once."""
    seeds: dict[int, None] = {}
    for call, callee in cell.callees.items():
        if callee.purpose == "seed":
            with suppress(NotConstant):
                seed = _seed(call, callee)
                if type(seed) is int:
                    seeds[seed] = None
    return list(seeds)


def _seed(call: ast.Call, callee: Callee) -> Any:
    if call.args:
        return fold(call.args[0])
    for keyword in call.keywords:
        if keyword.arg and "seed" in keyword.arg:
            return fold(keyword.value)
    inputs = read_inputs(callee.target) if callee.is_users else None
    return next(iter(inputs.defaults.values()), None) if inputs else None
