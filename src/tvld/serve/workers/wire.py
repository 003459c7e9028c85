"""
What the processes say to each other: frames over sockets. Knows bytes and the errors of an engine, no query library.

HTTP process to worker: a length and a pickled `Order`. Worker to HTTP process: a head (`HEAD`) and a body, so many
bytes of an answer, or an error as JSON: nothing that comes from a worker is unpickled. A large answer comes in several
such frames, all but the last of the kind `PIECE`; an error after pieces takes their place. Zygote to HTTP process: one
JSON object a packet, with the file descriptors of a new worker.
"""

import json
import pickle
import socket
import struct
from dataclasses import dataclass

from tvld.errors import EngineError, NotAcceptable, QueryLimitExceeded, QueryRefused, QuerySyntaxError, TvldError

KINDS = {b"s": "select", b"a": "ask", b"g": "graph"}
FAILED = b"e"
PIECE = b"p"

# Kind, whether the worker goes after this answer, seconds, bytes of the body.
HEAD = struct.Struct("!c?dQ")
_LENGTH = struct.Struct("!I")
_CHUNK = 1 << 16
_ERRORS = {e.__name__: e for e in (QueryRefused, QuerySyntaxError, QueryLimitExceeded, NotAcceptable, EngineError)}


@dataclass(frozen=True, slots=True)
class Order:
    """A query on its way to a worker; formats by name, `seconds` until the kernel ends the worker."""

    text: str
    result_format: str | None
    graph_format: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    seconds: float


class Gone(Exception):
    """The process at the other end is no more."""


def pack(order: Order) -> bytes:
    fields = (
        order.text,
        order.result_format,
        order.graph_format,
        order.default_graphs,
        order.named_graphs,
        order.seconds,
    )
    data = pickle.dumps(fields, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


def receive_order(sock: socket.socket) -> Order:
    """Wait for the next order; raises Gone where the other end has closed."""
    data = sock.recv(_CHUNK)
    if len(data) < _LENGTH.size:
        raise Gone
    (length,) = _LENGTH.unpack_from(data)
    while len(data) < _LENGTH.size + length:
        more = sock.recv(_LENGTH.size + length - len(data))
        if not more:
            raise Gone
        data += more
    return Order(*pickle.loads(memoryview(data)[_LENGTH.size :]))


def send(sock: socket.socket, kind: bytes, body: bytes, *, leaving: bool = False, seconds: float = 0.0) -> None:
    """Send a frame from a worker."""
    head = HEAD.pack(kind, leaving, seconds, len(body))
    if len(body) > _CHUNK:
        sock.sendall(head)
        sock.sendall(body)
    else:
        sock.sendall(head + body)


def pack_error(error: TvldError) -> bytes:
    return json.dumps({"error": type(error).__name__, "message": str(error), "details": dict(error.details)}).encode()


def unpack_error(body: bytes) -> TvldError:
    told = json.loads(body)
    return _ERRORS[told["error"]](told["message"], **told["details"])
