"""A diff of two texts has every line of both, and marks the words that changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trackside.line_diff import compare_lines, count_changed_lines

TEXTS = st.lists(st.sampled_from(["a = 1", "b = 2", "", "c = fit(x)"]), max_size=30).map("\n".join)


@given(TEXTS, TEXTS)
def test_every_line_of_both_texts_is_counted(before: str, after: str) -> None:
    lines = compare_lines(before, after)
    counted = {kind: sum(line.count for line in lines if line.kind == kind) for kind in ("removed", "added")}
    unchanged = sum(line.count for line in lines if line.kind in {"same", "skipped"})
    assert counted["removed"] + unchanged == len(before.splitlines())
    assert counted["added"] + unchanged == len(after.splitlines())
    assert (counted["added"], counted["removed"]) == count_changed_lines(before, after)


def test_far_from_a_change_lines_are_left_out() -> None:
    before = [f"line {number}" for number in range(50)]
    after = [*before[:20], "new", *before[21:]]
    lines = compare_lines("\n".join(before), "\n".join(after))
    assert [line.kind for line in lines] == ["skipped", *["same"] * 3, "removed", "added", *["same"] * 3, "skipped"]
    assert (lines[0].count, lines[-1].count) == (17, 26)


def test_words_that_changed_are_marked() -> None:
    removed, added = compare_lines("model = SVC(C=1, kernel='rbf')", "model = SVC(C=10, kernel='rbf')")
    assert [piece.text for piece in removed.pieces if piece.has_changed] == ["1"]
    assert [piece.text for piece in added.pieces if piece.has_changed] == ["10"]


def test_a_line_that_is_another_one_has_no_marked_words() -> None:
    assert not any(piece.has_changed for line in compare_lines("import os", "y = 2 ** 7") for piece in line.pieces)
