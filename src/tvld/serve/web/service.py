"""The SPARQL endpoint described in the words of SPARQL 1.1 Service Description, from what it really does."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pyoxigraph as ox

from tvld.formats import GRAPH_FORMATS, RESULT_FORMATS
from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL
from tvld.serve.snapshot import Snapshot
from tvld.serve.source import Source
from tvld.serve.workers.text import tokens

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
# The forms of queries that there is an executable of.
_FORMS = ("SELECT", "ASK", "CONSTRUCT")
_Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]
# How many triples the default graph has (unbound), and each named graph: as a query would see them.
SIZES = """\
SELECT ?graph (COUNT(*) AS ?triples) WHERE {
  { ?s ?p ?o } UNION { GRAPH ?graph { ?s ?p ?o } }
}
GROUP BY ?graph
"""


def description(snapshot: Snapshot, sizes: Mapping[str | None, int]) -> set[ox.Quad]:
    """
    Describe the endpoint: its address, language, formats, default graph and named graphs; every node has an IRI.

    `sizes` are numbers of triples by graph name, None the default graph. No `sd:feature` is told: of those that the
    W3C names, none is true here (no union default graph, no graph fetched, no other server asked).
    """
    told = (*_triples(snapshot, sizes), *_queries(snapshot.source))
    return {ox.Quad(subject, predicate, value) for subject, predicate, value in told}


def _queries(source: Source) -> Iterator[_Triple]:
    """Tell of the named queries as SPARQL editors look for examples: executables of SHACL, the question as comment."""
    type_, target = ox.NamedNode(RDF_TYPE), ox.NamedNode(PREFIXES["schema"] + "target")
    for named in source.queries.values():
        form = next((word.text.upper() for word in tokens(named.asked) if word.text.upper() in _FORMS), None)
        if form is None:
            continue
        query = ox.NamedNode(f"{source.base.iri}queries/{named.name}")
        yield query, type_, _sh("SPARQLExecutable")
        yield query, type_, _sh(f"SPARQL{form.capitalize()}Executable")
        yield query, _sh(form.lower()), ox.Literal(named.asked)
        yield query, target, ox.NamedNode(source.base.iri + "sparql")
        for language, words in named.words.items():
            yield query, ox.NamedNode(RDFS_LABEL), ox.Literal(words.question, language=language)
            yield query, ox.NamedNode(PREFIXES["rdfs"] + "comment"), ox.Literal(words.question, language=language)


def _triples(snapshot: Snapshot, sizes: Mapping[str | None, int]) -> Iterator[_Triple]:
    endpoint = snapshot.source.base.iri + "sparql"
    service, dataset, default = (ox.NamedNode(endpoint + part) for part in ("", "#dataset", "#default-graph"))
    type_, triples = ox.NamedNode(RDF_TYPE), ox.NamedNode(PREFIXES["void"] + "triples")
    yield service, type_, _sd("Service")
    yield service, _sd("endpoint"), ox.NamedNode(endpoint)
    yield service, _sd("supportedLanguage"), _sd("SPARQL11Query")
    yield service, _sd("defaultDataset"), dataset
    for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS):
        yield service, _sd("resultFormat"), ox.NamedNode(_FORMATS + _NAMES[format_.name])
    yield dataset, type_, _sd("Dataset")
    yield dataset, _sd("defaultGraph"), default
    yield default, type_, _sd("Graph")
    yield default, triples, ox.Literal(sizes.get(None, 0))
    for name in sorted(name for name in sizes if name is not None):
        described = ox.NamedNode(f"{endpoint}#graph={quote(name, safe='')}")
        contents = ox.NamedNode(f"{endpoint}#contents={quote(name, safe='')}")
        yield dataset, _sd("namedGraph"), described
        yield described, type_, _sd("NamedGraph")
        yield described, _sd("name"), ox.NamedNode(name)
        yield described, _sd("graph"), contents
        yield contents, type_, _sd("Graph")
        yield contents, triples, ox.Literal(sizes[name])


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["sh"] + name)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["sd"] + name)
