"""Listening to what a cell prints changes nothing of it: each case runs with ``%%track`` and without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.magic.test_same_outputs import comparable
from tests.recorded import last_run

if TYPE_CHECKING:
    from tests.magic.kernel import Executed, Kernel

SETUP = """
import asyncio, logging, sys
import torch
from tqdm import tqdm
acc, loss, scores = 0.875, torch.tensor(0.25), [0.5, 0.75]
class Clf:
    def score(self, *data):
        return 0.5
    def fit(self, X, y=None):
        return self
clf, bad_score = Clf(), lambda *_: 1 / 0
def score_of(x):
    if x > 1:
        raise ValueError("too large")
    return x
"""

LISTENED_TO = {
    "values as they are": "print('acc', acc, 'loss', loss, sep=' | ', end='!\\n')",
    "f-string": "print(f'acc {acc:.3f} loss {loss.item():>10.4f} {acc=} {acc!r:>8}')",
    "nested format spec": "width = 9\nprint(f'acc {acc:>{width}.3f}')",
    "percent": "print('acc %.2f%% loss %s' % (acc * 100, loss))",
    "format": "print('acc {:.2f} loss {}'.format(acc, loss), 'acc {a:.1f}'.format(a=acc))",
    "concatenation": "print('acc ' + str(round(acc, 2)) + ' loss ' + str(loss))",
    "over lines": "print(\n    'acc',\n    acc,\n    'loss',\n    loss.item(),\n)",
    "loop": """
losses = []
for epoch in range(3):
    losses.append(acc / (epoch + 1))
    print(f'{epoch}: loss {losses[-1]:.3f}')
""",
    "while, if, try": """
n = 0
while n < 2:
    n += 1
    if n:
        try:
            print('acc', acc / n)
        finally:
            print('loss', loss)
""",
    "walrus": "print(f'acc {(best_acc := acc * 2):.2f}', best_acc)",
    "conditional": "print('acc', acc) if acc else None\nacc and print('loss', loss.item())",
    "await": "async def score():\n    return 0.5\nprint('score', await score())\nawait score()",
    "async loop": """
async def rows():
    yield 0.5
async for val_loss in rows():
    print(f'val_loss {val_loss}')
""",
    "star": "print('scores', *scores)",
    "display": "display(acc, {'acc': acc}, loss)",
    "value of the cell": "print('acc', acc)\nacc",
    "string of the cell": "f'acc: {acc:.2%}'",
    "call of the cell": "clf.score(1, 2)",
    "semicolon": "clf.score(1, 2);",
    "one line": "print('acc', acc); print('loss', loss.item())",
    "%%time": "%%time\nprint('acc', acc)\nacc",
    "%%capture": "%%capture caught\nprint('acc', acc)",
    "line magic": "%time print('acc', acc)\nprint('loss', loss)",
    "shell": "!echo {acc}\nprint('acc', acc)",
    "logger": "logging.getLogger('x').warning('loss %.2f', loss)\nlogging.getLogger('x').info(f'acc {acc}')",
    "bar": """
bar = tqdm(range(2), file=sys.stdout, mininterval=0, bar_format='{desc}{postfix}')
for _ in bar:
    bar.set_postfix(loss=loss.item(), acc=f'{acc:.2f}')
    tqdm.write(f'acc {acc}')
""",
    "function of the cell": """
def report(acc):
    print(f'Test set: acc {acc:.3f}')
    return acc
report(acc)
""",
    "training": "fitted = clf.fit(1)\nprint(clf.fit(2) is fitted)\nclf.fit(3) is clf",
    "what locals and globals say": "print('acc', acc, [k for k in locals() if 'track' in k], 'tell' in str(globals()))",
    "names": "print('acc', acc)\nsorted(n for n in dir() if 'trackside_' in n)",
    "%reset": "print('acc', acc)\n%reset -f\nacc, loss = 0.5, 1.0\nprint('acc', acc)",
    "pickle": "import pickle\nprint('acc', acc)\nlen(pickle.dumps([score_of, clf.__class__]))",
    "source": "import inspect\ndef f(acc):\n    print('acc', acc)\nprint(inspect.getsource(f), f(acc))",
    "order": """
seen = []
def note(x):
    seen.append(x)
    return x
print('acc', note(1.0), 'loss', note(2.0), f'{note(3.0)}')
seen
""",
    "identity": """
class Score(float):
    pass
one, scores = Score(0.5), []
for _ in range(2):
    scores.append(one)
    print('score {:.1f}'.format(one), f'score {one!r}', 'score %s' % one)
[x is one for x in scores]
""",
}

RAISING = {
    "in a value": "print('acc', acc / 0)",
    "in a placeholder": "x = 0\nprint(f'acc {acc:.3f} loss {loss / x / y}')",
    "in a format": "print(f'acc {acc:.3d}')",
    "in percent": "print('acc %d %d' % (acc,))",
    "in a called function": "print('score', score_of(0.5), 'score', score_of(2))",
    "in a call in a call": "print('acc', round(bad_score(acc), 2))",
    "in print": "print('acc', acc, file=3)",
    "over lines": "print(\n    'acc',\n    acc,\n    'score',\n    score_of(\n        2,\n    ),\n)",
    "in a loop": "for x in (0, 1, 2):\n    print(f'score {score_of(x):.2f}')",
    "in append": "losses = []\nfor x in (0, 1, 2):\n    losses.append(score_of(x) / 1)",
    "an unknown name": "print('acc', acc, 'loss', unknown_loss)",
    "an unknown attribute": "print('acc', clf.best_score_)",
    "a missing key": "print('val_loss', {}['val_loss'][-1])",
    "in await": "async def score():\n    return score_of(2)\nprint('score', await score())",
    "in a training": "clf.fit(1)\nclf.fit(1, 2, 3)\nclf.fit(1)",
    "in the last line": "clf.score(bad_score())",
    "in %%time": "%%time\nprint('acc', acc)\nprint('score', score_of(2))",
    "chained": """
try:
    print('score', score_of(2))
except ValueError as error:
    raise RuntimeError('later') from error
""",
    "interrupt": "def stop():\n    raise KeyboardInterrupt\nprint('acc', acc, 'score', stop())",
    "a value that raises when it is read": """
class Odd:
    shape = ()
    def item(self):
        raise OSError('no')
    def __repr__(self):
        return 'odd'
odd_score = Odd()
print('score', odd_score)
""",
}


@pytest.fixture
def prepared(kernel: Kernel) -> Kernel:
    assert kernel.run(SETUP).status == "ok"
    return kernel


@pytest.mark.parametrize("code", [*LISTENED_TO.values(), *RAISING.values()], ids=[*LISTENED_TO, *RAISING])
def test_outputs_and_tracebacks_are_the_same(prepared: Kernel, code: str) -> None:
    is_magic = code.startswith("%%")
    plain = prepared.run(code if is_magic else f"# plain\n{code}")
    prepared.run(SETUP)
    tracked = prepared.run(f"%%track\n{code}")
    assert tracked.status == plain.status
    assert comparable(tracked) == comparable(plain)
    assert coloured(tracked) == coloured(plain)


def coloured(executed: Executed) -> list[str]:
    """Return the traceback with its colours, which mark the part of the line that raised."""
    lines = "".join(executed.payload.get("traceback", [])).splitlines()
    return [
        re.sub(r"0x[0-9a-f]+|In\[\d+\]|/\d+\.py", "…", line) for line in lines if not re.search("%%track|plain", line)
    ]


def test_the_cases_are_listened_to(prepared: Kernel) -> None:
    for code in ("print('acc', acc)", "for epoch in range(3):\n    print(f'acc {acc / 2:.3f}')"):
        prepared.run(f"%%track\n{code}")
        assert list(last_run(prepared.store).last) == ["acc"]
