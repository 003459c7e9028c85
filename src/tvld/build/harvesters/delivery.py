"""
What a harvester is given, and what it makes of it: pages of a catalogue in, datasets taken and refusals out.

Knows no HTTP: what was seen of it (status of HEAD, type, size) comes along as values, None where nothing was asked.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import BNode, Graph
from rdflib.compare import to_canonical_graph
from rdflib.namespace import RDF
from rdflib.term import Node

from tvld.build.findings import Finding
from tvld.build.graph import DCAT
from tvld.build.quality.scoring import cut_out
from tvld.formats import GRAPH_FORMATS

# What rdflib (CKAN) and Jena (piveau) both parse by its media type: all that tvld writes, and Notation3.
RDF_TYPES = frozenset({format_.media_type for format_ in GRAPH_FORMATS} | {"text/n3"})


@dataclass(frozen=True)
class Page:
    """One page, or the whole catalogue: its address, its triples, and what HTTP said of it."""

    address: str
    graph: Graph
    media_type: str | None = None
    size: int | None = None
    paged: bool = False


@dataclass(frozen=True)
class Delivery:
    """A catalogue as it was fetched: pages in their order; `loops` where a page led back to an earlier one."""

    address: str
    pages: tuple[Page, ...]
    loops: bool = False

    def whole(self) -> Graph:
        graph = Graph()
        for page in self.pages:
            graph += page.graph
        return graph


@dataclass(frozen=True)
class Taken:
    """A dataset as a harvester would hold it: under which id and name, and a hash of all that belongs to it."""

    id: str
    name: str
    digest: str


@dataclass(frozen=True)
class Verdict:
    """What one harvester makes of a delivery: nothing is taken where the whole harvest fails."""

    harvester: str
    address: str
    taken: tuple[Taken, ...]
    findings: tuple[Finding, ...]


def datasets(graph: Graph) -> list[Node]:
    """Give all that is typed as a dataset, in the order of addresses: this is what harvesters take for one."""
    return sorted(set(graph.subjects(RDF.type, DCAT.Dataset)), key=str)


def digest(graph: Graph, dataset: Node) -> str:
    """Hash all that belongs to a dataset; the same however blank nodes are called."""
    cut = cut_out(graph, dataset)
    if any(isinstance(node, BNode) for node in cut.all_nodes()):
        # Canonical names depend on nothing but the triples.
        cut = to_canonical_graph(cut)
    return hashlib.sha256("\n".join(sorted(_lines(cut))).encode()).hexdigest()


def _lines(graph: Graph) -> Iterator[str]:
    for triple in graph:
        yield " ".join(term.n3() for term in triple)
