"""The state of the code's git repository: which commit, from where, and how tracked files differ from it."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.words.secrets import count_redacted, redact, redact_source

if TYPE_CHECKING:
    from pathlib import Path

GIT_SECONDS = 2.0

DIFF_BYTES = 200_000
"""How much of a diff is kept."""

_REMOTE_SECONDS = 60.0
_CREDENTIALS = re.compile(r"(?<=://)[^/@]+@")
_NOT_THE_STORE = (":(top)", ":(top,exclude,glob)**/.trackside/**")
"""Everything in the repository but stores: logging a run must not make its code look changed."""

_NOTEBOOKS = ":(top,glob)**/*.ipynb"
_NO_NOTEBOOK = ":(top,exclude,glob)**/*.ipynb"


class RepositoryState(NamedTuple):
    """Commit, dirty flag and branch; ``None`` where they cannot be told."""

    commit: str | None
    is_dirty: bool | None
    branch: str | None = None


class Diff(NamedTuple):
    """What was changed since a commit.

    Attributes
    ----------
    notebooks
        Those that changed: their text is in the notebook's record.
    redacted
        How many likely secrets were left out of the text.
    """

    text: str
    is_cut: bool
    notebooks: list[str]
    redacted: int = 0


_remotes: dict[Path, tuple[float, str | None]] = {}


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
    asked = ("status", "--porcelain=v2", "--branch", "--untracked-files=no")
    lines = (_ask_git(folder, deadline, *asked, "--", *_NOT_THE_STORE) or "").splitlines()
    branch = next((line.partition("branch.head ")[2] for line in lines if line.startswith("# branch.head ")), None)
    is_dirty = any(not line.startswith("#") for line in lines) if lines else None
    return RepositoryState(commit, is_dirty, None if branch == "(detached)" else branch)


def find_remote(folder: Path, *, timeout: float = GIT_SECONDS) -> str | None:
    """Return where the repository is fetched from, without any user, password or token in it."""
    asked, known = _remotes.get(folder, (0.0, None))
    if asked and time.monotonic() - asked < _REMOTE_SECONDS:
        return known
    remote = _ask_git(folder, time.monotonic() + timeout, "config", "--get", "remote.origin.url")
    if not remote:
        listed = _ask_git(folder, time.monotonic() + timeout, "config", "--get-regexp", r"^remote\..*\.url$") or ""
        remote = listed.partition("\n")[0].partition(" ")[2]
    remote = redact(_CREDENTIALS.sub("", remote.partition("?")[0])) or None
    _remotes[folder] = time.monotonic(), remote
    return remote


def capture_diff(folder: Path, *, timeout: float = GIT_SECONDS) -> Diff | None:
    """Return how tracked files differ from the commit, or None where git does not say.

    Notebooks are only named, for their outputs would fill it, and likely secrets are left out.
    """
    deadline = time.monotonic() + timeout
    options = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "HEAD")
    text = _ask_git(folder, deadline, *options, "--", *_NOT_THE_STORE, _NO_NOTEBOOK, most=DIFF_BYTES)
    if text is None:
        return None
    names = _ask_git(folder, deadline, *options, "--name-only", "-z", "--", _NOTEBOOKS, *_NOT_THE_STORE[1:])
    is_cut = len(text.encode("utf-8", "replace")) >= DIFF_BYTES
    whole = text[: text.rfind("\n") + 1] if is_cut else text  # half a line may be half a secret
    kept = redact_source(whole)
    notebooks = [name for name in (names or "").split("\0") if name]
    return Diff(kept, is_cut, notebooks, count_redacted(kept, whole))


def _ask_git(folder: Path, deadline: float, *arguments: str, most: int | None = None) -> str | None:
    """Return what git answers, stripped; of a long answer the first ``most`` bytes, unstripped."""
    # A monitor is a program that the repository's own settings may name: it is not ours to start. Options rather than
    # variables: a copy of the environment, made in this thread, fails where the kernel's own changes it meanwhile.
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", *arguments]
    try:
        with subprocess.Popen(  # noqa: S603 - fixed arguments
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # interrupting the kernel does not interrupt git; git has no terminal to ask at
        ) as git:
            return _read_answer(git, deadline, most)
    except OSError:  # no git, no such folder
        return None


def _read_answer(git: subprocess.Popen[bytes], deadline: float, most: int | None) -> str | None:
    timer = threading.Timer(max(deadline - time.monotonic(), 0), git.kill)
    timer.daemon = True
    timer.start()
    try:
        answer = git.stdout.read(-1 if most is None else most) if git.stdout else b""
        if most is not None and len(answer) >= most:
            git.kill()
            return answer.decode("utf-8", "replace")
        text = answer.decode("utf-8", "replace")
        return (text.strip() if most is None else text) if git.wait() == 0 else None
    finally:
        timer.cancel()
