"""
The connections of this process, as the kernel tells of them: those on which nothing moves are ended.

Knows sockets and nothing of HTTP. The server above has no clock for the body of a request, nor for a reader that takes
nothing: each would keep a thread for ever. What the kernel says last moved on a connection is a clock that no client
can hold back without sending or taking something.
"""

import contextlib
import os
import socket
import stat
import struct
import threading
from pathlib import Path

# Members of struct tcp_info, linux/tcp.h: state at byte 0; milliseconds since data was sent and since some came.
_STATE, _LAST_SENT, _LAST_RECEIVED = 0, 44, 52
_NEEDED = 56
_ESTABLISHED, _CLOSE_WAIT = 1, 8


class Connections:
    """Ends what stands still, from a thread of its own, until it is closed."""

    def __init__(self, port: int, still_seconds: float) -> None:
        """Watch the connections to a port of this machine."""
        self._port, self._still_seconds = port, still_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="connections", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(self._still_seconds / 4):
            end_still(self._port, self._still_seconds)


def end_still(port: int, still_seconds: float) -> int:
    """End the connections to a port on which nothing has come or gone for so long; gives how many."""
    ended = 0
    for entry in Path("/proc/self/fd").iterdir():
        # What is closed meanwhile is none of ours to end.
        with contextlib.suppress(OSError):
            # A duplicate stays what it is, even if the number is used anew.
            ended += _ended(os.dup(int(entry.name)), port, still_seconds)
    return ended


def _ended(descriptor: int, port: int, still_seconds: float) -> bool:
    """End what a descriptor of ours is of, if it is such a connection, and close the descriptor."""
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return False
    with socket.socket(fileno=descriptor) as sock:
        still = _still(sock, port, still_seconds)
        if still:
            sock.shutdown(socket.SHUT_RDWR)
        return still


def _still(sock: socket.socket, port: int, seconds: float) -> bool:
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.type != socket.SOCK_STREAM:
        return False
    if sock.getsockname()[1] != port:
        return False
    told = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _NEEDED)
    if len(told) < _NEEDED or told[_STATE] not in (_ESTABLISHED, _CLOSE_WAIT):
        return False
    sent: int = struct.unpack_from("=I", told, _LAST_SENT)[0]
    received: int = struct.unpack_from("=I", told, _LAST_RECEIVED)[0]
    return min(sent, received) > seconds * 1000
