"""Runs a tracked cell's code several times within the one execution that IPython makes of it."""

from __future__ import annotations

import ast
import builtins
import copy
import itertools
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trackside.capture.code.cell import Cell
from trackside.capture.code.seeds import put_seed
from trackside.capture.data.inputs import Inputs
from trackside.capture.words.python import parse
from trackside.capture.words.secrets import redact_source
from trackside.magic.cell_tree import CellTree
from trackside.magic.figures import show_figures
from trackside.magic.head import with_options
from trackside.magic.muting import Muted
from trackside.magic.options import spell_options
from trackside.magic.seeding import note_seed
from trackside.model import short_id
from trackside.outcomes import Outcome
from trackside.tracking.failure import describe_failure, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trackside.magic.cell_context import CellContext
    from trackside.magic.fresh_repeats import FreshRepeats
    from trackside.magic.one_run import OneRun
    from trackside.magic.printed import PrintedMetrics
    from trackside.magic.surroundings import Surroundings
    from trackside.model import Param
    from trackside.team.policy.run_record import RunRecord
    from trackside.tracking import Run

_NEXT, _SHOW = "__trackside_next__", "__trackside_show__"
_TOLD = 8
_keys = itertools.count()
_under_way: dict[int, Repeats] = {}


class Repeats:
    """Has the code of a cell stand in its tree as often as it is to run, each time with another seed.

    Before each there is a call that ends the run before and begins the next one, so that tracebacks, ``await``,
    interrupts and the debugger are what they always are. Only what the last one puts out is shown.

    Parameters
    ----------
    parent
        The cell's run, of which those of the repeats are a part.
    seeds
        A seed for each time; None leaves the code as it stands.
    surroundings
        Keeps the code that they depend on, where that is to be kept.
    is_given
        Tells of a param's key whether each has a value of its own: its seed.

    Attributes
    ----------
    outcome
        What they came to, so far.
    notes
        What the user should know of them.
    runs
        Those of them that ended well in this process.
    live, recorded
        All of this process with their sources, and what the store has of those of other processes.
    """

    def __init__(
        self,
        context: CellContext,
        cell: Cell,
        parent: Run,
        seeds: Sequence[int | None],
        *,
        source: str,
        surroundings: Surroundings | None,
        fresh: FreshRepeats | None,
        is_given: Callable[[str], bool],
    ) -> None:
        self.outcome = Outcome()
        self.notes: list[str] = []
        self.runs: list[Run] = []
        self.live: list[tuple[Run, str]] = []
        self.recorded: list[RunRecord] = []
        self._context = context
        self._cell = cell
        self._parent = parent
        self._seeds = seeds
        self._source = source
        self._surroundings = surroundings
        self._fresh = fresh
        self._is_given = is_given
        self._names = context.options.seed.names if context.options.seed else []
        self._tree = CellTree(context.shell, cell.tree, self._unroll)
        self._key = next(_keys)
        self._printed: PrintedMetrics | None = None
        self._inputs: Inputs | None = None
        self._now: _Repeat | None = None
        self._common: list[Param] | None = None
        self._value: Any = None
        self._group = context.options.group or f"{context.name} {short_id(parent.id)}"

    def start(self) -> None:
        """Begin to wait for the cell's tree; called before anybody else does, whose changes are then repeated, too."""
        _under_way[self._key] = self
        setattr(builtins, _NEXT, _next)  # until `withdraw`: code that outlives the cell may call them
        setattr(builtins, _SHOW, _show)
        self._tree.start()

    def hear(self, printed: PrintedMetrics | None) -> None:
        """Take note of who has listened to the places of the code first."""
        self._printed = printed

    def end(self, value: Any, error: BaseException | None) -> None:
        """End the last run as the cell ended; calling it again does nothing."""
        if _under_way.pop(self._key, None) is None:
            return
        self._tree.stop()
        self._parent.progress = None
        if self._fresh is not None:
            with self._context.noting("what the other repeats came to"):
                self._fresh.end()
                self.recorded = self._fresh.collect(self.outcome, without=self._now.run.id if self._now else None)
        self._end(value, error)
        self._parent.children = max(self._parent.children, len(self.outcome.run_ids))
        with self._context.noting("what its repeats have in common"):
            self._parent.add_params(self._common or [])
            if self.runs:
                self._parent.note_data_of(self.runs[-1])
        if not self._tree.has_changed and error is None:
            self.notes.append("not repeated: its code is run by another magic, or is none of Python")

    def next(self, number: int) -> None:
        """Begin the run of this number, which ends the one before."""
        context = self._context
        self._end(self._value, None)
        self._value = None
        with warnings.catch_warnings():
            pass  # makes Python forget what it has warned of once, which nobody has seen yet
        self._parent.progress = f"{number + 1} of {len(self._seeds)}"
        name, line = self._spell(number)
        is_last = number == len(self._seeds) - 1
        if self._fresh is not None and not is_last:
            following = self._spell(number + 1)[1] if number + 2 < len(self._seeds) else None
            self._fresh.run(name, line, self._source, following)
            return
        with context.noting("this repeat"):
            self._look_at_inputs()
            self._begin(number, name, redact_source(with_options(self._source, line)), is_shown=is_last)

    def _spell(self, number: int) -> tuple[str, str]:
        """Return what a repeat is called, and what stands behind its ``%%track``."""
        context, seed = self._context, self._seeds[number]
        name = f"{context.name} {self._names[0]}={seed}" if self._names else f"{context.name} {number + 1}"
        return name, spell_options(context.options, name, seed, self._group)

    def show(self, value: Any) -> None:
        """Take the value that the code shows last, which is not the cell's own."""
        hook: Any = self._context.shell.displayhook
        self._value = value
        if value is not None and not hook.quiet():
            hook.write_format_data(*hook.compute_format_data(value))

    def _begin(self, number: int, name: str, source: str, *, is_shown: bool) -> None:
        context, seed = self._context, self._seeds[number]
        tree = parse(context.python)
        cell = Cell.of_tree(tree if seed is None else put_seed(tree, self._names, seed), context.shell.user_ns)
        one = context.look_at(cell)
        params = one.params_before(context.declared)
        run = context.start_run(
            context.store_folder, name=name, source=source, parent_id=self._parent.id, group=self._group
        )
        self._now = _Repeat(number, run, one)
        self.live.append((run, source))
        run.spare_caller()
        one.look_before(run, params)
        note_seed(run, self._names, seed)
        if self._surroundings is not None:
            self._surroundings.keep(run, source)
        if not is_shown:
            self._now.muted = Muted(context.shell)
            self._now.muted.start()
        one.listen(to_outputs=context.keeps_outputs, to_prints=context.hears_prints, of=self._printed)

    def _end(self, value: Any, error: BaseException | None) -> None:
        now, self._now = self._now, None
        if now is None:
            return
        if error is not None:
            self.notes.insert(0, f"{self._label(now.number)} did not end well")
        with self._context.noting("its figures"):
            if now.muted is not None and error is None:
                show_figures(self._context.shell)
        now.one.stop()
        if now.muted is not None:
            now.muted.stop()
        with self._context.noting("this repeat's end"):
            now.end(value, error)
            if now.run.status == "finished":
                self.outcome.add(now.run.id, now.run.latest)
                self.runs.append(now.run)
                self._note_common(now.run)
            else:
                self.outcome.add_failed(now.run.id)
        self.notes += [note for note in (*now.one.notes, *now.run.notes) if note not in self.notes]

    def _label(self, number: int) -> str:
        which = f"repeat {number + 1} of {len(self._seeds)}"
        return f"{which}, {self._names[0]}={self._seeds[number]}," if self._names else which

    def _note_common(self, run: Run) -> None:
        """Take note of the params that all repeats have alike: they are the cell's."""
        own = [param for param in run.params.values() if not self._is_given(param.key)]
        self._common = own if self._common is None else [param for param in self._common if param in own]

    def _look_at_inputs(self) -> None:
        """Tell which of the names that the cell reads another repeat has changed, before the next one begins."""
        if self._fresh is not None:
            return
        if self._inputs is None:
            self._inputs = Inputs(self._cell.reads_and_changes(), self._context.shell.user_ns)
            return
        changed = self._inputs.changed()
        unsure = sorted(self._inputs.unsure - {*changed})
        told = [
            f"later repeats {what}: {', '.join(names[:_TOLD])}; --fresh repeats each in a process of its own"
            for what, names in (
                ("began with changed inputs", changed),
                ("may have begun with changed inputs, not looked at in full", unsure),
            )
            if names
        ]
        self.notes[:] = [*told, *(each for each in self.notes if not each.startswith("later repeats"))]

    def _unroll(self, tree: ast.Module) -> ast.Module:
        """Return the tree with the code as often as it is to run."""
        future = [s for s in tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
        code = ast.Module([s for s in tree.body if s not in future], [])
        last = len(self._seeds) - 1
        body: list[ast.stmt] = [*future]
        for number, seed in enumerate(self._seeds):
            first = code.body[0] if code.body else future[0]
            body.append(_located(ast.Expr(_call(_NEXT, self._key, ast.Constant(number))), first))
            if number < last and self._fresh is not None:
                continue
            part = copy.deepcopy(code) if number < last else code
            if seed is not None:
                put_seed(part, self._names, seed)
            if number < last:
                self._take_shown(part.body)
            body += part.body
        tree.body = body
        return tree

    def _take_shown(self, body: list[ast.stmt]) -> None:
        """Have what the code would show passed on, as the shell shows the value of a cell's last line only."""
        interactivity = self._context.shell.ast_node_interactivity
        shown = body if interactivity == "all" else [] if interactivity == "none" else body[-1:]
        for statement in shown:
            if isinstance(statement, ast.Expr):
                statement.value = _located(_call(_SHOW, self._key, statement.value), statement)


@dataclass
class _Repeat:
    """One run of the code, in this kernel."""

    number: int
    run: Run
    one: OneRun
    muted: Muted | None = None

    def end(self, value: Any, error: BaseException | None) -> None:
        self.one.take_in(self.run, value, error)
        if not isinstance(error, MemoryError):
            self.one.keep_parts(self.run, error)
        if error is None:
            self.run.finish()
        else:
            self.run.finish(status_of(error), describe_failure(error))
        self.run.look_at_others()


def withdraw() -> None:
    """Take away what the code of repeated cells calls; no cell is under way any more."""
    for name in (_NEXT, _SHOW):
        vars(builtins).pop(name, None)


def _next(key: int, number: int) -> None:
    if (repeats := _under_way.get(key)) is not None:
        repeats.next(number)


def _show(key: int, value: Any) -> None:
    if (repeats := _under_way.get(key)) is not None:
        repeats.show(value)


def _call(name: str, key: int, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [ast.Constant(key), argument], [])


def _located(node: Any, at: ast.stmt) -> Any:
    """Return a new piece of code with the line of another, also to what it holds that has none."""
    return ast.fix_missing_locations(ast.copy_location(node, at))
