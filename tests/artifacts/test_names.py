"""Names of artifacts are labels: anything printable is kept as it is, nothing becomes a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pytest

import trackside as ts
from trackside.artifacts import file_name
from trackside.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("store_folder")


@pytest.mark.parametrize("name", ["x" * 10_000, "a\nb", "a\0b", "\x1b[31m", "ab\u202ecod.exe", "", "   ", 3, b"x"])
def test_what_is_no_line_of_visible_text_is_refused(name: str) -> None:
    with ts.run("r") as run, pytest.raises(InputError, match="an artifact's name"):
        ts.log_artifact({"a": 1}, name)
    assert not run.artifacts


@pytest.mark.parametrize("kind", ["x" * 41, "a\nb", "", 3])
def test_a_kind_is_a_word(kind: str) -> None:
    with ts.run("r"), pytest.raises(InputError, match="an artifact's kind"):
        ts.log_artifact({"a": 1}, kind=kind)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini", "~/x", "<img onerror=a>", "…"])
def test_hostile_labels_are_kept_and_harm_nothing(name: str, tmp_path: Path) -> None:
    with ts.run("r"):
        ts.log_artifact({"a": 1}, name)
    artifacts = ts.runs("last").artifacts()
    folder = tmp_path / "out"
    folder.mkdir()
    saved = artifacts[name].save(folder)
    assert saved.parent == folder
    assert list(folder.iterdir()) == [saved]
    assert "<img" not in artifacts._repr_html_()


@pytest.mark.parametrize(
    ("name", "mime", "file"),
    [
        ("a/b/loss curve", "image/png", "loss curve.png"),
        ("...", "", "artifact"),
        (".bashrc", "", "bashrc"),
        ("a\u202eb", "", "a_b"),
        ("x" * 300, "text/plain", "x" * 100 + ".txt"),
        ("c:d|e", "", "c_d_e"),
    ],
)
def test_file_names_are_safe(name: str, mime: str, file: str) -> None:
    assert file_name(name, mime) == file


def test_a_figures_title_is_cleaned() -> None:
    figure = plt.figure()
    figure.suptitle("loss\u202e\n" + "x" * 10_000)
    with ts.run("r"):
        artifact = ts.log_artifact(figure)
    plt.close(figure)
    assert artifact is not None
    assert artifact.name.startswith("loss xxx")
    assert len(artifact.name) == 200
