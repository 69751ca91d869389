"""Whether what a cell reads is still what it was: for cells that run several times in one kernel."""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import dataclass
from operator import methodcaller
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from trackside.capture.data.budget import Budget
from trackside.capture.data.looks import forget, look_at
from trackside.capture.data.recognition import recognise
from trackside.capture.data.spelling import UnspeakableError, spell_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

_SECONDS = 0.2
_DEEPEST = 4
_MOST_PARTS = 200
"""Parts of one object that are looked at."""

_LONGEST = 10_000
"""Entries of what is spelled in full."""

_STATES: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("random", "Random"): methodcaller("getstate"),
    ("numpy", "Generator"): lambda generator: generator.bit_generator.state,
    ("numpy", "RandomState"): lambda generator: list(generator.get_state(legacy=True)),
    ("torch", "Generator"): methodcaller("get_state"),
}
"""What random generators, by their library and class, tell of where they stand."""

_CODE = (ModuleType, FunctionType, MethodType, BuiltinFunctionType, type)


class Inputs:
    """What some names hold, by digests: of data, of random generators, and of objects' parts as far as they are known.

    Parameters
    ----------
    names
        The names that a cell reads; those of the shell's own, ``_`` and the like, do not count.
    namespace
        The kernel's names.

    Attributes
    ----------
    unsure
        The names that were not looked at in full: large data, and what there was no time for.

    Examples
    --------
    >>> import random
    >>> kernel = {"rng": random.Random(0), "lr": 0.1}
    >>> inputs = Inputs(["rng", "lr"], kernel)
    >>> _ = kernel["rng"].random()
    >>> inputs.changed()
    ['rng']
    """

    def __init__(self, names: Collection[str], namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._names = [
            name
            for name in names
            if name in namespace and not name.startswith("_") and not isinstance(namespace[name], _CODE)
        ]
        self.unsure: set[str] = set()
        self._before = self._look()

    def changed(self) -> list[str]:
        """Return the names that hold something else by now, or the same object with other content."""
        now = self._look()
        return [
            name
            for name, digest in self._before.items()
            if name not in self._namespace or now.get(name, digest) != digest
        ]

    def _look(self) -> dict[str, str]:
        budget, end = Budget(_SECONDS), time.perf_counter() + 2 * _SECONDS
        seen = {}
        for name in self._names:
            if name not in self._namespace:
                continue
            looking = _Looking(budget)
            if time.perf_counter() < end:
                seen[name] = _digest(self._namespace[name], looking)
            if name not in seen or not looking.is_full:
                self.unsure.add(name)
        return seen


@dataclass
class _Looking:
    """One look at what a name holds: the time that there is for it, and whether all of it was seen."""

    budget: Budget
    is_full: bool = True


def _digest(value: Any, looking: _Looking) -> str:
    digest = hashlib.sha256()
    try:
        for piece in _pieces(value, looking, 0):
            digest.update(piece)
    except Exception:  # noqa: BLE001 - values of any library
        return str(id(value))
    return digest.hexdigest()


def _pieces(value: Any, looking: _Looking, depth: int) -> Iterator[bytes]:
    """Yield what tells this content from another; what cannot be looked into is told by its identity."""
    if isinstance(value, _CODE):
        yield f"code {id(value)}".encode()
        return
    content = recognise(value, even_small=True)
    if content is not None and content.columns is not None:
        forget(value)  # or a change in place of a few rows would escape
        look = look_at(value, content, looking.budget)
        looking.is_full &= not look.is_sampled
        yield str(look.digest or id(value)).encode()
        return
    if (state := _state(value)) is not None:
        yield from _pieces(state, looking, depth + 1)
        return
    if not (isinstance(value, str | bytes | list | tuple | dict | set) and len(value) > _LONGEST):
        try:
            yield from [bytes(piece) for piece in spell_objects([value])]
        except UnspeakableError:
            pass  # its parts may be told
        else:
            return
    parts = _parts(value) if depth < _DEEPEST else None
    yield f"|{type(value).__module__}.{type(value).__qualname__}".encode()
    if parts is None:
        yield str(id(value)).encode()
        return
    looking.is_full &= len(parts) <= _MOST_PARTS
    for name, part in list(parts.items())[:_MOST_PARTS]:
        yield f"|{name}:".encode()
        yield from _pieces(part, looking, depth + 1)


def _parts(value: Any) -> dict[Any, Any] | None:
    """Return what an object is made of, as far as asking for it runs no code of the user's."""
    if (torch := sys.modules.get("torch")) and isinstance(value, torch.nn.Module):
        return dict(value.state_dict())
    if isinstance(value, dict):
        return dict(value)
    own = dict(enumerate(value)) if isinstance(value, list | tuple) else getattr(value, "__dict__", None)
    return dict(own) if type(own) is dict else None


def _state(value: Any) -> Any:
    """Return the state of a random generator; None of anything else."""
    library = type(value).__module__.partition(".")[0]
    tell = _STATES.get((library, type(value).__name__))
    return tell(value) if tell else None
