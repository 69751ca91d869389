"""The routes: who may ask what, and how it is said when it cannot be answered."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, authenticated

from trackside.errors import InputError, StoreBusyError, TracksideError
from trackside.locks import host_name
from trackside.server.places import UnknownStoreError
from trackside.server.run_files import kept_outputs, restore, whole_notebook
from trackside.store.store import Store
from trackside.wire import http
from trackside.wire.constants import is_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.server.answering import Answering
    from trackside.server.places import Places
    from trackside.server.watching import Watching

SERVICES = "trackside_services"
_MOST_BYTES = 2**20
_OPEN_PAGE = False
"""A page that is only open is no activity: it must not keep a server from being stopped for idleness."""

_STORE, _RUN = "([0-9a-f]{16})", "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

_STATUSES: dict[type[TracksideError], int] = {UnknownStoreError: 404, InputError: 400, StoreBusyError: 503}
"""What is said by which status: the front end that hears 404 asks for the place of its notebook and then once more."""

T = TypeVar("T", bound=msgspec.Struct)
Method = TypeVar("Method", bound="Callable[..., Any]")


@dataclass(frozen=True)
class Services:
    """What the routes share."""

    places: Places
    answering: Answering
    watching: Watching


def _allowed(action: Literal["read", "write"]) -> Callable[[Method], Method]:
    """Let a route be used by whoever Jupyter Server knows and its authorizer lets do this."""

    def guard(method: Method) -> Method:
        return cast("Method", authenticated(authorized(action)(method)))

    return guard


class _Handler(APIHandler):
    """Base of all routes. Whoever may see the server's contents may see their runs."""

    auth_resource = "contents"

    @property
    def services(self) -> Services:
        services: Services = self.settings[SERVICES]
        return services

    def read_body(self, kind: type[T]) -> T:
        """Return the request's body.

        Raises
        ------
        HTTPError
            It is no JSON, too large or of another kind.
        """
        media = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media != "application/json":
            raise HTTPError(415, f"found a body of type {media[:80]!r}; expected application/json")
        if len(self.request.body) > _MOST_BYTES:
            raise HTTPError(413, f"found a body of {len(self.request.body):,} bytes; expected at most {_MOST_BYTES:,}")
        try:
            return msgspec.json.decode(self.request.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise HTTPError(400, f"The request was not understood: {error}") from error

    def send(self, answer: msgspec.Struct | bytes) -> None:
        """Send an answer as JSON."""
        self.set_header("Cache-Control", "no-store")
        self.finish(answer if isinstance(answer, bytes) else msgspec.json.encode(answer))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say why there is no answer: what Trackside raises on purpose in its own words."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        if isinstance(error, TracksideError):
            self.set_status(next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 500))
            self.send(http.Refused(message=str(error)))
        else:
            super().write_error(status_code, **kwargs)

    def log_exception(self, kind: Any, error: Any, traceback: Any) -> None:
        """Log what nobody expected."""
        if not isinstance(error, TracksideError):
            super().log_exception(kind, error, traceback)


class _AboutHandler(_Handler):
    _track_activity = _OPEN_PAGE

    @_allowed("read")
    async def get(self) -> None:
        services = self.services
        places = await services.answering.run(services.places.look_here)
        self.send(http.About(version=version("trackside"), host=host_name(), places=places))


class _PlaceHandler(_Handler):
    _track_activity = _OPEN_PAGE

    @_allowed("read")
    async def get(self) -> None:
        self.send(await self.services.places.find(self.get_query_argument("path")))


class _AskHandler(_Handler):
    @_allowed("read")
    async def post(self) -> None:
        asked = self.read_body(http.Asked)
        if is_change(asked.question):
            raise HTTPError(400, "This question changes something; expected one that does not; send it to change")
        self.send(await self.services.answering.answer(asked))


class _ChangeHandler(_Handler):
    @_allowed("write")
    async def post(self) -> None:
        asked = self.read_body(http.Asked)
        if not is_change(asked.question):
            raise HTTPError(400, "This question changes nothing; expected one that does; send it to ask")
        self.send(await self.services.answering.answer(asked))


class _WatchHandler(_Handler):
    _track_activity = _OPEN_PAGE

    @_allowed("read")
    async def post(self) -> None:
        self.send(await self.services.watching.watch(self.read_body(http.Watch)))


class _NotebookHandler(_Handler):
    @_allowed("read")
    async def get(self, key: str, run_id: str) -> None:
        store = Store(self.services.places.folder(key))
        self.send(await self.services.answering.run(lambda: whole_notebook(store, run_id)))


class _OutputsHandler(_Handler):
    @_allowed("read")
    async def get(self, key: str, run_id: str) -> None:
        store = Store(self.services.places.folder(key))
        self.send(await self.services.answering.run(lambda: kept_outputs(store, run_id)))


class _RestoreHandler(_Handler):
    @_allowed("write")
    async def post(self) -> None:
        asked, services = self.read_body(http.Restore), self.services
        store = Store(services.places.folder(asked.store))
        self.send(await services.answering.run(lambda: restore(store, asked, services.places)))


ROUTES: list[tuple[str, type[_Handler]]] = [
    ("about", _AboutHandler),
    ("place", _PlaceHandler),
    ("ask", _AskHandler),
    ("change", _ChangeHandler),
    ("watch", _WatchHandler),
    (f"notebook/{_STORE}/{_RUN}", _NotebookHandler),
    (f"outputs/{_STORE}/{_RUN}", _OutputsHandler),
    ("restore", _RestoreHandler),
]
"""Each route below ``trackside/``, and who answers it."""
