"""Gets back a run as files: a notebook, its local modules, its requirements, what was in no commit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.model import short_id
from trackside.restoration.files import module_path, new_folder, write_files
from trackside.restoration.head import name_of
from trackside.restoration.notebooks import RestoredNotebook, make_slice, make_whole
from trackside.restoration.requirements import write_requirements
from trackside.run_details import read_kept
from trackside.visible_text import cut

if TYPE_CHECKING:
    from trackside.run_details import RunDetails


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was written.

    Attributes
    ----------
    folder, notebook, files
        Where it is: the notebook (a ``.py`` file for a script's run) and everything, the notebook too.
    notes
        What is not as it was.
    is_runnable
        Whether all that is to be run is there.
    """

    folder: Path
    notebook: Path
    files: list[Path]
    notes: list[str]
    is_runnable: bool = True

    def __repr__(self) -> str:
        names = ", ".join(str(path.relative_to(self.folder)) for path in self.files)
        return "\n".join([f"restored into {self.folder}: {names}", *(f"! {note}" for note in self.notes)])


def restore_run(
    run: RunDetails, folder: Path | None = None, *, whole: bool = False, with_added: bool = True
) -> Restored:
    """Write a run's files into a folder. Nothing is executed, and nothing overwritten.

    Parameters
    ----------
    folder
        Where to; by default ``restored-<id>`` in the working folder, or ``restored-<id>-2`` where that is taken.
    whole
        Write the whole notebook as it stood instead of the cells that the run depends on.
    with_added
        Write the cells below that added to the run later, too.

    Raises
    ------
    InputError
        What is asked for was not kept, or something is in the way.
    """
    if folder is None:
        folder = new_folder(Path.cwd(), f"restored-{short_id(run.run_id)}")
    folder = folder.expanduser().absolute()
    notes = [cut(line, 300) for line in run.lost]
    name, made = PurePosixPath(f"{name_of(run)}.ipynb"), _make_notebook(run, whole=whole, with_added=with_added)
    if isinstance(made, RestoredNotebook):
        content = _encode(made)
        notes += [note.replace("`", "'") for note in made.notes]
    else:
        name, content = name.with_suffix(".py"), made.encode("utf-8", "replace")
    files = {name: content} | _modules(run, notes) | _beside(run, notes)
    written = write_files(folder, files)
    is_runnable = not isinstance(made, RestoredNotebook) or made.is_runnable
    return Restored(folder=folder, notebook=written[0], files=written, notes=notes, is_runnable=is_runnable)


def _make_notebook(run: RunDetails, *, whole: bool, with_added: bool) -> RestoredNotebook | str:
    """Return the notebook to write, or the text of a script."""
    if whole:
        made = make_whole(run)
        if made is None:
            raise InputError(
                f"of run {short_id(run.run_id)} the notebook was not kept; expected one; leave out the whole"
            )
        return made
    if run.origin == "script" and run.source is not None:
        return run.source
    made = make_slice(run, with_added=with_added)
    if made is None:
        within = f"; it is part of {short_id(run.parent_id)}, restore that one" if run.parent_id else ""
        raise InputError(
            f"of run {short_id(run.run_id)} no source was kept; expected the run of a tracked cell or a script{within}"
        )
    return made


def _encode(made: RestoredNotebook) -> bytes:
    import nbformat

    nbformat.validate(made.content)
    text: str = nbformat.writes(made.content)
    return text.encode("utf-8", "replace")


def _modules(run: RunDetails, notes: list[str]) -> dict[PurePosixPath, bytes]:
    files: dict[PurePosixPath, bytes] = {}
    for module in run.modules.modules if run.modules else []:
        path, content = module_path(module.name, module.path), read_kept(run.store_folder, module.sha256)
        if path is None or content is None:
            notes.append(
                f"the module {cut(module.name, 100)} is {'lost' if path else 'left out: it has no module name'}"
            )
        else:
            files[path] = content
            if module.is_edited:
                notes.append(f"the module {cut(module.name, 100)} was edited since imported: what ran is not known")
    return files


def _beside(run: RunDetails, notes: list[str]) -> dict[PurePosixPath, bytes]:
    """Return what lies beside the code: requirements, and the changes that were in no commit."""
    files: dict[PurePosixPath, bytes] = {}
    if run.environment:
        files[PurePosixPath("requirements.txt")] = write_requirements(run.environment).encode("utf-8", "replace")
    if run.code and run.code.diff:
        content = read_kept(run.store_folder, run.code.diff)
        if content is None:
            notes.append("the changes that were in no commit are lost")
        else:
            files[PurePosixPath("changes.diff")] = content
    return files
