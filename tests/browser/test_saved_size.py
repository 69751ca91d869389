"""What a notebook keeps of a view that a browser drew: its pictures, and not much more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUNS = """\
import numpy as np
import trackside as ts
noise = np.random.default_rng(1)
for n in range(20):
    params = {f"param_{k}": float(noise.random()) for k in range(19)}
    with ts.run("mlp", params={**params, "kind": f"kind {n % 3}"}) as run:
        run.log_history(**{f"metric_{k}": np.cumsum(noise.random(100) - 0.5) for k in range(5)})"""


def test_a_comparison_of_twenty_runs_is_saved_with_its_pictures_in_less_than_200_kb(page: Page, lab: Lab) -> None:
    lab.write_project("size", (RUNS, "ts.runs().compare()"))
    notebook = Notebook(page, lab, "size/size.ipynb")
    notebook.run(0)
    notebook.run(1)
    page.wait_for_function(
        """() => { const outputs = window.jupyterapp.shell.currentWidget.content.widgets[1].model.outputs;
        return (String(outputs.get(0).data['text/html']).match(/<img/g) ?? []).length === 2; }"""
    )
    notebook.save()
    (output,) = nbformat.read(lab.root / "size" / "size.ipynb", as_version=4).cells[1].outputs
    assert len(json.dumps(output)) < 200_000
