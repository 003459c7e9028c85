"""Search over HTTP: the page, the same as data, suggestions, the description for browsers."""

import csv
import io
import json
from urllib.parse import quote
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from tests.web_client import Get

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.mark.parametrize(
    ("address", "accept", "status", "type_"),
    [
        ("/search?q=potilas", "text/html", 200, "text/html"),
        ("/search?q=potilas", None, 200, "text/html"),
        ("/search?q=potilas", "application/json", 200, "application/json"),
        ("/search?q=potilas", "text/turtle", 200, "text/turtle"),
        ("/search?q=potilas", "image/png", 406, "application/problem+json"),
        ("/search.json?q=potilas", None, 200, "application/json"),
        ("/search.csv?q=potilas", None, 200, "text/csv"),
        ("/search.ttl?q=potilas", None, 200, "text/turtle"),
        ("/search.exe?q=potilas", None, 404, "application/problem+json"),
        ("/search", "text/html", 200, "text/html"),
        ("/search?colour=red", None, 400, "application/problem+json"),
        ("/search?page=0", None, 400, "application/problem+json"),
        ("/search?page=x", None, 400, "application/problem+json"),
        ("/search?size=101", None, 400, "application/problem+json"),
        ("/search?q=a&q=b", None, 400, "application/problem+json"),
        ("/search?q=" + "x" * 201, None, 400, "application/problem+json"),
        ("/search?lang=de", None, 400, "application/problem+json"),
        ("/search?q=%00", None, 200, "text/html"),
    ],
)
def test_a_search_is_answered_in_the_format_asked_for(
    get: Get, address: str, accept: str | None, status: int, type_: str
) -> None:
    reply = get(address, accept=accept) if accept else get(address)
    assert (reply.status, reply.type) == (status, type_)


def test_every_format_gives_the_same_hits(get: Get) -> None:
    told = json.loads(get("/search.json?q=asiakas&size=100").text)
    iris = [hit["iri"] for hit in told["hits"]]
    assert len(iris) == min(100, told["total"]) > 20
    assert [row["iri"] for row in csv.DictReader(io.StringIO(get("/search.csv?q=asiakas&size=100").text))] == iris
    graph = ox.Dataset(ox.parse(get("/search.ttl?q=asiakas&size=100").body, format=ox.RdfFormat.TURTLE))
    member = ox.NamedNode("http://www.w3.org/ns/hydra/core#member")
    assert {quad.object.value for quad in graph.quads_for_predicate(member)} == set(iris)
    page = get("/search?q=asiakas", accept="text/html").text
    assert page.count("<mark>") >= 20
    assert f"{told['total']} osumaa" in page


def test_every_facet_leads_to_as_many_as_it_says(get: Get) -> None:
    told = json.loads(get("/search.json?q=asiakas").text)
    assert len(told["facets"]) >= 6
    for name, values in told["facets"].items():
        narrowed = json.loads(get(f"/search.json?q=asiakas&{name}={quote(values[0]['value'])}").text)
        assert narrowed["total"] == values[0]["things"]
        assert narrowed["filters"] == {name: values[0]["value"]}


def test_every_hit_leads_to_what_was_found(get: Get) -> None:
    for hit in json.loads(get("/search.json?q=tieto").text)["hits"]:
        path = hit["address"].removeprefix("http://127.0.0.1:8000").partition("#")[0]
        assert get(path, accept="text/turtle").status in (200, 303), path


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "osumaa"), ("sv", "träffar"), ("en", "hits"), ("de, en;q=0.1", "hits")]
)
def test_the_page_speaks_the_language_of_the_reader(get: Get, language: str, words: str) -> None:
    reply = get("/search?q=asiakas", accept="text/html", accept_language=language)
    tag = language[-2:] if len(language) == 2 else "en"
    assert f'<html lang="{tag}">' in reply.text
    assert f" {words}</p>" in reply.text
    assert reply.headers["content-language"] == tag
    assert "Accept-Language" in reply.headers["vary"]


def test_a_language_that_a_link_asks_for_goes_along(get: Get) -> None:
    reply = get("/search?q=asiakas&lang=sv", accept="text/html", accept_language="en")
    assert '<html lang="sv">' in reply.text
    assert 'href="/dumps/?lang=sv"' in reply.text
    assert "Accept-Language" not in reply.headers["vary"]


def test_suggestions_are_names_kinds_and_addresses(get: Get) -> None:
    reply = get("/search/suggest?q=potilast&lang=en")
    text, names, kinds, addresses = json.loads(reply.text)
    assert reply.type == "application/x-suggestions+json"
    assert text == "potilast"
    assert names[0] == "potilastietojärjestelmä"
    assert kinds[0] == "Information system"
    assert addresses[0] == "http://127.0.0.1:8000/id/kaupunki/system/potilastietojarjestelma?lang=en"
    assert len(names) == len(kinds) == len(addresses) <= 8
    assert json.loads(get("/search/suggest").text) == ["", [], [], []]
    unsaid = json.loads(get("/search/suggest?q=potilast", accept_language="en").text)
    assert unsaid[3][0] == "http://127.0.0.1:8000/id/kaupunki/system/potilastietojarjestelma"


def test_browsers_are_told_how_to_search(get: Get) -> None:
    reply = get("/search/description.xml")
    urls = ElementTree.fromstring(reply.body).findall(f"{OPENSEARCH}Url")
    assert reply.type == "application/opensearchdescription+xml"
    assert len(urls) == 3
    for url in urls:
        address = url.attrib["template"].replace("{searchTerms}", "kaavoitus").replace("{startPage?}", "1")
        assert get(address.removeprefix("http://127.0.0.1:8000")).type == url.attrib["type"]


def test_what_is_nowhere_is_said_with_advice(get: Get) -> None:
    page = get("/search?q=zzzqqqxxw", accept="text/html").text
    assert "Ei osumia." in page
    assert "lyhyempää" in page
    taken = get("/search?q=kamariorkestri", accept="text/html").text
    assert "<q>kamariorkestri</q>" in taken
    assert ">kamariorkesteri</a>" in taken


def test_a_text_is_shown_as_text(get: Get) -> None:
    page = get("/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", accept="text/html").text
    assert "<script>alert" not in page
