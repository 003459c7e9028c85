"""
An engine that answers an equal query once: what runs is waited for, what was answered is kept. Knows no HTTP.

Stands in front of the engine of one release, which never changes: so an answer holds as long as the release does. Two
queries are equal if text, graphs and formats are, whether they came by GET or by POST.
"""

import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping

from tvld.errors import TvldError
from tvld.serve.engine import Answer, Engine, Query

# What gives another answer each time. A text that only speaks of these is run again too, which harms nobody.
_VARYING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\s*\(", re.IGNORECASE)
_FRAME = 512
# A query, as far as its answer depends on it: quicker to compare than the query itself.
_Key = tuple[str, str | None, str | None, tuple[str, ...], tuple[str, ...], bool]


def varies(text: str) -> bool:
    """Say whether a query may be answered in another way the next time, over the same data."""
    return _VARYING.search(text) is not None


class _Flight:
    """A query that runs, and how it ended."""

    def __init__(self) -> None:
        # Held while it runs: whoever gets it finds the query ended.
        self.running = threading.Lock()
        self.running.acquire()
        self.answer: Answer | None = None
        self.error: TvldError | None = None


class Shared:
    """An `Engine` (tvld.serve.engine) in front of another, with at most so many bytes of answers kept."""

    def __init__(self, engine: Engine, max_bytes: int) -> None:
        self._engine, self._max_bytes = engine, max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, Answer] = OrderedDict()
        self._bytes = 0
        self._flights: dict[_Key, _Flight] = {}
        self._counts: Counter[str] = Counter()

    def ask(self, query: Query) -> Answer:
        """Answer from what is kept, with the query that runs already, or by the engine; raises what that raises."""
        # Whoever sets a time of its own wants to know how the engine does now.
        if query.seconds is not None or varies(query.text):
            return self._engine.ask(query)
        key = _key(query)
        with self._lock:
            if (answer := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                self._counts["kept"] += 1
                return answer
            flight = self._flights.get(key)
            if leads := flight is None:
                flight = self._flights[key] = _Flight()
            else:
                self._counts["joined"] += 1
        return self._fly(query, key, flight) if leads else _landed(flight)

    def health(self) -> Mapping[str, object]:
        """Say how the engine is, and how many queries it was spared."""
        with self._lock:
            own = {
                "spared_by_keeping": self._counts["kept"],
                "spared_by_joining": self._counts["joined"],
                "kept_bytes": self._bytes,
            }
        return {**self._engine.health(), **own}

    def close(self) -> None:
        self._engine.close()

    def _fly(self, query: Query, key: _Key, flight: _Flight) -> Answer:
        try:
            flight.answer = self._engine.ask(query)
        except TvldError as err:
            flight.error = err
            raise
        finally:
            with self._lock:
                del self._flights[key]
                if flight.answer is not None:
                    self._keep(key, flight.answer)
            flight.running.release()
        return flight.answer

    def _keep(self, key: _Key, answer: Answer) -> None:
        """Keep an answer that is no large part of the whole, and in no file; those not asked for longest go first."""
        weight = _weight(key, answer)
        if weight > self._max_bytes // 8 or answer.spool is not None:
            return
        self._kept[key] = answer
        self._bytes += weight
        while self._bytes > self._max_bytes:
            self._bytes -= _weight(*self._kept.popitem(last=False))


def _landed(flight: _Flight) -> Answer:
    """Wait for a query of somebody else. It ends in bounded time: every engine has its limits."""
    with flight.running:
        pass
    if flight.answer is not None:
        return flight.answer
    if flight.error is None:
        raise RuntimeError("the query that this one waited for broke off")
    # One error raised by two threads would mix up where each came from.
    raise type(flight.error)(str(flight.error), **flight.error.details)


def _key(query: Query) -> _Key:
    result, graph = query.result_format, query.graph_format
    return (
        query.text,
        result.name if result else None,
        graph.name if graph else None,
        query.default_graphs,
        query.named_graphs,
        query.spooled,
    )


def _weight(key: _Key, answer: Answer) -> int:
    graphs = sum(map(len, (*key[3], *key[4])))
    return len(key[0]) + graphs + len(answer.body) + _FRAME
