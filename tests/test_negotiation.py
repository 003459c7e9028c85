"""Which format an Accept header gets, and what is ignored of a header that is not well formed."""

import time

import pytest

from tvld.formats import CSV, DOCUMENT_FORMATS, HTML, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from tvld.serve.negotiation import accepts, negotiate

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JENA = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,"
    "application/trig,application/n-quads;q=0.9,*/*;q=0.3"
)
RDFLIB = "application/rdf+xml,text/turtle;q=0.9,application/n-triples;q=0.8,text/html;q=0.2"

CASES: list[tuple[str | None, Format | None]] = [
    (None, TURTLE),
    ("", TURTLE),
    ("*/*", TURTLE),
    ("*", TURTLE),
    ("text/turtle", TURTLE),
    ("TEXT/Turtle", TURTLE),
    ("application/x-turtle", TURTLE),
    ("application/ld+json", JSONLD),
    ("application/json", JSONLD),
    ("application/rdf+xml", RDFXML),
    ("application/xml", RDFXML),
    ("application/n-triples", NTRIPLES),
    ("text/plain", NTRIPLES),
    ("application/n-quads", NQUADS),
    ("application/trig", TRIG),
    ("text/csv", CSV),
    ("text/html", HTML),
    (FIREFOX, HTML),
    (CHROME, HTML),
    (JENA, TURTLE),
    (RDFLIB, RDFXML),
    # A wildcard of a type takes the first of that type, by its own name only.
    ("text/*", TURTLE),
    ("application/*", JSONLD),
    # Quality decides, then the name before the wildcard, then the order of the offers.
    ("text/turtle;q=0.5, text/html", HTML),
    ("text/html;q=0.5, text/turtle;q=0.4, */*;q=0.1", HTML),
    ("text/html, */*", HTML),
    ("text/html, text/*", HTML),
    ("application/rdf+xml, text/turtle", TURTLE),
    ("application/ld+json;q=0.9, text/turtle;q=0.8", JSONLD),
    # The most specific range decides about an offer, wherever it stands in the header.
    ("*/*, text/turtle;q=0", JSONLD),
    ("text/*;q=0, */*;q=0.1", JSONLD),
    ("text/turtle;q=0.1, text/*;q=0.9, */*", JSONLD),
    ("*/*;q=0.5, application/*;q=0.4, text/turtle;q=0.3", HTML),
    ("application/x-turtle;q=0, */*", JSONLD),
    ("text/turtle, application/x-turtle;q=0", TURTLE),
    # Quality 0 is a refusal.
    ("text/turtle;q=0", None),
    ("*/*;q=0", None),
    ("text/turtle;q=0.000", None),
    ("image/png", None),
    ("image/*, video/mp4", None),
    # Parameters do not matter, and their commas and semicolons separate nothing.
    ("text/turtle;charset=utf-8", TURTLE),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSONLD),
    ('application/ld+json;profile="a, b;q=0"', JSONLD),
    ('application/ld+json ; profile="a\\"b" ; q=0.2, application/trig ; Q=0.3', TRIG),
    ("text/turtle;level=1;q=0.2;ext=5, text/csv;q=0.3", CSV),
    # What is malformed is left out; the rest counts.
    ("text/turtle;q=high, text/csv;q=0.1", CSV),
    ("text/turtle;q=1.5, text/csv;q=0.1", CSV),
    ("text/turtle;q=-1, text/csv;q=0.1", CSV),
    ("text/turtle;q=nan, text/csv;q=0.1", CSV),
    ("text/turtle;q=., text/csv;q=0.1", CSV),
    ("text/turtle;q=.2, text/csv;q=.3", CSV),
    ("text/turtle;, text/csv;q=0.3", TURTLE),
    ("text, */turtle, /, ;q=1, text/csv", CSV),
    (",, text/csv ,", CSV),
    ('text/csv, text/turtle;a="unclosed', CSV),
    ("text/turtle nonsense, text/csv", CSV),
    # Nothing well formed in it: as if it were not there.
    ("nonsense", TURTLE),
    ('"', TURTLE),
]


@pytest.mark.parametrize(("accept", "expected"), CASES)
def test_an_accept_header_gets_the_format_it_asks_for(accept: str | None, expected: Format | None) -> None:
    assert negotiate(accept, DOCUMENT_FORMATS) is expected


def test_the_order_of_the_offers_settles_what_the_client_leaves_open() -> None:
    assert negotiate("*/*", (HTML, TURTLE)) is HTML
    assert negotiate("text/turtle, text/html", (HTML, TURTLE)) is HTML
    assert negotiate(None, ()) is None


def test_only_a_type_asked_for_by_name_counts_as_named() -> None:
    assert accepts("text/html;q=0.1, */*", ["text/html"])
    assert not accepts("text/html;q=0, */*", ["text/html"])
    assert not accepts("text/*, */*", ["text/html"])


def test_a_hostile_header_is_read_in_linear_time() -> None:
    started = time.monotonic()
    for hostile in ('"' * 50_000, "a/b;" * 20_000, '"\\' * 50_000, "a" * 60_000, 'x/y;z="q",' * 10_000):
        negotiate(hostile, DOCUMENT_FORMATS)
    assert time.monotonic() - started < 5
