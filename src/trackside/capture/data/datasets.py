"""The data that a cell reads or makes, described: frames, arrays, tensors, data sets, loaders and files."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from msgspec.structs import replace

from trackside.capture.data.budget import Budget
from trackside.capture.data.content import shape_text
from trackside.capture.data.files import find_paths, is_data_file, look_at_file
from trackside.capture.data.leaks import SECONDS as LEAK_SECONDS
from trackside.capture.data.leaks import Part, find_overlap
from trackside.capture.data.looks import look_at
from trackside.capture.data.origins import Origin, find_origins
from trackside.capture.data.paths import is_address, without_secrets
from trackside.capture.data.recognition import expand, recognise
from trackside.capture.data.roles import role_of
from trackside.capture.data.splits import find_fold_split
from trackside.model import Dataset
from trackside.records import DataProfile, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from trackside.capture.code.cell import Cell
    from trackside.capture.data.content import Content

MAX_DATASETS = 40
"""Data of one cell that is described."""


Depth: TypeAlias = Literal["nothing", "shapes", "content"]


class Described(NamedTuple):
    """A dataset and what it looks like; `Dataset.profile` names the profile already, which is yet to be kept."""

    dataset: Dataset
    profile: DataProfile | None = None


class DataCapture:
    """Describes the data of one cell: what it reads before it runs, while nothing changes it; what it makes, after.

    Parameters
    ----------
    namespace
        The kernel's names.
    is_wanted
        Tells whether data of a name is to be kept.
    depth
        What is looked at: ``"nothing"``, names and ``"shapes"``, or the ``"content"``, too.

    Attributes
    ----------
    found
        The data found so far, by name.
    notes
        What the user should know of it.
    """

    def __init__(
        self,
        cell: Cell,
        namespace: Mapping[str, Any],
        is_wanted: Callable[[str], bool],
        depth: Depth = "content",
    ) -> None:
        self._depth = depth
        self.found: dict[str, Described] = {}
        self.notes: list[str] = []
        self._cell = cell
        self._namespace = namespace
        self._is_wanted = is_wanted
        self._budget = Budget()
        self._leak_budget = Budget(LEAK_SECONDS)
        self._compared: set[tuple[str, str]] = set()
        self._earlier: list[str] = []

    def look_before(self) -> None:
        """Describe the data that the cell reads, as it is before the cell runs, and the files that it will open."""
        if self._depth == "nothing":
            return
        self._earlier = [code for code in self._namespace.get("In", ()) if isinstance(code, str)]
        names = self._cell.reads_and_changes()
        self._describe((name for name in names if not name.startswith("_")), made=False)
        self._describe_files()
        self._compare()

    def look_after(self) -> list[Described]:
        """Describe the data that the cell made to train, choose or test with; return what is new."""
        if self._depth == "nothing":
            return []
        known = dict(self.found)
        bound = dict.fromkeys(binding.name for binding in self._cell.bindings)
        self._describe((name for name in bound if not name.startswith("_")), made=True)
        self._describe_files()
        self._compare()
        return [found for name, found in self.found.items() if known.get(name) != found]

    def _describe(self, names: Iterable[str], *, made: bool) -> None:
        recognised: list[tuple[str, Any, Content]] = []
        for name in names:
            if name not in self._namespace or name in self.found or not self._is_wanted(name):
                continue
            for label, value in expand(name, self._namespace[name]):
                even_small = not made or role_of(label) is not None
                content = recognise(value, even_small=even_small) if self._is_wanted(label) else None
                if content is not None:
                    recognised.append((label, value, content))
        if not recognised:
            return
        tree, namespace = (self._cell.tree, self._namespace) if made else (None, {})
        origins = find_origins(self._earlier, tree, namespace)
        folds = find_fold_split(self._cell, self._namespace)
        recognised.sort(key=lambda each: each[2].cost)  # what little there is to look at is looked at in full
        for label, value, content in recognised[:MAX_DATASETS]:
            origin = origins.get(label.partition("[")[0], Origin())
            role = role_of(label)
            if made and role is None and not origin.is_own:
                continue
            split = dict(origin.split) or (folds if role in (None, "train") else {})
            budget = self._budget if self._depth == "content" else None
            self.found[label] = describe(
                label, value, content, budget, source=origin.source, split=split, is_wanted=self._is_wanted
            )

    def _describe_files(self) -> None:
        for path in find_paths(self._cell, self._namespace)[:MAX_DATASETS]:
            label = without_secrets(path)
            budget = self._budget if self._depth == "content" else None
            if label not in self.found and self._is_wanted(label) and (file := describe_file(path, budget)):
                self.found[label] = file

    def _compare(self) -> None:
        """Look for rows that data to train on has in common with data to test on."""
        if self._depth != "content":
            return
        parts = list(self._parts())
        trains = [part for part in parts if part.role == "train"]
        held_out = [part for part in parts if part.role != "train"]
        for train, part in product(trains, held_out):
            if (train.name, part.name) not in self._compared:
                self._compared.add((train.name, part.name))
                self._compare_two(train, part)

    def _parts(self) -> Iterator[Part]:
        """Yield the data whose role is known, as it is now: held on to, it would stay where the cell frees it."""
        for name in dict.fromkeys(label.partition("[")[0] for label in self.found):
            for label, value in expand(name, self._namespace.get(name)):
                role, content = role_of(label), recognise(value, even_small=True)
                if role is not None and content is not None and label in self.found:
                    yield Part(label, role, content)

    def _compare_two(self, train: Part, part: Part) -> None:
        try:
            overlap = find_overlap(train, part, self._leak_budget)
        except Exception:  # noqa: BLE001 - values of any library
            return
        if overlap is not None:
            dataset, profile = self.found[part.name]
            self.notes.append(str(overlap))
            profile = profile or DataProfile()
            self.found[part.name] = with_profile(dataset, replace(profile, notes=[*profile.notes, str(overlap)]))


def describe(
    name: str,
    value: Any,
    content: Content,
    budget: Budget | None,
    *,
    source: str | None = None,
    split: Mapping[str, Any] | None = None,
    is_wanted: Callable[[str], bool] = lambda _: True,
) -> Described:
    """Return what is known of data; where it cannot be read, or there is no budget to, its name, type and shape.

    ``is_wanted`` tells of which columns something is to be kept besides their number.
    """
    dataset = Dataset(
        name=name,
        kind=content.kind,
        shape=shape_text(content.shape),
        role=role_of(name),
        memory=content.memory,
        source=source,
    )
    if budget is None:
        return Described(dataset)
    try:
        look = look_at(value, content, budget)
    except Exception:  # noqa: BLE001 - values of any library
        return with_profile(dataset, DataProfile(split=dict(split or {}))) if split else Described(dataset)
    dataset = replace(dataset, digest=look.digest, sampled=look.is_sampled)
    columns = [column for column in look.profile.columns if is_wanted(column.name)]
    left_out = len(look.profile.columns) - len(columns)
    return with_profile(dataset, replace(look.profile, columns=columns, left_out=left_out, split=dict(split or {})))


def describe_file(path: str, budget: Budget | None) -> Described | None:
    """Return what is known of a file that is read, or of an address; None where there is none to look at.

    Without a budget it is not opened.
    """
    label = without_secrets(path)
    if is_address(path):
        return Described(Dataset(name=label, kind="address", role=role_of(label), source=label))
    if budget is None:
        is_there = is_data_file(path)
        return Described(Dataset(name=label, kind="file", role=role_of(label), source=label)) if is_there else None
    try:
        look = look_at_file(path, budget)
    except OSError:
        return None
    if look is None:
        return None
    return Described(
        Dataset(
            name=label,
            kind="file",
            role=role_of(label),
            digest=look.digest,
            sampled=look.is_sampled,
            memory=look.size,
            source=label,
        )
    )


def with_profile(dataset: Dataset, profile: DataProfile) -> Described:
    """Return a dataset that names its profile."""
    return Described(replace(dataset, profile=digest_of(profile)), profile)
