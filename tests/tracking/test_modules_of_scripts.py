"""The modules of the user's own that are kept of a script's runs."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.recorded import read_runs
from trackside.model import PartsKept
from trackside.records import Modules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.recorded import Recorded

DURING = """
import my_early
import trackside as ts

with ts.run("outer"):
    import my_late
    with ts.run("inner"):
        pass
"""

KILLED = """
import os, signal, time
from pathlib import Path
import my_early
import trackside as ts

ts.run("killed")
while not any(b'"modules"' in file.read_bytes() for file in Path(os.environ["TRACKSIDE_STORE"]).rglob("*.ndjson")):
    time.sleep(0.01)
import my_late
os.kill(os.getpid(), signal.SIGKILL)
"""

WITHOUT_MEMORY = """
import my_early
import trackside as ts

with ts.run("large"):
    import my_late
    raise MemoryError
"""


def run_script(store: Path, code: str) -> list[Recorded]:
    """Run a script beside two modules; return its runs."""
    folder = store.parent
    (folder / "my_early.py").write_text("A = 1\n")
    (folder / "my_late.py").write_text("B = 2\n")
    script = folder / "train.py"
    script.write_text(code)
    environment = os.environ | {"TRACKSIDE_STORE": str(store)}
    subprocess.run([sys.executable, str(script)], env=environment, cwd=folder, check=False, capture_output=True)
    return read_runs(store)


def modules_of(store: Path, run: Recorded) -> list[str] | None:
    digests = [event.parts["modules"] for event in run.events if isinstance(event, PartsKept)]
    if not digests:
        return None
    content = (store / "blobs" / digests[-1][:2] / digests[-1]).read_bytes()
    return [module.name for module in msgspec.json.decode(content, type=Modules).modules]


def test_what_is_imported_during_a_run_is_kept_with_it(store_folder: Path) -> None:
    outer, inner = run_script(store_folder, DURING)
    assert modules_of(store_folder, outer) == ["my_early", "my_late"]
    assert modules_of(store_folder, inner) is None


@pytest.mark.parametrize("code", [KILLED, WITHOUT_MEMORY], ids=["killed", "without memory"])
def test_a_run_that_is_stopped_keeps_what_was_imported_before_it(store_folder: Path, code: str) -> None:
    (run,) = run_script(store_folder, code)
    assert (modules_of(store_folder, run) or [])[0] == "my_early"
