"""The magic ``%track``, in a line of its own or on top of a cell."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trackside.errors import TracksideError
from trackside.magic.memory import Memory
from trackside.magic.verbs import answer, describe_verbs, make_verbs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.magic.verbs import Verb


class TrackMagic:
    """The magic ``track``, while it is registered."""

    def __init__(self, shell: InteractiveShell, verbs: dict[str, Verb]) -> None:
        self._shell = shell
        self._verbs = verbs
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
        try:
            said = answer(self._verbs, line)
        except TracksideError as error:
            said = f"{f'%track {line}'.strip()}: {error}"
        if not isinstance(said, str):
            return said
        return print(said)  # noqa: T201 - a magic's answer

    track.__doc__ = f"""Track a cell, or say what is to be done with its runs.

    %%track [name] [--experiment E] [--tag KEY[=VALUE]]… [--params A,B] [--metrics A,B] [--group G] [--into RUN]
            [--repeat N] [--seed NAME[=N,…]] [--fresh] [--baseline] [--no-context] [--quiet] [--dry] [--help]

    On top of a cell: keeps the cell's params, metrics, source, environment and outcome as one run.
    --params and --metrics say which names to keep instead of finding them; --no-context leaves out names that the
    cell only reads; --into adds to a run that has ended, for an evaluation in the next cell (of its params only those
    that it sets by name); --baseline holds other runs against this one; --quiet shows no card; --dry shows the card and
    keeps nothing; --repeat runs the cell several times, as runs within its own, of which the last shows: with --seed
    each time with another number where the cell has one under that name (seed = 0, random_state=0, two names with a
    comma between), its own and the following ones or those given; with --fresh all but the last in processes of their
    own, with the cells that it depends on; --seed NAME=7 alone runs it once. Nothing is kept where --into names no run.
    {{lr}} and $lr stand for values of the notebook, as in IPython's own magics: %%track mlp-{{lr}} --tag data=$name.

    %track                             where am I: store, experiment, live runs, this notebook's runs
{describe_verbs(make_verbs(Memory()))}

    RUN is last, last~2, best, baseline, #12 (the cell's number) or five letters of its id; RUNS are several of them,
    or a condition: lr > 0.1 and val_loss < 0.3.
    """

    def _run_cell(self, line: str, cell: str) -> None:
        """Run a cell that comes as a call, ``run_cell_magic("track", …)``, as in an exported script."""
        with _silent_traceback(self._shell):  # whoever called shows it, once
            result = self._shell.run_cell(  # type: ignore[no-untyped-call]  # IPython's
                f"%%track {line}\n{cell}", store_history=False
            )
        result.raise_error()


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
