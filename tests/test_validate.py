"""From a graph and shapes to findings: severities, names, messages, places, and what shapes of the user's own do."""

import logging
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef

from tvld.build.findings import Finding, in_order
from tvld.build.validate import graph_of, validate
from tvld.errors import CallError
from tvld.model import Place

PREFIXES = """
@prefix : <http://example.com/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
EX = "http://example.com/"
GOOD = Path(__file__).parent / "data" / "catalogues" / "good.ttl"


def turtle(text: str) -> Graph:
    return graph_of(ox.parse(input=(PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE))


def shape(demands: str, about: str = "") -> str:
    book = ":Books a sh:NodeShape ; sh:targetClass :Book ; sh:property :Book-title ."
    return f"{book} :Book-title sh:path :title ; {demands} . {about}"


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


BOOK = ":a a :Book ."


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("sh:severity sh:Violation", "violation"),
        ("sh:severity sh:Warning", "warning"),
        ("sh:severity sh:Info", "info"),
        ("sh:nodeKind sh:Literal", "violation"),  # none said: a violation (SHACL 1.0, 2.1.4)
        ("sh:severity :Catastrophe", "violation"),  # one of the user's own: the gravest
    ],
)
def test_each_finding_has_the_severity_of_its_shape(severity: str, expected: str) -> None:
    assert only(validate(turtle(BOOK), turtle(shape(f"sh:minCount 1 ; {severity}")))).severity == expected


def test_a_finding_says_where_it_is_and_which_rule_it_breaks() -> None:
    asked = []

    def places(focus: str, path: str | None, value: str | None) -> Place:
        asked.append((focus, path, value))
        return Place("kunta/stores.csv", 7, "name")

    found = only(validate(turtle(':a a :Book ; :title "x" .'), turtle(shape("sh:datatype xsd:date")), places))

    assert asked == [(EX + "a", EX + "title", "x")]
    assert (found.rule, found.focus, found.path, found.value) == (EX + "Book-title", EX + "a", EX + "title", "x")
    assert str(found.place) == "kunta/stores.csv:7:name"


def test_what_explains_another_result_is_not_counted() -> None:
    shapes = turtle(shape("sh:node :Long", ":Long a sh:NodeShape ; sh:minLength 9 ; sh:pattern 'z' ."))

    assert only(validate(turtle(':a a :Book ; :title "x" .'), shapes)).rule == EX + "Book-title"


@pytest.mark.parametrize(
    ("demands", "data", "fi", "en"),
    [
        ('sh:minCount 1 ; sh:message "Puuttuu."@fi , "Missing."@en', BOOK, "Puuttuu.", "Missing."),
        ('sh:minCount 1 ; sh:message "It is missing."', BOOK, "It is missing.", "It is missing."),
        ('sh:minCount 1 ; sh:message "Fehlt."@de', BOOK, "Fehlt.", "Fehlt."),
        ('sh:minCount 1 ; sh:message "Fehlt."@de , "Missing."@en', BOOK, "Fehlt.", "Missing."),
        (
            "sh:minCount 2",
            BOOK,
            f"{EX}title: arvoja on oltava vähintään 2.",
            f"{EX}title: there must be at least 2 values.",
        ),
        (
            "sh:datatype xsd:date",
            ':a a :Book ; :title "x" .',
            f"{EX}title: arvon tietotyypin on oltava {XSD.date}; löytyi x.",
            f"{EX}title: the value's datatype must be {XSD.date}; found x.",
        ),
        (
            "sh:lessThan :other",  # a condition that has no words of its own here
            ":a a :Book ; :title 2 ; :other 1 .",
            f"{EX}title: ehto {SH.LessThanConstraintComponent} ei täyty; löytyi 2.",
            f"{EX}title: the condition {SH.LessThanConstraintComponent} is not met; found 2.",
        ),
    ],
)
def test_there_is_always_a_message_in_finnish_and_in_english(demands: str, data: str, fi: str, en: str) -> None:
    assert only(validate(turtle(data), turtle(shape(demands)))).messages == (("fi", fi), ("en", en))


def test_a_sparql_constraint_tells_its_own_message() -> None:
    query = "SELECT $this ?value WHERE { $this $PATH ?value FILTER (?value > 9) }"
    shapes = shape(f"sh:sparql [ sh:select '{query}' ; sh:message 'The value {{?value}} is too much.' ]")

    found = only(validate(turtle(":a a :Book ; :title 10 ."), turtle(shapes)))

    assert found.messages == (("fi", "The value 10 is too much."), ("en", "The value 10 is too much."))


def test_a_rule_without_a_name_is_called_after_the_shape_that_it_hangs_under() -> None:
    shapes = turtle(":Books a sh:NodeShape ; sh:targetClass :Book ; sh:property [ sh:path :title ; sh:minCount 1 ] .")

    assert only(validate(turtle(BOOK), shapes)).rule == EX + "Books"


def test_a_path_of_more_than_one_step_is_written_as_in_sparql() -> None:
    shapes = turtle(":S sh:targetClass :Book ; sh:property [ sh:path [ sh:inversePath :wrote ] ; sh:minCount 1 ] .")

    assert only(validate(turtle(BOOK), shapes)).path == f"^<{EX}wrote>"


def test_neither_graph_is_changed() -> None:
    data, shapes = turtle(BOOK), turtle(shape("sh:minCount 1"))
    before = set(data), set(shapes)

    validate(data, shapes)

    assert (set(data), set(shapes)) == before


def test_findings_come_in_the_order_of_every_report() -> None:
    shapes = shape("sh:minCount 1", ":Books sh:property :Book-note . :Book-note sh:path :note ; sh:minCount 1")
    found = validate(turtle(":b a :Book . :a a :Book ."), turtle(shapes + " ; sh:severity sh:Warning ."))

    assert found == in_order(found)
    assert [(f.severity, f.focus) for f in found] == [
        (severity, EX + focus) for severity in ("violation", "warning") for focus in "ab"
    ]


@pytest.mark.parametrize(
    ("shapes", "count"),
    [
        (shape("sh:minCount 1"), 1),
        (shape("sh:minCount 1", ":Books sh:deactivated true ."), 0),
        (shape("sh:minCount 1 ; sh:deactivated true"), 0),
        # The properties of :Book-author are asked of the author, not of the book.
        (
            ":Book-author sh:targetClass :Book ; sh:path :author ; sh:property :Author-died ."
            ":Author-died sh:path :died ; sh:maxCount 0 .",
            1,
        ),
        # :Books is asked of its own class and, through :Prize, of what won a prize.
        (shape("sh:minCount 1", ":Prize sh:targetSubjectsOf :won ; sh:node :Books ."), 2),
        (shape("sh:minCount 1", ":Books sh:targetNode :a , :z ; sh:targetObjectsOf :shelf ."), 3),
    ],
)
def test_a_property_is_asked_of_just_those_that_its_node_shape_targets(shapes: str, count: int) -> None:
    data = ":a a :Book ; :author :b . :b :died 1870 . :c :won :nobel . :hall :shelf :d ."

    found = validate(turtle(data), turtle(shapes))

    assert len(found) == count


def test_the_findings_are_those_of_pyshacl_however_targets_are_stated(authority: Path) -> None:
    """Targets are moved to the properties for speed: nothing else may come of it."""
    data = Graph()
    for subject, predicate, value in Graph().parse(GOOD):
        data.add((subject, predicate, Literal("x") if isinstance(value, URIRef) and predicate != RDF.type else value))
    official = Graph()
    for name in ("shapes.ttl", "range.ttl", "shapes_recommended.ttl"):
        official.parse(authority / "shapes" / "dcat-ap-3.0.1" / name)
    _, report, _ = pyshacl.validate(data, shacl_graph=official, inference="none")
    inverse = "^<http://www.w3.org/ns/dcat#inSeries>"  # the one path there that is not a property
    theirs = set()
    for result in report.objects(next(report.subjects(RDF.type, SH.ValidationReport)), SH.result):
        focus, path, value = (report.value(result, about) for about in (SH.focusNode, SH.resultPath, SH.value))
        theirs.add((str(focus), inverse if isinstance(path, BNode) else str(path or ""), str(value or "")))

    ours = {(f.focus or "", f.path or "", f.value or "") for f in validate(data, official)}

    assert len(theirs) > 60
    assert ours == theirs


@pytest.mark.parametrize(
    "shapes",
    [
        ":S a sh:PropertyShape ; sh:targetClass :Book ; sh:minCount 1 .",  # no path
        ":S a sh:PropertyShape ; sh:targetClass :Book ; sh:path :a , :b .",
        shape('sh:minCount "many"'),
    ],
)
def test_shapes_that_cannot_be_used_are_an_error_of_the_call(shapes: str) -> None:
    with pytest.raises(CallError, match="the shapes cannot be used: "):
        validate(turtle(':a a :Book ; :title "x" .'), turtle(shapes))


def test_a_literal_that_is_not_of_its_datatype_is_a_finding_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="root"):
        found = only(validate(turtle(':a a :Book ; :title "soon"^^xsd:date .'), turtle(shape("sh:datatype xsd:date"))))

    assert found.value == "soon"
    assert caplog.text == ""


def test_quads_become_one_graph_with_lexical_forms_as_written() -> None:
    trig = PREFIXES + '<urn:a> <urn:p> "007"^^xsd:integer , "x"@fi , _:b . <urn:g> { <urn:a> <urn:q> 1.50 }'
    graph = graph_of(ox.parse(input=trig.encode(), format=ox.RdfFormat.TRIG))

    assert "007" in {str(value) for value in graph.objects(predicate=URIRef("urn:p"))}
    assert [str(value) for value in graph.objects(predicate=URIRef("urn:q"))] == ["1.50"]
    assert Literal("x", lang="fi") in set(graph.objects())
    assert len(graph) == 4


def test_texts_are_the_same_whether_quads_or_rdflib_brought_them() -> None:
    shapes = Graph().parse(data=PREFIXES + shape('sh:in ( "a" "b" )'))

    assert validate(turtle(':a a :Book ; :title "b" .'), shapes) == []
    assert validate(Graph().parse(data=PREFIXES + ':a a :Book ; :title "b" .'), turtle(shape('sh:hasValue "b"'))) == []


def test_a_triple_about_a_triple_is_refused() -> None:
    quads = ox.parse(input=b"<urn:a> <urn:p> <<( <urn:b> <urn:p> <urn:c> )>> .", format=ox.RdfFormat.N_TRIPLES)

    with pytest.raises(CallError, match="triple terms"):
        graph_of(quads)
