"""The settings a notebook or script runs under, and where each of them came from.

A setting is looked for in the environment (``TRACKSIDE_STORE``, ``TRACKSIDE_EXPERIMENT``, …), then in
``trackside.toml`` and in ``[tool.trackside]`` of ``pyproject.toml``, from the folder of the notebook or script upwards
(the nearest file that has it counts), and is inferred last. The working folder counts only where there is no such file:
at a prompt, under ``python -c``, and for the command ``trackside``::

    [tool.trackside]
    store = ".trackside"        # a folder, relative to this file
    project = "digits"
    experiment = "baseline"
    user = "ada@example.org"
    durability = "second"       # or "sync": every log() waits for the disk
    card = "on"                 # or "off"
    mode = "enabled"            # or "disabled": nothing is tracked
    main_metric = "val_loss"    # which metric says best which run is best
    never = ["device", "tmp_*"] # names that are never captured: params, metrics, data, columns, figures, variables
    capture = "full"            # or "lean", or "minimal": see `Settings.captures`
    share = "private"           # or "group": the store is for its folder's group, too
    environment = ["SLURM_*"]   # environment variables that are captured, in place of `VARIABLES`
    system = 5                  # seconds between two looks at CPU, memory and GPUs; 0 looks at nothing

    [tool.trackside.metrics]
    val_loss = "min"            # or "max"

    [tool.trackside.policy]     # what is demanded of every run: see `trackside.team.policy`
    tags = ["stage"]
"""

from __future__ import annotations

import functools
import os
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

from trackside.errors import InputError, suggest
from trackside.left_out import LeftOut
from trackside.legible import legible
from trackside.setting_checks import CHOICES, TEXTS, Problems, check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Durability: TypeAlias = Literal["second", "sync"]
"""``"second"``: a power cut costs at most a second; ``"sync"``: nothing, but calls wait for the disk."""

STORE_FOLDER = ".trackside"
SETTINGS_FILE = "trackside.toml"
_EMAIL_SECONDS = 1.0
SYSTEM_SECONDS = 5.0

RUN_VARIABLE = "TRACKSIDE_RUN"
"""The environment variable that names the run a process is started from: no setting."""

_IN_ENVIRONMENT = (*TEXTS, "system")
_IN_FILES = (*TEXTS, "never", "metrics", "environment", "system", "policy")
_told_of: set[str] = set()
"""Environment variables of which the user knows that they are no settings."""

Part: TypeAlias = Literal[
    "environment", "data", "content", "git", "code", "notebook", "model", "kernel", "outputs", "system"
]
"""What may be captured of a run besides its params, metrics, source and status, which always are.

``"data"`` are names and shapes, ``"content"`` the data's digests and profiles.
"""

_PARTS: Mapping[str, frozenset[Part]] = {
    "minimal": frozenset(),
    "lean": frozenset(("environment", "data", "git")),
    "full": frozenset(get_args(Part)),
}

_CAPTURED = {
    "minimal": "params, metrics, source",
    "lean": "params, metrics, source, commit, environment, names and shapes of data",
    "full": "params, metrics, the notebook's code, uncommitted changes, profiles of data, outputs, environment",
}

VARIABLES = (
    *"CUDA_VISIBLE_DEVICES NVIDIA_VISIBLE_DEVICES HIP_VISIBLE_DEVICES CUDA_DEVICE_ORDER CUDA_LAUNCH_BLOCKING".split(),
    *"PYTORCH_CUDA_ALLOC_CONF PYTORCH_ENABLE_MPS_FALLBACK NCCL_* XLA_FLAGS JAX_* TF_FORCE_GPU_ALLOW_GROWTH".split(),
    *"TF_ENABLE_ONEDNN_OPTS KERAS_BACKEND TOKENIZERS_PARALLELISM HF_HOME HF_HUB_OFFLINE CONDA_DEFAULT_ENV".split(),
    *"VIRTUAL_ENV SLURM_JOB_NAME SLURM_NTASKS SLURM_CPUS_PER_TASK SLURM_GPUS* WORLD_SIZE LOCAL_WORLD_SIZE".split(),
    *"LANG LC_ALL TZ".split(),
)
"""Environment variables that are captured unless the settings name others: they change what comes out, or say where."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a notebook or script is tracked under.

    ``metrics`` has the goals of metrics, ``never`` patterns of names that are not captured (``tmp_*``), ``policy`` the
    table of that name, unchecked, or None: `trackside.team.policy.reading.read_policy` reads it. ``origins``
    says for each setting (``store``, ``project``, …) where its value came from, in words for people.
    """

    store_folder: Path
    project: str
    experiment: str
    user: str
    durability: Durability
    card: Literal["on", "off"]
    mode: Literal["enabled", "disabled"]
    main_metric: str | None
    metrics: Mapping[str, Literal["min", "max"]]
    never: tuple[str, ...]
    origins: Mapping[str, str]
    capture: Literal["full", "lean", "minimal"] = "full"
    share: Literal["private", "group"] = "private"
    environment: tuple[str, ...] = VARIABLES
    system: float = SYSTEM_SECONDS
    policy: Any = None

    @property
    def is_shared(self) -> bool:
        """Whether the store is for its folder's group, too."""
        return self.share == "group"

    def captures(self, part: Part) -> bool:
        """Tell whether a part of runs is to be captured.

        ``capture = "minimal"`` keeps params, metrics, source and status only; ``"lean"`` the environment, the names and
        shapes of data and the commit besides; ``"full"`` everything.
        """
        return part in _PARTS[self.capture]

    @property
    def captured(self) -> str:
        """What is captured of runs, in words for people."""
        return _CAPTURED[self.capture]

    @property
    def left_out(self) -> LeftOut:
        """The names that ``never`` forbids to capture."""
        return LeftOut(self.never)


class _Found(NamedTuple):
    """A setting's value and where it came from; ``base`` is the folder that a relative path is meant from."""

    value: Any
    origin: str
    base: Path


class _Place(NamedTuple):
    """Where the code stands: its folder, the folders to look in (nearest first), its project's root."""

    folder: Path
    folders: list[Path]
    root: Path | None


def find_settings(start: Path, *, notebook: Path | None = None, script: Path | None = None) -> Settings:
    """Find the settings for code that runs in the folder ``start``.

    Parameters
    ----------
    start
        The notebook's or script's folder, or the working folder where neither is known.
    notebook, script
        The file whose code runs, where it is known; it names the experiment.

    Raises
    ------
    InputError
        Settings files cannot be read, or settings are unknown or have values they cannot have: all that is wrong.

    Examples
    --------
    >>> find_settings(Path("notebooks"), notebook=Path("notebooks/train.ipynb")).experiment  # doctest: +SKIP
    'notebooks/train'
    """
    place = _find_place(start)
    problems = Problems()
    given = _read_files(place.folders, problems) | _read_environment(problems)
    if "store" in given:
        with problems.noting():
            given["store"] = _check_store(given["store"])
    problems.tell()
    found = {
        "store": given.get("store") or _infer_store(place, notebook),
        "project": given.get("project") or _infer_project(place),
        "experiment": given.get("experiment") or _infer_experiment(place, notebook, script),
        "user": given.get("user") or _infer_user(place),
    }
    defaults: dict[str, Any] = {name: choices[0] for name, choices in CHOICES.items()} | {
        "main_metric": None,
        "metrics": {},
        "never": (),
        "environment": VARIABLES,
        "system": SYSTEM_SECONDS,
        "policy": None,
    }
    for name, default in defaults.items():
        found[name] = given.get(name) or _Found(default, "default", place.folder)
    values = {name: setting.value for name, setting in found.items() if name != "store"}
    values |= {name: legible(values[name]) for name in ("project", "experiment", "user")}
    return Settings(
        store_folder=Path(found["store"].value),
        origins={name: setting.origin for name, setting in found.items()},
        **values,
    )


def _find_place(start: Path) -> _Place:
    folder = start.expanduser().resolve()
    folders = list(_folders_upwards(folder))
    marked = (f for f in folders if _is_there(f / ".git") or _is_there(f / "pyproject.toml"))
    return _Place(folder, folders, next(marked, None))


def _is_there(path: Path) -> bool:
    """Tell whether a file or folder is there. One in a folder that may not be looked into is not there for us."""
    try:
        return path.exists()
    except PermissionError:
        return False


def _folders_upwards(folder: Path) -> Iterator[Path]:
    """Yield the folder and those around it, up to the home folder, and never the filesystem's root."""
    home = _find_home()
    for around in (folder, *folder.parents):
        if around == Path(around.anchor) or (home and around in home.parents):
            return
        yield around


def _find_home() -> Path | None:
    try:
        return Path.home().resolve()
    except RuntimeError:  # a container's user id need not have one
        return None


def _read_environment(problems: Problems) -> dict[str, _Found]:
    settings = {}
    variables = {f"TRACKSIDE_{name.upper()}": name for name in _IN_ENVIRONMENT}
    for variable, name in variables.items():
        if value := os.environ.get(variable):
            with problems.noting():
                settings[name] = _Found(check(name, value, variable), f"environment variable {variable}", Path())
    _tell_of_strangers(list(variables))
    return settings


def _tell_of_strangers(variables: list[str]) -> None:
    """Warn once of each variable that reads like a setting's and is none."""
    ours = [name for name in os.environ if name.startswith("TRACKSIDE_") and os.environ.get(name)]
    for name in sorted({*ours} - {*variables, RUN_VARIABLE} - _told_of):
        _told_of.add(name)
        is_in_files = name.removeprefix("TRACKSIDE_").lower() in _IN_FILES
        expected = "it in a settings file" if is_in_files else f"one of {', '.join(variables)}"
        hint = "" if is_in_files else suggest(name, variables)
        warnings.warn(f"The environment variable {name} is not read; expected {expected}.{hint}", stacklevel=2)


def _read_files(folders: list[Path], problems: Problems) -> dict[str, _Found]:
    """Return what the settings files say: the nearest wins, and in one folder ``trackside.toml``."""
    settings: dict[str, _Found] = {}
    for folder in reversed(folders):
        pyproject, own = folder / "pyproject.toml", folder / SETTINGS_FILE
        with problems.noting():
            settings |= _read_table(_find_table(pyproject, "tool").get("trackside", {}), pyproject, problems)
        with problems.noting():
            settings |= _read_table(_read_toml(own), own, problems)
    return settings


def _find_table(file: Path, name: str) -> dict[str, Any]:
    table = _read_toml(file).get(name)
    return table if isinstance(table, dict) else {}


def _read_table(table: Any, file: Path, problems: Problems) -> dict[str, _Found]:
    if not isinstance(table, dict):
        raise InputError(f"{file}: 'trackside' is {table!r}; expected a table [tool.trackside]")
    settings = {}
    for name, value in table.items():
        with problems.noting():
            if name not in _IN_FILES:
                if name == "tool" and file.name == SETTINGS_FILE:
                    raise InputError(f"{file}: found a table [tool]; expected settings at the top level, without it")
                hint = suggest(name, [*_IN_FILES])
                raise InputError(f"{file}: unknown setting {name!r}; expected one of {', '.join(_IN_FILES)}.{hint}")
            settings[name] = _Found(check(name, value, file), str(file), file.parent)
    return settings


def _read_toml(file: Path) -> dict[str, Any]:
    if not _is_there(file):
        return {}
    stat = file.stat()
    return _parse_toml(file, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=64)
def _parse_toml(file: Path, _changed_ns: int, _size: int) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: expected TOML, but {error}; correct the file") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); allow reading it or remove it") from error


def _check_store(found: _Found) -> _Found:
    try:
        folder = (found.base / Path(found.value).expanduser()).resolve()
    except RuntimeError as error:  # "~somebody"
        raise InputError(f"{found.origin}: store is {found.value!r}; expected a folder, but {error}") from error
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{found.origin}: store is {found.value!r}, which is a file; expected a folder")
    return found._replace(value=str(folder))


def _infer_store(place: _Place, notebook: Path | None) -> _Found:
    for folder in place.folders:
        if _is_there(folder / STORE_FOLDER):
            return _Found(str(folder / STORE_FOLDER), "the nearest store", folder)
    if place.root:
        return _Found(str(place.root / STORE_FOLDER), "the project's root", place.root)
    folder, origin = (notebook.parent.resolve(), "beside the notebook") if notebook else (place.folder, "this folder")
    return _Found(str(folder / STORE_FOLDER), origin, folder)


def _infer_project(place: _Place) -> _Found:
    """Take the nearest ``[project] name`` of the git repository, else its folder's name, else the root's."""
    for folder in place.folders:
        file = folder / "pyproject.toml"
        name = _find_table(file, "project").get("name")
        if isinstance(name, str) and name:
            return _Found(name, f"[project] name in {file}", folder)
        if _is_there(folder / ".git"):
            return _Found(folder.name, f"git repository {folder}", folder)
    folder = place.root or place.folder
    return _Found(folder.name or "root", f"folder {folder}", folder)


def _infer_experiment(place: _Place, notebook: Path | None, script: Path | None) -> _Found:
    if notebook:
        path = notebook.parent.resolve() / notebook.stem
        is_inside = place.root is not None and path.is_relative_to(place.root)
        name = os.path.relpath(path, place.root) if is_inside else path.name
        return _Found(Path(name).as_posix(), "the notebook's path", place.folder)
    if script:
        return _Found(script.stem, "the script's name", place.folder)
    return _Found(place.folder.name or "root", f"folder {place.folder}", place.folder)


def _infer_user(place: _Place) -> _Found:
    if email := _read_git_email(place.root or place.folder):
        return _Found(email, "git's user.email", place.folder)
    if user := os.environ.get("JUPYTERHUB_USER"):
        return _Found(user, "environment variable JUPYTERHUB_USER", place.folder)
    return _Found(_read_os_user(), "operating system", place.folder)


@functools.lru_cache(maxsize=16)
def _read_git_email(folder: Path) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "config", "user.email"],  # noqa: S607 - whichever git the user has on the path
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_EMAIL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):  # no git, no such folder, or a disk that does not answer
        return None
    return answer.stdout.decode("utf-8", "replace").strip() or None


def _read_os_user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id need not have a name
        return f"uid {os.getuid()}"
