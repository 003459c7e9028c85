"""SPARQL servers for tests: two real ones, and one that misbehaves as it is told. All on loopback."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import trustme

OXIGRAPH = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
VIRTUOSO = shutil.which("virtuoso-t")
# Virtuoso answers no more rows than this, and runs no query longer.
MAX_ROWS = 6000
_INI = """
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = vt.db
TransactionFile = vt.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 4
MaxQueryCostEstimationTime = 4000
"""


@dataclass(frozen=True)
class Server:
    """Where a server answers, and the file with the user who may write."""

    url: str
    login: str = ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def oxigraph(*options: str) -> Iterator[Server]:
    """Run an Oxigraph server in memory."""
    if OXIGRAPH is None:
        pytest.skip("no Oxigraph server: pip install oxigraph")
    port = free_port()
    with _running([OXIGRAPH, "serve", "-b", f"127.0.0.1:{port}", *options], f"http://127.0.0.1:{port}/"):
        yield Server(f"http://127.0.0.1:{port}/query")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Run Virtuoso 7 with a database of its own in an empty folder."""
    if VIRTUOSO is None:
        pytest.skip("no Virtuoso: apt-get install virtuoso-opensource-7-bin")
    port = free_port()
    (folder / "v.ini").write_text(_INI.format(sql=free_port(), http=port, rows=MAX_ROWS))
    (folder / "login").write_text("dba:dba\n")
    with _running([VIRTUOSO, "+foreground", "+configfile", "v.ini"], f"http://127.0.0.1:{port}/sparql", folder):
        yield Server(f"http://127.0.0.1:{port}/sparql", str(folder / "login"))


@contextmanager
def _running(command: list[str], url: str, cwd: Path | None = None) -> Iterator[None]:
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 60
            while not _answers(url):
                assert process.poll() is None, f"{command[0]} ended by itself"
                assert time.monotonic() < until, f"{command[0]} does not answer at {url}"
                time.sleep(0.05)
            yield
        finally:
            process.kill()


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


TRUE = b'{"head":{},"boolean":true}'
Speak = Callable[[socket.socket], None]


def http(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """Write an answer; `length` is what it says of itself, if that is not so."""
    said = (f"Content-Length: {len(body) if length is None else length}", *headers)
    return "\r\n".join([f"HTTP/1.1 {status}", *said, "", ""]).encode() + body


class Misbehaving:
    """
    A server that answers `ASK {}` as it should and all else by `speak`, which has the socket for itself; it closes the
    connection afterwards. While it is `deaf` it takes connections and says nothing to anybody.
    """

    def __init__(self, speak: Speak, tls: trustme.LeafCert | None = None) -> None:
        self.speak, self.deaf = speak, False
        self.asked: list[bytes] = []
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._listening.getsockname()[1]}/query"
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._tls and tls:
            tls.configure_cert(self._tls)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        # Unlike close, this wakes the thread that waits for a connection.
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, bare: socket.socket) -> None:
        with suppress(OSError), self._tls.wrap_socket(bare, server_side=True) if self._tls else bare as sock:
            while request := _request(sock):
                if self.deaf:
                    time.sleep(5)
                    return
                if b"query=ASK+%7B%7D" in request:
                    sock.sendall(http(TRUE))
                    continue
                self.asked.append(request)
                self.speak(sock)
                return


def _request(sock: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        if not (block := sock.recv(65536)):
            return b""
        got += block
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += sock.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def misbehaving(speak: Speak, tls: trustme.LeafCert | None = None) -> Iterator[Misbehaving]:
    server = Misbehaving(speak, tls)
    try:
        yield server
    finally:
        server.close()
