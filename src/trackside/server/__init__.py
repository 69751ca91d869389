"""The extension of Jupyter Server: answers the side panel from the stores themselves, with or without a kernel.

It is enabled where Trackside is installed. Routes are listed in `trackside.wire.http`; each asks Jupyter Server's own
authentication and authorizer.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from trackside.server.extension import TracksideExtension

    return [{"module": "trackside.server", "app": TracksideExtension}]
