"""What a run runs on, and the state of its code's repository: each written down as soon as it is known."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackside.capture.code.repository_probe import last_known_repository
from trackside.capture.environment.probe import Asked, look_again, start_environment_probe
from trackside.errors import RunFinishedError, TracksideError
from trackside.records import encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trackside.capture.code.repository import RepositoryState
    from trackside.records import Environment
    from trackside.tracking.recording import Recording

ENVIRONMENT_SECONDS = 30.0
"""A driver or a disk that takes longer to answer costs the run its environment, and nothing else."""

GIT_LAST_CALL_SECONDS = 0.05
"""How long a run's end waits for git; after that the state counts that git told last."""

_ENVIRONMENT = "the run's environment"


class EnvironmentOfRun:
    """The environment and the repository of one run.

    The environment is written as soon as it is known; the repository with it where git has answered by then, else in
    a second event of the same kind.
    """

    def __init__(self, recording: Recording, folder: Path) -> None:
        self._recording = recording
        self._folder = folder
        settings = recording.settings
        self._asked = Asked(settings.environment, settings.never) if settings else Asked()
        self._probe = start_environment_probe(folder, self._asked)
        self._repository = self._probe.repository
        self._lock = threading.RLock()
        self._digest: str | None = None
        self._has_repository = False

    def begin(self) -> None:
        """Write down what is known, and let the rest be read meanwhile."""
        if self._probe.is_answered:
            with self._noting():
                self._write_environment(self._probe.result(0))
        else:
            self._recording.later(_ENVIRONMENT, self._await_environment)
        if not self._has_repository:
            self._repository.when_answered(self._note_repository)

    def end(self) -> None:
        """Write down what is not written yet: what the run has changed in its environment, and the repository.

        Code that sets seeds changes the environment. The repository is as git tells it now, or as it told it last.
        """
        with self._noting():
            self._look_again()
            state = self._repository.result(GIT_LAST_CALL_SECONDS) or last_known_repository(self._folder)
            self._write_repository(state)

    def _await_environment(self) -> None:
        self._write_environment(self._probe.result(ENVIRONMENT_SECONDS))

    def _look_again(self) -> None:
        before = self._recording.environment
        if before is not None and (now := look_again(before, self._asked)) is not before:
            self._write_environment(now)

    def _write_environment(self, environment: Environment | None) -> None:
        """Write down the environment once it is known. No environment is no reason to lose a run."""
        recording = self._recording
        if environment is None:
            reason = self._probe.failure or f"it was not read within {ENVIRONMENT_SECONDS:g} s"
            recording.note(_ENVIRONMENT, reason)
            return
        recording.environment = environment
        digest = recording.keep(encode(environment))
        with self._lock:
            self._digest, state = digest, self._repository.last_known
            self._has_repository = state is not None
        self._write(digest, state)

    def _note_repository(self) -> None:
        try:
            self._write_repository(self._repository.last_known)
        except RunFinishedError:
            return  # `end` has written what was known: git's thread is none of the run's
        except (OSError, TracksideError) as error:
            self._recording.note("the state of the code's repository", str(error))

    def _write_repository(self, state: RepositoryState | None) -> None:
        with self._lock:  # nothing is written under it: a signal handler may end the run in the middle of a write
            digest = self._digest
            is_news = digest is not None and not self._has_repository and state is not None and bool(state.commit)
            self._has_repository = self._has_repository or is_news
        if is_news and digest is not None:
            self._write(digest, state)

    def _write(self, digest: str, state: RepositoryState | None) -> None:
        commit, is_dirty = (state.commit, state.is_dirty) if state else (None, None)
        self._recording.git_commit, self._recording.git_dirty = commit, is_dirty
        self._recording.write("environment", digest=digest, git_commit=commit, git_dirty=is_dirty)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except (OSError, TracksideError) as error:
            self._recording.note(_ENVIRONMENT, str(error))
