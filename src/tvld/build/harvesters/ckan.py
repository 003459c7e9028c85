"""CKAN with ckanext-dcat's RDF harvester, which avoindata.fi and many national portals run."""

import re
import unicodedata
from collections.abc import Iterator

from rdflib import Graph, URIRef
from rdflib.term import BNode, Node

from tvld.build.findings import Finding, violations
from tvld.build.graph import DCAT, DCT
from tvld.build.harvesters.delivery import RDF_TYPES, Delivery, Taken, Verdict, datasets, digest
from tvld.build.harvesters.rules import RULES, refusal
from tvld.iris import PREFIXES

NAME = "CKAN"
_LARGEST = 50 << 20


def harvest(delivery: Delivery) -> Verdict:
    """Say what CKAN would take: ids are addresses, names come of titles."""
    graph = delivery.whole()
    findings = [*_of_transport(delivery), *(f for dataset in datasets(graph) for f in _of_dataset(graph, dataset))]
    stopped = any(RULES[f.rule.removeprefix("harvest/")].stops for f in findings)
    refused = {f.focus for f in violations(findings)}
    taken: list[Taken] = []
    names: set[str] = set()
    for dataset in datasets(graph):
        if stopped or str(dataset) in refused:
            continue
        title = graph.value(dataset, DCT.title)
        name = _unused(_munged(str(title)), names)
        if name != _munged(str(title)):
            findings.append(refusal("ckan/same-title", dataset, what=name))
        names.add(name)
        taken.append(Taken(_guid(graph, dataset, delivery.address, name), name, digest(graph, dataset)))
    return Verdict(NAME, delivery.address, tuple(taken), tuple(findings))


def _of_transport(delivery: Delivery) -> Iterator[Finding]:
    for page in delivery.pages:
        if page.media_type is not None and page.media_type not in RDF_TYPES:
            yield refusal("ckan/type", page.address, what=page.media_type)
        if page.size is not None and page.size > _LARGEST:
            yield refusal("ckan/size", page.address, what=page.size)
    if delivery.loops:
        yield refusal("ckan/loop", delivery.address)


def _of_dataset(graph: Graph, dataset: Node) -> Iterator[Finding]:
    if (dataset, DCT.title, None) not in graph:
        yield refusal("ckan/title", dataset, PREFIXES["dct"] + "title")
    if str(dataset).startswith("file:"):
        yield refusal("ckan/relative", dataset)
    for keywords in sorted(map(str, graph.objects(dataset, DCAT.keyword))):
        for keyword in (part.strip() for part in keywords.split(",")):
            # CKAN's own rule for tags: letters of any script, digits, space, and three signs.
            if not 2 <= len(keyword) <= 100 or not re.fullmatch(r"[\w \-.]*", keyword):
                yield refusal("ckan/keyword", dataset, PREFIXES["dcat"] + "keyword", what=keyword)
    if any(isinstance(distribution, BNode) for distribution in graph.objects(dataset, DCAT.distribution)):
        yield refusal("ckan/distribution", dataset, PREFIXES["dcat"] + "distribution")


def _guid(graph: Graph, dataset: Node, source: str, name: str) -> str:
    if isinstance(dataset, URIRef):
        return str(dataset)
    identifier = graph.value(dataset, DCT.identifier)
    return str(identifier) if identifier is not None else f"{source}/{name}"


def _munged(title: str) -> str:
    """Make a name of a title as CKAN does: ASCII letters, digits and hyphens, at most 100 of them."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9]", "-", plain)).strip("-")[:100]


def _unused(name: str, used: set[str]) -> str:
    if name not in used:
        return name
    return next(f"{name}-{n}" for n in range(1, len(used) + 2) if f"{name}-{n}" not in used)
