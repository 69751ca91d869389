from __future__ import annotations

import getpass
import os
import subprocess
from pathlib import Path

import pytest

from trackside.config import find_settings
from trackside.errors import InputError


def init_repository(folder: Path, email: str | None = None) -> None:
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    if email:
        subprocess.run(["git", "-C", str(folder), "config", "user.email", email], check=True)


def test_project_is_the_name_in_pyproject(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project]\nname = 'handwriting'\n")
    (project / "notebooks").mkdir()
    settings = find_settings(project / "notebooks")
    assert settings.project == "handwriting"
    assert settings.origins["project"] == f"[project] name in {project / 'pyproject.toml'}"


def test_setting_goes_before_the_name_in_pyproject(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project]\nname = 'pkg'\n[tool.trackside]\nproject = 'team'\n")
    assert find_settings(project).project == "team"


def test_a_table_for_tools_in_trackside_toml_is_told_where_settings_stand(project: Path) -> None:
    (project / "trackside.toml").write_text("[tool.trackside]\nexperiment = 'mnist'\n")
    with pytest.raises(InputError, match=r"found a table \[tool\]; expected settings at the top level"):
        find_settings(project)


def test_project_is_the_folder_of_the_git_repository(project: Path) -> None:
    init_repository(project)
    (project / "part").mkdir()
    (project / "part" / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    assert find_settings(project / "part").project == "digits"


def test_project_around_a_git_repository_does_not_name_it(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project]\nname = 'outer'\n")
    init_repository(project / "submodule")
    assert find_settings(project / "submodule").project == "submodule"


def test_project_is_the_folder_where_there_is_nothing_else(project: Path) -> None:
    assert find_settings(project).project == "digits"


def test_experiment_is_the_notebooks_path_in_its_project(project: Path) -> None:
    (project / "pyproject.toml").write_text("")
    folder = project / "notebooks" / "deep"
    folder.mkdir(parents=True)
    settings = find_settings(folder, notebook=folder / "train.v2.ipynb")
    assert settings.experiment == "notebooks/deep/train.v2"
    assert settings.origins["experiment"] == "the notebook's path"


def test_experiment_is_the_notebooks_name_outside_a_project(project: Path) -> None:
    assert find_settings(project, notebook=project / "train.ipynb").experiment == "train"


def test_relative_notebook_is_found_from_the_working_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "pyproject.toml").write_text("")
    (project / "notebooks").mkdir()
    monkeypatch.chdir(project)
    settings = find_settings(Path("notebooks"), notebook=Path("notebooks/train.ipynb"))
    assert settings.experiment == "notebooks/train"


def test_experiment_is_the_scripts_name(project: Path) -> None:
    assert find_settings(project, script=project / "train.py").experiment == "train"


def test_experiment_is_the_folder_where_no_file_is_known(project: Path) -> None:
    assert find_settings(project).experiment == "digits"


def test_environment_names_the_experiment_before_a_file_does(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "trackside.toml").write_text("experiment = 'from-file'\n")
    assert find_settings(project, notebook=project / "train.ipynb").experiment == "from-file"
    monkeypatch.setenv("TRACKSIDE_EXPERIMENT", "from-environment")
    assert find_settings(project, notebook=project / "train.ipynb").experiment == "from-environment"


def test_user_is_the_setting_first(project: Path) -> None:
    init_repository(project, "ada@example.org")
    (project / "trackside.toml").write_text("user = 'grace'\n")
    assert find_settings(project).user == "grace"


def test_user_is_the_repositorys_git_email(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init_repository(project, "ada@example.org")
    (project / "notebooks").mkdir()
    monkeypatch.setenv("JUPYTERHUB_USER", "hub")
    settings = find_settings(project / "notebooks")
    assert settings.user == "ada@example.org"
    assert settings.origins["user"] == "git's user.email"


def test_git_is_asked_for_the_email_once(project: Path) -> None:
    init_repository(project, "ada@example.org")
    assert find_settings(project).user == "ada@example.org"
    init_repository(project, "grace@example.org")
    assert find_settings(project).user == "ada@example.org"


def test_user_is_the_hubs_where_git_has_no_email(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "hub")
    assert find_settings(project).user == "hub"


def test_user_is_the_operating_systems_where_there_is_no_git(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    settings = find_settings(project)
    assert settings.user == getpass.getuser()
    assert settings.origins["user"] == "operating system"


def test_name_with_bytes_that_are_no_text_can_be_kept(project: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(project) + b"/caf\xe9"))
    folder.mkdir()
    settings = find_settings(folder)
    assert settings.project == r"caf\udce9"
    assert settings.store_folder == folder / ".trackside"
