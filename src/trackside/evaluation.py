"""Draws and keeps how a model did: confusion matrix, ROC, precision and recall, calibration, sample predictions.

The pictures are scikit-learn's own displays, which must be installed. They are drawn on the axes given, or else on a
figure that is not shown; ``ts.runs("last").artifacts()`` shows what was kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from trackside.capture.artifacts.drawing import draw_content, one_or_each, thinned
from trackside.capture.artifacts.labels import check_label
from trackside.capture.artifacts.predictions import Wanted, predictions_content
from trackside.errors import InputError, TracksideError
from trackside.tracking.artifacts import keep_content
from trackside.tracking.current import log_to_run
from trackside.tracking.metric_checks import read_step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trackside.model import Artifact
    from trackside.tracking import Run


def log_confusion_matrix(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Sequence[Any] | None = None,
    normalize: Literal["true", "pred", "all"] | None = None,
    name: str = "confusion matrix",
    step: int | None = None,
    ax: Any = None,
) -> Artifact | None:
    """Draw a confusion matrix and keep it with its counts.

    Parameters
    ----------
    y_true, y_pred
        The classes as they are, and as they were predicted.
    labels
        The classes in the order of the rows; by default sorted.
    normalize
        Whether to divide by the rows (``"true"``), the columns (``"pred"``) or all (``"all"``).
    name, step
        What to call it, and the step that it belongs to.
    ax
        Axes of matplotlib to draw on; by default on a figure that is not shown.

    Raises
    ------
    InputError
        scikit-learn or matplotlib is not installed, or refuses the values.
    """

    def draw(axes: Any) -> dict[str, Any]:
        from sklearn.metrics import ConfusionMatrixDisplay

        display = ConfusionMatrixDisplay.from_predictions(y_true, y_pred, labels=labels, normalize=normalize, ax=axes)
        return {"labels": list(display.display_labels), "matrix": display.confusion_matrix}

    return _log_drawn("log_confusion_matrix(…)", draw, name=name, step=step, ax=ax)


def log_roc(
    y_true: Any, y_score: Any, *, pos_label: Any = None, name: str = "ROC", step: int | None = None, ax: Any = None
) -> Artifact | None:
    """Draw the ROC curve and keep it with its points and the area under it.

    Parameters
    ----------
    y_true
        The classes as they are.
    y_score
        The scores of the positive class; or of more than two classes one column each, in the order of the sorted
        classes: then there is one curve for each against the rest.
    pos_label
        The positive class, where it is not 1.
    name, step, ax
        As for `log_confusion_matrix`.

    Raises
    ------
    InputError
        scikit-learn or matplotlib is not installed, or refuses the values.
    """

    def curve(axes: Any, truth: Any, scores: Any, positive: Any, label: str) -> dict[str, Any]:
        from sklearn.metrics import RocCurveDisplay, roc_curve

        display = RocCurveDisplay.from_predictions(truth, scores, pos_label=positive, name=label or None, ax=axes)
        fpr, tpr, thresholds = roc_curve(truth, scores, pos_label=positive)
        return {"class": label, "auc": display.roc_auc} | thinned(fpr=fpr, tpr=tpr, threshold=thresholds)

    def draw(axes: Any) -> dict[str, Any]:
        return {"curves": one_or_each(curve, axes, y_true, y_score, pos_label)}

    return _log_drawn("log_roc(…)", draw, name=name, step=step, ax=ax)


def log_pr(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Any = None,
    name: str = "precision and recall",
    step: int | None = None,
    ax: Any = None,
) -> Artifact | None:
    """Draw precision over recall and keep it with its points and the average precision; parameters as for `log_roc`."""

    def curve(axes: Any, truth: Any, scores: Any, positive: Any, label: str) -> dict[str, Any]:
        from sklearn.metrics import PrecisionRecallDisplay, precision_recall_curve

        display = PrecisionRecallDisplay.from_predictions(
            truth, scores, pos_label=positive, name=label or None, ax=axes
        )
        precision, recall, thresholds = precision_recall_curve(truth, scores, pos_label=positive)
        points = thinned(precision=precision[:-1], recall=recall[:-1], threshold=thresholds)
        return {"class": label, "average_precision": display.average_precision} | points

    def draw(axes: Any) -> dict[str, Any]:
        return {"curves": one_or_each(curve, axes, y_true, y_score, pos_label)}

    return _log_drawn("log_pr(…)", draw, name=name, step=step, ax=ax)


def log_calibration(
    y_true: Any,
    y_proba: Any,
    *,
    bins: int = 10,
    pos_label: Any = None,
    name: str = "calibration",
    step: int | None = None,
    ax: Any = None,
) -> Artifact | None:
    """Draw how often what was predicted with a probability came true, and keep it with its points.

    Parameters
    ----------
    y_proba
        The probabilities of the positive class.
    bins
        How many intervals of probability there are.
    y_true, pos_label, name, step, ax
        As for `log_roc`.

    Raises
    ------
    InputError
        scikit-learn or matplotlib is not installed, or refuses the values.
    """

    def draw(axes: Any) -> dict[str, Any]:
        from sklearn.calibration import CalibrationDisplay

        display = CalibrationDisplay.from_predictions(y_true, y_proba, n_bins=bins, pos_label=pos_label, ax=axes)
        return {"predicted": display.prob_pred, "true": display.prob_true, "bins": bins}

    return _log_drawn("log_calibration(…)", draw, name=name, step=step, ax=ax)


def log_predictions(
    y_true: Any,
    y_pred: Any,
    *,
    ids: Any = None,
    features: Any = None,
    proba: Any = None,
    rows: int | None = 1000,
    name: str = "predictions",
    step: int | None = None,
) -> Artifact | None:
    """Keep a table of predictions whose rows can be found again in other runs.

    The columns are ``id``, ``y_true``, ``y_pred``, then one of each class's probability and of each feature.

    Parameters
    ----------
    y_true, y_pred
        What is so, and what was predicted: one value a row.
    ids
        A name for each row. By default the index of ``features`` or ``y_true`` where that is of pandas; else a digest
        of the row's features, the same wherever the row stands; else the row's position.
    features
        What was predicted from: a table or array with as many rows.
    proba
        Probabilities: one a row, or one column for each class.
    rows
        How many rows to keep, chosen by their ids, so that every run keeps the same ones; None keeps all.
    name, step
        What to call it, and the step that it belongs to.

    Raises
    ------
    InputError
        Lengths differ, or ``rows`` is no number of rows.
    """

    def keep(run: Run) -> Artifact | None:
        wanted = Wanted(y_true=y_true, y_pred=y_pred, ids=ids, features=features, proba=proba, rows=rows)
        content = predictions_content(wanted)
        return keep_content(run, content, name=check_label(name, "an artifact's name"), step=_step(step))

    return log_to_run("log_predictions(…)", keep)


def _log_drawn(
    call: str, draw: Callable[[Any], Mapping[str, Any]], *, name: str, step: int | None, ax: Any
) -> Artifact | None:
    """Draw on axes and keep their figure, with the numbers that ``draw`` returns."""

    def keep(run: Run) -> Artifact | None:
        label = check_label(name, "an artifact's name")
        try:
            content = draw_content(draw, label, ax)
        except TracksideError:
            raise
        except ImportError as error:
            raise InputError(
                f"{call} needs {error.name}, which is not installed; pip install scikit-learn matplotlib"
            ) from error
        except Exception as error:
            raise InputError(f"{call}: {' '.join(str(error).split())[:300] or type(error).__name__}") from error
        return keep_content(run, content, name=label, step=_step(step))

    return log_to_run(call, keep)


def _step(step: int | None) -> int | None:
    return None if step is None else read_step(step)
