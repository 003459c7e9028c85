"""Every graph format writes the same graph, reads back what it wrote, and gives the same bytes every time."""

import io
import json
import random
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import to_isomorphic

from tvld.errors import DataError, NotAcceptable
from tvld.formats import CSV, GRAPH_FORMATS, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from tvld.serialisation import COMMENTED, CSV_COLUMNS, csv_of_lines, read, triples, write

EX = "http://example.org/"
RDFLIB = {TURTLE: "turtle", JSONLD: "json-ld", RDFXML: "xml", NTRIPLES: "nt", NQUADS: "nquads", TRIG: "trig"}
ODD = """
@prefix ex: <http://example.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix tvld: <https://w3id.org/tvld/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a a ex:C , ex:D ;
  dct:title "yksi"@fi , "ett"@sv , "plain" , "two\\nlines \\" quoted"@fi ;
  dct:modified "2026-11-22"^^xsd:date , "yesterday" ;
  dct:hasPart ex:b , _:b , "not an address" ;
  tvld:sourceLine 7 , "007"^^xsd:integer ;
  ex:number 1.50 , 1e0 , true , "12"^^ex:type ;
  ex:lang "x"@fi-fi ;
  ex:self ex:a .
_:b ex:p ( 1 2 ) .
<http://example.org/ä/ö?q=1&r=2> ex:p "<&>" .
"""


def quads(text: str = ODD, format_: Format = TURTLE) -> list[ox.Quad]:
    return list(read(text.encode(), format_))


def isomorphic(one: set[ox.Triple], other: set[ox.Triple]) -> bool:
    graphs = []
    for found in (one, other):
        dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in found)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        graphs.append(set(dataset))
    return graphs[0] == graphs[1]


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
def test_what_is_written_reads_back_as_the_same_graph(format_: Format) -> None:
    written = write(quads(), format_)

    assert isomorphic(triples(read(written, format_)), triples(quads()))


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
def test_another_library_reads_the_same_graph(format_: Format) -> None:
    text = ODD.replace(', "007"^^xsd:integer', "").replace("1.50 , 1e0 , true , ", "")  # rdflib rewrites these
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=write(quads(text), format_), format=RDFLIB[format_])
    found = rdflib.Graph()
    for triple in dataset.triples((None, None, None)):
        found.add(triple)
    expected = rdflib.Graph().parse(data=text, format="turtle")

    assert to_isomorphic(found) == to_isomorphic(expected)


@pytest.mark.parametrize("format_", [*GRAPH_FORMATS, CSV], ids=lambda f: f.name)
def test_the_order_of_triples_says_nothing(format_: Format) -> None:
    given_quads = [q for q in quads() if "_:" not in str(q)]
    shuffled = random.Random(2).sample(given_quads, len(given_quads))

    assert write(given_quads, format_) == write(shuffled + shuffled[:3], format_)


@pytest.mark.parametrize("format_", [*GRAPH_FORMATS, CSV], ids=lambda f: f.name)
def test_an_empty_graph_is_written_too(format_: Format) -> None:
    written = write([], format_)

    if format_ is CSV:
        assert written == (",".join(CSV_COLUMNS) + "\r\n").encode()
    else:
        assert triples(read(written, format_)) == set()


def test_named_graphs_are_kept_where_the_format_has_them_and_merged_where_not() -> None:
    one, other = (ox.NamedNode(EX + name) for name in ("g1", "g2"))
    shared = [
        ox.Quad(q.subject, q.predicate, q.object, g)
        for q in quads("<http://e/a> <http://e/p> 1 .")
        for g in (one, other)
    ]

    for format_ in GRAPH_FORMATS:
        back = list(read(write(shared, format_), format_))
        assert {q.graph_name for q in back} == ({one, other} if format_.quads else {ox.DefaultGraph()})
        assert len(back) == (2 if format_.quads else 1)


def test_turtle_begins_with_what_a_reader_looks_for() -> None:
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    given_quads = quads(
        f"<http://e/a> <http://e/z> 1 ; <{rdfs}isDefinedBy> <http://e/> ; <{rdfs}label> 'a' ; a <http://e/C> ."
    )
    text = write(given_quads, TURTLE).decode()

    order = [text.index(part) for part in (" a ", "rdfs:label", "<http://e/z>", "rdfs:isDefinedBy")]
    assert order == sorted(order)


def test_only_used_prefixes_are_declared() -> None:
    text = write(quads("<http://e/a> <http://purl.org/dc/terms/title> 'a'@fi ."), TURTLE).decode()

    assert [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")] == ["dct:"]


def test_jsonld_has_short_names_and_its_context_inline() -> None:
    dct = "http://purl.org/dc/terms/"
    written = write(quads(f"<http://e/a> <{dct}title> 'a'@fi ; <{dct}hasPart> <http://e/b> ."), JSONLD)
    document = json.loads(written)

    assert document["@graph"] == [{"id": "http://e/a", "title": {"fi": "a"}, "hasPart": "http://e/b"}]
    assert document["@context"]["title"] == {"@id": "dct:title", "@container": "@language"}


def test_a_large_graph_is_compacted_in_parts_without_loss() -> None:
    many = quads("".join(f"<http://e/{n}> <http://e/p> <http://e/{n + 1}> .\n" for n in range(1203)), NTRIPLES)

    assert triples(read(write(many, JSONLD), JSONLD)) == triples(many)


@pytest.mark.parametrize(
    "text",
    [
        "<http://e/a> <http://e/p/> 1 .",
        "<http://e/a> <http://e/9> 1 .",
        '<http://e/a> <http://e/p> "\\u0001" .',
    ],
)
def test_what_xml_cannot_say_is_refused_in_rdfxml(text: str) -> None:
    with pytest.raises(NotAcceptable, match="Turtle"):
        write(quads(text), RDFXML)


@pytest.mark.parametrize("local", ["9p", "x/y", "-p", "a.b", "ä"])
def test_a_property_whose_name_is_no_xml_name_after_a_prefix_is_written_all_the_same(local: str) -> None:
    given_quads = quads(f"<http://e/a> <http://purl.org/dc/terms/{local}> 1 .")

    assert triples(read(write(given_quads, RDFXML), RDFXML)) == triples(given_quads)


@given(st.text(min_size=1), st.sampled_from([NTRIPLES, TURTLE, TRIG, NQUADS, JSONLD]))
def test_any_text_survives(text: str, format_: Format) -> None:
    quad = ox.Quad(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "p"), ox.Literal(text, language="fi"))

    assert triples(read(write([quad], format_), format_)) == {quad.triple}


@pytest.mark.parametrize(
    ("format_", "text", "place"),
    [
        (TURTLE, "<http://e/a> <http://e/p>\n  oops .", "bad.ttl:2:"),
        (NTRIPLES, "<http://e/a> <http://e/p> .", "bad.nt:1:"),
        (JSONLD, '{"@id": ', "bad.jsonld:1:"),
        (RDFXML, "<rdf:RDF", "bad.rdf"),
        (TURTLE, "<relative> <http://e/p> 1 .", "bad.ttl:1:"),
    ],
)
def test_a_mistake_is_told_with_its_place(format_: Format, text: str, place: str, tmp_path: Path) -> None:
    file = tmp_path / f"bad.{format_.suffix}"
    file.write_text(text)

    with pytest.raises(DataError, match=place.replace(".", r"\.")):
        list(read(file, format_))


def test_csv_made_from_sorted_lines_is_that_of_the_graph(tmp_path: Path) -> None:
    named = [q for q in quads() if "_:" not in str(q)]
    lines = tmp_path / "sorted.nt"
    lines.write_bytes(write(named, NTRIPLES))
    made = io.BytesIO()
    csv_of_lines(made, lines)

    assert made.getvalue() == write(named, CSV)


def test_comments_stand_at_the_head_of_the_formats_that_have_them_and_change_no_graph() -> None:
    said = ["licence: http://e/l", "publisher: --> <evil/> -- # -"]
    for format_ in GRAPH_FORMATS:
        written = write(quads(), format_, said)
        assert (b"licence: http://e/l" in written[:400]) == (format_ in COMMENTED)
        assert isomorphic(triples(read(written, format_)), triples(quads()))
