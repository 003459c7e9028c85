"""How the queries of an engine ended: counted the same way for every engine. Knows no engine and no query."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping

from tvld.errors import Busy, CallError, EngineError, QueryLimitExceeded, TvldError
from tvld.serve.engine import Answer, Query

_NAMES: Mapping[type[TvldError], str] = {
    CallError: "refused",
    QueryLimitExceeded: "limited",
    Busy: "busy",
    EngineError: "failed",
}


class Outcomes:
    """Counts from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = Counter(dict.fromkeys(("answered", *_NAMES.values()), 0))

    def of(self, ask: Callable[[Query], Answer], query: Query) -> Answer:
        """Ask, and count how that ended; gives and raises what `ask` does."""
        try:
            answer = ask(query)
        except TvldError as err:
            for kind, name in _NAMES.items():
                if isinstance(err, kind):
                    self.note(name)
            raise
        self.note("answered")
        return answer

    def note(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def figures(self) -> Mapping[str, int]:
        """Give all counts by name."""
        with self._lock:
            return dict(self._counts)
