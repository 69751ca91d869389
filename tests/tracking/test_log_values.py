from __future__ import annotations

import warnings
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from tests.recorded import last_run
from trackside.errors import InputError, MetricTypeError, RunFinishedError
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def run(store_folder: Path) -> Iterator[Run]:
    with Run.start(store_folder, name="test") as run:
        yield run


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1, 1.0),
        (0.1, 0.1),
        (True, 1.0),
        (Decimal("0.25"), 0.25),
        (Decimal("sNaN"), "NaN"),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), "NaN"),
        (np.int64(3), 3.0),
        (np.bool_(True), 1.0),  # noqa: FBT003 - the value under test
        (np.array(2.5), 2.5),
        (torch.tensor(0.75), 0.75),
        (torch.tensor(0.5, requires_grad=True), 0.5),
        (torch.tensor(7), 7.0),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (-0.0, -0.0),
        (5e-324, 5e-324),
    ],
)
def test_numbers_are_kept_exactly(run: Run, store_folder: Path, value: Any, kept: float | str) -> None:
    run.log(m=value)
    assert last_run(store_folder).points("m") == [(0, kept)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([0.5], "list"),
        ("0.5", "str"),
        (None, "NoneType"),
        (1j, "complex"),
        (Fraction(1, 2), "Fraction"),
        (np.array([0.5]), r"ndarray of shape \(1,\)"),
        (torch.tensor([0.5]), r"Tensor of shape \(1,\)"),
        (torch.tensor(1j), "Tensor"),
        (np.datetime64("2026-01-01"), "datetime64"),
        ({"a": 1}, "dict"),
    ],
)
def test_anything_else_is_a_type_error_that_names_key_and_type(run: Run, value: Any, kind: str) -> None:
    with pytest.raises(MetricTypeError, match=rf"found {kind} for 'loss'; expected one number; ") as error:
        run.log(loss=value)
    assert isinstance(error.value, TypeError)


def test_a_bad_value_keeps_the_whole_call_out(run: Run, store_folder: Path) -> None:
    with pytest.raises(MetricTypeError):
        run.log(good=1.0, bad=[])
    run.log(good=2.0)
    assert last_run(store_folder).points("good") == [(0, 2.0)]


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "\ud800"])
def test_a_bad_name_is_refused(run: Run, name: str) -> None:
    with pytest.raises(InputError, match="metric's name"):
        run.log({name: 1.0})


def test_a_name_that_is_no_text_is_refused(run: Run) -> None:
    with pytest.raises(MetricTypeError, match="found int 3 as a metric's name"):
        run.log({3: 1.0})  # type: ignore[dict-item]  # the mistake under test


@pytest.mark.parametrize("given", [[1], "lr=0.1", 3])
def test_params_without_names_are_refused(run: Run, given: Any) -> None:
    with pytest.raises(InputError, match="expected names with their values"):
        run.log_params(given)


def test_steps_count_themselves(run: Run, store_folder: Path) -> None:
    run.log(loss=1.0)
    run.log(loss=0.5)
    run.log(accuracy=0.9)
    run.log(loss=0.4, accuracy=0.95)
    assert last_run(store_folder).points("loss") == [(0, 1.0), (1, 0.5), (2, 0.4)]
    assert last_run(store_folder).points("accuracy") == [(0, 0.9), (2, 0.95)]


def test_steps_may_repeat_go_back_and_be_negative(run: Run, store_folder: Path) -> None:
    for step in (5, 5, -3, np.int64(7), 2.0):
        run.log(loss=0.5, step=step)  # type: ignore[arg-type]  # whatever counts as a whole number
    run.log(loss=0.5)
    assert [step for step, _ in last_run(store_folder).points("loss")] == [5, 5, -3, 7, 2, 3]


def test_epoch_is_a_metric_like_any_other(run: Run, store_folder: Path) -> None:
    run.log(loss=0.5, epoch=0.5)
    assert last_run(store_folder).last == {"loss": 0.5, "epoch": 0.5}


@pytest.mark.parametrize("step", [0.5, "1", None.__class__])
def test_a_step_that_is_no_whole_number_is_refused(run: Run, step: Any) -> None:
    with pytest.raises(MetricTypeError, match="for 'step'; expected a whole number"):
        run.log(loss=1.0, step=step)


def test_a_step_beyond_what_a_browser_can_count_is_refused(run: Run) -> None:
    with pytest.raises(InputError, match=r"found step 9007199254740992"):
        run.log(loss=1.0, step=2**53)


def test_large_whole_numbers_become_the_nearest_float_with_one_warning(run: Run, store_folder: Path) -> None:
    with pytest.warns(UserWarning, match=r"'n' is a whole number beyond 2\^53"):
        run.log(n=2**53 + 1)
    run.log(n=2**60 + 1, huge=10**400)  # a second warning would be an error
    assert last_run(store_folder).last == {"n": float(2**60), "huge": "Infinity"}


def test_whole_numbers_up_to_2_53_need_no_warning(run: Run) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run.log(n=2**53, x=1e300)


def test_mapping_and_keywords_make_one_point(run: Run, store_folder: Path) -> None:
    run.log({"val/loss": 1.0}, acc=0.5, step=3)
    assert last_run(store_folder).points("val/loss") == [(3, 1.0)]
    assert last_run(store_folder).points("acc") == [(3, 0.5)]


def test_logging_nothing_is_nothing(run: Run, store_folder: Path) -> None:
    run.log({})
    assert last_run(store_folder).last == {}


def test_a_finished_run_takes_no_more(run: Run) -> None:
    run.finish()
    with pytest.raises(RunFinishedError):
        run.log(loss=1.0)


def test_latest_values_are_at_hand(run: Run) -> None:
    run.log(loss=1.0)
    run.log(loss=float("nan"), acc=0.5)
    assert run.latest == {"loss": "NaN", "acc": 0.5}
