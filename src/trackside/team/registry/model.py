"""A model: its versions, and what they are called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trackside.goals import Goals
from trackside.labels import format_value
from trackside.query import Scope, select_runs
from trackside.team.registry.card_text import say_left_behind
from trackside.team.registry.facts import find_left_behind
from trackside.team.registry.history import history_frame
from trackside.team.registry.registry import find_version
from trackside.team.registry.tables import list_rows, rows_page, write_rows
from trackside.team.registry.version import ModelVersion
from trackside.wire import RECORD_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from trackside.store.model_chain import ModelState
    from trackside.team.registry.registry import Registry
    from trackside.team.registry.tables import Row

VERSION_COLUMNS = ("version", "stage", "aliases", "run_id", "artifact", "registered_at", "author", "why")


class Model:
    """One model of a store; at the end of a cell it shows itself as a card. Made by ``ts.models["churn"]``.

    Attributes
    ----------
    name
        Its name.
    """

    def __init__(self, registry: Registry, name: str) -> None:
        self._registry = registry
        self.name = name

    def __len__(self) -> int:
        return len(self._state.versions)

    def __getitem__(self, which: int | str) -> ModelVersion:
        """Return a version by its number, an alias, ``"latest"`` or a stage; see `version`."""
        return self.version(which)

    def __iter__(self) -> Iterator[ModelVersion]:
        return (
            ModelVersion(self._registry, self.name, number) for number in sorted(self._state.versions, reverse=True)
        )

    def __repr__(self) -> str:
        return write_rows(*self.shown)

    def _repr_html_(self) -> str:
        return rows_page(*self.shown)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        shown = self.shown
        data = {"text/html": rows_page(*shown), "text/plain": write_rows(*shown)}
        return data, {"trackside": {"kind": "model", "version": RECORD_VERSION}}

    @property
    def versions(self) -> pd.DataFrame:
        """The versions as a DataFrame, the newest first: stage, aliases, run, artifact, when, by whom and why."""
        import pandas as pd

        return pd.DataFrame(version_rows(self._state), columns=list(VERSION_COLUMNS))

    @property
    def aliases(self) -> dict[str, int]:
        """The versions that names mean now."""
        return dict(sorted(self._state.aliases.items()))

    @property
    def history(self) -> pd.DataFrame:
        """All that was said of it, oldest first; ``lost`` says why something does not count."""
        return history_frame(self._state)

    def version(self, which: int | str = "latest") -> ModelVersion:
        """Return a version by its number, an alias, ``"latest"``, or a stage, of which the newest is meant.

        Raises
        ------
        InputError
            There is no such version.

        Examples
        --------
        >>> import trackside as ts
        >>> ts.models["churn"]["production"].path  # doctest: +SKIP
        """
        return ModelVersion(self._registry, self.name, find_version(self.name, self._state, which))

    @property
    def champion(self) -> ModelVersion:
        """The version with the alias ``champion``."""
        return self.version("champion")

    @property
    def production(self) -> ModelVersion:
        """The version in production."""
        return self.version("production")

    @property
    def rows(self) -> list[Row]:
        """The versions as texts, the newest first."""
        return list(list_rows(self.name, self._state))

    @property
    def shown(self) -> tuple[list[Row], str, str]:
        """The versions with the values of the metric that says best which is best, its name, and what is odd."""
        settings = self._registry.find_settings()
        with self._registry.store.at_one_moment():
            state = self._state
            run_ids = sorted({version.registered.run_id for version in state.versions.values()})
            scope = Scope(run_ids=run_ids, goals=Goals(settings.metrics, settings.main_metric))
            frame = select_runs(self._registry.store, scope)
        metric = frame.main_metric or ""
        column = frame.metrics[metric].tolist() if metric else [None] * len(frame.run_ids)
        values = {
            run_id: format_value(value)
            for run_id, value in zip(frame.run_ids, column, strict=True)
            if value is not None
        }
        count = len(state.lost)
        lost = f"{count} change{'s' * (count > 1)} of it {'do' if count > 1 else 'does'} not count: .history says which"
        told = [say_left_behind(self.name, find_left_behind(state)), lost if count else ""]
        return list(list_rows(self.name, state, values)), metric, "\n".join(filter(None, told))

    @property
    def _state(self) -> ModelState:
        return self._registry.find(self.name)


def version_rows(state: ModelState) -> list[list[Any]]:
    """Return a model's versions, the newest first, as rows with `VERSION_COLUMNS`."""
    return [_row(number, state) for number in sorted(state.versions, reverse=True)]


def _row(number: int, state: ModelState) -> list[Any]:
    version = state.versions[number]
    registration, registered = version.registration, version.registered
    return [
        number,
        version.stage,
        ", ".join(sorted(alias for alias, meant in state.aliases.items() if meant == number)),
        registered.run_id,
        registered.artifact.name,
        datetime.fromtimestamp(registration.time, tz=UTC),
        registration.by,
        registration.why,
    ]
