"""Numbers on their way to a run, those of a device among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from trackside.capture.metrics.points import Points, device_scalar
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path


def test_a_tensor_elsewhere_is_copied_there_and_not_asked_for_its_number() -> None:
    loss = torch.tensor(0.5, device="meta", requires_grad=True)  # a device that has no numbers to tell
    kept = device_scalar(loss)
    assert (kept is loss, kept.requires_grad, kept.device.type) == (False, False, "meta")


@pytest.mark.parametrize(
    "value",
    [0.5, 1, torch.tensor(0.5), torch.zeros(3, device="meta"), torch.tensor(3, device="meta"), "0.5", None],
)
def test_what_is_here_or_no_single_measured_number_is_not_put_off(value: object) -> None:
    assert device_scalar(value) is None


@pytest.mark.parametrize("kinds", [(torch.float32,), (torch.float32, torch.float64)])
def test_tensors_are_fetched_in_their_order(store_folder: Path, kinds: tuple[torch.dtype, ...]) -> None:
    with Run.start(store_folder, name="x") as run:
        points = Points(run)
        for n in range(5):
            points.add(run, "loss", torch.tensor(n / 2, dtype=kinds[n % len(kinds)]))
            points.add(run, "accuracy", n / 4)
        assert run.latest == {}
        points.flush()
        assert run.latest == {"loss": 2.0, "accuracy": 1.0}
