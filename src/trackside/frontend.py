"""Who looks at this kernel's outputs: JupyterLab with Trackside's renderer, another front end, or nobody."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from trackside.errors import TracksideError

if TYPE_CHECKING:
    from collections.abc import Callable

    from comm.base_comm import BaseComm

TARGET = "trackside.lab"

FrontEnd: TypeAlias = Literal["trackside", "widgets", "headless"]
"""Our renderer answered; some front end that may show widgets; nbclient, papermill, a terminal or a script."""

Handler: TypeAlias = "Callable[..., dict[str, Any]]"
"""Answers a request: it gets the request's fields by name and returns the answer's."""

_answers: dict[str, str] = {}
_comms: list[BaseComm] = []
_handlers: dict[str, Handler] = {}


def say_hello() -> None:
    """Ask the front end whether Trackside's renderer is there. Returns at once; where nobody looks, nothing happens."""
    if _comms or not (_in_kernel() and _is_watched()):
        return
    from comm import create_comm

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
    elif request is not None:
        _comms[0].send({"id": request, **_answer(op, data)})


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
