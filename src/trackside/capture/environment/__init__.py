"""The machine and the software that a run runs on."""
