"""What is told of a query that went wrong: the patterns in its text, what is expensive, why its answer is empty."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.web_client import Get, site
from tvld.errors import QuerySyntaxError
from tvld.serve.costs import costs
from tvld.serve.patterns import outline
from tvld.serve.problems import problem_of
from tvld.serve.rdf_files import open_rdf_files
from tvld.settings import Settings

PREFIXES = "PREFIX dct: <http://purl.org/dc/terms/> PREFIX tvld: <https://w3id.org/tvld/ns#>\n"

# A query, and its patterns as they stand alone; those that no answer needs in brackets.
PATTERNS = {
    "one": ("SELECT * { ?s ?p ?o }", ["?s ?p ?o"]),
    "lists of predicates and objects": (
        "ASK { ?s :p 'x'@fi , 5, -3 ; ; a :C, \"\"\"y\"\"\"^^:t ; . }",
        ["?s :p 'x'@fi", "?s :p 5", "?s :p -3", "?s a :C", '?s a """y"""^^:t'],
    ),
    "paths": (
        "ASK { ?s :q/:r* ?z . ?z ^:p|!(:a|^:b) ?y . ?y (:a/:b)+ ?x . ?x :p? 5 . ?x !a <urn:b> }",
        ["?s :q/:r* ?z", "?z ^:p|!(:a|^:b) ?y", "?y (:a/:b)+ ?x", "?x :p? 5", "?x !a <urn:b>"],
    ),
    "brackets": (
        "ASK { [] :q ?x . ( 1 2 ) :f [ :k [ :l ?m ] ; :n 2 ] . [ :alone 1 ] . }",
        ["[] :q ?x", "( 1 2 ) :f [ :k [ :l ?m ] ; :n 2 ]"],
    ),
    "what no answer needs": (
        "SELECT * { ?a :p ?b OPTIONAL { ?b :q ?c } MINUS { ?a :r ?d } { ?a :s 1 } UNION { ?a :s 2 } { ?a :t 3 } }",
        ["?a :p ?b", "(?b :q ?c)", "(?a :r ?d)", "(?a :s 1)", "(?a :s 2)", "?a :t 3"],
    ),
    "graphs": (
        "ASK { GRAPH ?g { ?a :p 1 . ?a :q 2 } ?g :r 3 }",
        ["GRAPH ?g { ?a :p 1 }", "GRAPH ?g { ?a :q 2 }", "?g :r 3"],
    ),
    "filters, values and what is computed are no patterns": (
        "SELECT (EXISTS { ?q :z 1 } AS ?e) { FILTER regex(?a, 'x. y') . BIND(1+1 AS ?n) VALUES (?a ?b) { (1 UNDEF) } "
        "FILTER NOT EXISTS { ?a :no ?c } FILTER(?b IN (1, 2)) VALUES ?x { 'a' :b } ?x :p ?a }",
        ["?x :p ?a"],
    ),
    "a template is none either": ("CONSTRUCT { ?s :x [ :y ?o ] } FROM <urn:g> WHERE { ?s :p ?o }", ["?s :p ?o"]),
    "a short CONSTRUCT": ("CONSTRUCT WHERE { ?s :p ?o . }", ["?s :p ?o"]),
    "a query in a query": (
        "SELECT ?x { { SELECT ?x (COUNT(*) AS ?n) { ?x :p :o ; } GROUP BY ?x HAVING(COUNT(*) > 1) LIMIT 5 } ?x :q ?y }",
        ["?x :p :o", "?x :q ?y"],
    ),
    "a description of one thing": ("DESCRIBE <urn:x>", []),
    "one that ends too early": ("SELECT * { ?s :p ?o . ?a ?b", ["?s :p ?o"]),
    "no text": ("", []),
    "one too deep": ("SELECT * " + "{" * 5000, []),
}  # fmt: skip


@pytest.mark.parametrize("name", PATTERNS)
def test_the_patterns_of_a_query_are_found_in_its_text(name: str) -> None:
    text, expected = PATTERNS[name]

    found = [pattern.group if pattern.required else f"({pattern.group})" for pattern in outline(text).patterns]

    assert found == expected


def test_what_stands_before_and_around_the_patterns_is_kept() -> None:
    read = outline("BASE <urn:b>\nPREFIX : <urn:x>\nSELECT * FROM <g> FROM NAMED :h { ?s :p ?o MINUS { ?s :q 1 } }")

    assert read.prologue == "BASE <urn:b>\nPREFIX : <urn:x>\n"
    assert read.datasets == "FROM <g> FROM NAMED :h"
    assert read.filtered
    assert not outline("SELECT * { ?s :p ?o }").filtered


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT * { ?a :p ?b .\n ?c :q ?d }", ["`?a :p ?b` (line 1) and `?c :q ?d` (line 2) share no variable"]),
        ("SELECT * { ?a :p ?b . ?b :q ?d }", []),
        ("SELECT * { ?a :p ?b . ?c :q ?d BIND(STR(?a) AS ?c) }", []),
        ("SELECT * { ?a :p ?b . ?c :q ?d VALUES (?b ?c) { (1 2) } }", []),
        ("SELECT * { ?a :p _:b . _:b :q ?c . <urn:s> :p 1 }", []),
        ("SELECT * { ?a :p+ ?b }", ["path of any length"]),
        ("SELECT * { ?a :p+ :b . :c :p* ?a }", []),
        ("SELECT * { ?a ?b ?c }", ["matches every triple"]),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", ["share no variable"] * 3),
    ],
)
def test_what_is_expensive_on_any_data_is_named(text: str, words: list[str]) -> None:
    found = costs(text)

    assert len(found) == len(words)
    assert all(part in sentence for part, sentence in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ("SELEC *", 1, "  SELEC *\n  ^\n"),
        ("\tASK {{", 6, "  \tASK {{\n  \t    ^\n"),
        ("…" + "x" * 100 + "y" * 100 + "…", 3000, "  …" + "x" * 100 + "y" * 100 + "…\n  " + " " * 101 + "^\n"),
    ],
)
def test_a_terminal_is_shown_the_line_and_the_place(line: str, column: int, marked: str) -> None:
    error = QuerySyntaxError("line 1: no", line=1, column=column, text=line)

    assert problem_of(error, "/sparql").text() == f"400 The query does not parse\nline 1: no\n\n{marked}"


def test_a_mistake_is_told_to_a_terminal_as_text(get: Get) -> None:
    query = quote("SELECT *\nWHERE { ?s dct:title }")
    reply = get(f"/sparql?query={query}", accept="text/csv, text/plain;q=0.9")

    assert (reply.status, reply.type) == (400, "text/plain")
    assert "add PREFIX dct: <http://purl.org/dc/terms/>" in reply.text
    assert "\n  WHERE { ?s dct:title }\n             ^\n" in reply.text


# A query, words of the reason, whether each pattern matches, and words of the advice.
EMPTY = {
    "a property that nothing has": (
        "SELECT * { ?s a tvld:DataStore ;\n dct:titles ?t }", "line 3 matches nothing", [True, False],
        "did you mean dct:title",
    ),
    "a class that nothing is of": (
        "SELECT * { ?s a tvld:Datastore }", "matches nothing", [False], "did you mean tvld:DataStore"
    ),
    "a text without its language": (
        'SELECT * { ?s dct:title "hankintapalvelut" }', "matches nothing", [False], "",
    ),
    "a system by its name without the language": (
        'ASK { ?system dct:title "potilastietojärjestelmä" }', "matches nothing", [False],
        'there is such a text as "potilastietojärjestelmä"@fi',
    ),
    "patterns that match apart": (
        "CONSTRUCT WHERE { ?s a tvld:DataStore . ?s a tvld:InformationSystem ; dct:title ?t }",
        "the first 2 have none together", [True, True, True], "",
    ),
    "a filter that leaves nothing": (
        "SELECT * { ?s dct:title ?t FILTER(?t = 'x') }", "FILTER", [True], ""
    ),
    "a graph that says nothing of it": (
        "SELECT * { GRAPH <http://127.0.0.1:8000/graph/ns> { ?s a tvld:DataStore } ?s dct:title ?t }",
        "matches nothing", [False, True], "",
    ),
    "nothing to match": ("SELECT * { FILTER(false) }", "no triple pattern", [], ""),
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_answer_is_explained(get: Get, name: str) -> None:
    text, reason, matches, advice = EMPTY[name]

    reply = get(f"/sparql?explain=empty&query={quote(PREFIXES + text)}")

    assert (reply.status, reply.type) == (200, "application/json"), reply.text
    told = json.loads(reply.body)
    assert told["empty"]
    assert reason.lower() in told["reason"].lower()
    assert [tested["matches"] for tested in told["patterns"]] == matches
    assert advice in "\n".join(tested["advice"] for tested in told["patterns"])


def test_an_explanation_is_had_as_text_and_on_the_page_and_by_post(get: Get) -> None:
    query = PREFIXES + "SELECT * { ?s dct:titles ?t }"
    address = f"/sparql?explain=empty&query={quote(query)}"
    form = f"explain=empty&query={quote(query)}".encode()

    assert "NO MATCH  line 2: ?s dct:titles ?t" in get(address, accept="text/plain").text
    page = get(address, accept="text/html")
    assert "✗ <code>?s dct:titles ?t</code>" in page.text
    posted = get("/sparql", "POST", form, content_type="application/x-www-form-urlencoded")
    assert json.loads(posted.body)["empty"]
    assert get(address, accept="image/png").status == 406


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ("explain=empty&query=ASK{}", 200, '"empty": false'),
        ("explain=all&query=ASK{}", 400, "explain=empty"),
        ("explain=empty&explain=empty&query=ASK{}", 400, "once"),
        ("explain=empty&query=ASK{", 400, "never closed"),
        ("explain=empty&query=DROP%20ALL", 400, "read-only"),
    ],
)
def test_what_cannot_be_explained_is_told_so(get: Get, parameters: str, status: int, words: str) -> None:
    reply = get(f"/sparql?{parameters}")

    assert reply.status == status
    assert words in reply.text


def test_a_query_past_its_time_is_told_what_in_it_is_expensive(tmp_path: Path) -> None:
    data = tmp_path / "chain.nt"
    data.write_text("".join(f"<http://e/n{n}> <http://e/next> <http://e/n{n + 1}> .\n" for n in range(3000)))
    with site(open_rdf_files([data], Settings().base()), Settings(log_requests=False, query_seconds=0.5)) as (get, _):
        query = "SELECT (COUNT(*) AS ?n) {\n?a ?b ?c .\n?d ?e ?f .\n?g <http://e/next> ?h }"
        reply = get(f"/sparql?query={quote(query)}")

    assert reply.status == 504
    told = json.loads(reply.body)
    assert told["limit"] == "seconds"
    assert "0.5 s" in told["detail"]
    assert "`?a ?b ?c` (line 2) and `?d ?e ?f` (line 3) share no variable" in told["detail"]
    assert len(told["expensive"]) == 3
