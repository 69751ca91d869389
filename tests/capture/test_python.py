"""Python is read in many threads at once."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor

import pytest

from trackside.capture.words import python
from trackside.capture.words.secrets import redact_source


def test_code_that_python_confuses_with_another_threads_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parse, failures = ast.parse, [SystemError("recursion depth mismatch"), RecursionError("recursion depth")]

    def confused(code: str) -> ast.Module:
        if failures:
            raise failures.pop()
        return parse(code)

    monkeypatch.setattr(ast, "parse", confused)
    assert redact_source('argv = ["--password", "abc"]') == 'argv = ["--password", "<redacted>"]'
    assert not failures


def test_many_threads_read_the_same() -> None:
    cell = "\n".join(f'x{n} = f(["--password", "abc"], {n})' for n in range(200))
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(redact_source, [cell] * 40)) == {cell.replace("abc", "<redacted>")}


def test_what_is_no_python_is_still_none() -> None:
    with pytest.raises(SyntaxError):
        python.parse("x = = 1")
