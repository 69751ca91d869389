"""Gets back what a run was: its cells as a notebook, its modules, its requirements. Nothing of it is executed."""
