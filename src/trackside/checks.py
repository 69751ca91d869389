"""Whether runs are better than others: ``ts.check`` and ``ts.assert_beats``."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from trackside.collection import Runs
from trackside.errors import CheckFailed, InputError, NoRunError
from trackside.lookup import runs as find_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.analysis.check import Check


_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")


def _called_like(
    other: Callable[_Given, _Returned],
) -> Callable[[Callable[..., _Returned]], Callable[_Given, _Returned]]:
    """Return a decorator that gives a function the signature of another, for whoever calls it and asks for help."""

    def decorate(function: Callable[..., _Returned]) -> Callable[_Given, _Returned]:
        shown: Any = function  # whose type has no such attribute
        shown.__signature__ = signature(other)  # what `inspect` reads first
        return function

    return decorate


def check(
    runs: Runs | str,
    metric: str | None = None,
    against: Runs | str = "baseline",
    *,
    min_delta: float = 0.0,
    confidence: float = 0.95,
    allow_incomparable: bool = False,
) -> Check:
    """Return the verdict on runs that are held against others: better, worse, no difference, or why there is none.

    Runs that differ in nothing but their seed (params called ``seed``, ``random_state``, ``fold``) are one candidate;
    of a run that has runs inside, such as a loop over seeds, those count, and with one run to hold against those that
    differ from it in nothing but their seed (params, code and data are the same). Several runs on each side are judged
    by Welch's t interval, one against several by Crawford and Howell's; one on each side by the folds that both scored
    (cross-validations and searches of scikit-learn in a tracked cell), with Nadeau and Bengio's corrected resampled t,
    else by the predictions that both kept (`log_predictions`), with McNemar's test and the paired bootstrap. Several
    candidates are corrected by Holm's method. See `trackside.analysis` for the formulas' sources. SciPy is needed
    (``trackside[analysis]``).

    Parameters
    ----------
    runs
        The runs, or a handle, a name or a condition, as for `trackside.runs`.
    metric
        Name of a metric, of which the last value counts; by default the main one. Its goal says what better is.
    against
        The runs to hold them against, or a handle, a name or a condition.
    min_delta
        The smallest difference that counts, in the metric's unit.
    confidence
        Of the interval; 0.95 finds a difference between runs that differ in nothing in one of twenty checks.
    allow_incomparable
        Whether to judge runs, too, that were not evaluated alike. The check says so, and it is kept with the runs:
        their pages and later checks say by whom they were judged so, and when.

    Raises
    ------
    InputError
        There are no such runs, no such metric, its goal is not known, or SciPy is not installed.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.check("last", "val/auc", against="baseline", min_delta=0.002).verdict  # doctest: +SKIP
    'better'
    """
    if isinstance(runs, str):
        text, runs = runs, find_runs(runs)
        if not len(runs):
            raise NoRunError(f"no run fulfils {text!r}; expected a condition that some do; see ts.runs()")
    if not isinstance(runs, Runs):
        raise InputError(f"found {runs!r} as the runs to check; expected runs, a handle, a name or a condition")
    return runs.check(
        metric, against, min_delta=min_delta, confidence=confidence, allow_incomparable=allow_incomparable
    )


@_called_like(check)
def assert_beats(*given: Any, **named: Any) -> Check:
    """Return the check of runs that are better than others, and fail the cell where they are not; see `check`.

    Raises
    ------
    CheckFailed
        They are not shown to be better. It is an AssertionError, too.
    InputError
        As `check` does.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.assert_beats("last", "val/auc", min_delta=0.002)  # doctest: +SKIP
    """
    made = check(*given, **named)
    if not made.passed:
        raise CheckFailed(repr(made))
    return made
