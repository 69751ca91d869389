"""The data that runs used and the text of their cells, as the store knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from trackside.errors import StoreDamagedError
from trackside.model import Dataset
from trackside.records import DataProfile
from trackside.store.blobs import read_blob

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from trackside.store.store import Store

_DEFINES = "metric "
_DIVIDES = "folds of "


@dataclass(frozen=True, kw_only=True)
class RunDataset:
    """A dataset of a run; ``profile`` is None where there is none, or it is lost."""

    run_id: str
    dataset: Dataset
    profile: DataProfile | None


def read_datasets(store: Store, run_ids: Sequence[str]) -> list[RunDataset]:
    """Return the datasets of runs, in the order of the runs; of one run in the order in which they were noted."""
    names = list(Dataset.__struct_fields__)
    columns = ", ".join(names)
    with store.read() as connection:
        rows = connection.execute(
            f"""SELECT CAST(run_id AS VARCHAR), {columns} FROM datasets
            WHERE run_id IN (SELECT CAST(unnest(?) AS UUID)) ORDER BY time, seq, name""",
            [list(run_ids)],
        ).fetchall()
    profiles: dict[str, DataProfile | None] = {}
    found: list[RunDataset] = []
    for run_id, *values in rows:
        fields = dict(zip(names, values, strict=True))
        dataset = Dataset(**fields | {"sampled": bool(fields["sampled"])})
        if dataset.profile and dataset.profile not in profiles:
            profiles[dataset.profile] = _read_profile(store.folder, dataset.profile)
        profile = profiles[dataset.profile] if dataset.profile else None
        found.append(RunDataset(run_id=run_id, dataset=dataset, profile=profile))
    order = {run_id: place for place, run_id in enumerate(run_ids)}
    return sorted(found, key=lambda each: order[each.run_id])


def read_sources(store: Store, run_ids: Sequence[str]) -> dict[str, str]:
    """Return the text of the cells that runs are, by the runs' ids; those of scripts have none."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(run_id AS VARCHAR), source FROM runs
            WHERE run_id IN (SELECT CAST(unnest(?) AS UUID)) AND source IS NOT NULL""",
            [list(run_ids)],
        ).fetchall()
    return {str(run_id): str(source) for run_id, source in rows}


def read_folds_known(store: Store, run_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what is known of the artifact of the folds' scores, by the runs' ids; of runs without folds nothing."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(run_id AS VARCHAR), CAST(about AS VARCHAR) FROM artifacts
            WHERE kind = 'folds' AND run_id IN (SELECT CAST(unnest(?) AS UUID))""",
            [list(run_ids)],
        ).fetchall()
    return {str(run_id): msgspec.json.decode(about) for run_id, about in rows}


def spell_defined(defined: Mapping[str, str]) -> dict[str, str]:
    """Return definitions of metrics as what is known of the artifact of the folds' scores, ``Artifact.about``."""
    return {f"{_DEFINES}{metric}": told for metric, told in defined.items()}


def spell_divided(divided: Mapping[str, str]) -> dict[str, str]:
    """Return of which data and folds metrics are as what is known of the artifact of the folds' scores."""
    return {f"{_DIVIDES}{metric}": told for metric, told in divided.items()}


def read_divided(about: Mapping[str, str]) -> dict[str, str]:
    """Return of which data and folds metrics are that are known of an artifact."""
    return {key.removeprefix(_DIVIDES): told for key, told in about.items() if key.startswith(_DIVIDES)}


def read_defined(about: Mapping[str, str]) -> dict[str, str]:
    """Return the definitions of metrics that are known of an artifact."""
    return {key.removeprefix(_DEFINES): told for key, told in about.items() if key.startswith(_DEFINES)}


def read_live_datasets(folder: Path, run_id: str, datasets: Iterable[Dataset]) -> list[RunDataset]:
    """Return the datasets of a run of this process with their profiles, as far as these are kept by now."""
    return [
        RunDataset(run_id=run_id, dataset=each, profile=_read_profile(folder, each.profile) if each.profile else None)
        for each in datasets
    ]


def _read_profile(folder: Path, digest: str) -> DataProfile | None:
    try:
        return msgspec.json.decode(read_blob(folder, digest), type=DataProfile)
    except (OSError, StoreDamagedError, msgspec.DecodeError):
        return None  # `trackside doctor` says that it is lost; the rest of what is known still stands
