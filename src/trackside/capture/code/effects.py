"""Which names' objects a cell changes, told by what it does to them and what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.code.held import Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trackside.capture.code.traces import Touch, Traces

_CHANGES_CONTAINER = frozenset(
    "append extend insert pop popitem popleft appendleft extendleft rotate remove clear sort reverse update setdefault"
    " add discard difference_update intersection_update symmetric_difference_update move_to_end".split()
)
_CHANGES_ARRAY = frozenset("fill sort resize put partition itemset setfield setflags byteswap".split())
_CHANGES_FRAME = frozenset("insert pop update insert_column replace_column extend drop_in_place setdiag resize".split())
_CHANGES_INSTANCE = re.compile(
    r"(?:partial_)?fit(?:_|$)|train(?:_|$)|compile|build|step|update|append|extend|insert|add|set(?:_|$)|load|register"
    r"|push|pop|put|remove|clear|reset|write|log(?:_|$)|optimi[sz]e|learn|run|backward|zero_grad|eval$|to$|cuda$|half$|freeze"
    r"|unfreeze|requires_grad|apply|next|send|shuffle|seed|warm|adapt|fine_?tune|call|tell|ask|read|seek|close|prune|init|.*_$"
)
_SHOWS = re.compile(
    r"print|pprint|display|show|plot|hist|bar|scatter|imshow|legend|title|xlabel|ylabel|savefig|subplots|figure|describe"
    r"|head|tail|info|summary|debug|warning|save|to_csv|dump|log|len|type|assert|score|predict|evaluate|draw|axis|grid"
)
_CHANGES_FIRST = frozenset(
    "next heappop heappush heappushpop heapreplace heapify setattr delattr shuffle exec insort".split()
)
_SETS_UP = re.compile(
    r"set(?:_|$)|seed|manual_seed|use(?:_|$)|enable|disable|config|basicConfig|register|filter|simplefilter|reset"
    r"|load_ext|init|login|patch|style"
)
_PICTURES = ("matplotlib", "seaborn", "plotly", "altair", "IPython", "bokeh", "trackside")
SEEDS = re.compile(r"(?:manual_)?seed(?:_all|_everything)?|set_(?:random_|all_)?seeds?|use_deterministic_algorithms")
"""Calls that set where random numbers begin."""

MOST_FUNCTIONS = 100
"""How many of the user's functions that a cell uses are looked into for what they change."""

_MOST_CALLS = 50

_UNKNOWN = Held(0, "other", runs_code=True)


class Change(NamedTuple):
    """A name whose object changed; ``is_deep`` where that may have been any object that it reaches."""

    name: str
    is_deep: bool


class FunctionsUsed(NamedTuple):
    """Functions that a cell uses; ``is_cut`` where there are more."""

    functions: list[Traces]
    is_cut: bool


class Effects:
    """What a cell changes, as what names hold and what the user's own functions do tell."""

    def __init__(self, held: Mapping[str, Held], functions: Mapping[str, Traces]) -> None:
        self._held = held
        self._functions = functions

    def changes(self, traces: Traces, used: Iterable[Traces]) -> Iterator[Change]:
        """Yield what a cell changes, itself and in the functions of the user's that it uses."""
        for touch in traces.touches:
            if self._is_change(touch):
                held = self._held.get(touch.root, _UNKNOWN)
                is_deep = touch.depth > 0 or touch.how == "argument" or held.kind in {"own", "other"}
                yield Change(touch.root, is_deep)
        for function in used:
            mine = set(function.parameters)
            for touch in _touches(function):
                if touch.root not in mine and self._is_change(touch):
                    yield Change(touch.root, is_deep=True)
        yield from self._trained(traces)

    def functions_used(self, traces: Traces) -> FunctionsUsed:
        """Return the functions and classes of the user's that a cell uses, those among them that they use too."""
        names = dict.fromkeys(traces.uses)
        names |= dict.fromkeys(held.detail for name in names if (held := self._held.get(name)) and held.kind == "own")
        waiting = list(names)
        found: dict[int, Traces] = {}
        for name in waiting:  # grows meanwhile
            function = self._function(name)
            if function is None or id(function) in found:
                continue
            if len(found) == MOST_FUNCTIONS:
                return FunctionsUsed(list(found.values()), is_cut=True)
            found[id(function)] = function
            waiting += [read for read in function.reads if read not in names]
            names |= dict.fromkeys(function.reads)
        return FunctionsUsed(list(found.values()), is_cut=False)

    def _function(self, name: str) -> Traces | None:
        """Return the user's function or class that goes by a name, or that the name holds."""
        if name in self._functions:
            return self._functions[name]
        held = self._held.get(name, _UNKNOWN)
        return self._functions.get(held.detail) if held.kind in {"function", "class"} else None

    def _trained(self, traces: Traces) -> Iterator[Change]:
        """Yield the networks whose weights a torch optimizer of this cell moves."""
        if any(touch.verb == "backward" for touch in traces.touches):
            for name in traces.uses:
                held = self._held.get(name)
                if held is not None and held.kind in {"own", "other"}:
                    yield Change(name, is_deep=True)

    def _is_change(self, touch: Touch, calls: int = 0) -> bool:
        held = self._held.get(touch.root, _UNKNOWN)
        if held.kind == "scalar" or (held.kind in {"function", "class"} and touch.how != "store" and touch.depth == 0):
            return False
        if touch.how == "store":
            return True
        if touch.how == "call":
            return self._changes_itself(touch, held)
        return self._changes_argument(touch, held, calls)

    def _changes_itself(self, touch: Touch, held: Held) -> bool:  # noqa: PLR0911 - one answer for each kind of object
        verb = touch.verb
        if held.kind == "module":
            return _SETS_UP.match(verb) is not None and SEEDS.fullmatch(verb) is None
        if touch.depth == 0:
            if held.kind == "container":
                return verb in _CHANGES_CONTAINER
            if held.kind == "array":
                return verb in _CHANGES_ARRAY
            if held.kind == "frame":
                return touch.is_in_place or verb in _CHANGES_FRAME
            if held.kind == "tensor":
                return verb.endswith("_") or verb == "backward"
            if held.kind == "own":
                return self._changes_own(touch, held)
        is_known = verb in _CHANGES_CONTAINER or _CHANGES_INSTANCE.match(verb) is not None
        return is_known or touch.is_in_place or (touch.is_discarded and _SHOWS.match(verb) is None)

    def _changes_own(self, touch: Touch, held: Held) -> bool:
        kind = self._functions.get(held.detail)
        method = kind.functions.get(touch.verb) if kind else None
        if method is None or not method.parameters:
            return True
        return any(each.root == method.parameters[0] for each in method.touches) or bool(method.deferred)

    def _changes_argument(self, touch: Touch, held: Held, calls: int) -> bool:  # noqa: PLR0911 - one for each kind of call
        if not touch.is_method and (function := self._function(touch.callee)):
            return self._function_changes(function, touch, calls)
        if held.kind == "module":
            return False
        if touch.verb in _CHANGES_FIRST:
            return touch.place in {0, "a"}
        callee = self._held.get(touch.callee, _UNKNOWN)
        if callee.kind == "own" and touch.is_method:
            return held.kind in {"container", "own", "other"}
        if not touch.is_method and callee.kind in {"own", "other"} and touch.callee in self._held:
            return held.kind in {"container", "own"}  # an object that is called, such as a network, leaves data alone
        if _SHOWS.match(touch.verb) or callee.detail.startswith(_PICTURES):
            return False
        if touch.is_method and callee.kind != "module":
            trains = callee.kind == "other" and _CHANGES_INSTANCE.match(touch.verb) is not None
            return trains and held.kind in {"own", "other"} and touch.is_discarded
        return touch.is_discarded

    def _function_changes(self, function: Traces, touch: Touch, calls: int) -> bool:
        """Tell whether one of the user's functions changes what it is given."""
        if function.is_class:
            function = function.functions.get("__init__", function)
            given = function.parameters[1:]
        else:
            given = function.parameters
        if isinstance(touch.place, int):
            name = given[touch.place] if touch.place < len(given) else None
        else:
            name = touch.place
        if name not in function.parameters:
            return True  # *args and **options: who knows
        if calls > _MOST_CALLS:
            return True
        return any(each.root == name and self._is_change_within(each, calls + 1) for each in function.touches)

    def _is_change_within(self, touch: Touch, calls: int) -> bool:
        """Tell whether what a function does to a parameter changes it; what kind of object it is given is not known."""
        if touch.how == "store":
            return True
        if touch.how == "argument":
            return self._changes_argument(touch, _UNKNOWN, calls)
        is_known = touch.verb in _CHANGES_CONTAINER | _CHANGES_ARRAY or _CHANGES_INSTANCE.match(touch.verb) is not None
        return is_known or touch.is_in_place or (touch.is_discarded and _SHOWS.match(touch.verb) is None)


def sets_seed(traces: Traces) -> bool:
    """Tell whether a cell sets where random numbers begin."""
    return any(SEEDS.fullmatch(touch.verb) for touch in traces.touches)


def _touches(function: Traces) -> Iterator[Touch]:
    yield from function.touches
    for method in function.functions.values() if function.is_class else ():
        mine = set(method.parameters)
        yield from (touch for touch in method.touches if touch.root not in mine)
