"""Keeps with a run which of its params is its seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.capture.words.names import is_seed_name
from trackside.model import SEED_TAG, Param

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.tracking import Run


def note_seed(run: Run, names: Sequence[str], seed: int | None) -> None:
    """Keep the seed that a run was given under some names: as a param, and where its name does not say so, a tag."""
    if seed is None:
        return
    known = {part for key in run.params for part in (key, key.rpartition(".")[2])}
    run.add_params([Param(key=name, value=seed, kind="int", origin="cell") for name in names if name not in known])
    unsaid = [name for name in names if not is_seed_name(name)]
    run.set_tags({SEED_TAG: ",".join(unsaid)} if unsaid else None)
