"""Records of runs as files: what is known of them where there is no store, a line for each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trackside.errors import InputError
from trackside.team.policy.run_record import RECORD_VERSION, RunRecord, find_seeds
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

LINE_ROOM = 60_000
"""Bytes of one run in a file, at most."""

_MOST = {"params": 200, "metrics": 200, "tags": 100, "datasets": 100, "artifacts": 100}
_TEXT = 200
_SHOWN = 100


def write_record(runs: Iterable[RunRecord]) -> bytes:
    """Return runs as JSON lines, the oldest first; the same runs give the same bytes."""
    ordered = sorted(runs, key=lambda run: (run.started_at, run.run_id))
    lines = (msgspec.json.encode(bound(run, LINE_ROOM), order="sorted") for run in ordered)
    return b"".join(line + b"\n" for line in lines)


def read_record(file: Path) -> list[RunRecord]:
    """Return the runs that a file records.

    Raises
    ------
    InputError
        It cannot be read, or is no record: the line is named.
    """
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise InputError(
            f"{file} cannot be read ({error.strerror}); expected a record; `trackside export --record` writes one"
        ) from error
    return [_read_line(line, f"{file}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def read_plain(record: Any, where: str) -> RunRecord | None:
    """Return the run that JSON-like data records; None where it is no record that can be read.

    Parameters
    ----------
    where
        Where it stands, for the error.

    Raises
    ------
    InputError
        It was written by a newer Trackside.
    """
    try:
        run = msgspec.convert(record, RunRecord)
    except msgspec.ValidationError:
        return None
    _check_version(run, where)
    return run


def bound(run: RunRecord, room: int) -> RunRecord:
    """Return a record of at most so many bytes: of long texts the beginning, of many names the first, seeds ahead."""
    size = 1.0
    while len(msgspec.json.encode(kept := _cut(run, size))) > room and size > 1 / 64:
        size /= 2
    return kept


def _cut(run: RunRecord, size: float) -> RunRecord:
    """Return a record with that share of what is kept at most."""
    text, seeds = max(8, int(_TEXT * size)), find_seeds(run)
    most = {name: int(count * size) for name, count in _MOST.items()}
    keys = sorted(run.params, key=lambda key: (key not in seeds, key))
    plain: dict[str, Any] = {
        "params": {_text(key, text): _value(run.params[key], text) for key in keys[: most["params"]]},
        "metrics": {_text(key, text): run.metrics[key] for key in sorted(run.metrics)[: most["metrics"]]},
        "tags": {_text(key, text): _text(run.tags[key], text) for key in sorted(run.tags)[: most["tags"]]},
        "datasets": [
            msgspec.structs.replace(each, name=_text(each.name, text)) for each in run.datasets[: most["datasets"]]
        ],
        "artifacts": [
            msgspec.structs.replace(each, name=_text(each.name, text), kind=_text(each.kind, text))
            for each in run.artifacts[: most["artifacts"]]
        ],
        "goals": {key: goal for key, goal in run.goals.items() if key in run.metrics},
    }
    is_cut = run.is_cut or any(len(plain[name]) < len(getattr(run, name)) for name in _MOST)
    named = {name: _text(getattr(run, name), text) for name in ("name", "experiment", "project", "user")}
    return msgspec.structs.replace(run, **plain, **named, is_cut=is_cut)


def _text(text: str, length: int) -> str:
    return text if len(text) <= length else cut(text, length)


def _value(value: Any, length: int) -> Any:
    if isinstance(value, (list, dict)):
        value = msgspec.json.encode(value).decode()
    return _text(value, length) if isinstance(value, str) else value


def _read_line(line: bytes, where: str) -> RunRecord:
    try:
        run = msgspec.json.decode(line, type=RunRecord)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{where} is no run: {cut(str(error), _SHOWN)}; expected a line of `trackside export --record`"
        ) from error
    _check_version(run, where)
    return run


def _check_version(run: RunRecord, where: str) -> None:
    if run.version > RECORD_VERSION:
        raise InputError(
            f"{where} has version {run.version}; expected at most {RECORD_VERSION}; upgrade Trackside "
            "(pip install --upgrade trackside)"
        )


def newest_of(runs: Sequence[RunRecord], notebook: str, cell_id: str | None, digest: str) -> RunRecord | None:
    """Return the newest run of a notebook's cell, known by its id or its text's digest; None where there is none."""
    own = (run for run in runs if run.notebook == notebook)
    fitting = [run for run in own if run.source_digest == digest or (run.cell_id and run.cell_id == cell_id)]
    return max(fitting, key=lambda run: (run.started_at, run.run_id), default=None)
