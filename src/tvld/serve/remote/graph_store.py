"""
The writing side of a SPARQL server: graphs sent, read and removed by Graph Store Protocol. Knows no release.

Servers that ask for a user are answered by HTTP Digest, as Virtuoso's `/sparql-graph-crud-auth` wants it, or Basic.
"""

import base64
import time
from collections.abc import Container, Iterable
from typing import IO
from urllib.parse import quote
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

import pyoxigraph as ox

from tvld.errors import CallError, EngineError
from tvld.formats import NQUADS, NTRIPLES, TURTLE
from tvld.serve.remote.connection import Connection, Reply, TimedOut, TooLarge, Unreachable

# Where servers take graphs, by the end of the address at which they answer queries.
_STORES = {"/query": "/store", "/sparql": "/sparql-graph-crud-auth"}
_MOST_BYTES = 64 << 20
_DONE = (200, 201, 202, 204)


class GraphStore:
    """One server; `holds_one` says that it replaces everything in one step and has a default graph of its own."""

    def __init__(self, engine: str, store: str, login: str, seconds: float) -> None:
        """
        Take the address for queries, that for graphs (empty: told by the first), USER:PASSWORD or nothing, and how long
        one request may take. Raises CallError where no address for graphs is known, EngineError where nobody answers.
        """
        self._connection = Connection(store or _told_by(engine))
        self._seconds = seconds
        self._login = _Login(login, self._connection.url) if login else None
        # No answer to this is of interest but the headers: who is there, and how it asks for a user.
        reply = self._send("HEAD", accepted=range(100, 600))
        self.holds_one = reply.headers.get("server", "").lower().startswith("oxigraph")

    def replace_all(self, quads: IO[bytes]) -> None:
        """Replace all that the server holds by a file of N-Quads, from its beginning to where it stands."""
        length = quads.tell()
        quads.seek(0)
        self._send("PUT", None, {"Content-Type": NQUADS.media_type, "Content-Length": str(length)}, quads)

    def write(self, graph: str, triples: Iterable[ox.Triple], fresh: bool) -> None:
        """Add triples to a graph; with `fresh` they become all that is in it."""
        body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
        # N-Triples is Turtle, and Virtuoso takes both by this name only.
        self._send("PUT" if fresh else "POST", graph, {"Content-Type": TURTLE.media_type}, body)

    def read(self, graph: str) -> list[ox.Triple]:
        """Read a small graph; one that is not there is empty."""
        reply = self._send("GET", graph, {"Accept": NTRIPLES.media_type}, accepted=(200, 404))
        if reply.status == 404:
            return []
        try:
            return [quad.triple for quad in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)]
        except SyntaxError as err:
            raise EngineError(f"{self._connection.url} answered no N-Triples for <{graph}>: {err.msg}") from err

    def remove(self, graph: str) -> None:
        """Remove a graph; one that is not there is removed already."""
        self._send("DELETE", graph, accepted=(*_DONE, 404))

    def close(self) -> None:
        self._connection.close()

    def _send(
        self,
        method: str,
        graph: str | None = None,
        headers: dict[str, str] | None = None,
        body: bytes | IO[bytes] | None = None,
        accepted: Container[int] = _DONE,
    ) -> Reply:
        target = self._connection.target
        if graph is not None:
            target += ("&" if "?" in target else "?") + "graph=" + quote(graph, safe="")
        until = time.monotonic() + self._seconds
        try:
            reply = self._exchange(method, target, headers or {}, body, until)
        except (Unreachable, TimedOut, TooLarge) as err:
            raise EngineError(f"{self._connection.url} does not answer: {str(err) or 'not in time'}") from err
        if reply.status in accepted:
            return reply
        if reply.status in (401, 403):
            raise EngineError(
                f"{self._connection.url} does not let us write (it answered {reply.status}): put USER:PASSWORD into a "
                "file, name it by --engine-login, and see that this user may write there"
            )
        raise EngineError(f"{self._connection.url} answered {reply.status} to {method}: {reply.words()}")

    def _exchange(
        self, method: str, target: str, headers: dict[str, str], body: bytes | IO[bytes] | None, until: float
    ) -> Reply:
        """Send a request, again if the server asks for a user; a file is sent once, when it has done so already."""
        login = self._login
        sent = headers | (login.headers(method, target) if login else {})
        reply = self._connection.exchange(method, until, _MOST_BYTES, target, sent, body)
        if reply.status == 401 and login and login.challenge(reply) and (body is None or isinstance(body, bytes)):
            sent = headers | login.headers(method, target)
            reply = self._connection.exchange(method, until, _MOST_BYTES, target, sent, body)
        return reply


class _Login:
    """A user and the server's last question for one: later requests answer it before it is asked again."""

    def __init__(self, login: str, url: str) -> None:
        user, colon, password = login.partition(":")
        if not colon:
            raise CallError("a login is USER:PASSWORD, and the colon is missing")
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, user, password)
        self._digest = AbstractDigestAuthHandler(passwords)
        self._basic = base64.b64encode(login.encode()).decode()
        self._url = url
        self._question: tuple[str, dict[str, str]] | None = None

    def challenge(self, reply: Reply) -> bool:
        """Take a WWW-Authenticate header; says whether it can be answered."""
        scheme, _, rest = reply.headers.get("www-authenticate", "").partition(" ")
        if scheme.lower() not in {"digest", "basic"}:
            return False
        self._question = scheme.lower(), parse_keqv_list([item for item in parse_http_list(rest) if "=" in item])
        return True

    def headers(self, method: str, target: str) -> dict[str, str]:
        if self._question is None:
            return {}
        scheme, question = self._question
        if scheme == "basic":
            return {"Authorization": f"Basic {self._basic}"}
        request = Request(self._url, method=method)
        # The handler makes its answer of the method and of what stands behind the host.
        request.selector = target
        return {"Authorization": f"Digest {self._digest.get_authorization(request, question)}"}


def _told_by(engine: str) -> str:
    for ending, store in _STORES.items():
        if engine.endswith(ending):
            return engine.removesuffix(ending) + store
    raise CallError(f"where {engine} takes graphs is not known: name the address by --graph-store")
