"""What the engine inside tvld answers: every format, and the graphs that a query asks."""

import csv
import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest

from tests.engines import BASE, Ask, number, two_graphs
from tvld.errors import NotAcceptable, QueryRefused, TvldError
from tvld.formats import (
    GRAPH_FORMATS,
    JSONLD,
    RDFXML,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TURTLE,
    Format,
)
from tvld.serialisation import read
from tvld.serve.workers import Limits

COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with two_graphs(tmp_path_factory.mktemp("two"), Limits(seconds=2)) as ask:
        yield ask


def test_rows_are_written_in_every_format(ask: Ask) -> None:
    text = "SELECT ?l WHERE { <http://example.org/s2> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"

    assert json.loads(ask(text).body)["results"]["bindings"] == [
        {"l": {"type": "literal", "value": "kaksi", "xml:lang": "fi"}}
    ]
    assert "kaksi" in "".join(ET.fromstring(ask(text, RESULTS_XML).body).itertext())
    assert list(csv.reader(ask(text, RESULTS_CSV).body.decode().splitlines())) == [["l"], ["kaksi"]]
    assert ask(text, RESULTS_TSV).body == b'?l\n"kaksi"@fi\n'


@pytest.mark.parametrize(
    ("rows", "body"),
    [
        (RESULTS_JSON, b'{"head":{},"boolean":true}'),
        (RESULTS_CSV, b"true"),
        (RESULTS_TSV, b"true"),
        (
            RESULTS_XML,
            b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
            b"<head></head><boolean>true</boolean></sparql>",
        ),
    ],
)
def test_yes_and_no_are_written_in_every_format(ask: Ask, rows: Format, body: bytes) -> None:
    answer = ask("ASK {}", rows)

    assert (answer.kind, answer.format, answer.body) == ("ask", rows, body)


@pytest.mark.parametrize("graph", GRAPH_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize(
    ("text", "triples"),
    [
        ("DESCRIBE <http://example.org/s2>", 2),
        ("CONSTRUCT { ?s a <urn:x> } WHERE { ?s ?p ?o FILTER(ISIRI(?s)) }", 3),
        ("CONSTRUCT { <urn:a> <urn:b> <urn:c> } WHERE { ?s ?p ?o }", 1),
        ("CONSTRUCT WHERE { <urn:nothing> ?p ?o }", 0),
    ],
)
def test_a_graph_is_written_in_every_format_each_triple_once(ask: Ask, graph: Format, text: str, triples: int) -> None:
    answer = ask(text, None, graph)

    assert (answer.kind, answer.format) == ("graph", graph)
    written = list(read(answer.body, graph))
    assert len(written) == len(set(written)) == triples


def test_turtle_declares_our_prefixes_where_they_are_used(ask: Ask) -> None:
    body = ask("DESCRIBE <http://example.org/s2>").body.decode()

    assert [line for line in body.splitlines() if "@prefix" in line] == [
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    ]
    assert "rdfs:label" in body


def test_jsonld_is_compact(ask: Ask) -> None:
    document = json.loads(ask("DESCRIBE <http://example.org/s2>", graph=JSONLD).body)

    assert document["@context"]["rdfs"] == "http://www.w3.org/2000/01/rdf-schema#"
    assert [node["id"] for node in document["@graph"]] == ["http://example.org/s2"]


def test_xml_refuses_what_it_cannot_hold_and_keeps_what_it_can(ask: Ask) -> None:
    labels = 'SELECT ?l WHERE {{ ?s ?p ?l FILTER(STRSTARTS(?l, "{}")) }}'

    with pytest.raises(NotAcceptable, match="control characters") as refusal:
        ask(labels.format("a"), RESULTS_XML)
    assert "text/csv" in refusal.value.details["available"]
    with pytest.raises(NotAcceptable, match="control character"):
        ask('CONSTRUCT WHERE { ?s ?p "a\\u0001b" }', graph=RDFXML)
    assert "c\rd" in list(ET.fromstring(ask(labels.format("c"), RESULTS_XML).body).itertext())


@pytest.mark.parametrize(
    ("text", "rows", "graph", "offer"),
    [
        ("DESCRIBE <urn:a>", RESULTS_JSON, None, "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", RESULTS_JSON, None, "text/turtle"),
        ("# why\nPREFIX a: <urn:a> # not\nSELECT * {}", None, TURTLE, "application/sparql-results+json"),
        ("ASK {}", None, TURTLE, "text/csv"),
    ],
)
def test_a_format_that_is_not_of_this_kind_is_told(
    ask: Ask, text: str, rows: Format | None, graph: Format | None, offer: str
) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        ask(text, rows, graph)

    assert offer in refusal.value.details["available"]


def test_relative_names_are_relative_to_the_base(ask: Ask) -> None:
    assert b"true" in ask("ASK { <s1> a <Store> }").body
    assert number(ask(COUNT.format("FROM <g2>"))) == 3


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ("", 9),
        ("FROM <http://example.org/g1>", 6),
        ("FROM <http://example.org/g1> FROM <http://example.org/g2>", 8),
        ("FROM <http://example.org/g1> FROM <http://example.org/g2> FROM <http://example.org/g3>", 9),
        ("FROM <http://example.org/g2> FROM <http://example.org/g2>", 3),
        ("FROM NAMED <http://example.org/g1>", 0),
        ("from\n# FROM <urn:comment>\n<http://example.org/\\u0067\\u0031>", 6),
    ],
)
def test_from_chooses_the_default_graph_and_a_shared_triple_counts_once(ask: Ask, clause: str, count: int) -> None:
    assert number(ask(COUNT.format(clause))) == count


def test_from_behind_a_template_is_seen(ask: Ask) -> None:
    template = "CONSTRUCT { ?s ?p ?o } FROM <g2> FROM <g3> WHERE { ?s ?p ?o FILTER(ISIRI(?s)) }"

    assert len(list(read(ask(template).body, TURTLE))) == 3
    with pytest.raises(QueryRefused, match="is not a graph"):
        ask(template.replace("<g3>", "<g4>"))


@pytest.mark.parametrize(
    ("default_graphs", "named_graphs", "plain", "in_graphs"),
    [
        ((), (), 9, 10),
        (("g1",), (), 6, 0),
        (("g1", "g2"), (), 8, 0),
        (("g1", "g2"), ("g2",), 8, 3),
        ((), ("g1", "g3"), 0, 7),
    ],
)
def test_graphs_of_the_protocol_replace_what_from_says(
    ask: Ask, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...], plain: int, in_graphs: int
) -> None:
    more = {
        "default_graphs": tuple(BASE + g for g in default_graphs),
        "named_graphs": tuple(BASE + g for g in named_graphs),
    }
    clause = "FROM <http://example.org/g3> FROM NAMED <http://example.org/g3>" if default_graphs or named_graphs else ""

    assert number(ask(COUNT.format(clause), **more)) == plain
    assert number(ask(f"SELECT (COUNT(*) AS ?n) {clause} {{ GRAPH ?g {{ ?s ?p ?o }} }}", **more)) == in_graphs


def test_a_blank_node_is_the_same_one_in_every_graph(ask: Ask) -> None:
    joined = "ASK {} {{ GRAPH <g1> {{ ?b <in> ?s }} ?b <in> ?s . GRAPH <g3> {{ ?b <of> ?g }} ?b <of> ?g }}"

    assert b"true" in ask(joined.format("")).body
    assert b"true" in ask(joined.format("FROM <g1> FROM <g3> FROM NAMED <g1> FROM NAMED <g3>")).body


@pytest.mark.parametrize("graph", ["file:///etc/passwd", "http://127.0.0.1:1/", "urn:none"])
def test_a_graph_from_elsewhere_is_refused_by_name(ask: Ask, graph: str) -> None:
    for refused in (
        lambda: ask(COUNT.format(f"FROM <{graph}>")),
        lambda: ask(COUNT.format(f"FROM NAMED <{graph}>")),
        lambda: ask(f"PREFIX x: <{graph}> " + COUNT.format("FROM x:")),
        lambda: ask("ASK {}", default_graphs=(graph,)),
        lambda: ask("ASK {}", named_graphs=("http://example.org/g1", graph)),
    ):
        with pytest.raises(QueryRefused, match=f"<{graph}> is not a graph") as refusal:
            refused()
        assert "<http://example.org/g1>" in str(refusal.value)


# Many at once


def test_many_threads_get_each_their_own_answer(ask: Ask) -> None:
    wrong: list[object] = []

    def ask_for(mark: int) -> None:
        for turn in range(40):
            try:
                body = ask(f"SELECT ('{mark}-{turn}' AS ?x) {{}}", RESULTS_CSV).body
            except TvldError as err:
                wrong.append(err)
            else:
                if body != f"x\r\n{mark}-{turn}\r\n".encode():
                    wrong.append(body)

    threads = [threading.Thread(target=ask_for, args=(mark,)) for mark in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert wrong == []
