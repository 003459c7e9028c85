"""
rdflib graphs, the language of the build wing, as the quads that serialisation writes. Lexical forms stay as they are.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tvld.serialisation.parts import Subject


class GraphPart:
    """A graph under its name, its terms made over when they are asked for: many graphs need not be there twice."""

    def __init__(self, graph: Graph, name: str) -> None:
        self._graph = graph
        self.graph = ox.NamedNode(name)

    def __len__(self) -> int:
        return len(self._graph)

    def subjects(self) -> Iterable[Subject]:
        return (_resource(subject) for subject in self._graph.subjects(unique=True))

    def about(self, subject: Subject) -> Iterable[ox.Triple]:
        node = BNode(subject.value) if isinstance(subject, ox.BlankNode) else URIRef(subject.value)
        for predicate, object_ in self._graph.predicate_objects(node):
            yield ox.Triple(subject, ox.NamedNode(str(predicate)), _term(object_))


def quads(graph: Graph, name: str | None = None) -> Iterator[ox.Quad]:
    """Yield the triples of a graph as quads in the named graph `name`, or in the default graph."""
    graph_name = ox.NamedNode(name) if name else ox.DefaultGraph()
    for subject, predicate, object_ in graph:
        yield ox.Quad(_resource(subject), ox.NamedNode(str(predicate)), _term(object_), graph_name)


def _resource(node: Node) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(str(node)) if isinstance(node, BNode) else ox.NamedNode(str(node))


def _term(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if not isinstance(node, Literal):
        return _resource(node)
    if node.language:
        return ox.Literal(str(node), language=node.language)
    if isinstance(node.datatype, URIRef):
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)))
    return ox.Literal(str(node))
