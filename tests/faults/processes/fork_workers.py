"""Forks workers that log while threads of this process log; prints how many points of each metric were logged."""

import json
import os
import sys
import threading

import trackside as ts

THREADS = 3


def fork_worker(metric: str, points: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    for value in range(points):
        ts.log({metric: value})
    if points % 2:
        os._exit(0)
    raise SystemExit(0)  # through the run's `with`, which is its owner's to end


def main() -> None:
    rounds, workers, points = map(int, sys.argv[1:])
    logged = {f"worker{number}": 0 for number in range(workers)}
    stop, by_thread = threading.Event(), [0] * THREADS

    def work(number: int) -> None:
        while not stop.is_set():
            ts.log(parent=number)
            by_thread[number] += 1

    with ts.run("forks"):
        threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for _ in range(rounds):
            forked = [fork_worker(metric, points + number) for number, metric in enumerate(logged)]
            for pid, (number, metric) in zip(forked, enumerate(logged), strict=True):
                assert os.waitpid(pid, 0)[1] == 0
                logged[metric] += points + number
        stop.set()
        for thread in threads:
            thread.join()
    print(json.dumps(logged | {"parent": sum(by_thread)}))


if __name__ == "__main__":
    main()
