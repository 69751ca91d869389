"""The store of one folder: journals that are the truth, tables that make them fit for questions."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.errors import StoreBusyError
from trackside.journal import has_open_writers
from trackside.journal.layout import live_folder
from trackside.store import helper
from trackside.store.layout import database_path, make_folders, wal_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from trackside.journal import Damage


class Store:
    """One store folder, ``.trackside``.

    It holds nothing open: every question opens the tables, materialises its answer and closes again.

    Parameters
    ----------
    folder
        The store's folder; `Store.create` makes it.

    Attributes
    ----------
    folder : Path
        The store's folder, absolute.
    database : Path
        The DuckDB file, which nothing but `read` may open.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = Store.create(Path(folder) / ".trackside")
    ...     with store.read() as connection:
    ...         connection.execute("SELECT count(*) FROM runs").fetchone()
    (0,)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder).resolve()
        self.database = database_path(self.folder)

    @classmethod
    def create(cls, folder: Path) -> Store:
        """Return the store of a folder, made if need be. Its tables are made when somebody first asks for them."""
        store = cls(folder)
        make_folders(store.folder)
        return store

    @contextmanager
    def read(self, timeout: float = 2.0) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a read-only connection. Materialise results inside the block: nothing may outlive it.

        Parameters
        ----------
        timeout
            Seconds to wait in line for the store.

        Raises
        ------
        StoreBusyError
            The store was locked for longer.
        StoreDamagedError
            The tables cannot be read; `rebuild` makes them anew.
        StoreVersionError
            The store was written by a newer Trackside or DuckDB.
        StoreError
            There is no store in this folder.
        """
        from trackside.store.access import reading

        with reading(self.folder, timeout) as connection:
            yield connection

    def signature(self) -> tuple[tuple[int, int, int] | None, ...]:
        """Return what changes whenever the tables do, for those who keep answers. It opens nothing."""
        return tuple(_fingerprint(path) for path in (self.database, wal_path(self.database)))

    def refresh(self, wait: float = 1.0) -> bool:
        """Bring what stands in live journals into the tables.

        A process with a live run has it done by a helper process, for its training must not notice.

        Parameters
        ----------
        wait
            Seconds it may take.

        Returns
        -------
        bool
            Whether everything written before the call is in the tables now. If not, a helper goes on.

        Raises
        ------
        StoreError
            The journals could not be brought in, and will not be by waiting.
        """
        if not live_folder(self.folder).is_dir():
            return True
        if has_open_writers(self.folder):
            asked = helper.ask(self.folder)
            return helper.wait_until_served(self.folder, asked, wait)
        from trackside.store.drain import Drain

        try:
            is_complete = Drain(self.folder).catch_up(wait)
        except StoreBusyError:
            is_complete = False
        if not is_complete:
            self.wake_drain()
        return is_complete

    def wake_drain(self) -> None:
        """Have the journals drained, and the ended ones compressed, by a helper process; return at once."""
        helper.ask(self.folder)
        helper.start_if_needed(self.folder)

    def rebuild(self) -> None:
        """Make the tables anew from the journals, whatever state they are in.

        Raises
        ------
        StoreError
            The disk did not take them; the old tables are still there.
        """
        from trackside.locks import StoreLock
        from trackside.store.rebuild import rebuild

        with StoreLock(self.folder).hold("exclusive"):
            rebuild(self.folder)
        helper.forget_error(self.folder)

    def problems(self) -> list[Damage]:
        """Read all journals and return what is damaged, each with file, byte and reason."""
        from trackside.store.problems import list_problems

        return list_problems(self.folder)


def _fingerprint(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
