"""What a tracked cell leaves in the store."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.recorded import last_run, read_runs

if TYPE_CHECKING:
    from tests.magic.kernel import Kernel


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("x = 1", "finished", None),
        ("1 / 0", "failed", "ZeroDivisionError: division by zero"),
        ("x = = 1", "failed", "SyntaxError: invalid syntax"),
        ("raise KeyboardInterrupt", "interrupted", "KeyboardInterrupt"),
        ("import sys; sys.exit(2)", "failed", "SystemExit: 2"),
        ("import sys; sys.exit()", "finished", "SystemExit"),
        ("def f(): pass", "finished", None),
    ],
)
def test_status_is_how_the_cell_ended(kernel: Kernel, code: str, status: str, error: str | None) -> None:
    kernel.run(f"%%track\n{code}")
    ended = last_run(kernel.store).ended
    assert ended.status == status
    assert (ended.error or "").partition("\n")[0] == (error or "")


def test_traceback_is_kept_from_the_cell_on(kernel: Kernel) -> None:
    kernel.run("%%track\ndef deep():\n    raise ValueError('no')\ndeep()")
    error = last_run(kernel.store).ended.error or ""
    assert "in deep" in error
    assert "run_code" not in error


def test_interrupt_from_outside(kernel: Kernel) -> None:
    threading.Timer(1.0, kernel.interrupt).start()
    executed = kernel.run("%%track\nimport time\nfor _ in range(300): time.sleep(0.1)")
    assert executed.status == "error"
    assert last_run(kernel.store).ended.status == "interrupted"


def test_interrupt_of_an_awaiting_cell(kernel: Kernel) -> None:
    threading.Timer(1.0, kernel.interrupt).start()
    kernel.run("%%track\nimport asyncio\nfor _ in range(300): await asyncio.sleep(0.1)")
    assert last_run(kernel.store).ended.status == "interrupted"


def test_options_reach_the_record(kernel: Kernel) -> None:
    kernel.run("%%track my run --experiment lab --tag a=b --tag c=d --group g\nlr = 0.5")
    run = last_run(kernel.store)
    assert (run.started.name, run.started.experiment, run.started.group) == ("my run", "lab", "g")
    assert run.tags == {"a": "b", "c": "d"}


def test_cell_id_source_and_number_are_kept(kernel: Kernel) -> None:
    executed = kernel.run("%%track\nlr = 0.5", cell_id="cell-7")
    started = last_run(kernel.store).started
    assert (started.cell_id, started.source, started.origin) == ("cell-7", "%%track\nlr = 0.5", "notebook")
    assert started.execution_count == executed.payload["execution_count"]
    assert started.name == f"cell #{started.execution_count}"


def test_same_code_has_the_same_digest_whatever_the_flags(kernel: Kernel) -> None:
    kernel.run("%%track one\nlr = 0.25")
    kernel.run("%%track two --tag a=b\nlr = 0.25")
    first, second = read_runs(kernel.store)[-2:]
    assert first.started.cell_digest == second.started.cell_digest


def test_params_and_metrics_without_another_line_of_code(kernel: Kernel) -> None:
    kernel.run(
        "from sklearn.svm import SVC\nfrom sklearn.datasets import load_digits\nX, y = load_digits(return_X_y=True)"
    )
    kernel.run("gamma = 0.01")
    kernel.run(
        "%%track\nC = 10\nclf = SVC(C=C, gamma=gamma, kernel='rbf').fit(X[:200], y[:200])\nclf.score(X[:300], y[:300])"
    )
    run = last_run(kernel.store)
    assert run.params == {"gamma": 0.01, "SVC.kernel": "rbf", "C": 10}
    assert run.origins == {"gamma": "context", "SVC.kernel": "call", "C": "cell"}
    assert list(run.last) == ["score"]


def test_params_below_another_magic(kernel: Kernel) -> None:
    kernel.run("%%track\n%%time\nlr = 0.125")
    assert last_run(kernel.store).params == {"lr": 0.125}
    kernel.run("%%capture\n%%track\nlr = 0.375")
    assert last_run(kernel.store).params == {"lr": 0.375}


def test_log_reaches_the_cells_run_from_threads_too(kernel: Kernel) -> None:
    kernel.run(
        "%%track\nimport threading, trackside as ts\nts.log(loss=1.0)\n"
        "t = threading.Thread(target=ts.log, kwargs={'loss': 0.5}); t.start(); t.join()"
    )
    assert last_run(kernel.store).points("loss") == [(0, 1.0), (1, 0.5)]


def test_forked_worker_logs_to_the_cells_run(kernel: Kernel) -> None:
    kernel.run(
        "%%track\nimport multiprocessing as mp, trackside as ts\nts.log(a=1)\n"
        "p = mp.get_context('fork').Process(target=ts.log, kwargs={'b': 2}); p.start(); p.join()"
    )
    run = last_run(kernel.store)
    assert run.last == {"a": 1.0, "b": 2.0}
    assert run.ended.status == "finished"


def test_inner_runs_are_children(kernel: Kernel) -> None:
    kernel.run(
        "%%track outer\nimport trackside as ts\n"
        "for lr in (0.1, 0.2):\n    with ts.run(f'inner {lr}') as run:\n        run.log(a=lr)"
    )
    outer, *inner = read_runs(kernel.store)[-3:]
    assert [run.started.parent_id for run in inner] == [outer.events[0].run_id] * 2  # type: ignore[union-attr]  # Opened
    assert outer.last == {}


def test_a_cell_that_logs_after_its_inner_run_logs_to_itself(kernel: Kernel) -> None:
    kernel.run("%%track\nimport trackside as ts\nwith ts.run('in'):\n    ts.log(a=1)\nts.log(b=2)")
    outer, inner = read_runs(kernel.store)[-2:]
    assert (outer.last, inner.last) == ({"b": 2.0}, {"a": 1.0})


def test_failed_cell_keeps_no_stale_numbers(kernel: Kernel) -> None:
    kernel.run("accuracy = float('0.9')")
    kernel.run("%%track\n1 / 0\naccuracy = abs(-0.5)")
    assert last_run(kernel.store).last == {}


def test_environment_is_kept(kernel: Kernel) -> None:
    kernel.run("%%track\nx = 1")
    time.sleep(0.1)
    assert "environment" in [type(e).__struct_config__.tag for e in last_run(kernel.store).events]


def test_secrets_are_left_out_and_the_card_says_so(kernel: Kernel) -> None:
    executed = kernel.run("%%track\napi_key = 'hunter2hunter2'\nlr = 0.5")
    run = last_run(kernel.store)
    assert "hunter2" not in str(run.events)
    assert run.params["api_key"] == "<redacted>"
    assert "secret" in executed.card["text/plain"]


def test_an_odd_character_costs_no_param_and_no_run(kernel: Kernel) -> None:
    executed = kernel.run('%%track\nname = "caf\\udce9"; lr = 0.1; options = {"caf\\udce9": 1}')
    assert executed.status == "ok"
    recorded = last_run(kernel.store)
    assert recorded.params == {"name": "caf\\udce9", "lr": 0.1, "options.caf\\udce9": 1}
    assert recorded.ended.status == "finished"
    assert "name caf\\udce9" in executed.card["text/plain"]
