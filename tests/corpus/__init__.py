"""Training cells as people write them, each with the params and metrics that a person would want listed beside it.

A case is one file ``<library>/<name>.ipy``: Python with IPython's magics, in cells that begin with ``# %%``. The cells
marked ``# %% track [options]`` run under ``%%track [options]``. The comment on top says what the card should list:

    # A support vector machine on the digits, scored at the end.
    # params: C=10, gamma=0.001, test_size
    # metrics: accuracy|score
    # fine: shuffle

``params`` and ``metrics`` are wanted: without them the run cannot be told from the next, or judged. ``fine`` is true
and harmless, but nobody would miss it: minor settings, layer widths, whatever else the author put in a config object,
the parts of a printed report. Every other name that is found is junk, which a person would strike out: counters, sizes
of the data, times, paths, progress bars, verbosity. ``a|b`` takes either name, ``=`` also asks for the value;
`tests.corpus.scoring` has the small print.

The lists are written from the reader's chair: what the cell did and found out, wherever that is written (in a cell
before, in a function it calls, in the text it prints), not what a tracker can see.
"""
