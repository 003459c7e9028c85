"""Every example graph is whole: with the codes it points to it conforms to our rules and to DCAT-AP."""

from pathlib import Path

import pytest
from rdflib import RDF, BNode, Graph, URIRef
from rdflib.namespace import RDFS

from tvld.build.findings import violations
from tvld.build.validate import validate
from tvld.build.vocabulary import codelists, codes_used, ontology_graph, shapes_graph
from tvld.iris import TVLD, Base

EXAMPLES = sorted((Path(__file__).parents[1] / "ontology" / "examples").glob("*.ttl"))
BASE = Base("http://example.org/")


def example(path: Path) -> Graph:
    graph = Graph().parse(path)
    return graph + codes_used(codelists(BASE), graph.objects())


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return shapes_graph()


@pytest.fixture(scope="module")
def official(authority: Path) -> Graph:
    graph = Graph()
    for name in ("shapes", "range"):
        graph.parse(authority / "shapes" / "dcat-ap-3.0.1" / f"{name}.ttl")
    return graph


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_breaks_none_of_our_rules(path: Path, shapes: Graph) -> None:
    assert violations(validate(example(path), shapes)) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_conforms_to_the_official_dcat_ap_shapes(path: Path, official: Graph) -> None:
    assert violations(validate(example(path), official)) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_written_as_we_write_graphs(path: Path) -> None:
    graph = example(path)
    nodes = {node for triple in graph for node in triple}

    assert path.read_text(encoding="utf-8").startswith("# ")
    assert not [node for node in nodes if isinstance(node, BNode)]
    undescribed = {node for node in nodes if isinstance(node, URIRef) and node.startswith(BASE.iri)} - set(
        graph.subjects()
    )
    assert undescribed == set()
    assert {subject for subject in graph.subjects(RDF.type) if not graph.value(subject, RDFS.label)} == set()


def test_the_examples_show_every_term_of_ours() -> None:
    shown = {node for path in EXAMPLES for _, predicate, object_ in example(path) for node in (predicate, object_)}
    terms = {term for term in ontology_graph().subjects() if str(term).startswith(TVLD)}

    assert len(EXAMPLES) >= 4
    assert terms - shown == set()
