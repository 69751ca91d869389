"""A browser hears of runs that change, while it wants to, and misses nothing while it did not listen."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from trackside.server.handlers import SERVICES
from trackside.tracking.marks import mark_runs
from trackside.wire.constants import CHANGED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_server.serverapp import ServerApp

    from tests.server.conftest import Client, Project

_DIES = """
import sys, time
from pathlib import Path
from trackside.tracking import Run
run = Run.start(Path(sys.argv[1]), name="dies")
run.log(loss=1.0)
print("live", flush=True)
time.sleep(600)
"""


class Ear:
    """Hears what the server says of changed runs."""

    def __init__(self, serverapp: ServerApp) -> None:
        self.heard: list[dict[str, Any]] = []
        assert serverapp.event_logger is not None
        serverapp.event_logger.add_listener(schema_id=CHANGED, listener=self._hear)

    async def _hear(self, logger: Any, schema_id: str, data: dict[str, Any]) -> None:  # noqa: ARG002 - its shape
        self.heard.append(data)

    async def hears_more(self) -> bool:
        """Tell whether more is heard within some seconds; it is enough to hear it once."""
        before = len(self.heard)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if len(self.heard) > before:
                return True
        return False


@pytest.fixture
def ear(jp_serverapp: ServerApp) -> Ear:
    return Ear(jp_serverapp)


async def store_of(client: Client) -> str:
    place = await client.get("place", path="digits/train.ipynb")
    return str(place["store"])


async def test_whoever_watches_hears_of_points_ends_and_marks(client: Client, project: Project, ear: Ear) -> None:
    run = project.run(loss=1.0, finish=False)
    store = await store_of(client)
    first = (await client.post("watch", {"store": store}))["mark"]
    run.log(loss=0.5)
    assert await ear.hears_more()
    assert ear.heard[-1]["store"] == store
    assert ear.heard[-1]["mark"] != first
    run.finish()
    assert await ear.hears_more()
    mark_runs(project.store, [run.id], {"starred": "yes"})
    assert await ear.hears_more()


async def test_nobody_is_told_and_nothing_is_looked_at_once_the_time_is_over(
    client: Client, project: Project, ear: Ear, jp_serverapp: ServerApp
) -> None:
    run = project.run(loss=1.0, finish=False)
    store = await store_of(client)
    await client.post("watch", {"store": store, "seconds": 1})
    watching = jp_serverapp.web_app.settings[SERVICES].watching
    for _ in range(100):
        if watching._task.done():
            break
        await asyncio.sleep(0.05)
    assert watching._task.done()
    run.log(loss=0.5)
    run.finish()
    await asyncio.sleep(0.6)
    assert ear.heard == []


async def test_whoever_slept_sees_by_the_mark_that_something_came_and_went(client: Client, project: Project) -> None:
    project.run(loss=1.0)
    store = await store_of(client)
    await client.ask(store, {"ask": "runs"})
    for _ in range(200):  # a helper compresses what has ended, which is another mark, too
        if not list((project.store.folder / "journals" / "live").glob("*.ndjson")):
            break
        await asyncio.sleep(0.05)
    before = (await client.post("watch", {"store": store, "seconds": 1}))["mark"]
    assert (await client.post("watch", {"store": store, "seconds": 1}))["mark"] == before
    project.run(loss=0.5)
    assert (await client.post("watch", {"store": store, "seconds": 1}))["mark"] != before


@pytest.fixture
def dying(project: Project) -> Iterator[subprocess.Popen[str]]:
    """Give a process that trains."""
    command = [sys.executable, "-c", _DIES, str(project.store.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "live\n"
        yield process
        process.kill()


async def test_the_death_of_a_training_process_is_told(client: Client, dying: subprocess.Popen[str], ear: Ear) -> None:
    store = await store_of(client)
    await client.post("watch", {"store": store})
    dying.kill()
    assert await ear.hears_more()
    table = await client.ask(store, {"ask": "runs"})
    (status,) = next(column["values"] for column in table["columns"] if column["key"] == "run:status")
    assert status == "interrupted"


async def test_a_store_that_was_never_found_is_not_watched(client: Client, jp_serverapp: ServerApp) -> None:
    status, message = await client.post("watch", {"store": "0" * 16})
    assert status == 404
    assert message.startswith("No store ")
    assert jp_serverapp.web_app.settings[SERVICES].watching._task is None
