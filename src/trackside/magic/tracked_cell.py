"""One execution of a cell under ``%%track``: begun before IPython runs it, ended after."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackside.capture.cell import Cell
from trackside.capture.created import created_params
from trackside.capture.metrics import find_metrics, measured_before
from trackside.capture.notebook import find_notebook, find_own_settings
from trackside.capture.numbers import read_number
from trackside.capture.params import find_params
from trackside.capture.secrets import redact_source
from trackside.capture.values import simple_params
from trackside.card import ended_card, off_card
from trackside.errors import TracksideError, suggest
from trackside.magic.card_output import CardOutput
from trackside.tracking import Run, current_run
from trackside.tracking.failure import describe_failure, status_of
from trackside.tracking.inherited import inherited

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

    from trackside.config import Settings
    from trackside.magic.head import Head
    from trackside.magic.options import Options
    from trackside.model import Param

NO_METRIC = "no metric found: log one in this cell with ts.log(accuracy=…)"


@dataclass
class Remembered:
    """What a session remembers of a cell's last run, to say what changed."""

    metrics: Mapping[str, float | str] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)


class TrackedCell:
    """A cell that is being tracked.

    Nothing that goes wrong here reaches the cell: it becomes a line on the card.
    """

    def __init__(self, shell: InteractiveShell, info: ExecutionInfo, head: Head, options: Options) -> None:
        self.info = info
        self._shell = shell
        self._options = options
        self._notes = list(options.problems)
        self._output = CardOutput(shell)
        self._settings: Settings | None = None
        self._run: Run | None = None
        self._before: dict[str, Any] = {}
        self._cell = Cell(None)
        self._digest = hashlib.sha256(head.body.strip().encode("utf-8", "surrogatepass")).hexdigest()
        with self._noting("what the cell does"):
            self._cell = Cell.parse(self._code(head), shell.user_ns)
        with self._noting("this run"):
            self._settings = find_own_settings()
        if not self._cell.is_empty:
            self._begin()

    @property
    def key(self) -> str:
        """What a cell is known by from run to run in a session."""
        return getattr(self.info, "cell_id", None) or self._digest

    def end(
        self, result: ExecutionResult | None, remembered: Remembered, introduction: str | None
    ) -> Remembered | None:
        """End the run as its cell ended, and show the card. Returns what to remember of it."""
        run = self._run
        if run is None:
            self._output.close(self._card_without_run())
            return None
        error = (result.error_before_exec or result.error_in_exec) if result else KeyboardInterrupt("cell cancelled")
        if result and error is None:
            with self._noting("its params"):
                self._add_created_params(run, result.result)
            with self._noting("its metrics"):
                self._log_found_metrics(run, result.result)
        self._finish(run, error)
        self._notes += run.notes
        if self._options.is_dry:
            self._notes.append("dry: this run was not kept")
        if not (run.latest or run.children or error):
            self._notes.append(NO_METRIC)
        card = ended_card(
            run,
            previous_metrics=remembered.metrics,
            previous_params=remembered.params,
            notes=self._notes,
            error=describe_failure(error) if error else None,
            introduction=introduction,
        )
        self._output.close(card if self._shows_card else self._problem_card())
        return Remembered(dict(run.latest), dict(run.params))

    @property
    def is_kept(self) -> bool:
        """Whether the run goes to a store."""
        return self._run is not None and self._store_folder is not None

    @property
    def store_folder(self) -> Path | None:
        """Where the run goes."""
        return self._store_folder

    def _code(self, head: Head) -> str:
        if not head.is_python:
            return "pass"  # what other languages' magics run is not for us to read
        code: str | None = self.info.transformed_cell
        if head.has_other_magics:
            code = self._shell.transform_cell(head.body)  # type: ignore[no-untyped-call]  # IPython's
        return code or ""

    @property
    def _store_folder(self) -> Path | None:
        settings = self._settings
        if settings is None or settings.mode == "disabled" or self._options.is_dry:
            return None
        return settings.store_folder

    @property
    def _shows_card(self) -> bool:
        settings = self._settings
        is_wanted = settings is None or (settings.card == "on" and settings.mode == "enabled")
        return is_wanted and not self._options.is_quiet

    @property
    def _execution_count(self) -> int:
        """The number in ``In[n]``; IPython's own count may be one ahead by now, depending on its version."""
        return len(self._shell.history_manager.input_hist_raw) if self._shell.history_manager else 0

    def _begin(self) -> None:
        params: list[Param] = []
        with self._noting("its params"):
            self._before = measured_before(self._cell, self._shell.user_ns)
            params = self._find_params()
        store_folder = self._store_folder
        try:
            self._run = self._start(store_folder)
        except (TracksideError, OSError) as error:
            self._notes.append(f"this run is not kept: {error}")
            self._run = self._start(None)  # ts.log goes nowhere, as the line on the card says
        with self._noting("its params"):
            self._run.add_params(params)
        with self._noting("its card"):
            if self._shows_card:
                self._output.follow(self._run)

    def _start(self, store_folder: Path | None) -> Run:
        settings, options, outer, around = self._settings, self._options, current_run(), inherited()
        notebook = find_notebook()
        written = str(self.info.raw_cell)
        source = redact_source(written)
        if source != written and store_folder is not None:
            self._notes.append("a likely secret in the cell's source is left out of the record")
        return Run.start(
            store_folder,
            name=options.name or f"cell #{self._execution_count}",
            project=settings.project if settings else "",
            experiment=options.experiment or (settings.experiment if settings else ""),
            user=settings.user if settings else "",
            origin="notebook",
            tags=options.tags,
            group=options.group,
            parent_id=outer.id if outer else around.run_id if around else None,
            notebook=str(notebook) if notebook else None,
            cell_id=getattr(self.info, "cell_id", None),
            cell_digest=self._digest,
            source=source,
            execution_count=self._execution_count if self.info.store_history else None,
            durability=settings.durability if settings else "second",
            code_folder=notebook.parent if notebook else None,
        )

    def _find_params(self) -> list[Param]:
        found = find_params(self._cell, self._shell.user_ns, with_context=self._options.with_context)
        wanted = self._options.params
        if wanted is None:
            return found
        chosen: list[Param] = []
        for name in wanted:
            matches = [p for p in found if name in (p.key, p.key.rpartition(".")[2], p.key.partition(".")[0])]
            if not matches and name in self._shell.user_ns:
                matches = simple_params(name, self._shell.user_ns[name], "context")
            if not matches:
                self._notes.append(_not_found("param", name, [p.key for p in found]))
            chosen += matches
        return chosen

    def _add_created_params(self, run: Run, result: Any) -> None:
        created = created_params(self._cell, self._shell.user_ns, result, run.params.values())
        wanted = self._options.params
        run.add_params([p for p in created if wanted is None or not {p.key, *p.key.split(".")}.isdisjoint(wanted)])

    def _log_found_metrics(self, run: Run, result: Any) -> None:
        namespace = self._shell.user_ns
        found = find_metrics(self._cell, namespace, result, self._before)
        wanted = self._options.metrics
        if wanted is not None:
            everything = found | {
                n: v for n in wanted if n not in found and (v := read_number(namespace.get(n))) is not None
            }
            for name in wanted:
                if name not in everything and name not in run.latest:
                    self._notes.append(_not_found("metric", name, [*everything, *run.latest]))
            found = {name: value for name, value in everything.items() if name in wanted}
        run.log({name: value for name, value in found.items() if name not in run.latest})

    def _finish(self, run: Run, error: BaseException | None) -> None:
        with self._noting("the run's end"):
            if error is None:
                run.finish()
            else:
                run.finish(status_of(error), describe_failure(error))

    def _card_without_run(self) -> Any:
        if self._notes or not self._shows_card:
            return self._problem_card()
        return off_card(["nothing to track: the cell is empty"], tone="muted")

    def _problem_card(self) -> Any:
        """Return the card that even ``--quiet`` shows: what went wrong, and nothing else."""
        problems = [note for note in self._notes if note != NO_METRIC]
        return off_card(problems) if problems else None

    @contextmanager
    def _noting(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            reason = " ".join(str(error).split()) or "no reason given"
            self._notes.append(f"{what} could not be kept: {type(error).__name__}: {reason}")


def _not_found(kind: str, name: str, known: list[str]) -> str:
    found = ", ".join(known[:8]) or "none"
    return f"no {kind} {name!r} in this cell; found {found}.{suggest(name, known)}"
