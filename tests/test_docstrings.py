"""The examples in docstrings run, each module's in a store of its own."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import trackside as ts

if TYPE_CHECKING:
    from types import ModuleType

MODULES = sorted(module.name for module in pkgutil.walk_packages(ts.__path__, "trackside."))


def has_examples(module: ModuleType) -> bool:
    return any(test.examples for test in doctest.DocTestFinder().find(module))


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.usefixtures("store_folder")
def test_examples_do_what_they_say(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    if not has_examples(module):
        return
    with ts.run("docstrings"):
        outcome = doctest.testmod(module, extraglobs={"Path": Path, "ts": ts})
    assert outcome.failed == 0


def test_there_are_examples() -> None:
    assert sum(has_examples(importlib.import_module(name)) for name in MODULES) > 5
