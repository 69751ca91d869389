"""The store of one folder: journals that are the truth, tables that make them fit for questions."""

from __future__ import annotations

import os
import warnings
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from trackside.errors import JournalError, StoreBusyError, StoreError, TracksideError
from trackside.journal import has_open_writers
from trackside.journal.layout import live_folder
from trackside.locks import after_fork_in_child
from trackside.permissions import open_file
from trackside.store import helper
from trackside.store.layout import database_path, decided_path, make_folders, wal_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from trackside.journal import Damage
    from trackside.store.drain import Drain
    from trackside.store.purge import Freed


_REBUILD_WAIT = 30.0

_moments: ContextVar[Mapping[Path, bool]] = ContextVar("_moments", default=MappingProxyType({}))
"""Of each store that is read at one moment: whether all was brought in before."""


def _forget_moments() -> None:
    """Read under a lock of its own in a forked child: the one that is held is its parent's."""
    _moments.set(MappingProxyType({}))


after_fork_in_child(_forget_moments)

_drains: dict[Path, Drain] = {}
"""The last drain of each store, which need not look up again how far journals are. Whoever uses one takes it out."""


class Store:
    """One store folder, ``.trackside``.

    It holds nothing open: every question opens the tables, materialises its answer and closes again.

    Parameters
    ----------
    folder
        The store's folder; `Store.create` makes it. A relative one is meant from the working folder, while `run` and
        `runs` look for their store from the folder of the notebook or script upwards, wherever that is started.

    Attributes
    ----------
    folder : Path
        The store's folder, absolute.

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

    @property
    def database(self) -> Path:
        """The DuckDB file, which nothing but `read` may open."""
        return database_path(self.folder)

    @classmethod
    def create(cls, folder: Path, *, shared: bool = False) -> Store:
        """Return the store of a folder, made if need be. Its tables are made when somebody first asks for them.

        Parameters
        ----------
        shared
            Whether it is for the folder's group, too; one that is shared already stays so.

        Raises
        ------
        JournalError
            The folder cannot be made or written.
        """
        store = cls(folder)
        try:
            make_folders(store.folder, shared=shared)
        except OSError as error:
            raise JournalError(
                f"The store {store.folder} cannot be written ({error}); nothing is recorded; "
                "free the disk, check the folder's permissions, or name another store."
            ) from error
        return store

    @contextmanager
    def read(self, timeout: float = 2.0) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a read-only connection. Materialise results inside the block: nothing may outlive it.

        DuckDB's settings are Trackside's, and what else is attached stays so: read other files by a `duckdb.connect` of
        your own.

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
            There is no store in this folder, or it cannot be used.
        """
        from trackside.store.access import reading
        from trackside.store.connection import connect

        is_held = self.folder in _moments.get()
        with ExitStack() as stack:
            with self._explaining():
                opened = connect(self.database, read_only=True) if is_held else reading(self.folder, timeout)
                connection = stack.enter_context(opened)
            yield connection

    @contextmanager
    def at_one_moment(self, wait: float = 1.0) -> Iterator[None]:
        """Let all that is read within the block be read from the store as it is at its beginning.

        Within the block `refresh` brings nothing more in, and nobody else can either: keep it short, and say nothing
        in it.

        Parameters
        ----------
        wait
            Seconds that bringing in what stands in the journals may take before; see `refresh`.

        Raises
        ------
        StoreError
            As `refresh` and `read` do.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     store = Store.create(Path(folder) / ".trackside")
        ...     with store.at_one_moment(), store.read() as connection:
        ...         connection.execute("SELECT count(*) FROM runs").fetchone()
        (0,)
        """
        if self.folder in _moments.get() or not live_folder(self.folder).is_dir():
            yield
            return
        is_fresh = self.refresh(wait)
        with self.read():
            token = _moments.set({**_moments.get(), self.folder: is_fresh})
            try:
                yield
            finally:
                _moments.reset(token)

    def signature(self) -> tuple[tuple[int, int, int] | None, ...]:
        """Return what changes whenever the tables do, for those who keep answers. It opens nothing."""
        return tuple(_fingerprint(path) for path in (self.database, wal_path(self.database)))

    def note_decided(self) -> None:
        """Count that something was said of the runs, for sessions of any process that know what was decided before."""
        with suppress(OSError):
            descriptor = open_file(decided_path(self.folder), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            with open(descriptor, "ab") as file:  # noqa: PTH123  a descriptor has no Path
                file.write(b".")

    def count_decided(self) -> int:
        """Return how often something was said of the runs. It opens nothing, and costs microseconds."""
        try:
            return decided_path(self.folder).stat().st_size
        except OSError:
            return 0

    def refresh(self, wait: float = 1.0) -> bool:
        """Bring what stands in live journals into the tables.

        A process with a live run has it done by a helper process, for its training must not notice. A store that can
        only be read stays as it is; a warning says if its tables lack something.

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
        if (is_fresh := _moments.get().get(self.folder)) is not None:
            return is_fresh
        with self._explaining():
            if not live_folder(self.folder).is_dir():
                return True
            if not os.access(self.folder, os.W_OK):
                return self._look(wait)
            if has_open_writers(self.folder):
                asked = helper.ask(self.folder)
                return helper.wait_until_served(self.folder, asked, wait)
            return self._catch_up(wait)

    def bring_up_to_date(self, wait: float, purpose: str) -> None:
        """Bring everything that stands in the journals into the tables, as `refresh` does, or say that it is not there.

        Parameters
        ----------
        purpose
            What that is needed for, in words: ``"which run 'last' names"``.

        Raises
        ------
        StoreBusyError
            It took longer than ``wait``.
        """
        if not self.refresh(wait):
            raise StoreBusyError(
                f"The newest lines of {self.folder} are not in its tables yet, and {purpose} hangs on them; "
                f"expected them within {wait:g} s; end the process that holds the store, or try again."
            )

    def _catch_up(self, wait: float) -> bool:
        from trackside.store.drain import Drain

        with suppress(StoreBusyError):
            drain = _drains.pop(self.folder, None) or Drain(self.folder)
            if drain.catch_up(wait):
                _drains[self.folder] = drain
                helper.forget_error(self.folder)
                return True
        self.wake_drain()
        return False

    def _look(self, wait: float) -> bool:
        """Do what can be done in a store that cannot be written: see whether its tables lack something."""
        from trackside.store.drain import Drain

        with suppress(StoreBusyError):
            if Drain(self.folder).is_up_to_date(wait):
                return True
            warnings.warn(
                f"The store {self.folder} can only be read here, and its tables lack the newest lines; "
                "they will have them when somebody who may write looks at it.",
                stacklevel=4,
            )
        return False

    def wake_drain(self) -> None:
        """Have the journals drained, and the ended ones compressed, by a helper process; return at once.

        Where no helper can be started, whoever asks next drains.
        """
        with suppress(OSError):
            helper.ask(self.folder)
            helper.start_if_needed(self.folder)

    def rebuild(self) -> None:
        """Make the tables anew from the journals, whatever state they are in.

        Raises
        ------
        StoreBusyError
            Somebody held the store's lock for half a minute.
        StoreError
            The disk did not take them; the old tables are still there.
        """
        from trackside.locks import StoreLock
        from trackside.store.rebuild import rebuild

        with self._explaining():
            with StoreLock(self.folder).hold("exclusive", _REBUILD_WAIT):
                rebuild(self.folder)
            helper.forget_error(self.folder)

    def remove_purged(self) -> Freed:
        """Remove what is left of runs that are to be gone; see `trackside.store.purge.remove_purged`.

        Raises
        ------
        StoreError
            The store cannot be used.
        """
        from trackside.store.purge import remove_purged

        with self._explaining():
            return remove_purged(self.folder)

    def collect_garbage(self) -> Freed:
        """Remove what nobody refers to; see `trackside.store.purge.collect_garbage`.

        Raises
        ------
        StoreError
            The store cannot be used.
        """
        from trackside.store.purge import collect_garbage

        with self._explaining():
            return collect_garbage(self.folder)

    def problems(self) -> list[Damage]:
        """Read all journals and return what is damaged, each with file, byte and reason.

        Raises
        ------
        StoreError
            The store cannot be used.
        """
        from trackside.store.problems import list_problems

        with self._explaining():
            return list_problems(self.folder)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """Say in one line why the system does not let us use the store."""
        try:
            yield
        except OSError as error:
            if isinstance(error, TracksideError):
                raise
            raise StoreError(
                f"The store {self.folder} cannot be used here ({error}); expected to read its files and write its "
                "index; free the disk, close files, check the folder's permissions, or name another store."
            ) from error


def _fingerprint(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
