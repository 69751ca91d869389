from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from trackside.capture.code import repository_probe
from trackside.capture.code.repository import RepositoryState, capture_repository
from trackside.capture.code.repository_probe import start_repository_probe

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit_file(folder: Path, name: str = "train.py") -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("lr = 1e-3\n")
    git(folder, "add", "--force", name)
    git(folder, "commit", "--quiet", "--message", "one")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in os.environ:
        if variable.startswith("GIT_"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def put_git_on_path(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_clean_commit(repository: Path) -> None:
    commit = commit_file(repository)
    assert capture_repository(repository)[:2] == (commit, False)


def test_changed_tracked_file_is_dirty_also_from_another_subfolder(repository: Path) -> None:
    commit = commit_file(repository)
    (repository / "train.py").write_text("lr = 1e-2\n")
    (repository / "notebooks").mkdir()
    assert capture_repository(repository / "notebooks")[:2] == (commit, True)


def test_staged_change_is_dirty(repository: Path) -> None:
    commit_file(repository)
    (repository / "train.py").write_text("lr = 1e-2\n")
    git(repository, "add", "train.py")
    assert capture_repository(repository).is_dirty is True


def test_untracked_file_is_not_dirty(repository: Path) -> None:
    commit_file(repository)
    (repository / "scratch.py").write_text("")
    assert capture_repository(repository).is_dirty is False


@pytest.mark.parametrize("store", [".trackside", "notebooks/.trackside"])
def test_change_in_a_store_is_not_dirty(repository: Path, store: str) -> None:
    commit_file(repository)
    commit_file(repository, f"{store}/blobs/one")
    (repository / store / "blobs" / "one").write_text("changed")
    assert capture_repository(repository).is_dirty is False


def test_nothing_is_told_before_the_first_commit(repository: Path) -> None:
    assert capture_repository(repository) == RepositoryState(None, None)


def test_nothing_is_told_outside_a_repository(repository: Path) -> None:
    outside = repository.parent / "outside"
    outside.mkdir()
    assert capture_repository(outside) == RepositoryState(None, None)


def test_nothing_is_told_of_a_folder_that_does_not_exist(repository: Path) -> None:
    assert capture_repository(repository / "gone") == RepositoryState(None, None)


def test_nothing_is_told_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_file(repository)
    monkeypatch.setenv("PATH", str(repository))
    assert capture_repository(repository) == RepositoryState(None, None)


def test_git_that_hangs_is_given_up(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_file(repository)
    put_git_on_path(repository.parent / "bin", "exec sleep 300", monkeypatch)
    assert capture_repository(repository, timeout=0.2) == RepositoryState(None, None)


def test_commit_is_told_where_only_the_status_is_too_slow(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = 'case "$*" in *status*) exec sleep 300;; esac; echo 1234abcd'
    put_git_on_path(repository.parent / "bin", script, monkeypatch)
    assert capture_repository(repository, timeout=2) == RepositoryState("1234abcd", None)


def test_program_named_by_the_repository_is_not_started(repository: Path) -> None:
    commit_file(repository)
    monitor = repository.parent / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch {repository.parent / 'started'}\n")
    monitor.chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(monitor))

    capture_repository(repository)

    assert not (repository.parent / "started").exists()


def test_git_is_asked_while_the_kernel_changes_its_environment(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = commit_file(repository)
    names = type(os.environ).__iter__
    monkeypatch.setattr(type(os.environ), "__iter__", lambda self: iter([*names(self), "DELETED_MEANWHILE"]))
    assert capture_repository(repository).commit == commit


def test_index_is_left_alone(repository: Path) -> None:
    commit_file(repository)
    os.utime(repository / "train.py", (0, 0))  # a plain status would now refresh the index
    before = (repository / ".git" / "index").read_bytes()
    assert capture_repository(repository).is_dirty is False
    assert (repository / ".git" / "index").read_bytes() == before


def seen(repository: Path) -> tuple[str | None, bool | None]:
    state = start_repository_probe(repository).result(60)
    assert state is not None
    return state.commit, state.is_dirty


def test_git_is_asked_anew_after_a_while(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = commit_file(repository)
    assert seen(repository) == (first, False)
    second = commit_file(repository, "other.py")
    monkeypatch.setattr(repository_probe, "FRESH_SECONDS", 0.0)
    assert seen(repository) == (second, False)


def test_who_asks_while_git_is_being_asked_gets_its_answer(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_file(repository)
    put_git_on_path(repository.parent / "bin", f"echo >> {repository.parent}/asked; sleep 0.1", monkeypatch)
    answers = [start_repository_probe(repository).result(60) for _ in range(3)]
    assert answers == [RepositoryState(None, None)] * 3
    assert (repository.parent / "asked").read_text() == "\n"
