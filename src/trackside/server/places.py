"""Where the runs of a notebook are: its store and experiment, found as its kernel finds them."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.config import find_settings
from trackside.errors import InputError, StoreError
from trackside.kernel_place import read_place
from trackside.run_facts import find_former_experiments
from trackside.store.layout import store_key
from trackside.store.store import Store
from trackside.wire import http

if TYPE_CHECKING:
    from jupyter_server.services.contents.manager import ContentsManager
    from jupyter_server.services.sessions.sessionmanager import SessionManager

    from trackside.config import Settings


class UnknownStoreError(InputError):
    """No store that this server has found goes by a key: a server that was started anew has found none yet."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A place and the settings that hold there. ``former`` are the experiments of the notebook's former names."""

    place: http.Place
    settings: Settings
    former: tuple[str, ...] = ()


class Places:
    """The stores that this server has found, by the keys that browsers know them by.

    A browser names notebooks, as Jupyter's contents have them; which store is theirs is found here. Only stores that
    were found so can be asked.
    """

    def __init__(self, contents: ContentsManager, sessions: SessionManager) -> None:
        self._contents = contents
        self._sessions = sessions
        self._folders: dict[str, Path] = {}
        self._found: dict[tuple[str, str, str], Found] = {}

    async def find(self, notebook: str) -> http.Place:
        """Return where a notebook's runs are.

        Parameters
        ----------
        notebook
            Its path, as Jupyter's contents have it.

        Raises
        ------
        InputError
            It is none of this server's, or its settings cannot be used.
        """
        path = self.path_of(notebook)
        kernel = await self._kernel_of(notebook)
        return await asyncio.to_thread(self._look, path.parent, path, kernel)

    def look_here(self) -> list[http.Place]:
        """Return the place of the server's own folder, and those that were found so far.

        What is wrong with the settings of that folder is told of its notebooks.
        """
        own, root = list[http.Place](), self._root()
        with suppress(InputError):
            own += [self._look(root, None, None)] if root is not None else []
        others = [found.place for found in list(self._found.values())]  # a copy: other threads find more
        return [_as_of_now(place) for place in [*own, *(place for place in others if place not in own)]]

    def folder(self, key: str) -> Path:
        """Return the folder of a store.

        Raises
        ------
        UnknownStoreError
            No store that was found has this key.
        """
        if key not in self._folders:
            raise UnknownStoreError(
                f"No store {key!r} was found by this server; expected that of a notebook; open one of its notebooks"
            )
        return self._folders[key]

    def found(self, key: str, project: str | None, experiment: str | None) -> Found | None:
        """Return what is known of an experiment that a notebook has; None of any other."""
        return self._found.get((key, project or "", experiment or ""))

    def any_of(self, key: str) -> Found | None:
        """Return what is known of the first notebook that was found to have its runs in a store."""
        return next((found for (other, _, _), found in list(self._found.items()) if other == key), None)

    def path_of(self, notebook: str) -> Path:
        """Return the file of a notebook that Jupyter's contents name.

        Raises
        ------
        InputError
            It is outside of what the server shows, or on no disk that it sees.
        """
        root = self._root()
        if root is None:
            raise InputError(
                "This server keeps notebooks on no disk of its own, and cannot see which store is theirs; "
                "compare runs in the notebook: ts.runs().compare()"
            )
        path = Path(os.path.abspath(root / notebook.strip("/")))  # noqa: PTH100 - links stay: the contents follow them
        if not path.is_relative_to(root) or path.suffix != ".ipynb":
            raise InputError(f"{notebook[:200]!r} is no notebook of this server; expected a path under its folder")
        return path

    def contents_path(self, file: str | None) -> str | None:
        """Return how Jupyter's contents name a file; None where they do not."""
        root = self._root()
        path = Path(os.path.abspath(file)) if file else None  # noqa: PTH100 - a store's word: ".." may be in it
        return path.relative_to(root).as_posix() if path and root and path.is_relative_to(root) else None

    def _root(self) -> Path | None:
        root = getattr(self._contents, "root_dir", None)
        return Path(os.path.abspath(root)) if root else None  # noqa: PTH100 - see above

    async def _kernel_of(self, notebook: str) -> str | None:
        wanted = notebook.strip("/")
        sessions: list[dict[str, Any]] = await self._sessions.list_sessions()
        at = (each for each in sessions if each["path"].rpartition(":")[2].strip("/") == wanted)
        return next((str(each["kernel"]["id"]) for each in at if each.get("kernel")), None)

    def _look(self, folder: Path, notebook: Path | None, kernel: str | None) -> http.Place:
        settings = find_settings(folder, notebook=notebook)
        told = read_place(kernel) if kernel else None
        if told is not None:
            settings = replace(settings, **told)
        key = store_key(settings.store_folder)
        place = http.Place(
            store=key,
            folder=str(settings.store_folder),
            project=settings.project,
            experiment=settings.experiment,
            exists=settings.store_folder.is_dir(),
            told_by="settings" if told is None else "kernel",
            is_disabled=settings.mode == "disabled",
            notebook=self.contents_path(str(notebook)) if notebook else None,
        )
        former = _find_former(settings, notebook) if notebook and place.exists else []
        self._folders[key] = settings.store_folder
        self._found[key, settings.project, settings.experiment] = Found(
            place=place, settings=settings, former=tuple(former)
        )
        return place


def _as_of_now(place: http.Place) -> http.Place:
    return msgspec.structs.replace(place, exists=Path(place.folder).is_dir())


def _find_former(settings: Settings, notebook: Path) -> list[str]:
    """Return the experiments of a notebook's former names; none while the store cannot tell."""
    with suppress(StoreError):
        own = settings.project, settings.experiment
        return find_former_experiments(Store(settings.store_folder), own, notebook)
    return []
