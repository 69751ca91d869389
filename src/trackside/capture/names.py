"""What names promise: a metric, a size, a time, something only for the eyes."""

from __future__ import annotations

import re

_METRIC_WORDS = frozenset(
    "acc accuracy auc auroc auprc roc ap map ari aic bic bleu brier cer dice elbo err error f1 fbeta fid gini iou"
    " jaccard kappa likelihood logloss loss losses mae mape mcc mrr mse msle ndcg nll nmi perplexity ppl precision psnr"
    " r2 recall reward rmse rmsle rouge score scores sensitivity silhouette specificity ssim wer".split()
)
_SIZE = re.compile(r"^(?:n|num|len|count|size|total|nb)(?:_|$)|_(?:n|num|len|length|count|size|total|ids?)$")
_TIME = re.compile(
    r"(?:^|_)(?:time|times|elapsed|duration|seconds|secs|start|started|end|tic|toc|t0|t1|now|timestamp|date)(?:_|$)"
)
_FOR_THE_EYES = re.compile(
    r"""^(?:verbos(?:e|ity)|debug|quiet|silent|show\w*|plot\w*|progress\w*|log_level|loglevel|print\w*|disp
    |figsize|fig_?size|dpi|cmap|colou?rs?|palette|title|x?y?label|legend|alpha_plot|linewidth|fontsize|markers?
    |n_jobs|num_workers|nthreads?|n_threads|thread_count|pin_memory|persistent_workers
    |save_\w*|overwrite|force\w*|trust_remote_code|warn\w*|logger|report_to)$""",
    re.IGNORECASE | re.VERBOSE,
)
_PLUMBING = re.compile(
    r"""^(?:copy|inplace|axis|dim|columns|index|keepdims|encoding|sep|header|names|usecols|errors|as_frame
    |as_supervised|with_info|output_dict|digits|zero_division|out|name|desc|key|file|inputs|outputs|return_\w+|exist_ok
    |parents|map_location|weights_only|callbacks?|stream\w*)$""",
    re.VERBOSE,
)
_PLACE = re.compile(r"(?:^|_)(?:path|paths|dir|directory|file|files|filename|folder|url|uri|root)$", re.IGNORECASE)
_PLACE_TEXT = re.compile(
    r"""^(?:[a-z][a-z0-9+]*://|[~.]{0,2}/|[A-Za-z]:\\)
    |\.(?:csv|tsv|txt|json|jsonl|ya?ml|toml|parquet|feather|arrow|h5|hdf5|npz?|pkl|pickle|joblib|pth?|ckpt|safetensors
    |onnx|gguf|db|sqlite|duckdb|xlsx?|png|jpe?g|gif|svg|pdf|wav|mp3|mp4|zip|tar|gz|bz2|zst|html?|md|py|ipynb|log)$""",
    re.IGNORECASE | re.VERBOSE,
)


def is_metric_name(name: str) -> bool:
    """Tell whether a name has a metric's word in it.

    Examples
    --------
    >>> is_metric_name("val_loss"), is_metric_name("testAccuracy"), is_metric_name("lossless")
    (True, True, False)
    """
    return not _METRIC_WORDS.isdisjoint(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def is_size_name(name: str) -> bool:
    """Tell whether a name counts something: ``n_samples``, ``batch_size``."""
    return _SIZE.search(name.lower()) is not None


def is_time_name(name: str) -> bool:
    """Tell whether a name is that of a moment or a duration: ``start``, ``train_time``."""
    return _TIME.search(name.lower()) is not None


def is_for_the_eyes(name: str) -> bool:
    """Tell whether an argument or name changes only what is shown or how fast it goes, not what comes out."""
    return _FOR_THE_EYES.match(name) is not None


def is_plumbing(keyword: str) -> bool:
    """Tell whether a keyword only says in what form a call takes or gives its data, or names a part."""
    return _PLUMBING.match(keyword) is not None


def is_place(name: str, value: object) -> bool:
    """Tell whether this says where a file is; that is data, not a param."""
    return isinstance(value, str) and bool(_PLACE.search(name) or _PLACE_TEXT.search(value))
