"""The folder that a demo is: a notebook, the script of its runs, and their store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.config import SETTINGS_FILE, STORE_FOLDER
from trackside.errors import InputError, TracksideError

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOK, SCRIPT = "compare.ipynb", "sweep.py"

_FILES = Path(__file__).with_name("files")


def make_folder(folder: Path) -> None:
    """Make the folder of a demo, with no run yet; the files of an earlier demo stay as they are.

    Raises
    ------
    InputError
        The folder holds something else, or cannot be made.
    """
    if folder.exists() and not _is_demo(folder) and not _is_empty(folder):
        raise InputError(f"{folder} is there and is no earlier demo; expected a new folder; name another one")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in _FILES.iterdir():
            if file.is_file() and not (folder / file.name).exists():
                shutil.copyfile(file, folder / file.name)
    except OSError as error:
        raise InputError(f"{folder} cannot be made ({error.strerror}); name another folder") from error


def has_runs(folder: Path) -> bool:
    """Tell whether runs were tracked in a demo's folder."""
    return (folder / STORE_FOLDER).exists()


def run_script(folder: Path, trials: int) -> Iterator[str]:
    """Run the first ``trials`` trials by the folder's script, and yield the name of each as it begins.

    Raises
    ------
    TracksideError
        The script failed; its own words are on stderr.
    """
    with subprocess.Popen(  # noqa: S603 - our own script, with a number
        [sys.executable, SCRIPT, str(trials)],
        cwd=folder,
        env=plain_environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the one who asked for the demo: a trial would take it for its own
    ) as process:
        try:
            yield from map(str.strip, process.stdout or ())
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise TracksideError(
            f"{folder / SCRIPT} ended with code {process.returncode}; expected 0; mend what it says above, "
            f"then delete {folder} and try again"
        )


def plain_environment() -> dict[str, str]:
    """Return the environment with no setting of Trackside's in it: those in the demo's folder are to count."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TRACKSIDE_")}


def _is_demo(folder: Path) -> bool:
    mark = folder / SETTINGS_FILE
    return mark.is_file() and mark.read_bytes() == (_FILES / SETTINGS_FILE).read_bytes()


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
