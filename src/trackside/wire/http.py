"""What the server extension is asked and answers over HTTP.

::

    GET  trackside/about                          About
    GET  trackside/place?path=nb.ipynb            Place
    POST trackside/ask            Asked           Answer, of a question that changes nothing
    POST trackside/change         Asked           Answer, of one that does
    POST trackside/watch          Watch           Watched
    GET  trackside/notebook/STORE/RUN             the notebook as it stood, as JSON
    GET  trackside/outputs/STORE/RUN              KeptOutputs
    POST trackside/restore        Restore         RestoredFiles

Stores go by a key that the server gave them: no path of a file comes from a browser but that of a notebook, as
Jupyter's contents have it.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from trackside.wire.constants import MOST_RUNS
from trackside.wire.questions import Question


class Asked(msgspec.Struct, kw_only=True, frozen=True):
    """A question about runs of a store: those of an experiment, or of all where it is null, or those of ``run_ids``.

    Of the experiment's runs it is about the ``newest``.
    """

    store: str
    question: Question
    project: str | None = None
    experiment: str | None = None
    run_ids: Annotated[list[str], msgspec.Meta(max_length=MOST_RUNS)] | None = None
    newest: Annotated[int, msgspec.Meta(ge=1, le=MOST_RUNS)] = MOST_RUNS


class Place(msgspec.Struct, kw_only=True, frozen=True):
    """Where a notebook's runs are kept, and under which experiment.

    ``folder`` is the store's folder, for people to read; ``told_by`` says who named it: the kernel that runs the
    notebook, or else its settings. ``exists`` says whether anything was tracked there yet. ``is_disabled`` says that
    the settings turn tracking off. ``notebook`` is one by which it was found, as Jupyter's contents have it.
    """

    store: str
    folder: str
    project: str
    experiment: str
    exists: bool
    told_by: str
    is_disabled: bool = False
    notebook: str | None = None


class About(msgspec.Struct, kw_only=True, frozen=True):
    """The server: its Trackside's version, its host, and the stores it has found so far, its own folder's first."""

    version: str
    host: str
    places: list[Place]


class Watch(msgspec.Struct, kw_only=True, frozen=True):
    """Asks to hear of a store's runs for ``seconds`` from now on; asked for again before they are over."""

    store: str
    seconds: Annotated[float, msgspec.Meta(ge=1, le=120)] = 30.0


class Watched(msgspec.Struct, kw_only=True, frozen=True):
    """``mark`` is another one whenever runs of the store changed."""

    mark: str


class KeptOutputs(msgspec.Struct, kw_only=True, frozen=True):
    """A run's card and what its cell put out, as outputs of a notebook's cell; ``lost`` counts those that are lost."""

    outputs: list[dict[str, Any]]
    execution_count: int | None = None
    lost: int = 0


class Restore(msgspec.Struct, kw_only=True, frozen=True):
    """Asks for a run's cells as a notebook in a new folder; with ``whole`` for the notebook as it stood."""

    store: str
    run_id: str
    whole: bool = False


class RestoredFiles(msgspec.Struct, kw_only=True, frozen=True):
    """The notebook that was written, as Jupyter's contents have it, and what in it is not as it was."""

    notebook: str
    notes: list[str]


class Refused(msgspec.Struct, kw_only=True, frozen=True):
    """Why a request got no answer, in one line: the body of every status from 400 on."""

    message: str
