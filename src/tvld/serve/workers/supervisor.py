"""
The watch over the zygote, in the HTTP process: starts it, again if need be, hears of workers that are born and die.

Knows processes and file descriptors; what the workers are asked is the engine's.
"""

import array
import contextlib
import json
import logging
import math
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tvld.errors import DataError, EngineError, TvldError
from tvld.serve.source import GraphFile
from tvld.serve.workers.limits import Limits
from tvld.serve.workers.pool import Line

log = logging.getLogger("tvld.serve")

_PACKET = 1 << 16
_TWO_FDS = socket.CMSG_SPACE(2 * array.array("i").itemsize)
_END_SECONDS = 2.0
# A zygote that lasted so long ended by an accident; one that did not may do so again. In seconds, like the rests.
_LASTING_SECONDS = 10.0
_REST_SECONDS = 0.2
_LONGEST_REST_SECONDS = 30.0
# Queries wait for a zygote that is back so soon, as for a worker; for a later one they are told to come back.
_LONGEST_WAIT_SECONDS = 1.0


class Worker:
    """One worker: a socket to ask it, a handle to end it, and how it ended."""

    def __init__(self, pid: int, sock: socket.socket, pidfd: int) -> None:
        self.pid = pid
        self.sock = sock
        self._pidfd = pidfd
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._code: int | None = None
        self._words = ""

    def kill(self) -> None:
        """End it, if it still lives."""
        with self._lock:
            if not self._ended.is_set():
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def bury(self, code: int | None, words: str) -> None:
        """Note how it ended."""
        with self._lock:
            if not self._ended.is_set():
                self._code, self._words = code, words
                os.close(self._pidfd)
                self._ended.set()

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def ending(self, timeout: float) -> tuple[int | None, str]:
        """Wait for its end; give its exit code (below 0: the signal) and last words, None where it is not known."""
        self._ended.wait(timeout)
        return self._code, self._words


class Supervisor:
    """
    One zygote and the thread that listens to it; where the zygote ends by itself, another is started.

    New workers go to `free`; what ends everything is told there.
    """

    def __init__(self, files: Sequence[GraphFile], base_iri: str | None, limits: Limits, free: Line[Worker]) -> None:
        self._limits = limits
        self._free = free
        self._workers: dict[int, Worker] = {}
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._started = threading.Event()
        self._closed = threading.Event()
        self._failure: TvldError | None = None
        self.ready = False
        self.born = 0
        self.restarts = 0
        self.loaded: Mapping[str, Any] = {}
        given = {
            "files": [asdict(file) | {"path": str(file.path), "format": file.format.name} for file in files],
            "base_iri": base_iri,
            "limits": asdict(limits),
        }
        # The thread that starts the zygote lives as long as it: the kernel ends a child with the *thread* it is from.
        self._thread = threading.Thread(
            target=self._watch, args=(json.dumps(given).encode(),), name="tvld-supervisor", daemon=True
        )

    def start(self) -> None:
        """Return when all workers are there; raises DataError or EngineError where they will not be."""
        self._thread.start()
        self._started.wait()
        if self._failure:
            self._thread.join()
            raise self._failure

    def close(self) -> None:
        """End the zygote and all workers; waits for no query."""
        with self._lock:
            self._closed.set()
            if self._control is not None:
                self._control.shutdown(socket.SHUT_RDWR)
        for worker in self._free.fail(EngineError("the engine is closed")):
            worker.sock.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(2 * _END_SECONDS)

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def alive(self) -> int:
        return len(self._workers)

    def _watch(self, given: bytes) -> None:
        rest = 0.0
        while True:
            began = time.monotonic()
            failure = self._live(given)
            if self.closed or not self._started.is_set():
                self._failure = failure
                self._started.set()
                return
            self.restarts += 1
            log.error("%s; it is started anew", failure)
            # At once, unless it ends again and again: then less and less often, and nobody is let wait for it.
            lasted = time.monotonic() - began > _LASTING_SECONDS
            rest = 0.0 if lasted else min(_LONGEST_REST_SECONDS, max(_REST_SECONDS, 2 * rest))
            if rest > _LONGEST_WAIT_SECONDS:
                self._free.fail(EngineError(f"{failure}; it is started anew", retry_after=math.ceil(rest)))
            self._closed.wait(rest)

    def _live(self, given: bytes) -> TvldError:
        """Start a zygote and listen to it until it ends; gives why it did."""
        control, far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with control:
            with self._lock:
                self._control = None if self.closed else control
            process, self._failure = None, None
            try:
                process = self._spawn(given, far_end)
                while not self.closed and self._hear(control):
                    pass
            except OSError as err:
                self._failure = EngineError(f"the process that holds the data cannot be started: {err}")
            was_ready, self.ready = self.ready, False
            with self._lock:
                self._control = None
            # Not known how: whoever waits for an answer of one is told so at once.
            for worker in list(self._workers.values()):
                worker.bury(None, "")
            for worker in self._free.drain():
                worker.sock.close()
            self._workers.clear()
            code = _end(process, control, was_ready) if process else None
        if self.closed:
            return EngineError("the engine is closed")
        return self._failure or EngineError(f"the process that holds the data has ended (exit code {code})")

    def _spawn(self, given: bytes, far_end: socket.socket) -> subprocess.Popen[bytes]:
        arguments = [
            sys.executable,
            "-P",
            "-m",
            "tvld.serve.workers.zygote",
            str(far_end.fileno()),
            str(os.getpid()),
        ]
        with far_end:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=[far_end.fileno()],
                # A Ctrl-C in the terminal is for the HTTP process; it ends this one.
                start_new_session=True,
            )
        assert process.stdin
        # If it is gone before it has read what to load, that is heard soon enough.
        with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
            stdin.write(given)
        return process

    def _hear(self, control: socket.socket) -> bool:
        """Take one event; says whether there may be more."""
        # Not socket.recv_fds: it leaves out the flag, and every process started from here would get the descriptors.
        data, ancillary, _, _ = control.recvmsg(_PACKET, _TWO_FDS, socket.MSG_CMSG_CLOEXEC)
        if not data:
            return False
        fds = [fd for _, _, packed in ancillary for fd in array.array("i", packed)]
        event = json.loads(data)
        match event["event"]:
            case "born":
                self._born(event["pid"], fds)
            case "died":
                worker = self._workers.pop(event["pid"])
                worker.bury(event["code"], event["words"])
                if self._free.remove(worker):
                    worker.sock.close()
            case "loaded":
                self.loaded = event
                self._free.mend()
            case "ready":
                self.ready = True
                self._started.set()
            case "failed":
                self._failure = DataError(event["message"])
        return True

    def _born(self, pid: int, fds: Sequence[int]) -> None:
        sock = socket.socket(fileno=fds[0])
        # Who waits for an answer looks at the clock each slice; kept by the kernel, it costs nothing a query.
        whole, part = divmod(max(1, int(self._limits.slice_seconds * 1_000_000)), 1_000_000)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", whole, part))
        worker = Worker(pid, sock, fds[1])
        self._workers[pid] = worker
        self.born += 1
        if not self._free.give(worker):
            sock.close()


def _end(process: subprocess.Popen[bytes], control: socket.socket, was_ready: bool) -> int:
    """Wait for a zygote, which ends when its socket closes; end it where it is too busy to see that."""
    # There is nothing to shut where the other end is gone.
    with contextlib.suppress(OSError):
        control.shutdown(socket.SHUT_RDWR)
    try:
        return process.wait(_END_SECONDS if was_ready else 0)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
