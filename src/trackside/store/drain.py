"""Folds journals into the tables, a slice at a time.

``python -m trackside.store.drain FOLDER`` is the helper process that does so while a process with a live run wants to
see its store.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.journal.archive import PreparedArchive, finish_archives, list_live, remove_leftovers
from trackside.journal.ending import end_for_dead_writer, hold_as_writer, is_alive
from trackside.journal.layout import JournalName, live_path
from trackside.locks import takes_locks
from trackside.permissions import umask_of
from trackside.store import helper
from trackside.store.access import reading, writing
from trackside.store.batch import Batch, JournalState
from trackside.store.fold import fold_batch
from trackside.store.intake import Collector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

SLICE_SECONDS = 0.2
"""How long the tables are locked at a time, or a little more: readers wait no longer for one slice."""

_LOOK_AGAIN = 0.03
_ARCHIVE_AT_ONCE = 50
_ROW_GROUP = 122_880
"""DuckDB keeps so many points together: what comes in whole groups goes straight to the file."""

_MOST_GROUPS = 4


class Drain:
    """Brings journals of one store into its tables. Any number may be at it: each line is taken once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._collector = Collector(folder)
        self._states: dict[JournalName, JournalState] = {}
        self._points = 2 * _ROW_GROUP

    def catch_up(self, timeout: float | None = None) -> bool:
        """Take in what stands in the journals now, and end the journals of the dead.

        Parameters
        ----------
        timeout
            Seconds after which no further slice is begun.

        Returns
        -------
        bool
            Whether everything was taken in.

        Raises
        ------
        StoreBusyError
            The store was locked for longer than ``timeout``.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            sizes = list_live(self._folder)
            for batch in self._batches(sizes, timeout):
                if not self._fold(batch, timeout):
                    break  # another drain was there: look anew
                if deadline is not None and time.monotonic() > deadline:
                    return False
            else:
                if not self._end_dead():
                    return True

    def is_up_to_date(self, timeout: float | None = None) -> bool:
        """Return whether the tables have everything that stands in the journals now. It changes nothing.

        Raises
        ------
        StoreBusyError
            The store was locked for longer than ``timeout``.
        """
        sizes = list_live(self._folder)
        self._learn(sizes, timeout)
        return all(self._states[name].bytes >= size for name, size in sizes.items())

    def archive(self, most: int) -> bool:
        """Compress up to ``most`` journals that have ended and are in the tables; return whether there were any.

        Where locks are refused, journals stay: other processes may have indexes of their own, and writers that we
        cannot see.
        """
        if not takes_locks(self._folder):
            return False
        with ExitStack() as writers:
            prepared: list[PreparedArchive] = []
            for name, size in list_live(self._folder).items():
                state = self._states.get(name)
                if state and self._is_done(state, size) and writers.enter_context(hold_as_writer(self._folder, name)):
                    prepared.append(PreparedArchive(self._folder, name, state.last_at or time.time()))
                    prepared[-1].prepare()
                if len(prepared) == most:
                    break
            if prepared:
                with writing(self._folder, timeout=None) as connection:
                    connection.execute("CHECKPOINT")  # nobody looks for an archive's lines in a log that got lost
                    finish_archives(prepared)
        return bool(prepared)

    def _is_done(self, state: JournalState, size: int) -> bool:
        is_complete = state.bytes == size > 0 and (state.ended or not state.owner)
        return is_complete and not is_alive(self._folder, state.name, state.host)

    def _learn(self, names: Iterable[JournalName], timeout: float | None) -> None:
        """Look up how far journals are in the tables that we have not met before, and forget those that are gone."""
        self._states = {name: self._states[name] for name in names if name in self._states}
        unknown = [name for name in names if name not in self._states]
        if unknown:
            self._states |= {name: JournalState(name=name) for name in unknown}
            with reading(self._folder, timeout) as connection:
                self._states |= {state.name: state for state in _select_states(connection, unknown)}

    def _batches(self, sizes: dict[JournalName, int], timeout: float | None) -> Iterator[Batch]:
        """Read what is new in journals, on the assumption that each batch gets into the tables."""
        self._learn(sizes, timeout)
        states = self._states.copy()
        while batch := self._collect(sizes, states):
            states |= {state.name: state for state in batch.after}
            yield batch

    def _collect(self, sizes: dict[JournalName, int], states: dict[JournalName, JournalState]) -> Batch | None:
        batch = Batch()
        for name in sorted(sizes):
            if states[name].bytes < sizes[name]:
                with suppress(FileNotFoundError), live_path(self._folder, name).open("rb", buffering=0) as file:
                    self._collector.collect(batch, states[name], file, self._points)
            if batch.count >= self._points:
                break
        return batch if batch.before else None

    def _fold(self, batch: Batch, timeout: float | None) -> bool:
        with writing(self._folder, timeout) as connection:
            began = time.monotonic()
            fitted = fold_batch(connection, batch, self._folder)
        held = time.monotonic() - began
        if batch.count >= self._points:
            groups = int(batch.count / _ROW_GROUP * SLICE_SECONDS / held)
            self._points = min(max(groups, 1), _MOST_GROUPS) * _ROW_GROUP
        for state in batch.after:
            if fitted:
                self._states[state.name] = state
            else:
                del self._states[state.name]
        return fitted

    def _end_dead(self) -> bool:
        """End the journals whose writers have died; return whether there is more to take in for it."""
        grew = False
        for name, size in list_live(self._folder).items():
            state = self._states.get(name)
            unfinished = state and (state.bytes != size or (state.owner and not state.ended))
            if state and unfinished and not is_alive(self._folder, name, state.host):
                with hold_as_writer(self._folder, name) as is_ours:
                    grew |= is_ours and self._end(state)
        return grew

    def _end(self, state: JournalState) -> bool:
        interrupted_at = state.last_at if state.owner and not state.ended else None
        path = live_path(self._folder, state.name)
        return end_for_dead_writer(path, state.bytes, state.seq + state.unread, interrupted_at)


def _select_states(connection: duckdb.DuckDBPyConnection, names: Iterable[JournalName]) -> list[JournalState]:
    wanted = set(names)
    rows = connection.execute(
        """SELECT CAST(run_id AS VARCHAR), writer, owner, generation, host, bytes, rows, seq, unread, damaged, ended,
            epoch(last_at)
        FROM journal_offsets WHERE run_id IN (SELECT CAST(unnest($1) AS UUID))""",
        [sorted({name.run_id for name in wanted})],
    ).fetchall()
    fields = ("owner", "generation", "host", "bytes", "rows", "seq", "unread", "damaged", "ended", "last_at")
    states = [JournalState(name=JournalName(*row[:2]), **dict(zip(fields, row[2:], strict=True))) for row in rows]
    return [state for state in states if state.name in wanted]


def serve(folder: Path) -> None:
    """Drain whenever somebody asks for it, until nobody has for a while and all that ended is archived."""
    drain = Drain(folder)
    served, archiving, last_asked = 0, True, time.monotonic()
    while archiving or helper.is_wanted(folder, last_asked):
        asked = helper.asked_at(folder)
        if asked > served:
            last_asked = time.monotonic()
            began = max(time.time_ns(), asked)
            drain.catch_up()
            served = began
            helper.note_served(folder, served)
            archiving = True
        elif archiving:
            archiving = drain.archive(_ARCHIVE_AT_ONCE)
        else:
            time.sleep(_LOOK_AGAIN)
    if takes_locks(folder):
        remove_leftovers(folder)


def main() -> None:
    """Be the one helper of the store folder given as the argument; end at once if there is one."""
    folder = Path(sys.argv[1])
    os.umask(umask_of(folder))  # DuckDB makes its files, too
    try:
        helper.serve_alone(folder, serve)
    except FileNotFoundError:
        return  # the store was deleted


if __name__ == "__main__":
    main()
