"""
The files of a dataset become one store in memory. Knows the store of pyoxigraph, no query.

The default graph is a real graph: a triple that stands in several named graphs stands in it once.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from tvld import formats
from tvld.errors import DataError
from tvld.serve.source import GraphFile

_ENGINE = {
    formats.TURTLE.name: ox.RdfFormat.TURTLE,
    formats.TRIG.name: ox.RdfFormat.TRIG,
    formats.NTRIPLES.name: ox.RdfFormat.N_TRIPLES,
    formats.NQUADS.name: ox.RdfFormat.N_QUADS,
    formats.RDFXML.name: ox.RdfFormat.RDF_XML,
    formats.JSONLD.name: ox.RdfFormat.JSON_LD,
}


def load(files: Iterable[GraphFile]) -> ox.Store:
    """Load all files into one store in memory; raises DataError with file and line of the first mistake."""
    store = ox.Store()
    merged: set[ox.NamedNode] = set()
    for file in files:
        before = _names(store)
        _load(store, file)
        if file.into_default:
            merged |= _names(store) - before
    for name in merged:
        # Copied inside the store, so that a blank node is the same one in both graphs.
        store.update(f"ADD {name} TO DEFAULT")
    return store


def default_graph(files: Iterable[GraphFile], besides: Iterable[str]) -> Iterator[ox.Triple]:
    """
    Load files as the endpoint does, and give the default graph without what stands in the graphs `besides` alone.

    A triple that one of these and another graph hold is given: it came with the other too.
    """
    store, apart = load(files), {ox.NamedNode(name) for name in besides}
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        named = {found.graph_name for found in store.quads_for_pattern(quad.subject, quad.predicate, quad.object)} - {
            ox.DefaultGraph()
        }
        if not named or named - apart:
            yield quad.triple


def _names(store: ox.Store) -> set[ox.NamedNode]:
    return {graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)}


def _load(store: ox.Store, file: GraphFile) -> None:
    to_graph = ox.NamedNode(file.graph) if file.graph else None
    base_iri = file.path.resolve().as_uri()
    engine_format = _ENGINE[file.format.name]
    try:
        if to_graph is not None and file.format.quads:
            quads = ox.parse(path=str(file.path), format=engine_format, base_iri=base_iri, rename_blank_nodes=True)
            store.extend(ox.Quad(q.subject, q.predicate, q.object, to_graph) for q in quads)
        else:
            store.load(path=str(file.path), format=engine_format, base_iri=base_iri, to_graph=to_graph)
    except SyntaxError as err:
        place = f"{file.path}:{err.lineno}:{err.offset}" if err.lineno else str(file.path)
        raise DataError(f"{place}: this is not {file.format.label}: {err.msg}") from err
    except OSError as err:
        raise DataError(f"{file.path}: cannot be read: {err}") from err
