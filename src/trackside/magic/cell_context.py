"""What the runs of one tracked cell have in common: where they go, what they are of, what is kept of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackside.magic.one_run import OneRun
from trackside.tracking import Run
from trackside.whereabouts import find_notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.capture.code.cell import Cell
    from trackside.capture.data.datasets import Depth
    from trackside.config import Settings
    from trackside.left_out import LeftOut
    from trackside.magic.options import Options


@dataclass(frozen=True, kw_only=True)
class CellContext:
    """The context of a tracked cell's runs.

    Attributes
    ----------
    name
        What the cell's run is called.
    settings, store_folder, experiment
        Where they go; None where there is none.
    python
        The cell as Python runs it.
    cell_id, execution_count
        Which cell it is, and the number in its ``In[n]``.
    left_out, data_depth, declared
        Which names are not to be kept, how much of data is looked at, which names are the notebook's own parameters.
    noting
        What makes an error that is raised within it a line on the card.
    keeps_outputs, hears_prints
        Whether what the cell puts out is kept, and whether what it prints is read.
    """

    shell: InteractiveShell
    options: Options
    name: str
    settings: Settings | None
    store_folder: Path | None
    experiment: str
    python: str
    cell_id: str | None
    execution_count: int | None
    left_out: LeftOut
    data_depth: Depth
    declared: Collection[str]
    noting: Callable[[str], AbstractContextManager[None]]
    keeps_outputs: bool
    hears_prints: bool

    def start_run(
        self,
        store_folder: Path | None,
        *,
        name: str,
        source: str,
        digest: str | None = None,
        parent_id: str | None = None,
        group: str | None = None,
        is_repeated: bool = False,
    ) -> Run:
        """Begin a run of the cell; ``digest`` is that of the whole cell where the run is the whole cell's."""
        settings, notebook = self.settings, find_notebook()
        return Run.start(
            store_folder,
            name=name,
            project=settings.project if settings else "",
            experiment=self.experiment,
            user=settings.user if settings else "",
            origin="notebook",
            tags=self.options.tags,
            group=group,
            is_repeated=is_repeated,
            parent_id=parent_id,
            notebook=str(notebook) if notebook else None,
            cell_id=self.cell_id,
            cell_digest=digest,
            source=source,
            execution_count=self.execution_count,
            durability=settings.durability if settings else "second",
            code_folder=notebook.parent if notebook else None,
            settings=settings,
        )

    def look_at(self, cell: Cell, *, known_params: Collection[str] | None = None) -> OneRun:
        """Return what listens to one run of the cell's code."""
        return OneRun(
            self.shell,
            cell,
            self.options,
            self.noting,
            left_out=self.left_out,
            data_depth=self.data_depth,
            known_params=known_params,
        )
