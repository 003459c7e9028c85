"""What a hostile client does to a server over its socket: requests that are odd, huge, slow, half, or very many."""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

TEXT = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
# Requests as they go over the wire, and the status that they deserve (None: the connection may be closed instead).
ODD: dict[str, tuple[bytes, set[int | None]]] = {
    "a NUL in the address": (b"GET /sparql?query=ASK%00{} HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    "a NUL in the body": (b"ASK\0{}", {400}),
    "bytes that are no UTF-8 in the address": (b"GET /sparql?query=%ff%fe HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    "bytes that are no UTF-8 in the body": (b"ASK {'\xff'}", {400}),
    "raw bytes in the address": (b"GET /sparql?query=\xff\xfe HTTP/1.1\r\nHost: h\r\n\r\n", {400, None}),
    "ten megabytes of query": (b"ASK {" + b" " * 10_000_000 + b"}", {413}),
    "a long address": (b"GET /sparql?query=" + b"a" * 1_000_000 + b" HTTP/1.1\r\n\r\n", {400, 414, 431, None}),
    "a header that never ends": (b"GET /sparql HTTP/1.1\r\nX: " + b"a" * 1_000_000, {400, 431, None}),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400, None}),
    "a body shorter than it says": (
        b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK",
        {400, 408, None},
    ),
}  # fmt: skip


def raw(port: int, request: bytes, seconds: float) -> int | None:
    """Send bytes and give the status that comes back; None where the connection is closed, or left open, without."""
    if not request.startswith((b"GET", b"POST", b"\x16")):
        head = f"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: {TEXT}\r\nContent-Length: {len(request)}\r\n\r\n"
        request = head.encode() + request
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as sock:
        # A server may answer, and close, before all is sent.
        with contextlib.suppress(ConnectionError):
            sock.sendall(request)
        try:
            answer = sock.recv(1 << 16)
        except (ConnectionError, TimeoutError):
            return None
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


def ask(port: int, text: str, seconds: float = 30.0, path: str = "/sparql") -> tuple[int, float]:
    """Post a query; gives the status and the seconds that it took. A broken connection raises."""
    connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
    started = time.perf_counter()
    try:
        connection.request("POST", path, text.encode(), {"Content-Type": TEXT, "Accept": "*/*"})
        response = connection.getresponse()
        response.read()
        return response.status, time.perf_counter() - started
    finally:
        connection.close()


def at_once(port: int, texts: list[str], seconds: float = 60.0) -> tuple[Counter[int | str], float]:
    """Ask all texts at the same moment; gives how often each status came (or error), and the longest time."""
    counts: Counter[int | str] = Counter()
    longest = [0.0]
    gate, lock = threading.Barrier(len(texts)), threading.Lock()

    def run(text: str) -> None:
        gate.wait(30)
        try:
            status, took = ask(port, text, seconds)
        except (OSError, HTTPException) as err:
            status, took = f"{type(err).__name__}: {err}", 0.0
        with lock:
            counts[status] += 1
            longest[0] = max(longest[0], took)

    _together([lambda text=text: run(text) for text in texts])  # type: ignore[misc]
    return counts, longest[0]


@contextmanager
def half_open(port: int, count: int) -> Iterator[None]:
    """Keep connections open that have sent half of a body, and a few that have sent nothing, or half of a head."""
    with contextlib.ExitStack() as opened:
        for number in range(count):
            sock = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            head = b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n"
            sock.sendall({0: b"", 1: head}.get(number % 12, head + b"\r\nASK"))
        yield


@contextmanager
def slow_readers(port: int, count: int, text: str) -> Iterator[None]:
    """Ask for large answers and leave them lying in the socket."""
    with contextlib.ExitStack() as opened:
        for number in range(count):
            sock = opened.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(("127.0.0.1", port))
            sock.sendall(f"GET /sparql?query={quote(f'{text} #{number}')} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        yield


def memory(pids: list[int]) -> int:
    """Give the memory of processes in MiB, what they share counted once."""
    total = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total // 1024


def _together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
