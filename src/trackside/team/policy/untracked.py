"""Cells of a notebook that train without ``%%track``, told from their code alone: nothing is run."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from trackside.capture.code.callees import Callees
from trackside.capture.code.definitions import DEFINITIONS
from trackside.capture.words.python import parse
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind: TypeAlias = Literal["model", "network"]
"""What something trains as: a network of torch's has ``train()`` to say in which mode it is."""

_PACKAGES = frozenset(
    "sklearn xgboost lightgbm catboost torch keras tensorflow transformers lightning pytorch_lightning fastai skorch"
    " statsmodels imblearn hmmlearn tslearn sktime prophet autogluon flaml ultralytics sentence_transformers flax"
    " stable_baselines3 pycaret surprise implicit".split()
)
_PREPARING = frozenset(
    "preprocessing feature_extraction feature_selection impute decomposition compose random_projection manifold"
    " kernel_approximation metrics datasets utils inspection under_sampling over_sampling".split()
)
"""Parts of these packages whose objects are fitted to prepare data, or not at all."""

_SPLITTING = re.compile(r"\.(?:train_test_split|\w*Fold|\w*Split|\w*LeaveOneOut|FunctionTransformer)$")
_METHODS = frozenset(
    "fit partial_fit fit_predict fit_generator fit_one_cycle fine_tune train train_on_batch learn".split()
)
_FUNCTIONS = re.compile(
    r"^(?:(?:xgboost|lightgbm)\.(?:train|cv)|catboost\.(?:train|cv)"
    r"|sklearn\.model_selection\.(?:cross_val\w*|cross_validate|learning_curve|validation_curve|permutation_test_score))$"
)
_TRACKED = re.compile(r"^%%track(?=\s|$)", re.MULTILINE)
_NO_PYTHON = re.compile(r"^%%(?!track\b|time\b|capture\b|prun\b)\w+", re.MULTILINE)
_MAGIC = re.compile(r"^(?P<indent>\s*)[%!?].*$", re.MULTILINE)
_SHOWN = 60


@dataclass
class _Known:
    """What a notebook's names are, as far as its code tells: objects that train, and functions that do."""

    callees: Callees
    imports_torch: bool
    definitions: dict[str, ast.AST] = field(default_factory=dict)
    training: set[str] = field(default_factory=set)
    kinds: dict[str, Kind] = field(default_factory=dict)


class Training(NamedTuple):
    """The call by which a cell trains, and whether the cell begins a run by ``ts.run``, which then has evidence."""

    call: str
    begins_run: bool


def is_tracked(source: str) -> bool:
    """Tell whether a cell has ``%%track`` on top."""
    return _TRACKED.search(source) is not None


def find_training(sources: Sequence[str]) -> dict[int, Training]:
    r"""Return which cells of a notebook train without ``%%track``, by place, with the call that does.

    A call counts that trains something from a known training library: a method such as ``fit`` of what was made by one
    of its classes, here or in a function of the notebook's; ``xgboost.train`` and its like; ``backward`` where torch is
    imported; and calls of the notebook's own functions that do any of it. Scalers, encoders and other things that only
    prepare data do not count.

    Examples
    --------
    >>> find_training(["from sklearn.svm import SVC", "model = SVC()", "model.fit(X, y)", "%%track\nmodel.fit(X, y)"])
    {2: Training(call='model.fit(X, y)', begins_run=False)}
    """
    trees = [_parse(source) for source in sources]
    whole = ast.Module(body=[node for tree in trees for node in tree.body], type_ignores=[])
    imports = {
        name.partition(".")[0]
        for node in ast.walk(whole)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    if imports.isdisjoint(_PACKAGES):
        return {}
    known = _Known(Callees(whole, {}), "torch" in imports)
    known.definitions = {node.name: node for node in ast.walk(whole) if isinstance(node, DEFINITIONS)}
    _learn(whole, known)
    found = {}
    for place, (source, tree) in enumerate(zip(sources, trees, strict=True)):
        calls = [node for node in _executed(tree) if isinstance(node, ast.Call)]
        training = next((call for call in calls if _trains(call, known)), None)
        if training is not None and not is_tracked(source):
            begins_run = any(_begins_run(call, known) for call in calls)
            found[place] = Training(cut(ast.unparse(training), _SHOWN), begins_run)
    return found


def _parse(source: str) -> ast.Module:
    """Return the code of a cell; of one that is no Python, or not valid, none."""
    try:
        return parse("" if _NO_PYTHON.search(source) else _MAGIC.sub(r"\g<indent>pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _learn(whole: ast.Module, known: _Known) -> None:
    """Find out what names are and which functions train, until nothing new comes of it."""
    before = -1
    while before != (before := len(known.kinds) + len(known.training)):
        for node in ast.walk(whole):
            for targets, value in _bindings(node):
                if kind := _kind(value, known):
                    known.kinds |= dict.fromkeys(_names(targets), kind)
        for name, definition in known.definitions.items():
            if any(_trains(call, known) for call in ast.walk(definition) if isinstance(call, ast.Call)):
                known.training.add(name)


def _bindings(node: ast.AST) -> Iterator[tuple[Sequence[ast.expr], ast.expr]]:
    if isinstance(node, ast.Assign):
        yield node.targets, node.value
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield [node.target], node.value
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield [node.target], node.iter


def _names(targets: Sequence[ast.expr]) -> list[str]:
    nodes = [node for target in targets for node in ast.walk(target)]
    return [node.id for node in nodes if isinstance(node, ast.Name)]


def _kind(value: ast.expr, known: _Known) -> Kind | None:
    """Return what the value of an expression trains as: what is made in it, or named; None where nothing is known."""
    for node in ast.walk(value):
        if isinstance(node, ast.Name) and node.id in known.kinds:
            return known.kinds[node.id]
        if isinstance(node, ast.Call) and (kind := _made(node, known)):
            return kind
    return None


def _made(call: ast.Call, known: _Known) -> Kind | None:
    """Return what a call makes that can be trained."""
    callee = known.callees.of(call)
    if callee.origin and (package := callee.origin.partition(".")[0]) in _PACKAGES:
        is_other = _PREPARING.intersection(callee.origin.split(".")) or _SPLITTING.search(callee.origin)
        is_container = callee.name in ("Pipeline", "make_pipeline")  # it trains as what is in it
        return None if is_other or is_container else "network" if package == "torch" else "model"
    definition = known.definitions.get(callee.name) if not callee.is_method else None
    if isinstance(definition, ast.ClassDef):
        bases = {ast.unparse(base).rpartition(".")[2] for base in definition.bases}
        if bases & {"Module", "LightningModule"}:
            return "network"
        trains = any(isinstance(node, ast.Call) and _trains(node, known) for node in ast.walk(definition))
        return "model" if trains else None
    if definition is None:
        return None
    returned = (node.value for node in ast.walk(definition) if isinstance(node, ast.Return) and node.value is not None)
    return next((kind for value in returned if (kind := _kind(value, known))), None)


def _trains(call: ast.Call, known: _Known) -> bool:
    callee = known.callees.of(call)
    if callee.origin and _FUNCTIONS.match(callee.origin):
        return True
    if isinstance(call.func, ast.Name):
        return isinstance(known.definitions.get(call.func.id), (ast.FunctionDef, ast.AsyncFunctionDef)) and (
            call.func.id in known.training
        )
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr == "backward":
        return known.imports_torch
    if call.func.attr not in _METHODS:
        return False
    kind = _kind(call.func.value, known)
    return kind == "model" or (kind == "network" and call.func.attr != "train")


def _executed(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what a cell executes itself: not what stands in the functions and classes that it defines."""
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop(0)
        if not isinstance(node, DEFINITIONS):
            yield node
            waiting += ast.iter_child_nodes(node)


def _begins_run(call: ast.Call, known: _Known) -> bool:
    return known.callees.of(call).origin == "trackside.run"
