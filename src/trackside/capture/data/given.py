"""Data that the user describes, with what they say of it: ``ts.log_dataset``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, get_args

from msgspec.structs import replace

from trackside.capture.data.budget import Budget
from trackside.capture.data.content import OBJECT_SIZE, Column, Content, Values
from trackside.capture.data.datasets import Described, describe, describe_file, with_profile
from trackside.capture.data.looks import forget
from trackside.capture.data.paths import without_secrets
from trackside.capture.data.recognition import recognise
from trackside.capture.words.secrets import redact
from trackside.errors import InputError, suggest
from trackside.model import Role
from trackside.records import DataProfile, FilterStep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_LONGEST = 2000
"""Characters of a text that are kept."""


def describe_given(
    name: str,
    data: Any,
    *,
    role: Role | None = None,
    source: str | None = None,
    version: str | None = None,
    split: Any = None,
    filters: Iterable[Any] | None = None,
    pipeline: Any = None,
    is_wanted: Callable[[str], bool] = lambda _: True,
) -> Described:
    """Return a dataset as the user describes it; see `trackside.tracking.Run.log_dataset`.

    ``is_wanted`` tells of which columns something is to be kept besides their number.

    Raises
    ------
    InputError
        Something given cannot be used.
    """
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise InputError(f"found {name!r} as a dataset's name; expected one line of text that is not empty")
    if role is not None and role not in get_args(Role):
        hint = suggest(str(role), [*get_args(Role)])
        raise InputError(f"role of {name!r} is {role!r}; expected 'train', 'val' or 'test'.{hint}")
    steps = [_read_step(name, step) for step in _read_filters(name, filters)]
    divided = _read_split(name, split)
    found = _describe_path(name, data) if isinstance(data, (str, PurePath)) else _describe_object(name, data, is_wanted)
    dataset, profile = found
    dataset = replace(
        dataset,
        name=name,
        role=role or dataset.role,
        source=_text("source", source) or dataset.source,
        version=_text("version", version),
    )
    profile = replace(profile or DataProfile(), split=divided, filters=steps, pipeline=_read_pipeline(pipeline))
    return with_profile(dataset, profile) if profile != DataProfile() else Described(dataset)


def _describe_object(name: str, data: Any, is_wanted: Callable[[str], bool]) -> Described:
    content = recognise(data, even_small=True) or (_of_list(data) if isinstance(data, (list, tuple)) else None)
    if content is None:
        raise InputError(
            f"found {type(data).__name__} as the data of {name!r}; expected a frame, an array, a tensor, a dataset, "
            "a list or the path of a file; give one of these"
        )
    forget(data)
    return describe(name, data, content, Budget(), is_wanted=is_wanted)


def _of_list(data: Sequence[Any]) -> Content:
    column = Column(
        name="",
        dtype="object",
        rows=len(data),
        size=len(data) * OBJECT_SIZE,
        read=lambda part: Values(list(data[part])),
    )
    return Content(kind=type(data).__name__, family=type(data).__name__, shape=(len(data),), columns=[column])


def _describe_path(name: str, path: str | PurePath) -> Described:
    found = None
    try:
        found = describe_file(str(path), Budget())
    except OSError as error:
        raise InputError(f"{path}: the data of {name!r} cannot be read ({error.strerror}); allow reading it") from error
    if found is None:
        place = Path(path).expanduser()
        what = "a folder" if place.is_dir() else "no file" if not place.exists() else "a file that is not read"
        raise InputError(f"{path} is {what}; expected the path of a data file, or an address, for {name!r}; name one")
    return found


def _read_filters(name: str, filters: Any) -> list[Any]:
    if filters is None:
        return []
    if isinstance(filters, (str, Mapping)) or not hasattr(filters, "__iter__"):
        raise InputError(
            f"filters of {name!r} is {type(filters).__name__}; expected a list of texts, or of "
            "pairs (text, rows or data)"
        )
    return list(filters)


def _read_step(name: str, step: Any) -> FilterStep:
    if isinstance(step, str):
        return FilterStep(text=_cut(step))
    if isinstance(step, tuple) and len(step) == 2 and isinstance(step[0], str):  # noqa: PLR2004 - a pair
        return FilterStep(text=_cut(step[0]), rows=_count_rows(name, step))
    raise InputError(
        f"found {step!r:.100} among the filters of {name!r}; expected a text, or a pair (text, rows or data)"
    )


def _count_rows(name: str, step: tuple[str, Any]) -> int:
    text, rows = step
    if hasattr(rows, "__index__") and not isinstance(rows, bool) and not getattr(rows, "shape", ()):
        if (count := int(rows)) >= 0:
            return count
    elif hasattr(rows, "__len__") and not isinstance(rows, str):
        return len(rows)
    raise InputError(
        f"found {type(rows).__name__} {rows!r:.60} as what the filter {text!r} of {name!r} left; expected "
        "how many rows, or the data that was left"
    )


def _read_split(name: str, split: Any) -> dict[str, Any]:
    if split is None:
        return {}
    if isinstance(split, str):
        return {"by": _cut(split)}
    if isinstance(split, Mapping):
        return {str(key): _plain(value) for key, value in split.items()}
    if type(split).__module__.startswith("sklearn."):
        return {"by": type(split).__name__} | {key: _plain(value) for key, value in vars(split).items()}
    raise InputError(
        f"split of {name!r} is {type(split).__name__}; expected a text, a mapping such as "
        "{'by': 'hash of the user', 'test_size': 0.2}, or a splitter of scikit-learn"
    )


def _read_pipeline(pipeline: Any) -> str | None:
    if pipeline is None:
        return None
    is_named = callable(pipeline) and hasattr(pipeline, "__name__")
    return _cut(pipeline if isinstance(pipeline, str) else pipeline.__name__ if is_named else repr(pipeline))


def _text(what: str, value: Any) -> str | None:
    if value is None:
        return None
    if what == "source" and isinstance(value, (str, PurePath)):
        return _cut(without_secrets(str(value)))
    if isinstance(value, (bool, bytes)) or not isinstance(value, (str, int, float, PurePath)):
        raise InputError(f"{what} is {type(value).__name__}; expected a text")
    return _cut(str(value))


def _plain(value: Any) -> Any:
    return value if value is None or type(value) in (bool, int, float) else _cut(str(value))


def _cut(text: str) -> str:
    return redact(text)[:_LONGEST]
