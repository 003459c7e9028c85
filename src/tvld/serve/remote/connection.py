"""
One connection to a SPARQL server, kept open between requests, and a clock that ends each exchange as a whole.

Knows HTTP and no SPARQL. Time limits of HTTP libraries are per packet: a server that sends a byte now and then would
hold a thread for ever. Here each wait for the network gets only what is left until the end of the whole exchange.
Redirects are not followed: where queries go is a setting, not the other server's choice.
"""

import http.client
import math
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, RemoteDisconnected
from typing import IO, Any
from urllib.parse import urlsplit

from tvld import __version__
from tvld.errors import CallError

# Virtuoso tells each graph that it was asked of in a header of its own; the library takes a hundred unless told so.
http.client._MAXHEADERS = 10_000  # type: ignore[attr-defined]

_BLOCK = 1 << 16
_CONNECT_SECONDS = 5.0


class Unreachable(Exception):
    """Nobody answers at the address, or what answers breaks off or speaks no HTTP."""


class TimedOut(Exception):
    """The exchange was not over at its end of time."""


class TooLarge(Exception):
    """The answer is larger than it may be."""


class _Lost(Exception):
    """A connection that had been kept open was closed by the other side before it answered."""


@dataclass(frozen=True)
class Reply:
    """A whole answer; the names of the headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def words(self, most: int = 300) -> str:
        """Give the beginning of an error's text, for a person."""
        lines = self.body[:4096].decode(errors="replace").split("\n\n", 1)[0]
        return " ".join(lines.split())[:most] or "no words"


@dataclass(frozen=True)
class Patience:
    """From the moment `until` on, `ask` is called every so many seconds while an answer comes; it may raise."""

    until: float
    every: float
    ask: Callable[[], None]


# Longer than any answer takes.
ENDLESS = Patience(math.inf, 3600.0, lambda: None)


class _Timed:
    """A socket that never waits past a moment of time.monotonic(), and says from time to time that it waits."""

    until = 0.0
    patience: Patience

    def recv_into(self: Any, *arguments: Any, **options: Any) -> int:
        while True:
            if time.monotonic() >= self.patience.until:
                self.patience.ask()
            self.settimeout(min(_left(self.until), self.patience.every))
            try:
                return int(super().recv_into(*arguments, **options))  # type: ignore[misc]
            except TimeoutError:
                if time.monotonic() >= self.until:
                    raise

    def sendall(self: Any, *arguments: Any, **options: Any) -> None:
        self.settimeout(_left(self.until))
        super().sendall(*arguments, **options)  # type: ignore[misc]


class _Plain(_Timed, socket.socket):
    pass


class _Encrypted(_Timed, ssl.SSLSocket):
    pass


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is over")
    return left


class Connection:
    """A connection for one thread at a time."""

    def __init__(self, url: str) -> None:
        """Take an http or https address; nothing is opened yet. Raises CallError for any other."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as err:
            raise CallError(f"{url!r} is not an address: {err}") from err
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
            raise CallError(f"a SPARQL server is given by an http or https address without a user, found {url!r}")
        self.url = url
        self._host, self._port = parts.hostname, port
        self._tls = _tls() if parts.scheme == "https" else None
        self.target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._http: HTTPConnection | None = None
        self.retried = 0

    def exchange(
        self,
        method: str,
        until: float,
        most_bytes: int,
        target: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | IO[bytes] | None = None,
        patience: Patience = ENDLESS,
    ) -> Reply:
        """
        Send a request and read its whole answer until a moment of time.monotonic().

        A connection found closed by the other side is opened anew, once, where the body can be sent again. Raises
        Unreachable, TimedOut, TooLarge; whatever is raised, the connection is closed.
        """
        sent = {"User-Agent": f"tvld/{__version__}", **(headers or {})}
        again = self._http is not None and (body is None or isinstance(body, bytes))
        try:
            try:
                return self._exchange(method, target or self.target, sent, body, until, most_bytes, patience)
            except _Lost:
                self.close()
                if not again:
                    raise
                self.retried += 1
                return self._exchange(method, target or self.target, sent, body, until, most_bytes, patience)
        except TimeoutError as err:
            self.close()
            raise TimedOut from err
        except (_Lost, OSError, HTTPException) as err:
            self.close()
            raise Unreachable(f"{self.url}: {str(err) or type(err).__name__}") from err
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    def _exchange(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | IO[bytes] | None,
        until: float,
        most_bytes: int,
        patience: Patience,
    ) -> Reply:
        http = self._http = self._http or self._open(until)
        http.sock.until, http.sock.patience = until, patience  # type: ignore[union-attr]
        try:
            http.request(method, target, body, headers)
            response = http.getresponse()
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError) as err:
            raise _Lost("the connection was closed before an answer came") from err
        with response:
            read = _read(response, most_bytes)
        if response.will_close:
            self.close()
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, read)

    def _open(self, until: float) -> HTTPConnection:
        bare = socket.create_connection((self._host, self._port or (443 if self._tls else 80)), _connecting(until))
        bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        http: HTTPConnection
        if self._tls is None:
            http = HTTPConnection(self._host, self._port)
            http.sock = _Plain(bare.family, bare.type, bare.proto, fileno=bare.detach())
        else:
            http = HTTPSConnection(self._host, self._port, context=self._tls)
            http.sock = self._tls.wrap_socket(bare, server_hostname=self._host)
        return http


def _read(response: HTTPResponse, most_bytes: int) -> bytes:
    blocks = []
    size = 0
    while block := response.read(_BLOCK):
        size += len(block)
        if size > most_bytes:
            raise TooLarge
        blocks.append(block)
    # http.client passes over an answer that ends before its length when it is read in blocks.
    if response.length:
        raise HTTPException(f"the answer broke off {response.length} bytes before its end")
    return b"".join(blocks)


def _connecting(until: float) -> float:
    return min(_CONNECT_SECONDS, _left(until))


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = _Encrypted
    return context
