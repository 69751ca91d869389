"""System calls that fail when a test wants them to."""

from __future__ import annotations

import os
import resource
import signal
import threading
from contextlib import contextmanager
from errno import EIO
from typing import TYPE_CHECKING, Any

from trackside.journal import writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest


class FailingCall:
    """Stands for one function of ``os``: its ``nth`` call by this thread fails, once.

    Parameters
    ----------
    fail
        What happens then, called as the function is; it may raise.
    """

    def __init__(self, real: Callable[..., Any], nth: int, fail: Callable[..., Any]) -> None:
        self._real, self._nth, self._fail = real, nth, fail
        self._thread = threading.get_ident()
        self.calls = 0

    @property
    def has_failed(self) -> bool:
        return self.calls >= self._nth

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if threading.get_ident() == self._thread:
            self.calls += 1
            if self.calls == self._nth:
                return self._fail(*args, **kwargs)
        return self._real(*args, **kwargs)


def raise_error(number: int = EIO) -> Callable[..., Any]:
    """Return what fails with an error of the system."""

    def fail(*_args: Any, **_kwargs: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


def write_part(share: Callable[[int], int]) -> Callable[..., Any]:
    """Return a write that comes short: ``share`` says how many bytes of so many it takes."""

    def fail(descriptor: int, data: bytes) -> int:
        return os.write(descriptor, data[: share(len(data))])

    return fail


@contextmanager
def failing(patch: pytest.MonkeyPatch, name: str, nth: int, fail: Callable[..., Any]) -> Iterator[FailingCall]:
    """Let the ``nth`` call of ``os.<name>`` fail while the block runs."""
    call = FailingCall(getattr(os, name), nth, fail)
    with patch.context() as patched:
        if name == "write":
            patched.setattr(writer, "_write", call)  # it looks the function up only once
        else:
            patched.setattr(os, name, call)
        yield call


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes: writes come short, then fail, as on a full disk.

    It ends before the test does: the limit holds for what pytest prints, too.
    """
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


@contextmanager
def so_many_more_descriptors(count: int) -> Iterator[None]:
    """Let this process open so many files more, and no others."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = {int(name) for name in os.listdir("/proc/self/fd")}  # noqa: PTH208  names of no files
    free = [number for number in range(limits[0]) if number not in taken]
    resource.setrlimit(resource.RLIMIT_NOFILE, (free[count], limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
