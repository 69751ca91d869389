"""The runs of this demo: `trackside demo` has run this script. Run it again for thirty more."""

import signal
import sys
from contextlib import suppress

import trackside as ts
from trackside.demo import TRIALS, train

count = int(sys.argv[1]) if len(sys.argv) > 1 else len(TRIALS)
for trial in TRIALS[:count]:
    print(trial.name, flush=True)
    with suppress(*trial.ends_with), ts.run(trial.name, params=trial.params, tags={"stage": trial.stage}):
        for epoch, scores in enumerate(train(**trial.params), start=1):
            ts.log(scores)
            if epoch == trial.stopped_after:
                signal.raise_signal(signal.SIGINT)  # as Ctrl-C does
