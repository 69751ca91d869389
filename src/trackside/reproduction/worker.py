"""Executes a notebook in a fresh kernel: a process of its own, which tells its parent how far it is.

It goes on from the first cells when it reads a line. Each line that it prints is JSON: ``{"cell": 2, "of": 5}`` as a
cell begins, ``{"text": …}`` for what a cell prints, and as the last line ``{"done": true}``, or ``{"error": …}`` where
it did not come to its end.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


class _TellingClient(NotebookClient):
    """A client that tells what cells print while they do."""

    def output(self, outs: Any, msg: dict[str, Any], display_id: Any, cell_index: int) -> Any:
        """Take an output, as nbclient does."""
        if msg["msg_type"] == "stream":
            _tell(text=msg["content"]["text"])
        return super().output(outs, msg, display_id, cell_index)


def main() -> int:
    """Execute the notebook that the command line names; return 0 where it came to its end."""
    given = _read_arguments()
    notebook = nbformat.read(given.notebook, as_version=4)
    path = f"import sys; sys.path.insert(0, {given.modules!r})"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(path))
    client = _TellingClient(
        notebook, kernel_name=given.kernel, resources={"metadata": {"path": given.folder}}, store_widget_state=False
    )
    try:
        _execute(client, given.timeout, given.ahead)
    except CellTimeoutError:
        _tell(error=f"the time limit of {given.timeout:g} s is over")
    except CellExecutionError as error:
        _tell(error=f"a cell failed: {error.ename}: {error.evalue}")
    except DeadKernelError:
        _tell(error="the kernel died")
    else:
        return 0
    return 1


def _execute(client: NotebookClient, timeout: float, ahead: int) -> None:
    end = time.monotonic() + timeout
    cells = [place for place, cell in enumerate(client.nb.cells) if cell.cell_type == "code"]
    with client.setup_kernel():
        for number, place in enumerate(cells):
            if number == ahead + 1 and not sys.stdin.readline():
                return  # nobody wants it any more
            if number:
                _tell(cell=number, of=len(cells) - 1)
            client.timeout = max(1, math.ceil(end - time.monotonic())) if math.isfinite(timeout) else None
            client.execute_cell(client.nb.cells[place], place)
        _tell(done=True)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook")
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--modules", required=True)
    parser.add_argument("--ahead", type=int, default=0)
    parser.add_argument("--timeout", type=float, default=math.inf)
    return parser.parse_args()


def _tell(**said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
