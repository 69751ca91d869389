"""What the environment, secrets and the machine's load cost: python -m tests.benchmarks.bench_environment.

The first environment of a process is read in a thread of its own, and nobody waits for it. The rest is on a run's way.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.benchmarks.table import Figure, median_seconds, print_table
from trackside.capture.environment.load import Load
from trackside.capture.environment.probe import look_again, start_environment_probe
from trackside.capture.words.secrets import redact, redact_source
from trackside.tracking import system

CELL = """%%track svm --tag stage=dev
lr, epochs = 1e-3, 5
token = "abc"
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
model = make_pipeline(StandardScaler(), SVC(C=10, gamma=0.01, kernel="rbf"))
for epoch in range(epochs):
    model.fit(X_train, y_train)
    loss = log_loss(y_test, model.predict_proba(X_test))
    print(f"epoch {epoch}: loss={loss:.4f}")
    ts.log(loss=loss, accuracy=model.score(X_test, y_test))
scores = cross_val_score(model, X, y, cv=5, scoring="f1_macro")
fig, ax = plt.subplots(figsize=(6, 4))
ax.plot(scores, label="folds")
ax.set_title("Cross-validation")
val_accuracy = scores.mean()
"""
"""An ordinary cell, with a secret in it: the slower case."""

PLAIN = CELL.replace('token = "abc"\n', "")
OUTPUT = "".join(f"epoch {epoch}: loss=0.25 accuracy=0.9 samples=512\n" for epoch in range(2000))
TOKENS = OUTPUT.replace("samples", "max_tokens")


class _Nowhere:
    def append_metrics(self, step: int, values: dict[str, Any], /) -> None:
        """Take a point and keep nothing."""


def environment() -> list[Figure]:
    start = time.perf_counter()
    known = start_environment_probe(Path.cwd()).result(60)
    first = time.perf_counter() - start
    if known is None:
        raise SystemExit("no environment")
    return [
        Figure("environment, first run of a process (in a thread)", first * 1e3, "ms"),
        Figure("environment, next run", _micro(lambda: start_environment_probe(Path.cwd()).result(60)), "µs", 500),
        Figure("environment, looked at again at a run's end", _micro(lambda: look_again(known)), "µs", 500),
    ]


def secrets() -> list[Figure]:
    return [
        Figure("redact_source, a cell with a secret", _micro(lambda: redact_source(CELL)), "µs", 1000),
        Figure("redact_source, a cell without", _micro(lambda: redact_source(PLAIN)), "µs", 1000),
        Figure("redact, 100 kB of output", _micro(lambda: redact(OUTPUT)), "µs"),
        Figure("redact, the same with max_tokens on every line", _micro(lambda: redact(TOKENS)), "µs"),
    ]


def sampler(seconds: float = 10.0, every: float = 0.5) -> list[Figure]:
    """Measure ten times as often as usual, and tell what it would cost every five seconds."""
    load = Load()
    once = _micro(load.measure)
    watched, began, before = system.watch(_Nowhere(), every), time.perf_counter(), time.process_time()
    time.sleep(seconds)
    spent, took = time.process_time() - before, time.perf_counter() - began
    system.leave(watched)
    return [
        Figure("the machine's load, one look", once, "µs"),
        Figure("its thread, one look each 0.5 s", 100 * spent / took, "% core"),
        Figure("one look each 5 s", once / 1e6 / 5 * 100, "% core", 0.1),
    ]


def _micro(call: Any) -> float:
    return median_seconds(call, 51) * 1e6


if __name__ == "__main__":
    print_table("Environment, secrets, load", [*environment(), *secrets(), *sampler()])
