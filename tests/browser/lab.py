"""A real JupyterLab of the tests' own, and what a person does in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Page

_START_SECONDS = 90
_QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
_THEME = "@jupyterlab/apputils-extension/themes.jupyterlab-settings"
_NEWS = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"


class Lab:
    """A JupyterLab server with a home of its own, serving ``root``."""

    def __init__(self, root: Path, *, app: str = "jupyterlab") -> None:
        self.root = root
        self.token = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self._command = [
            *(sys.executable, "-m", app, "--no-browser", "--allow-root"),
            f"--ServerApp.port={self.url.rsplit(':', 1)[1]}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={root}",
            "--ServerApp.ip=127.0.0.1",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
        ]
        self.start()

    def start(self) -> None:
        """Start the server; once it was stopped, at the same address."""
        self._log = (self.root / "lab.log").open("a")
        self._process = subprocess.Popen(
            self._command,
            env=self._environment(),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait()

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def choose_theme(self, name: str) -> None:
        """Make pages opened from now on use a theme, ``JupyterLab Dark`` or ``JupyterLab Light``."""
        self._write_setting(_THEME, {"theme": name})

    def let_notify(self) -> None:
        """Make pages opened from now on show notifications."""
        self._write_setting(_NEWS, {**_QUIET, "doNotDisturbMode": False})

    def get(self, path: str) -> Any:
        """Return what the server answers at a path, as JSON."""
        return json.loads(self._request(path))

    def stop(self) -> None:
        self._request("/api/shutdown", "POST")
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def clear(self) -> None:
        """Take away what a test left: its kernels, its files, what was chosen."""
        if self._process.poll() is not None:
            self.start()
        self.shut_down_kernels()
        for place in self.root.iterdir():
            if place.is_dir() and place != self._home:
                shutil.rmtree(place, ignore_errors=True)  # a helper may still write to its store
        for chosen in (self._settings, self._home / "workspaces"):
            shutil.rmtree(chosen, ignore_errors=True)
        self._write_setting(_NEWS, _QUIET)

    def write_project(self, name: str, cells: Sequence[str]) -> Path:
        """Make a folder of a project with a notebook of these code cells, both called ``name``, and return it."""
        folder = self.root / name
        folder.mkdir()
        (folder / "pyproject.toml").write_text(f'[project]\nname = "{name}"\n')
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        made = [nbformat.v4.new_code_cell(cell) for cell in cells]
        notebook = nbformat.v4.new_notebook(metadata=kernel, cells=made)
        (folder / f"{name}.ipynb").write_text(nbformat.writes(notebook))
        return folder

    def shut_down_kernels(self) -> None:
        for session in json.loads(self._request("/api/sessions")):
            self._request(f"/api/sessions/{session['id']}", "DELETE")

    def kernel_pids(self) -> list[int]:
        """Return the processes of this server's kernels."""
        import psutil

        children = psutil.Process(self._process.pid).children(recursive=True)
        return [child.pid for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]

    def _environment(self) -> dict[str, str]:
        home = self._home = self.root / ".home"
        self._settings = home / "settings"
        self._write_setting(_NEWS, _QUIET)
        places = {
            "HOME": home,
            "IPYTHONDIR": home / "ipython",
            "JUPYTER_CONFIG_DIR": home / "config",
            "JUPYTER_DATA_DIR": home / "data",
            "JUPYTER_RUNTIME_DIR": home / "runtime",
            "JUPYTERLAB_SETTINGS_DIR": self._settings,
            "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith("TRACKSIDE_")}
        return kept | {key: str(place) for key, place in places.items()}

    def _write_setting(self, name: str, value: dict[str, Any]) -> None:
        file = self._settings / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value))

    def _request(self, path: str, method: str = "GET") -> bytes:
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=15) as response:  # noqa: S310 - likewise
            body: bytes = response.read()
        return body

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._request("/api/status")
            except (urllib.error.URLError, ConnectionError) as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.root / "lab.log").read_text()[-3000:]
                    raise RuntimeError(f"JupyterLab did not start:\n{log}") from error
                time.sleep(0.1)
            else:
                return


class Notebook:
    """One notebook open in a page of a `Lab`."""

    def __init__(self, page: Page, lab: Lab, name: str, *, kernel: bool = True) -> None:
        self.page = page
        page.goto(f"{lab.url}/lab/tree/{name}?token={lab.token}&reset")
        page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell")
        if kernel:  # the toolbar's "idle" comes too early: an execution sent then is lost
            page.evaluate(
                """async () => { const panel = window.jupyterapp.shell.currentWidget; await panel.context.ready;
                await panel.sessionContext.ready; await panel.sessionContext.session.kernel.info; }"""
            )

    def run(self, index: int) -> None:
        """Run one cell and wait until it has ended."""
        self.start(index)
        self.wait(index)

    def wait(self, index: int) -> None:
        """Wait until one cell has ended that was set going."""
        self.page.wait_for_function(
            """i => { const cell = window.jupyterapp.shell.currentWidget.content.widgets[i];
            return cell.model.executionState === 'idle' && cell.model.executionCount !== null; }""",
            arg=index,
            timeout=120_000,
        )

    def start(self, index: int) -> None:
        """Set one cell going and do not wait for it."""
        self.page.evaluate(
            """i => { const panel = window.jupyterapp.shell.currentWidget; panel.content.activeCellIndex = i;
            panel.content.deselectAll(); void window.jupyterapp.commands.execute('notebook:run-cell'); }""",
            index,
        )

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def output(self, index: int) -> str:
        """Return a CSS selector for the output area of one cell."""
        return f".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell >> nth={index} >> .jp-Cell-outputArea"
