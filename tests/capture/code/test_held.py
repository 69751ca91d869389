"""What a name holds is told without asking the object anything, whatever it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from trackside.capture.code.held import MOST_OBJECTS, look_at


class Hostile:
    """Raises whatever it is asked."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __len__(self) -> int:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]  # likewise


def test_an_object_that_raises_is_looked_at_all_the_same() -> None:
    hostile = Hostile()
    for value in (hostile, [hostile], {"k": hostile}):
        assert {id(value), id(hostile)} <= look_at(value).reaches


def test_what_reaches_the_same_object_shares_it() -> None:
    inner: list[int] = []
    assert look_at([[inner]]).reaches & look_at(SimpleNamespace(x=(inner,))).reaches == {id(inner)}
    array = np.zeros(4)
    assert look_at(array).reaches & look_at(array[:2]).reaches


def test_what_cannot_change_is_not_shared() -> None:
    assert not look_at(("a", 1, None)).reaches
    assert not look_at([1, 2.5, "a"]).runs_code
    assert look_at([print]).runs_code


def test_of_a_large_list_only_a_part_is_looked_at() -> None:
    assert len(look_at([[] for _ in range(100_000)]).reaches) == MOST_OBJECTS


def test_a_list_that_holds_itself_has_an_end() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert look_at(loop).reaches == {id(loop)}
