"""What the extension answers, over HTTP, from stores that it finds by their notebooks."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

from trackside.card import CARD_MIME
from trackside.config import find_settings
from trackside.kernel_place import tell_place
from trackside.records import Notebook, NotebookCell
from trackside.store.store import Store
from trackside.tracking.deciding_alone import deciding_alone

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from tests.server.conftest import Client, Project

PATH = "digits/train.ipynb"


async def test_a_notebook_has_its_place_also_before_anything_was_tracked(client: Client, project: Project) -> None:
    place = await client.get("place", path=PATH)
    assert place["folder"] == str(project.store.folder)
    assert (place["project"], place["experiment"], place["exists"]) == ("digits", "train", False)
    assert (await client.ask(place["store"], {"ask": "runs"}))["run_ids"] == []
    project.run()
    place = await client.get("place", path=PATH)
    assert (place["exists"], place["notebook"]) == (True, PATH)
    assert place in (await client.get("about"))["places"]


async def test_questions_are_answered_of_the_runs_in_scope(client: Client, project: Project) -> None:
    old, new = project.run(loss=0.5).id, project.run(loss=0.25).id
    store = (await client.get("place", path=PATH))["store"]
    scope = {"project": "digits", "experiment": "train"}
    assert (await client.ask(store, {"ask": "runs"}, **scope))["run_ids"] == [new, old]
    assert (await client.ask(store, {"ask": "runs"}, **scope, newest=1))["run_ids"] == [new]
    assert (await client.ask(store, {"ask": "runs"}, run_ids=[old]))["run_ids"] == [old]
    assert (await client.ask(store, {"ask": "runs"}, project="digits", experiment="other"))["run_ids"] == []
    found = await client.ask(store, {"ask": "filter", "expression": "loss < 0.3"}, **scope)
    assert found["run_ids"] == [new]
    (cell,) = (await client.ask(store, {"ask": "cells"}, **scope))["cells"]
    assert (cell["cell_id"], cell["run_ids"], cell["change"]) == ("a", [new, old], "−0.25")


async def test_a_filter_that_is_wrong_is_an_answer_that_says_so(client: Client, project: Project) -> None:
    project.run()
    store = (await client.get("place", path=PATH))["store"]
    answer = await client.ask(store, {"ask": "filter", "expression": "lr <"})
    assert answer["answer"] == "failure"


async def test_runs_are_marked_and_held_against_a_baseline_by_changes_only(client: Client, project: Project) -> None:
    run_id = project.run().id
    store = (await client.get("place", path=PATH))["store"]
    mark = {"ask": "mark", "run_ids": [run_id], "mark": "starred", "value": "yes"}
    status, message = await client.ask(store, mark)
    assert (status, message) == (400, "This question changes something; expected one that does not; send it to change")
    assert (await client.post("change", {"store": store, "question": mark}))["starred"] == [run_id]
    baseline = {"ask": "baseline", "run_id": run_id}
    assert (await client.post("change", {"store": store, "question": baseline}))["baseline"] == run_id
    assert (await client.post("change", {"store": store, "question": {"ask": "runs"}}))[0] == 400
    step = {"ask": "step", "model": "mlp", "version": 1, "step": "promote", "value": "staging"}
    for question in ({"ask": "register", "run_id": run_id, "model": "mlp"}, step):
        assert (await client.ask(store, question))[0] == 400
        assert (await client.post("change", {"store": store, "question": question}))["answer"] == "failure"


async def test_whoever_looks_does_not_wait_for_those_who_change_something(client: Client, project: Project) -> None:
    run = project.run(finish=False)
    run.log_artifact(b"weights", "weights.bin", kind="model")
    run.finish()
    store = (await client.get("place", path=PATH))["store"]
    register = {"store": store, "question": {"ask": "register", "run_id": run.id, "model": "mlp"}}
    with deciding_alone(project.store.folder):
        changes = [asyncio.ensure_future(client.post("change", register)) for _ in range(2)]
        await asyncio.wait(changes, timeout=0.5)
        assert (await client.ask(store, {"ask": "runs"}, run_ids=[run.id]))["run_ids"] == [run.id]
        assert not any(change.done() for change in changes)
    assert [(await change)["version"] for change in changes] == [1, 2]


async def test_the_page_of_a_run_names_its_notebook_as_contents_do(client: Client, project: Project) -> None:
    run_id = project.run(loss=0.5).id
    store = (await client.get("place", path=PATH))["store"]
    page = await client.ask(store, {"ask": "run", "run_id": run_id})
    assert (page["notebook"], page["cell_id"]) == (PATH, "a")


async def test_a_notebook_that_a_store_says_is_elsewhere_is_none_of_the_servers(
    client: Client, project: Project, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    run = project.run(notebook=f"{project.folder}/../../away/train.ipynb")
    store = (await client.get("place", path=PATH))["store"]
    assert (await client.ask(store, {"ask": "run", "run_id": run.id}))["notebook"] is None
    restored = await client.post("restore", {"store": store, "run_id": run.id})
    assert restored["notebook"].startswith("restored-")
    assert list(away.iterdir()) == []


async def test_settings_that_change_count_for_the_next_answer(client: Client, project: Project) -> None:
    project.run(loss=0.5, other=0.25)
    scope = {"project": "digits", "experiment": "train"}
    for main in ("loss", "other"):
        (project.folder / "trackside.toml").write_text(f'main_metric = "{main}"\n')
        store = (await client.get("place", path=PATH))["store"]
        assert (await client.ask(store, {"ask": "runs"}, **scope))["main"] == f"metric:{main}"


async def test_settings_that_cannot_be_read_cost_only_their_notebooks(
    client: Client, project: Project, jp_root_dir: Path
) -> None:
    (project.folder / "trackside.toml").write_text("main_metric = [")
    status, message = await client.get("place", path=PATH)
    assert status == 400
    assert "trackside.toml" in message
    assert (await client.get("about"))["places"]
    (jp_root_dir / "trackside.toml").write_text("main_metric = [")
    assert (await client.get("about"))["version"]


async def test_what_a_run_left_comes_as_a_notebook_and_as_outputs(client: Client, project: Project) -> None:
    run_id = project.run(loss=0.5).id
    store = (await client.get("place", path=PATH))["store"]
    notebook = nbformat.from_dict(await client.get("notebook", store, run_id))
    nbformat.validate(notebook)
    assert any(cell.source.endswith("ts.log(loss=train(lr))") for cell in notebook.cells)
    kept = await client.get("outputs", store, run_id)
    (card,) = kept["outputs"]
    assert card["data"][CARD_MIME]["status"] == "finished"
    assert card["metadata"]["trackside"]["run_id"] == run_id


async def test_in_the_notebook_as_it_stood_the_runs_own_cell_has_its_outputs(client: Client, project: Project) -> None:
    run = project.run(finish=False)
    cells = [NotebookCell(sha256=run.recording.keep(b"lr = 1"), cell_id=cell_id) for cell_id in ("before", "a")]
    run.recording.keep_part("notebook", Notebook(cells=cells, came_from="file"))
    run.finish()
    store = (await client.get("place", path=PATH))["store"]
    _, before, own = (await client.get("notebook", store, run.id))["cells"]
    assert (before["outputs"], before["execution_count"]) == ([], None)
    assert own["outputs"] == (await client.get("outputs", store, run.id))["outputs"]
    assert own["execution_count"] == 1


async def test_a_run_is_restored_beside_its_notebook(client: Client, project: Project) -> None:
    run_id = project.run().id
    store = (await client.get("place", path=PATH))["store"]
    restored = await client.post("restore", {"store": store, "run_id": run_id})
    assert restored["notebook"].startswith("digits/restored-")
    assert (project.folder.parent / restored["notebook"]).is_file()


async def test_runs_that_are_not_there_are_refused_in_one_line(client: Client, project: Project) -> None:
    project.run()
    store, nobody = (await client.get("place", path=PATH))["store"], "00000000-0000-7000-8000-000000000000"
    for answer in (await client.get("notebook", store, nobody), await client.get("outputs", store, nobody)):
        assert answer[0] == 400
        assert answer[1].startswith("No run 00000 in ")


async def test_only_notebooks_below_the_servers_folder_have_a_place(
    client: Client, project: Project, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.ipynb").write_text("{}")
    for path in ("../outside/x.ipynb", "digits/../../outside/x.ipynb", "digits", ""):
        status, message = await client.get("place", path=path)
        assert status == 400, path
        assert message.startswith(f"{path!r} is no notebook of this server"), message
    absolute = await client.get("place", path=str(outside / "x.ipynb"))
    assert Path(absolute["folder"]).is_relative_to(project.folder.parent)


async def test_only_stores_that_a_notebook_has_can_be_asked(client: Client, project: Project) -> None:
    project.run()
    for store in ("0" * 16, str(project.store.folder), "../.trackside"):
        status, message = await client.ask(store, {"ask": "runs"})
        assert status == 404
        assert message.startswith("No store ")


async def test_stores_of_several_notebooks_are_told_apart(client: Client, project: Project, jp_root_dir: Path) -> None:
    other = jp_root_dir / "other"
    Store.create(other / ".trackside")
    one, two = await client.get("place", path=PATH), await client.get("place", path="other/nb.ipynb")
    assert one["store"] != two["store"]
    run_id = project.run().id
    assert (await client.ask(one["store"], {"ask": "runs"}))["run_ids"] == [run_id]
    assert (await client.ask(two["store"], {"ask": "runs"}))["run_ids"] == []
    here, *others = (await client.get("about"))["places"]
    assert here["folder"] == str(jp_root_dir / ".trackside")
    assert [place["folder"] for place in others] == [one["folder"], two["folder"]]
    assert [place["exists"] for place in others] == [True, True]


@pytest.mark.usefixtures("project")
async def test_what_is_not_understood_is_refused(client: Client) -> None:
    store = (await client.get("place", path=PATH))["store"]
    for body in ("", "{", "[]", "null", {"store": store}, {"store": store, "question": {"ask": "sql"}}):
        status, message = await client.post("ask", body)
        assert status == 400
        assert message.startswith("The request was not understood: ")
    status, _ = await client.post("ask", {"store": store, "question": {"ask": "filter", "expression": "x" * 2**20}})
    assert status == 413


async def test_a_kernel_that_has_a_store_of_its_own_is_believed(
    client: Client, project: Project, jp_serverapp: ServerApp, tmp_path: Path
) -> None:
    session = await jp_serverapp.session_manager.create_session(path=PATH, type="notebook", kernel_name="python3")
    own = replace(find_settings(project.folder), store_folder=tmp_path / "own", experiment="chosen")
    tell_place(session["kernel"]["id"], own)
    place = await client.get("place", path=PATH)
    assert (place["folder"], place["experiment"], place["told_by"]) == (str(tmp_path / "own"), "chosen", "kernel")
    await jp_serverapp.session_manager.delete_session(session["id"])
    assert (await client.get("place", path=PATH))["folder"] == str(project.store.folder)
