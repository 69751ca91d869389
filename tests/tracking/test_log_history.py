from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.recorded import last_run
from trackside import model
from trackside.errors import InputError, MetricTypeError
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def run(store_folder: Path) -> Iterator[Run]:
    with Run.start(store_folder, name="test") as run:
        yield run


def segments(store: Path) -> list[Any]:
    events = [event for event in last_run(store).events if isinstance(event, model.HistoryLogged)]
    return [np.load(store / "journals" / "segments" / event.file) for event in events]


@pytest.mark.parametrize("name", ["step", "steps"])
def test_steps_given_by_name_are_not_taken_for_a_metric(run: Run, name: str) -> None:
    with pytest.raises(InputError, match=f"expected the steps first: log_history\\({name}, …\\)"):
        run.log_history(**{name: [0, 1]}, loss=[0.5, 0.25])
    run.log_history([0, 1], **{name: [5, 6]})
    assert run.latest == {name: 6.0}


def test_columns_are_kept_as_they_are(run: Run, store_folder: Path) -> None:
    run.log_history([3, 1, 2], loss=[1.0, float("nan"), 0.5], acc=np.array([1, 2, 3]))
    (rows,) = segments(store_folder)
    assert rows["step"].tolist() == [3, 1, 2]
    np.testing.assert_array_equal(rows["0"], [1.0, np.nan, 0.5])
    np.testing.assert_array_equal(rows["1"], [1.0, 2.0, 3.0])


def test_steps_count_on(run: Run, store_folder: Path) -> None:
    run.log(loss=1.0)
    run.log_history(loss=[0.5, 0.25])
    run.log(loss=0.125)
    (rows,) = segments(store_folder)
    assert rows["step"].tolist() == [1, 2]
    assert last_run(store_folder).points("loss") == [(0, 1.0), (3, 0.125)]
    assert run.latest == {"loss": 0.125}


@pytest.mark.parametrize("column", [["a"], [[1.0], [2.0]], 3.0, [1j], [[1], [1, 2]]])
def test_a_column_that_is_no_row_of_numbers_is_refused(run: Run, column: Any) -> None:
    with pytest.raises(MetricTypeError, match="expected one row of numbers"):
        run.log_history(loss=column)


@pytest.mark.parametrize("steps", [[0.5, 1], [float("nan"), 1], ["a", "b"], [1e300, 1], [-(2**63), 1]])
def test_steps_that_are_no_whole_numbers_are_refused(run: Run, steps: Any) -> None:
    with pytest.raises(InputError, match="expected one row of whole numbers"):
        run.log_history(steps, loss=[1.0, 2.0])


def test_columns_of_another_length_than_the_steps_are_refused(run: Run) -> None:
    with pytest.raises(InputError, match="found 2 values for 'loss' and 3 steps"):
        run.log_history([0, 1, 2], loss=[1.0, 2.0])
