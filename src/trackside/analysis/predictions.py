"""The predictions that two runs kept by ``ts.log_predictions``, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.analysis.paired_rows import weigh_rows
from trackside.artifacts import Artifacts, list_artifacts
from trackside.errors import InputError, StoreDamagedError
from trackside.goals import ROLES, split_words
from trackside.visible_text import cut

if TYPE_CHECKING:
    import pandas as pd

    from trackside.analysis.evidence import Evidence
    from trackside.analysis.paired_rows import RowMetric
    from trackside.artifacts import KeptArtifact
    from trackside.store.store import Store

_BINARY = 2
_COLUMNS = ["id", "y_true", "y_pred"]
_METRICS: dict[RowMetric, tuple[str, ...]] = {
    "accuracy": ("accuracy", "acc", "accuracy score"),
    "error rate": ("error", "err", "error rate", "merror"),
    "mse": ("mse", "mean squared error"),
    "rmse": ("rmse", "root mean squared error"),
    "mae": ("mae", "mean absolute error"),
    "log loss": ("logloss", "log loss", "mlogloss", "nll", "crossentropy", "cross entropy", "cross entropy loss"),
    "auc": ("auc", "auroc", "roc auc", "roc auc score"),
}
"""What metrics are called that rows tell, without the words for the data they were measured on."""


def row_metric(metric: str) -> RowMetric | None:
    """Return which metric of single rows a name means, or None.

    Examples
    --------
    >>> row_metric("val/acc"), row_metric("test_mean_squared_error"), row_metric("val_f1"), row_metric("top5_acc")
    ('accuracy', 'mse', None, None)
    """
    bare = " ".join(word for word in split_words(metric) if word not in ROLES)
    return next((known for known, names in _METRICS.items() if bare in names), None)


def weigh_predictions(store: Store, metric: str, candidate: str, baseline: str) -> Evidence | str:
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


def _weigh(measured: RowMetric, *tables: pd.DataFrame) -> Evidence | str:
    """Pair the rows of the candidate's table and the baseline's, and weigh them."""
    classes = _classes(*tables) if measured in ("auc", "log loss") else []
    chosen = []
    for table in tables:
        values = _probabilities(table, classes, measured) if classes else table["y_pred"]
        if isinstance(values, str):
            return values
        rows = table[["id", "y_true"]].assign(value=values).astype({"id": str})
        chosen.append(rows.drop_duplicates("id"))
    rows = chosen[0].merge(chosen[1], on="id", suffixes=("", "_there"))
    truth, other = rows["y_true"], rows["y_true_there"]
    if not ((truth == other) | (truth.isna() & other.isna())).all():
        return "rows of one name have other targets in each: they are not the same rows"
    values = [rows["value"], rows["value_there"]]
    if measured in ("mse", "rmse", "mae") and any(column.dtype.kind not in "iufb" for column in (truth, *values)):
        return f"the predictions are no numbers; expected numbers for {measured}"
    if measured == "error rate" and truth.dtype.kind == "f":
        return "whether a prediction of a number is an error is not known"
    if classes:
        truth = truth == classes[-1]
    return weigh_rows(measured, truth.to_numpy(), *(column.to_numpy() for column in values))


def _classes(*tables: pd.DataFrame) -> list[Any]:
    """Return the classes in the order of their probabilities' columns: sorted."""
    found = {value for table in tables for column in ("y_true", "y_pred") for value in table[column].dropna().tolist()}
    return sorted(found, key=lambda value: (isinstance(value, str), value))


def _probabilities(table: pd.DataFrame, classes: list[Any], measured: RowMetric) -> Any:
    """Return the probability of the positive class, or for the log loss of what is so; or why there is none."""
    numbered = [f"proba_{place}" for place in range(len(classes))]
    named = [str(each) for each in classes]
    columns = next((names for names in (numbered, named) if set(names) <= set(table.columns)), [])
    is_binary = len(classes) == _BINARY
    if not columns and not (is_binary and "proba" in table.columns):
        return f"they kept no probability of each class (ts.log_predictions(…, proba=…)), which {measured} is made of"
    if measured == "auc" and not is_binary:
        return f"the area under the curve is that of two classes; found {len(classes)}"
    shares = table[columns].to_numpy(float) if columns else table[["proba"]].to_numpy(float)
    if shares.shape[1] == 1:
        shares = np.column_stack([1 - shares, shares])
    if measured == "auc":
        return shares[:, -1]
    places = {each: place for place, each in enumerate(classes)}
    known = np.column_stack([shares, np.full(len(table), np.nan)])  # the last place is that of no class
    return known[np.arange(len(table)), [places.get(value, -1) for value in table["y_true"].tolist()]]
