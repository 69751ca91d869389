"""A run is written back as a notebook, its modules and its requirements; nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import nbformat
import pytest

import trackside as ts
from tests.diff.support import code_record, damage, details_of, environment, keep_run
from trackside.errors import InputError
from trackside.records import Code, CodeCell, LocalModule, Modules, Notebook, NotebookCell, Output, Outputs
from trackside.restoration.files import module_path
from trackside.restoration.requirements import write_requirements
from trackside.restoration.restore import restore_run
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n\x00\x00"


def read(path: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def test_the_slice_is_written_in_order_with_its_outputs(store_folder: Path, tmp_path: Path) -> None:
    source = "%%track fit\nplot(X)"
    with Run.start(
        store_folder, name="fit", experiment="digits", origin="notebook", source=source, execution_count=9
    ) as run:
        module = LocalModule(name="models.mlp", path="src/models/mlp.py", sha256=run.recording.keep(b"WIDTH = 3\n"))
        sources = ["import trackside as ts\nimport numpy as np", "X = np.ones(3)", source]
        run.recording.keep_part("modules", Modules(modules=[module]))
        run.recording.keep_part("code", code_record(run, sources, diff=run.recording.keep(b"+new line\n")))
        outputs = [
            Output(kind="stdout", data={"text/plain": run.recording.keep(b"epoch 1\n")}),
            Output(
                kind="display_data",
                data={"image/png": run.recording.keep(PNG), "text/plain": run.recording.keep(b"<Figure>")},
            ),
            Output(kind="execute_result", data={"application/json": run.recording.keep(b'{"a": 1}')}),
            Output(kind="error", data={"text/plain": run.recording.keep(b"Traceback\nValueError: no")}),
        ]
        run.recording.keep_part("outputs", Outputs(outputs=outputs))
    details = replace(details_of(store_folder, run), environment=environment(packages={"numpy": "2.0"}))
    restored = restore_run(details, tmp_path / "out")
    assert sorted(path.relative_to(tmp_path / "out").as_posix() for path in restored.files) == [
        "changes.diff",
        f"fit-{run.id[-5:]}.ipynb",
        "models/mlp.py",
        "requirements.txt",
    ]
    head, *cells = read(restored.notebook).cells
    assert [cell.source for cell in cells] == sources
    assert run.id in head.source
    assert [cell.execution_count for cell in cells] == [1, 2, 9]
    stream, figure, result, error = cells[-1].outputs
    assert (stream.name, stream.text) == ("stdout", "epoch 1\n")
    assert figure.data["image/png"].startswith("iVBORw0KGgoA")
    assert (result.data["application/json"], result.execution_count) == ({"a": 1}, 9)
    assert (error.ename, error.evalue) == ("ValueError", "no")
    assert (tmp_path / "out" / "models" / "mlp.py").read_bytes() == b"WIDTH = 3\n"
    assert (tmp_path / "out" / "requirements.txt").read_text() == "# Python 3.11.7\nnumpy==2.0\n"


def test_where_the_cells_before_are_not_known_it_says_so(store_folder: Path, tmp_path: Path) -> None:
    run = keep_run(store_folder, "%%track\nfit()")
    details_of(store_folder, run)
    restored = ts.runs(run.id).restore(tmp_path / "out")
    head, imports, own = read(restored.notebook).cells
    assert "the cells before it are not known" in head.source
    assert "the cells before it are not known" in repr(restored)
    assert imports.source.startswith("import trackside as ts")
    assert own.source == "%%track\nfit()"


def test_cells_that_changed_since_and_secrets_are_told(store_folder: Path, tmp_path: Path) -> None:
    with Run.start(store_folder, name="fit", origin="notebook", source='%%track\nkey = "<redacted>"') as run:
        cells = [
            CodeCell(sha256=run.recording.keep(b"X = 1"), execution_count=3, state="edited"),
            CodeCell(sha256=run.recording.keep(b"own")),
        ]
        run.recording.keep_part("code", Code(cells=cells))
    details_of(store_folder, run)
    notes = ts.runs(run.id).restore(tmp_path / "out").notes
    assert "'[3] X = 1' has been edited since; here is what ran" in notes
    assert any("likely secrets were not kept" in note for note in notes)


def test_a_lost_cell_leaves_a_place_and_is_told(store_folder: Path, tmp_path: Path) -> None:
    run = keep_run(store_folder, earlier=["lost = 1"])
    code = details_of(store_folder, run).code
    assert code is not None
    damage(store_folder, code.cells[0].sha256)
    restored = ts.runs(run.id).restore(tmp_path / "out")
    assert read(restored.notebook).cells[2].source == "# the source of this cell is lost"
    assert not restored.is_runnable


def test_nothing_is_overwritten(store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = keep_run(store_folder)
    details_of(store_folder, run)
    (tmp_path / "out").mkdir()
    taken = tmp_path / "out" / f"fit-{run.id[-5:]}.ipynb"
    taken.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=r"ipynb is there already; expected not to overwrite"):
        ts.runs(run.id).restore("out")
    assert list((tmp_path / "out").iterdir()) == [taken]
    assert not (tmp_path / "elsewhere").exists()
    folders = [ts.runs(run.id).restore().folder.name for _ in range(2)]
    assert folders == [f"restored-{run.id[-5:]}", f"restored-{run.id[-5:]}-2"]
    (tmp_path / "file").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        ts.runs(run.id).restore("file")


def test_the_whole_notebook_is_written_as_it_stood(store_folder: Path, tmp_path: Path) -> None:
    with Run.start(store_folder, name="fit", origin="notebook", source="own") as run:
        cells = [
            NotebookCell(sha256=run.recording.keep(b"# Title"), kind="markdown", cell_id="one"),
            NotebookCell(sha256=run.recording.keep(b"a = 1"), cell_id="one", execution_count=3, tags=["parameters"]),
            NotebookCell(sha256=run.recording.keep(b"raw"), kind="raw", cell_id="not an id!"),
        ]
        run.recording.keep_part("notebook", Notebook(cells=cells, came_from="file"))
    details_of(store_folder, run)
    _, title, code, raw = read(ts.runs(run.id).restore(tmp_path / "out", whole=True).notebook).cells
    assert (title.cell_type, title.source, title.id) == ("markdown", "# Title", "one")
    assert (code.execution_count, code.metadata["tags"]) == (3, ["parameters"])
    assert (raw.cell_type, raw.source) == ("raw", "raw")


def test_a_script_is_written_as_a_script(store_folder: Path, tmp_path: Path) -> None:
    with Run.start(store_folder, name="train", origin="script", source="print(1)\n") as run:
        pass
    details_of(store_folder, run)
    restored = ts.runs(run.id).restore(tmp_path / "out")
    assert (restored.notebook.suffix, restored.notebook.read_text()) == (".py", "print(1)\n")


@pytest.mark.parametrize(("whole", "told"), [(True, "the notebook was not kept"), (False, "no source was kept")])
def test_what_was_not_kept_is_refused(store_folder: Path, tmp_path: Path, whole: bool, told: str) -> None:  # noqa: FBT001 - a case
    with Run.start(store_folder, name="bare", origin="notebook") as run:
        pass
    details_of(store_folder, run)
    with pytest.raises(InputError, match=told):
        ts.runs(run.id).restore(tmp_path / "out", whole=whole)
    assert not (tmp_path / "out").exists()


def test_a_requirement_that_is_no_package_is_a_comment() -> None:
    packages = {"-r /etc/passwd": "1", "numpy": "2.0\n--index-url http://evil", "six": "1.17.0"}
    lines = write_requirements(environment(packages=packages)).splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["six==1.17.0"]
    assert len(lines) == 4


def test_requirements_name_the_addresses_that_packages_came_from() -> None:
    packages = {"a": "1.0", "b": "2.0", "own": "0.1"}
    direct = {"b": "b @ git+https://host/b@5d0c", "own": "-e file:///home/ada/own"}
    assert write_requirements(environment(packages=packages, direct=direct)).splitlines()[1:] == [
        "# installed from a folder, as it was then: file:///home/ada/own",
        "a==1.0",
        "b @ git+https://host/b@5d0c",
    ]


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a..b", "", "a.b/c", "a\x00b", "x" * 200])
def test_a_name_that_is_no_module_s_makes_no_path(name: str) -> None:
    assert module_path(name, name) is None
