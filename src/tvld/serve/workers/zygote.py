"""
The zygote: loads the data once, forks workers that share it, and forks again whenever one dies. It answers nothing.

Started as `python -m tvld.serve.workers.zygote FD PID`: FD is its socket to the process PID that started it; the
files and limits come as JSON on standard input. It stays single-threaded, so that a fork never copies a held lock.
It ends with the process that started it, and all its workers with it.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

import pyoxigraph as ox

from tvld.errors import DataError
from tvld.formats import GRAPH_FORMATS, RESULT_FORMATS, by_name
from tvld.process import die_with, share_heap
from tvld.serve.source import GraphFile
from tvld.serve.workers import worker
from tvld.serve.workers.limits import Limits
from tvld.serve.workers.store import load
from tvld.serve.workers.syntax import explain
from tvld.serve.workers.writing import Output, write_graph, write_rows

# A worker that lives shorter than this is not followed at once: deaths in a row must not keep a core busy.
_SHORT_LIFE = 0.02
_AGAIN_MILLISECONDS = 100
_LAST_WORDS = 2000


@dataclass(frozen=True)
class _Child:
    pid: int
    pidfd: int
    stderr: int
    born: float


class Zygote:
    """The store, its workers, and the socket to the process that hands out the work."""

    def __init__(self, control: socket.socket, store: ox.Store, base_iri: str | None, limits: Limits) -> None:
        self._control = control
        self._store = store
        self._base_iri = base_iri
        self._limits = limits
        self._pid = os.getpid()
        self._children: dict[int, _Child] = {}

    def run(self) -> None:
        """Keep as many workers as there should be, until the other end of the socket closes."""
        try:
            # The other end may go away in the middle of a word: the same as its closing.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for _ in range(self._limits.workers):
                    self._fork()
                tell(self._control, {"event": "ready"})
                while self._wait():
                    pass
        finally:
            for child in self._children.values():
                signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)
            for child in self._children.values():
                os.waitpid(child.pid, 0)

    def _wait(self) -> bool:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        for pidfd in self._children:
            poll.register(pidfd, select.POLLIN)
        complete = len(self._children) == self._limits.workers
        for fd, _ in poll.poll(None if complete else _AGAIN_MILLISECONDS):
            if fd == self._control.fileno():
                return False
            self._bury(self._children.pop(fd))
        # Where the system has no room for another process now, it may have in a moment; a closed socket is seen above.
        with contextlib.suppress(OSError):
            while len(self._children) < self._limits.workers:
                self._fork()
        return True

    def _bury(self, child: _Child) -> None:
        """Take the dead child's status and last words, and tell them."""
        _, status = os.waitpid(child.pid, 0)
        os.close(child.pidfd)
        try:
            words = os.read(child.stderr, _LAST_WORDS).decode(errors="replace")
        except BlockingIOError:
            words = ""
        os.close(child.stderr)
        code = os.waitstatus_to_exitcode(status)
        tell(self._control, {"event": "died", "pid": child.pid, "code": code, "words": words.strip()})
        if time.monotonic() - child.born < _SHORT_LIFE:
            time.sleep(_SHORT_LIFE)

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        with theirs, os.fdopen(write_end, "wb", buffering=0):
            try:
                pid = os.fork()
            except OSError:
                ours.close()
                os.close(read_end)
                raise
            if pid == 0:
                self._become_worker(theirs, write_end)
        child = _Child(pid, os.pidfd_open(pid), read_end, time.monotonic())
        self._children[child.pidfd] = child
        tell(self._control, {"event": "born", "pid": pid}, ours.fileno(), child.pidfd)
        ours.close()

    def _become_worker(self, sock: socket.socket, stderr: int) -> NoReturn:
        code = 1
        try:
            die_with(self._pid)
            os.dup2(stderr, 2)
            keep = sock.fileno()
            os.closerange(3, keep)
            os.closerange(keep + 1, os.sysconf("SC_OPEN_MAX"))
            worker.run(sock, self._store, self._base_iri, self._limits)
            code = 0
        except BaseException as err:  # nothing may come back into the zygote's loop
            os.write(2, f"{type(err).__name__}: {err}".encode())
        finally:
            os._exit(code)


def tell(control: socket.socket, event: Mapping[str, object], *fds: int) -> None:
    """Send one event, with file descriptors that the other end gets copies of."""
    socket.send_fds(control, [json.dumps(event).encode()], fds)


def _file(given: Mapping[str, Any]) -> GraphFile:
    format_ = by_name(GRAPH_FORMATS, given["format"])
    assert format_, given
    return GraphFile(Path(given["path"]), format_, given["graph"], given["into_default"])


def _warm_up() -> None:
    """Use once what a worker uses: what loads itself on first use could not do so in a worker, which opens no file."""
    store = ox.Store()
    node = ox.NamedNode("urn:x")
    store.add(ox.Quad(node, node, ox.Literal("x")))
    for format_ in RESULT_FORMATS:
        for query in ("ASK {}", "SELECT * { ?s ?p ?o FILTER(REGEX(?o, 'x', 'i') && NOW() > 0 && RAND() >= 0) }"):
            write_rows(cast(ox.QuerySolutions, store.query(query)), format_.name, Output(1))
    for format_ in GRAPH_FORMATS:
        write_graph(cast(ox.QueryTriples, store.query("CONSTRUCT WHERE { ?s ?p ?o }")), format_.name, Output(1))
    explain("SELECT * {", None, "")


def main() -> None:
    """Load what standard input lists and keep workers for it; a mistake in the data is told over the socket."""
    descriptor, parent = map(int, sys.argv[1:])
    die_with(parent)
    # Whatever the process that started this one did with signals: here a timer ends a worker.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # One heap a process: a second one for the thread of a worker would count against its memory, unused.
    share_heap()
    control = socket.socket(fileno=descriptor)
    given = json.load(sys.stdin.buffer)
    # The null device that standard output is: no worker needs the pipe.
    os.dup2(1, 0)
    limits = Limits(**given["limits"])
    started = time.monotonic()
    try:
        store = load(_file(file) for file in given["files"])
    except DataError as err:
        tell(control, {"event": "failed", "message": str(err)})
        return
    _warm_up()
    tell(control, {"event": "loaded", "quads": len(store), "seconds": time.monotonic() - started})
    gc.collect()
    gc.freeze()
    Zygote(control, store, given["base_iri"], limits).run()


if __name__ == "__main__":
    main()
