"""
What hostile clients cost the others: small queries beside long ones, 200 at once, half-open and unread connections.

The short version is tests/test_hostile_clients.py, and what is sent is the same. Printed are figures, not verdicts.
Memory is the proportional set size (PSS) of each process, so that what they share counts once. Its level is that after
the first small queries; after the set the server rests, and is only asked for its health, once a second.
"""

import contextlib
import os
import socket
import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tests import hostility
from tests.test_hostile_queries import GENERATED, HOSTILE, SERVICES
from tests.web_client import descendants

from bench.servers import free_port, running, tvld

LIMIT = 2.0
SAMPLE = 300
# Granian lets a thread go that had nothing to do for 30 s.
REST_SECONDS = 45
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def main() -> None:
    """Print how long the hostile set takes, what small queries notice of it, and what is left behind."""
    with tempfile.TemporaryDirectory() as scratch:
        port = free_port()
        root = f"http://127.0.0.1:{port}/"
        options = ("--port", str(port), "--out", str(Path(scratch) / "dist"), "--query-seconds", str(LIMIT))
        with running(tvld("serve", *options, "--log-requests", "false"), root + "healthz"):
            quiet = _small(root)
            print(f"small queries, quiet: median {quiet:.2f} ms")
            level = _memory()
            # What a second set leaves above the first would grow with each.
            for place in ("first", "second"):
                print(f"the {place} set")
                with _peak() as peak:
                    _hostile_set(root, port, quiet)
                after = _memory()
                _rest(root)
                print(f"small queries after all: median {_small(root):.2f} ms")
                _print_memory({"before": level, "peak": peak, "after": after, f"after {REST_SECONDS} s": _memory()})
                print(f"kept answers, of 64 MiB that they may take: {_kept(root) / (1 << 20):.1f} MiB")


def _hostile_set(root: str, port: int, quiet: float) -> None:
    """Send everything, and print what each part took."""
    _beside_long(root, port, quiet)
    texts = {path.stem: path.read_text() for path in HOSTILE} | GENERATED
    took = {name: hostility.ask(port, text) for name, text in texts.items()}
    slowest = max(took, key=lambda name: took[name][1])
    print(f"{len(took)} hostile queries: statuses {sorted({status for status, _ in took.values()})}, ", end="")
    print(f"the slowest, {slowest}, {took[slowest][1]:.2f} s at a limit of {LIMIT:g} s")
    counts, longest = hostility.at_once(port, [f"{LONG} # {number}" for number in range(200)])
    print(f"200 long queries at once: {dict(counts)}, the last after {longest:.2f} s")
    counts, longest = hostility.at_once(port, [f"ASK {{}} # {number}" for number in range(200)])
    print(f"200 small queries at once: {dict(counts)}, the last after {longest:.2f} s")
    unread = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 30000"
    with hostility.half_open(port, 200), hostility.slow_readers(port, 10, unread):
        print(f"small queries beside 200 half-open connections and 10 unread: median {_small(root):.2f} ms")
    _reached(port)


def _reached(port: int) -> None:
    """Ask in many ways for another server, and count who came there."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.5)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        statuses = {hostility.ask(port, text.replace("$", address))[0] for text in (*SERVICES, "LOAD <$>")}
        came = 0
        with contextlib.suppress(TimeoutError):
            while True:
                canary.accept()[0].close()
                came += 1
    print(
        f"{len(SERVICES) + 1} queries that ask another server: statuses {sorted(statuses)}, connections there: {came}"
    )


def _beside_long(root: str, port: int, quiet: float) -> None:
    """Keep one long query running, and ask small ones."""
    ended = threading.Event()

    def keep_busy() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            hostility.ask(port, f"{LONG} # keep {number}")

    busy = threading.Thread(target=keep_busy)
    busy.start()
    time.sleep(0.3)
    beside = _small(root)
    ended.set()
    busy.join()
    print(f"small queries beside one long: median {beside:.2f} ms, {beside / quiet:.1f} times the quiet one")


def _small(root: str) -> float:
    """Give the median of small queries by GET, each with a text of its own, in milliseconds."""
    took, later = [], 0
    for _ in range(SAMPLE):
        started = time.perf_counter()
        try:
            with urllib.request.urlopen(f"{root}sparql?query={quote(f'ASK {{}} # {time.time_ns()}')}") as answer:
                answer.read()
            took.append(time.perf_counter() - started)
        except urllib.error.HTTPError as err:
            if err.code != 503:
                raise
            later += 1
    if later:
        print(f"({later} of {SAMPLE} were told to come back)")
    return statistics.median(took) * 1000


def _memory() -> dict[str, float]:
    """Give the memory of the server by kind of process, in MiB."""
    processes = dict(zip(("command", "HTTP", "data"), descendants(os.getpid()), strict=False))
    told: dict[str, float] = {name: hostility.memory([pid]) for name, pid in processes.items()}
    told["workers"] = hostility.memory([pid for pid in descendants(os.getpid()) if pid not in processes.values()])
    return told | {"all": sum(told.values())}


@contextlib.contextmanager
def _peak() -> Iterator[dict[str, float]]:
    """Look at the memory ten times a second until the block ends; gives the most of each kind, as it is found."""
    most: dict[str, float] = {}
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.1):
            most.update({name: max(size, most.get(name, 0)) for name, size in _memory().items()})

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        ended.set()
        looking.join()


def _rest(root: str) -> None:
    """Leave the server alone, but for a probe."""
    for _ in range(REST_SECONDS):
        with urllib.request.urlopen(root + "healthz") as answer:
            answer.read()
        time.sleep(1)


def _print_memory(moments: dict[str, dict[str, float]]) -> None:
    print(f"{'memory, MiB':<14}" + "".join(f"{name:>9}" for name in ("command", "HTTP", "data", "workers", "all")))
    for moment, told in moments.items():
        print(f"{moment:<14}" + "".join(f"{size:>9.1f}" for size in told.values()))


def _kept(root: str) -> float:
    """Give the bytes of all answers that the server keeps."""
    with urllib.request.urlopen(root + "metrics") as answer:
        figures = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if line[0] != "#")
    return float(figures["tvld_kept_bytes"]) + float(figures["tvld_engine_kept_bytes"])
