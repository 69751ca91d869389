"""Where the notebook of this kernel is now: asked of the Jupyter server that started the kernel, on this machine."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

SERVER_SECONDS = 0.5
"""How long the server may take to answer."""

_RECENT_SECONDS = 1.0
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
_KERNEL_PREFIX = "kernel-"


class Place(NamedTuple):
    """A notebook's path, and the kind of session it is open in: ``"notebook"``, ``"console"``."""

    path: Path
    kind: str


class _Answer(NamedTuple):
    time: float
    place: Place | None


_last: dict[str, _Answer] = {}


def ask_server(*, recent: float = _RECENT_SECONDS) -> Place | None:
    """Return where the notebook is whose kernel this is, also where it was renamed since; None where nobody tells.

    The server's file in Jupyter's runtime folder has its address and token. Only a server on this machine is asked, and
    not again where it has told within so many seconds.
    """
    parent, kernel = os.environ.get("JPY_PARENT_PID"), find_kernel_id()
    if not parent or not kernel:
        return None
    last = _last.get(kernel)
    if last is not None and time.monotonic() - last.time < recent:
        return last.place
    try:
        place = _ask(parent, kernel)
    except (OSError, ValueError, KeyError, TypeError):  # no server, another's, one that is busy or ends
        place = None
    _last[kernel] = _Answer(time.monotonic(), place)
    return place


def find_server_root() -> Path | None:
    """Return the folder that the server serves, from which its paths are meant."""
    parent = os.environ.get("JPY_PARENT_PID")
    try:
        return Path(_read_server(parent)["root_dir"]) if parent else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_kernel_id() -> str | None:
    """Return the id by which a Jupyter server knows this kernel; None in one that no server started."""
    kernel_app = sys.modules.get("ipykernel.kernelapp")
    if kernel_app is None or not kernel_app.IPKernelApp.initialized():
        return None
    name = Path(str(kernel_app.IPKernelApp.instance().connection_file)).stem
    return name.removeprefix(_KERNEL_PREFIX) if name.startswith(_KERNEL_PREFIX) else None


def _ask(parent: str, kernel: str) -> Place | None:
    server = _read_server(parent)
    url = urlsplit(str(server["url"]))
    if url.scheme != "http" or url.hostname not in _LOOPBACK:
        return None
    request = Request(  # noqa: S310 - http on this machine, as has just been seen
        f"{server['url']}api/sessions", headers={"Authorization": f"token {server.get('token', '')}"}
    )
    with build_opener(ProxyHandler({})).open(request, timeout=SERVER_SECONDS) as answer:
        sessions: list[Any] = json.load(answer)
    for session in sessions:
        if session["kernel"]["id"] == kernel:
            return Place(Path(server["root_dir"]) / session["path"], session["type"])
    return None


def _read_server(parent: str) -> Any:
    from jupyter_core.paths import jupyter_runtime_dir

    file = Path(jupyter_runtime_dir()) / f"jpserver-{int(parent)}.json"
    return json.loads(file.read_text(encoding="utf-8"))
