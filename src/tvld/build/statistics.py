"""
Statistics of a description, counted from its dump (VoID, "Describing Linked Datasets", section 4).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import pyoxigraph as ox
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS

from tvld.build.distributions import DumpFile, with_triples
from tvld.build.graph import FOAF, Triple
from tvld.build.quads import quads
from tvld.iris import EU, PREFIXES, RDF_TYPE, Base, compact

VOID = Namespace(PREFIXES["void"])
DOCUMENT = ".well-known/void"


def statistics(
    content: Iterable[ox.Quad], organisation: str, base: Base, release: str, dumps: Sequence[DumpFile]
) -> Graph:
    """Describe one organisation's content as a `void:Dataset`: the same thing as the dataset of its catalogue."""
    triples = {quad.triple for quad in content}
    me = URIRef(base.thing(organisation, "catalog", "description"))
    space = base.organisation(organisation)
    names = [dump.name for dump in with_triples(dumps)]

    def part(word: str) -> URIRef:
        return URIRef(base.thing(organisation, "catalog", f"void-{word}"))

    graph = Graph()
    for triple in (
        *_counts(me, triples, space, part),
        *_access(me, base, release, names),
        *_links(me, triples, part),
    ):
        graph.add(triple)
    document = URIRef(base.iri + DOCUMENT)
    graph.add((document, RDF.type, VOID.DatasetDescription))
    graph.add((document, FOAF.primaryTopic, me))
    return graph


def statistics_of_graph(
    name: str, parts: Iterable[Graph], base: Base, release: str, dumps: Iterable[str], space: str
) -> Graph:
    """
    Describe a named graph of the endpoint as a `void:Dataset`; `space` is what the IRIs of its own things begin with.

    Not part of any graph: what counts a graph cannot stand in it.
    """
    me, document = URIRef(base.graph(name)), URIRef(base.iri + DOCUMENT)
    triples = {quad.triple for part in parts for quad in quads(part)}
    graph = Graph()
    for triple in _counts(me, triples, space, lambda word: URIRef(f"{document}#{name}-{word}")):
        # Of the catalogue some objects are sizes and checksums that libraries decide: not the same number everywhere.
        if name != "catalog" or triple[1] != VOID.distinctObjects:
            graph.add(triple)
    for triple in _access(me, base, release, dumps):
        graph.add(triple)
    graph.add((document, FOAF.topic, me))
    return graph


def _counts(me: URIRef, triples: set[ox.Triple], space: str, part: Callable[[str], URIRef]) -> Iterator[Triple]:
    classes = Counter(str(t.object).strip("<>") for t in triples if t.predicate.value == RDF_TYPE)
    properties = Counter(t.predicate.value for t in triples)
    own = {
        t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(space)
    }
    yield me, RDF.type, VOID.Dataset
    for predicate, count in (
        (VOID.triples, len(triples)),
        (VOID.classes, len(classes)),
        (VOID.properties, len(properties)),
        (VOID.distinctSubjects, len({t.subject for t in triples})),
        (VOID.distinctObjects, len({t.object for t in triples})),
        (VOID.entities, len(own)),
    ):
        yield me, predicate, Literal(count)
    yield me, VOID.uriSpace, Literal(space)
    if own:
        # The shortest is what the others belong to.
        yield me, VOID.exampleResource, URIRef(min(own, key=lambda iri: (len(iri), iri)))
    for namespace in sorted({ns for iri in (*classes, *properties) for ns in PREFIXES.values() if iri.startswith(ns)}):
        yield me, VOID.vocabulary, URIRef(namespace)
    for predicate, kind, names, count_of in (
        (VOID.classPartition, VOID["class"], classes, VOID.entities),
        (VOID.propertyPartition, VOID.property, properties, VOID.triples),
    ):
        for iri, count in sorted(names.items()):
            described = part(_word(iri))
            yield me, predicate, described
            yield described, RDF.type, VOID.Dataset
            yield described, RDFS.label, Literal(compact(iri))
            yield described, kind, URIRef(iri)
            yield described, count_of, Literal(count)


def _access(me: URIRef, base: Base, release: str, dumps: Iterable[str]) -> Iterator[Triple]:
    yield me, VOID.sparqlEndpoint, URIRef(base.iri + "sparql")
    for name in dumps:
        yield me, VOID.dataDump, URIRef(base.dump(release, name))


def _links(me: URIRef, triples: set[ox.Triple], part: Callable[[str], URIRef]) -> Iterator[Triple]:
    """Count the links to each code list of the EU, by property (VoID, section 5)."""
    found: Counter[tuple[str, str]] = Counter()
    for triple in triples:
        if isinstance(triple.object, ox.NamedNode) and triple.object.value.startswith(EU):
            subject = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else ""
            if not subject.startswith(EU):
                found[triple.predicate.value, EU + triple.object.value.removeprefix(EU).split("/")[0]] += 1
    for (predicate, target), count in sorted(found.items()):
        links = part(f"links-{_word(predicate)}-{target.removeprefix(EU)}")
        yield me, VOID.subset, links
        yield links, RDF.type, VOID.Linkset
        yield links, RDFS.label, Literal(f"{compact(predicate)} → {target}")
        yield links, VOID.subjectsTarget, me
        yield links, VOID.objectsTarget, URIRef(target)
        yield links, VOID.linkPredicate, URIRef(predicate)
        yield links, VOID.triples, Literal(count)


def _word(iri: str) -> str:
    """Make a part of an address from an IRI: its prefixed name with a hyphen."""
    return compact(iri).strip("<>").replace("://", "-").replace("/", "-").replace(":", "-").replace("#", "-")
