from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, get_args

import pytest

from trackside.config import Part, find_settings
from trackside.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_defaults(project: Path) -> None:
    settings = find_settings(project)
    assert (settings.durability, settings.card, settings.mode) == ("second", "on", "enabled")
    assert {settings.origins[name] for name in ("durability", "card", "mode")} == {"default"}


def test_every_setting_is_read_and_says_where_from(project: Path) -> None:
    file = project / "pyproject.toml"
    file.write_text(
        "[tool.trackside]\nstore = 'kept'\nproject = 'p'\nexperiment = 'e'\nuser = 'u'\n"
        "durability = 'sync'\ncard = 'off'\nmode = 'disabled'\n"
        "main_metric = 'auc'\nnever = ['tmp_*']\ncapture = 'lean'\nshare = 'group'\n"
        "environment = ['SLURM_*']\nsystem = 2\n[tool.trackside.metrics]\nauc = 'max'\n"
        "[tool.trackside.policy]\nseed = true\n"
    )
    settings = find_settings(project, notebook=project / "train.ipynb")
    assert settings.store_folder == project / "kept"
    assert (settings.project, settings.experiment, settings.user) == ("p", "e", "u")
    assert (settings.durability, settings.card, settings.mode) == ("sync", "off", "disabled")
    assert set(settings.origins.values()) == {str(file)}
    assert (settings.main_metric, settings.never, settings.metrics) == ("auc", ("tmp_*",), {"auc": "max"})
    assert (settings.capture, settings.share, settings.is_shared) == ("lean", "group", True)
    assert (settings.environment, settings.system) == (("SLURM_*",), 2.0)
    assert settings.policy == {"seed": True}
    own = {"store", "project", "experiment", "user", "durability", "card", "mode", "main_metric", "metrics", "never"}
    assert set(settings.origins) == own | {"capture", "share", "environment", "system", "policy"}


def test_what_each_level_of_capture_includes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: tuple[Part, ...] = get_args(Part)
    assert all(map(find_settings(project).captures, parts))
    monkeypatch.setenv("TRACKSIDE_CAPTURE", "lean")
    assert set(filter(find_settings(project).captures, parts)) == {"environment", "data", "git"}
    monkeypatch.setenv("TRACKSIDE_CAPTURE", "minimal")
    assert not any(map(find_settings(project).captures, parts))


def test_never_means_names_and_patterns_and_the_last_part_of_a_dotted_name(project: Path) -> None:
    (project / "trackside.toml").write_text("never = ['tmp_*', 'device']")
    settings = find_settings(project)
    names = ["tmp_x", "a.tmp_x", "device", "trainer.device", "devices", "x"]
    assert [name for name in names if name in settings.left_out] == names[:4]


@pytest.mark.parametrize(("value", "seconds"), [("2.5", 2.5), ("0", 0.0)])
def test_seconds_may_stand_in_the_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch, value: str, seconds: float
) -> None:
    monkeypatch.setenv("TRACKSIDE_SYSTEM", value)
    assert find_settings(project).system == seconds


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("never = 'x'", r"never is 'x'; expected a list of names"),
        ("never = ['']", r"never is \[''\]; expected a list of names"),
        ("metrics = 'loss'", r"metrics is 'loss'; expected a table of goals"),
        ("metrics.loss = 'mim'", r"metrics.loss is 'mim'; expected 'min' or 'max'. Did you mean 'min'\?"),
        ("main_metrics = 'loss'", r"unknown setting 'main_metrics'; .* Did you mean 'main_metric'\?"),
    ],
)
def test_what_cannot_be_said_of_names_is_refused(project: Path, text: str, told: str) -> None:
    (project / "trackside.toml").write_text(text + "\n")
    with pytest.raises(InputError, match=told):
        find_settings(project)


def test_nearest_file_that_has_a_setting_counts(project: Path) -> None:
    (project / "trackside.toml").write_text("card = 'off'\ndurability = 'sync'\n")
    (project / "part").mkdir()
    (project / "part" / "pyproject.toml").write_text("[tool.trackside]\ncard = 'on'\n")
    settings = find_settings(project / "part")
    assert settings.card == "on"
    assert settings.durability == "sync"
    assert settings.origins["durability"] == str(project / "trackside.toml")


def test_own_file_goes_before_pyproject(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.trackside]\ncard = 'on'\n")
    (project / "trackside.toml").write_text("card = 'off'\n")
    assert find_settings(project).card == "off"


def test_environment_goes_before_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "trackside.toml").write_text("mode = 'enabled'\n")
    monkeypatch.setenv("TRACKSIDE_MODE", "disabled")
    settings = find_settings(project)
    assert settings.mode == "disabled"
    assert settings.origins["mode"] == "environment variable TRACKSIDE_MODE"


def test_empty_environment_variable_is_none(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_MODE", "")
    assert find_settings(project).mode == "enabled"


def test_changed_file_is_read_again(project: Path) -> None:
    file = project / "trackside.toml"
    file.write_text("project = 'before'\n")
    assert find_settings(project).project == "before"
    file.write_text("project = 'afterwards'\n")
    assert find_settings(project).project == "afterwards"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("duribility = 'sync'", "unknown setting 'duribility'; expected one of store, .*Did you mean 'durability'"),
        ("durability = 'synch'", "durability is 'synch'; expected 'second' or 'sync'.*Did you mean 'sync'"),
        ("card = false", "card is False; expected 'on' or 'off'"),
        ("mode = ['enabled']", "mode is .'enabled'.; expected 'enabled' or 'disabled'"),
        ("share = 'team'", "share is 'team'; expected 'private' or 'group'"),
        ("capture = 'minimum'", "capture is 'minimum'; expected 'full' or 'lean' or 'minimal'.*Did you mean 'minimal'"),
        ("environment = 'HOME'", "environment is 'HOME'; expected a list of names"),
        ("system = -1", "system is -1; expected seconds, such as 5, or 0 for never"),
        ("system = true", "system is True; expected seconds"),
        ("system = 'often'", "system is 'often'; expected seconds"),
        ("system = inf", "system is inf; expected seconds"),
        ("project = 3", "project is 3; expected one line of text"),
        ("user = '  '", "user is '  '; expected one line of text"),
        ('experiment = "a\\nb"', r"experiment is 'a\\nb'; expected one line of text"),
        ("store = true", "store is True; expected one line of text"),
        ("store = 'trackside.toml'", "store is 'trackside.toml', which is a file; expected a folder"),
        ("store = '~nobody-of-that-name/x'", "store is '~nobody-of-that-name/x'; expected a folder"),
        ("project = ", "expected TOML, but Invalid value .at end of document.; correct"),
    ],
)
def test_bad_setting_is_refused_in_one_line(project: Path, text: str, message: str) -> None:
    file = project / "trackside.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=f"^{re.escape(str(file))}: {message}") as caught:
        find_settings(project)
    assert "\n" not in str(caught.value)


def test_settings_that_are_no_table_are_refused(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool]\ntrackside = 3\n")
    with pytest.raises(InputError, match=r"pyproject.toml: 'trackside' is 3; expected a table"):
        find_settings(project)


def test_other_peoples_oddities_in_pyproject_are_theirs(project: Path) -> None:
    (project / "pyproject.toml").write_text("tool = 1\nproject = 2\n")
    assert find_settings(project).project == "digits"


def test_file_that_is_no_text_is_refused(project: Path) -> None:
    (project / "trackside.toml").write_bytes(b"user = '\xe9'")
    with pytest.raises(InputError, match=r"trackside.toml: expected TOML, but 'utf-8' codec can't decode"):
        find_settings(project)


def test_bad_environment_variable_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_MODE", "disable")
    with pytest.raises(InputError, match=r"^TRACKSIDE_MODE: mode is 'disable'; .*Did you mean 'disabled'\?"):
        find_settings(project)


def test_unreadable_bytes_in_the_environment_are_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_EXPERIMENT", os.fsdecode(b"caf\xe9"))
    with pytest.raises(InputError, match=r"TRACKSIDE_EXPERIMENT: experiment is 'caf\\udce9'"):
        find_settings(project)


def test_all_mistakes_are_told_at_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_CARD", "of")
    pyproject, own = project / "pyproject.toml", project / "trackside.toml"
    pyproject.write_text("[tool.trackside]\nstore = 'trackside.toml'\nmode = 'on'\n")
    own.write_text("metrics = {loss = 'mim', acc = 'most'}\nsystems = 5\n")
    with pytest.raises(InputError) as caught:
        find_settings(project)
    first, *told = str(caught.value).splitlines()
    assert first == "6 mistakes in the settings:"
    assert [line.partition(" is ")[0].partition(";")[0] for line in told] == [
        f"{pyproject}: mode",
        f"{own}: metrics.loss",
        f"{own}: metrics.acc",
        f"{own}: unknown setting 'systems'",
        "TRACKSIDE_CARD: card",
        f"{pyproject}: store",
    ]


def test_a_variable_that_is_no_setting_is_told_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackside.config._told_of", set())
    for name in ("TRACKSIDE_EXPERIMNT", "TRACKSIDE_NEVER", "TRACKSIDE_RUN", "TRACKSIDE_USER"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("TRACKSIDE_EMPTY", "")
    with pytest.warns() as told:
        find_settings(project)
    find_settings(project)  # a second warning would be an error
    first, second = (str(warning.message) for warning in told)
    assert first.startswith("The environment variable TRACKSIDE_EXPERIMNT is not read; expected one of TRACKSIDE_STORE")
    assert first.endswith(" Did you mean 'TRACKSIDE_EXPERIMENT'?")
    assert second == "The environment variable TRACKSIDE_NEVER is not read; expected it in a settings file."
