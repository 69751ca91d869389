"""One execution of a cell under ``%%track``: begun before IPython runs it, ended after."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import partial
from itertools import starmap
from typing import TYPE_CHECKING, Any

from trackside.capture.code.cell import Cell
from trackside.capture.words.secrets import describe_redacted, redact, redact_source, remember_named
from trackside.card import MOST_SHOWN, ended_card, off_card
from trackside.changes import compare_runs
from trackside.errors import InputError, TracksideError
from trackside.left_out import NOTHING, LeftOut
from trackside.magic.card_output import CardOutput
from trackside.magic.cell_context import CellContext
from trackside.magic.cell_parts import Added
from trackside.magic.fold_listener import FoldListener
from trackside.magic.seeding import Seeding
from trackside.magic.surroundings import Surroundings
from trackside.magic.terms import Terms
from trackside.model import spell_tag
from trackside.run_facts import RunFacts
from trackside.tracking import Run, current_run
from trackside.tracking.failure import describe_failure, status_of
from trackside.tracking.inherited import inherited
from trackside.whereabouts import find_notebook, find_own_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

    from trackside.config import Settings
    from trackside.magic.head import Head
    from trackside.magic.history import History
    from trackside.magic.memory import Known, Memory
    from trackside.magic.one_run import OneRun
    from trackside.magic.options import Options
    from trackside.magic.repeats import Repeats
    from trackside.run_state import RunState
    from trackside.team.policy.run_record import RunRecord
    from trackside.wire import CardRecord, FoldedLine

NO_METRIC = "no metric found: log one in this cell with ts.log(accuracy=…)"


class TrackedCell:
    """A cell that is being tracked, from `begin` to `end`; `abandon` ends it where it does not get there.

    Nothing that goes wrong here reaches the cell: it becomes a line on the card.

    Parameters
    ----------
    memory
        What the session knows of earlier runs.
    history
        The cells that the session has executed.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        info: ExecutionInfo,
        head: Head,
        options: Options,
        *,
        memory: Memory,
        history: History,
    ) -> None:
        self.info = info
        self._memory = memory
        self._shell = shell
        self._options = options
        self._notes = list(options.problems)
        self._output = CardOutput(shell)
        self.terms = Terms(None, options)
        self._known: Known | None = None
        self._run: Run | None = None
        self._outer: Run | None = None
        self._one: OneRun | None = None
        self._repeats: Repeats | None = None
        self._seeding: Seeding | None = None
        self._folds: FoldListener | None = None
        self._history = history
        self._surroundings: Surroundings | None = None
        self._python = ""
        self._left_out = NOTHING
        self._cell = Cell(None)
        self._source = ""
        self._digest = hashlib.sha256(head.body.strip().encode("utf-8", "surrogatepass")).hexdigest()
        with self._noting("the cell's source"):
            remember_named(shell.user_ns)
            self._source = redact_source(str(info.raw_cell))
        with self._noting("what the cell does"):
            self._python = self._code(head)
            self._cell = Cell.parse(self._python, shell.user_ns)
        with self._noting("this run"):
            self.terms = Terms(self._find_settings(), options)

    def _find_settings(self) -> Settings:
        """Return the settings; where they cannot be read any more, those of the cell before: no run is lost by them."""
        try:
            self._memory.settings = find_own_settings()
        except InputError as error:
            if self._memory.settings is None:
                raise
            first, *more = str(error).splitlines()
            self._notes += [f"the settings are those of the cell before: {first}", *more]
        return self._memory.settings

    def begin(self, declared: Collection[str] = ()) -> None:
        """Begin the run, if there is code to run; ``declared`` are the names of the notebook's parameters."""
        self._outer = current_run()
        if not self._cell.is_empty:
            self._begin(declared)

    def end(self, result: ExecutionResult | None, introduction: str | None) -> None:
        """End the run as its cell ended, and show the card."""
        try:
            self._end(result, introduction)
        finally:  # also after Ctrl-C
            self.abandon()

    def abandon(self) -> None:
        """End what has not ended: a run of a cell that never told its end was interrupted."""
        self._stop_listening(None, KeyboardInterrupt("cell cancelled"))
        run = self._run
        if run is None and (left := current_run()) is not self._outer:
            run = left  # stopped before it was handed over
        if run is None or run.status != "running":
            self._output.close(None)
            return
        with self._noting("the run's end"):
            run.finish("interrupted")
        self._output.close(ended_card(run, notes=self._notes) if self.terms.shows_card else None)

    def _end(self, result: ExecutionResult | None, introduction: str | None) -> None:
        run, one = self._run, self._one
        if run is None or one is None:
            self._output.close(self._card_without_run())
            return
        error = (result.error_before_exec or result.error_in_exec) if result else KeyboardInterrupt("cell cancelled")
        value = result.result if result else None
        with self._noting("which of the kernel's names hold secrets"):
            remember_named(self._shell.user_ns)
        self._stop_listening(value, error)
        if self._repeats is None:
            one.take_in(run, value, error)
        if not isinstance(error, MemoryError):  # a thread that begins without memory may wait for itself for ever
            self._keep_what_is_there(run, error)
        self._finish(run, error)
        self._notes += [*(self._repeats.notes if self._repeats else ()), *one.notes]
        if self._options.is_dry:
            self._notes.append("a dry run: nothing of it was kept")
        with self._noting("what other processes logged"):
            run.look_at_others()
        if not (run.latest or run.children or error):
            self._notes.append(NO_METRIC)
        self._tell_of_commands()
        facts, settings = self._facts(run), self.terms.settings
        before = self._known.last_run(self._key) if self._known else None
        told_error = redact(describe_failure(error)) if error else None

        def show(notes: list[str]) -> CardRecord:
            return ended_card(
                run,
                before=before,
                changes=compare_runs(before, facts) if before else None,  # of the code around, more may be known by now
                notes=notes,
                error=told_error,
                introduction=introduction,
                experiment=run.experiment if settings and run.experiment != settings.experiment else None,
                policy=self._check_off(run) if error is None else None,
                repeats=self._repeats.outcome if self._repeats else None,
                held=self._known.held if self._known else {},
                incomparable=self._find_incomparable(run),
            )

        self._output.record_run = partial(self._record_run, run)
        card = self._draw(run, show)
        self._output.close(card)
        run.recording.when_kept(lambda: self._correct(card, self._draw(run, show)))
        if self._known and error is None:
            self._known.remember(self._key, facts)
            self._known.renew(run.id)

    def _check_off(self, run: Run) -> FoldedLine | None:
        """Return how the run keeps the policy; nothing of one that is not kept, or that another cell made."""
        settings = self.terms.settings
        if settings is None or settings.policy is None or self.terms.store_folder is None or run.is_joined:
            return None
        from trackside.team.policy.live import check_off

        return check_off(run, settings, *self._inside)

    def _find_incomparable(self, run: Run) -> dict[str, str]:
        """Return the run's metrics that are not comparable with the baseline's, and why."""
        known, metrics = self._known, self._repeats.outcome.means() if self._repeats else run.latest
        if known is None or known.evaluation is None or self.terms.store_folder is None or run.is_joined:
            return {}
        from trackside.comparability.evaluations import list_incomparable
        from trackside.team.policy.live import evaluate_live

        found: dict[str, str] = {}
        with self._noting("whether the run is comparable with the baseline"):
            own = evaluate_live(run, self._source)
            found |= list_incomparable([*metrics][:MOST_SHOWN], own, known.evaluation)
        return found

    @property
    def _inside(self) -> tuple[Sequence[Run], Sequence[RunRecord]]:
        """The repeats that ended well in this kernel, and what is on record of those of other processes."""
        return (self._repeats.runs, self._repeats.recorded) if self._repeats else ((), ())

    def _record_run(self, run: Run) -> dict[str, Any]:
        """Return what the notebook records of the run, for where there is no store."""
        about: dict[str, Any] = {}
        if self.terms.settings is not None and self.terms.store_folder is not None and not run.is_joined:
            with self._noting("the notebook's own record of the run"):
                from trackside.team.policy.live import Beside, record_for_notebook
                from trackside.team.policy.run_record import record_live

                repeats, around = self._repeats, [(run, self._source)]
                about |= record_for_notebook(
                    repeats.runs[-1] if repeats and repeats.runs else run,
                    self.terms.settings,
                    getattr(self.info, "cell_id", None),
                    self._source,
                    cell=record_live(run, self.terms.settings, *self._inside),
                    beside=Beside([*around, *repeats.live], repeats.recorded) if repeats else Beside(),
                    decided=self._known.decided if self._known else None,
                )
        return about

    def _keep_what_is_there(self, run: Run, error: BaseException | None) -> None:
        """Keep what stands at the cell's end: the kernel's names, what it put out, the models it trained."""
        with self._noting("the kernel's names"):
            if self._surroundings:
                self._surroundings.end(run, self._shell.user_ns, self._shell.user_ns_hidden)
        if self._one is not None:
            self._one.keep_parts(run, error)

    def _draw(self, run: Run, show: Callable[[list[str]], CardRecord]) -> CardRecord | None:
        """Return the card with what is known now of what was kept."""
        redacted = [describe_redacted(run.redacted)] if run.redacted and run.store_folder is not None else []
        notes = [*self._notes, *run.notes, *redacted]
        return show(notes) if self.terms.shows_card else self._problem_card(notes)

    def _correct(self, shown: CardRecord | None, card: CardRecord | None) -> None:
        """Show the card anew where something was kept, or not, after the cell's end."""
        if card is not None and card != shown:
            self._output.correct(card)

    def _stop_listening(self, value: Any, error: BaseException | None) -> None:
        """Listen no more, to the last repeat first, which the cell's value is of; doing it again does nothing."""
        with self._noting("its repeats"):
            if self._repeats is not None:
                self._repeats.end(value, error)
        with self._noting("another seed"):
            if self._seeding is not None:
                self._seeding.stop()
        if self._folds is not None:
            self._folds.stop()
        if self._one is not None:
            self._one.stop()

    @property
    def is_kept(self) -> bool:
        """Whether the run goes to a store."""
        return self._run is not None and self.terms.store_folder is not None

    @property
    def _added(self) -> Added:
        """The cell, as one that adds to an earlier run."""
        cell_id = getattr(self.info, "cell_id", None)
        return Added(self._key, self._source, cell_id, self._execution_count if self.info.store_history else None)

    def _code(self, head: Head) -> str:
        if not head.is_python:
            return "pass"  # what other languages' magics run is not for us to read
        code: str | None = self.info.transformed_cell
        if head.has_other_magics:
            code = self._shell.transform_cell(head.body)  # type: ignore[no-untyped-call]  # IPython's
        return code or ""

    @property
    def _key(self) -> str:
        """What a cell is known by from run to run."""
        return getattr(self.info, "cell_id", None) or self._digest

    @property
    def _execution_count(self) -> int:
        """The number in ``In[n]``; IPython's own count may be one ahead by now, depending on its version."""
        return len(self._shell.history_manager.input_hist_raw) if self._shell.history_manager else 0

    def _begin(self, declared: Collection[str]) -> None:
        goes_on = self._find_run_to_add_to()
        if self.terms.settings and self.terms.store_folder:
            self._known = self._memory.of(self.terms.settings, self.terms.experiment, find_notebook())
            self._known.wait()
            if self._known.problem:  # it is told once
                self._notes.append(self._known.problem)
                self._known.problem = None
            self._left_out = LeftOut({*self.terms.settings.never, *self._known.ignored})
        context = self._describe(declared)
        seeding = self._seeding = Seeding(self._shell, self._options, self._cell)
        self._cell = seeding.cell
        one = self._one = context.look_at(self._cell, known_params=goes_on.params if goes_on else None)
        params = [param for param in one.params_before(declared) if not seeding.is_given_to_each(param.key)]
        self._run = self._start_or_pretend(context, goes_on)
        self._run.spare_caller()
        with self._noting("its tags"):
            if self._run.is_joined and self._options.tags:
                self._run.set_tags(self._options.tags)
                self._notes.append(redact(f"tagged {', '.join(starmap(spell_tag, self._options.tags.items()))}"))
        one.look_before(self._run, params)
        with self._noting("its code and notebook"):
            if self.terms.store_folder is not None and not self._run.is_joined and self._run.recording.captures("code"):
                self._surroundings = Surroundings(
                    self._history,
                    str(self.info.raw_cell),
                    self._python,
                    cell_id=getattr(self.info, "cell_id", None),
                    count=self._execution_count if self.info.store_history else None,
                    left_out=self._left_out,
                )
                self._surroundings.begin(self._run)
        with self._noting("its card"):
            if self.terms.shows_card:
                self._output.follow(self._run)
        with self._noting("its repeats"):
            source = str(self.info.raw_cell)
            surroundings = self._surroundings
            self._repeats = seeding.begin(context, self._run, self._history, source=source, surroundings=surroundings)
            self._notes += seeding.notes
        if self.is_kept:
            looks_at_data = self.terms.data_depth == "content"
            self._folds = FoldListener(self._cell.tree, self._noting, looks_at_data=looks_at_data)
            self._folds.start()
        one.listen(
            to_outputs=context.keeps_outputs, to_prints=context.hears_prints, added=self._added if goes_on else None
        )
        if self._repeats is not None:
            self._repeats.hear(one.printed)

    def _describe(self, declared: Collection[str]) -> CellContext:
        return CellContext(
            shell=self._shell,
            options=self._options,
            name=self._options.name or f"cell #{self._execution_count}",
            settings=self.terms.settings,
            store_folder=self.terms.store_folder,
            experiment=self.terms.experiment,
            python=self._python,
            cell_id=getattr(self.info, "cell_id", None),
            execution_count=self._execution_count if self.info.store_history else None,
            left_out=self._left_out,
            data_depth=self.terms.data_depth,
            declared=declared,
            noting=self._noting,
            keeps_outputs=self.terms.keeps_outputs,
            hears_prints=self.terms.hears_prints,
        )

    def _find_run_to_add_to(self) -> RunState | None:
        """Return the run that ``--into`` names.

        Where it names none, nothing of the cell is kept: a run of its own would be the ``last`` to a line mended since.
        Where that cannot be known just now, the cell is a run of its own. Both are told.
        """
        handle = self._options.into
        if handle is None or self.terms.settings is None or self.terms.store_folder is None:
            return None
        from trackside.tracking.resuming import find_ended_run

        try:
            return find_ended_run(self.terms.settings, handle, self._options.experiment)
        except InputError as error:
            self._options.is_unclear = True
            self._notes.append(f"nothing of this cell is kept: --into {handle}: {error}")
        except TracksideError as error:
            self._notes.append(f"the cell is kept as a run of its own: --into {handle}: {error}")
        return None

    def _start_or_pretend(self, context: CellContext, goes_on: RunState | None) -> Run:
        try:
            return self._start(context, self.terms.store_folder, goes_on)
        except (TracksideError, OSError) as error:
            self._notes.append(f"this run is not kept: {error}")
            return self._start(context, None)  # ts.log goes nowhere, as the line on the card says

    def _start(self, context: CellContext, store_folder: Path | None, goes_on: RunState | None = None) -> Run:
        if goes_on and store_folder:
            durability = self.terms.settings.durability if self.terms.settings else "second"
            return Run.add_to(store_folder, goes_on, durability=durability, cell=f"[{self._execution_count}]")
        outer, around = current_run(), inherited()
        return context.start_run(
            store_folder,
            name=context.name,
            source=self._source,
            digest=self._digest,
            parent_id=outer.id if outer else around.run_id if around else None,
            group=self._options.group,
            is_repeated=self._seeding is not None and self._seeding.is_repeated,
        )

    def _finish(self, run: Run, error: BaseException | None) -> None:
        with self._noting("the run's end"):
            if error is None:
                run.finish()
            else:
                run.finish(status_of(error), describe_failure(error))
        with self._noting("the baseline"):
            if self._options.is_baseline and self.terms.settings and self.terms.store_folder and error is None:
                self._make_baseline(run, self.terms.settings)

    def _make_baseline(self, run: Run, settings: Settings) -> None:
        from trackside.store.store import Store
        from trackside.team.baselines import choose_baseline

        store, names = Store(settings.store_folder), [self.terms.experiment]
        choose_baseline(store, settings.project, names, run.id, settings=settings)
        if self._known is not None:
            self._known.note_baseline(run.id)
        self._notes.append("this run is the baseline from now on")

    def _facts(self, run: Run) -> RunFacts:
        return RunFacts(
            source=self._source,
            params={key: param.value for key, param in run.params.items()},
            metrics=self._repeats.outcome.means() if self._repeats else dict(run.latest),
            datasets=dict(run.datasets),
            environment=run.environment,
            parts=run.parts,
        )

    def _tell_of_commands(self) -> None:
        """Say that a command, ``!python train.py``, failed: the cell does not raise for it."""
        code = self._shell.user_ns.get("_exit_code")
        if code and "system(" in (self.info.transformed_cell or ""):
            self._notes.append(f"a command of this cell ended with exit code {code}")

    def _card_without_run(self) -> Any:
        if self._notes or not self.terms.shows_card:
            return self._problem_card(self._notes)
        return off_card(["nothing to track: the cell is empty"], tone="muted")

    def _problem_card(self, notes: list[str]) -> CardRecord | None:
        """Return the card that even ``--quiet`` shows: what went wrong, and nothing else."""
        problems = [note for note in notes if note != NO_METRIC]
        return off_card(problems) if problems else None

    @contextmanager
    def _noting(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            reason = str(error) if isinstance(error, TracksideError) else " ".join(str(error).split())
            first, *more = reason.splitlines() or ["no reason given"]
            self._notes += [f"{what} could not be kept: {type(error).__name__}: {first}", *more]
