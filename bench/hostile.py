"""
What hostile clients cost the others: small queries beside long ones, 200 at once, half-open and unread connections.

The short version is tests/test_hostile_clients.py, and what is sent is the same. Printed are figures, not verdicts.
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
from pathlib import Path
from urllib.parse import quote

from tests import hostility
from tests.test_hostile_queries import GENERATED, HOSTILE, SERVICES
from tests.web_client import descendants

from bench.servers import free_port, running, tvld

LIMIT = 2.0
SAMPLE = 300
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def main() -> None:
    """Print how long the hostile set takes, what small queries notice of it, and what is left behind."""
    with tempfile.TemporaryDirectory() as scratch:
        port = free_port()
        root = f"http://127.0.0.1:{port}/"
        options = ("--port", str(port), "--out", str(Path(scratch) / "dist"), "--query-seconds", str(LIMIT))
        with running(tvld("serve", *options, "--log-requests", "false"), root + "healthz"):
            level = _memory()
            quiet = _small(root)
            print(f"small queries, quiet: median {quiet:.2f} ms")
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
            time.sleep(2)
            _reached(port)
            print(f"memory: {level} MiB before, {_memory()} MiB after; small queries: median {_small(root):.2f} ms")


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


def _memory() -> int:
    """Give the memory of all processes that this one started, in MiB."""
    return hostility.memory(descendants(os.getpid()))
