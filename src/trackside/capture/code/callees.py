"""What a call is for, told from the name it goes by and the package it comes from."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from trackside.capture.code.definitions import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Purpose: TypeAlias = Literal["show", "log", "seed", "data", "score", "work"]
"""To show something, log to a tracker, seed a generator, fetch or shape data, to score; else it does the work."""

_SHOWING_PACKAGES = frozenset(
    "matplotlib seaborn plotly altair bokeh holoviews hvplot pylab graphviz IPython ipywidgets tqdm rich logging pprint"
    " warnings mpl_toolkits torchviz torchinfo torchsummary".split()
)
_DATA_PACKAGES = (
    frozenset(
        "numpy pandas polars pyarrow duckdb PIL cv2 requests joblib h5py zarr dask builtins trackside"
        " google_drive gdown".split()
    )
    | sys.stdlib_module_names
) - {"__main__"}
_SHOWING = re.compile(
    r"""^(?:print|pprint|display|show|hist|scatter|imshow|bar|barh|pie|line|area|box|violin|heatmap|subplots?|figure
    |savefig|legend|grid|text|annotate|set_\w*(?:label|title|lim|ticks)\w*|[xy]label|title|suptitle|[xy]lim|axhline|axvline
    |colorbar|tight_layout|\w*plot\w*|\w+Display|from_estimator|from_predictions|append|extend|info|debug|warning
    |write|add_scalars?|format|round|float|str|repr|set_description|set_postfix|update_postfix|summary|head|describe
    |classification_report|tqdm|trange|log_evaluation|record_evaluation)$""",
    re.VERBOSE,
)
_LOGGING = re.compile(r"^(?:log|log_metrics?|log_history|log_dict)$")
_LOGARITHMS = frozenset(("numpy", "math", "torch"))
_SEEDING = re.compile(
    r"^(?:(?:\w+_)?seeds?(?:_all|_everything|_torch)?|default_rng|RandomState|SeedSequence|PRNGKey)$", re.IGNORECASE
)
_FETCHING = re.compile(
    r"^(?:read_\w+|load\w*|fetch_\w+|open|to_\w+|save\w*|dump\w*|download\w*|from_csv|from_pandas|from_dict|get|mkdir"
    r"|(?:get|make|next|sample|create|prepare)_\w*(?:batch|data|loader)\w*|Input|DataFrame|Series|Path|Image|Markdown|HTML|Figure|ArgumentParser|add_argument"
    r"|\w*Logger|\w*Writer|TensorBoard|GradientTape|getLogger)$"
)
_DISTRIBUTIONS = frozenset(
    "uniform loguniform reciprocal norm lognorm expon randint poisson beta gamma truncnorm".split()
)
"""What scipy draws from; the search that is handed one has it among its params."""

_SCORING = re.compile(
    r"(?:sklearn\.metrics(?!\.pairwise)|torchmetrics|torcheval|(?:\w+\.)?keras\.(?:src\.)?metrics)(?:\.|$)"
)
"""Where metrics come from: how they are counted is no setting of what is trained."""

_WORKING_METHODS = re.compile(
    r"^(?:fit\w*|partial_fit|train\w*|compile|tune|search|optimize|minimize|learn|set_params|cross_val\w*|sample"
    r"|shuffle|batch|augment|generate|build\w*|finetune|run_training)$"
)


@dataclass(frozen=True, slots=True)
class Callee:
    """What is called: its last name, and the dotted path that it comes from where that is known.

    ``is_method`` is true where it hangs on an object that is no module. ``target`` is the called itself, where it can
    be had without running anything: a function, method or class, or the definition of one that stands in the cell.
    """

    name: str
    origin: str | None
    is_method: bool
    target: Any = field(default=None, compare=False, repr=False)

    @property
    def is_users(self) -> bool:
        """Whether the user wrote what is called, in this notebook."""
        return isinstance(self.target, DEFINITIONS) or getattr(self.target, "__module__", None) == "__main__"

    @property
    def purpose(self) -> Purpose:
        """What the call is for."""
        return _purpose(self.name, self.origin, is_method=self.is_method)


class Callees:
    """Finds out what the calls of a cell call, from its code and the names the kernel knows."""

    def __init__(self, tree: ast.Module, namespace: Mapping[str, Any]) -> None:
        self._imports = _find_imports(tree)
        self._definitions = {node.name: node for node in tree.body if isinstance(node, DEFINITIONS)}
        self._namespace = namespace

    def of(self, call: ast.Call) -> Callee:
        """Return what ``call`` calls."""
        names = _dotted(call.func)
        if not names:
            return Callee("", None, is_method=False)
        try:
            return self._of(names)
        except Exception:  # noqa: BLE001 - an object of the user's that does not even say what it is
            return Callee(names[-1], None, is_method=len(names) > 1)

    def _of(self, names: list[str]) -> Callee:
        root, *inner = names
        if root in self._imports:
            origin = self._imports[root]
            path = ".".join((origin, *inner))
            return Callee(names[-1], path, is_method=False, target=_follow(_imported(origin), inner))
        if root in self._definitions:
            target = None if inner else self._definitions[root]
            return Callee(names[-1], None if inner else "__main__", is_method=bool(inner), target=target)
        known = self._namespace.get(root, getattr(builtins, root, None))
        target = _follow(known, inner)
        if isinstance(known, ModuleType):
            return Callee(names[-1], ".".join((known.__name__, *inner)), is_method=False, target=target)
        if inner:
            return Callee(names[-1], None, is_method=True, target=target)
        module = getattr(known, "__module__", None)
        return Callee(names[-1], module if isinstance(module, str) else None, is_method=False, target=target)


@lru_cache(maxsize=4096)
def _purpose(name: str, origin: str | None, *, is_method: bool) -> Purpose:
    package = origin and origin.partition(".")[0]
    if _SEEDING.match(name):
        return "seed"
    if _LOGGING.match(name) and package not in _LOGARITHMS:
        return "log"
    if package in _SHOWING_PACKAGES or _SHOWING.match(name):
        return "show"
    if origin and _is_of_metrics(origin):
        return "score"
    is_data = package in _DATA_PACKAGES or (package == "scipy" and name in _DISTRIBUTIONS)
    is_no_work = is_method and not name[0].isupper() and not _WORKING_METHODS.match(name)
    return "data" if is_data or is_no_work or _FETCHING.match(name) or name.startswith("__") else "work"


def calls_log(code: CodeType, namespace: Mapping[str, Any]) -> bool:
    """Tell whether a function logs, as far as the names in its code tell: a ``log`` of others' may be a logarithm."""
    if not any(map(_LOGGING.match, code.co_names)):
        return False
    named = [namespace.get(name) for name in code.co_names]
    modules = [each.__name__ for each in named if isinstance(each, ModuleType)]
    modules += [str(each.__module__) for each in named if isinstance(each, (FunctionType, BuiltinFunctionType))]
    packages = {module.partition(".")[0] for module in modules}
    return "trackside" in packages or packages.isdisjoint(_LOGARITHMS)


def _is_of_metrics(origin: str) -> bool:
    return _SCORING.match(origin) is not None


def _find_imports(tree: ast.AST) -> dict[str, str]:
    """Return the names that a cell's imports bind, with what each stands for: ``{"SVC": "sklearn.svm.SVC"}``."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.asname: a.name for a in node.names if a.asname}
            found |= {(root := a.name.partition(".")[0]): root for a in node.names if not a.asname}
        elif isinstance(node, ast.ImportFrom):
            found |= {(a.asname or a.name): f"{node.module or ''}.{a.name}" for a in node.names}
    return found


def _imported(origin: str) -> Any:
    """Return what an import will bind, where its module is loaded already."""
    module, _, name = origin.rpartition(".")
    if origin in sys.modules:
        return sys.modules[origin]
    return _follow(sys.modules.get(module), [name])


def _follow(owner: Any, names: Sequence[str]) -> Any:
    """Return ``owner.a.b`` without asking any object: no property runs, and no module loads what it loads lazily."""
    for name in names:
        owner = vars(owner).get(name) if isinstance(owner, ModuleType) else _member(owner, name)
        if owner is None:
            return None
    return owner


def _member(owner: Any, name: str) -> Any:
    """Return the method or inner class of an object or class, bound as a call would find it."""
    found = inspect.getattr_static(owner, name, None)
    if isinstance(found, classmethod):
        return MethodType(found.__func__, owner if isinstance(owner, type) else type(owner))
    if isinstance(found, staticmethod):
        return found.__func__
    if isinstance(found, FunctionType):
        return found if isinstance(owner, type) else MethodType(found, owner)
    return found if isinstance(found, type) else None


def _dotted(func: ast.expr) -> list[str]:
    """Return ``["np", "random", "seed"]``; a part that is no name, as in ``f().fit``, is ``""``."""
    if isinstance(func, ast.Name):
        return [func.id]
    if isinstance(func, ast.Attribute):
        return [*(_dotted(func.value) or [""]), func.attr]
    return []
