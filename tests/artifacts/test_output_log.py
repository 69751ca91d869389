"""The record of a cell's outputs is bounded, in order, and holds no part of a secret."""

from __future__ import annotations

import threading

import pytest

from trackside.capture.outputs.log import HEAD, MAX_SHOWN, TAIL, OutputLog, Stream
from trackside.capture.outputs.record import Rendered, render, take_down


def texts(log: OutputLog) -> list[str]:
    rendered = render(log.close(), left_out=log.left_out)
    return [data["text/plain"].decode() for _, data in rendered.outputs]


def test_one_huge_write_is_cut_in_the_middle() -> None:
    log = OutputLog()
    log.write("stdout", "a" * HEAD + "b" * 10**7 + "\n" + "c" * (TAIL - 1))
    (text,) = texts(log)
    assert text.startswith("a" * HEAD + "[… ")
    assert text.endswith("…]\n" + "c" * (TAIL - 1))


def test_streams_that_alternate_stay_bounded() -> None:
    log = OutputLog()
    for number in range(100_000):
        log.write("stdout" if number % 2 else "stderr", f"line {number}\n")
    items = log.close()
    assert len(items) < 25_000
    streams = [item for item in items if isinstance(item, Stream)]
    assert sum(len("".join([*stream.head, *stream.tail])) for stream in streams) <= HEAD + TAIL


def test_a_progress_bar_is_its_last_state() -> None:
    log = OutputLog()
    for percent in range(100_000):
        log.write("stderr", f"\r{percent:6}% {'█' * 50}")
    log.write("stderr", "\n")
    (text,) = texts(log)
    assert text == f" 99999% {'█' * 50}\n"


@pytest.mark.parametrize(
    ("before", "after"), [('password="', '"'), ("{'api_key': '", "'"), ('data-x="{&quot;token&quot;:&quot;', "&quot;")]
)
def test_half_of_a_secret_on_an_endless_line_is_not_kept(before: str, after: str) -> None:
    log = OutputLog()
    log.write("stdout", f"{'x ' * (HEAD // 2 - 50)}{before}hunter2 {'hunter2' * 20_000}")
    log.write("stdout", f"{'y' * TAIL}{before}{'hunter2' * 20_000}{after}{'z ' * (TAIL // 2 - 50)}")
    (text,) = texts(log)
    assert "hunter" not in text
    assert text.startswith("x x ")
    assert text.endswith("z z ")


def test_the_first_part_of_an_address_on_an_endless_line_is_not_kept() -> None:
    log = OutputLog()
    log.write("stdout", f"{'x ' * (HEAD // 2 - 15)}postgres://ada:{'pa55' * 100_000}@host")
    (text,) = texts(log)
    assert "ada:pa55" not in text


def test_half_of_a_private_key_is_not_kept() -> None:
    log = OutputLog()
    log.write("stdout", "x" * 79 + "\n" + "-----BEGIN PRIVATE KEY-----\n")
    for _ in range(10_000):
        log.write("stdout", "SECRETBYTES" * 5 + "\n")
    log.write("stdout", "-----END PRIVATE KEY-----\ndone\n")
    rendered = render(log.close())
    assert rendered.redacted > 0
    ((_, data),) = rendered.outputs
    assert b"SECRET" not in data["text/plain"]
    assert data["text/plain"].endswith(b"<redacted>\ndone\n")


def test_too_many_displays_are_counted() -> None:
    log = OutputLog()
    for number in range(MAX_SHOWN + 3):
        log.show({"text/plain": str(number)})
    rendered = render(log.close(), left_out=log.left_out)
    assert len(rendered.outputs) == MAX_SHOWN
    assert rendered.notes == ["3 displays left out: too large, or too many"]


def test_what_is_rendered_later_is_as_it_was_when_it_was_taken_down() -> None:
    log, shown = OutputLog(), {"application/json": {"losses": [0.5]}}
    log.show(shown)
    rendered = Rendered()
    taken = take_down(log.close(), rendered)
    shown["application/json"]["losses"].append(float("nan"))
    shown["text/plain"] = {}
    assert render(taken, rendered).outputs == [("display_data", {"application/json": b'{"losses": [0.5]}'})]


def test_many_threads_lose_no_line() -> None:
    log = OutputLog()

    def write(number: int) -> None:
        for line in range(1000):
            log.write("stdout", f"{number}.{line}\n")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (text,) = texts(log)
    assert sorted(text.split()) == sorted(f"{n}.{line}" for n in range(8) for line in range(1000))
