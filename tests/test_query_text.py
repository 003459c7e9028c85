"""What is said of the text of a query: where it is wrong, why it is refused, and what is no reason to refuse it."""

import contextlib
import time
from collections.abc import Iterator

import pytest

from tests.engines import Ask, two_graphs
from tvld.errors import QueryRefused, QuerySyntaxError
from tvld.serve.workers import Limits
from tvld.serve.workers.text import check, tokens


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with two_graphs(tmp_path_factory.mktemp("two"), Limits(seconds=2)) as ask:
        yield ask


WRONG = {
    "SELECT ?s\nWHERE {\n  ?s ?p\n}": (4, 1, "'}' does not fit here"),
    "SELECT ?s\nWHERE {\n ?s ?p ?o\n ?a b ?c }": (4, 2, "'?a' does not fit here"),
    "SELECT\n?s,\n?o\n{?s ?p ?o}": (2, 3, "',' does not fit here"),
    "SELEKT * {}": (1, 1, "'SELEKT' does not fit here"),
    "SELECT (foo(1) AS ?x) {}": (1, 9, "'foo' does not fit here"),
    "SELECT * WHERE {\n ?s a dcat:Dataset }": (2, 7, "add PREFIX dcat: <http://www.w3.org/ns/dcat#>"),
    "PREFIX b: <urn:b>\nSELECT * { ?s a nope:x }": (2, 17, "the prefix nope: of nope:x is not declared"),
    "SELECT * {\n ?s ?p 'ääkkösiä\n}": (2, 8, "the string that begins here with ' is never closed"),
    "SELECT * { ?s ?p ?o\n": (1, 20, "the '{' of line 1, column 10 is never closed"),
    "SELECT * { ?s ?p ?o } ORDER BY": (1, 31, "ends before it is complete"),
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }": (1, 39, "a variable that is unbound"),
    "SELECT * { ?s ?p ?o } GROUP BY ?s": (1, 32, "SELECT * is not authorized with GROUP BY"),
    "SELECT * { 'äö' ?p ?o } } # ä": (1, 25, "'}' does not fit here"),
    "SELECT *\nFROM a:g { ?s ?p ?o }": (2, 6, "the prefix a: of a:g is not declared"),
    "SELECT *\r\n{ ?s ?p ?o\r\n\tFILTER ?o }": (3, 9, "'?o' does not fit here"),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_told_with_its_place(ask: Ask, text: str) -> None:
    line, column, words = WRONG[text]

    with pytest.raises(QuerySyntaxError) as refusal:
        ask(text)

    details = refusal.value.details
    assert (details["line"], details["column"]) == (line, column)
    assert str(refusal.value).startswith(f"line {line}, column {column}: ")
    assert words in str(refusal.value)
    assert details["text"] == text.splitlines()[line - 1]
    assert len(str(refusal.value)) < 200


READ_ONLY = ["INSERT DATA { <urn:a> <urn:b> 1 }", "# x\nPREFIX a: <urn:a>\ndelete where { ?s ?p ?o }", "CLEAR ALL"]
READ_ONLY += ["LOAD <file:///etc/passwd>", "BASE <urn:x> DROP SILENT ALL", "WITH <urn:g> DELETE { ?s ?p ?o } WHERE {}"]
READ_ONLY += ["CREATE GRAPH <urn:x>", "COPY <urn:a> TO <urn:b>", "MOVE <urn:a> TO <urn:b>", "ADD <urn:a> TO <urn:b>"]
UNFIT = {
    **dict.fromkeys(READ_ONLY, "read-only"),
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }": "SERVICE is refused",
    "ASK { FILTER EXISTS { {} UNION {service silent ?x { ?s ?p ?o } } } }": "SERVICE is refused",
    "ASK { ?a ?b 'x\\'' . SERVICE <http://127.0.0.1/> {} FILTER(?c = '') }": "SERVICE is refused",
    "": "the query is empty",
    " \n\t": "the query is empty",
    "ASK { '\0' }": "line 1, column 8: the query holds a NUL character",
    "ASK { '\ud800' }": "not Unicode text",
    "ASK {} #" + "x" * 65_600: "65 KiB long; at most 64 KiB",
    "ASK {} #" + "x" * 10_000_000: "at most 64 KiB",
    "ASK " + "{" * 65 + "}" * 65: "column 69: brackets are nested more than 64 deep",
    "ASK { FILTER(" + "(" * 70 + "1" + ")" * 70 + ") }": "brackets are nested more than 64 deep",
    "ASK { " + "?a ?b ?c . " * 101 + "}": "more than 100 triple patterns",
    "ASK { ?a ?b " + ", ".join("?c" * 150) + " }": "more than 100 triple patterns",
    "SELECT (<urn:f>(1) AS ?x) {}": "custom function <urn:f> is not supported",
}


@pytest.mark.parametrize("text", UNFIT, ids=lambda text: ascii(text[:40]))
def test_what_cannot_be_answered_is_refused_with_the_reason(ask: Ask, text: str) -> None:
    with pytest.raises(QueryRefused) as refusal:
        ask(text)

    assert UNFIT[text] in str(refusal.value)
    assert refusal.value.status == 400
    assert len(str(refusal.value)) < 300


HARMLESS = [
    "SELECT * { ?service ?p 'SERVICE <http://x/> {}' } # SERVICE",
    "PREFIX service: <urn:service#> SELECT * { ?s service:insert ?o, service:SERVICE }",
    'SELECT * { ?s <urn:SERVICE> """a "SERVICE" { """ , \'\'\'it\'s SERVICE\'\'\' }',
    "SELECT ?insert { ?insert a <urn:DROP> FILTER(?insert != 'DELETE WHERE') }",
    "PREFIX drop: <urn:x> # CLEAR ALL\nASK { _:service ?p 'a'@service }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o && ?o>?p) BIND('{{{{((((' AS ?x) }",
    "SELECT * { BIND('" + "{" * 100 + "' AS ?x) } #" + "(" * 100,
    "SELECT * { ?s ?p ?o FILTER(?o IN (" + ", ".join(["1.5"] * 300) + ")) }",
    "SELECT * { VALUES (?a ?b) { " + "(1.5 <urn:a.b.c>) " * 200 + "} }",
    "SELECT (GROUP_CONCAT(?x; separator='; . ,') AS ?y) { VALUES ?x { 1 2 } }",
    "SELECT * { ?s ?p ?o . { ?a ?b ?c } " + "UNION { ?a ?b ?c } " * 60 + "}",
    "BASE <http://example.org/> PREFIX : <x#> PREFIX a.b: <urn:y> SELECT * FROM <g1> { :a a.b:c\\#d <x> }",
]


@pytest.mark.parametrize("text", HARMLESS, ids=lambda text: text[:40])
def test_words_in_strings_names_and_comments_are_no_reason_to_refuse(ask: Ask, text: str) -> None:
    assert ask(text).body


@pytest.mark.parametrize(
    "piece",
    ["'", '"""', '"\\', "<a", "a.", "a.:", "_:a.", "1.", "#\n", "a:b..", "a...", "@a-", "PREFIX ", "?", "\\u0041", "é"],
)
def test_no_text_takes_long_to_cut_into_words(piece: str) -> None:
    """Bounded by the length of a text; a pattern that looks twice at what it has seen would take minutes."""
    text = piece * (65_000 // len(piece.encode()))
    started = time.process_time()

    assert len(list(tokens(text))) <= len(text)
    with contextlib.suppress(QueryRefused):
        check(text, Limits())
    assert time.process_time() - started < 2
