"""Things answer 303 to documents, documents answer in every format, and everything in the data can be looked up."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.web_client import Get, server
from tvld.formats import CSV, DOCUMENT_FORMATS, GRAPH_FORMATS, Format, by_suffix
from tvld.iris import TVLD, Base
from tvld.serialisation import read, triples, write
from tvld.serve.release import open_release

STORE = "kaupunki/store/hankintapalvelut"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

# Address, Accept (None: no header), status, media type.
NEGOTIATION: list[tuple[str, str | None, int, str]] = [
    (f"/doc/{STORE}", None, 200, "text/turtle"),
    (f"/doc/{STORE}", "*/*", 200, "text/turtle"),
    (f"/doc/{STORE}", BROWSER, 200, "text/html"),
    (f"/doc/{STORE}", "text/turtle", 200, "text/turtle"),
    (f"/doc/{STORE}", "application/rdf+xml", 200, "application/rdf+xml"),
    (f"/doc/{STORE}", "application/ld+json", 200, "application/ld+json"),
    (
        f"/doc/{STORE}",
        'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
        200,
        "application/ld+json",
    ),
    (f"/doc/{STORE}", "application/json", 200, "application/ld+json"),
    (f"/doc/{STORE}", "application/n-triples", 200, "application/n-triples"),
    (f"/doc/{STORE}", "application/n-quads", 200, "application/n-quads"),
    (f"/doc/{STORE}", "application/trig", 200, "application/trig"),
    (f"/doc/{STORE}", "text/csv", 200, "text/csv"),
    (f"/doc/{STORE}", "text/turtle;q=0.3, application/rdf+xml;q=0.7", 200, "application/rdf+xml"),
    (f"/doc/{STORE}", "text/turtle;q=0, */*", 200, "application/ld+json"),
    (f"/doc/{STORE}", "image/png", 406, "application/problem+json"),
    (f"/doc/{STORE}", "*/*;q=0", 406, "application/problem+json"),
    (f"/doc/{STORE}", 'text/turtle"x', 200, "text/turtle"),
    # The suffix decides, whatever Accept says.
    (f"/doc/{STORE}.rdf", "text/turtle", 200, "application/rdf+xml"),
    (f"/doc/{STORE}.html", "*/*", 200, "text/html"),
    (f"/doc/{STORE}.ttl", "image/png", 200, "text/turtle"),
    (f"/doc/{STORE}.png", "*/*", 404, "application/problem+json"),
    ("/doc/kaupunki/store/no-such-store", "*/*", 404, "application/problem+json"),
    ("/doc/kaupunki/store/no-such-store", BROWSER, 404, "text/html"),
    ("/id/kaupunki/store/no-such-store", "text/plain", 404, "text/plain"),
    ("/id/kaupunki", "*/*", 303, "text/plain"),
    ("/doc/kaupunki", "*/*", 200, "text/turtle"),
    ("/ns", "*/*", 200, "text/turtle"),
    ("/ns", BROWSER, 200, "text/html"),
    ("/ns.jsonld", BROWSER, 200, "application/ld+json"),
    ("/shapes", "*/*", 200, "text/turtle"),
    ("/shapes.nt", "*/*", 200, "application/n-triples"),
    ("/def/purpose", "*/*", 200, "text/turtle"),
    ("/def/system-kind/system", BROWSER, 200, "text/html"),
    ("/def/system-kind/system.rdf", "*/*", 200, "application/rdf+xml"),
    ("/graph/kaupunki", "*/*", 200, "text/turtle"),
    ("/graph/catalog.trig", "*/*", 200, "application/trig"),
    ("/graph/nobody", "*/*", 404, "application/problem+json"),
    ("/catalog", None, 200, "text/turtle"),
    ("/catalog.rdf", BROWSER, 200, "application/rdf+xml"),
    ("/catalog/kaupunki.jsonld", "*/*", 200, "application/ld+json"),
    ("/catalog/open", BROWSER, 200, "text/html"),
    ("/catalog/nobody", "*/*", 404, "application/problem+json"),
    ("/catalog.png", "*/*", 404, "application/problem+json"),
    ("/.well-known/void", "*/*", 200, "text/turtle"),
    ("/.well-known/void.rdf", "*/*", 200, "application/rdf+xml"),
    ("/dumps/", "*/*", 200, "text/html"),
    ("/dumps", BROWSER, 308, "text/plain"),
    ("/dumps/", "text/turtle", 200, "text/turtle"),
    ("/", "*/*", 200, "text/html"),
    ("/", "text/turtle", 200, "text/turtle"),
    ("/sparql", "*/*", 200, "text/turtle"),
    ("/sparql", BROWSER, 200, "text/html"),
    ("/queries/what-is-described", BROWSER, 200, "text/html"),
    ("/queries/what-is-described", "*/*", 200, "application/sparql-results+json"),
    ("/queries/what-is-described.csv", BROWSER, 200, "text/csv"),
    ("/queries/what-is-described.rq", "*/*", 200, "application/sparql-query"),
    ("/describe?iri=http://www.w3.org/ns/dcat%23Dataset", "*/*", 200, "text/turtle"),
    ("/describe?iri=http://example.org/nobody", "*/*", 404, "application/problem+json"),
    ("/describe", "*/*", 400, "application/problem+json"),
    ("/robots.txt", "*/*", 200, "text/plain"),
    ("/static/site.css", "*/*", 200, "text/css"),
]


def headers(accept: str | None) -> dict[str, str]:
    return {} if accept is None else {"accept": accept}


@pytest.mark.parametrize(("address", "accept", "status", "media_type"), NEGOTIATION)
def test_an_address_answers_in_the_format_asked_for(
    get: Get, address: str, accept: str | None, status: int, media_type: str
) -> None:
    reply = get(address, **headers(accept))

    assert (reply.status, reply.type) == (status, media_type)
    assert reply.headers["content-length"] == str(len(reply.body))


def test_the_same_holds_over_a_socket(release: Path, tmp_path: Path) -> None:
    with server(release, tmp_path / "log") as live:
        for address, accept, status, media_type in NEGOTIATION:
            reply = live.get(address, **headers(accept))
            assert (address, reply.status, reply.type) == (address, status, media_type)
            head = live.get(address, "HEAD", **headers(accept))
            assert (head.status, head.body) == (status, b"")
            assert {**head.headers, "date": ""} == {**reply.headers, "date": ""}


def test_a_thing_leads_to_its_document_at_any_host(get: Get) -> None:
    reply = get(f"/id/{STORE}", accept="text/turtle")

    assert reply.status == 303
    assert reply.headers["location"] == f"/doc/{STORE}"
    assert reply.headers["link"].startswith(f'</doc/{STORE}>; rel="describedby"')


@pytest.mark.parametrize(
    ("address", "status", "location"),
    [
        ("/dumps", 308, "/dumps/"),
        ("/dumps?a=1&b=%2F", 308, "/dumps/?a=1&b=%2F"),
        ("/queries", 308, "/queries/"),
        ("/dumps/latest/manifest.json", 307, "/dumps/{release}/manifest.json"),
        (f"/id/{STORE}", 303, f"/doc/{STORE}"),
    ],
)
def test_what_leads_on_names_a_path_and_never_the_host_of_the_request(
    get: Get, release: Path, address: str, status: int, location: str
) -> None:
    location = location.format(release=release.name)

    reply = get(address, host="evil.example", x_forwarded_host="evil.example", accept=BROWSER)

    assert (reply.status, reply.headers["location"]) == (status, location)
    assert (reply.type, reply.text) == ("text/plain", location + "\n")


@pytest.mark.parametrize("address", ["/doc/x/nope", "/doc/x/nope.ttl", "/id/x/nope", "/nope"])
def test_a_refusal_names_the_address_that_was_asked_for(get: Get, address: str) -> None:
    told = get(address, accept="text/plain")

    assert told.status == 404
    assert f"nothing is described at http://127.0.0.1:8000{address}" in told.text
    assert ("http://127.0.0.1:8000/id/x/nope" in told.text) is ("/x/nope" in address)


def test_a_document_says_what_else_there_is(get: Get) -> None:
    reply = get(f"/doc/{STORE}", accept="text/turtle")

    assert reply.headers["content-location"] == f"/doc/{STORE}.ttl"
    assert reply.headers["vary"] == "Accept, Accept-Datetime, Accept-Encoding"
    links = reply.headers["link"].split(", ")
    assert f'<http://127.0.0.1:8000/doc/{STORE}>; rel="canonical"' in links
    assert '</.well-known/void>; rel="describedby"' in links
    for format_ in DOCUMENT_FORMATS:
        assert f'</doc/{STORE}.{format_.suffix}>; rel="alternate"; type="{format_.media_type}"' in links
    assert "accept" not in get(f"/doc/{STORE}.ttl").headers["vary"].lower().split(", ")


def test_what_406_lists_can_be_had(get: Get) -> None:
    refusal = get(f"/doc/{STORE}", accept="image/png")

    available = json.loads(refusal.body)["available"]
    assert available == [format_.media_type for format_ in DOCUMENT_FORMATS]
    assert all(get(f"/doc/{STORE}", accept=media_type).status == 200 for media_type in available)


class Triples(HTMLParser):
    """Reads the rows of the table of all triples, and the languages of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1][-1] += data


def rows(quads: set[ox.Triple]) -> set[tuple[str, ...]]:
    found = set()
    for triple in quads:
        value = triple.object
        literal = isinstance(value, ox.Literal)
        plain = literal and (value.language or value.datatype.value.endswith("#string"))
        found.add(
            (
                triple.subject.value,
                triple.predicate.value,
                value.value,
                (value.language or "") if literal else "",
                "" if plain or not literal else value.datatype.value,
            )
        )
    return found


@pytest.mark.parametrize(
    "path",
    [f"doc/{STORE}", "doc/kaupunki", "doc/kaupunki/cell/6-3", "def/system-kind", "doc/kaupunki/catalog/description"],
)
def test_every_format_holds_the_same_triples(get: Get, path: str) -> None:
    expected = triples(read(get(f"/{path}.nt").body, by_suffix(GRAPH_FORMATS, "nt")))  # type: ignore[arg-type]
    assert len(expected) > 5

    for format_ in GRAPH_FORMATS:
        found = triples(read(get(f"/{path}.{format_.suffix}").body, format_))
        assert found == expected, format_.name
    page = Triples()
    page.feed(get(f"/{path}.html").text)
    shown = {tuple(row) for row in page.rows if len(row) == 5}
    assert shown <= rows(expected), "a page shows nothing that is not in the data"
    assert len(shown) == min(150, len(rows(expected))), "and of much the first, for the rest is in the other formats"
    quads = {ox.Quad(triple.subject, triple.predicate, triple.object) for triple in expected}
    assert get(f"/{path}.csv").body == write(quads, CSV)


def under(base: Base, quads: Iterator[ox.Quad]) -> set[str]:
    ends = {end for quad in quads for end in (quad.subject, quad.object)}
    return {end.value for end in ends if isinstance(end, ox.NamedNode) and end.value.startswith(base.iri)}


def test_every_address_in_the_data_can_be_looked_up_and_is_mentioned_there(get: Get, release: Path) -> None:
    source = open_release(release)
    addresses = under(source.base, source.quads())
    assert len(addresses) > 400

    for iri in sorted(addresses):
        path = source.base.local(iri)
        assert path is not None
        reply = get(path, accept="application/n-triples")
        if reply.status == 303:
            reply = get(reply.headers["location"], accept="application/n-triples")
        if reply.status == 307:
            reply = get(reply.headers["location"])
        if reply.status == 406:
            reply = get(path)
        assert reply.status == 200, iri
        # A file that is downloaded does not speak of itself: its link does.
        assert 'rel="describedby"' in reply.headers.get("link", "") or f"<{iri}>" in reply.text, iri


def test_the_vocabulary_describes_every_term_of_ours_in_use(get: Get, release: Path) -> None:
    used = {
        term.value
        for quad in open_release(release).quads()
        for term in (quad.predicate, quad.object)
        if isinstance(term, ox.NamedNode) and term.value.removeprefix(TVLD) not in ("", term.value)
    }
    assert len(used) > 10

    described = {quad.subject.value for quad in read(get("/ns.nt").body, by_suffix(GRAPH_FORMATS, "nt"))}  # type: ignore[arg-type]

    assert used <= described


@pytest.mark.parametrize("name", ["kaupunki", "catalog", "ns", "shapes"])
def test_a_graph_is_given_whole_and_alone(get: Get, release: Path, name: str) -> None:
    source = open_release(release)
    expected = {q for q in source.quads() if q.graph_name == ox.NamedNode(source.base.graph(name))}

    assert set(read(get(f"/graph/{name}.nq").body, by_suffix(GRAPH_FORMATS, "nq"))) == expected  # type: ignore[arg-type]


def test_formats_of_the_table_are_all_documents() -> None:
    assert {f.suffix for f in DOCUMENT_FORMATS} == set("ttl jsonld rdf nt nq trig html csv".split())
    assert all(isinstance(f, Format) for f in DOCUMENT_FORMATS)
