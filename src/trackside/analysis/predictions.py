"""The predictions that two runs kept by ``ts.log_predictions``, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.analysis.paired_rows import weigh_rows
from trackside.artifacts import Artifacts, list_artifacts
from trackside.errors import InputError, StoreDamagedError
from trackside.goals import ROLES, split_words
from trackside.visible_text import cut

if TYPE_CHECKING:
    import pandas as pd

    from trackside.analysis.paired_rows import RowDifference, RowMetric
    from trackside.artifacts import KeptArtifact
    from trackside.store.store import Store

_COLUMNS = ["id", "y_true", "y_pred"]
_METRICS: dict[RowMetric, tuple[str, ...]] = {
    "accuracy": ("accuracy", "acc", "accuracy score"),
    "error rate": ("error", "err", "error rate", "merror"),
    "mse": ("mse", "mean squared error"),
    "rmse": ("rmse", "root mean squared error"),
    "mae": ("mae", "mean absolute error"),
}
"""What metrics are called that rows tell, without the words for the data they were measured on."""


def row_metric(metric: str) -> RowMetric | None:
    """Return which metric of single rows a name means, or None.

    Examples
    --------
    >>> row_metric("val/acc"), row_metric("test_mean_squared_error"), row_metric("val_auc"), row_metric("top5_acc")
    ('accuracy', 'mse', None, None)
    """
    bare = " ".join(word for word in split_words(metric) if word not in ROLES)
    return next((known for known, names in _METRICS.items() if bare in names), None)


def weigh_predictions(store: Store, metric: str, candidate: str, baseline: str) -> RowDifference | str:
    """Return what the predictions of two runs, given by their ids, say of a metric, or why they say nothing."""
    measured = row_metric(metric)
    if measured is None:
        return f"single rows do not tell {metric}, only {', '.join(_METRICS)}"
    try:
        tables = [_read(artifact) for artifact in _find(store, candidate, baseline)]
    except (InputError, StoreDamagedError) as error:
        return f"the predictions cannot be read: {error}"
    if not tables:
        return "they kept no predictions of one name (ts.log_predictions)"
    if strange := [table for table in tables if not set(_COLUMNS) <= set(table.columns)]:
        found = ", ".join(map(str, strange[0].columns))
        return f"their predictions have the columns {cut(found, 100)}; expected {', '.join(_COLUMNS)}"
    return _weigh(measured, *tables)


def _find(store: Store, *run_ids: str) -> list[KeptArtifact]:
    """Return both runs' predictions of the first name that both have; nothing where there is none."""
    found = list_artifacts(store, run_ids).of_kind("predictions")
    own = [Artifacts([each for each in found if each.run_id == run_id]) for run_id in run_ids]
    common = [name for name in own[0].names if name in own[1].names]
    return [artifacts[common[0]] for artifacts in own] if common else []


def _read(artifact: KeptArtifact) -> pd.DataFrame:
    table: pd.DataFrame = artifact.load()
    return table


def _weigh(measured: RowMetric, candidate: pd.DataFrame, baseline: pd.DataFrame) -> RowDifference | str:
    ours, theirs = (table[_COLUMNS].astype({"id": str}).drop_duplicates("id") for table in (candidate, baseline))
    rows = ours.merge(theirs, on="id", suffixes=("", "_there"))
    truth, other = rows["y_true"], rows["y_true_there"]
    if not ((truth == other) | (truth.isna() & other.isna())).all():
        return "rows of one name have other targets in each: they are not the same rows"
    predicted = [rows["y_pred"], rows["y_pred_there"]]
    is_number = all(column.dtype.kind in "iufb" for column in (truth, *predicted))
    if measured in ("mse", "rmse", "mae") and not is_number:
        return f"the predictions are no numbers; expected numbers for {measured}"
    if measured == "error rate" and truth.dtype.kind == "f":
        return "whether a prediction of a number is an error is not known"
    return weigh_rows(measured, truth.to_numpy(), *(column.to_numpy() for column in predicted))
