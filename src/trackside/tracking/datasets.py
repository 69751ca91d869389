"""The data of one live run: what was found without asking, and what was said of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from trackside.capture.words.secrets import count_redacted, redact
from trackside.errors import JournalError
from trackside.records import encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trackside.capture.data.datasets import Described
    from trackside.model import Dataset
    from trackside.tracking.recording import Recording


class Datasets:
    """The data of one run.

    Attributes
    ----------
    known
        What is known of each, by name.
    """

    def __init__(self, recording: Recording) -> None:
        self.known: dict[str, Dataset] = {}
        self._recording = recording
        self._given: set[str] = set()
        self._lock = threading.RLock()

    def note(self, found: Sequence[Described]) -> None:
        """Note data that was found, beside the caller; what `log` says of a name counts more."""
        with self._lock:
            new = {each.dataset.name: each.dataset for each in found if each.dataset.name not in self._given}
            self.known = self.known | new
        self._recording.later(f"what is known of {found[0].dataset.name}", lambda: self._keep(found))

    def take_over(self, known: Mapping[str, Dataset]) -> None:
        """Note the data of a run that is part of this one, beside the caller; what is known of it is kept with that."""
        with self._lock:
            self.known = {**self.known, **known}
        told = [_without_secrets(dataset) for dataset in known.values()]
        self._recording.later("the data of its repeats", lambda: self._recording.write("datasets", datasets=told))

    def log(self, name: str, data: Any, said: dict[str, Any]) -> None:
        """Keep data and what is said of it; see `Run.log_dataset`."""
        from trackside.capture.data.given import describe_given

        settings = self._recording.settings
        left_out = settings.left_out if settings else ()
        found = describe_given(name, data, **said, is_wanted=lambda column: column not in left_out)
        with self._lock:
            self._given.add(name)
            self.known = {**self.known, name: found.dataset}
        try:
            self._keep([found], is_given=True)
        except JournalError:
            raise
        except OSError as error:
            raise JournalError(
                f"the dataset {name!r} was not kept: {error}; free disk space and log it again"
            ) from error

    def renew_lock(self) -> None:
        """Take a new lock in a forked child: another thread may have held it at the fork."""
        self._lock = threading.RLock()

    def _keep(self, found: Sequence[Described], *, is_given: bool = False) -> None:
        for each in found:
            if each.profile is not None:
                profile = encode(each.profile)
                digest = self._recording.keep(profile)
                self._recording.note_redacted("data", count_redacted(profile.decode("utf-8", "replace")), of=digest)
        with self._lock:
            noted = [
                _without_secrets(each.dataset) for each in found if is_given or each.dataset.name not in self._given
            ]
            if noted:
                self._recording.write("datasets", datasets=noted)
                self._recording.note_redacted("data", sum(count_redacted(dataset.source or "") for dataset in noted))


def _without_secrets(dataset: Dataset) -> Dataset:
    import msgspec

    texts = {"source": dataset.source, "version": dataset.version, "shape": dataset.shape}
    changed = {name: redact(text) for name, text in texts.items() if text and redact(text) != text}
    return msgspec.structs.replace(dataset, **changed) if changed else dataset
