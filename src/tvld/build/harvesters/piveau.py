"""piveau, the harvester of data.europa.eu: RDF with Hydra pages, datasets cut out along every link forward."""

from collections.abc import Iterator

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import Node

from tvld.build.findings import Finding, violations
from tvld.build.graph import DCAT, DCT
from tvld.build.harvesters.delivery import RDF_TYPES, Delivery, Taken, Verdict, datasets, digest
from tvld.build.harvesters.rules import RULES, refusal
from tvld.build.quality.scoring import cut_out
from tvld.iris import PREFIXES

NAME = "piveau"
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")


def harvest(delivery: Delivery) -> Verdict:
    """Say what piveau would take: the identifier comes before the address."""
    graph = delivery.whole()
    findings = [*_of_pages(delivery), *(f for dataset in datasets(graph) for f in _of_dataset(graph, dataset))]
    taken: dict[str, Taken] = {}
    for dataset in datasets(graph):
        name = _identifier(graph, dataset)
        if name is None:
            continue
        if name in taken:
            findings.append(refusal("piveau/same-identifier", dataset, PREFIXES["dct"] + "identifier", what=name))
        taken[name] = Taken(name, name, digest(graph, dataset))
    if any(RULES[f.rule.removeprefix("harvest/")].stops for f in violations(findings)):
        taken = {}
    return Verdict(NAME, delivery.address, tuple(taken.values()), tuple(findings))


def _identifier(graph: Graph, dataset: Node) -> str | None:
    identifiers = sorted(str(identifier) for identifier in graph.objects(dataset, DCT.identifier))
    return identifiers[0] if identifiers else str(dataset) if isinstance(dataset, URIRef) else None


def _of_pages(delivery: Delivery) -> Iterator[Finding]:
    for page in delivery.pages:
        if page.media_type is not None and page.media_type not in RDF_TYPES:
            yield refusal("piveau/type", page.address, what=page.media_type)
        if not page.paged:
            continue
        totals = [total for total in page.graph.objects(None, HYDRA.totalItems) if isinstance(total, Literal)]
        if not any(total.datatype == XSD.integer for total in totals):
            yield refusal("piveau/total", page.address, str(HYDRA.totalItems))
        if any(isinstance(link, Literal) for link in page.graph.objects(None, HYDRA.next)):
            yield refusal("piveau/next", page.address, str(HYDRA.next))


def _of_dataset(graph: Graph, dataset: Node) -> Iterator[Finding]:
    if _identifier(graph, dataset) is None:
        yield refusal("piveau/nameless", dataset)
    if len(set(graph.objects(dataset, DCT.identifier))) > 1:
        yield refusal("piveau/identifiers", dataset, PREFIXES["dct"] + "identifier")
    about = cut_out(graph, dataset)
    others = {node for kind in (DCAT.Dataset, DCAT.Catalog) for node in about.subjects(RDF.type, kind)} - {dataset}
    for other in sorted(others, key=str)[:1]:
        yield refusal("piveau/open-cut", dataset, what=other)
