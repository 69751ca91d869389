"""Puts the extension into a server, and takes it out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jupyter_server.utils import url_path_join

from trackside.server.answering import Answering
from trackside.server.handlers import ROUTES, SERVICES, Services
from trackside.server.places import Places
from trackside.server.watching import Watching

if TYPE_CHECKING:
    from jupyter_events.logger import EventLogger
    from jupyter_server.serverapp import ServerApp


def load(serverapp: ServerApp) -> None:
    """Add the routes, and the event that tells of changed runs."""
    places = Places(serverapp.contents_manager, serverapp.session_manager)
    watching = Watching(cast("EventLogger", serverapp.event_logger), places)
    web_app = serverapp.web_app
    web_app.settings[SERVICES] = Services(places=places, answering=Answering(places), watching=watching)
    base = web_app.settings["base_url"]
    web_app.add_handlers(".*$", [(url_path_join(base, "trackside", route), handler) for route, handler in ROUTES])


def unload(serverapp: ServerApp) -> None:
    """Stop what goes on in the background."""
    services: Services = serverapp.web_app.settings[SERVICES]
    services.watching.stop()
    services.answering.stop()
