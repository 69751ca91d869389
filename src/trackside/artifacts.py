"""The artifacts of runs: listed, read, shown and saved again. Nothing of them is ever unpickled or run."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from trackside.capture.artifacts.files import FOLDER_MIME, ending_of
from trackside.capture.artifacts.loading import load_bytes
from trackside.errors import InputError, list_known, suggest
from trackside.model import short_id
from trackside.quantities import spell_bytes, spell_count
from trackside.store.blobs import copy_blob, read_blob, read_pieces
from trackside.wire import RECORD_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from trackside.store.store import Store

LARGEST_SHOWN = 20_000_000
"""Bytes of a picture that is shown."""

_PICTURES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"))
_LISTED = 200


@dataclass(frozen=True, kw_only=True)
class KeptArtifact:
    """One artifact of a run in a store.

    Attributes
    ----------
    run_id, name, kind, mime, sha256, step, about
        As they were kept; see `trackside.model.Artifact`.
    size
        How many bytes it has.
    """

    run_id: str
    name: str
    kind: str
    mime: str
    size: int
    sha256: str
    step: int | None = None
    about: dict[str, str] = field(default_factory=dict)
    _folder: Path = field(repr=False)

    def read(self) -> bytes:
        """Return its bytes, checked.

        Raises
        ------
        StoreDamagedError
            They are missing or no longer what was kept.
        """
        return read_blob(self._folder, self.sha256)

    def check(self) -> None:
        """Read all its bytes, of a folder those of its files, and hold them against what was kept.

        Raises
        ------
        StoreDamagedError
            They are missing or no longer what was kept.
        """
        files = self._files() if self.mime == FOLDER_MIME else {}
        for digest in (self.sha256, *(str(file["sha256"]) for file in files.values())):
            for _ in read_pieces(self._folder, digest):
                pass

    def load(self) -> Any:
        """Return what its bytes say: JSON, a text, a table or an array.

        Raises
        ------
        InputError
            It is of another kind, or known from a committed record alone. A model is never loaded: unpickling one runs
            whatever code it holds.
        """
        if not self.sha256:
            raise InputError(f"{self.name!r} is known from a record alone, without its bytes; expected the run's store")
        return load_bytes(self.read(), self.mime, self.about, self.name)

    @property
    def data(self) -> Any:
        """The numbers that a figure shows; None where they are not known. Of Altair and Plotly all of its JSON."""
        if digest := self.about.get("data"):
            return json.loads(read_blob(self._folder, digest))
        return self.load() if self.kind == "figure" and self.mime.endswith("+json") else None

    def save(self, path: str | Path = ".", *, overwrite: bool = False) -> Path:
        """Write it to a file and return the file's path; of a folder, all its files.

        Parameters
        ----------
        path
            A file, or a folder that is there: then the file gets the last part of the artifact's name.
        overwrite
            Whether a file that is there may be replaced.

        Raises
        ------
        InputError
            The file is there already, or its folder is not.
        StoreDamagedError
            The bytes are missing or no longer what was kept.
        """
        target = Path(path).expanduser()
        if self.mime == FOLDER_MIME:
            return self._save_folder(target / file_name(self.name) if target.is_dir() else target, overwrite=overwrite)
        if target.is_dir():
            target /= file_name(self.name, self.mime)
        _copy(self._folder, self.sha256, target, overwrite=overwrite)
        return target

    def show(self) -> None:
        """Show it at once, in the middle of a cell; outside of IPython, say what it is."""
        ipython = sys.modules.get("IPython")
        if ipython is not None and ipython.get_ipython() is not None:
            ipython.display.display(self)
        else:
            sys.stdout.write(f"{self._line()}\n")

    def _files(self) -> dict[str, dict[str, Any]]:
        """Return what a folder lists: its files by their paths within it."""
        files: dict[str, dict[str, Any]] = json.loads(self.read())["files"]
        return files

    def _save_folder(self, target: Path, *, overwrite: bool) -> Path:
        files = self._files()
        self._check_inner(files, target, overwrite=overwrite)
        for inner, file in files.items():
            path = target / inner
            path.parent.mkdir(parents=True, exist_ok=True)
            _copy(self._folder, str(file["sha256"]), path, overwrite=overwrite)
        return target

    def _check_inner(self, files: Iterable[str], target: Path, *, overwrite: bool) -> None:
        """Refuse a folder before anything is written if a file would lie outside of it, or where one is already."""
        known: set[tuple[str, ...]] = set()
        for inner in files:
            parts = PurePosixPath(inner).parts
            if not parts or ".." in parts or "\0" in inner or Path(inner).is_absolute() or parts in known:
                raise InputError(
                    f"The folder {self.name!r} lists the file {inner[:200]!r}; expected paths within it, each once; "
                    "its other files are artifacts of their own."
                )
            known.add(parts)
            if not overwrite and (target / inner).exists():
                raise _taken(target / inner)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        line = self._line()
        metadata = {"trackside": {"kind": "artifact", "version": RECORD_VERSION, "run_id": self.run_id}}
        if self.mime not in _PICTURES or self.size > LARGEST_SHOWN:
            return {"text/plain": line, "text/html": f"<pre>{escape(line)}</pre>"}, metadata
        picture = base64.b64encode(self.read()).decode()
        image = f'<img alt="{escape(self.name)}" src="data:{self.mime};base64,{picture}">'
        return {"text/plain": line, "text/html": f"{image}<div>{escape(line)}</div>"}, metadata

    def _line(self) -> str:
        step = "" if self.step is None else f" at step {self.step}"
        known = {name: value for name, value in self.about.items() if name != "data"}
        about = "".join(f" · {name} {value}" for name, value in known.items())
        return f"{self.kind} {self.name!r}{step} of run {short_id(self.run_id)} · {spell_bytes(self.size)}{about}"


class Artifacts:
    """The artifacts of some runs; at the end of a cell it shows itself as a table. Made by `Runs.artifacts`."""

    def __init__(self, found: Sequence[KeptArtifact]) -> None:
        self._found = list(found)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[KeptArtifact]:
        return iter(self._found)

    def __getitem__(self, which: str | int) -> KeptArtifact:
        """Return one artifact by its place or name; of several steps the last.

        Raises
        ------
        InputError
            There is none of this name, or several runs have one.
        """
        if isinstance(which, int):
            return self._found[which]
        named = [each for each in self._found if each.name == which]
        if not named:
            known = [each.name for each in self._found]
            there_are = list_known(which, known, "none; keep one with ts.log_artifact(…)")
            raise InputError(f"No artifact {which!r} in these runs.{suggest(which, known)} There are: {there_are}.")
        runs = {each.run_id for each in named}
        if len(runs) > 1:
            raise InputError(
                f"{len(runs)} runs have an artifact {which!r}; expected one run; "
                f"choose it, such as ts.runs('last').artifacts()[{which!r}]"
            )
        return max(named, key=lambda each: (each.step is not None, each.step or 0))

    def of_kind(self, kind: str) -> Artifacts:
        """Return those of one kind: ``"figure"``, ``"table"``, ``"model"``, and so on."""
        return Artifacts([each for each in self._found if each.kind == kind])

    @property
    def names(self) -> list[str]:
        """The names, each once."""
        return list(dict.fromkeys(each.name for each in self._found))

    @property
    def df(self) -> pd.DataFrame:
        """The artifacts as a DataFrame: run, name, step, kind, type, size in bytes, digest."""
        import pandas as pd

        columns = ("run_id", "name", "step", "kind", "mime", "size", "sha256")
        rows = [[getattr(each, column) for column in columns] for each in self._found]
        return pd.DataFrame(rows, columns=list(columns)).astype({"step": "Int64"})

    def __repr__(self) -> str:
        lines = [each._line() for each in self._found[:_LISTED]]  # noqa: SLF001 - the module's own class
        more = [f"and {len(self) - _LISTED} more"] if len(self) > _LISTED else []
        return "\n".join([f"<{spell_count(len(self), 'artifact')}>", *lines, *more])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("run", "name", "step", "kind", "size", "type"))
        rows = "".join(_html_row(each) for each in self._found[:_LISTED])
        more = f"<p>and {len(self) - _LISTED} more</p>" if len(self) > _LISTED else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def list_artifacts(store: Store, run_ids: Iterable[str]) -> Artifacts:
    """Return what is kept of runs, in the order of the runs given and of the names."""
    wanted = list(run_ids)
    if not wanted:
        return Artifacts([])
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(run_id AS VARCHAR), name, kind, mime, bytes, sha256, step, CAST(about AS VARCHAR)
            FROM artifacts WHERE run_id IN (SELECT CAST(unnest($1) AS UUID)) ORDER BY name, step""",
            [wanted],
        ).fetchall()
    place = {run_id: at for at, run_id in enumerate(wanted)}
    rows.sort(key=lambda row: place[row[0]])
    return Artifacts([_kept(store.folder, row) for row in rows])


def file_name(name: str, mime: str = "") -> str:
    """Return a name for a file that is safe in any folder, from an artifact's name, which may be anything.

    Examples
    --------
    >>> file_name("../../etc/passwd"), file_name("loss curve", "image/png"), file_name("..")
    ('passwd', 'loss curve.png', 'artifact')
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    safe = "".join(letter if letter.isprintable() and letter not in '<>:"|?*' else "_" for letter in last)
    safe = safe.strip(" .")[:100].strip(" .") or "artifact"
    return safe if "." in safe else safe + ending_of(mime)


def _kept(folder: Path, row: tuple[Any, ...]) -> KeptArtifact:
    run_id, name, kind, mime, size, sha256, step, about = row
    return KeptArtifact(
        run_id=run_id,
        name=name,
        kind=kind,
        mime=mime,
        size=size,
        sha256=sha256,
        step=step,
        about=json.loads(about) if about else {},
        _folder=folder,
    )


def _copy(store: Path, digest: str, target: Path, *, overwrite: bool) -> None:
    """Copy a blob to a file; the file is claimed first, so that nobody else's is replaced meanwhile."""
    try:
        if not overwrite:
            target.open("xb").close()
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        raise InputError(f"The file {target} cannot be written ({error.strerror}); name another one.") from error
    try:
        copy_blob(store, digest, target)
    except BaseException:
        if not overwrite:
            target.unlink(missing_ok=True)
        raise


def _taken(target: Path) -> InputError:
    return InputError(f"The file {target} is there already; name another one, or say overwrite=True.")


def _html_row(artifact: KeptArtifact) -> str:
    step = "" if artifact.step is None else str(artifact.step)
    cells = (short_id(artifact.run_id), artifact.name, step, artifact.kind, spell_bytes(artifact.size), artifact.mime)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
