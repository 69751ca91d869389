"""What data is used for, told from the words of its name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from trackside.capture.words.names import is_metric_name, name_of_one
from trackside.goals import split_words

if TYPE_CHECKING:
    from trackside.model import Role

_THING = r"(?:x|y|s|set|sets|df|ds|dl|loader|data|dataset|iter|gen|labels?|images?|\d+)?"
_WORDS: dict[Role, re.Pattern[str]] = {
    "train": re.compile(rf"(?:x|y|df|ds)?(?:train|training|tr|trn){_THING}"),
    "val": re.compile(rf"(?:x|y|df|ds)?(?:val|valid|validation|dev|eval){_THING}"),
    "test": re.compile(rf"(?:x|y|df|ds)?(?:test|testing|tst|te|holdout){_THING}"),
}


@lru_cache(maxsize=1024)
def role_of(name: str) -> Role | None:
    """Return what data of this name is used for; None where it does not say, says two things, or is a metric's.

    Examples
    --------
    >>> role_of("X_train"), role_of("valLoader"), role_of("df_test"), role_of("latest"), role_of("train_test")
    ('train', 'val', 'test', None, None)
    """
    if is_metric_name(name_of_one(name)):
        return None
    words = split_words(name)
    found = [role for role, pattern in _WORDS.items() if any(pattern.fullmatch(word) for word in words)]
    return found[0] if len(found) == 1 else None
