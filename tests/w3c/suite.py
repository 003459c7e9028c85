"""The W3C's SPARQL 1.1 test suite as it lies in a folder: its manifests read, its data and results made comparable."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tvld.formats import (
    GRAPH_FORMATS,
    NTRIPLES,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TURTLE,
    Format,
    by_suffix,
)
from tvld.serialisation import read

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
# A test of one of these kinds has a query that is evaluated, or one whose syntax is good or bad.
EVALUATED = {MF.QueryEvaluationTest, MF.CSVResultFormatTest}
SYNTAX = {
    MF.PositiveSyntaxTest11: True,
    MF.PositiveSyntaxTest: True,
    MF.NegativeSyntaxTest11: False,
    MF.NegativeSyntaxTest: False,
}
UPDATES = {
    MF.PositiveUpdateSyntaxTest11: True,
    MF.NegativeUpdateSyntaxTest11: False,
    # So the tests of `delete-insert` call what is wrong in an update.
    MF.NegativeSyntaxTest11: False,
}
UPDATE_FOLDERS = ("delete-insert", "syntax-update-1", "syntax-update-2")
FOLDERS = (
    "aggregates bind bindings construct csv-tsv-res exists functions grouping json-res negation project-expression "
    "property-path service subquery syntax-fed syntax-query"
).split()
ROOT = "http://127.0.0.1:8000/"
_RESULTS = {
    "srx": ox.QueryResultsFormat.XML,
    "srj": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
}


@dataclass(frozen=True)
class Case:
    """
    One test: `good` says whether the syntax is (None: the query is evaluated); `data` go to the default graph,
    `graphs` to graphs named by their file.
    """

    name: str
    query: str
    good: bool | None
    data: tuple[Path, ...]
    graphs: tuple[Path, ...]
    result: Path | None

    @property
    def asks_others(self) -> bool:
        return "SERVICE" in self.query.upper()

    @property
    def format(self) -> Format:
        """Give the format to ask for, as far as rows go: that of the result, where it is one of theirs."""
        suffix = self.result.suffix[1:] if self.result else ""
        return by_suffix((RESULTS_XML, RESULTS_CSV, RESULTS_TSV), suffix) or RESULTS_JSON


def cases(folder: Path) -> Iterator[Case]:
    """Read the tests of one folder that are about queries."""
    graph, entries = _manifest(folder)
    for entry in entries:
        kind, action = graph.value(entry, RDF.type), graph.value(entry, MF.action)
        if kind in EVALUATED:
            query = graph.value(action, QT.query)
            yield _case(graph, entry, query, None)
        elif kind in SYNTAX:
            yield _case(graph, entry, action, SYNTAX[kind])


def updates(folder: Path) -> Iterator[tuple[str, str, bool]]:
    """Read the tests of one folder that are about the syntax of updates: name, text, whether it is good."""
    graph, entries = _manifest(folder)
    for entry in entries:
        if (kind := graph.value(entry, RDF.type)) in UPDATES:
            text = _path(graph.value(entry, MF.action)).read_text(encoding="utf-8")
            yield str(entry).rpartition("#")[2], text, UPDATES[kind]


def _manifest(folder: Path) -> tuple[Graph, list[Node]]:
    manifest = folder / "manifest.ttl"
    graph = Graph().parse(manifest, format="turtle", publicID=manifest.as_uri())
    [entries] = graph.objects(None, MF.entries)
    return graph, list(Collection(graph, entries))


def _case(graph: Graph, entry: Node, query: Node | None, good: bool | None) -> Case:
    action = graph.value(entry, MF.action)
    result = graph.value(entry, MF.result)
    query_text = _path(query).read_text(encoding="utf-8")
    data = tuple(sorted(_path(node) for node in graph.objects(action, QT.data)))
    graphs = sorted(_path(node) for node in graph.objects(action, QT.graphData) if isinstance(node, URIRef))
    return Case(
        name=str(entry).rpartition("#")[2],
        query=query_text,
        good=good,
        data=data,
        # What FROM names is the data: so it stands under its name, for nothing is fetched.
        graphs=(*graphs, *(data if " FROM " in " ".join(query_text.split()) else ())),
        result=_path(result) if result is not None else None,
    )


def _path(node: Node | None) -> Path:
    return Path(str(node).removeprefix("file://"))


def dataset(case: Case) -> list[ox.Quad]:
    """Read the data of a test; its files are known by their names under the base."""
    quads: list[ox.Quad] = []
    for files, named in ((case.data, False), (case.graphs, True)):
        for file in files:
            address = ROOT + file.name
            graph = ox.NamedNode(address) if named else ox.DefaultGraph()
            format_ = by_suffix(GRAPH_FORMATS, file.suffix[1:]) or TURTLE
            quads += [
                ox.Quad(_apart(q.subject, address), q.predicate, _apart(q.object, address), graph)
                for q in read(file.read_bytes(), format_, address)
            ]
    return quads


def _apart(term: object, file: str) -> object:
    """Keep blank nodes of two files apart."""
    return ox.BlankNode(f"f{abs(hash(file))}x{term.value}") if isinstance(term, ox.BlankNode) else term


def expected(case: Case) -> object:
    """Give what a test wants, in a form that can be compared with `told`."""
    assert case.result is not None
    body = case.result.read_bytes()
    if case.result.suffix == ".csv":
        return _rows(body)
    if case.result.suffix[1:] in _RESULTS:
        return told(body, case.result.suffix[1:])
    format_ = by_suffix(GRAPH_FORMATS, case.result.suffix[1:])
    assert format_, case.result
    return _graph(read(body, format_, ROOT + case.result.name))


def told(body: bytes, suffix: str) -> object:
    """Make rows, a truth or a graph comparable: whatever its blank nodes are called and its rows are in order."""
    if suffix == "csv":
        return _rows(body)
    if suffix == "nt":
        return _graph(read(body, NTRIPLES))
    results = ox.parse_query_results(body, format=_RESULTS[suffix])
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    rows = []
    for number, row in enumerate(results):
        node = ox.BlankNode(f"row{number}")
        rows.append(ox.Quad(node, ox.NamedNode("urn:row"), ox.Literal("row")))
        rows += [ox.Quad(node, ox.NamedNode(f"urn:var:{n}"), row[n]) for n in names if row[n] is not None]
    return sorted(names), _graph(rows)


def _graph(quads: object) -> frozenset[str]:
    """Name blank nodes by their place; write literals as the engine's store does, which is part of every engine."""
    store = ox.Store()
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)  # type: ignore[attr-defined]
    canonical = ox.Dataset(store)
    canonical.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(map(str, canonical))


def _rows(body: bytes) -> tuple[list[str], Counter[tuple[str, ...]]]:
    """Count the rows of a CSV, columns by name; its blank nodes all look alike."""
    head, *rows = csv.reader(io.StringIO(body.decode(), newline=""))
    order = sorted(range(len(head)), key=head.__getitem__)
    return sorted(head), Counter(tuple("_:" if row[i].startswith("_:") else row[i] for i in order) for row in rows)
