"""The run that this process was started from, by ``!python train.py`` in a tracked cell for instance.

A live run names itself to the processes started while it lives, by the environment variable ``TRACKSIDE_RUN``: the
run's id, the process that owns it and the store's folder. Somebody may also set it by hand, to an id alone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from trackside.config import RUN_VARIABLE
from trackside.journal.owners import list_live_owners
from trackside.model import is_run_id

if TYPE_CHECKING:
    from trackside.journal.owners import Owner

_RANK_VARIABLES = ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK")
"""Where torchrun, Slurm, Open MPI and MPICH say which of the processes of a job this is."""


class _Kept(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def store_folder(self) -> Path | None: ...


class Inherited(NamedTuple):
    """A run named by another process. ``process`` and ``store_folder`` are None where the id stands alone."""

    run_id: str
    process: int | None = None
    store_folder: Path | None = None

    @classmethod
    def parse(cls, text: str) -> Inherited | None:
        """Read the variable; None where it names no run.

        Examples
        --------
        >>> Inherited.parse("01934d5e-7c1a-7def-8abc-0123456789ab 4711 /data/.trackside").process
        4711
        >>> Inherited.parse("last")  # no id: nobody's run
        """
        words = text.split(maxsplit=2)
        if not words or not is_run_id(words[0]):
            return None
        if len(words) < 3 or not words[1].isdigit():  # noqa: PLR2004 - id, process, folder
            return cls(words[0])
        return cls(words[0], int(words[1]), Path(words[2]))

    def __str__(self) -> str:
        """Return what the variable says."""
        return f"{self.run_id} {self.process} {self.store_folder}"

    def find_owner(self, store_folder: Path) -> Owner | None:
        """Return who owns the run, while it lives; else the newest live run of the same process.

        A worker may be used again after the run that started it: then it works for the next one.
        """
        owners = list_live_owners(store_folder)
        same_run = next((owner for owner in owners if owner.name.run_id == self.run_id), None)
        if same_run or self.process is None:
            return same_run
        return max((owner for owner in owners if owner.process == self.process), default=None)


_inherited = Inherited.parse(os.environ.get(RUN_VARIABLE, ""))
_own_process = os.getpid()


def inherited() -> Inherited | None:
    """Return the run that the process was started from, or None."""
    return _inherited


def inherit(text: str) -> None:
    """Have this process's runs from here on be part of the run that a text names, as the variable does."""
    global _inherited  # noqa: PLW0603 - one process, one run that it was started from
    _inherited = Inherited.parse(text)
    export(None)


def export(run: _Kept | None) -> None:
    """Name a run to the processes started from here on; None names the one that this process was started from."""
    named = Inherited(run.id, os.getpid(), run.store_folder) if run and run.store_folder else _inherited
    if named is None:
        os.environ.pop(RUN_VARIABLE, None)
    else:
        os.environ[RUN_VARIABLE] = str(named) if named.store_folder else named.run_id


def rank() -> int:
    """Return which process of a parallel job this is, 0 where it is none."""
    found = (os.environ.get(variable, "") for variable in _RANK_VARIABLES)
    return next((int(text) for text in found if text.isdigit()), 0)
