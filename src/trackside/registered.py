"""The models of a store: ``ts.models``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackside.collection import Runs
from trackside.errors import InputError, StoreError
from trackside.html_styles import MUTED
from trackside.lookup import EVERYTHING, one_run
from trackside.store.store import Store
from trackside.team.lineage.using import list_using
from trackside.team.registry.model import VERSION_COLUMNS, Model, version_rows
from trackside.team.registry.registering import register_artifact
from trackside.team.registry.registry import Registry
from trackside.team.registry.tables import list_rows, rows_page, write_rows
from trackside.tracking import Run
from trackside.whereabouts import find_own_settings, find_settings_for
from trackside.wire import RECORD_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from trackside.config import Settings
    from trackside.team.registry.tables import Row
    from trackside.team.registry.version import ModelVersion

_NONE = "no model is registered yet; ts.models.register(name, run) makes the first version"


class Models:
    """The models of a store, by default the one that this notebook writes to; shows itself as a table.

    Parameters
    ----------
    registry
        Those of another store; see `at`.
    """

    def __init__(self, registry: Registry | None = None) -> None:
        self._given = registry

    def at(self, store: str | Path) -> Models:
        """Return the models of another store, ``/data/team/.trackside``.

        Raises
        ------
        StoreError
            There is no store.
        """
        opened = Store(Path(store).expanduser())
        if not opened.folder.is_dir():
            raise StoreError(f"There is no store at {opened.folder}; expected a folder made by a tracked run; name it")
        return Models(_registry_of(opened, partial(find_settings_for, opened.folder)))

    def __repr__(self) -> str:
        rows = self.rows
        return write_rows(rows) if rows else _NONE

    def _repr_html_(self) -> str:
        rows = self.rows
        return rows_page(rows) if rows else f"<p style='{MUTED}'>{_NONE}</p>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {"text/html": self._repr_html_(), "text/plain": repr(self)}
        return data, {"trackside": {"kind": "models", "version": RECORD_VERSION}}

    @property
    def rows(self) -> list[Row]:
        """All versions of all models as texts, the newest of each first."""
        return [row for name, state in self._registry.read_all().items() for row in list_rows(name, state)]

    def __getitem__(self, name: str) -> Model:
        """Return a model.

        Raises
        ------
        InputError
            There is none of this name.
        """
        self._registry.find(name)
        return Model(self._registry, name)

    def __iter__(self) -> Iterator[Model]:
        return (Model(self._registry, name) for name in self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    @property
    def names(self) -> list[str]:
        """The names of the models, that which changed last first."""
        return list(self._registry.read_all())

    def register(
        self,
        name: str,
        run: Runs | Run | str = "last",
        *,
        artifact: str | None = None,
        why: str | None = None,
        override: str | None = None,
    ) -> ModelVersion:
        """Register what a run made as the next version of a model, and return it.

        The run cannot be dropped or purged from then on.

        Parameters
        ----------
        name
            The model's; the first version makes it.
        run
            The run, or a handle or name of one.
        artifact
            The name of its artifact; by default its only one of kind ``"model"``.
        why
            The reason.
        override
            Who answers for a run that the policy refuses: with a reason, and on record for good.

        Raises
        ------
        GateError
            The policy refuses the run.
        InputError
            There is no such run or artifact, or the name cannot be one.

        Examples
        --------
        >>> import trackside as ts
        >>> with ts.run("mlp"):
        ...     _ = ts.log_artifact(b"weights", "weights.bin", kind="model")
        >>> ts.models.register("churn", "last", why="the first that works").version
        1
        """
        return register_artifact(self._registry, name, self._find_run(run), artifact, why=why, override=override)

    def alias(
        self, name: str, version: int | str, alias: str, *, why: str | None = None, override: str | None = None
    ) -> ModelVersion:
        """Have an alias mean a version of a model, and no other, from now on; return the version.

        ``"champion"`` is held to what production is, but for having been in staging, and means no archived version;
        other aliases are held to nothing.

        Parameters
        ----------
        name, version, alias
            The model, which version of it, and what that is to be called.
        why
            The reason.
        override
            Who answers for a champion that the policy refuses: with a reason, and on record for good.

        Raises
        ------
        GateError
            The policy refuses it.
        InputError
            There is no such model or version, or this cannot be an alias.

        Examples
        --------
        >>> import trackside as ts
        >>> ts.models.alias("churn", 3, "champion")  # doctest: +SKIP
        """
        return self[name].version(version).alias(alias, why=why, override=override)

    def using(self, data: Any) -> pd.DataFrame:
        """Return which versions of models were made of data, be it under another name.

        Also of data that other runs made of it, as far as they loaded their artifacts.

        Parameters
        ----------
        data
            A DataFrame, an array, a tensor; a path of a file; the name of a dataset, its digest or its source.

        Returns
        -------
        DataFrame
            A row for each version and dataset: ``model``, ``version``, ``stage``, ``aliases``, ``run_id``, ``dataset``,
            ``role``, ``digest``, and ``match``, which says how it is known: ``"same content"``, ``"same name"``, …

        Raises
        ------
        InputError
            It is no data, or a text that names none.

        Examples
        --------
        >>> import trackside as ts
        >>> ts.models.using("X_train")  # doctest: +SKIP
        """
        return list_using(self._registry.store, data)

    @property
    def df(self) -> pd.DataFrame:
        """All versions of all models as a DataFrame, the newest of each first."""
        import pandas as pd

        rows = [[name, *row] for name, state in self._registry.read_all().items() for row in version_rows(state)]
        return pd.DataFrame(rows, columns=["model", *VERSION_COLUMNS])

    @property
    def _registry(self) -> Registry:
        if self._given is not None:
            return self._given
        return _registry_of(Store(find_own_settings().store_folder), find_own_settings)

    def _find_run(self, run: Runs | Run | str) -> str:
        if isinstance(run, Run):
            return run.id
        if isinstance(run, Runs):
            if len(run) != 1:
                raise InputError(f"found {len(run)} runs; expected one, such as ts.runs('best')")
            return run.ids[0]
        if not isinstance(run, str):
            raise InputError(f"found {run!r:.200} as the run; expected a run, or a handle such as 'best'")
        if self._given is None:
            return one_run(run).ids[0]
        return one_run(run, store=self._given.store.folder, experiment=EVERYTHING).ids[0]


def _registry_of(store: Store, find_settings: Callable[[], Settings]) -> Registry:
    return Registry(store, find_settings, partial(one_run, store=store.folder, experiment=EVERYTHING))


models = Models()
