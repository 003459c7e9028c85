"""
One contract, three engines: the one inside tvld, the Oxigraph server and Virtuoso, over the same release.

Expected is what the release says, not what one of the engines says. Where an engine differs by itself, DIFFERENCES
tells how; each entry is a strict expected failure, so that it goes when the engine is mended.
"""

import csv
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pyoxigraph as ox
import pytest
import trustme

from tests.conftest import ROOT
from tests.remote_servers import MAX_ROWS, TRUE, Speak, http, misbehaving, oxigraph, virtuoso
from tvld.errors import (
    Busy,
    CallError,
    EngineError,
    NotAcceptable,
    QueryLimitExceeded,
    QueryRefused,
    QuerySyntaxError,
    TvldError,
)
from tvld.formats import (
    GRAPH_FORMATS,
    NTRIPLES,
    RESULT_FORMATS,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TURTLE,
    Format,
)
from tvld.iris import Base
from tvld.serialisation import read
from tvld.serve.engine import Answer, Engine, Query
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.release import open_release
from tvld.serve.remote import GraphStore, RemoteEngine, load
from tvld.serve.remote.graphs import Graphs
from tvld.serve.remote.layout import Beside
from tvld.serve.source import Source
from tvld.serve.workers import Limits, WorkerEngine

ENGINES = ("inside", "oxigraph", "virtuoso")
# One question takes Oxigraph a second on a quiet machine.
LIMITS = Limits(seconds=8, answer_mib=1)
SECONDS = 1.5
BASE = "http://127.0.0.1:8000/"
QUESTIONS = sorted((ROOT / "ontology" / "questions").glob("*.rq"))

UNMERGED = "would count a triple once for each graph of FROM that holds it (Oxigraph: its issue 1919): refused"
DIFFERENCES = {
    ("oxigraph", "two graphs that are not all"): UNMERGED,
    ("virtuoso", "two graphs that are not all"): UNMERGED,
    (
        "virtuoso",
        "a graph called in VALUES",
    ): "VALUES in front of GRAPH finds nothing where one of its names is unknown",
    ("virtuoso", "the name of a graph as a string"): "inside this server the graphs of a release have other names",
    ("virtuoso", "a thing described"): "DESCRIBE gives the triples that point to a thing too",
    (
        "virtuoso",
        "q08-data-groups-found-in-most-stores",
    ): "ORDER BY puts a comma before a hyphen's word: not by code point",
}


def over(*cases: str) -> Any:
    """Every case over every engine, the known differences marked."""
    pairs = [
        pytest.param(
            engine,
            case,
            id=f"{engine}-{case}",
            marks=[
                pytest.mark.xfail(strict=True, raises=(AssertionError, QueryRefused), reason=DIFFERENCES[engine, case])
            ]
            if (engine, case) in DIFFERENCES
            else [],
        )
        for case in cases
        for engine in ENGINES
    ]
    return pytest.mark.parametrize(("engine", "case"), pairs, indirect=["engine"])


@pytest.fixture(scope="module")
def source(release: Path) -> Source:
    return open_release(release)


@pytest.fixture(scope="module")
def engines(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """The engines that have been asked for; a server is started when its first test comes."""
    with ExitStack() as stack:

        class Started(dict[str, Engine]):
            def __missing__(self, name: str) -> Engine:
                if name == "inside":
                    engine: Engine = WorkerEngine(source.graph_files, LIMITS, BASE)
                else:
                    running = oxigraph() if name == "oxigraph" else virtuoso(tmp_path_factory.mktemp("virtuoso"))
                    server = stack.enter_context(running)
                    login = Path(server.login).read_text().strip() if server.login else ""
                    store = GraphStore(server.url, "", login, 60)
                    load(source, store, keep=1, tell=lambda _: None)
                    store.close()
                    engine = RemoteEngine(server.url, source, LIMITS)
                stack.callback(engine.close)
                self[name] = engine
                return engine

        yield Started()


@pytest.fixture
def engine(request: pytest.FixtureRequest, engines: dict[str, Engine]) -> Engine:
    return engines[request.param]


def rows(engine: Engine, text: str, **more: Any) -> Counter[tuple[str, ...]]:
    body = engine.ask(Query(text, RESULTS_CSV, None, **more)).body.decode()
    return Counter(tuple(row) for row in csv.reader(body.splitlines()[1:]))


def in_graphs(source: Source, *names: str) -> set[ox.Triple]:
    return {q.triple for q in source.quads() if q.graph_name.value.removeprefix(f"{BASE}graph/") in names}


EVERYTHING = ("kaupunki", "catalog", "ns", "shapes")
MERGED = ("kaupunki", "catalog")
COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
COUNT_NAMED = "SELECT ?g (COUNT(*) AS ?n) {} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
URIS = tuple(f"{BASE}graph/{name}" for name in MERGED)
# Query, further members of it, the graphs whose triples are counted together; and one row for each graph counted alone.
GRAPHS: dict[str, tuple[str, dict[str, Any], tuple[str, ...], tuple[str, ...]]] = {
    "no graph named": (COUNT.format(""), {}, MERGED, ()),
    "one graph": (COUNT.format("FROM <graph/ns>"), {}, ("ns",), ()),
    "one graph by a prefix": ("PREFIX g: <graph/>\n" + COUNT.format("FROM g:ns"), {}, ("ns",), ()),
    "two graphs": (COUNT.format("FROM <graph/kaupunki> FROM <graph/catalog>"), {}, MERGED, ()),
    "two graphs that share nothing": (
        COUNT.format("FROM <graph/kaupunki> FROM <graph/ns>"),
        {},
        ("kaupunki", "ns"),
        (),
    ),
    "two graphs beside a named one": (
        "SELECT ?g (COUNT(*) AS ?n) FROM <graph/kaupunki> FROM <graph/shapes> FROM NAMED <graph/ns> "
        "{ GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        {},
        (),
        ("ns",),
    ),
    "two graphs that are not all": (
        COUNT.format("FROM <graph/kaupunki> FROM <graph/catalog> FROM <graph/ns>"),
        {},
        ("kaupunki", "catalog", "ns"),
        (),
    ),
    "a graph of the protocol": (COUNT.format("FROM <graph/ns>"), {"default_graphs": URIS[1:]}, ("catalog",), ()),
    "two graphs of the protocol": (COUNT.format(""), {"default_graphs": URIS}, MERGED, ()),
    "only named": (COUNT.format("FROM NAMED <graph/ns>"), {}, (), ()),
    "only default": (COUNT_NAMED.format("FROM <graph/ns>"), {}, (), ()),
    "all named": (COUNT_NAMED.format(""), {}, (), EVERYTHING),
    "named": (COUNT_NAMED.format("FROM <graph/ns> FROM NAMED <graph/shapes>"), {}, (), ("shapes",)),
    "named by the protocol": (COUNT_NAMED.format(""), {"named_graphs": URIS}, (), MERGED),
    "a graph called": ("SELECT (COUNT(*) AS ?n) { GRAPH <graph/ns> { ?s ?p ?o } }", {}, ("ns",), ()),
    "a graph called in VALUES": (
        "SELECT ?g (COUNT(*) AS ?n) { VALUES ?g { <graph/ns> <urn:none> } GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        {},
        (),
        ("ns",),
    ),
    "a graph called in FILTER": (
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(?g = <graph/ns>) } GROUP BY ?g",
        {},
        (),
        ("ns",),
    ),
    "the name of a graph as a string": (
        f"SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STR(?g) = '{BASE}graph/ns') }} GROUP BY ?g",
        {},
        (),
        ("ns",),
    ),
}


@over(*GRAPHS)
def test_a_query_sees_the_graphs_it_names(engine: Engine, case: str, source: Source) -> None:
    text, more, together, alone = GRAPHS[case]
    expected = [(f"{BASE}graph/{name}", str(len(in_graphs(source, name)))) for name in alone]
    if "?g" not in text:
        expected = [(str(len(in_graphs(source, *together))),)]

    assert rows(engine, text, **more) == Counter(expected)


def equal(found: str, expected: str) -> bool:
    """Compare cells by value: Virtuoso writes what EXISTS gives as a number."""
    return found == expected or {"true": "1", "false": "0"}.get(expected) == found


@over(*(path.stem for path in QUESTIONS))
def test_a_question_gets_its_answer(engine: Engine, case: str) -> None:
    path = ROOT / "ontology" / "questions" / f"{case}.rq"
    answer = engine.ask(Query(path.read_text(encoding="utf-8"), RESULTS_CSV, None))
    found, expected = (
        list(csv.reader(text.splitlines()))
        for text in (answer.body.decode(), path.with_suffix(".csv").read_text(encoding="utf-8"))
    )

    assert [len(row) for row in found] == [len(row) for row in expected]
    for row, wanted in zip(found, expected, strict=True):
        assert all(map(equal, row, wanted)), (row, wanted)


def test_no_question_and_no_difference_is_left_over() -> None:
    assert len(QUESTIONS) >= 14
    cases = {*GRAPHS, *TRIPLES, *(path.stem for path in QUESTIONS)}
    assert [entry for entry in DIFFERENCES if entry[0] not in ENGINES or entry[1] not in cases] == []


VALUES = """SELECT ?a ?b ?c ?d ?e { VALUES (?a ?b ?c ?d ?e) {
  ("ä\\"\\n"@fi "x"^^<urn:t> 1.5 <urn:ö> true)
  ("c\\td" 7 "2026-01-02"^^<http://www.w3.org/2001/XMLSchema#date> UNDEF false)
} }"""


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda f: f.name)
@over("values")
def test_rows_are_the_same_in_every_format(
    engine: Engine, case: str, format_: Format, engines: dict[str, Engine]
) -> None:
    answer = engine.ask(Query(VALUES, format_, None))

    assert (answer.format, answer.kind) == (format_, "select")
    assert bag(answer) == bag(engines["inside"].ask(Query(VALUES, format_, None)))


def bag(answer: Answer) -> Counter[Any]:
    if answer.format is RESULTS_CSV:
        return Counter(answer.body.decode().split("\r\n"))
    kinds = {RESULTS_JSON: "JSON", RESULTS_XML: "XML", RESULTS_TSV: "TSV"}
    results = ox.parse_query_results(answer.body, format=getattr(ox.QueryResultsFormat, kinds[answer.format]))
    assert isinstance(results, ox.QuerySolutions)
    names = [variable.value for variable in results.variables]
    return Counter(tuple((name, str(row[name])) for name in names) for row in results)


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda f: f.name)
@over("ask")
def test_yes_and_no_are_written_in_every_format(engine: Engine, case: str, format_: Format) -> None:
    for text, word in (("ASK { ?s ?p ?o }", b"true"), ("ASK { <urn:none> ?p ?o }", b"false")):
        answer = engine.ask(Query(text, format_, None))

        assert answer.kind == "ask"
        assert word in answer.body


STORE = f"{BASE}id/kaupunki/store/hankintapalvelut"
TRIPLES = {
    "a thing constructed": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{STORE}> }} ?s ?p ?o }}",
    "a thing described": f"DESCRIBE <{STORE}>",
    "nothing": "CONSTRUCT WHERE { <urn:none> ?p ?o }",
    "once": "CONSTRUCT { <urn:a> <urn:b> <urn:c> } WHERE { ?s a <https://w3id.org/tvld/ns#DataStore> }",
}


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
@over(*TRIPLES)
def test_a_graph_is_the_same_in_every_format(engine: Engine, case: str, format_: Format, source: Source) -> None:
    store = {t for t in in_graphs(source, *MERGED) if t.subject == ox.NamedNode(STORE)}
    once = {ox.Triple(*(ox.NamedNode(f"urn:{part}") for part in "abc"))}
    answer = engine.ask(Query(TRIPLES[case], None, format_))

    written = [quad.triple for quad in read(answer.body, format_)]
    assert len(written) == len(set(written))
    assert set(written) == {"nothing": set(), "once": once}.get(case, store)
    assert (answer.format, answer.kind) == (format_, "graph")


REFUSED: dict[str, tuple[str, type[TvldError], str]] = {
    "a mistake": ("SELECT *\nWHERE { ?s ?p }", QuerySyntaxError, "line 2, column 15: '}' does not fit here"),
    "a mistake behind FROM": ("SELECT * FROM <graph/ns>\n{ ?s }", QuerySyntaxError, "line 2, column 6"),
    "a prefix": ("ASK { ?s a dcat:Dataset }", QuerySyntaxError, "add PREFIX dcat: <http://www.w3.org/ns/dcat#>"),
    "another dialect": ("define get:soft 'soft' ASK {}", QuerySyntaxError, "'define' does not fit here"),
    "SERVICE": ("ASK { SERVICE <http://127.0.0.1/> {} }", QueryRefused, "SERVICE is refused"),
    "SERVICE without a blank": (
        "PREFIX : <http://127.0.0.1/> ASK { SERVICE:x { ?s ?p ?o } }",
        QueryRefused,
        "SERVICE is refused",
    ),
    "an update": ("INSERT DATA { <urn:a> <urn:b> 1 }", QueryRefused, "read-only"),
    "a function": ("ASK { ?s ?p ?o FILTER(<bif:http_get>('http://127.0.0.1/')) }", QueryRefused, "<bif:http_get>"),
    "a graph from elsewhere": (
        COUNT.format("FROM <http://127.0.0.1/>"),
        QueryRefused,
        "is not a graph of this dataset",
    ),
    "depth": ("ASK " + "{" * 65 + "}" * 65, QueryRefused, "nested more than 64 deep"),
    "patterns": ("ASK { " + "?a ?b ?c . " * 101 + "}", QueryRefused, "more than 100 triple patterns"),
    "length": ("ASK { " + "?a ?b ?c . " * 900_000 + "}", QueryRefused, "at most 64 KiB"),
    "format": ("ASK {}", NotAcceptable, "none of the formats"),
}


@over(*REFUSED)
def test_what_is_refused_is_refused_alike(engine: Engine, case: str) -> None:
    text, error, words = REFUSED[case]
    started = time.monotonic()
    with pytest.raises(error) as refusal:
        engine.ask(Query(text, None if case == "format" else RESULTS_JSON, TURTLE))

    # A text of ten megabytes is not read to its end to be refused.
    assert time.monotonic() - started < 1
    assert words in str(refusal.value)
    if error is QuerySyntaxError:
        assert refusal.value.details["line"] == text.count("\n") + 1


SLOW = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?s2 ?p2 ?o2 . FILTER(CONTAINS(STR(?o), STR(?o2))) }"
LARGE = "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 } LIMIT 4000"
LIMITED = {"seconds": SLOW, "answer_mib": LARGE}


@over(*LIMITED)
def test_a_query_ends_at_its_limit_and_the_next_is_answered(engine: Engine, case: str) -> None:
    started = time.monotonic()
    with pytest.raises(QueryLimitExceeded) as refusal:
        engine.ask(Query(LIMITED[case], RESULTS_JSON, None, seconds=SECONDS))

    assert time.monotonic() - started < SECONDS + 1
    value = SECONDS if case == "seconds" else LIMITS.answer_mib
    assert (refusal.value.details["limit"], refusal.value.details["value"]) == (case, value)
    assert engine.ask(Query("ASK {}", RESULTS_JSON, None)).body == TRUE


@over("a long chain")
def test_a_text_that_kills_parsers_harms_none(engine: Engine, case: str) -> None:
    for text in (
        "ASK { FILTER(" + "!" * 60_000 + "true) }",
        "SELECT * { ?s ?p ?o " + "MINUS { ?s ?p 1 }" * 2000 + "}",
        "ASK { ?s ?p ?o FILTER(?s" + "+?o" * 9000 + ") }",
        "ASK { (" + "1 " * 5000 + ") ?p ?o }",
    ):
        with suppress(QueryRefused, QueryLimitExceeded):
            engine.ask(Query(text, RESULTS_JSON, None, seconds=SECONDS))
        assert engine.ask(Query("ASK {}", RESULTS_JSON, None)).body == TRUE


@over("many")
def test_many_threads_get_each_their_own_answer(engine: Engine, case: str) -> None:
    wrong: list[object] = []

    def ask_for(mark: int) -> None:
        for turn in range(5):
            try:
                found = rows(engine, f"SELECT ('{mark}-{turn}' AS ?x) {{}}")
            except TvldError as err:
                wrong.append(err)
            else:
                wrong.extend(found - Counter([(f"{mark}-{turn}",)]))

    threads = [threading.Thread(target=ask_for, args=(mark,)) for mark in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert wrong == []


@over("health")
def test_health_is_told(engine: Engine, case: str) -> None:
    assert engine.health()["ready"] is True


# What a server does of its own accord


def test_rows_that_virtuoso_cuts_are_no_answer(engines: dict[str, Engine], source: Source) -> None:
    """Of 1 MiB of limit these need half: it is not the size that is told."""
    with pytest.raises(QueryLimitExceeded) as refusal:
        engines["virtuoso"].ask(Query("SELECT ?p { ?s ?p ?o . ?s2 a ?c }", RESULTS_CSV, None))

    assert refusal.value.details == {"limit": "rows", "value": MAX_ROWS}


def test_an_answer_that_oxigraph_cuts_is_none(source: Source) -> None:
    """It says 200, ends the body well, and puts a sentence behind half of an answer."""
    with oxigraph("--timeout-s", "1") as server:
        store = GraphStore(server.url, "", "", 60)
        load(source, store, keep=1, tell=lambda _: None)
        store.close()
        engine = RemoteEngine(server.url, source, Limits(seconds=8))
        try:
            for form in ("SELECT ?s", "CONSTRUCT { ?s a <urn:x> }"):
                text = form + " WHERE { ?s ?p ?o . ?s2 ?p2 ?o2 FILTER(CONTAINS(STR(?o), CONCAT(STR(?o2), 'x'))) }"
                with pytest.raises(QueryLimitExceeded, match="longer than"):
                    engine.ask(Query(text, RESULTS_CSV, NTRIPLES))
        finally:
            engine.close()


def test_a_server_without_the_release_is_told_at_once(source: Source) -> None:
    with oxigraph() as server, pytest.raises(EngineError, match=f"does not hold the release {source.name}"):
        RemoteEngine(server.url, source, LIMITS)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "http://", "http://u:p@127.0.0.1/", "http://127.0.0.1:x/", "sparql"]
)
def test_what_is_no_address_is_refused(url: str, loose: Source) -> None:
    with pytest.raises(CallError):
        RemoteEngine(url, loose, LIMITS)


# What a server should not do


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A file that is no release: the server need hold nothing for it."""
    path = tmp_path_factory.mktemp("loose") / "one.ttl"
    path.write_text("<http://e/a> <http://e/b> <http://e/c> .")
    return open_rdf_files([path], Base(BASE))


def drip(head: bytes, drops: bytes) -> Speak:
    def speak(sock: Any) -> None:
        sock.sendall(head)
        for drop in drops:
            sock.sendall(bytes([drop]))
            time.sleep(0.05)

    return speak


def flood(sock: Any) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        sock.sendall(b" " * 65536)


ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SELECT, GRAPH = "SELECT ?s { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"
SPEECHES: dict[str, tuple[Speak | bytes, str, type[TvldError], str]] = {
    "dripping headers": (
        drip(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 200),
        SELECT,
        QueryLimitExceeded,
        "longer than the 1 s",
    ),
    "a dripping body": (drip(http(b"", length=200), b" " * 200), SELECT, QueryLimitExceeded, "longer than the 1 s"),
    "silence": (lambda sock: time.sleep(4), SELECT, QueryLimitExceeded, "longer than the 1 s"),
    "a flood": (flood, SELECT, QueryLimitExceeded, "larger than 1 MiB"),
    "a body cut short": (http(ROWS[:-20], length=len(ROWS)), SELECT, EngineError, "broke off 20 bytes"),
    "a chunk cut short": (CHUNKED + b"55\r\n" + ROWS[:-20], SELECT, EngineError, "does not answer"),
    "rows cut short": (http(ROWS[:-20]), SELECT, EngineError, "is not whole"),
    "nothing": (http(b""), SELECT, EngineError, "is not whole"),
    "a page": (http(b"<html>Welcome</html>"), SELECT, EngineError, "is not whole"),
    "a graph cut short": (http(b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn"), GRAPH, EngineError, "is not whole"),
    "a graph cut within a line": (http(b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <u\n"), GRAPH, EngineError, "is not whole"),
    "partial rows": (http(ROWS, "200 OK", "X-SQL-State: S1TAT"), SELECT, QueryLimitExceeded, "longer than"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", SELECT, EngineError, "does not answer"),
    "a break": (b"", SELECT, EngineError, "does not answer"),
    "a failure": (http(b"disk full", "500 Internal Server Error"), SELECT, EngineError, "answered 500: disk full"),
    "a timeout of its own": (
        http(b"Virtuoso S1T00 Error", "500 X"),
        SELECT,
        QueryLimitExceeded,
        "its own limit of time",
    ),
    "a cost": (http(b"The estimated execution time 9 (sec)", "500 X"), SELECT, QueryLimitExceeded, "did not begin"),
    "a refusal": (http(b"no such", "400 Bad Request"), SELECT, QueryRefused, "does not take this query: no such"),
    "too busy": (http(b"", "503 X", "Retry-After: 7"), SELECT, Busy, "try again in 7 s"),
    "a redirect": (http(b"", "302 Found", "Location: http://127.0.0.1:1/"), SELECT, EngineError, "answered 302"),
}


def held(error: BaseException | None) -> list[object]:
    """Give the results that an error keeps from being dropped by the thread that made them, the only one that may."""
    if error is None:
        return []
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    found = [value for frame in frames for value in frame.f_locals.values() if isinstance(value, ox.QuerySolutions)]
    return found + held(error.__context__)


@pytest.mark.parametrize("name", SPEECHES)
def test_what_a_server_does_wrong_is_never_an_answer(name: str, loose: Source) -> None:
    said, text, error, words = SPEECHES[name]
    speak: Speak = (lambda sock: sock.sendall(said)) if isinstance(said, bytes) else said
    with misbehaving(speak) as server:
        engine = RemoteEngine(server.url, loose, Limits(seconds=1, answer_mib=1))
        try:
            started = time.monotonic()
            with pytest.raises(error) as told:
                engine.ask(Query(text, RESULTS_CSV, NTRIPLES))

            assert time.monotonic() - started < 2.5
            assert words in str(told.value)
            assert not held(told.value)
            assert server.asked[0].startswith(b"POST /query HTTP/1.1")
            server.speak = lambda sock: sock.sendall(http(ROWS))
            assert rows(engine, SELECT) == Counter([("urn:a",)])
        finally:
            engine.close()


def test_a_connection_that_was_closed_while_idle_is_opened_anew_once(loose: Source) -> None:
    """The server closes after every answer without saying so."""
    with misbehaving(lambda sock: sock.sendall(http(ROWS))) as server:
        engine = RemoteEngine(server.url, loose, Limits(seconds=2, workers=1))
        try:
            for _ in range(3):
                assert rows(engine, SELECT) == Counter([("urn:a",)])
            assert engine.health()["retried"] == 2
            # Once, and no more: a query that kills the server is not sent again and again.
            server.speak, server.asked = (lambda sock: None), []
            with pytest.raises(EngineError, match="closed before an answer came"):
                rows(engine, SELECT)
            assert len(server.asked) == 1
        finally:
            engine.close()


def test_a_dead_server_is_left_alone_until_it_answers_again(loose: Source) -> None:
    with misbehaving(lambda sock: sock.sendall(http(ROWS))) as server:
        engine = RemoteEngine(server.url, loose, Limits(seconds=0.3, workers=1), rest_seconds=0.5)
        try:
            server.deaf = True
            for _ in range(3):
                with pytest.raises(QueryLimitExceeded):
                    rows(engine, SELECT)
            before = server.connections
            started = time.monotonic()
            with pytest.raises(EngineError, match="is tried again in") as refusal:
                rows(engine, SELECT)
            assert time.monotonic() - started < 0.2
            assert refusal.value.details["retry_after"] == 1
            assert server.connections == before
            assert engine.health()["ready"] is False
            time.sleep(0.6)
            with pytest.raises(EngineError, match="still does not answer"):
                rows(engine, SELECT)
            server.deaf = False
            time.sleep(0.6)
            assert rows(engine, SELECT) == Counter([("urn:a",)])
            assert engine.health()["ready"] is True
        finally:
            engine.close()


def test_a_slow_query_does_not_make_a_server_dead(loose: Source) -> None:
    with misbehaving(lambda sock: time.sleep(1)) as server:
        engine = RemoteEngine(server.url, loose, Limits(seconds=0.2, workers=1))
        try:
            for _ in range(5):
                with pytest.raises(QueryLimitExceeded):
                    rows(engine, SELECT)
            server.speak = lambda sock: sock.sendall(http(ROWS))
            assert rows(engine, SELECT) == Counter([("urn:a",)])
        finally:
            engine.close()


def test_a_release_of_many_graphs_is_asked_of_as_few_as_a_query_needs() -> None:
    names = frozenset(f"{BASE}graph/{number}" for number in range(300))
    layout = Beside(Graphs(names, names), BASE, "r1")

    def told(text: str) -> Counter[str]:
        return Counter(name for name, _ in layout.put(Query(text, RESULTS_JSON, None)))

    assert told("SELECT * { ?s ?p ?o }") == {"query": 1, "default-graph-uri": 1, "named-graph-uri": 1}
    assert told("SELECT * { GRAPH ?g { ?s ?p ?o } }") == {"query": 1, "default-graph-uri": 1, "named-graph-uri": 300}
    assert ("named-graph-uri", f"{BASE}dumps/r1/nothing") in layout.put(Query("ASK {}", RESULTS_JSON, None))


def test_an_answer_may_have_as_many_headers_as_the_release_has_graphs(loose: Source) -> None:
    answer = http(ROWS, "200 OK", *(f"X-SPARQL-named-graph: urn:{number}" for number in range(300)))
    with misbehaving(lambda sock: sock.sendall(answer)) as server:
        engine = RemoteEngine(server.url, loose, LIMITS)
        try:
            assert rows(engine, SELECT) == Counter([("urn:a",)])
        finally:
            engine.close()


def test_a_long_query_gives_way_to_small_ones_that_wait(loose: Source) -> None:
    """Of two connections one may be held by long queries; the second long one starts anew when its turn comes."""

    def speak(sock: Any) -> None:
        if b"LONG" in server.asked[-1]:
            time.sleep(2)
        sock.sendall(http(ROWS))

    with misbehaving(speak) as server:
        engine = RemoteEngine(server.url, loose, Limits(seconds=5, workers=2, slice_seconds=0.05, queue_seconds=5))
        ended: list[Counter[tuple[str, ...]]] = []
        long = [
            threading.Thread(target=lambda n=n: ended.append(rows(engine, f"{SELECT} # LONG {n}")))  # type: ignore[misc]
            for n in range(2)
        ]
        try:
            for thread in long:
                thread.start()
            until = time.monotonic() + 5
            while len(server.asked) < 2:
                assert time.monotonic() < until
                time.sleep(0.01)
            started = time.monotonic()
            for number in range(5):
                rows(engine, f"{SELECT} # {number}")
            took = time.monotonic() - started
            for thread in long:
                thread.join(10)
            figures = engine.health()
        finally:
            engine.close()

    assert took < 1.5, "no small one waits for a long one to end"
    assert ended == [Counter([("urn:a",)])] * 2
    assert (figures["moved"], figures["long"], figures["answered"]) == (1, 0, 7)


def test_a_server_is_reached_over_https_only_if_its_certificate_holds(
    tmp_path: Path, loose: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with misbehaving(lambda sock: sock.sendall(http(ROWS)), tls=authority.issue_cert("127.0.0.1")) as server:
        with pytest.raises(EngineError, match="certificate verify failed"):
            RemoteEngine(server.url, loose, Limits(seconds=2))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        with pytest.raises(EngineError, match="Hostname mismatch"):
            RemoteEngine(server.url.replace("127.0.0.1", "localhost"), loose, Limits(seconds=2))
        engine = RemoteEngine(server.url, loose, Limits(seconds=0.5, slice_seconds=0.05))
        try:
            assert rows(engine, SELECT) == Counter([("urn:a",)])
            # Slower than a slice, then past the time: both clocks run over encrypted connections too.
            server.speak = lambda sock: (time.sleep(0.2), sock.sendall(http(ROWS)))
            assert rows(engine, SELECT) == Counter([("urn:a",)])
            server.speak = drip(http(b"", length=200), b" " * 200)
            with pytest.raises(QueryLimitExceeded):
                rows(engine, SELECT)
        finally:
            engine.close()


def test_more_than_may_wait_are_told_to_come_back(loose: Source) -> None:
    with misbehaving(lambda sock: time.sleep(1)) as server:
        engine = RemoteEngine(server.url, loose, Limits(seconds=1, workers=1, queue=1, queue_seconds=0.2))
        told: list[TvldError] = []

        def ask() -> None:
            try:
                rows(engine, SELECT)
            except TvldError as err:
                told.append(err)

        threads = [threading.Thread(target=ask) for _ in range(5)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)
        finally:
            engine.close()
        busy = [err for err in told if isinstance(err, Busy)]
        assert len(busy) == 4
        assert all(err.details["retry_after"] >= 1 for err in busy)


def test_the_request_says_what_is_asked(tmp_path: Path) -> None:
    """The query with its base and without FROM, which servers do not treat alike, and the graphs as parameters."""
    path = tmp_path / "graphs.trig"
    path.write_text("<urn:g1> { <urn:a> <urn:b> <urn:c> } <urn:g2> { <urn:a> <urn:b> <urn:c> }")
    with misbehaving(lambda sock: sock.sendall(http(TRUE))) as server:
        engine = RemoteEngine(server.url, open_rdf_files([path], Base(BASE)), LIMITS)
        try:
            engine.ask(Query("ASK\nFROM <urn:g1> FROM NAMED <urn:g2> { <a> ?p ?o }", RESULTS_JSON, None))
        finally:
            engine.close()
        head, _, body = server.asked[0].decode().partition("\r\n\r\n")
        [(_, text), *graphs] = parse_qsl(body)
        assert text.split() == f"BASE <{BASE}> ASK {{ <a> ?p ?o }}".split()
        assert graphs == [("default-graph-uri", "urn:g1"), ("named-graph-uri", "urn:g2")]
        assert "Accept: application/sparql-results+json" in head
