"""What is kept of a tracked cell besides what it measures: its outputs and their figures, the models it trained."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.models.trained import find_models
from trackside.capture.outputs.figures import MAX_FIGURES, count_figures, figures_of, take_down_charts
from trackside.capture.outputs.record import Rendered, render, take_down
from trackside.magic.output_tee import OutputTee
from trackside.records import ADDED_OUTPUTS, AddedOutputs, Models
from trackside.tracking.artifacts import keep_content
from trackside.tracking.failure import describe_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.capture.code.cell import Cell
    from trackside.capture.outputs.frames import Frames
    from trackside.capture.outputs.log import Shown
    from trackside.capture.outputs.record import Text
    from trackside.left_out import LeftOut
    from trackside.records import Outputs
    from trackside.tracking import Run


class Added(NamedTuple):
    """The cell that adds to an earlier run: its key from run to run, its source without secrets, where it stands."""

    key: str
    source: str
    cell_id: str | None
    execution_count: int | None

    def keep(self, run: Run, outputs: Outputs) -> None:
        """Keep what the cell put out beside what the run's own cell did."""
        source = run.recording.keep(self.source.encode("utf-8", "surrogatepass"))
        part = ADDED_OUTPUTS + hashlib.sha256(self.key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        record = AddedOutputs(
            source=source,
            cell_id=self.cell_id,
            execution_count=self.execution_count,
            outputs=outputs.outputs,
            notes=outputs.notes,
        )
        run.recording.keep_part(part, record)


class CellParts:
    """Keeps the parts of one cell's run.

    Parameters
    ----------
    noting
        What makes an error that is raised within it a line on the card, which says what could not be kept.
    left_out
        Names of models and figures that are not to be kept.
    added
        The cell, where it adds to a run that another has made: of its models nothing is kept then.

    Attributes
    ----------
    notes
        What could not be kept, and why.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        cell: Cell,
        noting: Callable[[str], AbstractContextManager[None]],
        left_out: LeftOut,
        added: Added | None = None,
    ) -> None:
        self.notes: list[str] = []
        self._shell = shell
        self._cell = cell
        self._noting = noting
        self._left_out = left_out
        self._added = added
        self._tee = OutputTee(shell)

    def begin(self) -> None:
        """Begin to listen: after the card's first line is shown, before anybody else listens."""
        with self._noting("what it puts out"):
            self._tee.start()

    def stop(self) -> None:
        """Listen no more; calling it again does nothing."""
        self._tee.stop()

    def end(self, run: Run, error: BaseException | None) -> None:
        """Keep what there is to keep, beside the caller; the run's end waits for it."""
        self.stop()
        if error is None and self._added is None:
            with self._noting("the models that it trained"):
                self._keep_models(run)
        with self._noting("what it put out"):
            self._keep_outputs(run, error)
        self.notes += self._tee.notes

    def _keep_models(self, run: Run) -> None:
        found = find_models(self._cell, self._shell.user_ns).models
        wanted = Models(models=[model for model in found if model.name not in self._left_out])
        if wanted.models:
            run.recording.later("what models it trained", lambda: run.recording.keep_part("model", wanted))

    def _keep_outputs(self, run: Run, error: BaseException | None) -> None:
        items, frames = self._tee.log.close(), self._tee.log.frames
        if not items and not frames.kept and error is None and self._added is None:  # what adds is kept for its source
            return
        trace = describe_failure(error) if error else None
        left_out, rendered = self._tee.log.left_out, Rendered()
        taken = take_down(items, rendered)
        figures = self._take_down_figures(taken, frames, rendered)
        told = rendered.redacted
        run.recording.note_redacted("outputs", told)

        def keep() -> None:
            render(taken, rendered, left_out=left_out, error=trace)
            run.recording.note_redacted("outputs", rendered.redacted - told)
            outputs = rendered.keep(run.recording.keep)
            if self._added:
                self._added.keep(run, outputs)
            else:
                run.recording.keep_part("outputs", outputs)
            for step, shown in figures:
                for figure in islice(figures_of(shown), MAX_FIGURES):
                    if figure.name not in self._left_out:
                        keep_content(run, figure, step=step)

        run.recording.later("what it put out", keep)

    def _take_down_figures(
        self, taken: Sequence[Text | Shown], frames: Frames, rendered: Rendered
    ) -> list[tuple[int | None, Sequence[Text | Shown]]]:
        """Return what holds figures, by step: what was cleared, then what stands there at the end."""
        count = sum(map(count_figures, taken))
        if count > MAX_FIGURES:
            self.notes.append(f"{count} figures were shown; the first {MAX_FIGURES} are kept by their own names")
        kept, at_end = frames.before_end(is_shown=count > 0), int(count > 0)
        if frames.count > len(kept):
            times = f"of {frames.count + at_end} times that figures were drawn anew"
            rendered.notes.append(f"{times}, {len(kept) + at_end} are kept: evenly many, and the last")
        figures: list[tuple[int | None, Sequence[Text | Shown]]] = [
            *((frame.number, take_down(frame.shown, rendered)) for frame in kept),
            (frames.count or None, taken),
        ]
        known = set[int]()
        for _, shown in reversed(figures):
            self.notes += take_down_charts(shown, known)
        return figures
