"""The diff of two runs, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trackside.changes import ABSENT
from trackside.model import short_id
from trackside.run_details import read_details
from trackside.run_diff.compare import compare_details
from trackside.run_diff.page import write_page
from trackside.run_diff.text import write_text
from trackside.wire import RECORD_VERSION

if TYPE_CHECKING:
    import pandas as pd

    from trackside.goals import Goals
    from trackside.run_details import RunDetails
    from trackside.run_diff.sections import Section
    from trackside.store.store import Store


@dataclass(frozen=True)
class RunDiff:
    """In what two runs differ; at the end of a cell it shows itself, what changed first.

    Attributes
    ----------
    before, after
        The two runs.
    sections
        In what they differ, part by part.
    """

    before: RunDetails
    after: RunDetails
    sections: list[Section]

    def __bool__(self) -> bool:
        return any(section.differences for section in self.sections)

    @property
    def df(self) -> pd.DataFrame:
        """The differences as a DataFrame: ``part``, ``name``, ``before``, ``after``; None where there is nothing."""
        import pandas as pd

        rows = [
            (section.name, difference.name, _plain(difference.before), _plain(difference.after))
            for section in self.sections
            for difference in section.differences
        ]
        return pd.DataFrame(rows, columns=["part", "name", "before", "after"], dtype=object)

    def __repr__(self) -> str:
        return write_text(self.before, self.after, self.sections)

    def _repr_html_(self) -> str:
        return write_page(self.before, self.after, self.sections)

    def _repr_mimebundle_(self, **_kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {"text/html": self._repr_html_(), "text/plain": repr(self)}
        ids = [short_id(self.before.run_id), short_id(self.after.run_id)]
        return data, {"trackside": {"kind": "diff", "version": RECORD_VERSION, "runs": ids}}


def diff_runs(store: Store, before: str, after: str, goals: Goals) -> RunDiff:
    """Return in what two runs differ, given by their ids.

    Parameters
    ----------
    goals
        Which metrics are better low and which high.

    Raises
    ------
    InputError
        There is no such run.
    """
    old, new = read_details(store, before), read_details(store, after)
    return RunDiff(old, new, compare_details(old, new, goals))


def _plain(value: Any) -> Any:
    return None if value is ABSENT else value
