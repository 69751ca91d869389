"""Whether runs may be held against each other: the one place that says so."""
