"""
The points of data.europa.eu, counted in advance: every metric passing and failing, whole catalogues, releases.

The expected numbers are counted by hand from the table of weights (data.europa.eu, Metadata Quality Assessment).
"""

import csv
import json
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from tests.municipalities import complete, edited
from tvld.build.checking import drafted
from tvld.build.checking import measured as measured_of
from tvld.build.findings import violations
from tvld.build.pipeline import build
from tvld.build.quality import lists
from tvld.build.quality.advice import way
from tvld.build.quality.completeness import FIELDS
from tvld.build.quality.metrics import DIMENSIONS, METRICS, rating
from tvld.build.quality.scoring import score
from tvld.build.validate import validate
from tvld.build.vocabulary import shapes_graph
from tvld.iris import EU, PREFIXES, Base

DQV, PV, DCAT = PREFIXES["dqv"], PREFIXES["pv"], PREFIXES["dcat"]
BASE = Base("http://127.0.0.1:8000/")
IANA = "https://www.iana.org/assignments/media-types/"
# All that can be told of a dataset, a line a property.
GOOD = f"""\
<c> a dcat:Catalog ; dcat:dataset <d> .
<d> a dcat:Dataset ; dct:title "Aineisto"@fi ; dcat:distribution <f> .
<d> dcat:keyword "tieto"@fi .
<d> dcat:theme <{EU}data-theme/GOVE> .
<d> dct:spatial <{EU}country/FIN> .
<d> dct:temporal <t> .
<d> dct:accessRights <{EU}access-right/PUBLIC> .
<d> dcat:contactPoint <k> .
<d> dct:publisher <p> .
<d> dct:issued "2026-01-31"^^xsd:date .
<d> dct:modified "2026-01-31"^^xsd:date .
<f> a dcat:Distribution .
<f> dcat:accessURL <up> .
<f> dcat:downloadURL <up-too> .
<f> dct:format <{EU}file-type/CSV> .
<f> dcat:mediaType <{IANA}text/csv> .
<f> dct:license <http://creativecommons.org/licenses/by/4.0/> .
<f> dct:rights <r> .
<f> dcat:byteSize "12"^^xsd:nonNegativeInteger .
"""
# What is changed, what it costs, and which metrics it fails.
CASES = [
    ("", "", 405, ""),
    ('<d> dcat:keyword "tieto"@fi .', "", 375, "keywordAvailability"),
    ('"tieto"@fi', '"tieto"@fi , "data"@sv', 405, ""),
    (f"<d> dcat:theme <{EU}data-theme/GOVE> .", "", 375, "categoryAvailability"),
    (f"<d> dct:spatial <{EU}country/FIN> .", "", 385, "spatialAvailability"),
    ("<d> dct:temporal <t> .", "", 385, "temporalAvailability"),
    ("<up> .", "<down> .", 355, "accessUrlStatusCode"),
    ("<up> .", "<down> , <up> .", 405, ""),
    ("<f> dcat:downloadURL <up-too> .", "", 355, "downloadUrlAvailability downloadUrlStatusCode"),
    ("<up-too> .", "<down> .", 375, "downloadUrlStatusCode"),
    (
        f"<f> dct:format <{EU}file-type/CSV> .",
        "",
        335,
        "formatAvailability formatMediaTypeVocabularyAlignment formatMediaTypeNonProprietary "
        "formatMediaTypeMachineInterpretable",
    ),
    (f"<f> dcat:mediaType <{IANA}text/csv> .", "", 385, "mediaTypeAvailability formatMediaTypeVocabularyAlignment"),
    (f"<{IANA}text/csv>", '"text/csv"', 395, "formatMediaTypeVocabularyAlignment"),
    (
        f"<{EU}file-type/CSV>",
        '"CSV"',
        355,
        "formatMediaTypeVocabularyAlignment formatMediaTypeNonProprietary formatMediaTypeMachineInterpretable",
    ),
    ("file-type/CSV", "file-type/XLSX", 385, "formatMediaTypeNonProprietary"),
    ("file-type/CSV", "file-type/TXT", 385, "formatMediaTypeMachineInterpretable"),
    ("file-type/CSV", "file-type/PDF", 365, "formatMediaTypeNonProprietary formatMediaTypeMachineInterpretable"),
    (
        f"<d> dct:accessRights <{EU}access-right/PUBLIC> .",
        "",
        390,
        "accessRightsAvailability accessRightsVocabularyAlignment",
    ),
    ("access-right/PUBLIC", "access-right/OPEN", 400, "accessRightsVocabularyAlignment"),
    (
        "<f> dct:license <http://creativecommons.org/licenses/by/4.0/> .",
        "<d> dct:license <http://creativecommons.org/licenses/by/4.0/> .",
        375,
        "licenceAvailability knownLicence",
    ),
    ("http://creativecommons.org", "https://creativecommons.org", 395, "knownLicence"),
    ("http://creativecommons.org/licenses/by/4.0/", f"{EU}licence/CC_BY_4_0", 405, ""),
    ("<d> dcat:contactPoint <k> .", "", 385, "contactPointAvailability"),
    ("<d> dct:publisher <p> .", "", 395, "publisherAvailability"),
    ("<f> dct:rights <r> .", "", 400, "rightsAvailability"),
    ('<f> dcat:byteSize "12"^^xsd:nonNegativeInteger .', "", 400, "byteSizeAvailability"),
    ('<d> dct:issued "2026-01-31"^^xsd:date .', "", 400, "dateIssuedAvailability"),
    ("<d> dct:issued", "<f> dct:issued", 405, ""),
    ('<d> dct:modified "2026-01-31"^^xsd:date .', "", 400, "dateModifiedAvailability"),
    ("<d> dct:modified", "<f> dct:modified", 405, ""),
]


def graph(text: str) -> Graph:
    heads = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return Graph().parse(data=heads + text, publicID="https://kunta.example/")


def answers(url: str) -> bool:
    return url.startswith("https://kunta.example/up")


@pytest.mark.parametrize(("old", "new", "points", "failed"), CASES)
def test_a_point_is_earned_by_just_what_the_table_of_weights_says(old: str, new: str, points: int, failed: str) -> None:
    assert old in GOOD

    [catalogue] = score(graph(GOOD.replace(old, new, 1)), answers)

    [dataset] = catalogue.datasets
    assert [result.metric.key for result in dataset.missing] == failed.split()
    assert dataset.points == catalogue.points == points
    assert sum(dataset.of(dimension.key) for dimension in DIMENSIONS) == points


def test_every_metric_is_seen_to_pass_and_to_fail() -> None:
    failing = {key for _, _, _, failed in CASES for key in failed.split()}

    assert failing == {metric.key for metric in METRICS} - {"dcatApCompliance"}
    assert [(d.key, d.points) for d in DIMENSIONS] == [
        ("findability", 100),
        ("accessibility", 100),
        ("interoperability", 110),
        ("reusability", 75),
        ("contextuality", 20),
    ]


@pytest.mark.parametrize(("wrong", "points"), [("d", 375), ("f", 375), ("elsewhere", 405)])
def test_a_dataset_complies_if_nothing_that_belongs_to_it_breaks_a_rule(wrong: str, points: int) -> None:
    [catalogue] = score(graph(GOOD), answers, {f"https://kunta.example/{wrong}"})

    assert catalogue.points == points


def test_only_the_best_distribution_counts_and_a_catalogue_has_the_mean_of_its_datasets() -> None:
    worse = "<d> dcat:distribution <e> . <e> dcat:accessURL <up> . <c> dcat:dataset <bare> ."

    [catalogue] = score(graph(GOOD + worse), answers)

    assert [(d.points, d.most, d.distribution) for d in catalogue.datasets] == [
        (30, 185, None),
        (405, 405, "https://kunta.example/f"),
    ]
    assert (catalogue.points, catalogue.of("accessibility")) == (217.5, 50)
    assert score(graph("<c> a dcat:Catalog ."), answers)[0].points == 0


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (405, "excellent"),
        (351, "excellent"),
        (350, "good"),
        (221, "good"),
        (220, "sufficient"),
        (121, "sufficient"),
        (120, "bad"),
        (0, "bad"),
    ],
)
def test_a_score_has_the_name_of_its_band(points: int, name: str) -> None:
    assert rating(points)[0] == name


def column(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row[0].strip() for row in csv.reader(file)]


@pytest.mark.parametrize(
    ("name", "known", "not_known"),
    [
        ("file-types", lists.is_file_type, 0),
        ("access-right", lists.is_access_right, 0),
        ("media-types", lists.is_media_type, 1),
        ("non-proprietary", lists.is_non_proprietary, 0),
        ("licenses", lists.is_known_licence, 32),
    ],
)
def test_the_lists_know_what_the_official_lists_have(authority: Path, name: str, known, not_known: int) -> None:
    """Of licences the families that many use; of media types all but the empty one with which that list begins."""
    listed = column(authority / "vocab" / "mqa" / f"{name}.csv")

    assert len(listed) >= 6
    assert len([iri for iri in listed if not known(iri)]) == not_known
    assert not any(known(f"https://elsewhere.example/{iri.rpartition('/')[2]}") for iri in listed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of a municipality that tells all it can."""
    data = tmp_path_factory.mktemp("data")
    complete(data / "kunta")
    return build(data, data / "dist", BASE, tell=lambda _: None).folder


def told(folder: Path) -> dict:
    return json.loads((folder / "quality.json").read_text(encoding="utf-8"))


def test_a_municipality_that_tells_all_has_every_point_for_its_open_data(folder: Path) -> None:
    [organisation] = told(folder)["organisations"]
    full, open_ = sorted(organisation["catalogues"], key=lambda catalogue: len(catalogue["datasets"]), reverse=True)

    assert (len(full["datasets"]), len(open_["datasets"])) == (40, 1)
    assert [(d["points"], d["most"], d["missing"]) for d in open_["datasets"]] == [(405, 405, [])]
    assert (open_["points"], open_["rating"]["key"]) == (405, "excellent")
    stores = [d for d in full["datasets"] if "/store/" in d["iri"]]
    # Theme, compliance, publisher: the tables of this municipality tell no more of a store.
    assert {(d["points"], d["most"]) for d in stores} == {(70, 185)}
    assert full["points"] == round((405 + 39 * 70) / 40, 2)
    without_files = {m["metric"] for m in stores[0]["missing"] if m["way"] == "no-files"}
    assert without_files == {metric.key for metric in METRICS if metric.of == "distribution"}


def test_what_the_source_does_not_tell_is_named_and_not_made_up(release: Path) -> None:
    [organisation] = told(release)["organisations"]
    [open_] = [c for c in organisation["catalogues"] if len(c["datasets"]) == 1]
    [description] = open_["datasets"]

    assert description["points"] == 345
    assert {(m["metric"], m["way"], m["what"]) for m in description["missing"]} == {
        ("spatialAvailability", "field", "spatial"),
        ("temporalAvailability", "field", "temporal"),
        ("contactPointAvailability", "field", "contact"),
    }
    ways = told(release)["ways"]
    assert all(set(texts) == {"fi", "sv", "en"} for texts in ways.values())


def test_the_release_says_in_rdf_what_it_says_in_json(folder: Path) -> None:
    everything, catalog = (Graph().parse(folder / name) for name in ("quality.ttl", "catalog.ttl"))
    [organisation] = told(folder)["organisations"]

    for catalogue in organisation["catalogues"]:
        for one in (catalogue, *catalogue["datasets"]):
            assert value(catalog, one["iri"], "scoring") == value(everything, one["iri"], "scoring")
            assert value(catalog, one["iri"], "scoring") == round(one["points"])
    best = "http://127.0.0.1:8000/id/kunta/catalog/description-jsonld"
    assert value(everything, best, "byteSizeAvailability") is True
    measured = set(everything.objects(None, URIRef(DQV + "isMeasurementOf")))
    assert {URIRef(metric.iri) for metric in METRICS} < measured
    assert measured == set(everything.subjects(RDF.type, URIRef(DQV + "Metric")))
    for node in everything.subjects(RDF.type, URIRef(DQV + "QualityMeasurement")):
        assert len(list(everything.objects(node, URIRef(DQV + "value")))) == 1
        assert len(list(everything.objects(node, URIRef(DQV + "computedOn")))) == 1
    shapes = shapes_graph()
    for graph in (everything, catalog + Graph().parse(folder / "description.nt")):
        assert violations(validate(graph, shapes)) == []
    # The content is about data stores; what is measured of it stands beside it.
    assert DQV not in (folder / "description.nt").read_text(encoding="utf-8")


def value(about: Graph, iri: str, metric: str) -> object:
    measured = about.objects(URIRef(iri), URIRef(DQV + "hasQualityMeasurement"))
    [found] = [m for m in measured if (m, URIRef(DQV + "isMeasurementOf"), URIRef(PV + metric)) in about]
    [literal] = about.objects(found, URIRef(DQV + "value"))
    return literal.toPython()


def test_a_catalogue_record_leads_to_the_report_the_profile_and_the_hash_of_the_rules(folder: Path) -> None:
    about = Graph().parse(folder / "catalog.ttl")
    [record] = set(about.objects(None, URIRef(DCAT + "record")))
    [checked] = about.objects(record, URIRef(DQV + "hasQualityAnnotation"))
    [report] = about.objects(checked, URIRef(PREFIXES["oa"] + "hasBody"))
    [rules] = about.objects(checked, URIRef(PREFIXES["prov"] + "used"))
    [checksum] = about.objects(rules, URIRef(PREFIXES["spdx"] + "checksum"))
    [digest] = about.objects(checksum, URIRef(PREFIXES["spdx"] + "checksumValue"))

    assert str(report) == f"http://127.0.0.1:8000/dumps/{folder.name}/report.ttl"
    assert (folder / "report.ttl").is_file()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert str(digest) == manifest["files"]["shapes.nt"]["sha256"]
    profiles = {str(profile) for profile in about.objects(record, URIRef(PREFIXES["dct"] + "conformsTo"))}
    assert profiles == {"https://semiceu.github.io/DCAT-AP/releases/3.0.1/"}


def test_completeness_counts_what_is_known_and_nothing_else(tmp_path: Path) -> None:
    complete(tmp_path / "data" / "kunta")
    stores = tmp_path / "data" / "kunta" / "stores.csv"
    with stores.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"search_keys": "nimi", "open_interface": "ei", "authority": "Lautakunta", "retention": "10 v"}
    with stores.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    folder = build(tmp_path / "data", tmp_path / "dist", BASE, tell=lambda _: None).folder

    with (folder / "completeness.csv").open(encoding="utf-8", newline="") as file:
        known = {row["store"]: row for row in csv.DictReader(file)}
    assert len(known) == 39
    full = known[rows[0]["key"]]
    # An answer of "no" is known; what the tables have no column for is not.
    assert {field.key for field in FIELDS if full[field.key] == "false"} == {"processes", "recipients", "archiving"}
    assert full["known"] == "10"
    orchestra = known["kamariorkesteri"]
    assert {key for key in ("materials", "data_groups", "search_keys") if orchestra[key] == "false"} == {
        "materials",
        "data_groups",
        "search_keys",
    }


def test_the_same_tables_give_the_same_account(folder: Path, tmp_path: Path) -> None:
    complete(tmp_path / "data" / "kunta")
    again = build(tmp_path / "data", tmp_path / "dist", BASE, tell=lambda _: None).folder

    for name in ("quality.json", "quality.csv", "quality.ttl", "completeness.csv"):
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_an_unknown_licence_is_told_in_the_form_that_is_known(tmp_path: Path) -> None:
    complete(tmp_path / "kunta")
    edited(tmp_path / "kunta", "organisation.toml", '"http://creative', '"https://creative')
    drafts, findings = drafted(tmp_path / "kunta", BASE)

    [measured] = measured_of(drafts, findings)

    [open_] = [catalogue for catalogue in measured.scores if len(catalogue.datasets) == 1]
    [dataset] = open_.datasets
    ways = {result.metric.key: way(result, dataset, BASE) for result in dataset.missing}
    assert ways["knownLicence"] == ("known-licence", "http://creativecommons.org/licenses/by/4.0/")
