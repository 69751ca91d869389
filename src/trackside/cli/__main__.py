"""``python -m trackside.cli``: the command, where it is not on the path."""

import sys

from trackside.cli import main

if __name__ == "__main__":
    sys.exit(main())
