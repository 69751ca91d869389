"""The live run: log points and params, finish; and the run that ``ts.log`` means where none is named."""

from trackside.tracking.current import current_run, log, log_artifact, log_dataset, log_history, log_params, run
from trackside.tracking.live_run import Run

__all__ = ["Run", "current_run", "log", "log_artifact", "log_dataset", "log_history", "log_params", "run"]
