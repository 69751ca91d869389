"""What names promise: a metric, a size, a time, something only for the eyes."""

from __future__ import annotations

import re
from functools import lru_cache

from trackside.goals import has_metric_word, split_words

_SETTING_WORDS = frozenset(
    "fn fns func function weight weights threshold thresh scale scaler coef coefficient lambda target tol tolerance"
    " type kind name names mode criterion idx index patience freq interval factor limit bins matrix df".split()
)
"""What turns a metric's name into that of a setting: ``loss_weight``, ``score_threshold``."""

_SEEDS = frozenset(("seed", "seeds", "fold"))
_COUNT = re.compile(r"^(?:n|num|len|count|nb)(?:_|$)|_(?:n|num|len|length|count|size|ids?)$")
_SIZE = re.compile(rf"^(?:size|total)(?:_|$)|_total$|{_COUNT.pattern}")
_SERIES = re.compile(r"^all_|_(?:history|hist|list|values|curve|log|logs|per_epoch|all)$")
_TIME = re.compile(
    r"(?:^|_)(?:time|times|elapsed|duration|seconds|secs|start|started|end|tic|toc|t0|t1|now|timestamp|date)(?:_|$)"
)
_FOR_THE_EYES = re.compile(
    r"""^(?:verbos\w*|debug|quiet|silent|show\w*|plot\w*|progress\w*|log_?level|log_(?:every|interval|freq)\w*
    |logging_\w+|print\w*|disp|enable_\w+|disable_tqdm|do_(?:train|eval|predict)
    |figsize|fig_?size|dpi|cmap|colou?rs?|palette|title|x?y?label|legend|alpha_plot|linewidth|fontsize|markers?
    |n_jobs|num_workers|nthreads?|n_threads|thread_count|(?:\w+_)?pin_memory|persistent_workers
    |devices?|accelerator|(?:use_|no_)?(?:cpu|cuda|gpu|mps)
    |save_\w*|overwrite|force\w*|trust_remote_code|warn\w*|logger|report_to)$""",
    re.IGNORECASE | re.VERBOSE,
)
_PLUMBING = re.compile(
    r"""^(?:copy|inplace|axis|dim|columns|index|keepdims|encoding|sep|header|names|usecols|errors|as_frame
    |as_supervised|with_info|\w+_names|output_dict|digits|zero_division|out|name|desc|key|file|inputs|outputs|return_\w+|exist_ok
    |parents|map_location|weights_only|callbacks?|stream\w*|as_pandas|refit|reduction|\w+_token_id)$""",
    re.VERBOSE,
)
_PLACE = re.compile(r"(?:^|_)(?:path|paths|dir|directory|file|files|filename|folder|url|uri|root)$", re.IGNORECASE)
_PLACE_TEXT = re.compile(
    r"""^(?:[a-z][a-z0-9+]*://|[~.]{0,2}/|[A-Za-z]:\\)
    |\.(?:csv|tsv|txt|json|jsonl|ya?ml|toml|parquet|feather|arrow|h5|hdf5|npz?|pkl|pickle|joblib|pth?|ckpt|safetensors
    |onnx|gguf|db|sqlite|duckdb|xlsx?|png|jpe?g|gif|svg|pdf|wav|mp3|mp4|zip|tar|gz|bz2|zst|html?|md|py|ipynb|log)$""",
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=4096)
def is_metric_name(name: str) -> bool:
    """Tell whether a name is that of something measured.

    Examples
    --------
    >>> is_metric_name("val_loss"), is_metric_name("loss_fn"), is_metric_name("score_time")
    (True, False, False)
    """
    is_other = is_time_name(name) or is_setting_name(name) or _COUNT.search(name.lower()) is not None
    return has_metric_word(name) and not is_other


def is_setting_name(name: str) -> bool:
    """Tell whether a name is that of something chosen or given: ``threshold``, ``loss_weight``, ``feature_names``."""
    return not _SETTING_WORDS.isdisjoint(split_words(name))


def name_of_one(name: str) -> str:
    """Return the name of one of a series' metrics.

    Examples
    --------
    >>> name_of_one("train_losses"), name_of_one("val_accuracies"), name_of_one("loss_history"), name_of_one("loss")
    ('train_loss', 'val_accuracy', 'loss', 'loss')
    """
    one = _SERIES.sub("", name)
    for many, single in (("losses", "loss"), ("accuracies", "accuracy")):
        if one.lower().endswith(many):
            return one[: -len(many)] + single
    return one[:-1] if one.endswith("s") and is_metric_name(one[:-1]) else one


def is_size_name(name: str) -> bool:
    """Tell whether a name counts something: ``n_samples``, ``batch_size``."""
    return _SIZE.search(name.lower()) is not None


def is_seed_name(name: str) -> bool:
    """Tell whether a param is a seed, which tells runs of one way to train from each other.

    Examples
    --------
    >>> is_seed_name("seed"), is_seed_name("SVC.random_state"), is_seed_name("data_seed"), is_seed_name("seedling")
    (True, True, True, False)
    """
    last = name.rpartition(".")[2]
    return last == "random_state" or not _SEEDS.isdisjoint(split_words(last))


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
