"""A cell behaves as if ``%%track`` were not there: each case runs with it and without it, in a real kernel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.recorded import last_run, read_runs

if TYPE_CHECKING:
    from tests.magic.kernel import Executed, Kernel

FIGURE = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(2, 1))\nax.plot([1, 2])\n"
)
CASES = {
    "value": "lr = 1e-3\nlr",
    "streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)",
    "display": "display(3)\nfrom IPython.display import HTML\ndisplay(HTML('<b>b</b>'), display_id='x')\n4",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\n7",
    "exception": "x = 1\ndef f():\n    return 1 / 0\nf()",
    "raised in await": "import asyncio\nawait asyncio.sleep(0)\nraise ValueError('late')",
    "syntax error": "x = 1\ny = = 2",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "system exit": "import sys, warnings\nwarnings.simplefilter('always')  # IPython's advice, each time\nsys.exit(3)",
    "empty": "",
    "only comments": "# nothing\n",
    "only functions": "def f(x, y=2):\n    return x\nclass A:\n    z = 1",
    "line magic and shell": "%pwd\n!echo hi",
    "%%time": "%%time\ny = 2\ny",
    "%%time after blank lines": "\n\n%%time\ny = 2\ny",
    "%%capture": "%%capture captured\nprint('x')\n5",
    "%%html": "%%html\n<b>b</b>",
    "figure": FIGURE,
    "two figures and a value": FIGURE + "fig2 = plt.figure(figsize=(1, 1))\nplt.plot([3, 1])\nplt.show()\n'end'",
    "semicolon": "5;",
    "thread": "import threading\nt = threading.Thread(target=lambda: print('t')); t.start(); t.join()",
    "last result": "_",
}


def comparable(executed: Executed) -> list[tuple[str, Any]]:
    """Return the outputs without what differs from run to run: counts, addresses, times, colours."""
    return [(kind, _plain(content)) for kind, content in _joined(executed.outputs)]


def _joined(outputs: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, Any]]:
    """Join neighbouring pieces of one stream: how they are cut is the kernel's timing."""
    joined: list[tuple[str, Any]] = []
    for kind, content in outputs:
        if kind == "stream" and joined and joined[-1][0] == "stream" and joined[-1][1]["name"] == content["name"]:
            joined[-1] = (kind, {**content, "text": joined[-1][1]["text"] + content["text"]})
        else:
            joined.append((kind, content))
    return joined


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k != "execution_count"}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if not isinstance(value, str):
        return value
    text = re.sub(r"\x1b\[[0-9;]*m", "", value)
    text = re.sub(r"0x[0-9a-f]+|\d+\.py|In\[\d+\]|[\d.e+]+ (?:μs|µs|us|ms|ns|s)\b", "…", text)
    return re.sub(r"^.*# (?:%%track|plain).*\n", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("code", CASES.values(), ids=CASES.keys())
def test_outputs_are_the_same_kind_by_kind(kernel: Kernel, code: str) -> None:
    """A comment in the magic's place makes the plain cell's lines count alike."""
    is_magic = code.lstrip().startswith("%%")
    plain = kernel.run(code if is_magic else f"# plain\n{code}")
    tracked = kernel.run(f"%%track\n{code}")
    assert tracked.status == plain.status
    assert comparable(tracked) == comparable(plain)
    assert len({content["transient"]["display_id"] for _, content in tracked.cards}) == 1


ABOVE = {
    "%%time above": ("%%time\n%%track\nq = 2\nq", "%%time\nq = 2\nq"),
    "%%capture above": ("%%capture c\n%%track\nprint('x')\n5", "%%capture c\nprint('x')\n5"),
    "comment above": ("# try\n\n%%track\nq", "# try\n\n\nq"),
    "blank above": ("\n\n%%track\nq", "q"),
    "comment between": ("%%track\n# note\n%%time\nq", "%%time\nq"),
}


@pytest.mark.parametrize(("tracked", "plain"), ABOVE.values(), ids=ABOVE.keys())
def test_stands_among_comments_and_other_magics(kernel: Kernel, tracked: str, plain: str) -> None:
    kernel.run("q = 1")
    before = len(read_runs(kernel.store))
    assert comparable(kernel.run(tracked)) == comparable(kernel.run(plain))
    assert len(read_runs(kernel.store)) == before + 1


def test_what_capture_caught_is_the_same(kernel: Kernel) -> None:
    kernel.run("%%capture c\n%%track\nimport sys\nprint('x'); display(1)\n5")
    caught = kernel.run("c.stdout, len(c.outputs)")
    assert caught.outputs[0][1]["data"]["text/plain"] == "('x\\n', 2)"


def test_out_and_underscore_are_the_cells(kernel: Kernel) -> None:
    kernel.run("%%track\n40 + 2")
    assert kernel.run("_, Out[max(Out)]").outputs[0][1]["data"]["text/plain"] == "(42, 42)"


def test_line_numbers_count_the_magics_line(kernel: Kernel) -> None:
    traceback = "".join(kernel.run("# a comment\n%%track\nx = 1\n1 / 0").payload["traceback"])
    assert "line 4" in re.sub(r"\x1b\[[0-9;]*m", "", traceback)


def test_clear_output_takes_the_outputs_and_the_card_comes_back(kernel: Kernel) -> None:
    code = "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')"
    assert comparable(kernel.run(f"%%track\n{code}")) == comparable(kernel.run(f"# plain\n{code}"))
    tracked = kernel.run(f"%%track\n{code}")
    (first, *_), last = tracked.cards, tracked.cards[-1]
    assert last[0] == "display_data"
    assert "finished" in last[1]["data"]["text/plain"]
    assert last[1]["transient"] != first[1]["transient"]


def test_clearing_an_output_widget_leaves_the_one_card(kernel: Kernel) -> None:
    code = "import ipywidgets\nout = ipywidgets.Output()\nwith out:\n    print('a'); out.clear_output(); print('b')"
    tracked = kernel.run(f"%%track\n{code}")
    assert "clear_output" in [kind for kind, _ in tracked.outputs]
    assert [kind for kind, _ in tracked.cards] == ["display_data", "update_display_data"]


def test_run_cell_magic_as_in_an_exported_script(kernel: Kernel) -> None:
    executed = kernel.run("get_ipython().run_cell_magic('track', 'exported', 'z = 9\\nz')")
    assert executed.outputs[0][1]["data"]["text/plain"] == "9"
    assert last_run(kernel.store).started.name == "exported"


def test_run_cell_magic_shows_an_error_once(kernel: Kernel) -> None:
    executed = kernel.run("get_ipython().run_cell_magic('track', '', '1 / 0')")
    assert [kind for kind, _ in executed.outputs] == ["error"]
    assert executed.status == "error"
    assert last_run(kernel.store).ended.status == "failed"
