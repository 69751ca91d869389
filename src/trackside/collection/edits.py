"""What people say of runs afterwards: stars, names, tags, notes, decisions, baselines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trackside.collection.run_set import RunSet
from trackside.errors import InputError, list_known, suggest
from trackside.model import TAG_MARK, parse_tag
from trackside.team.baselines import choose_baseline
from trackside.team.policy import refuse_unless_compliant
from trackside.tracking.marks import decide_on_runs, mark_runs
from trackside.tracking.purging import purge_runs

if TYPE_CHECKING:
    from typing import Self

    from trackside.model import Disposition


class EditableRuns(RunSet):
    """Runs that can be marked, put away and deleted."""

    def star(self) -> Self:
        """Star the runs: tidying never leaves them out, and a comparison always shows them."""
        return self._marked({"starred": "yes"})

    def unstar(self) -> Self:
        """Take the stars back."""
        return self._marked({"starred": None})

    def keep(self) -> Self:
        """Bring the runs back from where they were put away, and never leave them out."""
        return self._marked({"shelf": "kept"})

    def archive(self) -> Self:
        """Put the runs away; ``ts.runs(include_hidden=True)`` still has them."""
        return self._marked({"shelf": "archived"})

    def drop(self) -> Self:
        """Put the runs where `purge` may take them from; `keep` brings them back.

        Raises
        ------
        InputError
            The baseline is among them.
        """
        return self._marked({"shelf": "dropped"})

    def decide(self, decision: Disposition, why: str) -> Self:
        """Decide what becomes of the runs; what was decided before stays on record.

        Parameters
        ----------
        decision
            ``"keep"``; ``"drop"``, which also puts them where `purge` may take them from; ``"promote"``. The last one
            counts: ``ts.runs("decision = 'promote'")``.
        why
            The reason.

        Raises
        ------
        InputError
            There is no such decision, no reason, a baseline, a registered or a reviewed run is to be dropped, or the
            policy refuses to promote one.

        Examples
        --------
        >>> ts.runs("best").decide("promote", "beats the baseline by 2 points on new data")  # doctest: +SKIP
        """
        if decision == "promote":
            refuse_unless_compliant(self._store, self.ids, "promote")
        decide_on_runs(self._store, self.ids, decision, why)
        return self._select(self.ids)

    def note(self, text: str | None) -> Self:
        """Keep a line of text with each of the runs; None takes it away."""
        return self._marked({"note": text or None})

    def rename(self, name: str | None) -> Self:
        """Call a run otherwise from now on; None gives it its first name back.

        Raises
        ------
        InputError
            This is not one run, or the name is empty or longer than 1,000 characters.

        Examples
        --------
        >>> ts.runs("best").rename("submitted")  # doctest: +SKIP
        """
        self._one("a name")
        return self._marked({"name": name})

    def tag(self, *tags: str | Mapping[str, str], **values: str) -> Self:
        """Tag each of the runs; who says a tag last counts, be it the run itself.

        Parameters
        ----------
        tags
            A text is a tag as it is written, ``"best-so-far"`` or ``"stage=final"``; a mapping has values by the tags'
            names.
        values
            Values by the tags' names.

        Raises
        ------
        InputError
            A tag has no name, or one with ``=`` in it.

        Examples
        --------
        >>> ts.runs("val_loss < 0.3").tag("reviewed", stage="final")  # doctest: +SKIP
        """
        merged: dict[str, str] = {}
        for tag in (*tags, values):
            if not isinstance(tag, str | Mapping):
                raise InputError(f"found {tag!r} as a tag; expected a text such as 'stage=final', or a mapping")
            named = [parse_tag(tag)] if isinstance(tag, str) else tag.items()
            merged |= {str(key).strip(): str(value) for key, value in named}
        return self._marked({TAG_MARK + key: value for key, value in merged.items()})

    def untag(self, *names: str) -> Self:
        """Take tags away from the runs, also those that they set themselves.

        Raises
        ------
        InputError
            None of the runs has a tag of that name.

        Examples
        --------
        >>> ts.runs().untag("stage")  # doctest: +SKIP
        """
        known = self._select(self.ids).tag_names
        if strangers := [name for name in names if name not in known]:
            among = f"these {len(self)} runs have" if len(self) != 1 else "this run has"
            there_are = list_known(strangers[0], known, "none")
            hint = suggest(strangers[0], known)
            raise InputError(f"{among} no tag {strangers[0]!r}; expected one of theirs: {there_are}.{hint}")
        return self._marked({TAG_MARK + name: None for name in names})

    def purge(self) -> int:
        """Delete the runs for good, with all they have on the disk; return the bytes that were freed.

        Raises
        ------
        InputError
            The baseline is among them, or one is still being written.
        StoreBusyError
            The store was locked for too long.
        """
        return purge_runs(self._store, self.ids)

    def make_baseline(self, name: str = "", *, why: str | None = None) -> None:
        """Hold the other runs of the experiment against this one.

        Who did so, when and why is kept; see `trackside.baselines`.

        Parameters
        ----------
        name
            Which baseline this becomes: the experiment's own by default, or one beside it, ``"production"``.
        why
            The reason.

        Raises
        ------
        InputError
            This is not one run, it was dropped, no baseline can have this name, or the policy refuses it.

        Examples
        --------
        >>> ts.runs("best").make_baseline("production", why="first with new data")  # doctest: +SKIP
        """
        if len(self) != 1:
            raise InputError(f"A baseline is one run; these are {len(self)}; choose one, such as ts.runs('best').")
        project, experiment = (str(self._frame.attributes[key][0]) for key in ("project", "experiment"))
        names = [experiment, *(name for name in self._scope.names if name != experiment)]
        choose_baseline(self._store, project, names, self.ids[0], name=name, why=why)

    def _marked(self, marks: Mapping[str, str | None]) -> Self:
        mark_runs(self._store, self.ids, marks)
        return self._select(self.ids)
