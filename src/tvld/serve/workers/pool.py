"""
Who waits for what, in the HTTP process: for whatever answers one query at a time, or for a place in the long lane.

Knows threads only, neither processes nor queries.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from tvld.errors import Busy, TvldError

T = TypeVar("T")


class _Ticket(Generic[T]):
    """One who waits: the lock opens when something is given."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.lock.acquire()
        self.given: T | None = None


class Line(Generic[T]):
    """Things for which threads wait in the order of their coming, at most `places` of them."""

    def __init__(self, places: int, retry_after: int) -> None:
        self._places = places
        self._retry_after = retry_after
        self._lock = threading.Lock()
        self._free: list[T] = []
        self._waiting: deque[_Ticket[T]] = deque()
        self._failure: TvldError | None = None

    def take(self, until: float) -> T:
        """Wait until a moment of time.monotonic(); raises Busy when too many wait or it takes too long."""
        with self._lock:
            if self._failure:
                raise self._failure
            if self._free:
                return self._free.pop()
            if len(self._waiting) >= self._places:
                raise self._busy(f"{len(self._waiting)} queries wait already")
            ticket = _Ticket[T]()
            self._waiting.append(ticket)
        if not ticket.lock.acquire(timeout=max(0.0, until - time.monotonic())):
            with self._lock:
                # It may have been given something since the lock was let go.
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
                    raise self._busy("no process became free in time")
        if ticket.given is None:
            raise self._failure or self._busy("no process became free in time")
        return ticket.given

    def take_now(self) -> T | None:
        """Take what is free, None where nothing is."""
        with self._lock:
            return self._free.pop() if self._free else None

    def give(self, thing: T) -> bool:
        """Give to the first who waits, else keep it free; a line that failed takes nothing and says False."""
        with self._lock:
            if self._failure:
                return False
            if self._waiting:
                ticket = self._waiting.popleft()
                ticket.given = thing
                ticket.lock.release()
            else:
                self._free.append(thing)
            return True

    def remove(self, thing: T) -> bool:
        """Take a certain thing out, if it is free; says whether it was."""
        with self._lock:
            if thing not in self._free:
                return False
            self._free.remove(thing)
            return True

    def fail(self, failure: TvldError) -> list[T]:
        """Tell all who wait, and all who come, that nothing will be given any more; gives what was free."""
        with self._lock:
            self._failure = failure
            while self._waiting:
                self._waiting.popleft().lock.release()
            free, self._free = self._free, []
            return free

    def mend(self) -> None:
        """Take things again, and let threads wait, after a failure."""
        with self._lock:
            self._failure = None

    def drain(self) -> list[T]:
        """Take out all that is free; who waits goes on waiting."""
        with self._lock:
            free, self._free = self._free, []
            return free

    def figures(self) -> tuple[int, int]:
        """Give how many things are free and how many threads wait."""
        with self._lock:
            return len(self._free), len(self._waiting)

    def _busy(self, why: str) -> Busy:
        return Busy(
            f"too much is asked at once ({why}): try again in {self._retry_after} s", retry_after=self._retry_after
        )


class Moved(Exception):
    """A query is a long one, and there is no place for it where it runs."""


class LongLane:
    """
    Places for queries that run past a slice of time, fewer than may run at once: so small ones of others find room.
    """

    def __init__(self, lane_places: int, waiting: int, retry_after: int) -> None:
        self._places = lane_places
        self._line = Line[int](waiting, retry_after)
        for place in range(lane_places):
            self._line.give(place)
        self._lock = threading.Lock()
        self._moved = 0

    def run(self, attempt: Callable[[Callable[[], bool]], T], until: float) -> T:
        """
        Run a query, small at first, long if need be.

        `attempt` is handed a function that takes a place and says whether there was one; where there is none it may
        raise Moved, and is called again when its turn has come. Raises Busy where that is not before `until`.
        """
        places: list[int] = []

        def stay() -> bool:
            if not places and (place := self._line.take_now()) is not None:
                places.append(place)
            return bool(places)

        try:
            try:
                return attempt(stay)
            except Moved:
                with self._lock:
                    self._moved += 1
            places.append(self._line.take(until))
            return attempt(lambda: True)
        finally:
            for place in places:
                self._line.give(place)

    def figures(self) -> tuple[int, int, int]:
        """Give how many places are taken, how many queries wait for one, and how many had to move so far."""
        free, waiting = self._line.figures()
        return self._places - free, waiting, self._moved
