"""The guide's example of a model does what the guide says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import trackside as ts

GUIDE = Path(__file__).parents[3] / "notebooks" / "deciding.md"


@pytest.mark.usefixtures("store")
def test_the_example_comes_out_as_it_is_told() -> None:
    section = GUIDE.read_text(encoding="utf-8").partition("## Which model is in production?")[2].partition("\n## ")[0]
    code, told = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    *statements, last = code.strip().split("\n\n")
    namespace: dict[str, Any] = {"ts": ts}
    exec("\n\n".join(statements), namespace)  # noqa: S102 - our own guide
    assert eval(last, namespace).to_string() == told.rstrip("\n")  # noqa: S307 - likewise
    assert ts.models["digits"].champion.stage == "production"
    assert namespace["best"].predict(namespace["X"][:1]).tolist() == [0]
