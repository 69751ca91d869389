"""Which of the values that a cell writes are metrics, under what names; and that listening to them changes nothing."""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackside.capture.metrics.labels import name_places
from trackside.capture.metrics.output_text import read_text
from trackside.capture.metrics.wrapping import find_spots, wrap

if TYPE_CHECKING:
    from types import FrameType


def spots(code: str) -> list[str]:
    """Return the names under which a cell's values are recorded, with whose they are."""
    found = [spot for spot in find_spots(ast.parse(code)) if spot.kind != "training"]
    return [f"{spot.subject}.{spot.name}" if spot.subject else str(spot.name) for spot in found]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("print(acc)", ["acc"]),
        ("print('Accuracy:', accuracy_score(y, p))", ["accuracy"]),
        ("print(accuracy_score(y, p))", ["accuracy_score"]),
        ("print(clf.score(X, y))", ["score"]),
        ("print(f'Acc: {correct / total:.3f}')", ["acc"]),
        ("print('Accuracy: %.2f%%' % (100 * correct / total))", ["accuracy"]),
        ("print('loss {:.4f}, acc {:.2f}'.format(loss.item(), right / n))", ["loss", "acc"]),
        ("print('R2: ' + str(round(r, 3)))", ["r2"]),
        ("print('RMSE', np.sqrt(mean_squared_error(y, p)))", ["rmse"]),
        ("print(f'{history[\"val_loss\"][-1]}')", ["val_loss"]),
        ("print('best', grid.best_params_, grid.best_score_)", ["best_score"]),
        ("print(np.mean(y == p))", ["accuracy"]),
        ("print(f'Accuracy: {scores.mean():.3f} (+/- {scores.std() * 2:.3f})')", ["scores.mean"]),
        ("print(f'{acc:.2%} after {seconds:.1f} s, {n} rows, lr {lr}')", ["acc"]),
        ("print('loss weight', w, 'score threshold', t, 'loss function', f)", []),
        ("print(y.shape, len(x), time.time() - start, n_errors)", []),
        ("print('best loss at', epoch)", []),
        ("print(train_time, loss_fn, 'done')", []),
        ("logger.info('val loss %.3f', v)", ["val_loss"]),
        ("tqdm.write(f'val acc {a}')", ["val_acc"]),
        ("bar.set_postfix(loss=l, lr=lr)", ["loss"]),
        ("bar.set_postfix({'loss': f'{l:.3f}'})", ["loss"]),
        ("display({'f1': a, 'rows': b})", ["f1"]),
        ("print(' | '.join([f'loss {a}', f'acc {b}']))", ["loss", "acc"]),
        ("print(colored(f'acc {a}', 'green'))", ["acc"]),
        ("f'test accuracy {a:.2f}'", ["test_accuracy"]),
        ("f'test accuracy {a:.2f}'\nx = 1", []),
        ("print(classification_report(y, p))", ["accuracy"]),
        ("print('accuracy', a)\nprint(classification_report(y, p))", ["accuracy"]),
        ("def f():\n    print('acc', acc)", []),
        ("class A:\n    print('acc', acc)", []),
        ("[print('acc', acc) for _ in x]\ng = lambda: print('acc', acc)", []),
        (
            "with bar:\n    if x:\n        try:\n            print(acc)\n        except E:\n            print(loss)",
            ["acc", "loss"],
        ),
        ("x and print(acc)", ["acc"]),
    ],
)
def test_what_is_written_has_the_name_that_the_code_or_the_text_gives_it(code: str, names: list[str]) -> None:
    assert spots(code) == names


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("for e in r:\n    losses.append(loss.item())", ["loss"]),
        ("for e in r:\n    history['val_acc'].append(a)", ["val_acc"]),
        ("for k in r:\n    wcss.append(km.inertia_)", ["inertia"]),
        ("for e in r:\n    losses = []\n    losses.append(l)", []),
        ("for e in r:\n    preds.append(p)", []),
        ("for a, b in kf.split(X):\n    scores.append(f1(a))", []),
        ("for i in r:\n    scores.append(f(i))\nprint('mean', np.mean(scores))", ["scores.mean"]),
        ("for e in r:\n    losses.append(loss)\n    print('loss', loss)", ["loss"]),
        ("for e in r:\n    accs.append(a)\n    print('acc', a)", ["acc"]),
        ("for e in r:\n    for b in l:\n        print('loss', x)\n    print('loss', y)", ["loss"]),
        ("for e in r:\n    print(f'loss {loss}')\nprint('final', loss)", ["loss"]),
        ("for n, m in d:\n    print(n, m.score(X, y))", ["n.score"]),
        ("for phase in p:\n    print(f'{phase} loss: {x:.3f} acc: {a:.3f}')", ["phase.loss", "phase.acc"]),
        ("for k, v in results.items():\n    print(f'{k}: {v}')", ["k.None"]),
        ("for i in r:\n    print(i, 'of', n, name)", []),
        ("for e in r:\n    losses = []\n    print('train loss', np.mean(losses))", ["train_loss"]),
        ("for e in r:\n    print(np.mean(val_losses))", ["val_loss"]),
        ("t.fit(m)\nt.validate(m)", []),
    ],
)
def test_a_loop_tells_each_metric_once_a_round(code: str, names: list[str]) -> None:
    assert spots(code) == names


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("print(m.score(X_train, y_train), m.score(X_test, y_test))", ["train_score", "test_score"]),
        ("print('train', f'acc {acc}')\nprint('test', f'acc {acc}')", ["train_acc", "test_acc"]),
        (
            "print(f'train loss {loss} acc {acc}')\nprint(f'val loss {loss} acc {acc}')",
            ["train_loss", "train_acc", "val_loss", "val_acc"],
        ),
        ("print('train loss', loss)\nprint('train loss', loss)", ["loss", "loss"]),
    ],
)
def test_one_name_for_two_things_is_told_apart(code: str, names: list[str]) -> None:
    assert spots(code) == names


def test_what_is_trained_and_then_tested_is_looked_at_in_between() -> None:
    spots = find_spots(ast.parse("t.fit(m)\nclf.fit(x)\nprint(t.test(m))"))
    assert [(spot.kind, spot.variable) for spot in spots] == [("training", "t")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Epoch %, Loss: %", [None, "loss"]),
        ("[%, %] loss: %", [None, None, "loss"]),
        ("Accuracy of the network on the % test images: % %", [None, "test_accuracy", None]),
        ("Test Error: \n Accuracy: %, Avg loss: %", ["test_accuracy", "test_loss"]),
        ("Test set: Average loss: %, Accuracy: %/% (%)", ["test_loss", None, None, "test_accuracy"]),
        ("alpha=% train R2 %  test R² %  RMSE %", [None, "train_r2", "test_r2", "test_rmse"]),
        ("Training took % s. Accuracy: %", [None, "accuracy"]),
        ("The mean squared error (MSE) on test set: %", ["test_mse"]),
        ("Accuracy: % (+/- %)", ["accuracy", None]),
        ("loss weight and then %", [None]),
        ("Loss after iteration %: %", [None, "loss"]),
        ("Loss (train): %", ["train_loss"]),
        ("mAP@0.5 %, recall@5 %", ["map_05", "recall_5"]),
        ("Cohen's kappa %, AUC score %, average precision %", ["cohen_kappa", "auc", "average_precision"]),
        ("best loss at %", [None]),
        ("Validation loss decreased (% --> %). Saving model", [None, None]),
        ("Best accuracy so far: %", ["best_accuracy"]),
        ("lossless: %", [None]),
    ],
)
def test_the_text_before_a_value_names_it(text: str, names: list[str | None]) -> None:
    pieces = tuple(None if piece == "%" else piece for piece in text.replace("%", "\0%\0").split("\0"))
    assert list(name_places(pieces)) == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Epoch 3: train loss 0.25, accuracy: 91.5%", {"train_loss": 0.25, "train_accuracy": 91.5}),
        ("Test Error: \n Accuracy: 45.2%, Avg loss: 2.15 \n", {"test_accuracy": 45.2, "test_loss": 2.15}),
        ("Train Epoch: 1 [0/700 (0%)]\tLoss: 0.693147\n", {"train_loss": 0.693147}),
        ("loss: 2.301  [   64/ 1024]", {"loss": 2.301}),
        ("train Loss: 0.5 Acc: 1e-3", {"train_loss": 0.5, "train_acc": 0.001}),
        (
            "        precision  recall\n     0       1.00      0.97\n    accuracy             0.97       360\n",
            {"accuracy": 0.97},
        ),
        ("Training complete in 0m 3s\n2024-01-02 12:03:04 epoch 3/10, 0.5s/it, f1_weight 3", {}),
        ("loss " * 3000 + "0.5", {}),
    ],
)
def test_metrics_are_read_from_printed_text(text: str, found: dict[str, float]) -> None:
    assert read_text(text) == found


NAMES = st.sampled_from(
    ["acc", "loss", "val_loss", "scores[0]", "clf.score(1)", "history['val_acc'][-1]", "n", "zero", "unknown_acc"]
)
EXPRESSIONS = st.recursive(
    NAMES | st.sampled_from(["'acc: '", "0.5", "None", "log(1)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda one: f"log({one})"),
        inner.map(lambda one: f"round({one}, 2)"),
        inner.map(lambda one: f"str({one})"),
        inner.map(lambda one: f"[acc for acc in [{one}]][0]"),
        inner.map(lambda one: f"(lambda loss: loss)({one})"),
        inner.map(lambda one: f"(kept_acc := {one})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} if n else {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"('acc %s loss %s' % ({two[0]}, {two[1]}))"),
        st.tuples(inner, inner).map(lambda two: f"'acc {{}} {{f1}}'.format({two[0]}, f1={two[1]})"),
        inner.filter(lambda one: '"' not in one and "'" not in one).map(
            lambda one: f"f'acc {{{one}}} {{n:>{{n}}}} {{{one}!r}}'"
        ),
    ),
    max_leaves=4,
)
LINES = st.one_of(
    st.lists(EXPRESSIONS, min_size=1, max_size=3).map(lambda args: f"print({', '.join(args)})"),
    EXPRESSIONS.map(lambda one: f"print(\n    'loss',\n    {one},\n)"),
    EXPRESSIONS.map(lambda one: f"losses.append({one})"),
    EXPRESSIONS.map(lambda one: f"bar.set_postfix(loss={one}, acc=acc)"),
    EXPRESSIONS.map(lambda one: f"val_loss = {one}"),
)
BLOCKS = st.recursive(
    st.lists(LINES, min_size=1, max_size=3).map("\n".join),
    lambda inner: st.tuples(
        st.sampled_from(
            [
                "for n in range(2):",
                "while rounds:\n    rounds.pop()",
                "if acc:",
                "with note():",
                "def function(acc=acc):",
                "for name, loss in [('a', 0.5), ('val', 2.0)]:\n    print(name, loss)",
                "try:\n    raise ValueError(acc)\nexcept ValueError as error:\n    print('error', error)",
            ]
        ),
        inner,
    ).map(lambda pair: pair[0] + "".join(f"\n    {line}" for line in pair[1].split("\n"))),
    max_leaves=3,
)


@settings(max_examples=300)
@given(st.lists(BLOCKS, min_size=1, max_size=3).map("\n".join))
def test_a_listened_cell_does_and_fails_just_as_it_would(code: str) -> None:
    plain, listened = ast.parse(code), ast.parse(code)
    for key, spot in enumerate(find_spots(listened)):
        wrap(spot, "tell", key)
    assert behaviour(listened) == behaviour(plain)


def behaviour(tree: ast.Module) -> tuple[Any, ...]:
    """Return what a cell prints, calls in order, runs line by line and leaves behind, and where exactly it raises."""
    order: list[str] = []
    lines: list[int] = []

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != "cell":
            return None
        if event == "line":
            lines.append(frame.f_lineno)
        return trace

    class Clf:
        def score(self, *_: Any) -> float:
            order.append("score")
            return 0.75

        def set_postfix(self, **values: Any) -> None:
            order.append(repr(values))

    def log(value: Any) -> Any:
        order.append(repr(value))
        return value

    names = {
        "acc": 0.5,
        "loss": 0.25,
        "val_loss": 1.0,
        "scores": [0.5],
        "history": {"val_acc": [0.75]},
        "n": 1,
        "zero": 0,
    }
    names |= {"clf": Clf(), "bar": Clf(), "log": log, "losses": [], "rounds": [1, 2], "note": contextlib.nullcontext}
    names["tell"] = lambda value, *_: value
    shown, raised = io.StringIO(), None
    with contextlib.redirect_stdout(shown):
        earlier = sys.gettrace()
        try:
            sys.settrace(trace)
            exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - a cell of this test
        except Exception as error:  # noqa: BLE001 - whatever the cell raises
            frames = traceback.extract_tb(sys.exc_info()[2])[1:]
            places = [(f.lineno, f.end_lineno, f.colno, f.end_colno, f.name) for f in frames if f.filename == "cell"]
            raised = (type(error), str(error), places)
        finally:
            sys.settrace(earlier)
    left = {
        name: repr(value)
        for name, value in names.items()
        if not callable(value) and name not in ("clf", "bar", "__builtins__")
    }
    return shown.getvalue(), order, lines, left, raised
