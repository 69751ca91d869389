"""Who looks at this kernel's outputs: JupyterLab with Trackside's renderer, another front end, or nobody."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from trackside.errors import TracksideError

if TYPE_CHECKING:
    from collections.abc import Callable

    from comm.base_comm import BaseComm

TARGET = "trackside.lab"
HUB = "trackside.hub"
"""The comm that a page opens to answer us on. We never write on it: ipykernel would send its answers to the shell that
wrote last, where they would wait for the cell that runs."""

FrontEnd: TypeAlias = Literal["trackside", "widgets", "headless"]
"""Our renderer answered; some front end that may show widgets; nbclient, papermill, a terminal or a script."""

Handler: TypeAlias = "Callable[..., dict[str, Any]]"
"""Answers a request: it gets the request's fields by name and returns the answer's."""

_answers: dict[str, str] = {}
_comms: list[BaseComm] = []
_handlers: dict[str, Handler] = {}
_hubs: dict[str, BaseComm] = {}
_asked: dict[str, _Asked] = {}


class _Asked:
    """A question to the page, and its answer once it is there."""

    def __init__(self) -> None:
        self.is_answered = threading.Event()
        self.answer: dict[str, Any] = {}


def say_hello() -> None:
    """Ask the front end whether Trackside's renderer is there. Returns at once; where nobody looks, nothing happens."""
    if _comms or not (_in_kernel() and _is_watched()):
        return
    from comm import create_comm, get_comm_manager

    get_comm_manager().register_target(HUB, _open_hub)
    channel = create_comm(target_name=TARGET, data={"op": "hello"})
    channel.on_msg(_on_message)
    answer_beside_cells(channel)
    _comms.append(channel)


def on_request(op: str, handler: Handler | None) -> None:
    """Have ``handler`` answer what our renderer asks by the name ``op``; None takes it away.

    The renderer sends ``{"op": op, "id": …, **fields}`` and gets ``{"id": …, **handler(**fields)}``, or
    ``{"op": "failure", "id": …, "message": …}`` where the handler raised. A handler may run in a thread beside a cell.

    Examples
    --------
    >>> on_request("ignore", lambda name, run_id, undo: {"op": "ignored", "name": name, "undo": undo})
    >>> on_request("ignore", None)
    """
    _handlers.pop(op, None)
    if handler is not None:
        _handlers[op] = handler


def answer_beside_cells(channel: Any) -> None:
    """Let messages on a comm that the kernel opened be handled while a cell runs, in the front end's subshell.

    ipykernel 7 sends them to the shell that last wrote on the comm. Opening it in a cell makes that the main one, in
    which they would wait for the cell to end; and so does writing on it from a thread of ours.
    """
    vars(channel).pop("_reply_subshell_id", None)


def ask_page(op: str, timeout: float) -> dict[str, Any] | None:
    """Ask the page that shows this kernel's notebook; None where no page of ours answers in time.

    From a thread beside a cell; in the main one the answer may have to wait for the cell. Where the notebook is open
    in several pages, the first answer counts.
    """
    if not _hubs or not _comms:
        return None
    asked, request = _Asked(), secrets.token_hex(8)
    _asked[request] = asked
    try:
        _comms[0].send({"op": op, "request": request})
        answer_beside_cells(_comms[0])
        return asked.answer if asked.is_answered.wait(timeout) else None
    finally:
        del _asked[request]


def app_name() -> str | None:
    """Return what the page that draws our outputs calls itself: ``"JupyterLab"``, ``"Jupyter Notebook"``."""
    return _answers.get("app")


def kind() -> FrontEnd:
    """Return who looks at the outputs, as far as is known now."""
    if _answers:
        return "trackside"
    return "widgets" if _in_kernel() and _is_watched() else "headless"


def _on_message(message: dict[str, Any]) -> None:
    data = dict(message["content"]["data"])
    op, request = data.pop("op", None), data.pop("id", None)
    if op == "hello":
        _answers["version"] = str(data.get("version"))
        if isinstance(data.get("app"), str):
            _answers["app"] = data["app"]
    elif request is not None:
        _comms[0].send({"id": request, **_answer(op, data)})


def _open_hub(hub: BaseComm, _message: dict[str, Any]) -> None:
    _hubs[hub.comm_id] = hub
    hub.on_msg(_on_answer)
    hub.on_close(_close_hub)


def _close_hub(message: dict[str, Any]) -> None:
    _hubs.pop(message["content"]["comm_id"], None)


def _on_answer(message: dict[str, Any]) -> None:
    data = message["content"]["data"]
    asked = _asked.get(str(data.get("request")))
    if asked is not None and not asked.is_answered.is_set():
        asked.answer = data
        asked.is_answered.set()


def _answer(op: Any, fields: dict[str, Any]) -> dict[str, Any]:
    handler = _handlers.get(str(op))
    if handler is None:
        return {"op": "failure", "message": f"Nobody here answers {str(op)[:80]!r}; run %load_ext trackside."}
    try:
        return handler(**fields)
    except Exception as error:  # noqa: BLE001 - somebody waits for an answer, and a silent log is none
        reason = str(error) if isinstance(error, TracksideError) else f"{type(error).__name__}: {error}"
        return {"op": "failure", "message": " ".join(reason.split())}


def _in_kernel() -> bool:
    kernel_app = sys.modules.get("ipykernel.kernelapp")
    return kernel_app is not None and kernel_app.IPKernelApp.initialized()


def _is_watched() -> bool:
    """Tell a notebook somebody looks at: Jupyter names the session, VS Code the file, Colab its module."""
    main = sys.modules.get("__main__")
    return "JPY_SESSION_NAME" in os.environ or hasattr(main, "__vsc_ipynb_file__") or "google.colab" in sys.modules
