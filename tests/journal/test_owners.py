from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journal.support import open_journal
from trackside.journal.ending import hold_as_writer
from trackside.journal.layout import JournalName
from trackside.journal.owners import list_live_owners, owns_live_run

if TYPE_CHECKING:
    from pathlib import Path


def test_a_run_lives_until_its_owner_says_how_it_ended(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    assert [owner.name.run_id for owner in list_live_owners(tmp_path)] == [journal.run_id]
    journal.append("ended", status="failed", error="x" * 30_000)
    assert list_live_owners(tmp_path) == []
    journal.close()


def test_whoever_archives_an_ended_run_is_not_taken_for_its_owner(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.append_metrics(0, {"loss": 0.5})
    journal.append("ended", status="finished")
    journal.close()
    name = JournalName(journal.run_id, journal.writer)
    with hold_as_writer(tmp_path, name) as is_held:
        assert is_held
        assert list_live_owners(tmp_path) == []
        assert not owns_live_run(tmp_path, name)


def test_a_journal_that_is_gone_has_no_owner(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    name = JournalName(journal.run_id, journal.writer)
    assert owns_live_run(tmp_path, name)
    journal.path.unlink()
    assert not owns_live_run(tmp_path, name)
    journal.close()
