"""What a tracked cell prints is recorded, once, and without the user's doing."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.magic.test_session import run_cell
from tests.recorded import Recorded, last_run, read_runs
from trackside.capture.metrics import points
from trackside.errors import JournalError
from trackside.lookup import runs
from trackside.store.store import Store
from trackside.tracking import current_run

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

LOOP = "for epoch in range(3):\n    loss = 1 / (epoch + 1)\n    print(f'epoch {epoch}: loss {loss:.3f}')"


@pytest.fixture
def track(shell: InteractiveShell, store_folder: Path) -> Any:
    """Return a function that runs a tracked cell and returns its record; the cell's names are ``f`` and ``ts``."""
    run_cell(shell, "import trackside as ts\nf = lambda *_: 0.5")

    def run(code: str, options: str = "") -> Recorded:
        run_cell(shell, f"%%track {options} --quiet\n{code}")
        return last_run(store_folder)

    return run


def test_a_printed_loop_is_a_history(track: Any) -> None:
    assert track(LOOP).points("loss") == [(0, 1.0), (1, 0.5), (2, 1 / 3)]


def test_a_list_is_recorded_as_it_grows(track: Any) -> None:
    run = track("val_losses = []\nfor e in (1, 2):\n    val_losses.append(1 / e)\n    print(val_losses[-1])\n1 / 0")
    assert (run.points("val_loss"), run.ended.status) == ([(0, 1.0), (1, 0.5)], "failed")
    assert list(run.last) == ["val_loss"]


def test_a_history_that_a_function_returns_is_kept_with_all_its_points(track: Any, store_folder: Path) -> None:
    track("def fit():\n    return {'loss': [1.0, 0.5, 0.25]}\nhistory = fit()")
    Store(store_folder).refresh(30)
    (summary,) = runs("last").metrics
    assert summary == {"loss": 0.25}


def test_the_end_of_a_list_is_told_by_the_list(track: Any) -> None:
    code = "losses = [f() * n for n in (2, 1)]\nprint('final loss', losses[-1])"
    assert track(code).points("loss") == [(0, 0.5)]
    assert track(f"def fit():\n    return [1.0, 0.5]\n{code.replace('[f() * n for n in (2, 1)]', 'fit()')}").last == {}
    (metrics,) = runs("last").metrics
    assert metrics == {"loss": 0.5}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("acc = f()\nprint('Accuracy:', acc)", {"acc": 0.5}),
        ("r = f()\nprint('Accuracy:', r)", {"accuracy": 0.5}),
        ("acc = f()\nprint(f'{acc:.2%}')\nacc", {"acc": 0.5}),
        ("print('score', f())\nf()", {"score": 0.5, "f": 0.5}),
        (
            "for name in ('svm', 'knn'):\n    acc = f()\n    print(f'{name}: {acc:.3f}')",
            {"svm.acc": 0.5, "knn.acc": 0.5},
        ),
        ("for phase in ('train', 'val'):\n    print(phase, 'loss', f())", {"train_loss": 0.5, "val_loss": 0.5}),
        ("for k, v in {'f1': f(), 'seconds': 9.5}.items():\n    print(f'{k}: {v}')", {"f1": 0.5}),
        ("print('n', 3, 'ok', True, 'accuracy', None, 'loss', 'none')", {}),
        ("print('accuracy', True, 'correct', 45)", {}),
        ("print('loss', f() * float('nan'))", {"loss": "NaN"}),
        ("%%time\nprint('acc', f())", {"acc": 0.5}),
        ("%%capture\nprint('acc', f())", {"acc": 0.5}),
        ("get_ipython().run_cell('print(\"acc\", f())')", {}),
    ],
)
def test_each_metric_is_told_once(track: Any, code: str, found: dict[str, float | str]) -> None:
    assert track(code).last == found


@pytest.mark.parametrize(
    "code",
    [
        "for e in range(2):\n    print('loss', f(), 'acc', f())\n    ts.log(loss=1.0)",
        "for e in range(2):\n    loss = step()",
        "for e in range(2):\n    loss = step()\n    print(loss)",
        "losses = []\nfor e in range(2):\n    losses.append(step())",
    ],
)
def test_what_the_user_logs_is_not_recorded_again(shell: InteractiveShell, track: Any, code: str) -> None:
    run_cell(shell, "def step():\n    ts.log(loss=1.0)\n    print('loss', f())\n    return 1.0")
    run = track(code)
    assert (run.points("loss"), list(run.last)) == ([(0, 1.0), (1, 1.0)], ["loss"])


def test_what_a_function_of_the_notebook_prints_is_read(shell: InteractiveShell, track: Any) -> None:
    run_cell(
        shell, "def test(x):\n    print('Test set:', 'average loss:', x)\n    print(f'accuracy: {x:.0%}', end='\\r')"
    )
    assert track("for x in (0.25, 0.5):\n    test(x)").last == {"test_loss": 0.5, "accuracy": 50.0}


def test_a_heading_tells_what_the_lines_below_are_about(track: Any) -> None:
    headings = ("Train set evaluation", "Test set evaluation:", "-----", "now")
    lines = [f"print('{heading}')\ntell()" for heading in headings]
    run = track("def tell():\n    print('MAE:', f())\n" + "\n".join(lines))
    assert [(name, len(run.points(name))) for name in run.last] == [("train.mae", 1), ("test.mae", 2), ("mae", 1)]


def test_what_a_library_prints_is_not_read(track: Any) -> None:
    code = "import pprint, doctest\npprint.pprint('loss: 0.5')\nexec('print(\"acc: 0.5\")', {})"
    assert track(code).last == {}


def test_a_run_within_the_cell_gets_what_is_printed_in_it(track: Any, store_folder: Path) -> None:
    track("for lr in (1.0, 2.0):\n    with ts.run(f'lr {lr}'):\n        print('loss', lr * 2)\nprint('acc', f())")
    outer, *inner = read_runs(store_folder)
    assert (outer.last, [run.last for run in inner]) == ({"acc": 0.5}, [{"loss": 2.0}, {"loss": 4.0}])


def test_metrics_can_be_fixed(track: Any) -> None:
    assert track("print('acc', f(), 'loss', f())", "--metrics acc").last == {"acc": 0.5}


def test_cells_that_are_not_tracked_are_not_listened_to(
    track: Any, shell: InteractiveShell, store_folder: Path
) -> None:
    seen: list[Any] = []
    shell.user_ns["note"] = lambda: seen.append((list(shell.ast_transformers), sys.stdout.write.__module__))
    run_cell(shell, "note()")
    track("print('acc', f())\ndef tell():\n    print('loss: 0.5')\nnote()")
    run_cell(shell, "note()\nprint('acc', f())\ntell()")
    before, meanwhile, after = seen
    assert before == after != meanwhile
    assert last_run(store_folder).last == {"acc": 0.5}


def test_nothing_is_left_behind_where_the_cell_fails_or_ends_early(shell: InteractiveShell, track: Any) -> None:
    before = vars(sys.stdout).copy()
    for code in ("1 / 0", "y = = 2", "raise KeyboardInterrupt", "import sys; sys.exit()", ""):
        track(code)
        assert (shell.ast_transformers, vars(sys.stdout)) == ([], before)


def test_switched_off_nothing_is_listened_to(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_MODE", "disabled")
    run_cell(shell, "%%track\nkept = list(get_ipython().ast_transformers)")
    assert shell.user_ns["kept"] == []


def test_a_point_that_cannot_be_kept_is_one_line_and_the_cell_goes_on(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise JournalError("no space left on device")

    shell.user_ns["fill"] = lambda: monkeypatch.setattr(current_run(), "_append_metrics", full)
    run_cell(shell, "%%track\nfill()\n" + LOOP + "\nended = True")
    assert shell.user_ns["ended"]
    out = capsys.readouterr().out
    assert "epoch 2: loss 0.333" in out
    assert out.count("a printed metric could not be kept: JournalError: no space left on device") == 1


def test_functions_and_classes_of_a_tracked_cell_are_the_users_own(shell: InteractiveShell, track: Any) -> None:
    track("def tell(acc):\n    print('acc', acc)\nkey = lambda acc: print('acc', acc)\nprint('acc', f())")
    for name in ("tell", "key"):
        assert shell.user_ns[name].__code__.co_names == ("print",)


def test_cells_within_cells_are_listened_to_each_for_itself(track: Any, store_folder: Path) -> None:
    inner = '%%track inner --quiet\\ndef tell():\\n    print("loss: 0.5")\\nprint("acc", f())\\ntell()'
    track(f"print('acc', f(2))\nget_ipython().run_cell('{inner}')\nprint('acc', f(4))\ntell()", "outer")
    outer, within = read_runs(store_folder)
    assert (outer.points("acc"), outer.points("loss")) == ([(0, 0.5), (1, 0.5)], [(0, 0.5)])
    assert within.last == {"acc": 0.5, "loss": 0.5}


def test_a_cell_that_is_added_to_a_run_goes_on_with_its_histories(track: Any, store_folder: Path) -> None:
    track("print('acc', f())")
    track("print('acc', f() / 2)", "--into last")
    (run,) = read_runs(store_folder)
    assert sorted(run.points("acc")) == [(0, 0.5), (1, 0.25)]


class OnDevice:
    """A number of an accelerator, in the form of a torch tensor: to ask for it waits for the device."""

    shape = ()
    dtype = "torch.float32"
    device = SimpleNamespace(type="cuda")
    asked: ClassVar[list[float]] = []

    def __init__(self, value: float) -> None:
        self.value = value

    def detach(self) -> OnDevice:
        return self

    def clone(self) -> OnDevice:
        return OnDevice(self.value)

    def item(self) -> float:
        OnDevice.asked.append(self.value)
        return self.value


def history(store_folder: Path) -> list[float]:
    store = Store(store_folder)
    store.refresh(60)
    with store.read() as connection:
        rows = connection.execute("SELECT step, value FROM metrics WHERE key = 'loss' ORDER BY step").fetchall()
    assert [step for step, _ in rows] == list(range(len(rows)))
    return [value for _, value in rows]


def test_a_tight_loop_is_written_in_bulk_and_whole(track: Any, store_folder: Path) -> None:
    run = track("losses = []\nfor n in range(5000):\n    losses.append(n / 2)")
    assert len(run.points("loss")) == points.SINGLY
    assert history(store_folder) == [n / 2 for n in range(5000)]
    assert track("print(f())").started.name  # the next cell is no worse for it


def test_points_in_bulk_are_written_as_the_loop_goes_on(
    track: Any, store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "MAX_WAITING", 500)
    track("losses = []\nfor n in range(2300):\n    losses.append(n / 2)")
    assert history(store_folder) == [n / 2 for n in range(2300)]


def test_a_number_on_a_device_is_asked_for_after_the_loop_and_is_what_it_was_then(
    shell: InteractiveShell, track: Any, store_folder: Path
) -> None:
    OnDevice.asked.clear()
    shell.user_ns |= {"OnDevice": OnDevice, "asked_in_loop": []}
    code = """losses = []
loss = OnDevice(0.0)
for n in range(150):
    loss.value = n / 2
    losses.append(loss.detach())
    asked_in_loop.append(len(OnDevice.asked))
"""
    track(code)
    assert set(shell.user_ns["asked_in_loop"]) == {0}
    assert history(store_folder) == [n / 2 for n in range(150)]


def test_a_run_within_a_tight_loop_has_its_points_before_it_ends(track: Any, store_folder: Path) -> None:
    track("for lr in (1.0, 2.0):\n  with ts.run():\n    for _ in range(1500):\n      print('loss', lr * 2)")
    _, *inner = read_runs(store_folder)
    assert [len(run.points("loss")) for run in inner] == [1500, 1500]
