"""What a command's exit code says."""

OK = 0
"""All is well."""
PROBLEMS = 1
"""Something is damaged."""
DIFFERS = 1
"""What came out is not the same."""
CANNOT = 2
"""The command could not be carried out."""
STOPPED = 130
"""It was stopped by Ctrl-C: shells say so with 128 and the signal's number."""
