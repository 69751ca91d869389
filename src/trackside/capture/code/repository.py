"""The state of the code's git repository: which commit, and whether tracked files differ from it."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

GIT_SECONDS = 2.0

_NOT_THE_STORE = (":(top)", ":(top,exclude,glob)**/.trackside/**")
"""Everything in the repository but stores: logging a run must not make its code look changed."""


class RepositoryState(NamedTuple):
    """Commit and dirty flag; ``None`` where they cannot be told."""

    commit: str | None
    is_dirty: bool | None


def capture_repository(folder: Path, *, timeout: float = GIT_SECONDS) -> RepositoryState:
    """Ask git for the commit checked out around ``folder`` and whether tracked files were changed since.

    Untracked files and stores (``.trackside``) do not count as changes.

    Parameters
    ----------
    folder
        A folder of the working tree.
    timeout
        Seconds that git may take in all. In a huge repository the commit may be known and the flag not.

    Returns
    -------
    RepositoryState
        With ``None`` where there is no git, no repository, no commit yet, or no answer in time.
    """
    deadline = time.monotonic() + timeout
    commit = _ask_git(folder, deadline, "rev-parse", "--verify", "--quiet", "HEAD")
    if not commit:
        return RepositoryState(None, None)
    changes = _ask_git(folder, deadline, "status", "--porcelain", "--untracked-files=no", "--", *_NOT_THE_STORE)
    return RepositoryState(commit, None if changes is None else bool(changes))


def _ask_git(folder: Path, deadline: float, *arguments: str) -> str | None:
    # A monitor is a program that the repository's own settings may name: it is not ours to start.
    command = ["git", "-c", "core.fsmonitor=false", *arguments]
    try:
        answer = subprocess.run(  # noqa: S603 - fixed arguments
            command,
            cwd=folder,
            env=os.environ | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=max(deadline - time.monotonic(), 0),
            start_new_session=True,  # interrupting the kernel interrupts its process group, not git
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):  # no git, no such folder, or too slow
        return None
    return answer.stdout.decode("utf-8", "replace").strip() if answer.returncode == 0 else None
