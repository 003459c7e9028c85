"""What can still be reached once triples were taken out: nothing is told of what a catalogue no longer names."""

from collections.abc import Iterable

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from tvld.build.graph import Triple


def reachable(triples: Iterable[Triple], roots: Iterable[URIRef]) -> Graph:
    """Keep the triples of the roots and of all that these lead to."""
    whole, kept = Graph(), Graph()
    for triple in triples:
        whole.add(triple)
    waiting = list(roots)
    seen = set(waiting)
    while waiting:
        for subject, predicate, value in whole.triples((waiting.pop(), None, None)):
            kept.add((subject, predicate, value))
            if isinstance(value, URIRef) and predicate != RDF.type and value not in seen:
                seen.add(value)
                waiting.append(value)
    return kept
