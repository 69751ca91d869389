"""Whatever stands in a store, a diff's page, its text and a restored notebook show it as text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import nbformat
import pytest

import trackside as ts
from tests.diff.support import code_record, details_of, note_datasets
from trackside.model import Artifact, Dataset
from trackside.records import ColumnProfile, DataProfile, LocalModule, Modules, encode
from trackside.restoration.restore import restore_run
from trackside.run_summary import summarize
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = {
    "html": "<img src=x onerror=alert(1)><script>alert(2)</script></pre></details>",
    "quotes": "\"'><svg onload='alert(1)'>`${x}`",
    "bidi": "safe\u202eexe.\u2066gpj\u0000\u200b",
    "long": "x" * 10_000,
    "proto": "__proto__",
    "paths": "../../../etc/passwd",
    "markdown": "`` ` [x](javascript:alert(1)) <b>\n\n# title",
}
ALLOWED = {"div", "details", "summary", "strong", "span", "table", "thead", "tbody", "tr", "th", "td", "pre", "bdi"} | {
    "ins",
    "del",
    "p",
}


class Page(HTMLParser):
    """Tells which elements and attributes a page has, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def keep(folder: Path, text: str, number: int) -> Run:
    """Keep a run with a text in every place where it can have one."""
    with Run.start(
        folder,
        name=text,
        project=text,
        experiment="digits",
        user=text,
        origin="notebook",
        cell_id="own",
        notebook=f"/{text}.ipynb",
        source=f"%%track\n{text} {number}",
        tags={text: f"{text}{number}"},
        params={f"{text}{number}": text, "same": f"{text}{number}"},
    ) as run:
        profile = DataProfile(columns=[ColumnProfile(name=text, dtype=f"{text}{number}")], pipeline=f"{text}{number}")
        dataset = Dataset(
            name=text, kind=f"{text}{number}", role="test", source=text, profile=run.recording.keep(encode(profile))
        )
        module = LocalModule(
            name=text, path=text, sha256=run.recording.keep(f"{text}{number}".encode("utf-8", "replace"))
        )
        note_datasets(run, dataset)
        run.recording.keep_part("modules", Modules(modules=[module]))
        run.recording.keep_part("code", code_record(run, [f"{text}{number}", text], branch=text, notes=[text]))
        run.keep_artifacts([Artifact(name=text, kind=text, mime=text, bytes=1, sha256=run.recording.keep(b"x"))])
        run.log({"loss": float(number)})
    return run


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_page_has_no_element_or_attribute_of_a_store_s_text(store_folder: Path, kind: str) -> None:
    for number in (1, 2):
        keep(store_folder, HOSTILE[kind], number)
    told = ts.runs(experiment="digits", include_hidden=True).diff()
    html = told._repr_html_()
    page = Page(html)
    assert page.open == []
    assert page.tags <= ALLOWED
    assert page.attributes <= {"style", "class", "open", "scope"}
    assert len(html) < 60_000
    assert HOSTILE[kind][:20] in page.text or kind in {"bidi", "markdown"}
    for text in (html, repr(told)):
        assert not set(text) & set("\u202e\u2066\u0000\u200b")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_run_s_summary_and_notebook_say_it_in_harmless_words(store_folder: Path, tmp_path: Path, kind: str) -> None:
    run = keep(store_folder, HOSTILE[kind], 1)
    details = details_of(store_folder, run)
    said = summarize(details, ts.runs(run.id).goals)
    assert not set(said) & set("\u202e\u2066\u0000\u200b")
    restored = restore_run(details, tmp_path / "out")
    head = nbformat.read(restored.notebook, as_version=4).cells[0].source
    for line in head.splitlines():
        outside = "".join(line.split("`")[::2])
        assert "<" not in outside
        assert "javascript" not in outside
    written = {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    assert written == {path.relative_to(restored.folder).as_posix() for path in restored.files}
    assert all(path.resolve().is_relative_to(tmp_path / "out") for path in restored.files)
