"""
An existing server as an engine: SPARQL 1.1 Protocol to it, under the limits of the engine inside tvld.

What a query may be is decided before the server sees it; how long it may take, how large its answer may be and whether
that answer is whole is seen to here. Which release the server holds is asked when the engine is made.
"""

import json
import math
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlencode

import pyoxigraph as ox

from tvld.errors import CallError, EngineError, QueryLimitExceeded, TvldError
from tvld.iris import PREFIXES
from tvld.serve.engine import Answer, Query
from tvld.serve.remote import reply as replies
from tvld.serve.remote.breaker import Breaker
from tvld.serve.remote.connection import Connection, Reply, TimedOut, TooLarge, Unreachable
from tvld.serve.remote.gate import Gate
from tvld.serve.remote.layout import Beside, Layout, Parameters, Whole, merged_graph, releases_graph
from tvld.serve.source import Source
from tvld.serve.workers import Limits
from tvld.serve.workers.limits import MIB
from tvld.serve.workers.pool import Line
from tvld.serve.workers.text import check

# How long a server may take for a question that costs nothing before it is held to be dead: at the start, later.
_FIRST_SECONDS = 10.0
_PROBE_SECONDS = 0.5


class RemoteEngine:
    """An `Engine` (tvld.serve.engine) over a server that `tvld load` has brought the release to."""

    def __init__(self, url: str, source: Source, limits: Limits, rest_seconds: float = 5.0) -> None:
        """
        Find the release in the server. Raises CallError where the address is none, EngineError where nobody answers
        there or the release has not been loaded. After some failures in a row the server is left alone for
        `rest_seconds`.
        """
        self._url, self._limits = url, limits
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._breaker = Breaker(rest_seconds)
        self._connections = [Connection(url) for _ in range(limits.workers)]
        self._line = Line[Connection](limits.queue, max(1, math.ceil(limits.seconds / 2)))
        for connection in self._connections:
            self._line.give(connection)
        self._held: tuple[str, Parameters] = ("ASK {}", [])
        self._layout = self._find(source)
        self._gate = Gate(limits, source.base.iri)

    def ask(self, query: Query) -> Answer:
        """Answer one query, from any thread; raises what tvld.serve.engine says."""
        try:
            answer = self._ask(query)
        except TvldError as err:
            self._count("refused" if isinstance(err, CallError) else type(err).__name__)
            raise
        self._count("answered")
        return answer

    def health(self) -> Mapping[str, object]:
        """Say how the engine is: `ready` where the server answers just now and still holds the release."""
        free, waiting = self._line.figures()
        with self._lock:
            counts = dict(self._counts)
        return {
            "ready": self._breaker.closed and self._holds(_PROBE_SECONDS),
            "connections": len(self._connections),
            "idle": free,
            "waiting": waiting,
            "retried": sum(connection.retried for connection in self._connections),
            "answered": counts.get("answered", 0),
            "refused": counts.get("refused", 0),
            "limited": counts.get("QueryLimitExceeded", 0),
            "busy": counts.get("Busy", 0),
            "failed": counts.get("EngineError", 0),
        }

    def close(self) -> None:
        """Take no more queries; those under way end at their own time."""
        for connection in self._line.fail(EngineError("the query engine has been closed")):
            connection.close()
        self._gate.close()

    def _count(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1

    def _ask(self, query: Query) -> Answer:
        check(query.text, self._limits)
        parameters = self._layout.put(query)
        passed = self._gate.pass_(query)
        if self._breaker.admit():
            self._probe()
        seconds = min(query.seconds or math.inf, self._limits.seconds)
        with self._connection() as connection:
            started = time.monotonic() - passed.seconds
            body = self._exchange(connection, parameters, passed.kind, seconds, started + seconds)
        body = self._layout.outside(body)
        write = replies.graph if passed.kind == "graph" else replies.rows
        written = write(body, passed.format, self._limits.answer_mib, self._url)
        return replace(passed, body=written, seconds=time.monotonic() - started)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        connection = self._line.take(time.monotonic() + self._limits.queue_seconds)
        try:
            yield connection
        finally:
            if not self._line.give(connection):
                connection.close()

    def _exchange(
        self, connection: Connection, parameters: Parameters, kind: str, seconds: float, until: float
    ) -> bytes:
        """Ask, and tell what comes of it to the breaker: what is slow is not dead, as long as it answers others."""
        if isinstance(self._layout, Beside):
            # Virtuoso stops at this time by itself; who does not know the parameter takes no notice.
            parameters = [*parameters, ("timeout", str(max(1000, math.ceil(seconds * 1000))))]
        try:
            reply = _post(connection, parameters, replies.ACCEPT[kind], until, self._limits.answer_mib * MIB)
            body = replies.whole(reply, self._url, seconds)
        except TooLarge:
            raise replies.too_large(self._limits.answer_mib) from None
        except Unreachable as err:
            self._breaker.failed(str(err))
            raise EngineError(f"the query engine does not answer: {err}") from err
        except TimedOut:
            self._doubt("it did not answer in time")
            raise replies.too_long(seconds) from None
        except EngineError as err:
            self._doubt(str(err))
            raise
        self._breaker.succeeded()
        return body

    def _doubt(self, why: str) -> None:
        """Count a failure, unless the server answers a question that costs nothing."""
        try:
            self._alive(_PROBE_SECONDS)
        except EngineError:
            self._breaker.failed(why)
        else:
            self._breaker.succeeded()

    def _probe(self) -> None:
        """Try a server that has rested."""
        try:
            self._alive(_PROBE_SECONDS)
        except EngineError as err:
            self._breaker.failed(str(err))
            raise EngineError(f"the query engine still does not answer: {err}", retry_after=1) from err
        self._breaker.succeeded()

    def _alive(self, seconds: float) -> None:
        self._true("ASK {}", [], seconds)

    def _find(self, source: Source) -> Layout:
        """See how the release lies in the server."""
        base = source.base.iri
        if source.folder is None:
            # Loose files: whoever set the server up put them there.
            self._alive(_FIRST_SECONDS)
            return Whole(_graphs(source), base)
        self._held = _beside(base, source.name)
        if self._true(*self._held, _FIRST_SECONDS):
            return Beside(_graphs(source), base, source.name)
        self._held = _whole(source.name)
        if self._true(*self._held, _FIRST_SECONDS):
            return Whole(_graphs(source), base)
        raise EngineError(
            f"{self._url} does not hold the release {source.name}: bring it there with `tvld load --engine {self._url}`"
        )

    def _holds(self, seconds: float) -> bool:
        try:
            return self._true(*self._held, seconds)
        except EngineError:
            return False

    def _true(self, text: str, graphs: Parameters, seconds: float) -> bool:
        """Ask a small question on a connection of its own; raises EngineError where the server cannot answer it."""
        connection = Connection(self._url)
        until = time.monotonic() + seconds
        try:
            reply = _post(connection, [("query", text), *graphs], replies.ACCEPT["ask"], until, MIB)
            return json.loads(replies.whole(reply, self._url, seconds))["boolean"] is True
        except (Unreachable, TimedOut) as err:
            raise EngineError(f"{self._url} does not answer: {err or 'not in time'}") from err
        except (TooLarge, ValueError, KeyError, QueryLimitExceeded, CallError) as err:
            raise EngineError(f"{self._url} answers no SPARQL query: {err}") from err
        finally:
            connection.close()


def _post(connection: Connection, parameters: Parameters, accept: str, until: float, most_bytes: int) -> Reply:
    """Send a query as a form, which all servers take (SPARQL 1.1 Protocol 2.1.2)."""
    headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
    return connection.exchange("POST", until, most_bytes, headers=headers, body=urlencode(parameters).encode())


def _graphs(source: Source) -> frozenset[str]:
    return frozenset(q.graph_name.value for q in source.quads() if isinstance(q.graph_name, ox.NamedNode))


def _beside(base_iri: str, release: str) -> tuple[str, Parameters]:
    """Ask whether a release lies in the server beside others, and is whole."""
    graph = [("default-graph-uri", releases_graph(base_iri))]
    return f"ASK {{ <{merged_graph(base_iri, release)}> <{PREFIXES['dct']}issued> ?when }}", graph


def _whole(release: str) -> tuple[str, Parameters]:
    """Ask whether a release is what the server holds: its catalogue names it."""
    return f"ASK {{ ?description <{PREFIXES['dcat']}version> {json.dumps(release)} }}", []
