"""Puts a function in the place of an object's method, and takes it away again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ABSENT = object()


class Hook:
    """A function in the place of ``owner.name``; ``wrap`` makes it of what was there.

    Whoever hooks the same method later undoes it earlier; where somebody has not, theirs stays, and ours within it.
    """

    def __init__(self, owner: Any, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        self._owner, self._name = owner, name
        self._before = vars(owner).get(name, _ABSENT)
        self._hooked = wrap(getattr(owner, name))
        setattr(owner, name, self._hooked)

    def undo(self) -> None:
        """Put back what was there."""
        if vars(self._owner).get(self._name) is not self._hooked:
            return
        delattr(self._owner, self._name)
        if self._before is not _ABSENT:
            setattr(self._owner, self._name, self._before)
