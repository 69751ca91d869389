"""How often a tracked cell's code runs, and with which seeds in the places of its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trackside.capture.code.cell import Cell
from trackside.capture.code.seeds import find_seeds, list_other_seeds, put_seed, seed_names
from trackside.capture.words.names import is_seed_name
from trackside.errors import InputError
from trackside.magic.cell_tree import CellTree
from trackside.model import SEED_TAG, Param

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.magic.cell_context import CellContext
    from trackside.magic.history import History
    from trackside.magic.options import Options
    from trackside.magic.repeats import Repeats
    from trackside.magic.surroundings import Surroundings
    from trackside.tracking import Run


_TOLD = 8
_SEPARATOR = ", "


class Seeding:
    """What ``--repeat``, ``--seed`` and ``--fresh`` make of a cell.

    Attributes
    ----------
    cell
        The cell as it is to run: with another seed, where it runs once with one.
    notes
        What cannot be done, and why; the cell runs as it stands then.
    """

    def __init__(self, shell: InteractiveShell, options: Options, cell: Cell) -> None:
        self.cell = cell
        self.notes: list[str] = []
        self._options = options
        self._seed: int | None = None
        self._reseeded: CellTree | None = None
        self._seeds: list[int | None] = []
        if cell.tree is None or (options.repeat is None and options.seed is None):
            return
        try:
            seeds = plan_seeds(options, cell.tree)
        except InputError as error:
            self.notes.append(f"{'not repeated' if options.repeat else 'run as it stands'}: {error}")
            return
        if options.repeat is None and options.seed is not None:
            names, seed = options.seed.names, int(seeds[0] or 0)
            self._seed = seed
            self.cell = Cell.of_tree(put_seed(cell.tree, names, seed), shell.user_ns)
            self._reseeded = CellTree(shell, cell.tree, lambda tree: put_seed(tree, names, seed))
            return
        self._seeds = seeds
        self.notes += _tell_of_seeds(options, seeds, cell.tree)
        if options.seed is None and (named := seed_names(cell.tree)):
            self.notes.append(f"each repeat has the same seed: --seed {named[0]} gives each one of its own")

    @property
    def is_repeated(self) -> bool:
        """Whether the cell's code is to run several times, or once as a part of the cell's run."""
        return bool(self._seeds)

    def is_given_to_each(self, key: str) -> bool:
        """Tell whether each repeat has a value of its own for a param: the cell's run has none."""
        names = self._options.seed.names if self._seeds and self._options.seed else ()
        return key in names or key.rpartition(".")[2] in names

    def begin(
        self, context: CellContext, run: Run, history: History, *, source: str, surroundings: Surroundings | None
    ) -> Repeats | None:
        """Have the cell's tree changed before it runs; return its repeats, if there are some.

        Parameters
        ----------
        source
            The cell as it stands in the notebook.
        """
        if self._reseeded is not None and self._options.seed is not None:
            note_seed(run, self._options.seed.names, self._seed)
            self._reseeded.start()
        if not self._seeds:
            return None
        from trackside.magic.fresh_repeats import FreshRepeats
        from trackside.magic.repeats import Repeats

        fresh = None
        if self._options.is_fresh and run.store_folder is None:
            self.notes.append("repeated in this kernel: what other processes log can be kept in a store only")
        elif self._options.is_fresh:
            try:
                fresh = FreshRepeats(context, run, history)
            except InputError as error:
                self.notes.append(f"repeated in this kernel: {error}")
        repeats = Repeats(
            context,
            self.cell,
            run,
            self._seeds,
            source=source,
            surroundings=surroundings,
            fresh=fresh,
            is_given=self.is_given_to_each,
        )
        repeats.start()
        return repeats

    def stop(self) -> None:
        """Wait for the cell's tree no more; calling it again does nothing."""
        if self._reseeded is not None:
            self._reseeded.stop()


def plan_seeds(options: Options, tree: ast.Module) -> list[int | None]:
    """Return the seeds to run a cell with, None for as it stands: those given, else its own and the following ones.

    Raises
    ------
    InputError
        No number stands under a name in the cell.
    """
    if options.seed is None:
        return [None] * (options.repeat or 1)
    own = find_seeds(tree, options.seed.names)[0].value or 0
    values = options.seed.values or [own]
    count = options.repeat or len(values)
    return [*values] if len(values) == count else [values[0] + number for number in range(count)]


def _tell_of_seeds(options: Options, seeds: Sequence[int | None], tree: ast.Module) -> Iterator[str]:
    """Yield what somebody may not have meant: seeds that are given twice, and others in the cell that stay."""
    if options.seed is None:
        return
    twice = [str(seed) for seed, count in Counter(seeds).items() if count > 1]
    if twice:
        told = _SEPARATOR.join(twice[:_TOLD])
        yield f"given more than once: {told}; repeats of one seed and value count once in checks"
    stay = list(dict.fromkeys(map(str, list_other_seeds(tree, options.seed.names))))
    if stay:
        names = ",".join([*options.seed.names, stay[0].partition("=")[0]])
        yield f"the same in each repeat: {_SEPARATOR.join(stay[:_TOLD])}; --seed {names} gives each one of its own, too"


def note_seed(run: Run, names: Sequence[str], seed: int | None) -> None:
    """Keep the seed that a run was given under some names: as a param, and where its name does not say so, a tag."""
    if seed is None:
        return
    known = {part for key in run.params for part in (key, key.rpartition(".")[2])}
    run.add_params([Param(key=name, value=seed, kind="int", origin="cell") for name in names if name not in known])
    unsaid = [name for name in names if not is_seed_name(name)]
    run.set_tags({SEED_TAG: ",".join(unsaid)} if unsaid else None)
