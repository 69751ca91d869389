"""A run's notebook and outputs, as files and as parts of a notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackside.errors import InputError
from trackside.model import short_id
from trackside.restoration.cell_outputs import make_outputs
from trackside.restoration.files import new_folder
from trackside.restoration.notebooks import make_slice, make_whole
from trackside.restoration.restore import restore_run
from trackside.run_details import read_details
from trackside.stored_card import stored_bundle
from trackside.wire import RECORD_VERSION, http

if TYPE_CHECKING:
    from trackside.run_details import RunDetails
    from trackside.server.places import Places
    from trackside.store.store import Store

_WAIT = 2.0  # seconds to wait for the tables to know how the run went on


def whole_notebook(store: Store, run_id: str) -> bytes:
    """Return the notebook as it stood when a run began, as JSON, with what the run's own cell put out then.

    Where it was not kept, the cells the run depends on are returned.

    Raises
    ------
    InputError
        There is no such run, or nothing of its code was kept.
    """
    store.refresh(_WAIT)
    run = read_details(store, run_id)
    whole = make_whole(run)
    made = whole or make_slice(run, with_added=True)
    if made is None:
        raise InputError(f"Of run {short_id(run_id)} no code was kept; expected the run of a cell; look at its page")
    for cell in made.content["cells"] if whole else ():
        if cell["cell_type"] == "code" and cell.get("id") == run.cell_id:
            cell["outputs"], _ = _outputs_of(store, run)
            cell["execution_count"] = run.execution_count
    return json.dumps(made.content).encode()


def kept_outputs(store: Store, run_id: str) -> http.KeptOutputs:
    """Return a run's card and what its cell put out.

    Raises
    ------
    InputError
        There is no such run.
    """
    store.refresh(_WAIT)
    run = read_details(store, run_id)
    outputs, lost = _outputs_of(store, run)
    return http.KeptOutputs(outputs=outputs, execution_count=run.execution_count, lost=lost)


def restore(store: Store, asked: http.Restore, places: Places) -> http.RestoredFiles:
    """Write a run's cells into a new folder: beside its notebook where the server has that, else in its own folder.

    Raises
    ------
    InputError
        There is no such run, what is asked for was not kept, or there is no folder to write to.
    """
    store.refresh(_WAIT)
    run = read_details(store, asked.run_id)
    beside = run.notebook_path if places.contents_path(run.notebook_path) else None
    parent = Path(beside).parent if beside and Path(beside).parent.is_dir() else places.path_of("none.ipynb").parent
    restored = restore_run(run, new_folder(parent, f"restored-{short_id(run.run_id)}"), whole=asked.whole)
    return http.RestoredFiles(notebook=places.contents_path(str(restored.notebook)) or "", notes=restored.notes)


def _outputs_of(store: Store, run: RunDetails) -> tuple[list[dict[str, Any]], int]:
    """Return a run's card and what its cell put out, and how many of these outputs are lost."""
    made, lost = make_outputs(store.folder, run.outputs, run.execution_count) if run.outputs else ([], 0)
    card = stored_bundle(store, run.run_id)
    return [*([] if card is None else [_card_output(card, run.run_id)]), *made], lost


def _card_output(bundle: dict[str, Any], run_id: str) -> dict[str, Any]:
    about = {"kind": "card", "version": RECORD_VERSION, "run_id": run_id}
    return {"output_type": "display_data", "data": bundle, "metadata": {"trackside": about}}
