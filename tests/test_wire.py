"""The contract with the browser: generated from `trackside.wire` alone, and the same on both sides."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackside import wire
from trackside.browser_api import decode_floats, encode_floats
from trackside.wire.schema import contract_schema

SCHEMA = Path(__file__).parent.parent / "js" / "core" / "wire.schema.json"


def test_the_committed_schema_is_what_the_contract_generates() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == contract_schema()


@given(st.lists(st.floats(width=64)))
def test_floats_come_back_bit_for_bit(values: list[float]) -> None:
    array = np.array(values, dtype=np.float64)
    assert decode_floats(encode_floats(array)).tobytes() == array.tobytes()


def test_a_question_without_its_name_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"metric": "loss"}, wire.Question)
