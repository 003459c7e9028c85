"""Norway's data catalogue (fdk-rdf-parser)."""

from collections.abc import Iterator

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from tvld.build.findings import Finding, violations
from tvld.build.graph import DCAT, DCT, FOAF
from tvld.build.harvesters.delivery import Delivery, Taken, Verdict, datasets, digest
from tvld.build.harvesters.rules import refusal

NAME = "fdk"
# What fdk looks up in code lists.
_CODES = (
    DCT.accessRights,
    DCT.accrualPeriodicity,
    DCT.language,
    DCT.spatial,
    DCAT.theme,
    DCT["format"],
    DCAT.mediaType,
)


def harvest(delivery: Delivery) -> Verdict:
    """Say what fdk would take: every dataset with an address."""
    graph = delivery.whole()
    findings = [finding for dataset in datasets(graph) for finding in _of_dataset(graph, dataset)]
    refused = {finding.focus for finding in violations(findings)}
    kept = [dataset for dataset in datasets(graph) if str(dataset) not in refused]
    taken = tuple(Taken(str(d), str(graph.value(d, DCT.title) or d), digest(graph, d)) for d in kept)
    return Verdict(NAME, delivery.address, taken, tuple(findings))


def _of_dataset(graph: Graph, dataset: Node) -> Iterator[Finding]:
    if not isinstance(dataset, URIRef):
        yield refusal("fdk/address", dataset)
    if any((agent, FOAF.name, None) not in graph for agent in graph.objects(dataset, DCT.publisher)):
        yield refusal("fdk/publisher", dataset, str(DCT.publisher))
    for subject in (dataset, *sorted(graph.objects(dataset, DCAT.distribution), key=str)):
        for code in _CODES:
            for value in graph.objects(subject, code):
                if isinstance(value, Literal):
                    yield refusal("fdk/code", subject, str(code), what=value)
    for period in graph.objects(dataset, DCT.temporal):
        if not any((period, day, None) in graph for day in (DCAT.startDate, DCAT.endDate)):
            yield refusal("fdk/period", dataset, str(DCT.temporal))
