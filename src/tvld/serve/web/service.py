"""The SPARQL endpoint described in the words of SPARQL 1.1 Service Description, from what it really does."""

from collections.abc import Iterator

import pyoxigraph as ox

from tvld.formats import GRAPH_FORMATS, RESULT_FORMATS
from tvld.iris import PREFIXES, RDF_TYPE
from tvld.serve.snapshot import Snapshot

# The W3C's own names of formats, which `sd:resultFormat` wants.
_FORMATS = "http://www.w3.org/ns/formats/"
_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
}


def description(snapshot: Snapshot) -> set[ox.Quad]:
    """Describe the endpoint: its address, language, formats, default graph and named graphs; every node has an IRI."""
    return {ox.Quad(subject, predicate, value) for subject, predicate, value in _triples(snapshot)}


def _triples(snapshot: Snapshot) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    endpoint = snapshot.source.base.iri + "sparql"
    service, dataset, default = (ox.NamedNode(endpoint + part) for part in ("", "#dataset", "#default-graph"))
    type_ = ox.NamedNode(RDF_TYPE)
    yield service, type_, _sd("Service")
    yield service, _sd("endpoint"), ox.NamedNode(endpoint)
    yield service, _sd("supportedLanguage"), _sd("SPARQL11Query")
    yield service, _sd("defaultDataset"), dataset
    for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS):
        yield service, _sd("resultFormat"), ox.NamedNode(_FORMATS + _NAMES[format_.name])
    yield dataset, type_, _sd("Dataset")
    yield dataset, _sd("defaultGraph"), default
    yield default, type_, _sd("Graph")
    for name in snapshot.record.graph_names():
        described = ox.NamedNode(f"{endpoint}#graph-{name.rstrip('/').rpartition('/')[2].rpartition('#')[2]}")
        yield dataset, _sd("namedGraph"), described
        yield described, type_, _sd("NamedGraph")
        yield described, _sd("name"), ox.NamedNode(name)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["sd"] + name)
