"""
Statistics of a description, counted from its dump (VoID, "Describing Linked Datasets", section 4).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS

from tvld.build.distributions import DumpFile, with_triples
from tvld.build.graph import FOAF, Triple
from tvld.iris import PREFIXES, RDF_TYPE, Base, compact

VOID = Namespace(PREFIXES["void"])


def statistics(
    content: Iterable[ox.Quad], organisation: str, base: Base, release: str, dumps: Sequence[DumpFile]
) -> Graph:
    """Describe one organisation's content as a `void:Dataset`: the same thing as the dataset of its catalogue."""
    graph = Graph()
    for triple in _statistics({quad.triple for quad in content}, organisation, base, release, dumps):
        graph.add(triple)
    return graph


def _statistics(
    triples: set[ox.Triple], organisation: str, base: Base, release: str, dumps: Sequence[DumpFile]
) -> Iterator[Triple]:
    me = URIRef(base.thing(organisation, "catalog", "description"))
    classes = Counter(str(t.object).strip("<>") for t in triples if t.predicate.value == RDF_TYPE)
    properties = Counter(t.predicate.value for t in triples)
    space = base.organisation(organisation)
    yield me, RDF.type, VOID.Dataset
    for predicate, count in (
        (VOID.triples, len(triples)),
        (VOID.classes, len(classes)),
        (VOID.properties, len(properties)),
        (VOID.distinctSubjects, len({t.subject for t in triples})),
        (VOID.distinctObjects, len({t.object for t in triples})),
        (VOID.entities, len({t.subject for t in triples if str(t.subject).startswith("<" + space)})),
    ):
        yield me, predicate, Literal(count)
    yield me, VOID.uriSpace, Literal(space)
    yield me, VOID.exampleResource, URIRef(space)
    yield me, VOID.sparqlEndpoint, URIRef(base.iri + "sparql")
    for dump in with_triples(dumps):
        yield me, VOID.dataDump, URIRef(base.dump(release, dump.name))
    for namespace in sorted({ns for iri in (*classes, *properties) for ns in PREFIXES.values() if iri.startswith(ns)}):
        yield me, VOID.vocabulary, URIRef(namespace)
    for predicate, kind, names, count_of in (
        (VOID.classPartition, VOID["class"], classes, VOID.entities),
        (VOID.propertyPartition, VOID.property, properties, VOID.triples),
    ):
        for iri, count in sorted(names.items()):
            part = URIRef(base.thing(organisation, "catalog", "void-" + _word(iri)))
            yield me, predicate, part
            yield part, RDF.type, VOID.Dataset
            yield part, RDFS.label, Literal(compact(iri))
            yield part, kind, URIRef(iri)
            yield part, count_of, Literal(count)
    document = URIRef(base.iri + ".well-known/void")
    yield document, RDF.type, VOID.DatasetDescription
    yield document, FOAF.primaryTopic, me


def _word(iri: str) -> str:
    """Make a part of an address from an IRI: its prefixed name with a hyphen."""
    return compact(iri).strip("<>").replace("://", "-").replace("/", "-").replace(":", "-").replace("#", "-")
