"""A real IPython kernel to run cells in, and what came out of them."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from pathlib import Path

OUTPUTS = ("stream", "display_data", "update_display_data", "execute_result", "error", "clear_output")


@dataclass
class Executed:
    """One cell's reply and outputs; ``cards`` are Trackside's own outputs, in order."""

    status: str
    payload: dict[str, Any]
    outputs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    cards: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def card(self) -> dict[str, Any]:
        """The last card's data by MIME type."""
        data: dict[str, Any] = self.cards[-1][1]["data"]
        return data

    @property
    def text(self) -> str:
        return "".join(content["text"] for kind, content in self.outputs if kind == "stream")


class Kernel:
    """A kernel process with a store of its own; ``cards`` are all that were heard, late ones of earlier cells, too."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.cards: list[dict[str, Any]] = []
        self.store = folder / "store"
        environment = environment | {
            "TRACKSIDE_STORE": str(self.store),
            "IPYTHONDIR": str(folder / "ipython"),
            "MPLCONFIGDIR": str(folder / "matplotlib"),
        }
        self.id = str(uuid4())
        file = folder / f"kernel-{self.id}.json"  # it is called as a server would call it
        self._manager = KernelManager(kernel_name="python3", connection_file=str(file))
        self._manager.start_kernel(env=environment, cwd=str(folder))
        self.client = self._manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, code: str, *, cell_id: str | None = None) -> Executed:
        """Run one cell and wait for its end."""
        return self.end_of(self.begin(code, cell_id=cell_id))

    def begin(self, code: str, *, cell_id: str | None = None) -> str:
        """Have one cell run; return the request's id, for `end_of`."""
        message = self.client.session.msg(
            "execute_request", {"code": code, "silent": False, "store_history": True, "stop_on_error": False}
        )
        if cell_id:
            message["metadata"] = {"cellId": cell_id}
        self.client.shell_channel.send(message)
        request: str = message["header"]["msg_id"]
        return request

    def end_of(self, request: str) -> Executed:
        """Wait for the end of a cell, and return what came of it."""
        executed = Executed("", {})
        while True:
            heard = self.client.get_iopub_msg(timeout=60)
            kind, content = heard["msg_type"], heard["content"]
            is_card = "trackside" in content.get("metadata", {})
            if is_card:
                self.cards.append(content["data"])
            if heard["parent_header"].get("msg_id") != request:
                continue
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind in OUTPUTS:
                (executed.cards if is_card else executed.outputs).append((kind, content))
        while True:
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == request:
                executed.status, executed.payload = reply["content"]["status"], reply["content"]
                return executed

    def complete(self, code: str, *, at: int | None = None) -> list[str]:
        """Return what Tab offers at a place of ``code``, by default at its end."""
        asked = self.client.complete(code, at)
        while True:
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == asked:
                matches: list[str] = reply["content"]["matches"]
                return matches

    def interrupt(self) -> None:
        """Stop the running cell, as the button does; from any thread."""
        self.send_signal(signal.SIGINT)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the kernel's process, from any thread."""
        os.kill(self._manager.provisioner.pid, number)  # type: ignore[union-attr]  # of a local kernel

    def restart(self) -> None:
        """Restart the kernel as the button does, whatever runs in it, and wait until it is there."""
        self._manager.restart_kernel()
        self.client.wait_for_ready(timeout=60)

    def close(self) -> None:
        self.client.stop_channels()
        self._manager.shutdown_kernel(now=True)
