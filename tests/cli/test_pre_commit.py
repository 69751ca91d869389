"""The hook that this repository offers, run by the real pre-commit when somebody commits.

What differs from a user's: pre-commit clones a repository that has this one's hook file alone, from the disk instead of
from an address, and `trackside` is the one that these tests run with.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from subprocess import CompletedProcess

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
UNTRACKED = ["from sklearn.svm import SVC\n", "SVC().fit(X, y)"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a git repository in which the hook is installed, with a policy that demands a tag."""
    for name, value in (("name", "ada"), ("email", "ada@example.org")):
        for who in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{who}_{name.upper()}", value)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    offered, repository = tmp_path / "offered", tmp_path / "repository"
    offered.mkdir()
    repository.mkdir()
    shutil.copy(HOOKS, offered)
    for folder in (offered, repository):
        git(folder, "init", "-q")
    git(offered, "add", "-A")
    git(offered, "commit", "-qm", "hooks")
    commit = git(offered, "rev-parse", "HEAD").stdout.strip()
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {offered}\n  rev: {commit}\n  hooks:\n  - id: trackside-policy\n"
    )
    (repository / "trackside.toml").write_text('[policy]\ntags = ["stage"]\n')
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=repository, check=True, capture_output=True)
    return repository


def git(folder: Path, *words: str, succeeds: bool = True) -> CompletedProcess[str]:
    """Run git in a folder."""
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=succeeds)


def write_notebook(file: Path, source: str | list[str], run: dict[str, Any] | None = None) -> None:
    """Write a notebook of one cell, with the card of its run."""
    about = {"kind": "card", "version": 1, "run": run}
    output = {"output_type": "display_data", "data": {"text/plain": ""}, "metadata": {"trackside": about}}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": source}
    notebook = {
        "cells": [cell | {"outputs": [output] if run else []}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    file.write_text(json.dumps(notebook))


def commit(repository: Path) -> CompletedProcess[str]:
    """Commit all that changed, and let the hook have its say."""
    git(repository, "add", "-A")
    return git(repository, "commit", "-m", "a change", succeeds=False)


def test_a_commit_is_refused_until_the_runs_of_its_notebooks_keep_the_policy(repository: Path) -> None:
    (repository / "notes.txt").write_text("no notebook")
    assert commit(repository).returncode == 0
    run: dict[str, Any] = {
        "run_id": "0197f0c0-0000-7000-8000-000000000000",
        "project": "p",
        "experiment": "e",
        "name": "mlp",
        "status": "finished",
        "started_at": 1.7e9,
    }
    write_notebook(repository / "train.ipynb", "%%track mlp\nlr = 0.1", run)
    refused = commit(repository)
    assert refused.returncode != 0
    assert "runs keep the policy" in refused.stderr
    assert "✗ cell [1]: mlp (00000), policy: 0 of 1 ✓, missing: tag stage" in refused.stderr
    write_notebook(repository / "train.ipynb", "%%track mlp\nlr = 0.1", run | {"tags": {"stage": "dev"}})
    accepted = commit(repository)
    assert accepted.returncode == 0, accepted.stderr


def test_a_notebook_that_trains_without_being_tracked_and_one_without_evidence_are_refused(repository: Path) -> None:
    write_notebook(repository / "untracked.ipynb", UNTRACKED)
    refused = commit(repository)
    assert "✗ cell [1]: trains without %%track: SVC().fit(X, y)" in refused.stderr
    (repository / "untracked.ipynb").unlink()
    write_notebook(repository / "train.ipynb", "%%track mlp\nlr = 0.1")
    refused = commit(repository)
    assert "? cell [1]: no evidence" in refused.stderr
    assert "exit code: 6" in refused.stderr
