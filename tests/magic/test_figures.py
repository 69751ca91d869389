"""What a widget's message triggers beside a running cell leaves that cell's figures alone (ipykernel issue 1564)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.magic import unload_ipython_extension

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from tests.magic.kernel import Kernel

BESIDE = (
    "import threading\n"
    "def beside():\n"
    "    t = threading.Thread(target=get_ipython().events.trigger, args=('post_execute',)); t.start(); t.join()\n"
)


def test_a_figure_is_drawn_in_the_main_thread_only_from_its_first_cell_on(kernel: Kernel) -> None:
    executed = kernel.run(
        f"{BESIDE}%matplotlib inline\n"
        "import matplotlib.pyplot as plt\n"
        "plt.ion(); drawn = []\n"
        "figure = plt.figure(); figure.canvas.draw = lambda: drawn.append(threading.current_thread().name)\n"
        "figure.stale = True; beside()\n"
        "print(drawn)"
    )
    assert executed.status == "ok"
    assert "[]" in executed.text
    assert "['MainThread']" in kernel.run("print(drawn)").text  # at that cell's end


def test_widget_messages_do_not_take_a_cells_figures(kernel: Kernel) -> None:
    kernel.run(f"{BESIDE}%matplotlib inline\nimport matplotlib.pyplot as plt")
    executed = kernel.run("plt.plot([1, 2])\nbeside()\nassert plt.get_fignums()")
    assert executed.status == "ok"
    assert [kind for kind, content in executed.outputs if "image/png" in content.get("data", {})] == ["display_data"]


def test_callbacks_of_others_are_called_in_every_thread_and_taken_out_as_ever(kernel: Kernel) -> None:
    executed = kernel.run(
        f"{BESIDE}called = []\n"
        "def mine(): called.append(threading.current_thread() is threading.main_thread())\n"
        "events = get_ipython().events\n"
        "events.register('post_execute', mine); beside(); events.unregister('post_execute', mine); beside()\n"
        "print(called)"
    )
    assert "[False]" in executed.text


def test_unloading_leaves_ipythons_own_list(shell: InteractiveShell) -> None:
    from matplotlib.pyplot import _draw_all_if_interactive  # what pyplot registers

    shell.events.register("post_execute", _draw_all_if_interactive)
    unload_ipython_extension(shell)
    callbacks = shell.events.callbacks["post_execute"]
    assert type(callbacks) is list
    assert any(callback is _draw_all_if_interactive for callback in callbacks)
