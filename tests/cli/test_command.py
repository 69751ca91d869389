"""`trackside` itself: its version, and what it says to a command that is not there."""

from __future__ import annotations

import subprocess
import sys

import pytest

import trackside as ts
from trackside.cli import CANNOT, main


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"trackside {ts.__version__}\n"


def test_an_unknown_command_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docter"]) == CANNOT
    assert "no command 'docter'; expected" in (said := capsys.readouterr().err)
    assert "Did you mean 'doctor'?" in said
    assert said.count("\n") == 1


def test_no_command_is_a_mistake() -> None:
    with pytest.raises(SystemExit, match="2"):
        main([])


def test_the_command_starts_without_the_demo_s_libraries() -> None:
    script = "import sys; from trackside.cli import main; main(['nothing']); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"trackside.demo", "pandas", "IPython", "duckdb"} & set(ran.stdout.split())


def test_an_unknown_option_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--rebiuld"]) == CANNOT
    said = capsys.readouterr().err
    assert said.startswith("trackside: no option '--rebiuld' of doctor; expected ")
    assert "Did you mean '--rebuild'?" in said
    assert said.count("\n") == 1
