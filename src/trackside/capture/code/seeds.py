"""The whole numbers that stand in a cell's code under a name, such as its seed, and others in their places."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.code.expressions import Place, called_name
from trackside.capture.words.python import parse
from trackside.errors import InputError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SEEDERS = frozenset(
    "seed manual_seed set_seed set_random_seed seed_everything default_rng RandomState Random PRNGKey key".split()
)
"""Functions whose first argument is a seed."""

_SEED_WORDS = ("seed", "random_state")
_TOLD = 8


class Literal(NamedTuple):
    """A whole number, or None, that stands in the code: its name there, such as ``SVC.random_state``, and its place."""

    name: str
    place: Place

    @property
    def value(self) -> int | None:
        """What stands there."""
        value: int | None = ast.literal_eval(self.place.node)
        return value

    def goes_by(self, name: str) -> bool:
        """Tell whether a name means it: its own, or the last part of that."""
        return name == self.name or name == self.name.rpartition(".")[2]

    @property
    def is_seed(self) -> bool:
        """Whether its name says that it is a seed."""
        last = self.name.rpartition(".")[2]
        return last in _SEEDERS or any(word in last for word in _SEED_WORDS)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


def find_seeds(tree: ast.Module, names: Sequence[str]) -> list[Literal]:
    r"""Return the literals that go by some names: set, passed, or in a dict; a function's name means what it is given.

    Raises
    ------
    InputError
        For a name there is none.

    Examples
    --------
    >>> tree = ast.parse("seed = 3\nmodel = SVC(random_state=0)\nrng = np.random.default_rng(7)")
    >>> [str(seed) for seed in find_seeds(tree, ["seed", "random_state", "default_rng"])]
    ['seed=3', 'SVC.random_state=0', 'default_rng=7']
    """
    literals = list(_literals(tree))
    found = [[literal for literal in literals if literal.goes_by(name)] for name in names]
    for name, its in zip(names, found, strict=True):
        if not its:
            known = list(dict.fromkeys(str(each) for each in literals if each.is_seed))
            there = f"found {', '.join(known[:_TOLD])}" if known else "found no seed"
            hint = suggest(name, [each.name for each in literals])
            raise InputError(
                f"no number stands under the name {name!r} in this cell; {there}; expected the like of {name} = 0 in "
                f"the cell itself.{hint}"
            )
    return [literal for its in found for literal in its]


def list_other_seeds(tree: ast.Module, names: Sequence[str]) -> list[Literal]:
    r"""Return the literals that are seeds by their names and go by none of those given.

    Examples
    --------
    >>> [str(seed) for seed in list_other_seeds(ast.parse("seed = 3\nSVC(random_state=0)"), ["seed"])]
    ['SVC.random_state=0']
    """
    literals = (each for each in _literals(tree) if each.is_seed and each.value is not None)
    return [each for each in literals if not any(map(each.goes_by, names))]


def put_seed(tree: ast.Module, names: Sequence[str], value: int) -> ast.Module:
    """Put a number in the place of the literals that go by some names, and return the tree; lines stay what they are.

    Examples
    --------
    >>> ast.unparse(put_seed(ast.parse("seed = 3"), ["seed"], 4))
    'seed = 4'
    """
    for literal in find_seeds(tree, names):
        literal.place.put(ast.copy_location(ast.Constant(value), literal.place.node))
    return tree


def without_seeds(source: str) -> str:
    r"""Return what tells code from other code, whatever seeds it has and whatever magics stand around it.

    Examples
    --------
    >>> without_seeds("%%track mlp\nseed = 1\nf(seed)") == without_seeds("seed = 2\nf( seed )  # again")
    True
    """
    code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        tree = parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # another language's
        return source
    for literal in _literals(tree):
        if literal.is_seed:
            literal.place.put(ast.Constant(None))
    return ast.dump(tree)


def literal_names(tree: ast.Module) -> list[str]:
    """Return the names that a seed may be put in: those of seeds first, then others that are given a whole number."""
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    others = [literal.name for literal in _literals(tree) if literal.name in assigned]
    return list(dict.fromkeys([*seed_names(tree), *others]))


def seed_names(tree: ast.Module) -> list[str]:
    """Return the names of the literals that are seeds by their names, for completion."""
    return list(dict.fromkeys(literal.name for literal in _literals(tree) if literal.is_seed))


def _literals(tree: ast.Module) -> Iterator[Literal]:
    for node in ast.walk(tree):
        for literal in _of(node):
            match literal.place.node:
                case ast.Constant(value=None) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())):
                    yield literal
                case ast.Constant(value=int() as value) if not isinstance(value, bool):
                    yield literal


def _of(node: ast.AST) -> Iterator[Literal]:
    """Yield what one piece of code gives names to."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from _assigned(target, Place(node, "value"))
    elif isinstance(node, ast.Call):
        called = called_name(node)
        if node.args:
            yield Literal(called, Place(node.args, 0))
        yield from (Literal(f"{called}.{each.arg}", Place(each, "value")) for each in node.keywords if each.arg)
    elif isinstance(node, ast.Dict):
        for at, key in enumerate(node.keys):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield Literal(key.value, Place(node.values, at))
    elif isinstance(node, ast.arguments):
        positional = [*node.posonlyargs, *node.args]
        first = len(positional) - len(node.defaults)
        yield from (Literal(positional[first + at].arg, Place(node.defaults, at)) for at in range(len(node.defaults)))
        yield from (
            Literal(argument.arg, Place(node.kw_defaults, at))
            for at, argument in enumerate(node.kwonlyargs)
            if node.kw_defaults[at] is not None
        )


def _assigned(target: ast.expr, place: Place) -> Iterator[Literal]:
    if isinstance(target, ast.Name):
        yield Literal(target.id, place)
    elif isinstance(target, ast.Tuple | ast.List) and isinstance(place.node, ast.Tuple | ast.List):
        for at, (part, _) in enumerate(zip(target.elts, place.node.elts, strict=False)):
            yield from _assigned(part, Place(place.node.elts, at))
