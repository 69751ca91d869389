"""Which data is meant, and which runs used it: by its content, whatever it is called, by name, or by its source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from trackside.errors import InputError, list_known, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trackside.store.store import Store

_DIGEST = re.compile(r"(?:v1:)?([0-9a-f]{6,32})")
SAME_CONTENT = "same content"
SAME_SAMPLE = "same content of a sample"
SAME_NAME = "same name"
SAME_SOURCE = "made of it, by its source"


@dataclass(frozen=True, kw_only=True)
class Use:
    """A run that used the data: under which name, in which role, and how that is known."""

    run_id: str
    name: str
    role: str | None
    digest: str | None
    match: str


@dataclass(frozen=True, kw_only=True)
class FoundData:
    """Data that somebody asks for, and the runs that used it."""

    label: str
    uses: list[Use] = field(default_factory=list)

    @property
    def run_ids(self) -> list[str]:
        """The runs, each once."""
        return list(dict.fromkeys(use.run_id for use in self.uses))


def find_data(store: Store, data: Any) -> FoundData:
    """Return which runs used data.

    Parameters
    ----------
    data
        A DataFrame, an array, a tensor; a path of a file; the name of a dataset; its digest, or the beginning of it.

    Raises
    ------
    InputError
        It is none of these, or a text that names nothing.
    """
    rows = _read(store)
    if not isinstance(data, (str, PurePath)):
        return _by_content(data, rows)
    text = str(data)
    named = [Use(**_facts(row), match=SAME_NAME) for row in rows if row["name"] == text]
    file = Path(data).expanduser()
    if not named and file.is_file():
        return _by_file(text, file, rows)
    digest = _DIGEST.fullmatch(text)
    begun = [row for row in rows if digest and (row["digest"] or "").partition(":")[2].startswith(digest[1])]
    sources = [row for row in rows if row["source"] == text]
    uses = named or [_same(row) for row in begun] or [Use(**_facts(row), match=SAME_SOURCE) for row in sources]
    if not uses:
        known = sorted({row["name"] for row in rows})
        raise InputError(
            f"{text!r:.200} names no data.{suggest(text, known)} Expected data itself, a file's path, a digest or a "
            f"name; there are: {list_known(text, known)}."
        )
    return FoundData(label=text, uses=_with_same_content(uses, rows))


def _by_content(data: Any, rows: list[dict[str, Any]]) -> FoundData:
    from trackside.capture.data.given import describe_given

    dataset = describe_given("data", data).dataset
    label = f"{dataset.kind} {dataset.shape or ''}".strip()
    same = [_same(row) for row in rows if dataset.digest and _is_same(row, dataset.digest, is_sampled=dataset.sampled)]
    return FoundData(label=label, uses=same)


def _by_file(text: str, file: Path, rows: list[dict[str, Any]]) -> FoundData:
    from trackside.capture.data.given import describe_given

    dataset = describe_given("data", str(file)).dataset
    sources = {text, str(file), str(file.resolve()), *([dataset.source] if dataset.source else [])}
    same = [_same(row) for row in rows if dataset.digest and _is_same(row, dataset.digest, is_sampled=dataset.sampled)]
    made = [Use(**_facts(row), match=SAME_SOURCE) for row in rows if row["source"] in sources]
    return FoundData(label=file.name, uses=_each_once([*same, *made]))


def _with_same_content(uses: list[Use], rows: list[dict[str, Any]]) -> list[Use]:
    """Return uses with those of the same content under other names."""
    digests = {(use.digest, use.match == SAME_SAMPLE) for use in uses if use.digest}
    wanted = {digest for digest, _ in digests}
    return _each_once([*uses, *(_same(row) for row in rows if row["digest"] in wanted)])


def _each_once(uses: Iterable[Use]) -> list[Use]:
    return list({(use.run_id, use.name): use for use in reversed([*uses])}.values())[::-1]


def _same(row: dict[str, Any]) -> Use:
    return Use(**_facts(row), match=SAME_SAMPLE if row["sampled"] else SAME_CONTENT)


def _is_same(row: dict[str, Any], digest: str, *, is_sampled: bool) -> bool:
    return bool(row["digest"] == digest and bool(row["sampled"]) == is_sampled)


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("run_id", "name", "role", "digest")}


def _read(store: Store) -> list[dict[str, Any]]:
    if not store.folder.exists():
        return []
    store.refresh()
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(d.run_id AS VARCHAR), d.name, role, digest, coalesce(sampled, false), d.source
            FROM datasets d JOIN runs r ON r.run_id = d.run_id ORDER BY r.started_at DESC, d.run_id DESC, d.name"""
        ).fetchall()
    return [dict(zip(("run_id", "name", "role", "digest", "sampled", "source"), row, strict=True)) for row in rows]
