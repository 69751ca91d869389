"""One version of a model: what it is made of, where it stands, and the steps it may take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trackside.errors import InputError
from trackside.model import Aliased, Staged
from trackside.store.blobs import blob_path
from trackside.team.lineage.picture import write_picture
from trackside.team.lineage.view import trace_version
from trackside.team.registry.card_page import write_page
from trackside.team.registry.card_text import write_text
from trackside.team.registry.facts import load_command, read_facts
from trackside.team.registry.gates import answer_for, hold_alias_to, hold_to
from trackside.team.registry.history import history_frame, say_event
from trackside.team.registry.registry import clean_alias, clean_stage
from trackside.wire import RECORD_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from trackside.artifacts import KeptArtifact
    from trackside.collection import Runs
    from trackside.model import ModelChanged, Stage
    from trackside.store.model_chain import ModelState, VersionState
    from trackside.store.store import Store
    from trackside.team.registry.facts import VersionFacts
    from trackside.team.registry.registry import Registry

_DRAWN = 30
"""Boxes of the lineage on a card: a notebook is kept in git."""


class ModelVersion:
    """One version of a model; at the end of a cell it shows itself as a card.

    Made by ``ts.models.register``, ``ts.models["churn"][3]`` and ``ts.models["churn"]["production"]``. What it tells is
    read anew each time: others may promote it meanwhile.

    Attributes
    ----------
    model, version
        The model's name and the version's number.
    """

    def __init__(self, registry: Registry, model: str, version: int) -> None:
        self._registry = registry
        self.model = model
        self.version = version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ModelVersion) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[Path, str, int]:
        return self._registry.store.folder, self.model, self.version

    @property
    def store(self) -> Store:
        """The store it is in."""
        return self._registry.store

    @property
    def facts(self) -> VersionFacts:
        """All that its card shows, as it is now."""
        with self.store.at_one_moment():
            return read_facts(self._registry, self.model, self.version)

    @property
    def load_command(self) -> str:
        """The code by which you load its bytes: Trackside itself unpickles nothing."""
        return load_command(self.facts)

    def __repr__(self) -> str:
        return write_text(self.facts)

    def _repr_html_(self) -> str:
        with self.store.at_one_moment():
            return self._page(self.facts)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        with self.store.at_one_moment():
            facts = self.facts
            data = {"text/html": self._page(facts), "text/plain": write_text(facts)}
        return data, {"trackside": {"kind": "model version", "version": RECORD_VERSION, "run_id": facts.run_id}}

    def _page(self, facts: VersionFacts) -> str:
        lineage = trace_version(self.store, self.model, self.version)
        return write_page(facts, write_picture(lineage.graph(most=_DRAWN)))

    @property
    def stage(self) -> Stage:
        """Where it stands: ``"none"``, ``"staging"``, ``"production"`` or ``"archived"``."""
        return self._own.stage

    @property
    def aliases(self) -> list[str]:
        """The names that mean this version now."""
        return sorted(alias for alias, number in self._state.aliases.items() if number == self.version)

    @property
    def run_id(self) -> str:
        """Id of the run that made it."""
        return self._own.registered.run_id

    @property
    def run(self) -> Runs:
        """The run that made it, as ``ts.runs(…)`` returns it: its params, metrics, data and other artifacts.

        Raises
        ------
        InputError
            It is not on record any more.
        """
        if self._registry.find_run is None:
            raise InputError(f"runs are not handed out here; expected their ids; it is {self.run_id}")
        return self._registry.find_run(self.run_id)

    @property
    def author(self) -> str | None:
        """Who registered it."""
        return self._own.registration.by

    @property
    def why(self) -> str | None:
        """Why it was registered."""
        return self._own.registration.why

    @property
    def registered_at(self) -> datetime:
        """When it was registered, in UTC."""
        return datetime.fromtimestamp(self._own.registration.time, tz=UTC)

    @property
    def overridden(self) -> list[ModelChanged]:
        """The steps that somebody took although it did not pass what it was held to."""
        counted = [said.event for said in self._state.counted if said.event.version == self.version]
        return [event for event in counted if event.overridden_by]

    @property
    def artifact(self) -> KeptArtifact:
        """Its bytes, as the run kept them."""
        return self._registry.artifact_of(self._own.registered)

    @property
    def path(self) -> Path:
        """A file with its bytes, which were just checked against their digest: read it, and do not write to it.

        It is the store's own; for a copy with a name and an ending of its own, or a folder, take `save`.

        Raises
        ------
        StoreDamagedError
            The bytes are missing or no longer what was kept.
        """
        artifact = self.artifact
        artifact.check()
        return blob_path(self.store.folder, artifact.sha256)

    def save(self, path: str | Path = ".", *, overwrite: bool = False) -> Path:
        """Write its bytes, checked, to a file or folder and return the path; see `KeptArtifact.save`."""
        return self.artifact.save(path, overwrite=overwrite)

    @property
    def history(self) -> pd.DataFrame:
        """All that was said of it, oldest first: when, what, by whom, why, what it was held to, and what got lost."""
        return history_frame(self._state, self.version)

    def promote(self, stage: str, *, why: str | None = None, override: str | None = None) -> ModelVersion:
        """Bring it to a stage; a version that was in production before is archived with that.

        Its bytes are read again, and it is held to the team's policy, its checks for that stage, and, on the way to
        production, to having been in staging. What is refused is refused with all reasons.

        Parameters
        ----------
        stage
            ``"staging"``, ``"production"``, ``"archived"`` or ``"none"``; to the last two nothing is held.
        why
            The reason.
        override
            Who answers for promoting it although it does not pass: with a reason, and on record for good.

        Raises
        ------
        GateError
            It does not pass.
        InputError
            There is no such stage, it is there already, or somebody else changed what this was decided on.

        Examples
        --------
        >>> import trackside as ts
        >>> ts.models["churn"].version(3).promote("staging", why="beats the baseline")  # doctest: +SKIP
        """
        wanted = clean_stage(stage)
        seen = self._state
        self._refuse_same(seen, wanted)
        gates = hold_to(self._registry, seen, self.version, wanted)
        what = f"promoting version {self.version} of {self.model!r} to {wanted}"
        overridden_by = answer_for(gates, what, override, why)

        def decide(state: ModelState) -> tuple[int, Staged]:
            self._refuse_same(state, wanted)
            self._refuse_changed(seen, state, what)
            return self.version, Staged(stage=wanted)

        self._registry.take_step(self.model, decide, why=why, gates=gates, overridden_by=overridden_by)
        return self

    def archive(self, *, why: str | None = None) -> ModelVersion:
        """Put it away; its bytes and all that was said of it stay."""
        return self.promote("archived", why=why)

    def alias(self, alias: str, *, why: str | None = None, override: str | None = None) -> ModelVersion:
        """Have a name mean this version, and no other, from now on; see ``ts.models.alias``."""
        name, seen = clean_alias(alias), self._state
        if seen.aliases.get(name) == self.version:
            return self
        gates = hold_alias_to(self._registry, seen, self.version, name)
        what = f"having {name!r} mean version {self.version} of {self.model!r}"
        overridden_by = answer_for(gates, what, override, why)

        def decide(state: ModelState) -> tuple[int, Aliased]:
            self._refuse_changed(seen, state, what, name)
            return self.version, Aliased(alias=name)

        self._registry.take_step(self.model, decide, why=why, gates=gates, overridden_by=overridden_by)
        return self

    def unalias(self, alias: str, *, why: str | None = None) -> ModelVersion:
        """Have a name mean no version any more.

        Raises
        ------
        InputError
            It does not mean this one.
        """

        def decide(state: ModelState) -> tuple[int, Aliased]:
            if state.aliases.get(alias) != self.version:
                known = ", ".join(self.aliases) or "none"
                raise InputError(f"{alias!r} does not mean version {self.version} of {self.model!r}; expected {known}")
            return self.version, Aliased(alias=alias, is_taken_back=True)

        self._registry.take_step(self.model, decide, why=why)
        return self

    def _refuse_same(self, state: ModelState, stage: Stage) -> None:
        if state.versions[self.version].stage == stage:
            raise InputError(f"version {self.version} of {self.model!r} is in {stage} already; expected another stage")

    def _refuse_changed(self, seen: ModelState, now: ModelState, what: str, alias: str | None = None) -> None:
        """Refuse a step where its version, the one in production or the one that an alias means changed meanwhile."""
        if _standing(now, self.version, alias) != _standing(seen, self.version, alias):
            raise InputError(f"{what} was decided on what is no longer so: {_say_change(seen, now)}; look again")

    @property
    def _state(self) -> ModelState:
        state = self._registry.find(self.model)
        if self.version not in state.versions:
            raise InputError(f"version {self.version} of {self.model!r} is no longer on record: another came first")
        return state

    @property
    def _own(self) -> VersionState:
        return self._state.versions[self.version]


def _standing(state: ModelState, version: int, alias: str | None) -> tuple[Any, ...]:
    return state.versions[version].stage, state.in_production, state.aliases.get(alias or "")


def _say_change(seen: ModelState, now: ModelState) -> str:
    """Say what happened to the model since it was looked at."""
    known = {said.event.id for said in seen.counted}
    steps = [said.event for said in now.counted if said.event.id not in known]
    told = [f"version {step.version} {say_event(step)}, by {step.by}" for step in steps]
    return "; ".join(told) or "it stands otherwise"
