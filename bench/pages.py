"""
How long the pages that people look through take, at the first request and at the second, from the server's own process.

The release is that of `TVLD_BENCH_RELEASE`, best one of 300 organisations, else that of the sample.
"""

import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from bench.queries import released, serving
from tvld.iris import PREFIXES, RDF_TYPE, TVLD
from tvld.serve.release import open_release
from tvld.serve.source import Source

LIMIT_MS = 200
# What is looked at; `{…}` is the path, below `id/`, of the first thing of that kind.
_ADDRESSES = (
    "", "catalog", "catalog?page=2", "catalog/open", "queries/", "queries/systems-shared-by-most-stores",
    "search?q=potilas", "search", "search?kind=store", "search?kind=system&q=tieto&page=2", "search?organisation={org}",
    "search.json?q=asiakas", "search/suggest?q=pot", "sparql", "sparql/terms.json", "sparql/things.json?q=potilas",
    "matrix", "matrix?rows=systems&page=2", "matrix?organisation={org}", "matrix.json", "matrix.csv",
    "network", "network/{org}", "network/{system}", "charts", "model", "ns", "shapes", "quality",
    "doc/{org}", "doc/{store}", "doc/{system}", "doc/{purpose}", "embed/stores.json", "sitemap.xml",
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
        print("| address | first, ms | second, ms | kB |\n|---|---|---|---|")
        with serving(release) as address:
            host = urlsplit(address).netloc
            for path in _ADDRESSES:
                one, size = _asked(host, source.base.path + path.format(**first))
                again, _ = _asked(host, source.base.path + path.format(**first))
                late = " (!)" if one > LIMIT_MS else ""
                print(f"| `/{path}` | {one:.0f}{late} | {again:.1f} | {size / 1000:.0f} |", flush=True)


def _first_of(source: Source, below: str) -> dict[str, str]:
    """Find the first thing of each kind, by IRI."""
    found: dict[str, list[str]] = {name: [] for name in _KINDS}
    classes = {iri: name for name, iri in _KINDS.items()}
    for quad in source.quads():
        name = classes.get(getattr(quad.object, "value", "")) if quad.predicate.value == RDF_TYPE else None
        if name and str(getattr(quad.subject, "value", "")).startswith(below):
            found[name].append(quad.subject.value.removeprefix(below))  # type: ignore[union-attr]
    return {name: min(iris) for name, iris in found.items()}


def _asked(host: str, path: str) -> tuple[float, int]:
    """Ask as a browser does, over a connection of its own; milliseconds until the last byte, and bytes."""
    connection = HTTPConnection(host, timeout=60)
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html, */*;q=0.8"})
    reply = connection.getresponse()
    body = reply.read()
    taken = 1000 * (time.perf_counter() - begun)
    connection.close()
    assert reply.status == 200, (path, reply.status)
    return taken, len(body)
