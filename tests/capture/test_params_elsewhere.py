"""Params that a cell reads through functions and classes of other cells."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from tests.capture.cells import found, kernel

from trackside.capture.code.definitions import find_definition


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("def train():\n    return model(EPOCHS)", "train()"),
        ("class Net:\n    def __init__(self):\n        self.layer = make(EPOCHS)", "net = Net()"),
        ("def inner():\n    return EPOCHS * 2\ndef train():\n    return inner()", "train()"),
        ("def train():\n    def step():\n        return work(EPOCHS)\n    return step()", "train()"),
        ("@no_grad\ndef train():\n    return work(EPOCHS)", "train()"),
        ("def train():\n    return work(EPOCHS)", "history = run(train)"),
    ],
)
def test_globals_of_functions_count_as_read(definition: str, code: str) -> None:
    def no_grad(function: Any) -> Any:
        @functools.wraps(function)
        def without(*args: Any) -> Any:
            return function(*args)

        return without

    namespace = {"no_grad": no_grad} | kernel("no_grad = lambda f: f", definition)
    assert found(code, **namespace, EPOCHS=5) == {"EPOCHS": 5}


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("def show():\n    print(EPOCHS)", "show()"),
        ("def train(EPOCHS=1):\n    return work(EPOCHS)", "train(2)"),
        ("def train():\n    EPOCHS = 1\n    return work(EPOCHS)", "train()"),
        ("def train():\n    return work(EPOCHS)", "print('hello')"),
        ("def train():\n    return SVC(C=3)", "train()"),
    ],
)
def test_what_functions_show_or_have_of_their_own_is_no_context(definition: str, code: str) -> None:
    assert "EPOCHS" not in {k for k in found(code, **kernel(definition), EPOCHS=5) if "." not in k}
    assert "SVC.C" not in found(code, **kernel(definition))


def test_a_name_that_the_cell_binds_is_the_cells() -> None:
    namespace = kernel("def train():\n    return work(EPOCHS)")
    assert found("EPOCHS = count()\ntrain()", **namespace, EPOCHS=5) == {}
    assert found("EPOCHS = 7\ntrain()", **namespace, EPOCHS=5) == {"EPOCHS": 7}


def test_functions_that_call_each_other_are_looked_at_once() -> None:
    namespace = kernel("def a():\n    return b(EPOCHS)\ndef b(n):\n    return a()")
    assert found("a()", **namespace, EPOCHS=5) == {"EPOCHS": 5}


def test_functions_of_libraries_are_not_looked_into() -> None:
    assert find_definition(functools.wraps) is None
    assert find_definition(kernel) is None
    assert find_definition(functools.partial(kernel)) is None


def test_a_function_without_source_is_no_trouble() -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec("def train():\n    return EPOCHS", namespace)  # noqa: S102 - a cell of this test
    assert found("train()", **namespace, EPOCHS=5) == {}
