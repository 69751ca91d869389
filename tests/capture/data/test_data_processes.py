"""Another process, with another seed of Python's hashes, gives the same data the same digest."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import nbformat

import trackside as ts

if TYPE_CHECKING:
    from pathlib import Path

DATA = """
import datasets, numpy as np, pandas as pd, polars as pl, pyarrow as pa, scipy.sparse as sp, torch
from torch.utils.data import TensorDataset
from tests.capture.data.looking import digest
rng = np.random.default_rng(0)
numbers, texts = rng.random((200, 3)), [f"text {n % 7}" for n in range(200)]
mixed = [{"a": n, "b": {"x", "y", "z"}} if n % 2 else None for n in range(200)]
frame = pd.DataFrame(numbers).assign(text=texts, kind=pd.Categorical(texts), mixed=mixed)
for value in [numbers, np.array(texts, object), frame, pl.DataFrame({"t": texts}), pa.table({"t": texts}),
        sp.csr_array(numbers), torch.tensor(numbers), TensorDataset(torch.tensor(numbers)),
        datasets.Dataset.from_dict({"t": texts}), numbers.repeat(10_000, axis=0)]:
    print(digest(value))
"""

CELLS = [
    """import trackside as ts
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split""",
    "frame = load_wine(as_frame=True).frame\nframe.to_csv('wine.csv', index=False)",
    """%%track
import pandas as pd
wine = pd.read_csv('wine.csv')
X_train, X_test = train_test_split(wine, test_size=0.25, random_state=0)
model = LogisticRegression(max_iter=5000).fit(X_train.drop(columns='target'), X_train.target)
accuracy = model.score(X_test.drop(columns='target'), X_test.target)""",
]


def run_python(code: str, seed: str) -> str:
    env = {**os.environ, "PYTHONHASHSEED": seed}
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return ran.stdout


def test_digests_are_the_same_in_every_process() -> None:
    first = run_python(DATA, "1")
    assert len(set(first.split())) == 10
    assert run_python(DATA, "2") == first


def test_a_notebook_run_twice_has_the_same_data(store_folder: Path, tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell(code) for code in CELLS]
    notebook = tmp_path / "wine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TRACKSIDE_STORE": str(store_folder)}
        command = [
            sys.executable,
            "-m",
            "jupyter",
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "--inplace",
            str(notebook),
        ]
        subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, check=True)
    runs = ts.runs(include_hidden=True)
    assert len(runs) == 2
    found = [{each.dataset.name: each.dataset.digest for each in run.datasets} for run in runs]
    assert found[0] == found[1]
    assert set(found[0]) == {"wine.csv", "wine", "X_train", "X_test"}
    assert None not in found[0].values()
    assert len(ts.runs()) == 1  # just like the first
