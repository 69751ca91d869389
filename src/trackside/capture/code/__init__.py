"""A cell's code, read without running it, and the repository it stands in."""
