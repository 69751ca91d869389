"""The data that a run reads."""
