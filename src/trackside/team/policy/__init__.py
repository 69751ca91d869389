"""The policy: what a team demands of every run. It stands in ``pyproject.toml``, or in ``trackside.toml``.

Of several files the nearest to the notebook counts, as for all settings; all its rules that apply to a run count, and
of two naming schemes the later one::

    [tool.trackside.policy]                     # [policy] in trackside.toml; here: of all runs
    on_violation = "warn"                       # or "refuse": no baseline, version or check of a run that breaks it
    experiment_name = "{project}-{approach}-{date}"
    tags = ["owner", "stage=dev|final"]
    seed = true                                 # one is on record
    clean_git = true                            # its code is in a commit
    record = "runs.jsonl"                       # of `trackside export --record`, for where there is no store

    [tool.trackside.policy.parts]               # the words that parts of naming schemes may be
    approach = ["mlp", "svm"]

    [[tool.trackside.policy.rules]]             # of some experiments
    when = "*-final-*"
    on_violation = "refuse"
    params = ["lr"]                             # names or patterns: of params, forbidden_params, metrics, artifacts
    roles = ["train", "test"]                   # of data
    seeds = 5                                   # with so many seeds it was run before anything is decided
    param_ranges = { lr = { min = 1e-5, max = 0.1 } }
    metric_ranges = { "val/auc" = { min = 0.5 } }

    [[tool.trackside.policy.checks]]            # what a run has to pass: `trackside check --policy`
    metric = "val/auc"
    min_delta = 0.002
    gate = "production"                         # the stage of a model's version that it guards

What runs break is told and never stops a cell; with ``"refuse"`` nothing is decided on them.
"""

from trackside.team.policy.refusal import refuse_unless_compliant as refuse_unless_compliant
