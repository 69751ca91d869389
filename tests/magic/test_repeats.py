"""``%%track --repeat``: a cell's code runs once for each seed, as runs within one, and looks as if it ran once."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import pytest

from tests.magic.shells import run_cell, said
from tests.magic.test_same_outputs import CASES, FIGURE, comparable
from tests.recorded import read_runs
from trackside import model
from trackside.magic import unload_ipython_extension

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

    from tests.magic.kernel import Kernel
    from tests.recorded import Recorded

SEEDED = "seed = 4\nval_acc = 0.5 + seed / 100\nprint('seed', seed)\nval_acc"
ONCE = ("syntax error", "empty", "only comments", "%%html")
"""What cannot be repeated; it runs as it stands."""

REPEATED = {name: code for name, code in CASES.items() if name not in ONCE}


def of_repeats(store: Path) -> tuple[Recorded, list[Recorded]]:
    """Return the newest run that is part of no other, and the runs within it."""
    recorded = read_runs(store)
    parent = next(run for run in reversed(recorded) if run.started.parent_id is None)
    run_id = next(event.run_id for event in parent.events if isinstance(event, model.Opened))
    return parent, [run for run in recorded if run.started.parent_id == run_id]


def card(kernel: Kernel, code: str) -> str:
    text: str = kernel.run(code).card["text/plain"]
    return text


def texts_kept(recorded: Recorded) -> set[str]:
    return {part for event in recorded.events if isinstance(event, model.PartsKept) for part in event.parts}


@pytest.mark.parametrize("code", REPEATED.values(), ids=REPEATED.keys())
def test_it_looks_as_if_the_cell_had_run_once(kernel: Kernel, code: str) -> None:
    is_magic = code.lstrip().startswith("%%")
    plain = kernel.run(code if is_magic else f"# plain\n{code}")
    repeated = kernel.run(f"%%track --repeat 3\n{code}")
    assert repeated.status == plain.status
    assert comparable(repeated) == comparable(plain)
    assert len({content["transient"]["display_id"] for _, content in repeated.cards}) == 1


def test_what_python_warns_of_once_is_shown(kernel: Kernel) -> None:
    code = "import warnings\nwarnings.warn('careful')\n1"
    plain = kernel.run(f"# plain\n{code}")
    assert comparable(kernel.run(f"%%track --repeat 3\n{code}")) == comparable(plain)


def test_each_seed_is_a_run_within_the_cells_own(kernel: Kernel) -> None:
    done = kernel.run(f"%%track mlp --repeat 3 --seed seed --tag stage=dev\n{SEEDED}")
    assert (done.text, done.outputs[-1][1]["data"]["text/plain"]) == ("seed 6\n", "0.56")
    parent, children = of_repeats(kernel.store)
    assert (parent.started.name, parent.last, parent.ended.status) == ("mlp", {}, "finished")
    assert [(run.params["seed"], run.last["val_acc"]) for run in children] == [(4, 0.54), (5, 0.55), (6, 0.56)]
    assert [run.started.name for run in children] == ["mlp seed=4", "mlp seed=5", "mlp seed=6"]
    opened = parent.events[0]
    assert isinstance(opened, model.Opened)
    assert {run.started.group for run in children} == {f"mlp {opened.run_id[-5:]}"}
    assert all({"outputs", "code"} <= texts_kept(run) and run.tags == {"stage": "dev"} for run in children)
    lines = done.card["text/plain"].splitlines()
    assert "3 runs inside" in lines[0]
    assert "val_acc 0.55 ± 0.01 (3)" in lines


def test_what_each_repeat_put_out_is_kept_with_it(kernel: Kernel) -> None:
    kernel.run(f"%%track shown --repeat 2 --seed seed\n{FIGURE}seed = 1\nprint('seed', seed)\nax.set_title(seed)\nseed")
    kernel.run("import trackside as ts\nfrom trackside.run_details import read_details")
    code = (
        "found = ts.runs('#' + str(len(In) - 3), include_hidden=True); children = ts.runs(include_hidden=True)[:2]\n"
        "for run in children[::-1]:\n"
        "    kept = read_details(run._store, run.ids[0])\n"
        "    print(kept.params['seed'], len(kept.outputs.outputs), len(run.artifacts().of_kind('figure')))"
    )
    assert kernel.run(code).text == "1 3 1\n2 3 1\n"


def test_seeds_may_be_given_and_stand_under_several_names(kernel: Kernel) -> None:
    code = "config = dict(seed=0)\ndef f(random_state=0): return random_state\nprint(config['seed'], f())"
    assert kernel.run(f"%%track --seed seed,random_state=7,3,11\n{code}").text == "11 11\n"
    assert [run.params["f.random_state"] for run in of_repeats(kernel.store)[1]] == [7, 3, 11]


def test_one_seed_without_repeat_is_one_run(kernel: Kernel) -> None:
    assert kernel.run(f"%%track --seed seed=9\n{SEEDED}").text == "seed 9\n"
    run, children = of_repeats(kernel.store)
    assert (run.params["seed"], run.last, children) == (9, {"val_acc": 0.59}, [])


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("--repeat 3 --seed sed", "not repeated: no number stands under the name 'sed' in this cell; found seed=4"),
        ("--repeat 0 --seed seed", "found --repeat 0; expected how many times, from 1 to 1000"),
        ("--repeat many", "found --repeat many; expected how many times"),
        ("--seed =3", "found --seed '=3'; expected a name that stands in the cell"),
        ("--seed seed=x", "found --seed 'seed=x'"),
        ("--repeat 2 --into last", "--into adds to one run, and --repeat makes several; it is not repeated"),
        ("--fresh", "--fresh says how a cell is repeated; expected --repeat N with it"),
    ],
)
def test_what_cannot_be_repeated_runs_once_and_says_why(kernel: Kernel, head: str, told: str) -> None:
    done = kernel.run(f"%%track {head}\n{SEEDED}")
    assert told in done.card["text/plain"]
    assert (done.status, done.text) == ("ok", "seed 4\n")
    assert of_repeats(kernel.store)[1] == []


def test_repeats_without_a_seed_are_told_of_the_one_that_the_cell_has(kernel: Kernel) -> None:
    text = card(kernel, f"%%track --repeat 2\n{SEEDED}")
    assert "each repeat has the same seed: --seed seed gives each one of its own" in text
    assert len(of_repeats(kernel.store)[1]) == 2


def test_a_repeat_that_fails_fails_the_cell_and_keeps_those_before(kernel: Kernel) -> None:
    done = kernel.run(f"%%track --repeat 3 --seed seed\n{SEEDED}\nassert seed < 5, 'too high'")
    assert (done.status, done.payload["evalue"]) == ("error", "too high")
    assert "line 6" in "".join(done.payload["traceback"])
    parent, children = of_repeats(kernel.store)
    assert [run.ended.status for run in (parent, *children)] == ["failed", "finished", "failed"]
    assert "val_acc 0.54 (1)" in done.card["text/plain"]
    assert "repeat 2 of 3, seed=5, did not end well" in done.card["text/plain"]


def test_seeds_given_twice_and_seeds_that_stay_are_told(kernel: Kernel) -> None:
    text = card(kernel, f"%%track --seed seed=1,2,1\n{SEEDED}")
    assert "given more than once: 1; repeats of one seed and value count once in checks" in text
    cell = "seed = 0\nsplit = {'random_state': 42}\nval_acc = 0.5 + seed / 100"
    told = "the same in each repeat: random_state=42; --seed seed,random_state gives each one of its own, too"
    assert told in card(kernel, f"%%track --repeat 2 --seed seed\n{cell}")
    assert "the same in each" not in card(kernel, f"%%track --repeat 2 --seed seed,random_state\n{cell}")


def test_what_a_repeat_put_out_before_it_failed_is_shown(kernel: Kernel) -> None:
    done = kernel.run(
        "%%track --repeat 3 --seed seed\nfrom IPython.display import display\n"
        "seed = 1\nprint('step', seed)\ndisplay(seed)\nif seed == 2: raise ValueError(seed)\n'end'"
    )
    shown = [content.get("text") or content["data"]["text/plain"] for kind, content in done.outputs if kind != "error"]
    assert shown == ["step 2\n", "2"]
    assert [kind for kind, _ in done.outputs][-1] == "error"


def test_of_very_much_that_was_put_out_before_it_failed_the_newest_is_shown(kernel: Kernel) -> None:
    done = kernel.run("%%track --repeat 2\nfor n in range(60): print(n, 'x' * 100_000)\nraise ValueError")
    assert "what this repeat put out before is too much to be shown here" in done.text
    assert "\n59 x" in done.text
    assert "\n5 x" not in done.text


def test_code_that_fails_within_an_earlier_repeat_shows_nothing_of_it(kernel: Kernel) -> None:
    cell = "seed = 1\n_ = get_ipython().run_cell('1 / 0')\nprint('after', seed)"
    done = kernel.run(f"%%track --repeat 3 --seed seed\n{cell}")
    assert (done.status, done.text) == ("ok", "after 3\n")
    assert [kind for kind, _ in done.outputs] == ["error", "stream"]


def test_a_stop_stops_all_of_them(kernel: Kernel) -> None:
    code = "import time\nseed = 0\nwhile seed: time.sleep(0.01)"
    request = kernel.begin(f"%%track --repeat 3 --seed seed\n{code}")
    text = ""
    while "2 of 3" not in text:
        heard = kernel.client.get_iopub_msg(timeout=60)
        text = heard["content"].get("data", {}).get("text/plain", "")
    kernel.interrupt()
    assert kernel.end_of(request).status == "error"
    parent, children = of_repeats(kernel.store)
    assert [run.ended.status for run in (parent, *children)] == ["interrupted", "finished", "interrupted"]


def test_inputs_that_a_repeat_changed_are_named(kernel: Kernel) -> None:
    kernel.run("import numpy as np\nX, y, rng, config = np.zeros(9), np.ones(9), np.random.default_rng(0), {'lr': [1]}")
    cell = "seed = 0\nX += 1\nconfig['lr'].append(seed)\nval_loss = float(y.sum() + rng.random())"
    told = card(kernel, f"%%track --repeat 2 --seed seed\n{cell}").partition("changed inputs: ")[2]
    assert set(told.partition(";")[0].split(", ")) == {"X", "config", "rng"}
    assert "--fresh repeats each in a process of its own" in told
    cell = "seed = 0\nval_loss = float(y.sum() + seed)"
    assert "changed inputs" not in card(kernel, f"%%track --repeat 2 --seed seed\n{cell}")


def test_inputs_that_were_not_looked_at_in_full_are_named(kernel: Kernel) -> None:
    kernel.run("big = np.zeros((10_000, 3_000)); middle = np.zeros(4_000_000); small = np.zeros(9)")
    cell = "seed = 0\nbig[1, 1] = middle[7] = 1.0 + seed\nval_loss = float(big[1, 1] + small[0])"
    text = card(kernel, f"%%track --repeat 2 --seed seed\n{cell}")
    assert "may have begun with changed inputs, not looked at in full: big; --fresh" in text
    assert "later repeats began with changed inputs: middle; --fresh" in text


def test_fresh_repeats_begin_with_what_the_cells_before_made(kernel: Kernel) -> None:
    kernel.run("total = 0.0\nunrelated = 1 / 3")
    cell = "seed = 1\ntotal += seed\nval_loss = total\nprint(val_loss)\nval_loss"
    done = kernel.run(f"%%track sums --repeat 3 --seed seed --fresh\n{cell}")
    assert (done.text, done.outputs[-1][1]["data"]["text/plain"]) == ("3.0\n", "3.0")
    text = done.card["text/plain"]
    assert "val_loss 2 ± 1 (3)" in text
    assert "3 runs inside" in text
    assert "changed inputs" not in text
    _, children = of_repeats(kernel.store)
    assert [(run.params["seed"], run.last["val_loss"]) for run in children] == [(1, 1.0), (2, 2.0), (3, 3.0)]
    assert len({run.started.group for run in children}) == 1


def test_what_the_cells_before_log_is_no_metric_of_a_fresh_repeat(kernel: Kernel) -> None:
    kernel.run("%%track prep\nimport trackside as ts\nbase = 2.0\nts.log(prep_rows=100)\nwith ts.run('own'): pass")
    text = card(kernel, "%%track --repeat 2 --seed seed --fresh\nseed = 0\nts.log(loss=base + seed)")
    parent, children = of_repeats(kernel.store)
    assert (parent.last, [run.last for run in children]) == ({}, [{"loss": 2.0}, {"loss": 3.0}])
    assert "prep_rows" not in text
    assert [run.started.name for run in read_runs(kernel.store)].count("own") == 1


COUNTS_KERNELS = """
import contextlib, psutil, time
def kernels():
    found = 0
    for each in psutil.Process().parent().parent().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            found += "ipykernel_launcher" in each.cmdline()
    return found
"""


def test_the_kernel_of_the_next_fresh_repeat_runs_before_this_one_ends(kernel: Kernel) -> None:
    kernel.run(COUNTS_KERNELS)
    wait = "end = time.time() + 60\nwhile seed == 0 and kernels() < 2 and time.time() < end: time.sleep(0.05)"
    kernel.run(f"%%track --repeat 3 --seed seed --fresh\nimport trackside as ts\nseed = 0\n{wait}\nts.log(n=kernels())")
    first, *_ = of_repeats(kernel.store)[1]
    assert first.last["n"] == 2


def test_a_fresh_repeat_that_fails_fails_the_cell(kernel: Kernel) -> None:
    done = kernel.run("%%track --repeat 3 --seed seed --fresh\nseed = 1\nassert seed > 1, 'too low'")
    assert done.status == "error"
    assert "seed=1 failed in its own process: a cell failed: AssertionError: too low" in done.payload["evalue"]
    parent, children = of_repeats(kernel.store)
    assert [run.ended.status for run in (parent, *children)] == ["failed", "failed"]


def test_a_repeated_cell_is_one_candidate_and_one_baseline(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, base in (("old", 0.5), ("new", 0.7)):
        run_cell(shell, f"%%track {name} --repeat 3 --seed rs\nrs = 0\nval_acc = {base} + rs / 100")
    told = said(shell, capsys, "%track check new --against old")
    assert "✓ better: val_acc 0.71 (new, 3 runs) against 0.51 (old, 3 runs)" in told


def test_means_are_shown_as_exactly_as_their_deviation(kernel: Kernel) -> None:
    text = card(kernel, "%%track --repeat 2 --seed seed\nseed = 1000\nloss = float(seed)\nprint(f'{loss=}')")
    assert "loss 1000.5 ± 0.71 (2)" in text


def test_a_negative_seed_is_a_number(kernel: Kernel) -> None:
    kernel.run("%%track --repeat 2 --seed seed\nseed = -1\nval_acc = float(seed)")
    assert [run.params["seed"] for run in of_repeats(kernel.store)[1]] == [-1, 0]


def test_unloading_takes_away_what_repeated_cells_call(shell: InteractiveShell) -> None:
    before = {*vars(builtins)}
    run_cell(shell, "%%track --repeat 2\nlr = 1")
    unload_ipython_extension(shell)
    assert {name for name in {*vars(builtins)} - before if "track" in name} <= {"__trackside_tell__"}


def test_the_magic_line_is_completed(kernel: Kernel) -> None:
    assert {"--repeat", "--seed", "--fresh"} <= set(kernel.complete("%%track --"))
    cell = "%%track --repeat 5 --seed \nseed = 0\nlr = 1\nmodel = SVC(random_state=0)"
    assert kernel.complete(cell, at=cell.index("\n")) == ["seed", "SVC.random_state", "lr"]
