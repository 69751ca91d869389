"""Params that stand in loops."""

from __future__ import annotations

from typing import Any

import pytest
from tests.capture.cells import found


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("for epoch in range(10): pass", {"epochs": 10}),
        ("for epoch in range(1, 6): pass", {"epochs": 5}),
        ("for epoch in tqdm(range(10), desc='a'): pass", {"epochs": 10}),
        ("for step in trange(10): pass", {"steps": 10}),
        ("for i_episode in range(60):\n    for t in range(100): pass", {"episodes": 60}),
        ("for epoch_num in range(2 ** 3): pass", {"epochs": 8}),
        ("if True:\n    for it, epoch in enumerate(range(3)): pass", {}),
        ("if True:\n    for epoch in range(3): pass", {"epochs": 3}),
        ("try:\n    for epoch in range(3): pass\nexcept KeyboardInterrupt: pass", {"epochs": 3}),
        ("for epoch in range(EPOCHS): pass", {"EPOCHS": 7}),
        ("epochs = 4\nfor epoch in range(epochs): pass", {"epochs": 4}),
        ("for epoch in epochs_of(3): pass", {}),
        ("for i in range(10): pass", {}),
        ("for batch in range(10): pass", {}),
        ("def train():\n    for epoch in range(10): pass", {}),
    ],
)
def test_how_often_it_goes_round(code: str, params: dict[str, Any]) -> None:
    assert found(code, EPOCHS=7) == params


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("for alpha in [0.1, 1, 10]:\n    Ridge(alpha=alpha).fit(X, y)", {"alpha": [0.1, 1, 10]}),
        ("for k in range(1, 4):\n    score = evaluate(k)", {"k": [1, 2, 3]}),
        ("for order in [(0, 1), (1, 1)]:\n    ARIMA(train, order=order)", {"order": [[0, 1], [1, 1]]}),
        ("for a, b in product([1, 2], ['x', 'y']):\n    run(a, b)", {"a": [1, 2], "b": ["x", "y"]}),
        ("for C in [1, 2]:\n    for gamma in [3, 4]:\n        SVC(C=C, gamma=gamma)", {"C": [1, 2], "gamma": [3, 4]}),
        ("for n in [1, 2]:\n    print(n)", {}),
        ("for c in ['r', 'b']:\n    plt.plot(x, color=c)", {}),
        ("for split in ['train', 'val']:\n    data = load_data(split)", {}),
        ("for i in [1, 2]:\n    run(i)", {}),
        ("for k in range(1000):\n    run(k)", {}),
        ("for name, model in models:\n    fit(model)", {}),
        ("for x, y in product(*grids):\n    fit(x)", {}),
    ],
)
def test_the_values_that_it_tries(code: str, params: dict[str, Any]) -> None:
    assert found(code) == params
