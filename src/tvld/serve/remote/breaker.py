"""
When not to ask a server any more: after some failures in a row it is left alone for a while, then tried by one.

Knows no network: it is told what happened. Without it every request would wait for a dead server to be found dead.
"""

import math
import threading
import time

from tvld.errors import EngineError

FAILURES = 3


class Breaker:
    """Counts failures in a row, from many threads."""

    def __init__(self, rest_seconds: float) -> None:
        self._rest_seconds = rest_seconds
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0
        self._why = ""

    def admit(self) -> bool:
        """
        Let a request through; True: the server has rested, and this request must try it before anything else.

        Raises EngineError with `retry_after` while the server rests or another request tries it.
        """
        with self._lock:
            if self._failures < FAILURES:
                return False
            left = self._rests_until - time.monotonic()
            if left > 0:
                raise EngineError(
                    f"the query engine does not answer ({self._why}); it is tried again in {math.ceil(left)} s",
                    retry_after=math.ceil(left),
                )
            # Others wait for the outcome of the one that tries.
            self._rests_until = time.monotonic() + self._rest_seconds
            return True

    def failed(self, why: str) -> None:
        with self._lock:
            self._failures += 1
            self._why = why
            if self._failures >= FAILURES:
                self._rests_until = time.monotonic() + self._rest_seconds

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    @property
    def closed(self) -> bool:
        """Say whether requests go through."""
        return self._failures < FAILURES
