"""Connections on which nothing moves are ended, and no others."""

import os
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tvld.serve.connections import Connections, end_still

STILL = 0.4


def accepted(opened: ExitStack, listener: socket.socket) -> tuple[socket.socket, socket.socket]:
    """Connect to a listener: the client's end, and the server's."""
    client = opened.enter_context(socket.create_connection(listener.getsockname(), timeout=5))
    client.sendall(b"POST / HTTP/1.1\r\n")
    return client, opened.enter_context(listener.accept()[0])


def test_what_stands_still_is_ended_and_what_moves_is_not() -> None:
    with ExitStack() as opened:
        listener, other = (opened.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2))
        still, sends, elsewhere = (accepted(opened, at)[0] for at in (listener, listener, other))
        takes, gives = accepted(opened, listener)
        before = sum(1 for _ in Path("/proc/self/fd").iterdir())
        until = time.monotonic() + 2 * STILL
        while time.monotonic() < until:
            sends.sendall(b"x")
            gives.sendall(b"y")
            time.sleep(STILL / 8)

        assert end_still(listener.getsockname()[1], STILL) == 1
        assert still.recv(1) == b""
        for client in (sends, elsewhere):
            client.setblocking(False)
            with pytest.raises(BlockingIOError):
                client.recv(1)
        assert takes.recv(1) == b"y"
        assert sum(1 for _ in Path("/proc/self/fd").iterdir()) == before
        assert end_still(listener.getsockname()[1], 60) == 0


def test_a_watch_ends_them_by_itself() -> None:
    with ExitStack() as opened:
        listener = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        opened.callback(Connections(listener.getsockname()[1], STILL).close)
        client, _ = accepted(opened, listener)

        assert client.recv(1) == b"", "ended from the other side, or this times out"


def test_where_files_and_pipes_are_open_too_nothing_happens_to_them(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with (tmp_path / "file").open("w") as file, socket.create_server(("127.0.0.1", 0)) as listener:
        assert end_still(listener.getsockname()[1], 0.0) == 0
        file.write("still open")
        os.write(writing, b"x")
        assert os.read(reading, 1) == b"x"
    os.close(reading)
    os.close(writing)
