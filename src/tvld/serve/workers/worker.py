"""
A worker: forked from the zygote with the data in its memory, it answers one query after another until it is ended.

It can open no file and no socket, and takes no more memory than it is allowed. It keeps no clock: the kernel ends it
(SIGALRM at its default) when a query runs too long, in whatever native code it is.
"""

import ctypes
import gc
import os
import resource
import signal
import socket
import threading
import time

import pyoxigraph as ox

from tvld.errors import EngineError, QueryLimitExceeded, QueryRefused, TvldError
from tvld.serve.workers import wire
from tvld.serve.workers.confinement import confine
from tvld.serve.workers.dataset import Dataset
from tvld.serve.workers.limits import MIB, Limits
from tvld.serve.workers.syntax import explain, refuse_hidden_service
from tvld.serve.workers.text import READ_AT_ONCE, SERVICE, check_words
from tvld.serve.workers.writing import Output, write_graph, write_rows

# The engine's parser and planner call themselves for each level of a query: a text of 64 KiB needs some 50 MiB.
_STACK_MIB = 256
# Gives back to the system what malloc keeps for later: a large answer is not always followed by another.
_TRIM = ctypes.CDLL(None).malloc_trim
# A worker that holds on to so much of what it was allowed goes, and a fresh one comes: memory returns to its level.
_KEEPS = 4


def run(sock: socket.socket, store: ox.Store, base_iri: str | None, limits: Limits) -> None:
    """Serve orders from a socket until it closes; call it in a forked process that does nothing else."""
    threading.stack_size(_STACK_MIB * MIB)
    thread = threading.Thread(target=_serve, args=(sock, store, base_iri, limits))
    thread.start()
    thread.join()


def _serve(sock: socket.socket, store: ox.Store, base_iri: str | None, limits: Limits) -> None:
    worker = _Worker(Dataset(store, base_iri), base_iri, limits)
    worker.confine()
    try:
        while worker.answer(sock):
            pass
    except (wire.Gone, OSError):
        # The HTTP process closed the socket: nobody waits for an answer.
        return


class _Worker:
    def __init__(self, dataset: Dataset, base_iri: str | None, limits: Limits) -> None:
        self._dataset = dataset
        self._base_iri = base_iri
        self._limits = limits
        self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        self._level = self._memory()

    def confine(self) -> None:
        """Give up what a query has no need of, for the rest of the process's life."""
        confine(self._level + self._limits.memory_mib * MIB)

    def answer(self, sock: socket.socket) -> bool:
        """Answer one order; says whether the worker is fit for another."""
        order = wire.receive_order(sock)
        signal.setitimer(signal.ITIMER_REAL, order.seconds)
        started = time.perf_counter()
        fit = True
        output = Output(self._limits.answer_mib, lambda piece: wire.send(sock, wire.PIECE, piece))
        try:
            kind, body = self._run(order, output)
        except TvldError as err:
            kind, body = wire.FAILED, wire.pack_error(err)
        except MemoryError:
            fit = False
            kind, body = wire.FAILED, wire.pack_error(out_of_memory(self._limits))
        seconds = time.perf_counter() - started
        signal.setitimer(signal.ITIMER_REAL, 0)
        # A quick look at the memory costs less than the next query, but is still left out for the small ones.
        much = seconds > self._limits.slice_seconds / 4 or output.sent or len(body) > MIB
        if fit and much and self._keeps_much():
            _tidy()
            fit = not self._keeps_much()
        wire.send(sock, kind, body, leaving=not fit, seconds=seconds)
        if fit and much:
            # After the answer, so that nobody waits for it.
            _tidy()
        return fit

    def _keeps_much(self) -> bool:
        return self._memory() - self._level >= self._limits.memory_mib * MIB // _KEEPS

    def _run(self, order: wire.Order, output: Output) -> tuple[bytes, bytes]:
        if len(order.text) > READ_AT_ONCE:
            check_words(order.text, self._limits)
        if SERVICE.search(order.text):
            refuse_hidden_service(order.text, self._base_iri)
        view = self._dataset.view(order.text, order.default_graphs, order.named_graphs)
        try:
            results = view.store.query(
                order.text, base_iri=self._base_iri, default_graph=view.default, named_graphs=view.named
            )
            if isinstance(results, ox.QueryTriples):
                return b"g", write_graph(results, order.graph_format, output)
            kind = b"a" if isinstance(results, ox.QueryBoolean) else b"s"
            return kind, write_rows(results, order.result_format, output)
        except SyntaxError as err:
            raise explain(order.text, self._base_iri, str(err)) from err
        except RuntimeError as err:
            raise QueryRefused(f"the query cannot be evaluated: {err}") from err
        except (OSError, ValueError) as err:
            raise EngineError(f"the query could not be evaluated: {err}") from err

    def _memory(self) -> int:
        """Give the size of the process in bytes, as RLIMIT_AS counts it."""
        return int(os.pread(self._statm, 64, 0).split()[0]) * resource.getpagesize()


def _tidy() -> None:
    gc.collect()
    _TRIM(0)


def out_of_memory(limits: Limits) -> QueryLimitExceeded:
    return QueryLimitExceeded(
        f"the query needs more than the {limits.memory_mib} MiB of memory that it may take: ask for less at once",
        limit="memory_mib",
        value=limits.memory_mib,
    )
