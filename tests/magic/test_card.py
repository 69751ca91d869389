"""The card as a front end gets it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.magic.shells import run_cell, said
from trackside.card import CARD_MIME, INSTALL_HINT, MAX_LINES, card_bundle, ended_card, off_card
from trackside.changes import compare_runs
from trackside.model import Artifact, Param
from trackside.quantities import spell_duration
from trackside.run_facts import RunFacts
from trackside.tracking import Run
from trackside.wire import CardRecord

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

    from tests.magic.kernel import Kernel


def params(**values: float | str) -> dict[str, Param]:
    return {
        key: Param(key=key, value=value, kind="float" if isinstance(value, float) else "str", origin="cell")
        for key, value in values.items()
    }


def finished_run(name: str = "mlp") -> Run:
    run = Run.start(None, name=name)
    run.log(loss=0.5, accuracy=0.9)
    run.add_params(list(params(lr=0.1, opt="adam").values()))
    run.finish()
    return run


def text(record: CardRecord) -> list[str]:
    return ["".join(span.text for span in line) for line in record.lines]


def test_what_changed_comes_first() -> None:
    before, now = RunFacts(metrics={"accuracy": 0.85}, params={"opt": "sgd"}), RunFacts(params={"opt": "adam"})
    record = ended_card(finished_run(), before=before, changes=compare_runs(before, now))
    assert text(record)[1:] == ["changed: opt adam (was sgd)", "loss 0.5 · accuracy 0.9 (+0.05)", "lr 0.1 · opt adam"]


def test_the_names_that_were_captured_can_be_told_from_other_text() -> None:
    spans = [span for line in ended_card(finished_run()).lines for span in line if span.name]
    assert [(span.name, span.text.split()[0]) for span in spans] == [
        ("loss", "loss"),
        ("accuracy", "accuracy"),
        ("lr", "lr"),
        ("opt", "opt"),
    ]


def test_a_card_is_at_most_six_lines_and_tells_how_many_notes_it_left_out() -> None:
    record = ended_card(
        finished_run(),
        notes=[f"note {n}" for n in range(9)],
        error="ValueError: no\n\nTraceback",
        introduction="kept here",
    )
    assert len(record.lines) == MAX_LINES
    assert text(record)[1] == "ValueError: no"
    assert text(record)[-1] == "note 0 (and 8 more)"


def test_everything_a_user_can_name_is_escaped_and_one_line() -> None:
    bundle = card_bundle(
        ended_card(finished_run("<script>alert(1)</script>\n<b>")),
        with_install_hint=False,
    )
    assert "<script" not in bundle["text/html"]
    assert "&lt;script&gt;" in bundle["text/html"]
    assert len(bundle["text/plain"].splitlines()) == 3


def test_the_html_says_all_the_record_says_and_brings_no_code() -> None:
    record = ended_card(finished_run())
    html = card_bundle(record, with_install_hint=True)["text/html"]
    for span in (span for line in record.lines for span in line):
        assert span.text in html
    assert INSTALL_HINT in html
    assert "var(--jp-" in html
    for forbidden in ("<script", "<style", "http", "onclick"):
        assert forbidden not in html


def test_the_record_is_the_wires() -> None:
    record = ended_card(finished_run())
    assert msgspec.convert(card_bundle(record, with_install_hint=False)[CARD_MIME], CardRecord) == record


def test_a_run_of_another_experiment_says_where_it_is(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    for flags, told in (("--experiment other", "✓ finished · mlp · in other · "), ("", "✓ finished · mlp · ")):
        first = said(shell, capsys, f"%%track mlp {flags}\nlr = 0.1").splitlines()[0]
        assert first.startswith(told)
        assert (" · in " in first) == bool(flags)


def test_the_cards_error_has_no_secret(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    card = said(shell, capsys, "%%track\nraise ValueError('password=' + 'hunter2'[::1])")
    assert "ValueError: password=<redacted>" in card


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["predictions"], "1 set of predictions kept"),
        (["figure", "figure", "loss"], "2 figures, 1 loss kept"),
        (["weights", "weights", "table"], "2 sets of weights, 1 table kept"),
    ],
)
def test_what_is_kept_is_counted_in_words(kinds: list[str], told: str) -> None:
    run = finished_run()
    for at, kind in enumerate(kinds):
        artifact = Artifact(name=f"{at}", kind=kind, mime="text/plain", bytes=1, sha256="0")
        run.artifacts[artifact.name, None] = artifact
    assert text(ended_card(run))[0].endswith(f" · {told}")


def test_a_card_without_a_run() -> None:
    record = off_card(["why"])
    assert (record.status, record.run_id, text(record)) == ("off", "", ["why"])


def test_a_metric_that_reads_the_same_has_not_changed() -> None:
    before = RunFacts(metrics={"loss": 0.1 + 0.4 + 1e-16, "accuracy": 0.9 - 1e-9})
    assert "loss 0.5 (=) · accuracy 0.9 (=)" in text(ended_card(finished_run(), before=before))


def test_durations_as_people_say_them() -> None:
    said = [
        spell_duration(seconds) for seconds in (2e-5, 0.0003, 0.0321, 5.25, 59.99, 65.4, 3599.7, 7440, 86_400, 93_784)
    ]
    assert said == ["20 µs", "0.3 ms", "32 ms", "5.2 s", "1 min", "1 min 05 s", "1 h", "2 h 04 min", "1 d", "1 d 2 h"]


def test_a_kernels_card_is_one_output_in_three_forms_renewed_in_place(kernel: Kernel) -> None:
    executed = kernel.run("%%track\nimport trackside as ts\nts.log(loss=0.5)")
    (first, running), (last, ended) = executed.cards
    assert (first, last) == ("display_data", "update_display_data")
    assert running["transient"] == ended["transient"]
    assert len(running["data"]["text/plain"].splitlines()) == 1
    assert set(ended["data"]) == {CARD_MIME, "text/html", "text/plain"}
    assert ended["metadata"]["trackside"]["kind"] == "card"
    assert ended["data"][CARD_MIME]["run_id"] == ended["metadata"]["trackside"]["run_id"]


def test_a_running_card_shows_the_last_values_at_most_once_a_second(kernel: Kernel) -> None:
    executed = kernel.run(
        "%%track\nimport time, trackside as ts\nfor n in range(260):\n    ts.log(n=n); time.sleep(0.01)"
    )
    renewed = [content["data"]["text/plain"] for kind, content in executed.cards[1:-1]]
    assert 1 <= len(renewed) <= 3
    assert all("running" in line and " n " in line for line in renewed)


def test_a_card_compares_with_the_cells_last_run(kernel: Kernel) -> None:
    for lr in (0.5, 0.25):
        executed = kernel.run(f"%%track\nimport trackside as ts\nlr = {lr}\nts.log(loss={lr})", cell_id="compared")
    assert "loss 0.25 (-0.25)" in executed.card["text/plain"]
    assert "lr 0.25 (was 0.5)" in executed.card["text/plain"]


def test_a_cell_without_a_metric_is_told_how_to_log_one(kernel: Kernel) -> None:
    assert "ts.log(accuracy=…)" in kernel.run("%%track\nx = 1").card["text/plain"]


def test_flags_and_verbs_are_completed(kernel: Kernel) -> None:
    assert "--experiment" in kernel.complete("%%track --ex")
    assert "compare" in kernel.complete("%track com")


def test_help_is_there(kernel: Kernel) -> None:
    for asked in ("%track?", "%%track?"):
        (page,) = kernel.run(asked).payload["payload"]
        assert "--no-context" in page["data"]["text/plain"]


def test_importing_the_magic_is_cheap(tmp_path: Path) -> None:
    heavy = "numpy pandas duckdb altair anywidget matplotlib psutil".split()
    code = f"import sys, trackside.magic; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[]"


def test_a_full_card_still_says_what_was_not_kept() -> None:
    before, now = RunFacts(params={"opt": "sgd"}), RunFacts(params={"opt": "adam"})
    record = ended_card(
        finished_run(),
        before=before,
        changes=compare_runs(before, now),
        error="ValueError: no",
        introduction="kept here",
        notes=[f"note {n}" for n in range(3)],
    )
    assert len(record.lines) == MAX_LINES
    assert text(record)[-2:] == ["kept here", "note 0 (and 2 more)"]


def test_there_is_no_difference_to_what_is_no_number() -> None:
    for was in (float("nan"), float("inf"), "NaN"):
        record = ended_card(finished_run(), before=RunFacts(metrics={"loss": was}))
        assert text(record)[1] == "loss 0.5 · accuracy 0.9"


def test_a_run_that_goes_nowhere_is_said_not_to_be_kept(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKSIDE_MODE", "nonsense")
    run_cell(shell, "%%track\nlr = 0.1")
    assert " · not kept · " in capsys.readouterr().out.splitlines()[0]
