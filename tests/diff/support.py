"""Runs with everything a run may have, made with the means that capture uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.capture.data.datasets import Described
from trackside.records import Code, CodeCell, Environment, Notebook, NotebookCell
from trackside.run_details import read_details
from trackside.store.blobs import read_blob
from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trackside.model import Dataset
    from trackside.run_details import RunDetails


def keep_run(
    folder: Path,
    source: str | None = "%%track\nlr = 0.1",
    *,
    earlier: Sequence[str] | None = None,
    notebook: Sequence[str] | None = None,
    metrics: dict[str, float] | None = None,
    params: dict[str, Any] | None = None,
    datasets: Sequence[Dataset] = (),
    **started: Any,
) -> Run:
    """Keep a cell's run; ``earlier`` are the cells of its slice before its own, ``notebook`` all cells' sources."""
    facts = {"name": "fit", "project": "p", "experiment": "digits", "origin": "notebook", "cell_id": "own"}
    run = Run.start(folder, source=source, params=params, **(facts | {"execution_count": 7} | started))
    if earlier is not None:
        run.recording.keep_part("code", code_record(run, [*earlier, source or ""]))
    if notebook is not None:
        cells = [
            NotebookCell(sha256=run.recording.keep(text.encode()), cell_id=f"c{at}") for at, text in enumerate(notebook)
        ]
        run.recording.keep_part("notebook", Notebook(cells=cells, came_from="file"))
    note_datasets(run, *datasets)
    run.log(metrics or {})
    run.finish()
    return run


def code_record(run: Run, sources: Sequence[str], **more: Any) -> Code:
    cells = [
        CodeCell(sha256=run.recording.keep(text.encode()), execution_count=at) for at, text in enumerate(sources, 1)
    ]
    return Code(cells=cells, **more)


def details_of(folder: Path, run: Run) -> RunDetails:
    store = Store(folder)
    assert store.refresh(60.0)
    return read_details(store, run.id)


def damage(folder: Path, digest: str) -> None:
    """Change the bytes of a blob."""
    assert read_blob(folder, digest) is not None
    (folder / "blobs" / digest[:2] / digest).write_bytes(b"other bytes")


def environment(**changed: Any) -> Environment:
    facts: dict[str, Any] = {
        "python": "3.11.7",
        "implementation": "CPython",
        "executable": "/bin/python",
        "os": "Linux",
    }
    facts |= {"machine": "x86_64", "host": "ada", "cpu": "fast", "cores": 2, "memory": 2**34, "packages": {}}
    return Environment(**(facts | changed))


def note_datasets(run: Run, *datasets: Dataset) -> None:
    run.note_data([Described(dataset) for dataset in datasets])
