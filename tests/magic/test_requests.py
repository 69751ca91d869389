"""What our renderer in the lab asks the kernel over the comm that said hello."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.magic.kernel import Kernel
from tests.magic.test_surroundings import part
from trackside.kernel_place import read_place
from trackside.store.layout import store_key

if TYPE_CHECKING:
    from collections.abc import Iterator


class Page:
    """The browser's end of the comm that a kernel opens."""

    def __init__(self, kernel: Kernel) -> None:
        self._client = kernel.client
        self._client.execute("%load_ext trackside")
        self._comm = self._hear("comm_open")["comm_id"]

    def ask(self, **data: Any) -> dict[str, Any]:
        content = {"comm_id": self._comm, "data": {"id": "7", **data}}
        self._client.shell_channel.send(self._client.session.msg("comm_msg", content))
        answer: dict[str, Any] = self._hear("comm_msg")["data"]
        assert answer.pop("id") == "7"
        return answer

    def open_hub(self) -> None:
        """Open the comm on which the kernel's questions are answered."""
        self._client.shell_channel.send(
            self._client.session.msg("comm_open", {"comm_id": "hub", "target_name": "trackside.hub", "data": {}})
        )

    def _hear(self, kind: str) -> dict[str, Any]:
        while True:
            heard = self._client.get_iopub_msg(timeout=60)
            if heard["msg_type"] == kind and heard["content"].get("target_name", "trackside.lab") == "trackside.lab":
                content: dict[str, Any] = heard["content"]
                return content


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Return a kernel whose notebook somebody looks at."""
    kernel = Kernel(tmp_path_factory.mktemp("watched"), {**os.environ, "JPY_SESSION_NAME": "watched.ipynb"})
    yield kernel
    kernel.close()


@pytest.fixture(scope="module")
def page(kernel: Kernel) -> Page:
    return Page(kernel)


def test_a_name_is_ignored_in_the_experiment_of_the_card_and_captured_again(kernel: Kernel, page: Page) -> None:
    tracked = "%%track\nlr = 0.1\nmomentum = 0.9"
    run_id = kernel.run(tracked).cards[-1][1]["metadata"]["trackside"]["run_id"]
    answer = page.ask(op="ignore", name="momentum", run_id=run_id, undo=False)
    assert answer == {"op": "ignored", "name": "momentum", "undo": False}
    assert "momentum" not in kernel.run(tracked).card["text/plain"].replace("momentum gone", "")
    assert page.ask(op="ignore", name="momentum", run_id=run_id, undo=True)["undo"]
    assert "momentum 0.9" in kernel.run(tracked).card["text/plain"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"op": "ignore", "name": "lr", "run_id": "x", "undo": False}, "is no id of a run"),
        ({"op": "ignore", "nobody": "knows"}, "nobody"),
        ({"op": "format the disk"}, "Nobody here answers 'format the disk'"),
        ({"op": ["not", "a", "name"]}, "Nobody here answers"),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_reason(page: Page, request_: dict[str, Any], message: str) -> None:
    answer = page.ask(**request_)
    assert answer["op"] == "failure"
    assert message in answer["message"]
    assert "\n" not in answer["message"]


DOOMED = """\
import os, trackside as ts
run = ts.run("doomed")
run.log(loss=0.5)
print(run.id, flush=True)
os.kill(os.getpid(), 9)"""


def test_a_page_is_told_how_a_run_went_on_though_its_kernel_is_another(kernel: Kernel, page: Page) -> None:
    environment = {**os.environ, "TRACKSIDE_STORE": str(kernel.store)}
    died = subprocess.run([sys.executable, "-c", DOOMED], env=environment, capture_output=True, text=True, check=False)
    bundle = json.loads(page.ask(op="card", run_id=died.stdout.strip())["bundle"])
    assert bundle["text/plain"].startswith("■ interrupted · doomed · ")
    assert "loss 0.5" in bundle["text/plain"]
    assert "interrupted" in bundle["text/html"]


def test_of_a_run_that_is_not_in_the_store_a_page_is_told_nothing(page: Page) -> None:
    for run_id in ("01934d5e-7c1a-7def-8abc-0123456789ab", "no id"):
        assert page.ask(op="card", run_id=run_id) == {"op": "card", "bundle": ""}


def test_a_page_that_does_not_answer_costs_a_run_nothing_but_its_unsaved_edits(kernel: Kernel, page: Page) -> None:
    page.open_hub()
    executed = kernel.run("%%track\nz = 1")
    assert executed.status == "ok"
    assert "finished" in executed.card["text/plain"]
    assert part(kernel.store, "notebook").came_from == "history"


def test_a_kernel_tells_its_page_and_its_server_where_its_runs_are_kept(kernel: Kernel, page: Page) -> None:
    place = page.ask(op="place")
    assert (place["folder"], place["store"]) == (str(kernel.store), store_key(kernel.store))
    told = read_place(kernel.id)
    assert told is not None
    assert (told["store_folder"], told["experiment"]) == (kernel.store, "watched")
    kernel.run("%track experiment other")
    told = read_place(kernel.id)
    assert told is not None
    assert told["experiment"] == "other"
    kernel.run("%unload_ext trackside")
    assert read_place(kernel.id) is None
