"""Documents, names and neighbours from the triples of any source."""

import pyoxigraph as ox
import pytest

from tvld.iris import Base
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.record import Record

DATA = """
PREFIX : <http://h/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
:g {
  :a a :Kind ; rdfs:label "yksi"@fi , "ett"@sv ; :knows :b ; :size 007 ; :box [ :holds :c ; :deeper [ :holds :d ] ] .
  :b a :Kind ; rdfs:label "kaksi" ; skos:prefLabel "muu"@fi ; :secret "not for a neighbour" .
  :far :knows :b .
}
:d skos:prefLabel "neljä"@fi ; :secret "nor this" .
[ :about :a ; :by :e ] :in :f .
"""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    path = tmp_path_factory.mktemp("rdf") / "data.trig"
    path.write_text(DATA)
    return Record(open_rdf_files([path], Base("http://h/")).quads())


def lines(record: Record, iri: str) -> list[str]:
    """A document as sorted lines, blank nodes without their names."""
    node = "_:x"
    texts = []
    for quad in record.document(iri):
        ends = [node if isinstance(end, ox.BlankNode) else str(end) for end in (quad.subject, quad.object)]
        texts.append(f"{ends[0]} {quad.predicate} {ends[1]}".replace("http://h/", ":"))
    return sorted(texts)


def test_a_document_is_the_thing_both_ways_with_its_blank_nodes_and_the_names_of_its_neighbours(record: Record) -> None:
    label, type_, pref = (
        f"<http://www.w3.org/{name}>"
        for name in ("2000/01/rdf-schema#label", "1999/02/22-rdf-syntax-ns#type", "2004/02/skos/core#prefLabel")
    )

    assert lines(record, "http://h/a") == sorted(
        [
            f"<:a> {type_} <:Kind>",
            f'<:a> {label} "yksi"@fi',
            f'<:a> {label} "ett"@sv',
            "<:a> <:knows> <:b>",
            '<:a> <:size> "007"^^<http://www.w3.org/2001/XMLSchema#integer>',
            "<:a> <:box> _:x",
            "_:x <:holds> <:c>",
            "_:x <:deeper> _:x",
            "_:x <:holds> <:d>",
            "_:x <:about> <:a>",
            "_:x <:by> <:e>",
            "_:x <:in> <:f>",
            f"<:b> {type_} <:Kind>",
            f'<:b> {label} "kaksi"',
            f'<:d> {pref} "neljä"@fi',
        ]
    )


def test_the_graph_of_each_triple_is_kept(record: Record) -> None:
    graphs = {str(quad.graph_name) for quad in record.document("http://h/a")}

    assert graphs == {"<http://h/g>", "DEFAULT"}


@pytest.mark.parametrize(
    ("iri", "described", "mentioned"),
    [
        ("http://h/a", True, True),
        ("http://h/c", False, True),
        ("http://h/nobody", False, False),
        ("http://h/not an iri", False, False),
        ("relative", False, False),
        ("", False, False),
    ],
)
def test_an_iri_is_described_mentioned_or_neither(record: Record, iri: str, described: bool, mentioned: bool) -> None:
    assert record.describes(iri) is described
    assert record.mentions(iri) is mentioned
    assert bool(record.document(iri)) is mentioned


@pytest.mark.parametrize(
    ("iri", "languages", "text"),
    [
        ("http://h/a", ("fi", "sv", "en"), "yksi"),
        ("http://h/a", ("sv", "fi"), "ett"),
        ("http://h/a", ("de",), "ett"),
        ("http://h/b", ("fi",), "kaksi"),
        ("http://h/d", ("fi",), "neljä"),
        ("http://h/c", ("fi",), None),
    ],
)
def test_a_name_is_in_the_language_wanted_or_else_in_another(
    record: Record, iri: str, languages: tuple[str, ...], text: str | None
) -> None:
    label = record.label(iri, languages)

    assert (label.value if label else None) == text


def test_lists_are_counted_and_sorted(record: Record) -> None:
    assert record.classes() == {"http://h/Kind": 2}
    assert record.instances("http://h/Kind") == ["http://h/a", "http://h/b"]
    assert record.subjects() == ["http://h/a", "http://h/b", "http://h/d", "http://h/far"]
    assert record.graph_names() == ["http://h/g"]
    assert record.pointing_to("http://h/b", "http://h/knows") == ["http://h/a", "http://h/far"]


def test_what_stands_under_an_address_is_the_thing_and_its_parts_or_the_graphs_so_named() -> None:
    a, part, other, graph = (ox.NamedNode(f"http://h/{name}") for name in ("a", "a#p", "ab#p", "g#x"))
    quads = [ox.Quad(part, a, ox.Literal("1"), graph), ox.Quad(other, a, part, graph)]
    record = Record(quads)

    assert record.parts("http://h/a") == ["http://h/a#p"]
    assert set(record.told("http://h/a")) == set(quads)
    assert set(record.told("http://h/g")) == set(quads)
    assert not record.told("http://h/b")
    known = [name for name in ("a", "ab", "g", "b", "a#") if record.knows(f"http://h/{name}")]
    assert known == ["a", "ab", "g"]
