"""What is kept of a tracked cell's surroundings: the code it depends on, its notebook, its kernel's names."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from trackside import frontend
from trackside.capture.code.effects import MOST_FUNCTIONS
from trackside.capture.code.executed import Executed
from trackside.capture.code.repository import GIT_SECONDS, RepositoryState, capture_diff, find_remote
from trackside.capture.code.repository_probe import start_repository_probe
from trackside.capture.notebook.front_end import Whereabouts, find_whereabouts
from trackside.capture.notebook.kernel_names import list_names
from trackside.capture.notebook.server import ask_server, find_server_root
from trackside.capture.notebook.snapshot import Snapshot, from_file, from_history, from_page
from trackside.capture.words.secrets import count_redacted, redact, redact_source
from trackside.records import Code, CodeCell, Notebook, NotebookCell
from trackside.tracking.modules import ModulesOfRun
from trackside.whereabouts import find_notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trackside.capture.code.slicing import Piece
    from trackside.capture.notebook.snapshot import SnapshotCell
    from trackside.left_out import LeftOut
    from trackside.magic.history import History
    from trackside.records import Record
    from trackside.tracking import Run

PAGE_SECONDS = 0.7
"""How long the page may take to send its notebook."""

MOST_CELLS = 200
"""How many executions of a slice are kept: the newest."""

_WRITERS = 8

State = Literal["current", "edited", "deleted", "unknown"]


class Surroundings:
    """Keeps what surrounds a cell with its runs, all but the kernel's names beside the cell.

    Notebook and code are looked at for the cell's first run, and are the same to any others.

    Parameters
    ----------
    source, code
        The cell as it stands in the notebook, and as Python runs it.
    left_out
        Names that are not to be told, though code may hold them.
    """

    def __init__(
        self,
        history: History,
        source: str,
        code: str,
        *,
        cell_id: str | None,
        count: int | None,
        left_out: LeftOut,
    ) -> None:
        self._history = history
        self._source = source
        self._code = code
        self._cell_id = cell_id
        self._count = count
        self._left_out = left_out
        self._executed_before = len(history.executed.cells)
        self._notebook = find_notebook()
        self._snapshot: Snapshot | None = None
        self._is_seen = threading.Event()
        self._modules: ModulesOfRun | None = None
        self._kept: dict[str, tuple[Path | None, Record]] = {}
        self._looking = {part: threading.Lock() for part in ("notebook", "code")}

    def begin(self, run: Run) -> None:
        """Begin to keep the code, its modules and the notebook, beside the cell."""
        self._modules = ModulesOfRun(run, self._notebook.parent if self._notebook else None, self._history.told)
        self._modules.begin()
        self.keep(run)

    def keep(self, run: Run, source: str | None = None) -> None:
        """Begin to keep the code and the notebook, beside the cell; ``source`` stands in the place of the cell's own.

        It is without likely secrets already.
        """
        run.recording.later("its notebook", lambda: self._keep_once(run, "notebook", self._describe_notebook))
        run.recording.later("its code", lambda: self._keep_once(run, "code", self._describe_code, source))

    def end(self, run: Run, namespace: Mapping[str, Any], hidden: Mapping[str, Any]) -> None:
        """Keep what the kernel holds at the cell's end, and the modules that the cell imported."""
        if self._modules is not None:
            self._modules.end()
        names = list_names(namespace, hidden, self._left_out)
        run.recording.later("the kernel's names", lambda: run.recording.keep_part("kernel", names))

    def _keep_once(
        self,
        run: Run,
        part: Literal["notebook", "code"],
        describe: Callable[[Run], Record],
        source: str | None = None,
    ) -> None:
        with self._looking[part]:
            folder, record = self._kept.get(part, (None, None))
            if record is None or folder != run.store_folder:
                record = describe(run)
                self._kept[part] = run.store_folder, record
        if source is not None and isinstance(record, Code):
            own = replace(record.cells[-1], sha256=run.recording.keep(source.encode("utf-8", "surrogatepass")))
            record = replace(record, cells=[*record.cells[:-1], own])
        run.recording.keep_part(part, record)

    def _describe_notebook(self, run: Run) -> Notebook:
        try:
            place, snapshot = self._look_at_notebook()
            if place.path is not None:
                self._history.notebook.hear(place.path)
            self._snapshot = snapshot
        finally:
            self._is_seen.set()
        digests = _keep_sources(run, snapshot.cells)
        cells = [
            NotebookCell(
                sha256=digest,
                kind=cell.kind,
                cell_id=cell.cell_id,
                execution_count=cell.execution_count,
                tags=list(cell.tags),
            )
            for cell, digest in zip(snapshot.cells, digests, strict=True)
        ]
        return Notebook(
            path=str(place.path) if place.path else None,
            front_end=place.front_end,
            came_from=snapshot.came_from,
            is_unsaved=snapshot.is_unsaved,
            language=snapshot.language,
            cells=cells,
        )

    def _look_at_notebook(self) -> tuple[Whereabouts, Snapshot]:
        place = find_whereabouts()
        answer = frontend.ask_page("notebook", PAGE_SECONDS)
        if answer is not None:
            root, path = find_server_root(), answer.get("path")
            front_end = frontend.app_name() or place.front_end
            if isinstance(path, str):
                place = Whereabouts(root / path if root else place.path, front_end)
            try:
                return place, from_page(answer)
            except (KeyError, TypeError, ValueError, AttributeError):  # a page of another version
                answer = None
        if (told := ask_server()) is not None and told.kind == "notebook":
            place = Whereabouts(told.path, frontend.app_name() or place.front_end)
        return place, self._read_notebook(place.path)

    def _read_notebook(self, path: Path | None) -> Snapshot:
        executed = [*self._history.executed.cells[: self._executed_before], self._this_cell]
        if path is not None:
            try:
                return from_file(path, executed)
            except (OSError, ValueError, KeyError, TypeError, AttributeError):  # not saved yet, or no notebook
                return from_history(executed)
        return from_history(executed)

    @property
    def _this_cell(self) -> Executed:
        return Executed(
            source=self._source, code=self._code, count=self._count, cell_id=self._cell_id, time=time.time()
        )

    def _describe_code(self, run: Run) -> Code:
        notes: list[str] = []
        pieces, is_cut = self._history.slicer.find(self._code, self._executed_before)
        folder = self._notebook.parent if self._notebook else Path.cwd()
        repository = start_repository_probe(folder).result(GIT_SECONDS) or RepositoryState(None, None)
        diff = self._keep_diff(run, folder, notes) if repository.is_dirty else None
        if is_cut:
            notes.append(
                f"slice cut: a cell used more than {MOST_FUNCTIONS} functions, and what the others change is not known"
            )
        if len(pieces) > MOST_CELLS:
            notes.append(f"slice cut: {len(pieces) - MOST_CELLS} earlier executions are left out")
        self._is_seen.wait(2 * PAGE_SECONDS)
        record = Code(
            cells=[*(self._keep_piece(run, piece) for piece in pieces[-MOST_CELLS:]), self._own_cell(run)],
            commit=repository.commit,
            branch=repository.branch,
            remote=find_remote(folder) if repository.commit else None,
            diff=diff,
            notes=notes,
        )
        self._tell_of_stale_cells(run, record)
        return record

    def _keep_diff(self, run: Run, folder: Path, notes: list[str]) -> str | None:
        diff = capture_diff(folder)
        if diff is None:
            notes.append("git did not tell the uncommitted changes in time")
            return None
        if diff.is_cut:
            notes.append(f"of the uncommitted changes only the first {len(diff.text) // 1000} kB are kept")
        if diff.notebooks:
            notes.append(f"changed notebooks are not in the diff: {', '.join(diff.notebooks[:8])}")
        if not diff.text.strip():
            return None
        digest = run.recording.keep(diff.text.encode("utf-8", "replace"))
        if digest not in self._history.told:
            self._history.told.add(digest)
            run.recording.note_redacted("diff", diff.redacted)
        return digest

    def _keep_piece(self, run: Run, piece: Piece) -> CodeCell:
        cell = piece.executed
        return CodeCell(
            sha256=self._keep_source(run, cell.source),
            execution_count=cell.count,
            cell_id=cell.cell_id,
            names=[name for name in piece.names if name not in self._left_out],
            state=self._state(cell.cell_id, cell.source),
        )

    def _own_cell(self, run: Run) -> CodeCell:
        return CodeCell(
            sha256=self._keep_source(run, self._source),
            execution_count=self._count,
            cell_id=self._cell_id,
            state=self._state(self._cell_id, self._source),
        )

    def _state(self, cell_id: str | None, source: str) -> State:
        """Tell how an executed cell stands in the notebook, where that was seen."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.came_from == "history":
            return "unknown"
        if cell_id is None:
            return "current" if any(cell.source.strip() == source.strip() for cell in snapshot.cells) else "unknown"
        cell = next((cell for cell in snapshot.cells if cell.cell_id == cell_id), None)
        if cell is None:
            return "deleted"
        return "current" if cell.source.strip() == source.strip() else "edited"

    def _keep_source(self, run: Run, source: str) -> str:
        """Keep code that the run depends on; what is left out of it is told once in a session."""
        kept = redact_source(source)
        digest = run.recording.keep(kept.encode("utf-8", "surrogatepass"))
        if digest not in self._history.told:
            self._history.told.add(digest)
            run.recording.note_redacted("code", count_redacted(kept, source), of=digest)
        return digest

    def _tell_of_stale_cells(self, run: Run, record: Code) -> None:
        for state, text in (("edited", "edited"), ("deleted", "deleted")):
            counts = [f"In[{cell.execution_count}]" for cell in record.cells[:-1] if cell.state == state]
            if counts:
                cells = "a cell that was" if len(counts) == 1 else "cells that were"
                run.notes.append(f"uses names of {cells} since {text}: {', '.join(dict.fromkeys(counts[:8]))}")


def _keep_sources(run: Run, cells: Sequence[SnapshotCell]) -> list[str]:
    """Keep the sources of a notebook's cells at once: each that is new waits for the disk."""
    sources = [_encode_cell(cell) for cell in cells]
    try:
        with ThreadPoolExecutor(_WRITERS, "trackside: cells") as pool:
            return list(pool.map(run.recording.keep, sources))
    except RuntimeError:  # the interpreter is ending, and begins no more threads
        return [run.recording.keep(source) for source in sources]


def _encode_cell(cell: SnapshotCell) -> bytes:
    kept = redact_source(cell.source) if cell.kind == "code" else redact(cell.source)
    return kept.encode("utf-8", "surrogatepass")
