"""Has workers of a kind log, for two runs one after the other; each point has a value of its own."""

import multiprocessing
import subprocess
import sys
from typing import Any

import trackside as ts

RUNS, TASKS, WORKERS = 2, 4, 2


def log(task: int, points: int) -> int:
    for number in range(points):
        ts.log(value=task * points + number)
    return task


def log_each(tasks: list[tuple[int, int]]) -> list[int]:
    return [log(task, points) for task, points in tasks]


def in_processes(method: str, points: int) -> None:
    with multiprocessing.get_context(method).Pool(WORKERS) as pool:
        pool.starmap(log, [(task, points) for task in range(TASKS)])
        pool.close()
        pool.join()


def in_loky(points: int) -> None:
    from joblib import Parallel, delayed

    Parallel(n_jobs=WORKERS)(delayed(log)(task, points) for task in range(TASKS))


def in_data_loader(points: int) -> None:
    from torch.utils.data import DataLoader

    tasks: Any = [(task, points) for task in range(TASKS)]
    assert list(DataLoader(tasks, WORKERS, collate_fn=log_each, num_workers=WORKERS)) == [[0, 1], [2, 3]]


def in_subprocesses(points: int) -> None:
    here = "from start_workers import log; import sys; log(int(sys.argv[1]), int(sys.argv[2]))"
    for task in range(TASKS):
        subprocess.run([sys.executable, "-c", here, str(task), str(points)], check=True, cwd=sys.path[0])


def main() -> None:
    kind, points = sys.argv[1], int(sys.argv[2])
    for number in range(RUNS):
        with ts.run(f"run {number}"):
            ts.log(owner=number)
            if kind == "loky":
                in_loky(points)
            elif kind == "data loader":
                in_data_loader(points)
            elif kind == "subprocess":
                in_subprocesses(points)
            else:
                in_processes(kind, points)


if __name__ == "__main__":
    main()
