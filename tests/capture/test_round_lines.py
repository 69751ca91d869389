"""What libraries print round by round is read, each line as the library writes it; and nothing else that they print."""

from __future__ import annotations

import pytest

from trackside.capture.metrics.results import Found, Series
from trackside.capture.metrics.round_lines import Round, RoundLines
from trackside.capture.metrics.round_series import RoundSeries


def read(*texts: str) -> list[tuple[int, dict[str, float]]]:
    lines = RoundLines()
    return [(told.step, told.values) for text in texts if (told := lines.read(text))]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["[20]\ttrain-rmse:0.5\tvalid-rmse:1.25", "\n"], [(20, {"train.rmse": 0.5, "valid.rmse": 1.25})]),
        (["[0]\teval-ndcg@5-:0.5\n"], [(0, {"eval.ndcg@5-": 0.5})]),
        (["[1]\ttest-logloss:0.5+0.125\n"], [(1, {"test.logloss.mean": 0.5})]),
        (
            ["[5]\tvalid_0's auc: 0.75\tvalid_0's my loss: 1e-05\n"],
            [(5, {"valid_0.auc": 0.75, "valid_0.my loss": 1e-5})],
        ),
        (["[5]\tvalid's auc: 0.75 + 0.0625", "\n"], [(5, {"valid.auc.mean": 0.75})]),
        (["Early stopping, best iteration is:\n[7]\tvalid's auc: 0.75", "\n"], [(7, {"valid.auc": 0.75})]),
        (
            ["3:\tlearn: 0.5\ttest: 0.625\tbest: 0.625 (3)\ttotal: 5ms\tremaining: 41ms\n"],
            [(3, {"learn": 0.5, "test": 0.625})],
        ),
        (
            ["Epoch 2/3\n", "5/5 - 0s - 73ms/step - loss: 0.5 - val_loss: 0.75\n"],
            [(2, {"loss": 0.5, "val_loss": 0.75})],
        ),
        (
            ["Epoch 1/3\n", "\r\x1b[1m1/3\x1b[0m ━━ loss: 9.0", "\b\b\r\x1b[1m3/3\x1b[0m ━━ loss: 0.5\n"],
            [(1, {"loss": 0.5})],
        ),
        (["Iteration 4, loss = 0.5\n"], [(4, {"loss": 0.5})]),
        (["Epoch [2/9], Step [100/600], Loss: 0.5\n"], [(2, {"loss": 0.5})]),
        (
            [
                "  epoch    train_loss    valid_acc     dur\n",
                "-----  ----\n",
                "  1   \x1b[36m0.5\x1b[0m   0.75  0.26\n",
            ],
            [(1, {"train_loss": 0.5, "valid_acc": 0.75})],
        ),
        (
            ["   Iter       Train Loss   Remaining Time ", "\n", "    1     1.25    0.01s\n"],
            [(1, {"train_loss": 1.25})],
        ),
    ],
)
def test_a_line_of_a_round_is_read(texts: list[str], told: list[tuple[int, dict[str, float]]]) -> None:
    assert read(*texts) == told


@pytest.mark.parametrize(
    "texts",
    [
        ["[LightGBM] [Info] Start training from score -0.36\n"],
        ["[12:30:11] WARNING: learner.cc:790: Parameters: { loss: 0.5 } are not used.\n"],
        ["[0]\tno entry\ttrain-rmse:0.5\n"],
        ["7/7 - 0s - 6ms/step - accuracy: 0.5 - loss: 0.75\n"],
        ["Epoch 1: val_loss improved from inf to 0.69120, saving model to m.keras\n"],
        ["Epoch 3: ReduceLROnPlateau reducing learning rate to 0.0005.\n"],
        ["Step 1: download the model (accuracy 0.93) from the hub\n"],
        ["accuracy: 0.5\n", "loss 0.5\n", "3\n", "12 0.5\n"],
        ["   loss  acc\n0  0.5   0.75\n"],
        ["[3]\ttrain-rmse:0.5"],
    ],
)
def test_what_else_libraries_print_is_not(texts: list[str]) -> None:
    assert read(*texts) == []


def series(*rounds: tuple[int, float], best: tuple[int, float] | None = None, known: Found | None = None) -> Found:
    told = RoundSeries()
    for step, value in rounds:
        told.add(Round(step, {"v.auc": value}))
    if best is not None:
        told.add(Round(best[0], {"v.auc": best[1]}, is_best=True))
    return told.read(known or Found())


def test_rounds_are_a_series_with_the_best_in_its_place() -> None:
    assert series((5, 0.5), (10, 0.75), best=(7, 0.875)).histories == {"v.auc": Series([0.5, 0.875, 0.75], [5, 7, 10])}
    assert series((5, 0.5)).values == {"v.auc": 0.5}


def test_another_training_begins_another_series() -> None:
    assert series((0, 0.5), (9, 0.625), (0, 0.25), (9, 0.75)).histories["v.auc"].values == [0.25, 0.75]


def test_the_best_rounds_of_several_trainings_are_no_series() -> None:
    told = RoundSeries()
    for step, value in ((50, 0.5), (70, 0.75), (33, 0.625)):
        told.add(Round(step, {"v.auc": value}, is_best=True))
    assert told.read(Found()) == Found({"v.auc": 0.625})
    told.add(Round(40, {"v.auc": 0.25}))
    assert told.read(Found()) == Found({"v.auc": 0.25})


def test_what_a_training_has_kept_is_not_told_again() -> None:
    for name in ("v.auc", "valid_0.auc"):
        assert not series((0, 0.33333), (2, 0.5), known=Found(histories={name: Series([1 / 3, 0.4, 0.5])}))
    assert series((0, 0.33333), (2, 0.5), known=Found({"v.auc": 0.5})).histories
    assert not series((0, 0.33333), (2, 0.5), known=Found({"v.auc": 0.9}))
    assert not series((0, 0.5), known=Found({"v.auc": 0.5}))
