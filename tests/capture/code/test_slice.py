"""Which cells a slice has, in kernels where people did what people do."""

from __future__ import annotations

import pytest
from tests.capture.code.kernels import SmallKernel

from trackside.capture.code.effects import MOST_FUNCTIONS


def slice_of(*cells: str) -> list[int]:
    """Run all cells but the last, and return which of them the last depends on, counted from 1."""
    kernel = SmallKernel()
    for code in cells[:-1]:
        kernel.run(code)
    return kernel.slice(cells[-1])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a = 1", "b = 2", "a + 1"], [1]),
        (["a = 1", "b = a", "c = 3", "b"], [1, 2]),
        (["a = 1", "a = 2", "a"], [2]),
        (["a = 1", "b = a", "a = 2", "b"], [1, 2]),
        (["a, b = 1, 2", "del b", "b = 3", "a, b"], [1, 3]),
        (["import math as m", "from math import *", "import os", "m.floor(pi)"], [1, 2]),
        (["xs = [1]", "k = 2", "[x * k for x in xs]"], [1, 2]),
        (["x = 1", "xs = [1]", "[x for x in xs]"], [2]),
        (["lr = 1", "depth = 2", "f'{lr:>{depth}}'"], [1, 2]),
        (["class C:\n    lr = 1", "c = C()", "d = 1", "c.lr"], [1, 2]),
        (["a = 1", "if a:\n    b = 1", "if a > 5:\n    b = 2", "b"], [1, 2, 3]),
        (["a = 1", "a += 1", "a"], [1, 2]),
    ],
    ids=lambda value: " | ".join(value) if value and isinstance(value[0], str) else None,
)
def test_names(cells: list[str], expected: list[int]) -> None:
    assert slice_of(*cells) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["xs = []", "xs.append(1)", "xs.count(1)", "xs"], [1, 2]),
        (["d = {}", "d['x'] = 1", "d['x']", "d"], [1, 2]),
        (["xs = []", "ys = xs", "ys.append(1)", "xs"], [1, 3, 2]),
        (["xs = []", "d = {'k': xs}", "d['k'].append(1)", "xs"], [1, 2, 3]),
        (["xs, ys = [], []", "for each in (xs, ys):\n    each.append(1)", "ys"], [1, 2]),
        (["import numpy as np", "a = np.zeros(3)", "b = a[:2]", "b[0] = 1", "a.mean()", "a"], [1, 2, 3, 4]),
        (
            ["import pandas as pd", "df = pd.DataFrame({'a': [1]})", "df.describe()", "df['b'] = 2", "df.head()", "df"],
            [1, 2, 4],
        ),
        (["import random", "xs = [1, 2]", "random.shuffle(xs)", "xs"], [1, 2, 3]),
    ],
    ids=lambda value: " | ".join(value) if value and isinstance(value[0], str) else None,
)
def test_changed_objects(cells: list[str], expected: list[int]) -> None:
    assert slice_of(*cells) == sorted(expected)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["k = 1", "def f():\n    return k", "k = 2", "f()"], [2, 3]),
        (["k = 1", "def f():\n    return k", "x = f()", "k = 2", "x"], [1, 2, 3]),
        (["k = 1", "def f():\n    return k", "def g():\n    return f()", "g()"], [1, 2, 3]),
        (["k = 1", "def f():\n    return k", "k = 2\nf()"], [2]),
        (["k = 1", "f = lambda: k", "fs = {'f': f}", "k = 2", "fs['f']()"], [1, 2, 3, 4]),
        (["xs = []", "def add(x):\n    xs.append(x)", "add(1)", "len(xs)", "xs"], [1, 2, 3]),
        (["n = 0", "def count():\n    global n\n    n += 1", "count()", "n"], [1, 2, 3]),
        (
            ["def fill(a):\n    a[0] = 1", "def look(a):\n    return a[0]", "xs = [0]", "look(xs)", "fill(xs)", "xs"],
            [1, 3, 5],
        ),
        (["class M:\n    def run(self):\n        return k", "m = M()", "k = 1", "k = 2", "m.run()"], [1, 2, 4]),
    ],
    ids=lambda value: " | ".join(value) if value and isinstance(value[0], str) else None,
)
def test_functions_bring_what_they_read_when_they_are_called(cells: list[str], expected: list[int]) -> None:
    assert slice_of(*cells) == expected


def test_each_model_has_its_own_training() -> None:
    assert slice_of(
        "from sklearn.datasets import load_iris\nfrom sklearn import svm, tree",
        "X, y = load_iris(return_X_y=True)",
        "forest = tree.DecisionTreeClassifier().fit(X, y)",
        "svc = svm.SVC()",
        "svc.fit(X, y)",
        "forest.score(X, y)",
        "print(X.shape)",
        "svc.score(X, y)",
    ) == [1, 2, 4, 5]


def test_a_torch_loop_trains_the_network_that_it_calls() -> None:
    assert slice_of(
        "import torch",
        "model = torch.nn.Linear(2, 1)\nother = torch.nn.Linear(2, 1)",
        "opt = torch.optim.SGD(model.parameters(), lr=0.1)",
        "torch.manual_seed(0)",
        "x = torch.ones(4, 2)",
        "for _ in range(2):\n    opt.zero_grad()\n    loss = model(x).sum()\n    loss.backward()\n    opt.step()",
        "other(x)",
        "model(x)",
    ) == [1, 2, 3, 4, 5, 6]


def test_a_seed_belongs_to_every_slice_once() -> None:
    cells = ["import random", "random.seed(1)", "random.seed(2)", "a = 1", "a"]
    assert slice_of(*cells) == [1, 3, 4]


def test_a_cell_that_failed_counts_with_what_it_did() -> None:
    assert slice_of("a = 1", "a = 2\n1 / 0", "b = 3", "a") == [2]
    assert slice_of("a = [1]", "a.append(2)\n1 / 0", "b = 3", "a") == [1, 2]


def test_a_star_import_and_exec_show_in_what_the_kernel_holds() -> None:
    assert slice_of("exec('a = 1')", "globals()['b'] = 2", "c = 3", "a + b") == [1, 2]


def test_code_that_is_no_python_needs_nothing() -> None:
    assert slice_of("a = 1", "a +") == []


def test_a_function_under_another_name_changes_what_it_changes() -> None:
    assert slice_of("b = []", "def f():\n    b.append(1)", "h = f", "h()", "c = 1", "b") == [1, 2, 3, 4]
    assert slice_of("b = []", "def f(x):\n    x.append(1)", "h = f", "a = h(b)", "c = 1", "b") == [1, 2, 3, 4]


def test_a_long_chain_of_functions_is_followed_to_its_end() -> None:
    kernel = SmallKernel()
    kernel.run("k0 = 1\ndef f0():\n    return k0\nm0 = 0")
    for at in range(1, 120):
        kernel.run(f"def f{at}():\n    return f{at - 1}() + k{at}")
        kernel.run(f"k{at} = 1\nm{at} = m{at - 1} + f{at}()")
    for at in range(119):
        kernel.run(f"k{at} = 2")
    look = "f119(), m119"
    assert kernel.replay(look) == kernel.run(look)


def test_a_slice_says_where_a_cell_has_more_functions_than_are_looked_into() -> None:
    kernel = SmallKernel()
    kernel.run("def f0():\n    pass")
    for at in range(1, MOST_FUNCTIONS + 1):
        kernel.run(f"def f{at}():\n    f{at - 1}()")
    kernel.run(f"f{MOST_FUNCTIONS - 1}()")
    assert not kernel.is_cut("1")
    kernel.run(f"f{MOST_FUNCTIONS}()")
    assert kernel.is_cut("1")
