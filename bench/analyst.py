"""
The ten queries of an analyst over HTTP, against the library called directly in this process.

`TVLD_BENCH_RELEASE=DIR python -m bench analyst`: DIR as in bench.queries. Both write the same bytes: JSON for rows,
N-Triples for graphs. The two take turns within each round, so that what else the machine does hits both; every text is
asked once a round, and nothing is kept. The first rounds of each query are not counted: a fresh process has yet to see
its memory, and a connection to be made. Quoted are medians of the rounds, and in brackets the ratio of the quickest.
"""

import statistics
import tempfile
import time
import urllib.parse
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pyoxigraph as ox

from bench.queries import released, serving
from bench.questions import PROLOGUE, analyst_queries
from tvld.serve.release import open_release
from tvld.serve.workers.store import load

ROUNDS, UNCOUNTED = 15, 3
HEADERS = {
    "Accept": "application/sparql-results+json, application/n-triples",
    "Content-Type": "application/sparql-query",
}


@dataclass
class Times:
    """Seconds of one query, or the sums of all: median and quickest, directly and over HTTP."""

    direct: float = 0.0
    over_http: float = 0.0
    quickest_direct: float = 0.0
    quickest_over_http: float = 0.0

    def add(self, other: "Times") -> None:
        self.direct += other.direct
        self.over_http += other.over_http
        self.quickest_direct += other.quickest_direct
        self.quickest_over_http += other.quickest_over_http

    def line(self, name: str) -> str:
        ratio, best = self.over_http / self.direct, self.quickest_over_http / self.quickest_direct
        direct, over_http = self.direct * 1e3, self.over_http * 1e3
        return f"{name:<60} direct {direct:8.2f} ms  HTTP {over_http:8.2f} ms  ratio {ratio:.2f} ({best:.2f})"


@dataclass
class _Rounds:
    direct: list[float] = field(default_factory=list)
    over_http: list[float] = field(default_factory=list)

    def times(self) -> Times:
        direct, over_http = self.direct[UNCOUNTED:], self.over_http[UNCOUNTED:]
        return Times(statistics.median(direct), statistics.median(over_http), min(direct), min(over_http))


def main() -> None:
    """Print a line for each query, and one for all."""
    with tempfile.TemporaryDirectory() as scratch:
        release = released(Path(scratch))
        store = load(open_release(release).graph_files)
        print(f"{release.name}: {len(store)} quads; {ROUNDS} interleaved rounds")
        total = Times()
        with serving(release, "--cache-mib", "0", "--query-seconds", "60") as address:
            parts = urllib.parse.urlsplit(address)
            connection = HTTPConnection(parts.hostname or "", parts.port, timeout=120)
            for name, text in analyst_queries(store).items():
                times, size = _measured(store, connection, parts.path, PROLOGUE + text)
                print(times.line(f"{name} ({size} bytes)"), flush=True)
                total.add(times)
        print(total.line("all ten"))


def _measured(store: ox.Store, connection: HTTPConnection, path: str, text: str) -> tuple[Times, int]:
    rounds, size = _Rounds(), 0
    for number in range(UNCOUNTED + ROUNDS):
        numbered = f"{text} # {number}"
        # Who goes first finds the processor's caches full of something else.
        if number % 2:
            rounds.direct.append(_direct(store, numbered))
        seconds, size = _over_http(connection, path, numbered)
        rounds.over_http.append(seconds)
        if not number % 2:
            rounds.direct.append(_direct(store, numbered))
    return rounds.times(), size


def _direct(store: ox.Store, text: str) -> float:
    started = time.perf_counter()
    results = store.query(text)
    if isinstance(results, ox.QueryTriples):
        results.serialize(format=ox.RdfFormat.N_TRIPLES)
    else:
        results.serialize(format=ox.QueryResultsFormat.JSON)
    return time.perf_counter() - started


def _over_http(connection: HTTPConnection, path: str, text: str) -> tuple[float, int]:
    started = time.perf_counter()
    connection.request("POST", path, text.encode(), HEADERS)
    response = connection.getresponse()
    body = response.read()
    seconds = time.perf_counter() - started
    assert response.status == 200, body[:500]
    return seconds, len(body)
