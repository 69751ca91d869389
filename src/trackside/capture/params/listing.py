"""A list of params in which nothing is said twice."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import msgspec

from trackside.capture.params.values import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trackside.model import Param


_SAME = {
    "random_state": "seed",
    "lr": "learning_rate",
    "eta": "learning_rate",
    "bs": "batch_size",
    "n_epochs": "epochs",
    "num_epochs": "epochs",
    "max_epochs": "epochs",
}
"""Names for one thing."""


class Listing:
    """Params that add something to those known.

    Attributes
    ----------
    new
        What was added, in order.
    """

    def __init__(self, known: Iterable[Param]) -> None:
        self.new: list[Param] = []
        self._keys: set[str] = set()
        self._said: set[tuple[str, str, bytes]] = set()
        for param in known:
            self._note(param, "" if param.origin != "call" else _owner(param))

    def add(self, param: Param) -> None:
        """List a field of a config object, unless a name or a call has said it."""
        if param.key not in self._keys and not any(said[1:] == _saying(param) for said in self._said):
            self._list(param, "")

    def add_told(self, param: Param) -> None:
        """List a setting of an object, ``SVC.C``, unless a name has said it, or another object of its class.

        Where there is one of this key with another value, it is ``SVC[2].C``.
        """
        owner, saying = _owner(param), _saying(param)
        if ("", *saying) in self._said or (owner, *saying) in self._said:
            return
        keys = (f"{numbered(owner, number)}.{param.key.partition('.')[2]}" for number in count(1))
        self._list(msgspec.structs.replace(param, key=next(key for key in keys if key not in self._keys)), owner)

    def _list(self, param: Param, owner: str) -> None:
        self._note(param, owner)
        self.new.append(param)

    def _note(self, param: Param, owner: str) -> None:
        self._keys.add(param.key)
        self._said.add((owner, *_saying(param)))


def _owner(param: Param) -> str:
    return param.key.partition(".")[0].partition("[")[0]


def _saying(param: Param) -> tuple[str, bytes]:
    """Return what two params share that say the same: the last part of the name, and the value."""
    name = param.key.rpartition(".")[2].rpartition("__")[2].lower()
    name = "seed" if "seed" in name else _SAME.get(name, name)
    return name, msgspec.json.encode((param.kind, param.value))
