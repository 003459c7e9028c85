"""Sweden's data portal (DCAT-AP-SE)."""

import re
from collections.abc import Iterator

from rdflib import Graph, URIRef
from rdflib.namespace import RDF
from rdflib.term import BNode, Literal, Node

from tvld.build.findings import Finding, violations
from tvld.build.graph import DCAT, DCT
from tvld.build.harvesters.delivery import Delivery, Taken, Verdict, datasets, digest
from tvld.build.harvesters.rules import refusal

NAME = "Sverige"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_CC_BY = "http://creativecommons.org/licenses/by/4.0/"
_NAMED = (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution)


def harvest(delivery: Delivery) -> Verdict:
    """Say what the portal would take: datasets all of whose nodes have addresses."""
    graph = delivery.whole()
    findings = [*_of_graph(graph)]
    kept = [d for d in datasets(graph) if not violations(f for f in findings if f.focus == str(d))]
    taken = tuple(Taken(str(d), str(graph.value(d, DCT.title) or d), digest(graph, d)) for d in kept)
    return Verdict(NAME, delivery.address, taken, tuple(findings))


def _of_graph(graph: Graph) -> Iterator[Finding]:
    named: set[Node] = {node for kind in _NAMED for node in graph.subjects(RDF.type, kind)}
    publishers, contacts = (set(graph.objects(None, p)) for p in (DCT.publisher, DCAT.contactPoint))
    for node in sorted(named | publishers | contacts, key=str):
        if isinstance(node, BNode):
            yield refusal("sweden/blank", node)
    nodes = {node for triple in graph for node in triple if not isinstance(node, Literal | BNode)}
    for node in sorted(nodes, key=str):
        if str(node).startswith("file:") or not _ABSOLUTE.fullmatch(str(node)):
            yield refusal("sweden/address", node, what=node)
    for licence in sorted({str(licence) for licence in graph.objects(None, DCT.license)}):
        if "creativecommons.org/licenses/by/4.0" in licence and licence != _CC_BY:
            yield refusal("sweden/licence", licence, str(DCT.license), what=licence)
    for both in sorted(publishers & contacts, key=str):
        if isinstance(both, URIRef):
            yield refusal("sweden/contact", both)
