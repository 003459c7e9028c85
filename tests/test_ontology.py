"""Every term of ours says all that it must, the code lists hold what is pointed to, and nothing lacks a word."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, VOID, XSD, BNode, Graph, URIRef
from rdflib.term import Node

from tvld.build.distributions import BUNDLE, DumpFile
from tvld.build.drafts import Draft, draft
from tvld.build.vocabulary import codelists, codes_used, labels_graph, ontology_graph, shapes_graph
from tvld.errors import OutsideError
from tvld.formats import (
    CSV,
    DOCUMENT_FORMATS,
    DOWNLOAD_FORMATS,
    EU_FILE_TYPE,
    IANA,
    RESULT_FORMATS,
    TURTLE,
    ZIP,
    Format,
)
from tvld.iris import EU, PREFIXES, TVLD, Base

ROOT = Path(__file__).parents[1]
BASE = Base("http://127.0.0.1:8000/")
ONTOLOGY = URIRef("https://w3id.org/tvld/ns")
DCAM = "http://purl.org/dc/dcam/"
LANGUAGES = ["en", "fi", "sv"]
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)

ours = ontology_graph()
TERMS = sorted(term for term in set(ours.subjects()) if str(term).startswith(TVLD))


def languages(graph: Graph, subject: Node, predicate: URIRef) -> list[str | None]:
    return sorted(str(text.language) for text in graph.objects(subject, predicate))


@pytest.fixture(scope="module")
def codes() -> Graph:
    return codelists(BASE)


@pytest.fixture(scope="module")
def city() -> Draft:
    [city], findings = draft(ROOT / "data", BASE)
    assert findings == []
    return city


def test_the_ontology_introduces_itself() -> None:
    assert list(ours.subjects(RDF.type, OWL.Ontology)) == [ONTOLOGY]
    for predicate in (RDFS.label, DCTERMS.title, DCTERMS.description):
        assert languages(ours, ONTOLOGY, predicate) == LANGUAGES
    assert ours.value(ONTOLOGY, DCTERMS.license) == URIRef("http://creativecommons.org/licenses/by/4.0/")
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(ours.value(ONTOLOGY, OWL.versionInfo)))
    assert set(ours.subjects()) == {ONTOLOGY, *TERMS}


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.removeprefix(TVLD))
def test_a_term_says_what_it_means_in_three_languages(term: URIRef) -> None:
    [kind] = ours.objects(term, RDF.type)

    assert kind in KINDS
    assert term.removeprefix(TVLD)[0].isupper() == (kind == OWL.Class)
    assert languages(ours, term, RDFS.label) == LANGUAGES
    assert languages(ours, term, SKOS.definition) == LANGUAGES
    assert all(text.endswith(".") for text in ours.objects(term, SKOS.definition))
    assert list(ours.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY]
    if kind == OWL.Class:
        assert list(ours.objects(term, RDFS.subClassOf)), "a class of ours hangs from one that others know"
    else:
        values = set(ours.objects(term, URIRef(DCAM + "rangeIncludes")))
        assert list(ours.objects(term, URIRef(DCAM + "domainIncludes")))
        assert values
        assert (kind == OWL.DatatypeProperty) == all(str(value).startswith((str(XSD), str(RDF))) for value in values)


def test_no_term_infers_the_class_of_what_it_is_used_on() -> None:
    assert not list(ours.subjects(RDFS.domain)) + list(ours.subjects(RDFS.range))


def test_inverses_name_each_other() -> None:
    pairs = set(ours.subject_objects(OWL.inverseOf))

    assert pairs
    assert pairs == {(b, a) for a, b in pairs}


def test_exactly_the_terms_that_the_code_and_the_rules_use_are_defined() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "shapes").rglob("*.ttl")]
    used = {name for text in texts for name in re.findall(r"(?:\bTVLD\.|(?<![:\w])tvld:)([A-Za-z]+)", text)}

    assert used == {term.removeprefix(TVLD) for term in TERMS}


# What rdflib knows of the vocabularies of others, as closed lists of names; its DCAT is version 2.
CLOSED = (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, VOID)
DCAT_3 = {
    URIRef(PREFIXES["dcat"] + name)
    for name in (
        *("DatasetSeries", "inSeries", "resource", "version"),
        *("hasVersion", "hasCurrentVersion", "isVersionOf", "previousVersion"),
    )
}


def test_every_reused_term_exists_in_its_vocabulary(city: Draft) -> None:
    graphs = (ours, labels_graph(), city.codes, city.content, city.metadata("test"), shapes_graph())
    used = {node for graph in graphs for triple in graph for node in triple if isinstance(node, URIRef)}
    known = [(str(namespace), namespace) for namespace in CLOSED]
    checked = [
        (iri, namespace) for iri in used for start, namespace in known if iri.startswith(start) and str(iri) != start
    ]

    assert len(checked) > 100
    assert {iri for iri, namespace in checked if iri not in namespace} - DCAT_3 == set()


def test_no_file_of_the_ontology_has_blank_nodes(codes: Graph) -> None:
    for graph in (ours, labels_graph(), codes):
        assert not [node for triple in graph for node in triple if isinstance(node, BNode)]


def words_needed(city: Draft) -> Iterator[Graph]:
    dumps = [
        DumpFile("description.ttl.gz", TURTLE, 1, "0" * 64, 1, packed=True),
        DumpFile("tables/stores.csv", CSV, 1, "0" * 64, holds="table-stores", rows=1),
        DumpFile("bundle.zip", ZIP, 1, "0" * 64, holds=BUNDLE),
    ]
    yield from (ours, shapes_graph(), city.content, city.metadata("test", dumps), city.statistics("test", dumps))
    yield from (Graph().parse(path) for path in (ROOT / "ontology" / "examples").glob("*.ttl"))


def test_every_property_and_class_has_a_word_in_three_languages(city: Draft) -> None:
    words = ours + labels_graph()
    graphs = list(words_needed(city))
    used = {predicate for graph in graphs for predicate in graph.predicates()}
    used |= {class_ for graph in graphs for class_ in graph.objects(predicate=RDF.type)}

    assert len(used) > 80
    assert {
        term: languages(words, term, RDFS.label) for term in used if languages(words, term, RDFS.label) != LANGUAGES
    } == {}


def test_words_for_pages_speak_of_others_only_and_once_in_each_language(codes: Graph) -> None:
    words = labels_graph()

    assert set(words.predicates()) == {RDFS.label}
    assert not [term for term in words.subjects() if str(term).startswith((TVLD, BASE.iri))]
    for term in set(words.subjects()):
        assert languages(words + codes, term, RDFS.label) == LANGUAGES, term


def test_every_code_is_named_and_stands_in_a_list_that_has_a_title(codes: Graph) -> None:
    schemes = set(codes.subjects(RDF.type, SKOS.ConceptScheme))
    concepts = set(codes.subjects(RDF.type, SKOS.Concept))

    assert len(concepts) >= 13
    assert all(codes.value(scheme, DCTERMS.title) and codes.value(scheme, RDFS.label) for scheme in schemes)
    for concept in concepts:
        assert codes.value(concept, SKOS.inScheme) in schemes
        assert set(codes.objects(concept, SKOS.prefLabel)) == set(codes.objects(concept, RDFS.label)) != set()
    tops = set(codes.subject_objects(SKOS.hasTopConcept))
    assert tops == {(scheme, concept) for concept, scheme in codes.subject_objects(SKOS.topConceptOf)}
    assert all(codes.value(subject, RDFS.label) for subject in codes.subjects())


def test_our_own_lists_stand_under_the_base_in_three_languages() -> None:
    codes = codelists(Base("https://data.example.org/tieto/"))
    here = {subject for subject in codes.subjects() if str(subject).startswith("https://data.example.org/")}

    assert {subject.removeprefix("https://data.example.org/tieto/") for subject in here} == {
        "def/purpose",
        "def/data-group",
        "def/system-kind",
        "def/system-kind/system",
        "def/system-kind/group",
    }
    for subject in here:
        assert languages(codes, subject, RDFS.label) == languages(codes, subject, SKOS.definition) == LANGUAGES


def test_codes_of_the_eu_and_of_adms_are_in_the_official_lists(codes: Graph, authority: Path) -> None:
    official = Graph().parse(authority / "vocab" / "mdr.ttl")
    # The folder of official lists has not the change types of ADMS.
    ours = (BASE.iri, "http://purl.org/adms/changetype/")
    ours_of_theirs = {pair for pair in codes.subject_objects(SKOS.inScheme) if not str(pair[0]).startswith(ours)}

    assert len(ours_of_theirs) >= 40
    assert ours_of_theirs - set(official.subject_objects(SKOS.inScheme)) == set()
    themes = {code for code, scheme in ours_of_theirs if scheme == URIRef(EU + "data-theme")}
    assert themes == set(official.subjects(SKOS.inScheme, URIRef(EU + "data-theme"))) - {
        URIRef(EU + "data-theme/OP_DATPRO")
    }


@pytest.mark.parametrize(
    "format_", [*DOCUMENT_FORMATS, *RESULT_FORMATS, *DOWNLOAD_FORMATS], ids=lambda format_: format_.label
)
def test_every_format_has_its_file_type_and_media_type_among_the_codes(format_: Format, codes: Graph) -> None:
    assert (URIRef(EU_FILE_TYPE + format_.file_type), RDF.type, DCTERMS.MediaTypeOrExtent) in codes
    assert (URIRef(IANA + format_.media_type), RDF.type, DCTERMS.MediaType) in codes


def test_the_codes_that_a_graph_uses_come_with_their_lists_and_no_more(codes: Graph) -> None:
    kind, licence = BASE.code("system-kind", "group"), "http://creativecommons.org/licenses/by/4.0/"
    used = codes_used(codes, [URIRef(kind), URIRef(licence), URIRef("http://example.org/unknown")])

    assert set(map(str, used.subjects())) == {
        kind,
        BASE.code("system-kind"),
        licence,
        "http://purl.org/adms/licencetype/Attribution",
        "http://purl.org/adms/licencetype/1.0",
    }
    assert list(used.objects(URIRef(BASE.code("system-kind")), SKOS.hasTopConcept)) == [URIRef(kind)]
    assert set(used.triples((URIRef(kind), None, None))) == set(codes.triples((URIRef(kind), None, None)))


def test_nothing_that_the_release_points_to_is_left_without_a_description(city: Draft) -> None:
    metadata = city.metadata("test", [DumpFile("description.ttl", TURTLE, 1, "0" * 64, 1)])
    for graph in (city.content, metadata):
        codes_pointed_to = {node for node in graph.objects() if (node, None, None) in city.codes}
        assert codes_pointed_to - set(graph.subjects()) == set()
    assert PREFIXES["tvld"] == TVLD


def test_a_damaged_file_of_ours_is_told_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tvld.ttl").write_text("tvld:DataStore a owl:Class .")
    monkeypatch.setattr("tvld.build.vocabulary.folder", lambda name: tmp_path)

    with pytest.raises(OutsideError, match=r"tvld\.ttl: a file that belongs to tvld cannot be read"):
        ontology_graph()
    with pytest.raises(OutsideError, match=r"labels\.ttl"):
        labels_graph()
