"""The ``%track`` line magic: where am I, what is there, on and off."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from trackside.capture.notebook import find_own_settings
from trackside.card import spell_duration
from trackside.errors import InputError, TracksideError, suggest
from trackside.model import short_id
from trackside.tracking.live_runs import list_live_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell

VERBS = {
    "runs": "the runs of this notebook's experiment, as a table; [WHERE] leaves those that fulfil it",
    "compare": "their histories, side by side; [METRIC] says of what",
    "experiment": "which experiment runs go to, or [NAME] for this session",
    "store": "where runs are kept, or [FOLDER] for this session",
    "on": "track",
    "off": "do not track: %%track cells run as if it were not there",
}
"""The verbs, and what each of them is for."""

_HELP = "\n".join(f"    %track {verb:<11} {text}" for verb, text in VERBS.items())


class TrackMagic:
    """The magic ``track``, while it is registered."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._replaced: dict[str, Any] = {}

    def start(self) -> None:
        """Register the magic."""
        magics = self._shell.magics_manager.magics
        self._replaced = {kind: magics[kind]["track"] for kind in ("line", "cell") if "track" in magics[kind]}
        register: Any = self._shell.register_magic_function  # its type is that of a decorated function
        register(self.track, "line_cell", "track")

    def stop(self) -> None:
        """Take the magic away, and put back what had its name."""
        magics = self._shell.magics_manager.magics
        for kind in ("line", "cell"):
            magics[kind].pop("track", None)
            if kind in self._replaced:
                magics[kind]["track"] = self._replaced[kind]

    def track(self, line: str, cell: str | None = None) -> Any:
        """See below: the help has the list of verbs in it."""
        if cell is not None:
            return self._run_cell(line, cell)
        verb, _, rest = line.strip().partition(" ")
        try:
            return self._answer(verb, rest.strip())
        except TracksideError as error:
            print(f"%track {line.strip()}: {error}")  # noqa: T201 - a magic's answer
            return None

    track.__doc__ = f"""Track a cell, or say where its runs go.

    %%track [name] [--experiment E] [--tag KEY=VALUE]… [--params A,B] [--metrics A,B] [--group G]
            [--no-context] [--quiet] [--dry]

    On top of a cell: keeps the cell's params, metrics, source, environment and outcome as one run.
    --params and --metrics say which names to keep instead of finding them; --no-context leaves out names that the
    cell only reads; --quiet shows no card; --dry shows the card and keeps nothing.

    %track            where am I: store, experiment, live runs
{_HELP}
    """

    def _run_cell(self, line: str, cell: str) -> None:
        """Run a cell that comes as a call, ``run_cell_magic("track", …)``, as in an exported script."""
        with _silent_traceback(self._shell):  # whoever called shows it, once
            result = self._shell.run_cell(  # type: ignore[no-untyped-call]  # IPython's
                f"%%track {line}\n{cell}", store_history=False
            )
        result.raise_error()

    def _answer(self, verb: str, rest: str) -> Any:
        match verb:
            case "":
                return print(_where_am_i())  # noqa: T201 - a magic's answer
            case "runs" | "compare":
                from trackside.collection import runs

                return runs().compare(rest or None) if verb == "compare" else runs(rest or None)
            case "experiment" | "store":
                return _setting(verb, rest)
            case "on" | "off":
                os.environ["TRACKSIDE_MODE"] = "enabled" if verb == "on" else "disabled"
                return print(f"tracking is {verb}")  # noqa: T201 - a magic's answer
            case _:
                raise InputError(f"no verb {verb!r}; expected {', '.join(VERBS)}.{suggest(verb, list(VERBS))}")


def _setting(name: str, value: str) -> None:
    """Say one of the session's settings, or set it."""
    if value:
        os.environ[f"TRACKSIDE_{name.upper()}"] = str(Path(value).expanduser().absolute()) if name == "store" else value
    settings = find_own_settings()
    shown = settings.store_folder if name == "store" else settings.experiment
    print(f"{name}: {shown} (from {settings.origins[name]})")  # noqa: T201 - a magic's answer


def _where_am_i() -> str:
    settings = find_own_settings()
    live = [f"{run.name} {short_id(run.id)} ({spell_duration(run.duration)})" for run in list_live_runs()]
    lines = {
        "store": f"{settings.store_folder} ({_size(settings.store_folder)}; {settings.origins['store']})",
        "experiment": f"{settings.experiment} (from {settings.origins['experiment']})",
        "project": f"{settings.project} (from {settings.origins['project']})",
        "tracking": "on" if settings.mode == "enabled" else "off; %track on turns it on",
        "live runs": ", ".join(live) or "none",
    }
    return "\n".join(f"{name + ':':<12}{text}" for name, text in lines.items())


def _size(folder: Path) -> str:
    if not folder.is_dir():
        return "not made yet"
    size = float(sum(_bytes(file) for file in folder.rglob("*")))
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - SI prefixes go in thousands
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _bytes(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError:  # the helper has moved a journal meanwhile
        return 0
    return found.st_size if S_ISREG(found.st_mode) else 0


@contextmanager
def _silent_traceback(shell: Any) -> Iterator[None]:
    silent = dict.fromkeys(("showtraceback", "showsyntaxerror"), lambda *_args, **_kwargs: None)
    own = vars(shell)
    replaced = {name: own[name] for name in silent if name in own}  # rich and others put their own there
    own.update(silent)
    try:
        yield
    finally:
        for name in silent:
            del own[name]
        own.update(replaced)
