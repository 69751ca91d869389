"""What is of another kind than asked for is refused in one line that says what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CALLS: dict[str, Callable[[Any], object]] = {
    "found 5 as the run's name": ts.run,
    "found 5 as the runs": ts.runs,
    "found 5 as a tag": lambda value: ts.runs().tag(value),
    "found 5 as a metric": lambda value: ts.runs().compare(value),
    "newest is '5'": lambda value: ts.runs().compare(newest=str(value)),  # type: ignore[arg-type]  # wrong on purpose
}


@pytest.mark.parametrize("told", CALLS)
def test_a_number_in_place_of_a_text_is_told(told: str, store_folder: Path) -> None:
    assert store_folder
    ts.run("mlp").finish()
    with pytest.raises(InputError, match=rf"^{told}.*; expected "):
        CALLS[told](5)
