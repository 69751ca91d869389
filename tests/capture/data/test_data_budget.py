"""Looking at data takes no longer than it may: what is too large is sampled, and says so."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from tests.capture.data.looking import look

from trackside.capture.data import looks
from trackside.capture.data.budget import SECONDS, Budget, OutOfTimeError
from trackside.capture.data.content import Column, Content, Values
from trackside.capture.data.digests import SAMPLE_BYTES, SAMPLE_ROWS, digest_content, sample_step
from trackside.capture.data.recognition import recognise

LARGE = np.arange(10_000_000.0)


class Reads:
    """Counts the rows that are read."""

    def __init__(self, rows: int, width: int = 8) -> None:
        self.rows = 0
        column = Column(name="", dtype="<f8", rows=rows, size=rows * width, read=self.read)
        self.content = Content(kind="ndarray", family="counted", shape=(rows, width // 8), columns=[column])

    def read(self, part: slice) -> Values:
        rows = len(range(part.start, part.stop, part.step or 1))
        self.rows += rows
        return Values(np.zeros(rows))


def test_a_petabyte_is_not_read() -> None:
    reads = Reads(10**14)
    seen = looks.look_at(reads, reads.content, Budget())
    assert seen.is_sampled
    assert seen.digest is not None
    assert reads.rows < 1_000_000


def test_what_fits_is_digested_in_full_until_nothing_is_left() -> None:
    budget = Budget()
    sampled = [look(LARGE + n, budget).is_sampled for n in range(4)]
    assert sampled == [False, False, True, True]
    assert 0 <= budget.seconds < SECONDS


def test_small_data_is_digested_in_full_even_then() -> None:
    assert not look(np.zeros((1797, 64)), Budget(0.0)).is_sampled
    assert look(np.zeros((17_970, 64)), Budget(0.0)).is_sampled


def test_a_machine_that_is_slower_than_most_gives_up_and_samples() -> None:
    budget = Budget()
    assert budget.can_pay(1)
    budget._began = (-10.0, -10.0)
    with pytest.raises(OutOfTimeError):
        budget.check_time()


def test_a_sample_is_the_same_wherever_data_lies_and_however_often_it_is_taken() -> None:
    wide = np.arange(4_000_000.0).reshape(1000, 4000)
    digests = {look(array.copy(order="K"), Budget(0.0)).digest for array in (wide, wide, np.asfortranarray(wide))}
    assert len(digests) == 1
    assert digests != {look(wide).digest}
    assert digests != {look(wide + 1, Budget(0.0)).digest}


def test_a_sample_of_few_large_rows_takes_single_numbers() -> None:
    content = recognise(np.zeros((1, 10_000_000), np.float32))
    assert content is not None
    assert content.rows // sample_step(content) <= SAMPLE_ROWS
    many = recognise(np.zeros((100_000, 1000), np.uint8))
    assert many is not None
    assert many.size // sample_step(many) <= SAMPLE_BYTES


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the steps with which contents were digested."""
    steps: list[int] = []

    def counted(content: Content, *, step: int = 1, **rest: Any) -> str | None:
        steps.append(step)
        return digest_content(content, step=step, **rest)

    monkeypatch.setattr(looks, "digest_content", counted)
    return steps


def test_large_data_is_read_once_while_it_is_unchanged(reads: list[int]) -> None:
    array = LARGE.copy()
    first = look(array)
    assert look(array) is first
    assert reads.count(1) == 1
    array[0] += 1
    assert look(array).digest != first.digest
    assert reads.count(1) == 2


def test_another_object_in_the_same_place_is_looked_at() -> None:
    gc.collect()
    before = len(looks._seen)
    digests = set()
    for number in range(3):
        frame = pd.DataFrame({"a": LARGE[:1_000_000] + number})
        digests.add(look(frame).digest)
        del frame
        gc.collect()
    assert len(digests) == 3
    assert len(looks._seen) == before


def test_a_tensor_counts_its_changes() -> None:
    tensor = torch.zeros(2_000_000)
    first = look(tensor)
    tensor[1_234_567] = 1.0
    assert look(tensor).digest != first.digest
