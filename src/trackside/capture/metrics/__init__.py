"""The metrics of a cell: what it keeps, prints, shows and trains."""
