"""The guide's example of a check does what the guide says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import trackside as ts

GUIDE = Path(__file__).parents[2] / "notebooks" / "deciding.md"


@pytest.mark.usefixtures("store_folder")
def test_the_example_comes_out_as_it_is_told() -> None:
    section = GUIDE.read_text(encoding="utf-8").partition("## Is it better?")[2].partition("\n## ")[0]
    code, told = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    *statements, last = code.strip().split("\n\n")
    namespace: dict[str, Any] = {"ts": ts}
    exec("\n\n".join(statements), namespace)  # noqa: S102 - our own guide
    made = eval(last, namespace)  # noqa: S307 - likewise
    numbers = re.compile(r"[\d.]+")  # the libraries' versions decide on the digits
    assert numbers.sub("#", repr(made)) == numbers.sub("#", told.strip())
