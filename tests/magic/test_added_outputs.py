"""What an evaluation in the next cell puts out is kept in the run that it goes into, as that cell's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat

from tests.magic.test_outputs_kept import FIGURE, wait_for_records
from trackside.restoration.restore import restore_run
from trackside.run_details import read_details, read_kept
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.magic.kernel import Kernel
    from trackside.records import Output
    from trackside.run_details import RunDetails

TRAIN = f"%%track train\nimport trackside as ts\nts.log(loss=1.0)\n{FIGURE}ax.plot([1, 2])\nprint('training')"
EVALUATE = f"%%track --into last\n{FIGURE}ax.plot([5, 6])\nprint('evaluating')\nts.log_artifact({{'a': 1}}, 'report')"


def details(kernel: Kernel) -> RunDetails:
    wait_for_records(kernel)
    store = Store(kernel.store)
    assert store.refresh(wait=30)
    with store.read() as connection:
        newest = connection.execute("SELECT CAST(max(run_id) AS VARCHAR) FROM runs").fetchone()
    assert newest is not None
    return read_details(store, newest[0])


def texts(run: RunDetails, outputs: list[Output]) -> list[str]:
    found = [read_kept(run.store_folder, output.data["text/plain"]) for output in outputs]
    return [text.decode().strip() for text in found if text is not None]


def test_an_evaluations_outputs_and_figures_are_in_the_run(kernel: Kernel) -> None:
    kernel.run("import trackside")
    kernel.run(TRAIN, cell_id="a")
    kernel.run(EVALUATE, cell_id="b")
    run = details(kernel)
    assert run.outputs is not None
    assert texts(run, run.outputs.outputs)[0] == "training"
    (added,) = run.added
    assert texts(run, added.outputs)[0] == "evaluating"
    assert (added.cell_id, run.sources[added.source]) == ("b", EVALUATE)
    cells = {artifact.name: artifact.about.get("cell") for artifact in run.artifacts}
    assert cells == {
        "figure 1": None,
        "figure 2": f"[{added.execution_count}]",
        "report": f"[{added.execution_count}]",
    }
    assert run.lost == []


def test_of_a_cell_that_is_added_again_the_last_outputs_count_and_its_error_is_one(kernel: Kernel) -> None:
    kernel.run("import trackside")
    kernel.run(TRAIN, cell_id="a")
    for code, cell_id in (("print('first')", "b"), ("print('second')\n1 / 0", "b"), ("print('other')", "c")):
        wait_for_records(kernel)
        card = kernel.run(f"%%track --into last\n{code}", cell_id=cell_id).card["text/plain"]
        assert "a run of its own" not in card
    run = details(kernel)
    second, other = sorted(run.added, key=lambda each: each.cell_id or "")
    assert texts(run, other.outputs) == ["other"]
    assert [output.kind for output in second.outputs] == ["stdout", "error"]
    assert texts(run, second.outputs)[0] == "second"
    assert run.status == "finished"


def test_cells_that_were_added_are_restored_below_in_their_order(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run("import trackside")
    kernel.run(TRAIN, cell_id="a")
    wait_for_records(kernel)
    kernel.run(EVALUATE.replace("last", "train --tag stage=final"), cell_id="b")
    wait_for_records(kernel)
    kernel.run("%%track --into=train\nts.log(accuracy=0.5)", cell_id="c")
    restored = restore_run(details(kernel), tmp_path / "out")
    head, *_, own, evaluation, silent = nbformat.read(restored.notebook, as_version=4).cells
    assert own.source == TRAIN
    assert evaluation.source == EVALUATE.replace("last", "last --tag stage=final")
    assert evaluation.outputs[0].text == "evaluating\n"
    assert (silent.source, silent.outputs) == ("%%track --into=last\nts.log(accuracy=0.5)", [])
    assert head.source.count("added to the run later") == 2
    alone = restore_run(details(kernel), tmp_path / "alone", with_added=False)
    assert nbformat.read(alone.notebook, as_version=4).cells[-1].source == TRAIN
