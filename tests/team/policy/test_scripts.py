"""A script whose run breaks the policy is told so once, on stderr, at the run's end; nothing is ever raised."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
import trackside as ts
for lr in (0.1, 0.2):
    with ts.run("mlp", params={"lr": lr}) as run:
        ts.log(loss=lr)
print("done")
"""


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ('tags = ["stage"]\non_violation = "refuse"', ["mlp: policy: 0 of 1 ✓, missing: tag stage", "  ✗ tag stage: "]),
        ('params = ["lr"]', []),
        ("seeds = 3", []),
        ('tagz = ["stage"]', ["policy not applied: "]),
    ],
)
def test_a_script_is_told_once_what_its_runs_break(tmp_path: Path, policy: str, told: list[str]) -> None:
    (tmp_path / "trackside.toml").write_text(f"[policy]\n{policy}\n")
    (tmp_path / "train.py").write_text(SCRIPT)
    ran = subprocess.run([sys.executable, "train.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == "done\n"
    lines = [line.removeprefix("trackside: ") for line in ran.stderr.splitlines()]
    assert len(lines) == len(told)
    assert all(line.startswith(word) for line, word in zip(lines, told, strict=True)), lines
