"""What ``%track review`` does: write what ran as a notebook and as a page."""

from __future__ import annotations

from trackside.errors import InputError
from trackside.magic.flags import read_flags
from trackside.store.store import Store
from trackside.whereabouts import find_notebook, find_own_settings

USAGE = "[--since 7d] [--experiment E] [--out FILE]"

_VALUED = {
    "--since": "how long ago, such as 7d",
    "--experiment": "its name",
    "--out": "the files' name, or where they are written",
}


def review(text: str) -> str:
    """Review what ran, by default in the last week in all experiments of the store."""
    from trackside.review.writing import write_review

    rest, flags = read_flags(text, _VALUED)
    if rest:
        raise InputError(f"found {rest!r}; expected {USAGE}, such as: review --since 2w")
    settings, notebook = find_own_settings(), find_notebook()
    asked = {flag.removeprefix("--"): value for flag, value in flags.items()}
    folder = notebook.parent if notebook else None
    return str(write_review(Store(settings.store_folder), settings, **asked, folder=folder))
