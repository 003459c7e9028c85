"""
A release folder brought to an existing SPARQL server, and what is gone removed from it.

Reads a release as the serve wing does and nothing else, so that it runs where the tables are not; stands in this wing
because it lays the graphs out as the engine looks for them. Into a server of the layout `Whole` all goes in one request
that replaces all (Oxigraph: `PUT` without a graph is one transaction). For the layout `Beside` graphs are sent in
parts by Graph Store Protocol (SPARQL 1.1 Graph Store HTTP Protocol 5.3, 5.5); a release counts from the moment the
graph of releases says so, which is the last thing written.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyoxigraph as ox

from tvld.errors import ReleaseError
from tvld.iris import PREFIXES, XSD
from tvld.serve.remote.graph_store import GraphStore
from tvld.serve.remote.graphs import Graphs
from tvld.serve.remote.layout import Beside, releases_graph
from tvld.serve.source import Source

# Parts of some 5 MB: what a server must hold of a request at once.
_PART = 20_000
_ISSUED = ox.NamedNode(PREFIXES["dct"] + "issued")
_HAS_PART = ox.NamedNode(PREFIXES["dct"] + "hasPart")
_DATE_TIME = ox.NamedNode(XSD + "dateTime")

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """What was done: the release, its triples by graph added up, and the releases that were removed."""

    release: str
    triples: int
    removed: tuple[str, ...] = ()


def load(source: Source, store: GraphStore, keep: int, tell: Tell) -> Loaded:
    """
    Bring a release to a server in the layout that the server allows.

    `keep` is how many releases lie beside each other after this, the new one among them; where the server holds one
    only, it says nothing. Raises ReleaseError for what is no release, EngineError where the server fails or refuses.
    """
    if source.folder is None:
        raise ReleaseError(f"{source.name} is no release: build one with `tvld build`")
    return _replace_all(source, store, tell) if store.holds_one else _put_beside(source, store, keep, tell)


def _replace_all(source: Source, store: GraphStore, tell: Tell) -> Loaded:
    """Send everything in one request: from its end on, and not before, readers see the new release."""
    with tempfile.TemporaryFile() as file:
        # Written by parts: a release may be larger than memory.
        triples, part = 0, list[ox.Quad]()
        for quad, into_default in _quads(source):
            part.append(quad)
            if into_default:
                part.append(ox.Quad(quad.subject, quad.predicate, quad.object))
            if len(part) >= _PART:
                triples += len(part)
                ox.serialize(part, file, format=ox.RdfFormat.N_QUADS)
                part.clear()
        ox.serialize(part, file, format=ox.RdfFormat.N_QUADS)
        triples += len(part)
        tell(f"sending {triples} triples in one transaction, {file.tell() >> 20} MiB")
        store.replace_all(file)
    return Loaded(source.name, triples)


def _put_beside(source: Source, store: GraphStore, keep: int, tell: Tell) -> Loaded:
    base = source.base.iri
    graphs = {_name(quad) for quad, _ in _quads(source)}
    layout = Beside(Graphs(frozenset(graphs)), base, source.name)
    releases = _Releases(store, base)
    # Noted before anything is sent: what a load that breaks off leaves behind is found by the next one.
    releases.note(layout.merged, [layout.merged, *layout.inside.values()])
    triples = 0
    begun: set[str] = set()
    for graph, part in _parts(source, layout):
        store.write(graph, part, fresh=graph not in begun)
        if graph not in begun:
            tell(f"sending <{graph}>")
        begun.add(graph)
        triples += len(part)
    releases.issue(layout.merged)
    removed = []
    for release, leftover in releases.beyond(keep, layout.merged):
        for graph in leftover:
            store.remove(graph)
        releases.forget(release)
        removed.append(release.removeprefix(releases_graph(base)))
        tell(f"removed the release {removed[-1]}")
    return Loaded(source.name, triples, tuple(removed))


def _quads(source: Source) -> Iterator[tuple[ox.Quad, bool]]:
    """Give every triple in its graph, and whether it stands in the default graph too."""
    for file in source.graph_files:
        for quad in replace(source, graph_files=(file,)).quads():
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                raise ReleaseError(f"{file.path} holds the blank node {quad.subject}: what is sent in parts cannot")
            yield quad, file.into_default


def _parts(source: Source, layout: Beside) -> Iterator[tuple[str, list[ox.Triple]]]:
    """Give the graphs inside the server and what belongs in each, in parts."""
    parts: dict[str, list[ox.Triple]] = {}
    for quad, into_default in _quads(source):
        triple = _renamed(quad, layout)
        for graph in [layout.inside[_name(quad)], *([layout.merged] if into_default else [])]:
            part = parts.setdefault(graph, [])
            part.append(triple)
            if len(part) >= _PART:
                yield graph, parts.pop(graph)
    yield from parts.items()


def _name(quad: ox.Quad) -> str:
    if not isinstance(quad.graph_name, ox.NamedNode):
        raise ReleaseError(f"{quad} stands in no graph with a name: build the release again")
    return quad.graph_name.value


def _renamed(quad: ox.Quad, layout: Beside) -> ox.Triple:
    """Write the name of a graph as it is inside the server, where the data speaks of one: queries are put likewise."""

    def inside(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
        return (
            ox.NamedNode(layout.inside[term.value]) if isinstance(term, ox.NamedNode) and term.value in graphs else term
        )

    graphs = layout.inside
    return ox.Triple(inside(quad.subject), inside(quad.predicate), inside(quad.object))  # type: ignore[arg-type]


class _Releases:
    """The graph of releases: which lie in the server, in which graphs, and since when each is whole."""

    def __init__(self, store: GraphStore, base_iri: str) -> None:
        self._store, self._graph = store, releases_graph(base_iri)
        self._triples = set(store.read(self._graph))

    def note(self, release: str, graphs: list[str]) -> None:
        """Write down the graphs of a release that is not whole yet."""
        node = ox.NamedNode(release)
        self._triples -= {t for t in self._triples if t.subject == node and t.predicate == _ISSUED}
        self._triples |= {ox.Triple(node, _HAS_PART, ox.NamedNode(graph)) for graph in graphs}
        self._write()

    def issue(self, release: str) -> None:
        """Write down that a release is whole."""
        now = ox.Literal(datetime.now(UTC).isoformat(timespec="microseconds"), datatype=_DATE_TIME)
        self._triples.add(ox.Triple(ox.NamedNode(release), _ISSUED, now))
        self._write()

    def beyond(self, keep: int, newest: str) -> list[tuple[str, list[str]]]:
        """Give the releases that are not among the last ones loaded, or were never whole, with their graphs."""
        issued = {t.subject.value: t.object.value for t in self._triples if t.predicate == _ISSUED}  # type: ignore[union-attr]
        last = {*sorted(issued, key=lambda release: issued[release], reverse=True)[:keep], newest}
        graphs: dict[str, list[str]] = {}
        for triple in self._triples:
            if triple.predicate == _HAS_PART and triple.subject.value not in last:  # type: ignore[union-attr]
                graphs.setdefault(triple.subject.value, []).append(triple.object.value)  # type: ignore[union-attr]
        return sorted(graphs.items())

    def forget(self, release: str) -> None:
        self._triples -= {t for t in self._triples if t.subject == ox.NamedNode(release)}
        self._write()

    def _write(self) -> None:
        self._store.write(self._graph, sorted(self._triples, key=str), fresh=True)
