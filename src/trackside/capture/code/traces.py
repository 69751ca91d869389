"""What code does to the names it uses: binds them, reads them, deletes them, does something to what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

How: TypeAlias = Literal["store", "call", "argument"]


class Touch(NamedTuple):
    """Something is done to an object that may change it.

    ``root`` is the name that the object is reached by, over ``depth`` attributes or items; ``verb`` the last name of
    what is called, ``callee`` the name that is reached by. ``place`` is where the object stands among the arguments.
    """

    root: str
    how: How
    depth: int = 0
    verb: str = ""
    callee: str = ""
    place: int | str | None = None
    is_method: bool = False
    is_discarded: bool = False
    is_in_place: bool = False


@dataclass
class Traces:
    """What a cell, a function or a class does.

    Attributes
    ----------
    reads
        Names from outside, with those that it has surely bound before the first look at each.
    uses
        Likewise, all names that are looked at, its own too.
    sure, perhaps
        Names that it binds in any case, and those that it may bind.
    deleted
        Names that it takes away.
    touches
        What may change objects.
    functions
        What its functions and classes do when they are called; of a class, its methods.
    deferred
        Names that its functions read from outside, whenever they are called.
    parameters
        Of a function, the names of its parameters.
    """

    reads: dict[str, frozenset[str]] = field(default_factory=dict)
    uses: dict[str, frozenset[str]] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    touches: list[Touch] = field(default_factory=list)
    functions: dict[str, Traces] = field(default_factory=dict)
    deferred: set[str] = field(default_factory=set)
    parameters: list[str] = field(default_factory=list)
    is_class: bool = False
