"""
An existing server as an engine: SPARQL 1.1 Protocol to it, under the limits of the engine inside tvld.

What a query may be is decided before the server sees it; how long it may take, how large its answer may be and whether
that answer is whole is seen to here. Which release the server holds is asked when the engine is made.
"""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from tvld.errors import CallError, EngineError, QueryLimitExceeded
from tvld.iris import PREFIXES
from tvld.serve.engine import Answer, Query
from tvld.serve.outcomes import Outcomes
from tvld.serve.remote import reply as replies
from tvld.serve.remote.breaker import Breaker
from tvld.serve.remote.connection import ENDLESS, Connection, Patience, Reply, TimedOut, TooLarge, Unreachable
from tvld.serve.remote.gate import Gate
from tvld.serve.remote.graphs import Graphs
from tvld.serve.remote.layout import Beside, Layout, Parameters, Whole, merged_graph, releases_graph
from tvld.serve.source import Source
from tvld.serve.workers import Limits
from tvld.serve.workers.limits import MIB
from tvld.serve.workers.pool import Line, LongLane, Moved
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
        self._outcomes = Outcomes()
        self._breaker = Breaker(rest_seconds)
        self._connections = [Connection(url) for _ in range(limits.workers)]
        retry_after = max(1, math.ceil(limits.seconds / 2))
        self._long = LongLane(limits.long, limits.queue, retry_after)
        self._line = Line[Connection](limits.queue, retry_after)
        for connection in self._connections:
            self._line.give(connection)
        self._held: tuple[str, Parameters] = ("ASK {}", [])
        self._layout = self._find(source)
        self._gate = Gate(limits, source.base.iri)

    def ask(self, query: Query) -> Answer:
        """Answer one query, from any thread; raises what tvld.serve.engine says."""
        return self._outcomes.of(self._ask, query)

    def health(self) -> Mapping[str, object]:
        """Say how the engine is: `ready` where the server answers just now and still holds the release."""
        free, waiting = self._line.figures()
        long, long_waiting, moved = self._long.figures()
        return {
            "ready": self._breaker.closed and self._holds(_PROBE_SECONDS),
            "connections": len(self._connections),
            "idle": free,
            "waiting": waiting + long_waiting,
            "long": long,
            "moved": moved,
            "retried": sum(connection.retried for connection in self._connections),
            **self._outcomes.figures(),
        }

    def close(self) -> None:
        """Take no more queries; those under way end at their own time."""
        for connection in self._line.fail(EngineError("the query engine has been closed")):
            connection.close()
        self._gate.close()

    def _ask(self, query: Query) -> Answer:
        until = time.monotonic() + self._limits.queue_seconds
        check(query.text, self._limits)
        parameters = self._layout.put(query)
        passed = self._gate.pass_(query)
        if self._breaker.admit():
            self._probe()
        seconds = min(query.seconds or math.inf, self._limits.seconds)
        body, started = self._long.run(
            lambda stay: self._on_connection(parameters, passed, seconds, until, stay), until
        )
        body = self._layout.outside(body)
        write = replies.graph if passed.kind == "graph" else replies.rows
        written = write(body, passed.format, self._limits.answer_mib, self._url)
        return replace(passed, body=written, seconds=time.monotonic() - started)

    def _on_connection(
        self, parameters: Parameters, passed: Answer, seconds: float, until: float, stay: Callable[[], bool]
    ) -> tuple[bytes, float]:
        """Take a connection and ask; gives the body of the answer and when the query began."""

        def ask() -> None:
            # Broken off, most servers go on with a query for a while: so only for somebody who waits.
            if not stay() and self._line.figures()[1]:
                raise Moved

        connection = self._line.take(until)
        try:
            began = time.monotonic()
            started = began - passed.seconds
            patience = Patience(began + self._limits.slice_seconds, self._limits.slice_seconds, ask)
            return self._exchange(connection, parameters, passed.kind, seconds, started + seconds, patience), started
        finally:
            if not self._line.give(connection):
                connection.close()

    def _exchange(
        self,
        connection: Connection,
        parameters: Parameters,
        kind: str,
        seconds: float,
        until: float,
        patience: Patience,
    ) -> bytes:
        """Ask, and tell what comes of it to the breaker: what is slow is not dead, as long as it answers others."""
        if isinstance(self._layout, Beside):
            # Virtuoso stops at this time by itself; who does not know the parameter takes no notice.
            parameters = [*parameters, ("timeout", str(max(1000, math.ceil(seconds * 1000))))]
        try:
            most_bytes = self._limits.answer_mib * MIB
            reply = _post(connection, parameters, replies.ACCEPT[kind], until, most_bytes, patience)
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
            return Whole(Graphs.of(source), base)
        self._held = _beside(base, source.name)
        if self._true(*self._held, _FIRST_SECONDS):
            return Beside(Graphs.of(source), base, source.name)
        self._held = _whole(source.name)
        if self._true(*self._held, _FIRST_SECONDS):
            return Whole(Graphs.of(source), base)
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


def _post(
    connection: Connection,
    parameters: Parameters,
    accept: str,
    until: float,
    most_bytes: int,
    patience: Patience = ENDLESS,
) -> Reply:
    """Send a query as a form, which all servers take (SPARQL 1.1 Protocol 2.1.2)."""
    headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(parameters).encode()
    return connection.exchange("POST", until, most_bytes, headers=headers, body=body, patience=patience)


def _beside(base_iri: str, release: str) -> tuple[str, Parameters]:
    """Ask whether a release lies in the server beside others, and is whole."""
    graph = [("default-graph-uri", releases_graph(base_iri))]
    return f"ASK {{ <{merged_graph(base_iri, release)}> <{PREFIXES['dct']}issued> ?when }}", graph


def _whole(release: str) -> tuple[str, Parameters]:
    """Ask whether a release is what the server holds: its catalogue names it."""
    return f"ASK {{ ?description <{PREFIXES['dcat']}version> {json.dumps(release)} }}", []
