"""Every error has one shape: RFC 9457 problem details, as JSON, as text or as a page, whatever refused the request."""

import json
import re

import pytest

from tests.web_client import Get
from tvld.errors import TvldError
from tvld.serve.problems import TYPES

QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
# Method, address, body, headers, status, words of the detail.
REFUSALS: list[tuple[str, str, bytes, dict[str, str], int, str]] = [
    ("GET", "/nothing/here", b"", {}, 404, "nothing is described"),
    ("GET", "/id/kaupunki/store/none", b"", {}, 404, "nothing is described"),
    ("GET", "/doc/%00%ff", b"", {}, 404, "nothing is described"),
    ("GET", "/dumps/none/x", b"", {}, 404, "no release 'none'"),
    ("GET", "/dumps/../../etc/passwd", b"", {}, 404, "no release '..'"),
    ("GET", "/queries/none", b"", {}, 404, "no query"),
    ("GET", "/static/none.css", b"", {}, 404, "nothing is described"),
    ("GET", "/catalog?profile=x", b"", {}, 400, "profile"),
    ("GET", "/describe", b"", {}, 400, "which IRI"),
    ("GET", "/describe?iri=a%20b", b"", {}, 404, "nothing is told"),
    ("POST", "/doc/kaupunki", b"", {}, 405, "only read"),
    ("DELETE", "/", b"", {}, 405, "only read"),
    ("PUT", "/sparql", b"", {}, 405, "only read"),
    ("BREW", "/sparql", b"", {}, 405, "only read"),
    ("GET", "/doc/kaupunki", b"", {"accept": "image/png"}, 406, "text/turtle"),
    ("GET", "/doc/kaupunki", b"", {"if_match": '"x"'}, 412, "If-Match"),
    ("GET", "/doc/kaupunki", b"", {"range": "bytes=99999999-"}, 416, "bytes"),
    ("GET", "/sparql?query=SELEC", b"", {}, 400, "line 1"),
    ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", b"", {}, 400, "exactly once"),
    ("GET", "/sparql?update=DROP%20ALL", b"", {}, 400, "read-only"),
    ("POST", "/sparql", b"ASK{}", {"content_type": "text/plain"}, 415, QUERY),
    ("POST", "/sparql", b"\xff", {"content_type": QUERY}, 400, "UTF-8"),
    ("POST", "/sparql", b"x" * 300_000, {"content_type": QUERY}, 413, "larger"),
    ("POST", "/sparql", b"query=" + b"x" * 300_000, {"content_type": FORM}, 413, "larger"),
    ("GET", "/sparql?query=ASK%7B%7D", b"", {"accept": "image/png"}, 406, "sparql-results+json"),
]


@pytest.mark.parametrize(("method", "address", "body", "headers", "status", "words"), REFUSALS)
def test_a_refusal_is_a_problem(
    get: Get, method: str, address: str, body: bytes, headers: dict[str, str], status: int, words: str
) -> None:
    reply = get(address, method, body, **headers)

    assert (reply.status, reply.type) == (status, "application/problem+json")
    problem = json.loads(reply.body)
    assert list(problem)[:5] == ["type", "title", "status", "detail", "instance"]
    assert problem["status"] == status
    assert problem["type"].startswith(TYPES)
    assert words in problem["detail"]
    assert problem["instance"].startswith("/")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "Traceback" not in reply.text


@pytest.mark.parametrize("case", [case for case in REFUSALS if "accept" not in case[3] and case[4] not in (412, 416)])
@pytest.mark.parametrize(("accept", "media_type"), [("text/html", "text/html"), ("text/plain", "text/plain")])
def test_a_refusal_is_readable_in_a_browser_and_on_a_terminal(
    get: Get, case: tuple[str, str, bytes, dict[str, str], int, str], accept: str, media_type: str
) -> None:
    method, address, body, headers, status, _ = case

    reply = get(address, method, body, accept=accept, **headers)

    assert (reply.status, reply.type) == (status, media_type)
    if media_type == "text/html":
        assert '<html lang="fi">' in reply.text
        assert re.search(r"<h1[^>]*>.+</h1>", reply.text)
    else:
        assert reply.text.startswith(f"{status} ")


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("POST", "/doc/kaupunki", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", "/sparql", {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}),
    ],
)
def test_405_says_what_is_allowed(get: Get, method: str, address: str, allowed: set[str]) -> None:
    assert set(get(address, method).headers["allow"].split(", ")) == allowed


def test_every_kind_of_error_has_a_title_and_a_status() -> None:
    kinds = [TvldError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    ours = [kind for kind in kinds if kind.__module__ == "tvld.errors"]

    assert len(ours) > 14
    assert all(kind.title and 400 <= kind.status < 600 for kind in ours)
