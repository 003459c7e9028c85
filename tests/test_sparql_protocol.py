"""The SPARQL 1.1 Protocol in plain values: what a request asks, in which formats, and what is refused."""

import pytest

from tvld.errors import MethodNotAllowed, NotAcceptable, QueryRefused, TvldError, UnsupportedMediaType
from tvld.formats import JSONLD, NQUADS, RDFXML, RESULTS_CSV, RESULTS_JSON, RESULTS_XML, TURTLE, Format
from tvld.serve.engine import Query
from tvld.serve.sparql import FORM, QUERY, UPDATE, Request, read

ASK = "ASK {}"


def get(query_string: str, accept: str | None = None) -> Request:
    return Request("GET", query_string, accept=accept)


def post(content_type: str | None, body: bytes, query_string: str = "") -> Request:
    return Request("POST", query_string, content_type, body)


UNDERSTOOD = {
    "GET": (get("query=ASK%20%7B%7D"), ASK, (), ()),
    "HEAD": (Request("HEAD", "query=ASK+%7B%7D"), ASK, (), ()),
    "a plus is a space, an encoded plus is a plus": (get("query=ASK+%7B+%2B+%7D"), "ASK { + }", (), ()),
    "decoded once": (get("query=ASK+%257B%7D"), "ASK %7B}", (), ()),
    "a value with equals signs": (get("query=a=b=c"), "a=b=c", (), ()),
    "semicolons do not separate": (get("query=a;default-graph-uri=b"), "a;default-graph-uri=b", (), ()),
    "letters of Finnish": (get("query=%C3%A4%C3%B6"), "äö", (), ()),
    "letters of Finnish that were not encoded": (get("query=ä".encode().decode("latin-1")), "ä", (), ()),
    "a percent sign that encodes nothing": (get("query=100%25+%zz"), "100% %zz", (), ()),
    "graphs, several times, in their order": (
        get("default-graph-uri=urn%3Ab&query=ASK%7B%7D&named-graph-uri=urn:c&default-graph-uri=urn:a"),
        "ASK{}",
        ("urn:b", "urn:a"),
        ("urn:c",),
    ),
    "unknown parameters": (get("query=ASK+{}&timeout=5&&format=x"), ASK, (), ()),
    "POST form": (post(FORM, b"query=ASK+%7B%7D&named-graph-uri=urn:a"), ASK, (), ("urn:a",)),
    "POST form with a charset": (post(f"{FORM}; charset=UTF-8", b"query=ASK+%7B%7D"), ASK, (), ()),
    "POST direct": (post(QUERY, b"ASK {}", "default-graph-uri=urn:a"), ASK, ("urn:a",), ()),
    "POST direct, in capitals, with a quoted charset": (
        post('Application/SPARQL-Query ; Charset="utf-8"', "ASK {'ä'}".encode()),
        "ASK {'ä'}",
        (),
        (),
    ),
    "POST direct with a byte order mark": (post(QUERY, b"\xef\xbb\xbfASK {}"), ASK, (), ()),
    "POST direct is not a form": (post(QUERY, b"ASK+%7B%7D"), "ASK+%7B%7D", (), ()),
    "QUERY": (Request("QUERY", "", QUERY, b"ASK {}"), ASK, (), ()),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_request_is_understood(name: str) -> None:
    request, text, default_graphs, named_graphs = UNDERSTOOD[name]

    expected = Query(text, RESULTS_JSON, TURTLE, default_graphs, named_graphs, spooled=True)
    assert expected == read(request)


REFUSED: dict[str, tuple[Request, type[TvldError], str]] = {
    "two queries": (get("query=ASK+{}&query=ASK+{}"), QueryRefused, "exactly once, found 2"),
    "a form without a query": (post(FORM, b"default-graph-uri=urn:a"), QueryRefused, "exactly once, found 0"),
    "a query in the address and in the form": (post(FORM, b"query=a", "query=b"), QueryRefused, "found 2"),
    "a query in the address and in the body": (post(QUERY, b"ASK {}", "query=b"), QueryRefused, "found 2"),
    "an update by GET": (get("update=CLEAR+ALL"), QueryRefused, "read-only"),
    "an update by form": (post(FORM, b"update=CLEAR+ALL"), QueryRefused, "read-only"),
    "an update beside a query": (post(FORM, b"query=ASK+{}&update=CLEAR+ALL"), QueryRefused, "read-only"),
    "an update by its address beside a query": (post(QUERY, b"ASK {}", "update=x"), QueryRefused, "read-only"),
    "an update as the body": (post(UPDATE, b"CLEAR ALL"), QueryRefused, "read-only"),
    "an update as the body, with a charset": (post(f"{UPDATE};charset=utf-8", b"x"), QueryRefused, "read-only"),
    "bytes that are not UTF-8": (get("query=%ff%fe"), QueryRefused, "'query' is not UTF-8"),
    "a body that is not UTF-8": (post(QUERY, b"ASK {'\xe4'}"), QueryRefused, "the body is not UTF-8"),
    "a form that is not UTF-8": (post(FORM, b"query=ASK+{%27%E4%27}"), QueryRefused, "not UTF-8"),
    "an address that no server gives": (get("query=€"), QueryRefused, "percent-encoded"),
    "more parameters than a query has": (get("&".join(["a=b"] * 2000)), QueryRefused, "1000 parameters"),
    "no content type": (post(None, b"ASK {}"), UnsupportedMediaType, "found none"),
    "another content type": (post("text/plain", b"ASK {}"), UnsupportedMediaType, "found 'text/plain'"),
    "a form of files": (post("multipart/form-data; boundary=x", b""), UnsupportedMediaType, "multipart"),
    "another charset": (post(f"{QUERY}; charset=iso-8859-1", b"ASK {}"), UnsupportedMediaType, "iso-8859-1"),
    "PUT": (Request("PUT", "query=ASK+{}"), MethodNotAllowed, "PUT"),
    "DELETE": (Request("DELETE"), MethodNotAllowed, "DELETE"),
    "PATCH": (Request("PATCH"), MethodNotAllowed, "PATCH"),
    "only HTML": (get("query=ASK+{}", "text/html"), NotAcceptable, "sparql-results+json"),
    "everything refused": (get("query=ASK+{}", "*/*;q=0"), NotAcceptable, "text/turtle"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_is_refused(name: str) -> None:
    request, error, words = REFUSED[name]

    with pytest.raises(error, match=words.replace("+", r"\+")) as refusal:
        read(request)

    assert type(refusal.value) is error
    assert 400 <= refusal.value.status < 500


@pytest.mark.parametrize("query_string", ["", "default-graph-uri=urn:a", "queries=ASK+{}", "Query=ASK+{}"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_get_without_a_query_asks_for_the_service_itself(method: str, query_string: str) -> None:
    assert read(Request(method, query_string, accept="text/html")) is None


@pytest.mark.parametrize(
    ("accept", "result_format", "graph_format"),
    [
        (None, RESULTS_JSON, TURTLE),
        ("*/*", RESULTS_JSON, TURTLE),
        ("text/csv", RESULTS_CSV, None),
        ("application/rdf+xml", None, RDFXML),
        ("application/json", RESULTS_JSON, JSONLD),
        ("application/xml", RESULTS_XML, RDFXML),
        ("application/sparql-results+xml, application/n-quads;q=0.5", RESULTS_XML, NQUADS),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.9, text/turtle", RESULTS_XML, TURTLE),
        ("text/turtle;q=0, */*;q=0.1", RESULTS_JSON, JSONLD),
        ("text/html, application/ld+json;profile=x", None, JSONLD),
    ],
)
def test_rows_and_graphs_are_negotiated_apart(
    accept: str | None, result_format: Format | None, graph_format: Format | None
) -> None:
    query = read(get("query=ASK+{}", accept))

    assert query is not None
    assert (query.result_format, query.graph_format) == (result_format, graph_format)
