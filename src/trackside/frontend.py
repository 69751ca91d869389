"""Who looks at this kernel's outputs: JupyterLab with Trackside's renderer, another front end, or nobody."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from comm.base_comm import BaseComm

TARGET = "trackside.lab"

FrontEnd: TypeAlias = Literal["trackside", "widgets", "headless"]
"""Our renderer answered; some front end that may show widgets; nbclient, papermill, a terminal or a script."""

_answers: dict[str, str] = {}
_comms: list[BaseComm] = []


def say_hello() -> None:
    """Ask the front end whether Trackside's renderer is there. Returns at once; where nobody looks, nothing happens."""
    if _comms or not (_in_kernel() and _is_watched()):
        return
    from comm import create_comm

    channel = create_comm(target_name=TARGET, data={"op": "hello"})
    channel.on_msg(_on_answer)
    answer_beside_cells(channel)
    _comms.append(channel)


def answer_beside_cells(channel: Any) -> None:
    """Let messages on a comm that the kernel opened be handled while a cell runs, in the front end's subshell.

    ipykernel 7 sends them to the shell that last wrote on the comm; opening it in a cell makes that the main one, in
    which they would wait for the cell to end.
    """
    vars(channel).pop("_reply_subshell_id", None)


def kind() -> FrontEnd:
    """Return who looks at the outputs, as far as is known now."""
    if _answers:
        return "trackside"
    return "widgets" if _in_kernel() and _is_watched() else "headless"


def _on_answer(message: dict[str, Any]) -> None:
    data = message["content"]["data"]
    if data.get("op") == "hello":
        _answers["version"] = str(data.get("version"))


def _in_kernel() -> bool:
    kernel_app = sys.modules.get("ipykernel.kernelapp")
    return kernel_app is not None and kernel_app.IPKernelApp.initialized()


def _is_watched() -> bool:
    """Tell a notebook somebody looks at: Jupyter names the session, VS Code the file, Colab its module."""
    main = sys.modules.get("__main__")
    return "JPY_SESSION_NAME" in os.environ or hasattr(main, "__vsc_ipynb_file__") or "google.colab" in sys.modules
