from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.disks import Disk, can_mount
from trackside.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_IN_NAMESPACE = "FAULTS_IN_NAMESPACE"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / ".trackside")


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk | None]:
    """Return a mounted disk. A user who may not mount has the test run where they may: in a user namespace."""
    if not can_mount(tmp_path) and _IN_NAMESPACE not in os.environ:
        _run_in_namespace(request)
        yield None
        return
    disk = Disk(tmp_path / "disk")
    disk.mount()
    yield disk
    disk.unmount()


def _run_in_namespace(request: pytest.FixtureRequest) -> None:
    test = request.node
    pytest_again = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test.nodeid]
    long = ["--long"] if request.config.getoption("--long") else []
    ended = subprocess.run(
        ["unshare", "--map-root-user", "--mount", *pytest_again, *long],
        capture_output=True,
        text=True,
        check=False,
        cwd=request.config.rootpath,
        env=os.environ | {_IN_NAMESPACE: "1"},
    )
    if ended.returncode:
        pytest.fail(f"mounting a disk needs root or a user namespace:\n{ended.stdout}{ended.stderr}", pytrace=False)
    test.obj = lambda **_fixtures: None  # it has passed there
