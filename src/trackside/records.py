"""What is kept of a run besides its events: records, JSON blobs named by their digests, so the same one is kept once.

A record refers to other blobs by their digests (64 hexadecimal digits), which `trackside gc` finds by their look.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal, TypeAlias

import msgspec

from trackside.legible import make_legible

PartName: TypeAlias = Literal["code", "modules", "notebook", "model", "kernel", "outputs"]
"""What of a run has a record of its own; the environment, which tables are made of, goes by an event of its own."""


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all records."""


class Gpu(msgspec.Struct, frozen=True, kw_only=True):
    """One graphics processor; ``memory`` in bytes."""

    name: str
    memory: int


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The machine and the software a run ran on; kept once per digest.

    Attributes
    ----------
    memory
        In bytes.
    packages
        Versions of the installed distributions by name.
    direct
        How those are written in a list of requirements that did not come from an index: ``"-e file:///home/ada/x"``,
        ``"x @ git+https://host/x@5d0c…"``.
    gpu_note
        Why GPU facts are missing where a driver was expected.
    blas
        The library that NumPy computes with.
    threads
        How many threads the libraries use that were loaded and tell it, by library.
    switches
        What decides whether a computation gives the same again, and how many threads it gets: environment variables,
        and settings of libraries that are not at their default.
    container, image, image_digest
        What kind of container it ran in, and what image it was made from, as far as the container tells.
    variables
        Environment variables that were asked for, likely secrets redacted.
    """

    python: str
    implementation: str
    executable: str
    os: str
    machine: str
    host: str
    cpu: str
    cores: int
    memory: int
    packages: dict[str, str]
    gpus: list[Gpu] = []
    gpu_driver: str | None = None
    cuda: str | None = None
    gpu_note: str | None = None
    cudnn: str | None = None
    blas: str | None = None
    threads: dict[str, int] = {}
    switches: dict[str, str] = {}
    container: str | None = None
    image: str | None = None
    image_digest: str | None = None
    direct: dict[str, str] = {}
    variables: dict[str, str] = {}


class ColumnProfile(Record, frozen=True, kw_only=True):
    """One column of a dataset, or the whole of an array.

    ``nulls`` counts missing values and NaN. ``quantiles`` are those at 0, 0.25, 0.5, 0.75 and 1 of the finite numbers;
    ``distinct`` counts different values, where they were counted. Of a sampled dataset, all are of the sample.
    """

    name: str
    dtype: str
    nulls: int | None = None
    quantiles: list[float] = []
    distinct: int | None = None


class FilterStep(Record, frozen=True, kw_only=True):
    """One filter of a dataset, in words or code, and how many rows were left after it."""

    text: str
    rows: int | None = None


class DataProfile(Record, frozen=True, kw_only=True):
    """What is known of a dataset beyond its identity.

    ``rows`` are those that were looked at: fewer than there are where it was sampled. ``split`` are the arguments of
    what divided it; ``pipeline`` is what was done to it before, in words or code. ``notes`` are what the user was told.
    ``left_out`` counts the columns of which the settings want nothing kept.
    """

    columns: list[ColumnProfile] = []
    rows: int | None = None
    split: dict[str, Any] = {}
    filters: list[FilterStep] = []
    pipeline: str | None = None
    notes: list[str] = []
    left_out: int = 0


class CodeCell(Record, frozen=True, kw_only=True):
    """One execution that made names which the run's cell reads, directly or through others.

    ``sha256`` is the blob of its source. ``state`` says how the cell stood when the run began: as it had been executed,
    since edited, or gone; ``"unknown"`` where the notebook could not be seen.
    """

    sha256: str
    execution_count: int | None = None
    cell_id: str | None = None
    names: list[str] = []
    state: Literal["current", "edited", "deleted", "unknown"] = "unknown"


class LocalModule(Record, frozen=True, kw_only=True):
    """A module of the user's own that was imported; ``path`` is relative to the project's folder.

    ``is_edited`` where its file was edited since: the blob is the edited file then, as what was imported is not known.
    """

    name: str
    path: str
    sha256: str
    is_edited: bool = False


class Modules(Record, frozen=True, kw_only=True):
    """The modules of the user's own that a run imported, those of before its beginning too, in their order.

    ``left_out`` counts those that were too many, or too large.
    """

    modules: list[LocalModule] = []
    left_out: int = 0


class Code(Record, frozen=True, kw_only=True):
    """The code that a run depends on: its minimal slice, in the order of execution, the run's own cell last.

    ``diff`` is the blob of ``git diff`` against ``commit``; ``notes`` say what was cut or could not be told.
    """

    cells: list[CodeCell] = []
    commit: str | None = None
    branch: str | None = None
    remote: str | None = None
    diff: str | None = None
    notes: list[str] = []


class NotebookCell(Record, frozen=True, kw_only=True):
    """One cell of a notebook; ``sha256`` is the blob of its source."""

    sha256: str
    kind: Literal["code", "markdown", "raw"] = "code"
    cell_id: str | None = None
    execution_count: int | None = None
    tags: list[str] = []


class Notebook(Record, frozen=True, kw_only=True):
    """The notebook as it stood when the run began, without outputs.

    ``came_from`` tells how it was had: from the front end, unsaved edits included; from the file as last saved; or only
    from the cells that this kernel had executed. ``path`` is None where it is not known.
    """

    path: str | None = None
    front_end: str = "unknown"
    came_from: Literal["front end", "file", "history"] = "history"
    is_unsaved: bool = False
    language: str = "python"
    cells: list[NotebookCell] = []


class Layer(Record, frozen=True, kw_only=True):
    """One layer of a network, or step of a pipeline; ``parameters`` are its own, without those of its parts."""

    name: str
    kind: str
    parameters: int | None = None


class Model(Record, frozen=True, kw_only=True):
    """One model that was trained; ``name`` is the variable that holds it."""

    name: str
    kind: str
    parameters: int | None = None
    trainable: int | None = None
    layers: list[Layer] = []


class Models(Record, frozen=True, kw_only=True):
    """The models that a run trained."""

    models: list[Model] = []


class KernelName(Record, frozen=True, kw_only=True):
    """One name in the kernel at the run's end."""

    name: str
    kind: str
    shape: str | None = None


class Kernel(Record, frozen=True, kw_only=True):
    """The kernel's names at the run's end; ``left_out`` counts unwanted ones and those beyond the most."""

    names: list[KernelName] = []
    left_out: int = 0


class Output(Record, frozen=True, kw_only=True):
    """One output of a cell, as nbformat tells them apart.

    ``data`` maps MIME types to blobs; of a stream, ``"text/plain"``.
    """

    kind: Literal["stdout", "stderr", "display_data", "execute_result", "error"]
    data: dict[str, str]


class Outputs(Record, frozen=True, kw_only=True):
    """What a cell put out, in order; ``notes`` say what was cut."""

    outputs: list[Output] = []
    notes: list[str] = []


class AddedOutputs(Outputs, frozen=True, kw_only=True):
    """What another cell put out that was added to the run later; ``source`` is the blob of that cell's source."""

    source: str
    cell_id: str | None = None
    execution_count: int | None = None


ADDED_OUTPUTS = "outputs/"
"""How the names of parts begin that are `AddedOutputs`; the rest says of which cell: of each the last count."""

PARTS: dict[PartName, type[Record]] = {
    "code": Code,
    "modules": Modules,
    "notebook": Notebook,
    "model": Models,
    "kernel": Kernel,
    "outputs": Outputs,
}
"""What kind of record each part of a run is."""


def encode(record: msgspec.Struct) -> bytes:
    """Return a record as JSON: the same record gives the same bytes."""
    try:
        return msgspec.json.encode(record, order="sorted")
    except UnicodeEncodeError:
        return msgspec.json.encode(make_legible(msgspec.to_builtins(record)), order="sorted")


def digest_of(record: msgspec.Struct) -> str:
    """Return the digest under which a record is kept: the SHA-256 of its JSON, in hexadecimal."""
    return hashlib.sha256(encode(record)).hexdigest()
