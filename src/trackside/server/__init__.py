"""The extension of Jupyter Server: answers the side panel from the stores themselves, with or without a kernel.

It is enabled where Trackside is installed. Routes are listed in `trackside.wire.http`; each asks Jupyter Server's own
authentication and authorizer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "trackside.server"}]


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    from trackside.server.extension import load

    load(serverapp)


async def _unload_jupyter_server_extension(serverapp: ServerApp) -> None:
    from trackside.server.extension import unload

    unload(serverapp)
