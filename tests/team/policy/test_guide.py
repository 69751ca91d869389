"""The guide's policy is one, and its example comes out as it is told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parents[3] / "notebooks" / "deciding.md"


def test_the_example_comes_out_as_it_is_told(tmp_path: Path) -> None:
    section = GUIDE.read_text(encoding="utf-8").partition("## What a team demands")[2].partition("\n## ")[0]
    policy, code, told = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "digits"\n{policy}')
    (tmp_path / "train.py").write_text(f"import trackside as ts\n\n{code}")
    ran = subprocess.run([sys.executable, "train.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stderr == told
