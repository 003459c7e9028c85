"""
What was asked and how it went: the figures of /metrics and a line for each request. Knows no application.

A line holds no address of a client: the log says what is asked of the server, not who asks.
"""

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import IO

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest

_FLUSH_SECONDS = 0.25
# Lines that wait to be written; more than this within a flush are counted, not written.
_MOST_WAITING = 50_000


class Traffic:
    """Counts and logs requests, from many threads at once, at the cost of about a microsecond each."""

    def __init__(self, *, log: bool, stream: IO[str] | None = None) -> None:
        self.registry = CollectorRegistry()
        requests = Counter(
            "tvld_http_requests", "Answers by status and whether they were kept ready.", ["status", "ready"],
            registry=self.registry,
        )  # fmt: skip
        # Bound before the first request: a look-up by label costs more than the count.
        self._kept = {status: requests.labels(str(status), "yes").inc for status in (200, 206, 303, 304, 412, 416)}
        self._requests = requests
        self._counted: dict[int, Callable[[], None]] = {}
        self._made = Histogram(
            "tvld_http_seconds", "Time to make an answer that was not ready.", registry=self.registry
        )
        self._lines: deque[str] = deque(maxlen=_MOST_WAITING)
        self._stream = stream or sys.stderr
        self._log = log
        self._stopped = threading.Event()
        if log:
            threading.Thread(target=self._write_lines, name="request-log", daemon=True).start()

    def kept(self, status: int, note: str) -> None:
        """Count an answer that was ready; `note` is its line, made once by `noted` and used each time."""
        self._kept[status]()
        if self._log:
            self._lines.append(note)

    def made(self, method: str, path: str, query: str, status: int, size: int, seconds: float) -> None:
        """Count an answer that had to be made."""
        counted = self._counted.get(status)
        if counted is None:
            counted = self._counted[status] = self._requests.labels(str(status), "no").inc
        counted()
        self._made.observe(seconds)
        if self._log:
            self._lines.append(noted(method, path, query, status, size, seconds))

    def metrics(self) -> bytes:
        """Write all figures in the text format of Prometheus."""
        return generate_latest(self.registry)

    def close(self) -> None:
        """Write what waits, and no more after that."""
        self._stopped.set()
        self._flush()

    def _write_lines(self) -> None:
        while not self._stopped.wait(_FLUSH_SECONDS):
            self._flush()

    def _flush(self) -> None:
        """Write what waits, stamped with now: a line is late by a flush at most, and no request waits for a clock."""
        take = self._lines.popleft
        if notes := [take() for _ in range(len(self._lines))]:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ ", time.gmtime())
            self._stream.write(stamp + f"\n{stamp}".join(notes) + "\n")
            self._stream.flush()


def noted(method: str, path: str, query: str, status: int, size: int, seconds: float) -> str:
    """Write a request as a line of the log, without its time."""
    target = f"{path}?{query}" if query else path
    # A line break in an address must not begin a line of its own, and a screen must not be steered by a log.
    if not target.isprintable() or not method.isprintable():
        target, method = ascii(target)[1:-1], ascii(method)[1:-1]
    return f"{method} {target[:500]} {status} {size} {seconds * 1000:.1f}ms"
