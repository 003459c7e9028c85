"""
Small queries over HTTP, against the native Oxigraph server.

`TVLD_BENCH_RELEASE=DIR python -m bench queries`: DIR is a release, such as one of 300 organisations
(`python -m bench.generator 300 DATA`, then `tvld build --data DATA`); without it, the release of the real tables.
Every request has a text of its own, and answers are not kept, unless it is said. All servers
share both cores with wrk; rounds are interleaved. Quoted are medians of the rounds and the ratio of medians.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from bench.questions import small_queries
from bench.servers import free_port, needs, running, tvld
from tvld.serve.release import open_release
from tvld.serve.workers.store import load

ROUNDS = 5
SECONDS = 2
CLIENTS = (1, 8, 32)
# A comment with a number makes each text another one.
SCRIPT = """
local n = 0
local own = tostring(os.time()) .. tostring({}):sub(-6)
request = function()
  n = n + 1
  return wrk.format("GET", wrk.path .. (os.getenv("TVLD_BENCH_SAME") and "" or "%20%23" .. own .. n))
end
"""


@dataclass(frozen=True)
class Figures:
    """One round of wrk: milliseconds, and answers a second."""

    median: float
    p99: float
    rate: float


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        release = released(Path(scratch))
        store = load(open_release(release).graph_files)
        print(f"{release.name}: {len(store)} quads; wrk: {ROUNDS} interleaved rounds of {SECONDS} s")
        _small(Path(scratch), release, store)


def released(scratch: Path) -> Path:
    """Give the release that is measured: the one of the environment, else one of the sample, built now."""
    if given := os.environ.get("TVLD_BENCH_RELEASE"):
        return Path(given).resolve()
    subprocess.run(tvld("build", "--out", str(scratch / "dist")), check=True, stdout=subprocess.DEVNULL)
    return (scratch / "dist" / "current").resolve()


@contextmanager
def serving(release: Path, *options: str) -> Iterator[str]:
    """Serve a release; gives the address of its endpoint."""
    port = free_port()
    base = urllib.parse.urlsplit(json.loads((release / "manifest.json").read_bytes())["base"]).path
    root = f"http://127.0.0.1:{port}{base}"
    command = tvld("serve", "--release", str(release), "--port", str(port), "--log-requests", "false", *options)
    with running(command, root + "healthz"):
        yield root + "sparql"


def _small(scratch: Path, release: Path, store: ox.Store) -> None:
    (scratch / "distinct.lua").write_text(SCRIPT)
    (scratch / "data.nq").write_bytes(store.dump(format=ox.RdfFormat.N_QUADS) or b"")
    rival = str(Path(sys.executable).with_name("oxigraph"))
    loading = [rival, "load", "-l", str(scratch / "db"), "-f", str(scratch / "data.nq")]
    subprocess.run(loading, check=True, stderr=subprocess.DEVNULL)
    port = free_port()
    serve = [rival, "serve-read-only", "-l", str(scratch / "db"), "-b", f"127.0.0.1:{port}"]
    query = f"http://127.0.0.1:{port}/query"
    with running(serve, query), serving(release, "--cache-mib", "0") as plain, serving(release) as keeping:
        servers = {"oxigraph": (query, False), "tvld": (plain, False), "tvld, kept": (keeping, True)}
        for name, text in small_queries(store).items():
            for clients in CLIENTS:
                _compare(name, text, clients, servers, scratch / "distinct.lua")


def _compare(name: str, text: str, clients: int, servers: dict[str, tuple[str, bool]], script: Path) -> None:
    rounds: dict[str, list[Figures]] = {server: [] for server in servers}
    for _ in range(ROUNDS):
        for server, (address, same) in servers.items():
            rounds[server].append(_wrk(address, text, clients, script, same))
    middle = {
        server: [statistics.median(getattr(f, what) for f in figures) for what in ("median", "p99", "rate")]
        for server, figures in rounds.items()
    }
    rival = middle["oxigraph"]
    for server, (median, p99, rate) in middle.items():
        print(
            f"{name:<10} {clients:>2} clients  {server:<11} median {median:7.2f} ms ({median / rival[0]:.2f})"
            f"  p99 {p99:7.2f} ms ({p99 / rival[1]:.2f})  {rate:7.0f}/s"
        )


def _wrk(address: str, text: str, clients: int, script: Path, same: bool) -> Figures:
    url = f"{address}?query={urllib.parse.quote(text)}"
    command = [needs("wrk"), "-t1", f"-c{clients}", f"-d{SECONDS}s", "--latency", "-s", str(script)]
    command += ["-H", "Accept: application/sparql-results+json", url]
    environment = os.environ | ({"TVLD_BENCH_SAME": "1"} if same else {})
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environment).stdout
    assert "Non-2xx" not in told, told
    [rate] = re.findall(r"Requests/sec:\s+([\d.]+)", told)
    return Figures(_milliseconds(told, "50%"), _milliseconds(told, "99%"), float(rate))


def _milliseconds(told: str, part: str) -> float:
    [(number, unit)] = re.findall(rf"\s{part}\s+([\d.]+)(us|ms|s)", told)
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


if __name__ == "__main__":
    main()
