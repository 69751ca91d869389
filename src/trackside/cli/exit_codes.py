"""What a command's exit code says."""

OK = 0
"""All is well."""
PROBLEMS = 1
"""Something is damaged."""
DIFFERS = 1
"""What came out is not the same."""
WORSE = 1
"""A check found the run worse."""
REFUSED = 1
"""A model's version does not pass what it is held to."""
CANNOT = 2
"""The command could not be carried out."""
NO_DIFFERENCE = 3
"""A check found no difference: the run is not shown to be better."""
NOT_COMPARABLE = 4
"""A check was refused, as the runs were not evaluated alike."""
NOT_ENOUGH_DATA = 5
"""A check has runs, but not enough data to tell."""
NO_EVIDENCE = 6
"""There is nothing to judge by: no store, or no such run."""
STOPPED = 130
"""It was stopped by Ctrl-C: shells say so with 128 and the signal's number."""
