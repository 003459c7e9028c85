"""The content graph of the real tables: every statement can be traced to the source, and nothing else is stated."""

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from tests.conftest import ROOT
from tvld.build.graph import content
from tvld.build.intake import read_organisation
from tvld.iris import PREFIXES, Base
from tvld.model import REGISTERS, Description, Withdrawn

BASE = Base("http://127.0.0.1:8000/")
DPV, PROV, TVLD = (Namespace(PREFIXES[p]) for p in ("dpv", "prov", "tvld"))
SOURCE = (ROOT / "data" / "kaupunki" / "source" / "tietovarannot.txt").read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="module")
def description() -> Description:
    found, _ = read_organisation(ROOT / "data" / "kaupunki")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def graph(description: Description) -> Graph:
    return content(description, BASE)


def thing(kind: str, key: str) -> URIRef:
    return URIRef(BASE.thing("kaupunki", kind, key))


def test_a_store_says_what_its_row_says(graph: Graph) -> None:
    me = thing("store", "hankintapalvelut")

    assert set(graph.objects(me, DCTERMS.title)) == {Literal("Hankintapalvelujen tietovaranto", lang="fi")}
    assert set(graph.objects(me, DPV.hasPurpose)) == {thing("purpose", "hankintojen-hallinta-ja-toteutus")}
    assert {str(graph.value(m, DCTERMS.title)) for m in graph.objects(me, DCTERMS.hasPart)} == {
        "Hankintojen suunnittelun, johtamisen ja toteutuksen aineistot",
        "Päätöksenteon ja seurannan valmisteluasiakirjat ja päätöspöytäkirjat",
    }
    assert {str(graph.value(s, DCTERMS.title)) for s in graph.objects(me, TVLD.processedIn)} == {
        "Päätöksenteon ja seurannan tietojärjestelmä",
        "hankintojen kilpailutus- ja sopimushallintajärjestelmät",
    }
    assert set(graph.objects(me, TVLD.themeStatus)) == {Literal("proposed")}


@pytest.mark.parametrize(
    ("kind", "stores"),
    [("konsernihallinto", 7), ("sivistys-ja-hyvinvointipalvelut", 21), ("elinvoimapalvelut", 11)],
)
def test_the_stores_of_an_area(graph: Graph, kind: str, stores: int) -> None:
    assert len(set(graph.subjects(TVLD.serviceArea, thing("service-area", kind)))) == stores


def test_every_cell_quotes_its_line_and_column_of_the_source(graph: Graph) -> None:
    cells = set(graph.subjects(RDF.type, TVLD.SourceCell))

    assert len(cells) == 155
    for cell in cells:
        line, column = (graph.value(cell, p).toPython() for p in (TVLD.sourceLine, TVLD.sourceColumn))
        assert str(graph.value(cell, TVLD.sourceText)) == SOURCE[line - 1].split("\t")[column - 1]
        assert graph.value(cell, PROV.wasDerivedFrom) == thing("source", "tietovarannot")


@pytest.mark.parametrize(
    ("class_", "name", "columns"),
    [
        (TVLD.DataStore, DCTERMS.title, {1, 2, 3, 4}),
        (TVLD.InformationMaterial, DCTERMS.title, {3}),
        (TVLD.InformationSystem, DCTERMS.title, {4}),
        (DPV.Purpose, SKOS.prefLabel, {2}),
    ],
)
def test_every_item_was_read_from_a_cell_that_names_it(
    graph: Graph, class_: URIRef, name: URIRef, columns: set[int]
) -> None:
    things = set(graph.subjects(RDF.type, class_))

    assert things
    for me in things:
        names = {str(n).lower() for p in (name, SKOS.altLabel) for n in graph.objects(me, p)}
        cells = set(graph.objects(me, PROV.wasDerivedFrom))
        assert cells
        assert {graph.value(c, TVLD.sourceColumn).toPython() for c in cells} <= columns
        if class_ == TVLD.DataStore:
            cells = {c for c in cells if graph.value(c, TVLD.sourceColumn) == Literal(1)}
        texts = [str(graph.value(c, TVLD.sourceText)).lower() for c in cells]
        assert all(any(n in text for n in names) for text in texts), me


def test_everything_has_a_type_and_a_label(graph: Graph) -> None:
    for subject in set(graph.subjects()):
        assert (subject, RDF.type, None) in graph
        assert (subject, RDFS.label, None) in graph


def test_inverses_are_written_out(graph: Graph) -> None:
    for one, other in ((DCTERMS.hasPart, DCTERMS.isPartOf), (TVLD.processedIn, TVLD.processes)):
        assert {(s, o) for s, o in graph.subject_objects(one)} == {(o, s) for s, o in graph.subject_objects(other)}


def test_nothing_is_stated_that_the_source_does_not_say(graph: Graph) -> None:
    """No access right, legal basis, personal-data category, contact or place: domain.md calls them invention."""
    stated = {str(p) for p in graph.predicates()}

    assert not stated & {
        str(p)
        for p in (
            DCTERMS.accessRights,
            DCTERMS.spatial,
            DCTERMS.temporal,
            DPV.hasLegalBasis,
            DPV.hasPersonalData,
            TVLD.openInterface,
            URIRef(PREFIXES["dcat"] + "contactPoint"),
        )
    }


def test_what_is_known_more_is_said_more(tmp_path: Path) -> None:
    """The law's further fields, empty in the real tables, and names in other languages."""
    folder = tmp_path / "pieni"
    (folder / "source").mkdir(parents=True)
    tables = {
        "organisation.toml": (
            'name = "Pieni kunta"\nmodified = 2026-11-01\nlicence = "http://creativecommons.org/licenses/by/4.0/"\n'
            'languages = ["fi", "sv"]\nbusiness_id = "1234567-1"\nhomepage = "https://pieni.example.fi/"\n'
            '[source]\nfile = "sivu.txt"\ntitle = "Sivu"\nurl = "https://pieni.example.fi/sivu"\nissued = 2026-10-01\n'
        ),
        "source/sivu.txt": "Sivu ilman taulukkoa.",
        "stores.csv": (
            "key;service_area;name;name@sv;purposes;systems;themes;themes_status;search_keys;open_interface;authority;"
            "retention;source_line\n"
            "kirjasto;sivistys;Kirjaston tietovaranto;Bibliotekets informationslager;;;EDUC;confirmed;"
            '"nimi;kortin numero";no;Sivistyslautakunta;10 vuotta;\n'
        ),
        "materials.csv": "key,store,name,data_group,note,source_line\n",
        "systems.csv": "key,name,kind,aliases,note\n",
        "purposes.csv": "key,name,aliases,note\n",
        "data_groups.csv": "key,name,aliases,note\n",
        "service_areas.csv": "key,name,aliases,note\nsivistys,Sivistys,,\n",
        "cells.csv": "line,column,text,notes\n",
        "withdrawn.csv": "kind,key,replaced_by,date\n",
    }
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")

    description, findings = read_organisation(folder)
    assert description, findings
    graph = content(description, BASE)
    me = URIRef(BASE.thing("pieni", "store", "kirjasto"))

    assert set(graph.objects(me, DCTERMS.title)) == {
        Literal("Kirjaston tietovaranto", lang="fi"),
        Literal("Bibliotekets informationslager", lang="sv"),
    }
    assert {str(k) for k in graph.objects(me, TVLD.searchKey)} == {"nimi", "kortin numero"}
    assert graph.value(me, TVLD.openInterface) == Literal(False)
    assert graph.value(me, TVLD.authority) == Literal("Sivistyslautakunta", lang="fi")
    assert graph.value(me, TVLD.retention) == Literal("10 vuotta", lang="fi")
    assert not set(graph.objects(me, PROV.wasDerivedFrom))


@pytest.mark.parametrize("kind", ["store", "material", "system", *REGISTERS])
def test_a_withdrawn_key_stays_as_a_tombstone_and_its_replacement_names_it(description: Description, kind: str) -> None:
    gone = Withdrawn(kind, "vanha", "2026-10-01", "uusi")
    graph = content(replace(description, withdrawn=(gone,)), BASE)
    me, new = thing(kind, "vanha"), thing(kind, "uusi")

    assert set(graph.objects(me, RDF.type)) == {TVLD.Tombstone}, "a harvester takes every dcat:Dataset for one"
    assert graph.value(me, TVLD.withdrawnOn) == Literal("2026-10-01", datatype=XSD.date)
    assert len(set(graph.objects(me, TVLD.formerType))) == 1
    assert graph.value(me, DCTERMS.isReplacedBy) == new
    assert graph.value(new, DCTERMS.replaces) == me
    assert {label.language for label in graph.objects(me, RDFS.label)} == {"fi", "sv", "en"}
