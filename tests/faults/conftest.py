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
def _helpers_are_forked() -> None:
    """Start helpers here as users' are started."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / ".trackside")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Return a disk of the test's own, mounted."""
    disk = Disk(tmp_path / "disk")
    disk.mount()
    yield disk
    disk.unmount()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Function) -> bool | None:
    """Run a test that needs a disk in a user namespace, where a user who may not mount one may."""
    if "disk" not in item.fixturenames or _IN_NAMESPACE in os.environ or can_mount():
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    call = pytest.CallInfo.from_call(lambda: _run_in_namespace(item), when="call", reraise=KeyboardInterrupt)
    item.ihook.pytest_runtest_logreport(report=pytest.TestReport.from_item_and_call(item, call))
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _run_in_namespace(test: pytest.Function) -> None:
    long = ["--long"] if test.config.getoption("--long") else []
    ended = subprocess.run(
        ["unshare", "--map-root-user", "--mount", sys.executable, "-m", "pytest", "-q", *long, test.nodeid],
        capture_output=True,
        text=True,
        check=False,
        cwd=test.config.rootpath,
        env=os.environ | {_IN_NAMESPACE: "1"},
    )
    if ended.returncode:
        pytest.fail(
            f"a disk can be mounted by root or in a user namespace:\n{ended.stdout}{ended.stderr}", pytrace=False
        )
