"""
The server: granian, with one process that answers HTTP and the processes of the query engine under it.

The source is read and the socket bound before anything is forked, so that what is wrong with either is told by the
command itself. Threads and the engine are made in the process that answers.
"""

import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from mmap import mmap
from multiprocessing.util import Finalize
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from tvld.errors import OutsideError, TvldError
from tvld.process import die_with
from tvld.serve.answers import Answers
from tvld.serve.connections import Connections
from tvld.serve.engine import Engine
from tvld.serve.memory import Rest, share_heaps
from tvld.serve.release import open_release
from tvld.serve.snapshot import Holder
from tvld.serve.source import Source
from tvld.serve.traffic import Traffic
from tvld.settings import Settings

log = logging.getLogger("tvld.serve")

_READY_SECONDS = 60.0
_STOP_SECONDS = 10
_STILL_SECONDS = 10


def serve(settings: Settings, source: Source, link: Path | None = None) -> None:
    """
    Serve a source until SIGTERM or SIGINT; then end what runs and return.

    With `link` (`dist/current`) a release that it comes to point to is served from then on. Prints one line to standard
    output when requests are answered. Raises OutsideError where the address is taken or the server ended by itself.
    """
    share_heaps()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    with reserve(settings.host, settings.port) as reserved:
        port = reserved.getsockname()[1]
        _compare(source.base.iri, settings.host, port)
        # Forked, not spawned: the worker begins with what is imported and read already.
        multiprocessing.set_start_method("fork", force=True)
        started = _Started()
        server = Granian(
            "tvld",
            address=settings.host,
            port=port,
            interface=Interfaces.WSGI,
            blocking_threads=settings.threads,
            # Requests are short; the long ones wait for the engine, which bounds its own queue.
            backpressure=max(128, 4 * settings.threads),
            http1_settings=HTTP1Settings(header_read_timeout=15_000),
            websockets=False,
            log_level=LogLevels.critical,
            workers_kill_timeout=_STOP_SECONDS,
            # A worker that dies is followed by another, unless that one dies too within seconds.
            respawn_failed_workers=cast(bool, started),
        )
        try:
            server.serve(target_loader=_Loader(settings, source, link, port, os.getpid(), started), wrap_loader=False)
        except SystemExit as err:
            raise OutsideError("the server ended by itself; what is written above says why") from err


def reserve(host: str, port: int) -> socket.socket:
    """
    Take the address (0: a free port) for as long as the server runs; raises OutsideError where it cannot be had.

    The socket never listens: so granian can bind to the same port, and whoever finds it listening there cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reserved = socket.socket(family, socket.SOCK_STREAM)
    try:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((host, port))
    except OSError as err:
        reserved.close()
        raise OutsideError(f"cannot listen on {host} port {port}: {err.strerror}; choose another with --port") from err
    return reserved


def _compare(base: str, host: str, port: int) -> None:
    """Warn where the addresses in the data are not those that are listened on: a proxy has to bring them together."""
    parts = urlsplit(base)
    if (parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]) != (host, port):
        log.warning("the data is for %s; it is answered by path, at %s port %s, whatever the host", base, host, port)


class _Started:
    """True, in all processes, once a worker has made its application: what kept the first from it is told once."""

    def __init__(self) -> None:
        self._byte = mmap(-1, 1)

    def note(self) -> None:
        self._byte[0] = 1

    def __bool__(self) -> bool:
        return bool(self._byte[0])


class _Loader:
    """Makes the application inside the forked worker."""

    def __init__(
        self, settings: Settings, source: Source, link: Path | None, port: int, parent: int, started: _Started
    ) -> None:
        self._settings, self._source, self._link, self._port, self._parent = settings, source, link, port, parent
        self._started = started

    def __call__(self) -> Callable[..., object]:
        # The worker goes when the command goes, however that ends.
        die_with(self._parent, by=signal.SIGTERM)
        try:
            application = self._application()
        except TvldError as err:
            sys.stderr.write(f"{err}\n")
            sys.exit(1)
        self._started.note()
        return application

    def _application(self) -> Callable[..., object]:
        from tvld.serve.web import create_app

        settings = self._settings
        traffic = Traffic(log=settings.log_requests)
        application = create_app(settings, traffic).wsgi_app
        # Modules and functions stay as long as the process: no collection need look at them, which took it 30 ms.
        gc.collect()
        gc.freeze()
        holder = Holder(
            self._latest(),
            lambda source: make_engine(settings, source),
            settings.cache_mib,
            # Another server holds the release in use alone: an earlier one is answered from its folder.
            lambda source: make_engine(replace(settings, engine=""), source),
        )
        if self._link is not None:
            holder.watch(self._link, settings.poll_seconds)
        # No query takes longer, waiting and running: where nothing moved for so long, nobody waits for us.
        connections = Connections(self._port, 2 * settings.query_seconds + _STILL_SECONDS)
        # Runs when the worker has answered its last request and ends.
        Finalize(None, _end, args=(holder, traffic, connections, Rest()), exitpriority=10)
        base = self._source.base.iri
        threading.Thread(target=_announce, args=(settings.host, self._port, base), daemon=True).start()
        return Answers(application, holder, traffic, settings)

    def _latest(self) -> Source:
        """Give the release that a worker before this one had changed over to, if it had."""
        if self._link is None or not self._started:
            return self._source
        log.error("the process that answers HTTP had ended; another takes its place")
        latest = open_release(self._link)
        return latest if latest.base == self._source.base else self._source


def make_engine(settings: Settings, source: Source) -> Engine:
    """Start the engine that answers queries over a source, or find it: raises what that engine raises at its start."""
    from tvld.serve.workers import Limits, WorkerEngine

    if settings.engine:
        from tvld.serve.remote import RemoteEngine

        return RemoteEngine(settings.engine, source, Limits.of(settings))
    return WorkerEngine(source.graph_files, Limits.of(settings), source.base.iri)


def _end(holder: Holder, traffic: Traffic, connections: Connections, rest: Rest) -> None:
    rest.close()
    connections.close()
    holder.close()
    traffic.close()


def _announce(host: str, port: int, base: str) -> None:
    """Say that requests are answered once one has been."""
    path = "/" + base.split("/", 3)[3]
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        connection = HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", f"{path}healthz")
            if connection.getresponse().status == 200:
                shown = f"[{host}]" if ":" in host else host
                sys.stdout.write(f"Serving {base} at http://{shown}:{port}{path}\n")
                sys.stdout.flush()
                return
        except (OSError, HTTPException):
            # Not listening yet: the worker binds its socket after this thread has begun.
            time.sleep(0.02)
        finally:
            connection.close()
    log.error("no request was answered within %s s", _READY_SECONDS)
