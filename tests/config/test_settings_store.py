from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.config import find_settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_nearest_existing_store_is_used(project: Path) -> None:
    (project / ".trackside").mkdir()
    (project / "notebooks" / "deep").mkdir(parents=True)
    (project / "notebooks" / "pyproject.toml").write_text("")

    settings = find_settings(project / "notebooks" / "deep")

    assert settings.store_folder == project / ".trackside"
    assert settings.origins["store"] == "the nearest store"


def test_store_goes_to_the_root_of_a_git_repository(project: Path) -> None:
    (project / ".git").mkdir()
    (project / "notebooks").mkdir()
    assert find_settings(project / "notebooks").store_folder == project / ".trackside"


def test_store_goes_to_the_root_of_a_git_worktree(project: Path) -> None:
    (project / ".git").write_text("gitdir: elsewhere\n")
    (project / "notebooks").mkdir()
    assert find_settings(project / "notebooks").store_folder == project / ".trackside"


def test_store_goes_beside_the_nearest_pyproject(project: Path) -> None:
    (project / "pyproject.toml").write_text("")
    (project / "notebooks").mkdir()
    settings = find_settings(project / "notebooks")
    assert settings.store_folder == project / ".trackside"
    assert settings.origins["store"] == "the project's root"


def test_store_goes_beside_the_notebook_where_there_is_no_project(project: Path) -> None:
    settings = find_settings(project, notebook=project / "train.ipynb")
    assert settings.store_folder == project / ".trackside"
    assert settings.origins["store"] == "beside the notebook"


def test_nothing_above_the_home_folder_is_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".trackside").mkdir()
    (home / "pyproject.toml").write_text("[tool.trackside]\nproject = 'somebody-else'\n")
    user = home / "ada"
    (user / "work").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(user))

    settings = find_settings(user / "work")

    assert settings.store_folder == user / "work" / ".trackside"
    assert settings.project == "work"


def test_environment_names_the_store_from_the_working_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".trackside").mkdir()
    (project / "trackside.toml").write_text("store = 'other'\n")
    monkeypatch.chdir(project)
    monkeypatch.setenv("TRACKSIDE_STORE", "from-environment")

    settings = find_settings(project)

    assert settings.store_folder == project / "from-environment"
    assert settings.origins["store"] == "environment variable TRACKSIDE_STORE"


def test_store_in_a_file_is_relative_to_that_file(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.trackside]\nstore = '../stores/digits'\n")
    (project / "notebooks" / ".trackside").mkdir(parents=True)

    settings = find_settings(project / "notebooks")

    assert settings.store_folder == project.parent / "stores" / "digits"
    assert settings.origins["store"] == str(project / "pyproject.toml")


def test_store_may_be_below_the_home_folder(project: Path, home: Path) -> None:
    (project / "trackside.toml").write_text("store = '~/stores'\n")
    assert find_settings(project).store_folder == home / "stores"
