"""
The engine inside tvld: hands each query to a worker and sees that it ends in time. Parses and runs none itself.

A query starts as a small one. Past a slice it needs a place in the long lane, which holds half of the workers at most:
if one is free it goes on where it is, else its worker is ended and it starts anew when its turn comes. So the small
queries of others always find a worker soon.
"""

import contextlib
import math
import signal
import time
from collections.abc import Callable, Mapping, Sequence

from tvld.errors import Busy, EngineError, QueryLimitExceeded, QueryRefused
from tvld.serve.engine import Answer, Query
from tvld.serve.outcomes import Outcomes
from tvld.serve.source import GraphFile
from tvld.serve.workers import wire
from tvld.serve.workers.limits import Limits
from tvld.serve.workers.pool import Line, LongLane, Moved
from tvld.serve.workers.receiving import Received, receive
from tvld.serve.workers.supervisor import Supervisor, Worker
from tvld.serve.workers.text import check, service_refused
from tvld.serve.workers.worker import out_of_memory
from tvld.serve.workers.writing import unacceptable

# The kernel ends a worker at its limit; this much later it is ended from here.
_GRACE_SECONDS = 0.25
_ENDING_SECONDS = 2.0


class _Lost(Exception):
    """The worker was ended from outside, which is no fault of the query: another can be asked."""


class WorkerEngine:
    """An `Engine` (tvld.serve.engine) over files, in processes of its own."""

    def __init__(self, files: Sequence[GraphFile], limits: Limits, base_iri: str | None = None) -> None:
        """
        Load the files and start the workers; returns when they are ready.

        Relative IRIs in queries are relative to `base_iri`. Raises DataError where a file cannot be read,
        EngineError where no process can be started.
        """
        self._limits = limits
        retry_after = max(1, math.ceil(limits.seconds / 2))
        self._workers = Line[Worker](limits.queue, retry_after)
        self._long = LongLane(limits.long, limits.queue, retry_after)
        self._outcomes = Outcomes()
        self._supervisor = Supervisor(files, base_iri, limits, self._workers)
        self._supervisor.start()

    def ask(self, query: Query) -> Answer:
        """Answer one query, from any thread; raises what tvld.serve.engine says."""
        return self._outcomes.of(self._ask, query)

    def health(self) -> Mapping[str, object]:
        """Say how the engine is: `ready`, and figures."""
        free, waiting = self._workers.figures()
        long, long_waiting, moved = self._long.figures()
        return {
            "ready": self._supervisor.ready,
            "workers": self._supervisor.alive(),
            "idle": free,
            "waiting": waiting + long_waiting,
            "long": long,
            "moved": moved,
            "started": self._supervisor.born,
            "restarts": self._supervisor.restarts,
            "quads": self._supervisor.loaded.get("quads", 0),
            "load_seconds": self._supervisor.loaded.get("seconds", 0.0),
            **self._outcomes.figures(),
        }

    def close(self) -> None:
        """End all processes; waits for no query: those under way raise EngineError."""
        self._supervisor.close()

    def _ask(self, query: Query) -> Answer:
        until = time.monotonic() + self._limits.queue_seconds
        kind = check(query.text, self._limits)
        wanted = query.graph_format if kind == "graph" else query.result_format
        if kind and wanted is None:
            raise unacceptable(kind)
        seconds = min(query.seconds or math.inf, self._limits.seconds)
        order = wire.Order(
            query.text,
            query.result_format.name if query.result_format else None,
            query.graph_format.name if query.graph_format else None,
            query.default_graphs,
            query.named_graphs,
            seconds,
        )
        # All that were idle may have been ended from outside at once, and none of that is known here yet.
        for _ in range(self._limits.workers):
            with contextlib.suppress(_Lost):
                return self._in_lane(query, order, until)
        try:
            return self._in_lane(query, order, until)
        except _Lost as err:
            raise EngineError("the processes that answer queries are ended from outside again and again") from err

    def _in_lane(self, query: Query, order: wire.Order, until: float) -> Answer:
        return self._long.run(lambda stay: self._on_worker(query, order, until, stay), until)

    def _on_worker(self, query: Query, order: wire.Order, until: float, stay: Callable[[], bool]) -> Answer:
        """Take a worker, ask it, and give it back, or end it if the exchange was broken off."""
        message = wire.pack(order)
        worker = self._workers.take(until)
        while not _sent(worker, message):
            worker.sock.close()
            worker = self._workers.take(until)
        try:
            reply = self._reply(worker, order, stay, spooled=query.spooled)
        except BaseException:
            worker.kill()
            worker.sock.close()
            raise
        # It may have died since: before it was given back, which the supervisor could not see, or after, which it does.
        if reply.leaving or not self._workers.give(worker) or (worker.ended and self._workers.remove(worker)):
            worker.sock.close()
        if reply.kind == wire.FAILED:
            raise wire.unpack_error(reply.body)
        format_ = query.graph_format if reply.kind == b"g" else query.result_format
        assert format_
        return Answer(format_, wire.KINDS[reply.kind], reply.body, reply.seconds, reply.spool)

    def _reply(self, worker: Worker, order: wire.Order, stay: Callable[[], bool], *, spooled: bool) -> Received:
        """Read the whole reply to an order."""
        sock, slice_seconds = worker.sock, self._limits.slice_seconds
        started = time.monotonic()
        in_slice = True

        def read(most: int) -> bytes:
            nonlocal in_slice
            while True:
                try:
                    block = sock.recv(most)
                except BlockingIOError:
                    block = None
                except OSError:
                    block = b""
                # Past its slice a query is a long one, whether it is silent or has much to say.
                if in_slice and (block is None or time.monotonic() - started > slice_seconds):
                    if not stay():
                        raise Moved
                    in_slice = False
                if block is None:
                    if time.monotonic() - started >= order.seconds + _GRACE_SECONDS:
                        raise _too_long(order)
                    continue
                if not block:
                    raise self._ended(worker, order, in_slice)
                return block

        return receive(read, spooled=spooled)

    def _ended(self, worker: Worker, order: wire.Order, in_slice: bool) -> Exception:
        """Say why a worker ended in the middle of a query."""
        code, words = worker.ending(_ENDING_SECONDS)
        if code == -signal.SIGALRM:
            return _too_long(order)
        if code == -signal.SIGSEGV:
            return QueryRefused("the query is nested too deeply for the engine: take it apart")
        if code == -signal.SIGSYS:
            return service_refused()
        if code == -signal.SIGABRT and ("memory" in words or "capacity overflow" in words):
            return out_of_memory(self._limits)
        # Closed: which the next try is told.
        if code == -signal.SIGKILL or self._supervisor.closed:
            return _Lost()
        if code is None:
            # It went with all others. Hardly begun, a query waits for those that follow, a long one is not run twice.
            if in_slice:
                return _Lost()
            seconds = 1 + math.ceil(self._supervisor.loaded.get("seconds", 0.0))
            return Busy(
                f"the process that holds the data ended and is started anew: try again in {seconds} s",
                retry_after=seconds,
            )
        return EngineError(f"the process that ran the query ended (code {code}): {words}")


def _sent(worker: Worker, message: bytes) -> bool:
    """Send an order; False where the worker has died while it was idle."""
    try:
        worker.sock.sendall(message)
    except OSError:
        return False
    return True


def _too_long(order: wire.Order) -> QueryLimitExceeded:
    return QueryLimitExceeded(
        f"the query ran longer than the {order.seconds:g} s that it may take: ask for less at once, or fetch a dump",
        limit="seconds",
        value=order.seconds,
    )
