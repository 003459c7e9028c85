"""
A 5 KB Turtle document asked for by Accept header, against nginx serving the same bytes as a file; a 304 against a 200.

The server has one core, wrk the other; the rounds of all are interleaved, so that a machine that changes its speed
changes it for all. Quoted are medians over the rounds, of the ratios too: each round is compared with itself.
"""

import re
import statistics
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from bench.servers import free_port, needs, nginx, running, tvld

ROUNDS = 7
SECONDS = 3
CONNECTIONS = 16
SERVER_CORE, CLIENT_CORE = 0, 1
DOCUMENT = "doc/kaupunki/store/hankintapalvelut"
TURTLE = "text/turtle"


def throughput(url: str, *headers: str) -> float:
    """Give requests a second; every answer must be a success."""
    command = ["taskset", "-c", str(CLIENT_CORE), needs("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    for header in headers:
        command += ["-H", header]
    told = subprocess.run([*command, url], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "Non-2xx" not in told, told
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found, told
    return float(found[1])


def main() -> None:
    """Print requests a second: tvld 200, tvld 304, nginx, and the ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)  # nginx reads the file as a user without rights
        port, nginx_port = free_port(), free_port()
        base = f"http://127.0.0.1:{port}/"
        serve = tvld("serve", "--port", str(port), "--out", str(folder / "dist"))
        with running(serve, base + "healthz", SERVER_CORE):
            asked = urllib.request.Request(base + DOCUMENT, headers={"Accept": TURTLE})
            with urllib.request.urlopen(asked) as answer:
                body, etag = answer.read(), answer.headers["ETag"]
            (folder / "files").mkdir()
            (folder / "files" / "document").write_bytes(body)
            static = nginx(folder, nginx_port, folder / "files", TURTLE, f"{folder}/access.log")
            with running(static, f"http://127.0.0.1:{nginx_port}/document", SERVER_CORE):
                cases = {
                    "tvld 200": (base + DOCUMENT, f"Accept: {TURTLE}"),
                    "tvld 304": (base + DOCUMENT, f"Accept: {TURTLE}", f"If-None-Match: {etag}"),
                    "nginx file": (f"http://127.0.0.1:{nginx_port}/document",),
                }
                for case in cases.values():
                    throughput(*case)  # warm
                figures: dict[str, list[float]] = {name: [] for name in cases}
                for _ in range(ROUNDS):
                    for name, case in cases.items():
                        figures[name].append(throughput(*case))
        _print(len(body), figures)


def _print(size: int, figures: dict[str, list[float]]) -> None:
    print(f"{size} bytes, {CONNECTIONS} connections, {ROUNDS} interleaved rounds of {SECONDS} s, one core each")
    medians = {name: statistics.median(values) for name, values in figures.items()}
    for name, values in figures.items():
        print(
            f"{name:<12} median {medians[name]:>9,.0f}  min {min(values):>9,.0f}  max {max(values):>9,.0f} requests/s"
        )
    for one, other in (("tvld 200", "nginx file"), ("tvld 304", "tvld 200")):
        ratios = [a / b for a, b in zip(figures[one], figures[other], strict=True)]
        best = max(figures[one]) / max(figures[other])
        print(f"{one} / {other}: median {statistics.median(ratios):.2f}, of the best rounds {best:.2f}")
