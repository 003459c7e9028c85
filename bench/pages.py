"""
How long the pages that people look through take, at the first request and at the second.

By the clock, and on processors by all processes of the server: what a machine would take that does nothing else.

The release is that of `TVLD_BENCH_RELEASE`, best one of 300 organisations, else that of the sample.
"""

import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from bench.queries import released
from bench.servers import free_port, running, tvld
from tvld.iris import PREFIXES, RDF_TYPE, TVLD
from tvld.serve.release import open_release
from tvld.serve.source import Source

LIMIT_MS = 200
# What is looked at; `{…}` is the path, below `id/`, of the first thing of that kind.
_ADDRESSES = (
    "", "catalog", "catalog?page=2", "catalog/open", "queries/", "queries/systems-shared-by-most-stores",
    "queries/stores-with-only-the-common-systems", "queries/stores-that-share-a-system-with-a-store",
    "search?q=potilas", "search", "search?kind=store", "search?kind=system&q=tieto&page=2", "search?organisation={org}",
    "search.json?q=asiakas", "search/suggest?q=pot", "sparql", "sparql/terms.json", "sparql/things.json?q=potilas",
    "matrix", "matrix?rows=systems&page=2", "matrix?organisation={org}", "matrix.json", "matrix.csv",
    "network", "network/{org}", "network/{system}", "charts", "model", "ns", "shapes", "quality",
    "quality?organisation={org}", "accessibility", "dumps/",
    "doc/{org}", "doc/{store}", "doc/{system}", "doc/{purpose}", "embed/stores.json", "sitemap.xml", "sitemap-2.xml",
)  # fmt: skip
_KINDS = {
    "org": PREFIXES["org"] + "FormalOrganization",
    "store": TVLD + "DataStore",
    "system": TVLD + "InformationSystem",
    "purpose": PREFIXES["dpv"] + "Purpose",
}


def main() -> None:
    """Ask for each address twice, and say which took longer than it should."""
    with tempfile.TemporaryDirectory() as scratch:
        release = released(Path(scratch))
        source = open_release(release)
        first = _first_of(source, source.base.iri + "id/")
        base, port = source.base.path, free_port()
        command = tvld("serve", "--release", str(release), "--port", str(port), "--log-requests", "false")
        print("| address | first, ms | of these on processors | second, ms | kB |\n|---|---|---|---|---|")
        with running(command, f"http://127.0.0.1:{port}{base}healthz") as server:
            for path in (base + each.format(**first) for each in _ADDRESSES):
                before = _processor_ms(server.pid)
                one, size = _asked(port, path)
                spent = _processor_ms(server.pid) - before
                again, _ = _asked(port, path)
                late = " (!)" if spent > LIMIT_MS else ""
                print(f"| `{path}` | {one:.0f} | {spent:.0f}{late} | {again:.1f} | {size / 1000:.0f} |", flush=True)


def _processor_ms(root: int) -> float:
    """Give the time that a process and all below it have spent on processors (Linux: proc(5), schedstat)."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            children.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
        except OSError:
            # It has ended meanwhile.
            continue
    waiting, spent = [root], 0
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        for each in Path(f"/proc/{process}/task").glob("*/schedstat"):
            spent += int(each.read_text().split()[0])
    return spent / 1e6


def _first_of(source: Source, below: str) -> dict[str, str]:
    """Find the first thing of each kind, by IRI."""
    found: dict[str, list[str]] = {name: [] for name in _KINDS}
    classes = {iri: name for name, iri in _KINDS.items()}
    for quad in source.quads():
        name = classes.get(getattr(quad.object, "value", "")) if quad.predicate.value == RDF_TYPE else None
        if name and str(getattr(quad.subject, "value", "")).startswith(below):
            found[name].append(quad.subject.value.removeprefix(below))  # type: ignore[union-attr]
    return {name: min(iris) for name, iris in found.items()}


def _asked(port: int, path: str) -> tuple[float, int]:
    """Ask as a browser does, over a connection of its own; milliseconds until the last byte, and bytes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html, */*;q=0.8"})
    reply = connection.getresponse()
    body = reply.read()
    taken = 1000 * (time.perf_counter() - begun)
    connection.close()
    assert reply.status == 200, (path, reply.status)
    return taken, len(body)
