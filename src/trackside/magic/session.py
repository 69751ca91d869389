"""What one IPython session has of Trackside: its hooks, its cells under way, what it remembers."""

from __future__ import annotations

import inspect
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from trackside import frontend
from trackside.capture.params import declared_names
from trackside.card import off_card
from trackside.magic.card_output import CardOutput
from trackside.magic.choices import ignore_name_on_card
from trackside.magic.expansion import expand
from trackside.magic.figures import guard_figures, unguard_figures
from trackside.magic.head import ask_for_help, read_head, strip_track
from trackside.magic.history import History
from trackside.magic.memory import Memory
from trackside.magic.options import parse_options
from trackside.magic.own_place import OwnPlace
from trackside.magic.running_cell import RunningCell, running_cells
from trackside.magic.session_settings import take_all_back
from trackside.magic.track import TrackMagic
from trackside.magic.tracked_cell import TrackedCell
from trackside.quantities import spell_count
from trackside.tracking.current import begin_cell
from trackside.tracking.own_cell import tell_of_cells
from trackside.whereabouts import find_notebook

if TYPE_CHECKING:
    from collections.abc import Collection

    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell


class Session:
    """Trackside in one IPython shell.

    Cells nest (``%%capture`` runs one within another) and other threads run cells of their own (ipykernel's
    subshells), so the cells under way are a stack, told apart by IPython's own record of each, in the main thread.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self._under_way: list[TrackedCell] = []
        self.memory = Memory()
        self.history = History(shell)
        self._place = OwnPlace()
        self._has_introduced = False

    def start(self) -> None:
        """Begin to listen to the shell's cells."""
        self.shell.input_transformers_cleanup[:0] = [strip_track, ask_for_help]
        self.shell.events.register("pre_run_cell", self.pre_run_cell)
        self.shell.events.register("post_run_cell", self.post_run_cell)
        guard_figures(self.shell)
        self.history.notebook.follow()
        self.memory.begin()
        self._place.start()
        tell_of_cells(RunningCell(self.shell, self.history).find)
        frontend.on_request("ignore", self._ignore)
        frontend.on_request("card", _answer_card)

    def stop(self) -> None:
        """Leave IPython as it was found. A cell under way is tracked to its end."""
        for transformer in (strip_track, ask_for_help):
            self.shell.input_transformers_cleanup.remove(transformer)
        self.shell.events.unregister("pre_run_cell", self.pre_run_cell)
        if not self._under_way:
            self.shell.events.unregister("post_run_cell", self.post_run_cell)
        unguard_figures(self.shell)
        frontend.on_request("ignore", None)
        frontend.on_request("card", None)
        self._place.stop()
        tell_of_cells(None)
        take_all_back()

    def pre_run_cell(self, info: ExecutionInfo) -> None:
        """Begin a run where the cell asks for one."""
        if threading.current_thread() is not threading.main_thread():
            return
        begin_cell()
        self._abandon_lost()
        self.history.begin(info)
        self._follow_notebook()
        head = read_head(info.raw_cell or "")
        if head is None or self._is_being_tracked(info):
            return
        try:
            options = parse_options(head.options, partial(expand, namespace=self.shell.user_ns, cell=head.body))
            if options.asks_for_help:
                print(inspect.cleandoc(TrackMagic.track.__doc__ or ""))  # noqa: T201 - a magic's answer
                self._tell("this cell is not tracked: %%track was asked for its help")
                return
            declared = declared_names(self._executed, find_notebook())
            cell = TrackedCell(self.shell, info, head, options, memory=self.memory, history=self.history)
            self._begin(cell, declared)
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            self._tell(f"this cell is not tracked: {type(error).__name__}: {error}")

    def _follow_notebook(self) -> None:
        try:
            if (before := self.history.notebook.follow()) is not None:
                self.memory.rename(before)
                self._place.tell()
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            self._tell(f"how the notebook is called now is not known: {type(error).__name__}: {error}")

    def _begin(self, cell: TrackedCell, declared: Collection[str]) -> None:
        try:
            self._under_way.append(cell)
            self._place.tell()
            cell.begin(declared)
        except BaseException:  # Ctrl-C among them: no run is to stay alive of which nobody knows
            self._under_way.remove(cell)
            cell.abandon()
            raise

    def post_run_cell(self, result: ExecutionResult | None) -> None:
        """End the run that the cell began."""
        if threading.current_thread() is not threading.main_thread():
            return
        self._note_execution(result)
        cell = self._take(result)
        if cell is None:
            return
        try:
            self._end(cell, result)
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            self._tell(f"the run's end was not kept: {type(error).__name__}: {error}")
        if strip_track not in self.shell.input_transformers_cleanup and not self._under_way:
            self.shell.events.unregister("post_run_cell", self.post_run_cell)

    def _end(self, cell: TrackedCell, result: ExecutionResult | None) -> None:
        introduction = None
        if cell.is_kept and not self._has_introduced:
            terms = cell.terms
            introduction = f"kept in {terms.store_folder}: {terms.captured}; %track says more, %track off stops"
            self._has_introduced = True
        cell.end(result, introduction)

    def _note_execution(self, result: ExecutionResult | None) -> None:
        try:
            self.history.end(result)
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            self._tell(f"what this cell did is not known to later ones: {type(error).__name__}: {error}")

    @property
    def _executed(self) -> list[str]:
        """The source of the cells that ran in this session, also before Trackside was loaded."""
        return self.shell.history_manager.input_hist_raw if self.shell.history_manager else []

    def _ignore(self, name: str, run_id: str, *, undo: bool = False) -> dict[str, Any]:
        """Leave a name out that somebody struck out on a card."""
        ignore_name_on_card(self.memory, name, run_id, undo=undo)
        return {"op": "ignored", "name": name, "undo": undo}

    def _is_being_tracked(self, info: ExecutionInfo) -> bool:
        """Tell whether this is the body of a cell under way: ``%%capture`` above ``%%track`` runs it as a cell."""
        body = str(info.raw_cell).rstrip()
        return any(str(cell.info.raw_cell).rstrip().endswith(body) for cell in self._under_way)

    def _take(self, result: ExecutionResult | None) -> TrackedCell | None:
        """Return the cell that has ended, and forget any within it that never got to say so.

        IPython hands over the record that it began with; after a stop at a bad moment, another one or none.
        """
        for at in reversed(range(len(self._under_way))):
            cell = self._under_way[at]
            ended = None if result is None else result.info
            if ended is None or ended is cell.info or ended.raw_cell == cell.info.raw_cell:
                self._abandon_from(at + 1)
                return self._under_way.pop()
        return None

    def _abandon_lost(self) -> None:
        """End the cells whose end was never told, because of a stop at a bad moment: IPython runs them no more."""
        if not self._under_way:
            return
        running = list(running_cells())
        lost = (at for at, cell in enumerate(self._under_way) if not any(info is cell.info for info in running))
        self._abandon_from(next(lost, len(self._under_way)))

    def _abandon_from(self, at: int) -> None:
        while len(self._under_way) > at:
            try:
                self._under_way.pop().abandon()
            except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
                self._tell(f"the run's end was not kept: {type(error).__name__}: {error}")

    def _tell(self, message: str) -> None:
        CardOutput(self.shell).close(off_card([message]))

    def __repr__(self) -> str:
        return f"<Session of {type(self.shell).__name__}, {spell_count(len(self._under_way), 'cell')} under way>"


def _answer_card(run_id: str) -> dict[str, Any]:
    from trackside.stored_card import answer_card

    return answer_card(run_id)
