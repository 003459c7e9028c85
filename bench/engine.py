"""
What the processes around the engine cost: a query through them against the library called directly, and how soon a
query is answered after a process has died.
"""

import os
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from tests import hostility
from tests.engines import asking, chain
from tests.processes import children, zygote_of
from tests.web_client import descendants

from bench.servers import free_port, running, tvld
from tvld.errors import QueryLimitExceeded
from tvld.formats import RESULTS_JSON
from tvld.serve.workers import Limits, WorkerEngine

ROUNDS, SAMPLE = 7, 300
QUERIES = {
    "ASK": "ASK {}",
    "13 rows": "SELECT * { ?s <http://e/next> ?o } LIMIT 13",
    "1,500 rows": "SELECT * { ?s <http://e/next> ?o }",
}
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as scratch:
        file = chain(Path(scratch))
        store = ox.Store()
        store.load(path=str(file.path), format=ox.RdfFormat.N_TRIPLES)
        engine = WorkerEngine([file], Limits())
        try:
            for name, text in QUERIES.items():
                direct, through = _compared(
                    lambda text=text: store.query(text).serialize(format=ox.QueryResultsFormat.JSON),  # type: ignore[misc]
                    lambda text=text: asking(engine)(text, RESULTS_JSON),  # type: ignore[misc]
                )
                print(f"{name}: {direct:.3f} ms directly, {through:.3f} ms through a worker")
            _after_deaths(engine)
        finally:
            engine.close()
        _after_the_server_died(Path(scratch))


def _compared(*ways: Callable[[], object]) -> list[float]:
    """Give the median of each way in milliseconds, from interleaved rounds."""
    took: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for way, times in zip(ways, took, strict=True):
            times += [_timed(way) for _ in range(SAMPLE)]
    return [statistics.median(times) for times in took]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _after_deaths(engine: WorkerEngine) -> None:
    def limited() -> None:
        try:
            asking(engine)(LONG, seconds=0.05)
        except QueryLimitExceeded:
            return

    def all_workers() -> None:
        for worker in children(zygote_of(os.getpid())):
            os.kill(worker, signal.SIGKILL)

    for what, end, rounds in (("a query at its limit", limited, 50), ("the end of all workers", all_workers, 20)):
        took = []
        for _ in range(rounds):
            end()
            took.append(_timed(lambda: asking(engine)("ASK {}")))
            time.sleep(0.3)
        print(f"the next answer after {what}: median {statistics.median(took):.1f} ms, longest {max(took):.0f} ms")
    os.kill(zygote_of(os.getpid()), signal.SIGKILL)

    def until_anew() -> None:
        # A worker may outlive it for a moment, and answer.
        while not engine.health()["restarts"]:
            time.sleep(0.001)
        asking(engine)("ASK {}")

    print(f"the next answer after the end of the process that holds the data: {_timed(until_anew):.0f} ms")


def _after_the_server_died(scratch: Path) -> None:
    port = free_port()
    with running(tvld("serve", "--port", str(port), "--out", str(scratch / "dist")), f"http://127.0.0.1:{port}/readyz"):
        # The first below the command is the process that answers HTTP.
        command = descendants(os.getpid())[0]
        os.kill(children(command)[0], signal.SIGKILL)

        def until_answered() -> None:
            while True:
                try:
                    if hostility.ask(port, "ASK {}")[0] == 200:
                        return
                except OSError:
                    time.sleep(0.01)

        print(f"the next answer after the end of the process that answers HTTP: {_timed(until_answered):.0f} ms")
