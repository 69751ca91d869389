"""SciPy, which the extra ``trackside[analysis]`` brings."""

from __future__ import annotations

from typing import Any

from trackside.errors import InputError


def load_stats() -> Any:
    """Return `scipy.stats`.

    Raises
    ------
    InputError
        SciPy is not installed.
    """
    try:
        from scipy import stats
    except ImportError as error:
        raise InputError("a check needs SciPy, which is not installed; pip install 'trackside[analysis]'") from error
    return stats
