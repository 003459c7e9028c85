"""
The rules of harvesters that cannot be run here, as code of our own: piveau (data.europa.eu) and Sweden's dataportal.

piveau: importing-rdf, DownloadSource.kt, Hydra.kt, RdfExtensions.kt. Sweden: DCAT-AP-SE, docs/harvesting.md.
"""

import re
from collections.abc import Iterator

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.term import Node

from tests.municipalities import complete
from tests.web_client import Get, site
from tvld.build.pipeline import build
from tvld.iris import PREFIXES, Base
from tvld.serve.release import open_release

DCAT, DCT, FOAF, VCARD = (Namespace(PREFIXES[p]) for p in ("dcat", "dct", "foaf", "vcard"))
CATALOGUES = ["/catalog.rdf", "/catalog/open.rdf", "/catalog.rdf?profile=dcat-ap-2", "/catalog/open.rdf?profile=breg"]
# RFC 3987, 2.2: what an IRI may not hold; and what a public address never begins with.
NOT_IN_IRI = re.compile(r'[\s<>"{}|\\^`\x00-\x20]')


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    data = tmp_path_factory.mktemp("data")
    complete(data / "kunta")
    folder = build(data, data / "dist", Base("https://kunta.example/data/"), tell=lambda _: None).folder
    with site(open_release(folder)) as (get, _):
        yield lambda address, **headers: get(f"/data{address}", **headers)


@pytest.fixture(params=CATALOGUES)
def catalogue(ask: Get, request: pytest.FixtureRequest) -> Graph:
    reply = ask(request.param)
    assert (reply.status, reply.type) == (200, "application/rdf+xml")
    return Graph().parse(data=reply.body, format="xml")


def datasets(graph: Graph) -> list[Node]:
    return sorted(graph.subjects(RDF.type, DCAT.Dataset))


def cut_out(graph: Graph, dataset: Node) -> Graph:
    """Follow every forward link, as piveau does; it stops at foaf:primaryTopic alone."""
    found, waiting, seen = Graph(), [dataset], {dataset}
    while waiting:
        for triple in graph.triples((waiting.pop(), None, None)):
            found.add(triple)
            if triple[1] != FOAF.primaryTopic and triple[2] not in seen:
                seen.add(triple[2])
                waiting.append(triple[2])
    return found


def test_piveau_knows_each_dataset_by_one_identifier_that_no_other_has(catalogue: Graph) -> None:
    identifiers = [list(catalogue.objects(dataset, DCT.identifier)) for dataset in datasets(catalogue)]

    assert identifiers
    assert [len(found) for found in identifiers] == [1] * len(identifiers)
    assert [str(found[0]) for found in identifiers] == [str(dataset) for dataset in datasets(catalogue)]


def test_piveau_cuts_out_one_dataset_and_no_other(catalogue: Graph) -> None:
    for dataset in datasets(catalogue):
        about = cut_out(catalogue, dataset)
        assert set(about.subjects(RDF.type, DCAT.Dataset)) == {dataset}
        assert set(about.subjects(RDF.type, DCAT.Catalog)) == set()
        assert (dataset, DCT.publisher, None) in about
        assert [agent for agent in about.objects(dataset, DCT.publisher) if not about.value(agent, FOAF.name)] == []


@pytest.mark.parametrize("address", ["/catalog.ttl?page=1&size=9", "/catalog/open.ttl"])
def test_piveau_finds_nothing_changed_the_next_night(ask: Get, address: str) -> None:
    def hashes() -> list[frozenset[tuple[Node, Node, Node]]]:
        graph = Graph().parse(data=ask(address).body)
        return [frozenset(to_canonical_graph(cut_out(graph, dataset))) for dataset in datasets(graph)]

    assert hashes() == hashes() != []


def test_sweden_finds_only_absolute_addresses_and_no_blank_node(catalogue: Graph) -> None:
    nodes = {node for triple in catalogue for node in triple if not isinstance(node, Literal)}

    assert len(nodes) > 50
    assert [node for node in nodes if not isinstance(node, URIRef)] == []
    assert [n for n in nodes if not re.match(r"(https?://|mailto:|tel:)", str(n)) or NOT_IN_IRI.search(str(n))] == []
    assert [node for node in nodes if "127.0.0.1" in str(node) or "localhost" in str(node)] == []


def test_sweden_finds_one_publisher_that_is_not_its_own_contact(catalogue: Graph) -> None:
    publishers = set(catalogue.objects(None, DCT.publisher))

    assert len(publishers) == 1
    assert publishers & set(catalogue.subjects(RDF.type, VCARD.Kind)) == set()
    assert [contact for contact in catalogue.objects(None, DCAT.contactPoint) if contact in publishers] == []


@pytest.mark.parametrize("address", ["/catalog.rdf", "/catalog/open.rdf?profile=dcat-ap-2"])
def test_sweden_finds_the_licence_in_the_one_form_that_it_knows(ask: Get, address: str) -> None:
    graph = Graph().parse(data=ask(address).body, format="xml")

    assert {str(licence) for licence in graph.objects(None, DCT.license)} == {
        "http://creativecommons.org/licenses/by/4.0/"
    }


def test_no_catalogue_passes_the_size_that_ckan_takes(ask: Get) -> None:
    for address in ("/catalog.ttl", "/catalog.jsonld", "/catalog.rdf"):
        assert int(ask(address, method="HEAD").headers["content-length"]) < 50 << 20
