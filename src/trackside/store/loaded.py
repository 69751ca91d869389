"""DuckDB, loaded once a process: what is opened in it then costs a tenth of a DuckDB of its own."""

from __future__ import annotations

import ctypes
import itertools
import os
import threading
from typing import TYPE_CHECKING

import duckdb

from trackside.locks import after_fork_in_child, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping


_numbers = itertools.count(1)


class LoadedDuckDB:
    """A DuckDB in memory, with no file open but those that are being asked.

    Parameters
    ----------
    config
        DuckDB's settings, for all that is asked of it.
    """

    def __init__(self, config: Mapping[str, str | bool | int | float | list[str]]) -> None:
        self._config = dict(config)
        self._loaded: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()
        after_fork_in_child(self._renew)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection for one question. The caller closes it."""
        with self._lock:
            if self._loaded is None:
                config = self._config | {"temp_directory": _name_spill_folder()}
                self._loaded = duckdb.connect(":memory:", config=config)
            return self._loaded.cursor()

    def forget(self) -> None:
        """Load another for the questions to come: an error may have left this one unfit. Those being asked go on."""
        with self._lock:
            self._loaded = None

    def _renew(self) -> None:
        """Give a forked child its own. What it inherited has no threads there, and would crash it when taken down."""
        self._lock = threading.Lock()
        if self._loaded is not None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._loaded))
            self._loaded = None


def _name_spill_folder() -> str:
    """Return where what does not fit into memory may go: made by DuckDB when it needs it, and taken away at the end."""
    try:
        return str(make_private_folder() / f"spill-{os.getpid()}-{next(_numbers)}")
    except OSError:
        return ""  # rather nowhere than where others can read it
