"""Texts: given ones are kept whole, long ones that a cell only reads are a digest and a length."""

from __future__ import annotations

import pytest
from tests.capture.cells import found

from trackside.capture.params.values import given_params, simple_params
from trackside.capture.words.secrets import REDACTED

PROMPT = "You are a helpful assistant. " * 20


def test_a_prompt_that_is_given_is_kept_whole() -> None:
    (param,) = given_params({"prompt": PROMPT})
    assert param.value == PROMPT


def test_a_prompt_in_the_cell_is_kept_whole() -> None:
    assert found(f"prompt = {PROMPT!r}") == {"prompt": PROMPT}
    assert found(f"answer = ask(prompt={PROMPT!r})") == {"ask.prompt": PROMPT}


@pytest.mark.parametrize("value", [PROMPT, {"prompt": PROMPT}, [PROMPT]])
def test_a_prompt_that_the_cell_only_reads_is_a_digest_and_a_length(value: object) -> None:
    (text,) = found("answer = ask(v)", v=value).values()
    assert PROMPT not in str(text)
    assert f"({len(PROMPT)} characters)" in str(text)


def test_a_book_is_a_digest_and_a_length_even_where_it_is_given() -> None:
    (param,) = given_params({"book": "word " * 2001})
    assert str(param.value).endswith("(10005 characters)")


def test_the_same_text_has_the_same_digest() -> None:
    (first,), (second,) = (simple_params("v", PROMPT, "context") for _ in range(2))
    assert first == second


def test_a_long_text_is_redacted() -> None:
    (param,) = given_params({"prompt": PROMPT + "sk-" + "a1B2" * 8})
    assert param.value == PROMPT + REDACTED
