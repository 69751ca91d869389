"""A Jupyter Server with the extension, and notebooks that have runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403 - its fixtures and hooks, for the tests of this folder alone
from tornado.httpclient import HTTPClientError, HTTPResponse
from traitlets.config import Config

from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

CELL = "lr = 0.1\nts.log(loss=train(lr))"


@pytest.fixture  # type: ignore[no-redef]  # it is there to be replaced
def jp_server_config() -> Config:
    return Config({"ServerApp": {"jpserver_extensions": {"trackside.server": True}}})


@dataclass
class Project:
    """A folder of the server with a notebook, whose cell ``a`` ran."""

    folder: Path

    @property
    def store(self) -> Store:
        return Store(self.folder / ".trackside")

    def run(self, *, cell_id: str = "a", notebook: str = "", finish: bool = True, **metrics: float) -> Run:
        run = Run.start(
            self.store.folder,
            project=self.folder.name,
            experiment="train",
            name="mlp",
            user="ada",
            origin="notebook",
            notebook=notebook or str(self.folder / "train.ipynb"),
            cell_id=cell_id,
            cell_digest="d" * 64,
            source=CELL,
            execution_count=1,
        )
        run.log_params({"lr": 0.1})
        if metrics:
            run.log(**metrics)  # type: ignore[arg-type]  # none is called step
        if finish:
            run.finish()
        return run


@pytest.fixture
def project(jp_root_dir: Path) -> Project:
    folder = jp_root_dir / "digits"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "digits"\n')
    cells = [{"id": "a", "cell_type": "code", "source": CELL, "metadata": {}, "outputs": [], "execution_count": 1}]
    (folder / "train.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    return Project(folder)


class Client:
    """Asks the server as the front end does; a refusal is its status and message."""

    def __init__(self, fetch: Callable[..., Awaitable[HTTPResponse]]) -> None:
        self._fetch = fetch

    async def get(self, *route: str, **params: str) -> Any:
        return await self._read(self._fetch("trackside", *route, params=params))

    async def post(self, route: str, body: Any, *, kind: str = "application/json", **headers: str) -> Any:
        text = body if isinstance(body, str) else json.dumps(body)
        sent = {"Content-Type": kind, **headers}
        return await self._read(self._fetch("trackside", route, method="POST", body=text, headers=sent))

    async def ask(self, store: str, question: dict[str, Any], **scope: Any) -> Any:
        return await self.post("ask", {"store": store, "question": question, **scope})

    @staticmethod
    async def _read(request: Awaitable[HTTPResponse]) -> Any:
        try:
            response = await request
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)["message"] if error.response else ""
        assert response.headers["Content-Type"] == "application/json"
        return json.loads(response.body)


@pytest.fixture
def client(jp_fetch: Callable[..., Awaitable[HTTPResponse]]) -> Client:
    return Client(jp_fetch)
