"""Sets of runs: what people choose, compare and pick from."""

from trackside.collection.run_set import REFRESH_WAIT
from trackside.collection.runs import Runs

__all__ = ["REFRESH_WAIT", "Runs"]
