"""Hears what scikit-learn's cross-validations and searches score fold by fold while a cell runs."""

from __future__ import annotations

import ast
import inspect
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from typing import TYPE_CHECKING, Any

from trackside.capture.data.budget import Budget
from trackside.magic.hooks import Hook
from trackside.tracking import current_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from trackside.capture.folds import Divided, FoldScores
    from trackside.tracking import Run

ARTIFACT = "fold scores"
KIND = "folds"
MAX_SCORES = 200
"""Cross-validations of one run that are kept."""

MAX_FOLDS = 1000
"""Of a cross-validation that is kept: to divide the data once more into as many may take long."""

_MODULE = "sklearn.model_selection._validation"
_SEARCH = "sklearn.model_selection._search"


class FoldListener:
    """Listens between `start` and `stop`, and keeps what it hears with the run that is current then.

    It hooks what scikit-learn calls when the folds are scored already, so that no traceback has more lines.

    Parameters
    ----------
    tree
        The cell. Where it imports scikit-learn itself, that is imported before.
    noting
        What makes an error that is raised within it a line on the card.
    looks_at_data
        Whether the data may be looked at.
    """

    def __init__(
        self, tree: ast.Module | None, noting: Callable[[str], AbstractContextManager[None]], *, looks_at_data: bool
    ) -> None:
        self._tree = tree
        self._noting = noting
        self._budget = Budget() if looks_at_data else None
        self._hooks: list[Hook] = []
        self._heard: dict[str, dict[Any, list[FoldScores]]] = {}
        self._divided: dict[tuple[Any, ...], tuple[tuple[Any, ...], Divided]] = {}

    def start(self) -> None:
        """Begin to listen, where scikit-learn is there to be heard."""
        if self._tree is not None and _MODULE not in sys.modules and any(map(_imports_it, ast.walk(self._tree))):
            with suppress(Exception):  # the cell is told when it imports it
                import_module(_MODULE)
        with self._noting("what its folds score"):
            if (module := sys.modules.get(_MODULE)) is not None:
                self._hooks.append(Hook(module, "_aggregate_score_dicts", self._aggregating))
            if (module := sys.modules.get(_SEARCH)) is not None:
                self._hooks.append(Hook(module.BaseSearchCV, "_format_results", self._formatting))

    def stop(self) -> None:
        """Listen no more; calling it again does nothing."""
        while self._hooks:
            self._hooks.pop().undo()
        self._divided.clear()

    def _aggregating(self, aggregate: Callable[..., Any]) -> Callable[..., Any]:
        def aggregate_and_tell(scores: Any) -> Any:
            results = aggregate(scores)
            frame = inspect.currentframe()
            caller = frame.f_back if frame else None
            if caller is not None and caller.f_code.co_name == "cross_validate":
                with self._noting("what its folds score"):
                    self._hear_validation(results["test_scores"], caller.f_locals)
            return results

        return aggregate_and_tell

    def _formatting(self, form: Callable[..., Any]) -> Callable[..., Any]:
        def format_and_tell(search: Any, *args: Any, **kwargs: Any) -> Any:
            results = form(search, *args, **kwargs)
            frame = inspect.currentframe()
            caller = frame.f_back if frame else None
            if caller is not None:
                with self._noting("what its folds score"):
                    self._hear_search(search, results, caller.f_locals)
            return results

        return format_and_tell

    def _hear_validation(self, tested: Any, said: Mapping[str, Any]) -> None:
        from trackside.capture.folds import read_scores

        if len(tested) > MAX_FOLDS:
            return
        divided = self._divide(said["cv"], said["X"], said["y"], said.get("groups"))
        scores = read_scores("cross_validate", said["scorers"], tested, divided)
        self._keep(scores, (len(self._heard), object()))

    def _hear_search(self, search: Any, results: Mapping[str, Any], said: Mapping[str, Any]) -> None:
        from trackside.capture.folds import read_best

        if any(key.startswith(f"split{MAX_FOLDS}_") for key in results):
            return
        divided = self._divide(said["cv"], said["X"], said["y"], said.get("groups"))
        self._keep(read_best(search, results, divided), id(search))  # a later round of the same search counts more

    def _divide(self, splitter: Any, *parts: Any) -> Divided:
        """Return how data is divided, known already where the same objects were divided alike before."""
        from trackside.capture.folds import describe_division

        *data, groups = parts
        key = (repr(splitter), *map(id, parts))
        if key not in self._divided:
            self._divided[key] = parts, describe_division(splitter, tuple(data), groups, self._budget)
        return self._divided[key][1]

    def _keep(self, scores: list[FoldScores], key: Any) -> None:
        run = current_run()
        if run is None or not scores:
            return
        if run.id not in self._heard:
            self._heard[run.id] = {}
            run.at_end(lambda: self._write(run))
        heard = self._heard[run.id]
        if key in heard or len(heard) < MAX_SCORES:
            heard[key] = scores

    def _write(self, run: Run) -> None:
        with self._noting("what its folds scored"):
            from trackside.capture.artifacts.content import Content
            from trackside.capture.artifacts.values import read_content
            from trackside.capture.folds import define_metrics, tell_divisions
            from trackside.run_data import spell_defined, spell_divided
            from trackside.tracking.artifacts import keep_content

            heard = [each for scores in self._heard.pop(run.id).values() for each in scores]
            content = read_content([asdict(each) for each in heard], KIND, ARTIFACT)
            if isinstance(content, Content):
                content.about.update(spell_defined(define_metrics(heard, run.latest)))
                content.about.update(spell_divided(tell_divisions(heard, run.latest)))
                keep_content(run, content, name=ARTIFACT, kind=KIND)


def _imports_it(node: ast.AST) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    return any(name.startswith("sklearn") for name in names)
