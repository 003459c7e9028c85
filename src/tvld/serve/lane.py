"""How many requests may wait for the query engine at once, so that threads are left for everything else."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tvld.errors import Busy

# So long a query waits for a place where places come free.
_PATIENCE_SECONDS = 0.25
# After so long without one, none is waited for: a waiting request holds a thread too.
_STUCK_SECONDS = 0.5


class Lane:
    """Places for queries: a burst of small ones flows through, and slow ones cannot take the last threads."""

    def __init__(self, places: int) -> None:
        self._places = threading.Semaphore(places)
        self._moved = time.monotonic()

    def enter(self) -> None:
        """Take a place, to be left by `leave`; raises Busy where none is free and none will be soon."""
        if not self._places.acquire(blocking=False):
            stuck = time.monotonic() - self._moved > _STUCK_SECONDS
            if stuck or not self._places.acquire(timeout=_PATIENCE_SECONDS):
                raise Busy("as many queries as this server takes at once are under way: try again", retry_after=2)
        self._moved = time.monotonic()

    def leave(self) -> None:
        """Give the place back."""
        self._moved = time.monotonic()
        self._places.release()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place; raises what `enter` raises."""
        self.enter()
        try:
            yield
        finally:
            self.leave()
