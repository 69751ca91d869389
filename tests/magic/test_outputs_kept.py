"""What a tracked cell puts out is kept with its run: streams, displays, results, and each figure as an artifact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.recorded import last_run
from trackside.model import ArtifactsLogged, PartsKept
from trackside.records import Models, Outputs
from trackside.store.blobs import read_blob

if TYPE_CHECKING:
    from tests.magic.kernel import Kernel
    from trackside.model import Artifact

FIGURE = "%matplotlib inline\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(2, 1))\n"


def outputs(kernel: Kernel) -> list[tuple[str, dict[str, str]]]:
    """Return the outputs of the last run: kind and texts by MIME type; of pictures, how many bytes there are."""
    return [
        (output.kind, {mime: _shown(read_blob(kernel.store, digest)) for mime, digest in output.data.items()})
        for output in record(kernel).outputs
    ]


def record(kernel: Kernel) -> Outputs:
    digest = parts(kernel).get("outputs")
    return msgspec.json.decode(read_blob(kernel.store, digest), type=Outputs) if digest else Outputs()


def wait_for_records(kernel: Kernel) -> None:
    kernel.run("from trackside.tracking.late_work import wait_for_late_work as _wait\n_wait()")


def parts(kernel: Kernel) -> dict[str, str]:
    wait_for_records(kernel)
    events = [event for event in last_run(kernel.store).events if isinstance(event, PartsKept)]
    return {str(part): digest for event in events for part, digest in event.parts.items()}


def figures(kernel: Kernel) -> list[Artifact]:
    wait_for_records(kernel)
    logged = [event for event in last_run(kernel.store).events if isinstance(event, ArtifactsLogged)]
    events = sorted(logged, key=lambda event: event.time)  # what was late stands in a journal of its own
    return [artifact for event in events for artifact in event.artifacts if artifact.kind == "figure"]


def _shown(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return f"{len(data)} bytes"


def test_streams_displays_and_the_result_stand_in_order(kernel: Kernel) -> None:
    kernel.run("%%track\nimport sys\nprint('a'); print('b', end='')\nprint('err', file=sys.stderr)\ndisplay(3)\n'end'")
    assert outputs(kernel) == [
        ("stdout", {"text/plain": "a\nb"}),
        ("stderr", {"text/plain": "err\n"}),
        ("display_data", {"text/plain": "3"}),
        ("execute_result", {"text/plain": "'end'"}),
    ]


def test_threads_and_commands_are_heard(kernel: Kernel) -> None:
    kernel.run(
        "%%track\nimport threading\nt = threading.Thread(target=print, args=('t',)); t.start(); t.join()\n!echo hi"
    )
    ((kind, data),) = outputs(kernel)
    assert kind == "stdout"
    assert data["text/plain"].replace("\r", "") == "t\nhi\n"


def test_an_error_is_an_output(kernel: Kernel) -> None:
    kernel.run("%%track\nprint('before')\n1 / 0")
    (stream, error) = outputs(kernel)
    assert stream == ("stdout", {"text/plain": "before\n"})
    assert error[0] == "error"
    assert error[1]["text/plain"].startswith("ZeroDivisionError: division by zero\n\nTraceback")


@pytest.mark.parametrize("how", ["", "wait=True"])
def test_of_what_was_cleared_only_the_figures_are_kept(kernel: Kernel, how: str) -> None:
    clear = f"from IPython.display import clear_output\nprint('a')\nclear_output({how})\nprint('b')"
    kernel.run(f"%%track\n{FIGURE}plt.show()\n{clear}")
    assert outputs(kernel) == [("stdout", {"text/plain": "b\n"})]
    assert [(figure.name, figure.step) for figure in figures(kernel)] == [("figure 1", 0)]


def test_a_figure_that_a_loop_draws_anew_is_kept_as_a_series(kernel: Kernel) -> None:
    loop = "from IPython.display import clear_output\nfor n in range(30):\n    clear_output(wait=True)\n"
    loop += "    fig, ax = plt.subplots(figsize=(1, 1)); ax.plot([n, 0]); ax.set_title('Loss'); plt.show()"
    kernel.run(f"%%track\n{FIGURE}plt.close()\n{loop}")
    kept = figures(kernel)
    assert {figure.name for figure in kept} == {"Loss"}
    assert [figure.step for figure in kept] == [*range(0, 29, 2), 29]
    numbers = [read_blob(kernel.store, figure.about["data"]) for figure in kept]
    assert all(f'"y": [{figure.step}.0, 0.0]'.encode() in data for figure, data in zip(kept, numbers, strict=True))
    assert record(kernel).notes == ["of 30 times that figures were drawn anew, 16 are kept: evenly many, and the last"]
    assert len(outputs(kernel)) == 1


@pytest.mark.parametrize(("count", "steps"), [(20, [*range(20)]), (60, [*range(0, 60, 4), 59])])
def test_artifacts_has_the_same_states_at_once_and_the_card_counts_them(
    kernel: Kernel, count: int, steps: list[int]
) -> None:
    loop = f"from IPython.display import clear_output\nimport trackside as ts\nfor n in range({count}):\n"
    loop += "    clear_output(wait=True); fig, ax = plt.subplots(figsize=(1, 1)); ax.plot([n, 0]); plt.show()"
    kernel.run(
        "from trackside.collection import run_set\nrun_set.REFRESH_WAIT = 60.0\n"  # this machine may be busy
        "cards, publisher = [], get_ipython().display_pub\npublish = publisher.publish\n"
        "def listen(data, *args, **more):\n    cards.append(data.get('text/plain'))\n    publish(data, *args, **more)\n"
        "publisher.publish = listen"
    )
    kernel.run(f"%%track\n{FIGURE}plt.close()\n{loop}")
    found = kernel.run("print(sorted(figure.step for figure in ts.runs('last').artifacts('figure')))")
    last_card = kernel.run("del publisher.publish\nprint(cards[-1])").text
    assert found.text.strip() == str(steps)
    assert f" {len(steps)} figures kept" in last_card


def test_the_states_of_a_display_that_was_replaced_are_kept(kernel: Kernel) -> None:
    code = "handle = display(fig, display_id=True)\nfor n in (1, 2):\n    ax.plot([n]); handle.update(fig)\nplt.close()"
    kernel.run(f"%%track\n{FIGURE}{code}")
    assert [figure.step for figure in figures(kernel)] == [0, 1, 2]


def test_widgets_figures_are_kept_as_they_are_at_the_cells_end(kernel: Kernel) -> None:
    code = "import altair as alt, ipywidgets, pandas as pd, plotly.graph_objects as go\n"
    code += "first, second = (go.FigureWidget(go.Scatter(y=[n]), layout={'title': n}) for n in ('One', 'Two'))\n"
    code += "third = alt.JupyterChart(alt.Chart(pd.DataFrame({'a': [7]}), title='Three').mark_point().encode(x='a'))\n"
    code += "display(first); display(ipywidgets.VBox([second, ipywidgets.HBox([third])]))\n"
    code += "first.data[0].y = [5, 6]\nfirst"
    tracked = kernel.run(f"%%track\n{code}")
    assert tracked.status == "ok"
    kept = figures(kernel)
    assert [figure.name for figure in kept] == ["One", "Two", "Three"]
    assert b"[5, 6]" in read_blob(kernel.store, kept[0].sha256)


def test_a_figure_that_shows_itself_in_another_form_is_kept(kernel: Kernel) -> None:
    code = "import plotly.graph_objects as go, plotly.io as pio\npio.renderers.default = 'iframe'\n"
    kernel.run(f"%%track\n{code}go.Figure(go.Scatter(y=[5, 6]), layout={{'title': 'One'}})")
    assert [figure.name for figure in figures(kernel)] == ["One"]


def test_an_updated_display_is_kept_in_its_last_state(kernel: Kernel) -> None:
    kernel.run("%%track\nhandle = display('one', display_id='q')\nprint('x')\nhandle.update('two')")
    assert outputs(kernel) == [("display_data", {"text/plain": "'two'"}), ("stdout", {"text/plain": "x\n"})]


def test_what_capture_caught_is_no_output(kernel: Kernel) -> None:
    kernel.run(f"%%track\n%%capture caught\n{FIGURE}print('x'); display(1); plt.show()\n5")
    assert outputs(kernel) == []
    assert not figures(kernel)


def test_tracksides_own_views_are_left_out(kernel: Kernel) -> None:
    kernel.run("import trackside as ts\nwith ts.run('other'):\n    ts.log(loss=1.0)")
    kernel.run("%%track\nprint('x')\nts.runs()")
    assert outputs(kernel) == [("stdout", {"text/plain": "x\n"})]


def test_secrets_are_left_out_and_the_card_says_so(kernel: Kernel) -> None:
    kernel.run("token = 'gh' + 'p_' + 'a' * 36; from IPython.display import HTML, JSON")
    tracked = kernel.run("%%track\nprint(token)\ndisplay(HTML(f'<b>{token}</b>'), JSON({'t': token, 'password': 'x'}))")
    kept = repr(outputs(kernel))
    assert "aaaa" not in kept
    assert kept.count("<redacted>") == 4
    assert "likely secrets left out: source" in tracked.card["text/plain"]


def test_very_much_text_is_kept_from_both_ends(kernel: Kernel) -> None:
    kernel.run("%%track\nfor n in range(60_000):\n    print(f'line {n}')")
    ((kind, data),) = outputs(kernel)
    text = data["text/plain"]
    assert kind == "stdout"
    assert len(text) < 201_000
    assert text.startswith("line 0\nline 1\n")
    assert text.endswith("line 59998\nline 59999\n")
    assert "characters are left out …]\nline " in text
    assert "characters of stdout are left out" in record(kernel).notes[0]


def test_too_large_a_display_is_left_out_and_noted(kernel: Kernel) -> None:
    kernel.run("%%track\nfrom IPython.display import HTML\ndisplay(HTML('x' * 6_000_000))\nprint('small')")
    assert outputs(kernel) == [("stdout", {"text/plain": "small\n"})]
    assert record(kernel).notes == ["1 display left out: too large, or too many"]


def test_every_figure_shown_is_an_artifact_with_its_numbers(kernel: Kernel) -> None:
    code = f"{FIGURE}ax.plot([1, 2, 4]); ax.set_title('Loss')\nplt.show()\nplt.plot([3, 1])\n"
    code += "plt.figure(); plt.bar([1], [2])"
    tracked = kernel.run(f"%%track\n{code}")
    kept = figures(kernel)
    assert [artifact.name for artifact in kept] == ["Loss", "figure 1", "figure 2"]
    assert b'"y": [1.0, 2.0, 4.0]' in read_blob(kernel.store, kept[0].about["data"])
    shown = [content["data"]["image/png"] for _, content in tracked.outputs if "image/png" in content.get("data", {})]
    assert len(shown) == 3
    assert "3 figures kept" in kernel.cards[-1]["text/plain"]
    pictures = [data["image/png"] for kind, data in outputs(kernel) if "image/png" in data]
    assert [f"{artifact.bytes} bytes" for artifact in kept] == pictures


def test_the_card_tells_what_was_kept_after_the_cells_end(kernel: Kernel) -> None:
    kernel.run("import threading\nfrom trackside.tracking import current_run\nrelease = threading.Event()")
    keep = "lambda: release.wait() and run.log_artifact([1], 'late')"
    kernel.run(f"%%track\nrun = current_run()\nrun.recording.later('its table', {keep})")
    assert "json kept" not in kernel.cards[-1]["text/plain"]
    kernel.run("release.set()")
    wait_for_records(kernel)
    assert "1 json kept" in kernel.cards[-1]["text/plain"]


def test_a_figure_shown_twice_is_kept_once(kernel: Kernel) -> None:
    kernel.run(f"%%track\n{FIGURE}ax.plot([1, 2])\ndisplay(fig); display(fig)\nts.log_artifact(fig); plt.close()")
    assert len(figures(kernel)) == 1


def test_altair_and_plotly_charts_are_kept_by_their_titles(kernel: Kernel) -> None:
    code = "import altair as alt, pandas as pd\nimport plotly.graph_objects as go\nimport plotly.io as pio\n"
    code += "pio.renderers.default = 'plotly_mimetype'\nfrom IPython.display import display\n"
    code += "go.Figure(go.Scatter(y=[5, 6]), layout={'title': 'Two'}).show()\n"
    code += "alt.Chart(pd.DataFrame({'a': [7]}), title='One').mark_point().encode(x='a')"
    assert kernel.run(f"%%track\n{code}").status == "ok"
    two, one = figures(kernel)
    assert (one.name, two.name) == ("One", "Two")
    assert b'"a": 7' in read_blob(kernel.store, one.sha256)
    assert b"[5, 6]" in read_blob(kernel.store, two.sha256)


def test_afterwards_nothing_listens_any_more(kernel: Kernel) -> None:
    look = (
        "shell = get_ipython()\n"
        "hooks = [vars(o).get(n) for o, n in ((shell.display_formatter, 'format'), (shell.display_pub, 'publish'),"
        " (shell.displayhook, 'write_format_data'))]\n"
        "def depth(write, n=0):\n"
        "    held = [cell.cell_contents for cell in getattr(write, '__closure__', None) or ()]\n"
        "    return max([depth(each, n + 1) for each in held if callable(each)], default=n)\n"
        "print(hooks, depth(sys.stdout.write), depth(sys.stderr.write), depth(shell.display_pub.clear_output))"
    )
    kernel.run("import sys")
    before = kernel.run(look).text
    for code in ("print('x'); 1", "1 / 0", f"{FIGURE}ax.plot([1])", "%%capture\nprint(1)", "x = = 1"):
        kernel.run(f"%%track\n{code}")
    kernel.run("get_ipython().run_cell('%%track\\nprint(1)')")
    assert kernel.run(look).text == before


def test_a_forked_child_that_prints_neither_hangs_nor_is_taken_down_twice(kernel: Kernel) -> None:
    code = "import os\nprint('parent', flush=True)\npid = os.fork()\n"
    code += "if pid == 0:\n    sys.stdout.write('child')\n    os._exit(0)\nos.waitpid(pid, 0)[1]"
    executed = kernel.run(f"%%track\nimport sys\n{code}")
    assert executed.status == "ok"
    assert outputs(kernel) == [("stdout", {"text/plain": "parent\n"}), ("execute_result", {"text/plain": "0"})]


def test_a_quiet_run_keeps_its_outputs_and_a_dry_one_keeps_nothing(kernel: Kernel) -> None:
    kernel.run("%%track --quiet\nprint('x')")
    assert outputs(kernel) == [("stdout", {"text/plain": "x\n"})]
    before = sum(1 for _ in kernel.store.glob("blobs/*/*"))
    kernel.run("%%track --dry\nprint('y')")
    assert sum(1 for _ in kernel.store.glob("blobs/*/*")) == before


def test_the_models_that_a_cell_trained_are_described(kernel: Kernel) -> None:
    kernel.run("from sklearn.linear_model import LogisticRegression\nX, y = [[1.0], [2.0], [3.0]], [0, 1, 1]")
    kernel.run("%%track\nmodel = LogisticRegression()\nmodel.fit(X, y)\nscore = model.score(X, y)")
    (model,) = msgspec.json.decode(read_blob(kernel.store, parts(kernel)["model"]), type=Models).models
    assert (model.name, model.kind, model.parameters) == ("model", "LogisticRegression", 2)
    kernel.run("%%track\nscore = model.score(X, y)")
    assert "model" not in parts(kernel)
