"""The modules of the user's own that a run imports: kept as it begins, and anew at its end where there are more."""

from __future__ import annotations

import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.capture.code.modules import MOST_MODULES, find_local_modules, find_root
from trackside.capture.words.secrets import count_redacted, redact_source
from trackside.records import LocalModule, Modules

if TYPE_CHECKING:
    from types import ModuleType

    from trackside.capture.code.modules import ModuleSource, ModuleSources
    from trackside.tracking.live_run import Run

MOST_NAMED = 8
"""How many edited modules a note names."""

_WHAT = "its modules"

_redact = lru_cache(maxsize=2 * MOST_MODULES)(redact_source)


class ModulesOfRun:
    """Keeps the modules of one run, beside the caller.

    Parameters
    ----------
    folder
        Where the code stands, in whose project the modules are; the working folder if None.
    told
        Digests of code of which the user knows what was left out; what is told here is added.
    """

    def __init__(self, run: Run, folder: Path | None, told: set[str]) -> None:
        self._run = run
        self._folder = folder
        self._told = told
        self._root: Path | None = None
        self._at_end: dict[str, ModuleType] | None = None
        self._found: ModuleSources | None = None
        self._record: Modules | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Keep what is imported by now, so that it is there even if the run never comes to its end."""
        self._run.recording.later(_WHAT, self._keep)

    def end(self) -> None:
        """Keep what was imported since, too, and what was imported anew; tell which modules were edited."""
        self._at_end = dict(sys.modules)
        self._run.recording.later(_WHAT, lambda: self._tell_of_edited(self._keep()))

    def _keep(self) -> list[ModuleSource]:
        with self._lock:
            if self._root is None:
                self._root = find_root(self._folder or Path.cwd())
            found = find_local_modules(self._root, self._at_end or dict(sys.modules))
            if found != self._found:
                self._keep_found(found)
            return found.modules

    def _keep_found(self, found: ModuleSources) -> None:
        self._found = found
        record = Modules(modules=[self._keep_module(module) for module in found.modules], left_out=found.left_out)
        if record != self._record:
            self._run.recording.keep_part("modules", record)
            self._record = record

    def _keep_module(self, module: ModuleSource) -> LocalModule:
        kept = _redact(module.source)
        digest = self._run.recording.keep(kept.encode("utf-8", "surrogatepass"))
        if digest not in self._told:
            self._told.add(digest)
            self._run.recording.note_redacted("code", count_redacted(kept, module.source), of=digest)
        return LocalModule(
            name=module.name, path=module.path, sha256=digest, is_edited=module.is_edited and not module.is_as_imported
        )

    def _tell_of_edited(self, modules: list[ModuleSource]) -> None:
        edited = [module for module in modules if module.is_edited]
        for is_known, text in ((True, "used as imported"), (False, "what ran is not kept")):
            names = [module.name for module in edited if module.is_as_imported is is_known]
            if names:
                more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
                self._run.notes.append(f"edited since imported, {text}: {', '.join(names[:MOST_NAMED])}{more}")
