"""Answers too large to hold: whole, with a true status, packed where that is asked for, and never in memory."""

import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import hostility
from tests.processes import children, eventually
from tests.web_client import Get, Server, descendants, server, site
from tvld.formats import RESULTS_CSV, RESULTS_JSON, RESULTS_XML, TURTLE
from tvld.iris import Base
from tvld.serve.giving import Giving
from tvld.serve.kept import Finished
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.source import Source
from tvld.serve.spool import Spool, Spooling
from tvld.settings import Settings

NODES = 1500
# Every pair of nodes, some 40 bytes each in CSV.
PAIRS = "SELECT * { ?a <http://e/next> ?b . ?c <http://e/label> ?d }"
QUERY = "application/sparql-query"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "chain.nt"
    line = '<http://e/n{0}> <http://e/next> <http://e/n{1}> .\n<http://e/n{0}> <http://e/label> "label {0}"@fi .\n'
    path.write_text("".join(line.format(i, i + 1) for i in range(NODES)))
    return path


@pytest.fixture(scope="module")
def source(data: Path) -> Source:
    return open_rdf_files([data], Base("http://127.0.0.1:8000/"))


@pytest.fixture(scope="module")
def get(source: Source) -> Iterator[Get]:
    with site(source, Settings(log_requests=False, workers=1, query_answer_mib=32, query_seconds=5)) as (get, _):
        yield get


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[Server]:
    with server(data, data.with_name("log")) as started:
        yield started


def asked(rows: int, number: int = 0) -> str:
    return f"{PAIRS} LIMIT {rows} #{number}"


@pytest.mark.parametrize("rows", [1, 5_000, 20_000, 100_000, 300_000])
def test_every_way_of_asking_gives_the_same_bytes(get: Get, rows: int) -> None:
    text = asked(rows)
    address = f"/sparql?query={quote(text)}"

    plain = get(address, accept="text/csv")
    packed = get(address, accept="text/csv", accept_encoding="gzip")
    posted = get("/sparql", "POST", text.encode(), content_type=QUERY, accept="text/csv", accept_encoding="gzip")
    head = get(address, "HEAD", accept="text/csv")

    assert plain.body.count(b"\r\n") == rows + 1
    assert int(plain.headers["content-length"]) == len(plain.body) == int(head.headers["content-length"])
    assert plain.headers["etag"] != packed.headers.get("etag", "") or rows == 1
    for reply in (packed, posted):
        assert ("content-encoding" in reply.headers) == (rows > 1)
        assert (gzip.decompress(reply.body) if rows > 1 else reply.body) == plain.body
    assert get(address, accept="text/csv", if_none_match=plain.headers["etag"]).status == 304
    part = get(address, accept="text/csv", range="bytes=3-9")
    assert (part.status, part.body) == (206, plain.body[3:10])


@pytest.mark.parametrize("format_", [RESULTS_JSON, RESULTS_XML, RESULTS_CSV])
def test_pieces_make_the_same_answer_in_every_format(get: Get, format_: object) -> None:
    media_type = format_.media_type  # type: ignore[attr-defined]
    few, many = (get(f"/sparql?query={quote(asked(n))}", accept=media_type) for n in (2_000, 60_000))

    assert few.type == many.type == media_type
    # The engine gives rows in the same order, whether they fit into a piece or not.
    begun = few.body.rstrip(b"]}\n</results>sparql")
    assert many.body.startswith(begun)
    assert len(many.body) > 25 * len(few.body)
    assert many.body[-8:] == few.body[-8:] or format_ is RESULTS_CSV


def test_a_large_graph_is_whole(get: Get) -> None:
    text = "CONSTRUCT { ?a <http://e/with> ?c } WHERE { ?a <http://e/next> ?b . ?c <http://e/label> ?d } LIMIT 40000"
    turtle = get(f"/sparql?query={quote(text)}", accept=TURTLE.media_type)
    lines = get(f"/sparql?query={quote(text)}", accept="application/n-triples")

    assert turtle.status == lines.status == 200
    assert lines.body.count(b"\n") == 40_000
    assert turtle.body.rstrip().endswith(b".")


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        # Found out when dozens of pieces have left the worker.
        (f"{PAIRS}", "answer_mib"),
        # The first rows come at once, and then none for ever.
        ("SELECT * { { ?a <http://e/next> ?b . ?c <http://e/label> ?d } UNION { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
         "FILTER(?i = 1) } }", "answer_mib"),
        ("SELECT * { { SELECT * { ?a <http://e/next> ?b . ?c <http://e/label> ?d } LIMIT 50000 } UNION "
         "{ ?p ?q ?r . ?s ?t ?u . ?v ?w ?x FILTER(CONCAT(STR(?p), STR(?s), STR(?v)) = '') } }", "seconds"),
    ],
)  # fmt: skip
def test_what_passes_a_limit_in_the_middle_is_an_error_and_no_answer(get: Get, text: str, limit: str) -> None:
    reply = get(f"/sparql?query={quote(text)}", accept="text/csv, application/problem+json")

    assert (reply.status, reply.type) == (504, "application/problem+json")
    assert f'"limit": "{limit}"' in reply.text
    assert get(f"/sparql?query={quote(asked(10))}", accept="text/csv").status == 200


def test_without_room_for_files_only_large_answers_fail(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")

    reply = get(f"/sparql?query={quote(asked(100_000, 1))}", accept="text/csv, application/problem+json")

    assert reply.status == 502
    assert "temporary files" in reply.text
    assert get(f"/sparql?query={quote(asked(10, 1))}", accept="text/csv").status == 200


def test_so_many_large_answers_are_given_at_once(source: Source) -> None:
    spooling = Spooling()
    spooling.write(b"abc" * 1000)
    headers = [("Content-Type", "text/csv")]
    answer = Finished(
        200, headers, b"", [], spool=spooling.finish(), accept_encoding=None, since=source.since
    )  # fmt: skip
    giving, environ = Giving(1), {"REQUEST_METHOD": "GET", "PATH_INFO": "/sparql"}

    first, second = giving.give(answer, environ), giving.give(answer, environ)
    assert (first.status, second.status) == (200, 503)
    assert ("Retry-After", "5") in second.headers
    assert b"".join(first.body) == b"abc" * 1000
    first.body.close()  # type: ignore[attr-defined]
    assert giving.give(answer, environ).status == 200


def test_a_file_is_read_after_its_name_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 4000)
    spool = Spool.open(path)
    path.unlink()

    assert spool.whole() == bytes(range(256)) * 4000
    assert b"".join(spool.pieces(255, 3)) == b"\xff\x00\x01"


def test_large_answers_take_no_memory_of_the_process_that_answers(running: Server) -> None:
    texts = [asked(200_000, number) for number in range(8)]
    hostility.at_once(running.port, texts[:1])
    before = hostility.memory(descendants(running.process.pid))

    counts, _ = hostility.at_once(running.port, texts)

    assert counts == {200: len(texts)}
    # Each is some 40 MB.
    assert hostility.memory(descendants(running.process.pid)) < before + 60


def test_memory_comes_back_after_many_answers_at_once(running: Server) -> None:
    # Each is some 800 kB, held in memory, and not kept: a text that speaks of NOW( is asked anew.
    texts = [f"{asked(20_000, number)} NOW()" for number in range(200)]
    answering = children(running.process.pid)
    hostility.at_once(running.port, texts[:1])
    before = hostility.memory(answering)

    for first in range(0, len(texts), 25):
        counts, _ = hostility.at_once(running.port, texts[first : first + 25])
        assert counts == {200: 25}

    assert eventually(lambda: hostility.memory(answering) < before + 12, 60)
