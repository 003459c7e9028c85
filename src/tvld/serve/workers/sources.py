"""
The files an engine holds, and how they become one store. Knows the store of pyoxigraph, no query.

The default graph is a real graph: a triple that stands in several named graphs stands in it once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from tvld import formats
from tvld.errors import DataError
from tvld.formats import Format

_ENGINE = {
    formats.TURTLE.name: ox.RdfFormat.TURTLE,
    formats.TRIG.name: ox.RdfFormat.TRIG,
    formats.NTRIPLES.name: ox.RdfFormat.N_TRIPLES,
    formats.NQUADS.name: ox.RdfFormat.N_QUADS,
    formats.RDFXML.name: ox.RdfFormat.RDF_XML,
    formats.JSONLD.name: ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True)
class Source:
    """
    One RDF file.

    With `graph` its triples go to that named graph, without it each goes where the file says. `into_default` puts
    what stands in its named graphs into the default graph too. `base_iri` is what its relative IRIs are relative to.
    """

    path: Path
    format: Format
    graph: str | None = None
    into_default: bool = False
    base_iri: str | None = None


def load(sources: Iterable[Source]) -> ox.Store:
    """Load all files into one store in memory; raises DataError with file and line of the first mistake."""
    store = ox.Store()
    merged: set[ox.NamedNode | ox.BlankNode] = set()
    for source in sources:
        before = set(store.named_graphs()) - merged
        _load(store, source)
        if source.graph and source.into_default:
            merged.add(ox.NamedNode(source.graph))
        elif source.into_default:
            merged |= set(store.named_graphs()) - before
    for graph in merged:
        # Copied inside the store, so that a blank node is the same one in both graphs.
        if isinstance(graph, ox.NamedNode):
            store.update(f"ADD {graph} TO DEFAULT")
        else:
            store.extend(
                ox.Quad(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, graph)
            )
    return store


def _load(store: ox.Store, source: Source) -> None:
    to_graph = ox.NamedNode(source.graph) if source.graph else None
    engine_format = _ENGINE[source.format.name]
    try:
        if to_graph is not None and source.format.quads:
            quads = ox.parse(
                path=str(source.path), format=engine_format, base_iri=source.base_iri, rename_blank_nodes=True
            )
            store.extend(ox.Quad(q.subject, q.predicate, q.object, to_graph) for q in quads)
        else:
            store.load(path=str(source.path), format=engine_format, base_iri=source.base_iri, to_graph=to_graph)
    except SyntaxError as err:
        place = f"{source.path}:{err.lineno}:{err.offset}" if err.lineno else str(source.path)
        raise DataError(f"{place}: this is not {source.format.label}: {err.msg}") from err
    except OSError as err:
        raise DataError(f"{source.path}: cannot be read: {err}") from err
