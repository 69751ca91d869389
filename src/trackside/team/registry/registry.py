"""The registry of one store: reads how models stand, and takes one step at a time."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trackside.artifacts import KeptArtifact
from trackside.callers import user_stacklevel
from trackside.capture.words.secrets import redact
from trackside.errors import InputError, StoreBusyError, StoreError, list_known, suggest
from trackside.model import STAGES, new_writer_id
from trackside.store.fold_models import read_said
from trackside.store.model_chain import LOST, ModelState, follow
from trackside.tracking.deciding_alone import deciding_alone
from trackside.tracking.statements import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.collection import Runs
    from trackside.config import Settings
    from trackside.model import Aliased, Registered, Stage, Staged
    from trackside.store.model_chain import ModelEvent
    from trackside.store.store import Store

LATEST = "latest"
"""Means the version that was registered last."""

CHAMPION = "champion"
"""The alias by which others load the version that is best: it is held to what production is."""

_FRESH_SECONDS = 30.0
"""How long to wait for what others said of a model just now: a step is taken from where it stands, or not at all."""

_TRIES = 10
"""Of a step that another host, whose lock is not seen here, comes before."""

_LONGEST_NAME = 100
_ALIAS = re.compile(r"[^\W\d][\w.-]{0,99}")


@dataclass(frozen=True)
class Registry:
    """The models of a store, as somebody who may change them sees them.

    Attributes
    ----------
    store
        The store.
    find_settings
        Finds those of whoever asks: who answers for what is said here, and which policy holds now.
    find_run
        Gives a run by its id, as whoever asks works with runs; None where nobody does, as in a server.
    """

    store: Store
    find_settings: Callable[[], Settings]
    find_run: Callable[[str], Runs] | None = None

    def read_all(self) -> dict[str, ModelState]:
        """Return how all models stand, that which changed last first."""
        if not self.store.folder.exists():
            return {}
        self.store.refresh()
        events: dict[str, list[ModelEvent]] = defaultdict(list)
        with self.store.read() as connection:
            for said in read_said(connection):
                events[said.event.model].append(said)
        states = {model: follow(those) for model, those in events.items()}
        found = {model: state for model, state in states.items() if state.versions}
        return dict(sorted(found.items(), key=lambda each: (-each[1].changed_at, each[0])))

    def read(self, model: str) -> ModelState:
        """Return how a model stands; one of which nothing is known has no versions."""
        if not self.store.folder.exists():
            return ModelState()
        self.store.refresh()
        return self._read(model)

    def find(self, model: str) -> ModelState:
        """Return how a model stands.

        Raises
        ------
        InputError
            There is no such model.
        """
        state = self.read(model)
        if not state.versions:
            known = list(self.read_all())
            there_are = list_known(str(model), known, "none yet; register one with ts.models.register(…)")
            raise InputError(f"No model {model!r}.{suggest(str(model), known)} There are: {there_are}.")
        return state

    def artifact_of(self, registered: Registered) -> KeptArtifact:
        """Return the bytes of a version, as its run kept them."""
        kept = registered.artifact
        return KeptArtifact(
            run_id=registered.run_id,
            name=kept.name,
            kind=kept.kind,
            mime=kept.mime,
            size=kept.bytes,
            sha256=kept.sha256,
            step=kept.step,
            about=kept.about,
            _folder=self.store.folder,
        )

    def take_step(
        self,
        model: str,
        decide: Callable[[ModelState], tuple[int, Registered | Aliased | Staged]],
        *,
        why: str | None,
        **said: Any,
    ) -> int:
        """Say one thing of a model, alone among all processes, and return of which version.

        What another host says of the model at the same moment may come first: then it is decided again, from where the
        model stands then.

        Parameters
        ----------
        decide
            Returns version and change from how the model stands, or raises why not.
        why
            The reason.
        **said
            The event's other fields; see `trackside.model.ModelChanged`.

        Raises
        ------
        InputError
            What ``decide`` raises.
        StoreBusyError
            Somebody else was at it for too long.
        JournalError
            The store cannot be written.
        """
        if why is not None and not isinstance(why, str):
            raise InputError(f"found {why!r:.100} as the reason; expected a text")
        with deciding_alone(self.store.folder):
            for _ in range(_TRIES):
                state = self._read_fresh(model)
                version, change = decide(state)
                own = new_writer_id()
                step = {"id": own, "after": state.head, "model": model, "version": version, "change": change}
                say(self.store, "model", self.find_settings().user, why, **step, **said)
                try:
                    state = self._read_fresh(model)
                except StoreError as error:  # it is said: whoever is told otherwise says it again
                    warnings.warn(
                        f"What was said of version {version} of {model!r} is on record; whether another host's change "
                        f"came first is not known yet, so do not say it again: look at the history later ({error})",
                        stacklevel=user_stacklevel(),
                    )
                    return version
                if own not in [each.event.id for each, reason in state.lost if reason == LOST]:
                    numbers = {each.event.id: each.event.version for each in state.counted}
                    return numbers.get(own, version)  # another one where another host made the model just now
        raise StoreBusyError(
            f"The model {model!r} was changed by others again and again; expected a moment in which it is not; "
            "what was said here is on record as lost; try again."
        )

    def _read(self, model: str) -> ModelState:
        with self.store.read() as connection:
            return follow(read_said(connection, model))

    def _read_fresh(self, model: str) -> ModelState:
        self.store.bring_up_to_date(_FRESH_SECONDS, f"how the model {model!r} stands")
        return self._read(model)


def clean_name(name: str) -> str:
    """Return the name of a model.

    Raises
    ------
    InputError
        It cannot be one.
    """
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise InputError(
            f"found {name!r:.200} as a model's name; expected one line of at most {_LONGEST_NAME} characters, "
            "such as 'churn'"
        )
    return redact(name.strip())


def clean_alias(alias: str) -> str:
    """Return an alias.

    Raises
    ------
    InputError
        It cannot be one.
    """
    if not isinstance(alias, str) or not _ALIAS.fullmatch(alias) or alias in (*STAGES, LATEST):
        raise InputError(
            f"found {alias!r:.200} as an alias; expected letters, digits, -, _ and dots that are no stage's name, "
            "such as 'champion'"
        )
    return redact(alias)


def clean_stage(stage: str) -> Stage:
    """Return a stage.

    Raises
    ------
    InputError
        There is no such stage.
    """
    if stage not in STAGES:
        raise InputError(
            f"found {stage!r:.200} as a stage; expected {', '.join(STAGES)}.{suggest(str(stage), [*STAGES])}"
        )
    return stage


def find_version(model: str, state: ModelState, which: int | str) -> int:
    """Return the number of a version: itself, or named by an alias, a stage or ``"latest"``; of a stage the newest.

    Raises
    ------
    InputError
        There is no such version.
    """
    found: int | None = None
    if isinstance(which, bool) or not isinstance(which, int | str):
        raise InputError(f"found {which!r:.200} as a version of {model!r}; expected its number or an alias")
    text = str(which).strip()
    if text.isdecimal():
        found = int(text) if int(text) in state.versions else None
    elif text == LATEST:
        found = max(state.versions)
    elif text in STAGES:
        found = max((each for each, version in state.versions.items() if version.stage == text), default=None)
    else:
        found = state.aliases.get(text)
    if found is None:
        known = [*map(str, state.versions), *state.aliases, LATEST, *STAGES[1:3]]
        raise InputError(
            f"{which!r:.200} names no version of {model!r}.{suggest(text, known)} There are: {list_known(text, known)}."
        )
    return found
