"""Puts the routes into a server, and ends what goes on in the background when that stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jupyter_server.extension.application import ExtensionApp

from trackside.server.answering import Answering
from trackside.server.handlers import ROUTES, SERVICES, Services
from trackside.server.places import Places
from trackside.server.watching import Watching

if TYPE_CHECKING:
    from jupyter_events.logger import EventLogger
    from jupyter_server.serverapp import ServerApp


class TracksideExtension(ExtensionApp):
    """The extension, as Jupyter Server knows it."""

    name = "trackside"

    def initialize_settings(self) -> None:
        """Make what the routes share, and the event that tells of changed runs."""
        server = cast("ServerApp", self.serverapp)  # it is there once settings are made
        places = Places(server.contents_manager, server.session_manager)
        watching = Watching(cast("EventLogger", server.event_logger), places)
        self.settings[SERVICES] = Services(places=places, answering=Answering(places), watching=watching)

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend((f"/trackside/{route}", handler) for route, handler in ROUTES)

    async def stop_extension(self) -> None:
        """Stop what goes on in the background."""
        services: Services = self.settings[SERVICES]
        services.watching.stop()
        services.answering.stop()
