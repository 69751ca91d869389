"""Whatever cells ran: running the slice of one in a fresh kernel gives what the cell gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.capture.code.kernels import SmallKernel

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

NAMES = ("a", "b", "c", "d")
PRELUDE = "a, b, c, d = 1, [2], {'k': 3}, [[4], 5]\nsteps = 0"

CLASS = """\
class Model:
    weights = [1]
    def __init__(self, start):
        self.start = start
    def fit(self, x):
        self.seen = x
        return self
    def predict(self):
        return [self.start, getattr(self, 'seen', None), {name}]"""


@st.composite
def statements(draw: DrawFn) -> str:
    """Draw a statement or a few that belong together; many of them raise, as cells do."""
    name, other, third = (draw(st.sampled_from(NAMES)) for _ in range(3))
    number = draw(st.integers(0, 9))
    return draw(
        st.sampled_from(
            [
                f"{name} = {number}",
                f"{name} = [{number}]",
                f"{name} = {other}",
                f"{name} = [{other}, {third}]",
                f"{name} = {{'k': {other}, 'n': {number}}}",
                f"{name} = [x for x in {other}]",
                f"{name} = f'{{{other}}} {{{third}!r:>5}}'",
                f"{name}, {other} = {other}, {name}",
                f"{name} += [{number}]",
                f"{name} += {number}",
                f"{name}.append({number})",
                f"{name}.append({other})",
                f"{name}[0] = {other}",
                f"{name}['k'] = {number}",
                f"{name}['k'].append({number})",
                f"{name}[0].append({number})",
                f"{name}.update(k={other})",
                f"{name}.sort(key=str)",
                f"{name}.start = {number}",
                f"{name}.start.append({number})",
                f"del {name}",
                f"del {name}[0]",
                f"{name} = 0\n{other} = 1 / {name}",
                f"{name} = [1]\n{name}.pop(7)\n{other} = 5",
                f"if {other}:\n    {name} = {number}",
                f"if {other}:\n    {name} = {number}\nelse:\n    {name} = [{third}]",
                f"for {name} in {other}:\n    {third} = {name}",
                f"for item in {other}:\n    item.append({number})",
                f"for key, item in {other}.items():\n    {name} = item",
                f"try:\n    {name} = {other}[{number}]\nexcept Exception:\n    {third} = {number}",
                f"def f():\n    return {name}",
                f"def f():\n    {name}.append({number})\n    return {name}",
                f"def f():\n    global {name}\n    {name} = {other}\n    return {number}",
                f"def f():\n    {name} = {number}\n    return [{name}, {other}]",
                f"def g(x=None):\n    return [f(), x, {name}]",
                f"def g(x):\n    x.append({name})",
                f"def g(x):\n    x = [{name}]\n    x.append(1)\n    return x",
                f"h = lambda x=1: [{name}, x]",
                f"h = f if {name} else g",
                f"{name} = f()",
                "f()",
                f"g({name})",
                f"{other} = g({name})",
                f"{name} = h()",
                CLASS.replace("{name}", name),
                f"{name} = Model({other})",
                f"{name}.fit({other})",
                f"{name} = {other}.predict()",
                f"{name} = {other}.fit({third}).seen",
                f"Model.weights.append({name})",
                f"{name} = Model.weights",
                f"{name} = (y for y in {other})",
                f"{name} = list({other})",
                f"{name} = next(iter({other}))",
                f"{name} = sum(z for z in {other} if z != {third})",
                f"steps += 1\n{name} = steps",
                f"({name} := {number})",
                f"import math as {name}",
                f"from math import pi as {name}",
                f"with open('/dev/null') as {name}:\n    {other} = {name}.read()",
                f"match {other}:\n    case [{name}, *rest]:\n        {third} = rest\n    case _:\n        {third} = 1",
                f"globals()['{name}'] = {number}",
                f"exec('{name} = [{number}]')",
            ]
        )
    )


def cells() -> SearchStrategy[str]:
    return st.lists(statements(), min_size=1, max_size=3).map("\n".join)


LOOKS = ("repr([a, b])", "repr([c, d])", "repr(f())", "repr(g([0]))", "repr(h())", "repr(a.predict())", "repr(a)")


@settings(max_examples=400)
@given(st.lists(cells(), min_size=1, max_size=10), st.sampled_from(LOOKS))
@example(["exec('d = [0]')\nexec('d = [0]')"], "repr([c, d])")  # the second list may have the first one's id
@example(["def f():\n    b.append(0)\n    return b", "h = f", "a = h()", "a = 0"], "repr([a, b])")
def test_a_slice_gives_what_the_kernel_gives(program: list[str], look: str) -> None:
    kernel = SmallKernel()
    for code in (PRELUDE, *program):
        kernel.run(code)
    try:
        expected = kernel.run(look)
    finally:
        last = kernel.executed.cells.pop()
    if last.has_failed or " at 0x" in expected:
        return
    assert kernel.replay(look) == expected, kernel.slice(look)
