"""The statistics at /.well-known/void: each number is what a parser counts."""

import re
from collections import Counter

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF

from tests.editions import BASE
from tests.web_client import Get
from tvld.iris import EU, TVLD

VOID = Namespace("http://rdfs.org/ns/void#")
DESCRIPTION = BASE.thing("kaupunki", "catalog", "description")


@pytest.fixture(scope="module")
def void(get: Get) -> Graph:
    reply = get("/.well-known/void")
    assert reply.type == "text/turtle"
    return Graph().parse(data=reply.body)


def graph_at(get: Get, name: str) -> Graph:
    return Graph().parse(data=get(f"/graph/{name}.nt").body, format="nt")


@pytest.mark.parametrize(
    ("described", "name", "space"),
    [
        (DESCRIPTION, "kaupunki", BASE.organisation("kaupunki")),
        (BASE.graph("ns"), "ns", TVLD),
        (BASE.graph("shapes"), "shapes", "https://w3id.org/tvld/shapes#"),
        (BASE.graph("catalog"), "catalog", BASE.iri),
    ],
)
def test_each_number_is_what_a_parser_counts(get: Get, void: Graph, described: str, name: str, space: str) -> None:
    me, graph = URIRef(described), graph_at(get, name)

    def said(predicate: URIRef) -> int:
        return int(str(void.value(me, predicate)))

    subjects = set(graph.subjects())
    assert said(VOID.triples) == len(graph) > 100
    assert said(VOID.distinctSubjects) == len(subjects)
    assert said(VOID.classes) == len(set(graph.objects(None, RDF.type)))
    assert said(VOID.properties) == len(set(graph.predicates()))
    assert said(VOID.entities) == sum(str(subject).startswith(space) for subject in subjects)
    if name != "catalog":
        assert said(VOID.distinctObjects) == len(set(graph.objects()))
    for partition, key, number, counted in (
        (VOID.classPartition, VOID["class"], VOID.entities, Counter(graph.objects(None, RDF.type))),
        (VOID.propertyPartition, VOID.property, VOID.triples, Counter(graph.predicates())),
    ):
        parts = set(void.objects(me, partition))
        assert {void.value(p, key): int(str(void.value(p, number))) for p in parts} == dict(counted)


def test_examples_lead_somewhere_and_dumps_are_there(get: Get, void: Graph) -> None:
    examples = {str(iri) for iri in void.objects(None, VOID.exampleResource)}
    dumps = {str(iri) for iri in void.objects(None, VOID.dataDump)}

    assert len(examples) == 4
    for iri in examples:
        if iri.startswith(BASE.iri):
            reply = get(iri.replace(BASE.iri, "/"))
            assert reply.status in (200, 303), iri
            assert reply.status == 200 or get(reply.headers["location"]).status == 200
    assert len(dumps) > 15
    assert all(get(iri.replace(BASE.iri, "/"), method="HEAD").status == 200 for iri in dumps)
    assert {str(iri) for iri in void.objects(None, VOID.sparqlEndpoint)} == {f"{BASE.iri}sparql"}


def test_links_to_code_lists_of_others_are_counted(get: Get, void: Graph) -> None:
    graph = graph_at(get, "kaupunki")
    linksets = set(void.subjects(RDF.type, VOID.Linkset))

    assert linksets
    for links in linksets:
        predicate, target = void.value(links, VOID.linkPredicate), str(void.value(links, VOID.objectsTarget))
        found = [
            s for s, o in graph.subject_objects(predicate) if str(o).startswith(target) and not str(s).startswith(EU)
        ]
        assert int(str(void.value(links, VOID.triples))) == len(found) > 0
        assert void.value(links, VOID.subjectsTarget) == URIRef(DESCRIPTION)


def test_a_page_of_statistics_names_its_parts_by_what_they_count(get: Get) -> None:
    page = get("/.well-known/void?lang=sv", accept="text/html").text
    headings = re.findall(r"<h2[^>]*>(?:<a[^>]*>)?([^<]*)", page)

    assert "Katalog" in headings
    assert [heading for heading in headings if heading.startswith("http")] == []


def test_a_page_of_profiles_names_each_form_by_its_place(get: Get) -> None:
    headings = re.findall(r"<h2[^>]*>(?:<a[^>]*>)?([^<]*)", get("/catalog?profile=all", accept="text/html").text)

    assert {"catalog", "catalog.csv?profile=breg"} <= set(headings)
    assert [heading for heading in headings if heading.startswith("http")] == []
