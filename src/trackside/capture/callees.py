"""What a call is for, told from the name it goes by and the package it comes from."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

Purpose: TypeAlias = Literal["show", "log", "seed", "data", "work"]
"""To show something, to log to a tracker, to seed a generator, to fetch or shape data; else it does the work."""

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
    |classification_report|tqdm|trange)$""",
    re.VERBOSE,
)
_LOGGING = re.compile(r"^(?:log|log_metrics?|log_history|log_dict)$")
_SEEDING = re.compile(
    r"^(?:seed|manual_seed|manual_seed_all|set_seed|seed_everything|set_random_seed|default_rng|RandomState|PRNGKey)$"
)
_FETCHING = re.compile(
    r"^(?:read_\w+|load\w*|fetch_\w+|open|to_\w+|save\w*|dump\w*|download\w*|from_csv|from_pandas|from_dict|get|mkdir"
    r"|DataFrame|Series|Path|Image|Markdown|HTML|Figure|ArgumentParser|add_argument|\w*Logger|\w*Writer|getLogger)$"
)
_WORKING_METHODS = re.compile(
    r"^(?:fit\w*|partial_fit|train\w*|compile|tune|search|optimize|minimize|learn|set_params|cross_val\w*|sample"
    r"|shuffle|batch|augment|generate|build\w*|finetune|run_training)$"
)


@dataclass(frozen=True, slots=True)
class Callee:
    """What is called: its last name, and its package where that is known.

    ``is_method`` is true where it hangs on an object that is no module.
    """

    name: str
    package: str | None
    is_method: bool

    @property
    def purpose(self) -> Purpose:
        """What the call is for."""
        if _SEEDING.match(self.name):
            return "seed"
        if _LOGGING.match(self.name) and self.package not in ("numpy", "math", "torch"):
            return "log"
        if self.package in _SHOWING_PACKAGES or _SHOWING.match(self.name):
            return "show"
        if self.package in _DATA_PACKAGES or _FETCHING.match(self.name) or self.name.startswith("__"):
            return "data"
        if self.is_method and not self.name[0].isupper() and not _WORKING_METHODS.match(self.name):
            return "data"
        return "work"


class Callees:
    """Finds out what the calls of a cell call, from its imports and the names the kernel knows."""

    def __init__(self, imports: Mapping[str, str], namespace: Mapping[str, Any]) -> None:
        self._imports = imports
        self._namespace = namespace

    def of(self, call: ast.Call) -> Callee:
        """Return what ``call`` calls."""
        names = _dotted(call.func)
        if not names:
            return Callee("", None, is_method=False)
        root, is_nested = names[0], len(names) > 1
        if root in self._imports:
            return Callee(names[-1], self._imports[root], is_method=False)
        known = self._namespace.get(root, getattr(builtins, root, None))
        if isinstance(known, ModuleType):
            return Callee(names[-1], _package(known.__name__), is_method=False)
        if is_nested:
            return Callee(names[-1], None, is_method=True)
        return Callee(names[-1], _package(getattr(known, "__module__", None)), is_method=False)


def find_imports(tree: ast.AST) -> dict[str, str]:
    """Return the names that a cell's imports bind, with the package each comes from."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(a.asname or a.name.partition(".")[0]): a.name.partition(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = (node.module or "").partition(".")[0]
            found |= {(a.asname or a.name): package for a in node.names}
    return found


def _dotted(func: ast.expr) -> list[str]:
    """Return ``["np", "random", "seed"]``; a part that is no name, as in ``f().fit``, is ``""``."""
    if isinstance(func, ast.Name):
        return [func.id]
    if isinstance(func, ast.Attribute):
        return [*(_dotted(func.value) or [""]), func.attr]
    return []


def _package(module: object) -> str | None:
    return module.partition(".")[0] if isinstance(module, str) else None
