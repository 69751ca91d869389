"""In what code two runs differ: their cells, the cells before those, local modules, the repository."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from trackside.run_details import read_kept
from trackside.run_diff.cells import CellText, compare_cells, difference_of, label_cell
from trackside.run_diff.sections import Difference, Section, value_section
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.records import Code, Modules
    from trackside.run_details import RunDetails


class _Slice(NamedTuple):
    """The cells of a run: its own (None where its source was not kept) and those that it depends on."""

    own: CellText | None
    earlier: list[CellText]


def compare_code(before: RunDetails, after: RunDetails) -> Section:
    """Return in what code two runs differ."""
    old, new = _slice(before), _slice(after)
    differences, same = list[Difference](), 0
    if old.own and new.own and old.own.digest == new.own.digest:
        same += 1
    elif old.own or new.own:
        differences.append(difference_of(old.own, new.own))
    notes = []
    if before.code and after.code:
        earlier, unchanged = compare_cells(old.earlier, new.earlier)
        differences += earlier
        same += unchanged
    elif before.code or after.code:
        alone = "after" if before.code else "before"
        notes.append(f"of the run {alone} only its own cell is known, not the cells before that")
    if before.modules and after.modules:
        modules, unchanged = compare_cells(_modules(before, before.modules), _modules(after, after.modules))
        differences += modules
        same += unchanged
        notes += [*_say_what_was_edited("before", before.modules), *_say_what_was_edited("after", after.modules)]
    repository = value_section("code", _repository(before), _repository(after))
    uncommitted, unchanged = _compare_uncommitted(before, after)
    return Section(
        name="code",
        differences=differences + repository.differences + uncommitted,
        same=same + repository.same + unchanged,
        notes=notes,
    )


def own_source(run: RunDetails) -> str | None:
    """Return the source of a run's own cell, with its ``%%track`` line, or None where it was not kept or is lost."""
    if run.source is None and run.code and run.code.cells:
        return run.sources.get(run.code.cells[-1].sha256)
    return run.source


def _slice(run: RunDetails) -> _Slice:
    source = own_source(run)
    own = None
    if source is not None:
        label = f"the run's {'script' if run.origin == 'script' else 'cell'} {label_cell(source, run.execution_count)}"
        own = CellText(label, source, _digest(source))
    cells = run.code.cells[:-1] if run.code else []
    earlier = [
        CellText(label_cell(text, cell.execution_count), text, cell.sha256, cell.cell_id)
        for cell, text in ((cell, run.sources.get(cell.sha256)) for cell in cells)
    ]
    return _Slice(own, earlier)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _modules(run: RunDetails, record: Modules) -> list[CellText]:
    """Return the local modules as cells, known by their names."""
    return [
        CellText(f"module {module.name}", _read(run, module.sha256), module.sha256, module.name)
        for module in record.modules
    ]


def _say_what_was_edited(which: str, record: Modules) -> Iterator[str]:
    names = [cut(module.name, 100) for module in record.modules if module.is_edited]
    if names:
        yield f"of the run {which}, edited since imported, so that what ran is not known: {', '.join(names)}"


def _repository(run: RunDetails) -> dict[str, str]:
    code = run.code
    facts = {
        "commit": (code.commit if code else None) or run.git_commit,
        "branch": code.branch if code else None,
        "remote": code.remote if code else None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _compare_uncommitted(before: RunDetails, after: RunDetails) -> tuple[list[Difference], int]:
    """Return how the changes that were in no commit differ."""
    old, new = (_uncommitted(run) for run in (before, after))
    if old is None and new is None:
        return [], 0
    if old and new and old.digest == new.digest:
        return [], 1
    return [difference_of(old, new)], 0


def _uncommitted(run: RunDetails) -> CellText | None:
    code: Code | None = run.code
    if code is None or code.diff is None:
        return None
    return CellText("uncommitted changes", _read(run, code.diff), code.diff)


def _read(run: RunDetails, digest: str) -> str | None:
    content = read_kept(run.store_folder, digest)
    return None if content is None else content.decode("utf-8", "replace")
