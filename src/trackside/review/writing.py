"""Makes a review: finds what it tells, writes its two files, and puts it on record."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from trackside.config import find_settings
from trackside.errors import InputError, NoStoreError
from trackside.review.gathering import gather
from trackside.review.notebook import make_notebook
from trackside.review.page import write_page
from trackside.review.period import parse_since
from trackside.review.words import say_summary
from trackside.tracking.statements import say

if TYPE_CHECKING:
    from trackside.config import Settings
    from trackside.review.findings import Review
    from trackside.store.store import Store

_WAIT = 10.0
_NAME = re.compile(r"[^/\\\0]{1,200}")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A review and where it stands."""

    review: Review
    notebook: Path
    page: Path

    def __str__(self) -> str:
        return f"{say_summary(self.review)}\nwritten to {self.notebook} and {self.page}"


def write_review(
    store: Store,
    settings: Settings,
    *,
    since: str = "7d",
    experiment: str | None = None,
    out: str | None = None,
    folder: Path | None = None,
) -> Written:
    """Write what ran in a time as a notebook and as a page, and put the review on record.

    Parameters
    ----------
    settings
        Those that name the author and the policy.
    since
        How long ago, or a date: see `trackside.review.period.parse_since`.
    experiment
        The only one of which to tell; by default all of the store's.
    out
        What the files are called, without their endings, and in which folder (``reports/week-12``); by default the day,
        ``review-2026-03-01``.
    folder
        Where they go where ``out`` names no other; by default the working folder.

    Raises
    ------
    InputError
        The time or the name cannot be used, or a file of that name is there.
    NoRunError
        Nothing ran.
    StoreError
        There is no store, or it cannot be read.
    """
    until = datetime.now(UTC)
    begin = parse_since(since, until)
    if not store.folder.is_dir():
        raise NoStoreError(f"There is no store at {store.folder}; expected a folder made by a tracked run.")
    store.refresh(_WAIT)
    notebook, page = _choose_files(folder or Path.cwd(), out, f"review-{until:%Y-%m-%d}")
    review = gather(store, settings, begin, until, experiment)
    is_found = find_settings(notebook.parent.resolve()).store_folder == store.folder
    content = make_notebook(review, None if is_found else store.folder)
    _write(page, write_page(review, store))
    _write(notebook, nbformat.writes(content) + "\n")
    say(
        store,
        "reviewed",
        review.author,
        review_id=str(uuid.uuid4()),
        since=begin.timestamp(),
        until=until.timestamp(),
        experiments=[(each.project, each.experiment) for each in review.experiments],
        run_ids=list(review.run_ids),
    )
    return Written(review=review, notebook=notebook, page=page)


def _choose_files(folder: Path, out: str | None, default: str) -> tuple[Path, Path]:
    """Return the files to write; a review that is there, with the decisions in it, is never replaced."""
    if out is not None:
        name = Path(out).name.removesuffix(".ipynb").removesuffix(".html")
        folder /= Path(out).parent if "\0" not in out else ""
        if not _NAME.fullmatch(name) or name.startswith(".") or not folder.is_dir():
            raise InputError(
                f"found {out[:80]!r} as the review's name; expected a file's name, such as week-12, "
                "in a folder that is there"
            )
        if taken := [file for file in _files(folder, name) if file.exists()]:
            raise InputError(f"{taken[0]} is there; expected a new name, for decisions may stand in it; choose another")
        return _files(folder, name)
    names = [default, *(f"{default}-{number}" for number in range(2, 1000))]
    free = (files for files in (_files(folder, name) for name in names) if not any(file.exists() for file in files))
    return next(free)


def _files(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.ipynb", folder / f"{name}.html"


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputError(
            f"The review cannot be written to {path} ({error.strerror}); expected a folder that can be written to"
        ) from error
