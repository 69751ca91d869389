"""What the journals of a store say, run by run: read back as the drain reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import zstandard

from trackside import model
from trackside.journal import Damage, JournalReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Recorded:
    """One run's events, all its writers' together."""

    events: list[model.AnyEvent] = field(default_factory=list)

    @property
    def started(self) -> model.Started:
        return next(event for event in self.events if isinstance(event, model.Started))

    @property
    def ended(self) -> model.Ended:
        (ended,) = (event for event in self.events if isinstance(event, model.Ended))
        return ended

    @property
    def params(self) -> dict[str, model.JSONValue]:
        return {p.key: p.value for e in self.events if isinstance(e, model.ParamsLogged) for p in e.params}

    @property
    def origins(self) -> dict[str, model.Origin]:
        return {p.key: p.origin for e in self.events if isinstance(e, model.ParamsLogged) for p in e.params}

    @property
    def tags(self) -> dict[str, str]:
        return {k: v for e in self.events if isinstance(e, model.TagsSet) for k, v in e.tags.items()}

    def points(self, key: str) -> list[tuple[int, float | str]]:
        """Return a metric's points as (step, value)."""
        logged = [event for event in self.events if isinstance(event, model.MetricsLogged)]
        return [(event.step, event.values[key]) for event in logged if key in event.values]

    @property
    def last(self) -> dict[str, float | str]:
        """Each metric's last value."""
        return {k: v for e in self.events if isinstance(e, model.MetricsLogged) for k, v in e.values.items()}


def read_runs(store: Path) -> list[Recorded]:
    """Return the store's runs, oldest first."""
    runs: dict[str, Recorded] = {}
    for name, data in sorted(_journals(store).items()):
        for event in JournalReader(name).read_lines(data):
            assert not isinstance(event, Damage), event
            runs.setdefault(name.partition(".")[0], Recorded()).events.append(event)
    return [runs[run_id] for run_id in sorted(runs)]


def last_run(store: Path) -> Recorded:
    """Return the run that was begun last."""
    return read_runs(store)[-1]


def _journals(store: Path) -> dict[str, bytes]:
    """Read live and ended journals; the helper process may move one from here to there meanwhile."""
    for _ in range(20):
        try:
            return dict(_read_files(store))
        except FileNotFoundError:
            continue
    raise AssertionError(f"journals in {store} do not stay where they are")


def _read_files(store: Path) -> Iterator[tuple[str, bytes]]:
    for path in (store / "journals" / "ended").rglob("*.ndjson.zst"):
        with path.open("rb") as file:
            yield path.name.removesuffix(".zst"), zstandard.ZstdDecompressor().stream_reader(file).read()
    for path in (store / "journals" / "live").glob("*.ndjson"):
        yield path.name, path.read_bytes()
