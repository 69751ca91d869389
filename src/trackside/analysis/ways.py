"""Which runs were trained in one way: of the same code and data, whatever their seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.code.seeds import without_seeds
from trackside.run_data import read_datasets, read_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.store.store import Store


class _Trained(NamedTuple):
    """The code of a run but for its seeds, and the digests of its data by their names."""

    code: str
    data: dict[str, str]

    def has_same_data(self, other: _Trained) -> bool:
        """Tell whether the data of another run is known to be no other."""
        return all(other.data.get(name, digest) == digest for name, digest in self.data.items())


def keep_alike(store: Store, own: str, others: Sequence[str]) -> list[str]:
    """Return those of other runs whose code is the same but for its seeds, and whose data is known to be no other."""
    trained = _read_trained(store, [own, *others])
    mine = trained[own]
    return [each for each in others if trained[each].code == mine.code and trained[each].has_same_data(mine)]


def group_ways(
    store: Store, run_ids: Sequence[str], *, configs: Sequence[str], seeds: Sequence[str]
) -> list[list[int]]:
    """Return the places of runs that differ in nothing but their seed together.

    Where each seed has data of its own, it is what divides or makes the data: then data tells no two ways apart.

    Parameters
    ----------
    configs, seeds
        Of each run, as texts: its params but for the seeds, and the seeds; an empty one where none is known.
    """
    trained = _read_trained(store, run_ids)
    grouped: dict[tuple[str, str], list[int]] = {}
    for place, (run_id, config) in enumerate(zip(run_ids, configs, strict=True)):
        grouped.setdefault((config, trained[run_id].code), []).append(place)
    ways: list[list[int]] = []
    for group in grouped.values():
        drawn = {(seeds[place] or run_ids[place], _spell(trained[run_ids[place]])) for place in group}
        if len(drawn) == len({seed for seed, _ in drawn}) == len({data for _, data in drawn}):
            ways.append(group)
        else:
            ways += _group_data(group, [trained[run_ids[place]] for place in group])
    return ways


def _group_data(places: list[int], trained: list[_Trained]) -> list[list[int]]:
    groups: list[tuple[_Trained, list[int]]] = []
    for place, each in zip(places, trained, strict=True):
        its = next((group for first, group in groups if each.has_same_data(first)), [])
        if not its:
            groups.append((each, its))
        its.append(place)
    return [group for _, group in groups]


def _spell(trained: _Trained) -> str:
    return repr(sorted(trained.data.items()))


def _read_trained(store: Store, run_ids: Sequence[str]) -> dict[str, _Trained]:
    sources = read_sources(store, run_ids)
    trained = {run_id: _Trained(without_seeds(sources.get(run_id) or ""), {}) for run_id in run_ids}
    for each in read_datasets(store, run_ids):
        if each.dataset.digest:
            trained[each.run_id].data[each.dataset.name] = each.dataset.digest
    return trained
