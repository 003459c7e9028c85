"""The gate: the published graph and what harvesters get, against the official shapes of DCAT-AP 3.0.1."""

from pathlib import Path

import pytest
from rdflib import Graph

from tests.municipalities import complete
from tvld.build.findings import Finding, violations
from tvld.build.pipeline import build
from tvld.build.validate import graph_of, validate
from tvld.formats import TURTLE
from tvld.iris import Base
from tvld.serialisation import read

PUBLISHED = {
    "everything": ("description.ttl", "catalog.ttl"),
    "the full catalogue": ("catalogs/kaupunki.ttl",),
    "the open-data catalogue": ("catalogs/kaupunki.open.ttl",),
}
# An official defect: the shape wants https://spdx.org, the vocabulary is http://spdx.org.
DEFECT = "http://spdx.org/rdf/terms#algorithm"


def graph(*paths: Path) -> Graph:
    return graph_of(quad for path in paths for quad in read(path, TURTLE))


@pytest.fixture(scope="module")
def background(authority: Path) -> Graph:
    """The code lists and axioms that the official shapes want to see beside the data."""
    return graph(authority / "vocab" / "mdr.ttl", authority / "onto" / "background.ttl")


@pytest.mark.parametrize("files", PUBLISHED.values(), ids=PUBLISHED)
@pytest.mark.parametrize("shapes", ["shapes", "range", "mdr-vocabularies.shape"])
def test_no_violation(release: Path, authority: Path, background: Graph, files: tuple[str, ...], shapes: str) -> None:
    data = graph(*(release / name for name in files))
    if shapes != "shapes":
        data += background
    rules = Graph().parse(authority / "shapes" / "dcat-ap-3.0.1" / f"{shapes}.ttl")

    assert [f for f in violations(validate(data, rules)) if f.path != DEFECT] == []


@pytest.mark.parametrize("files", list(PUBLISHED.values())[1:], ids=list(PUBLISHED)[1:])
def test_a_harvest_document_types_what_it_points_to_by_itself(
    release: Path, authority: Path, files: tuple[str, ...]
) -> None:
    """Without any code list beside it, as a harvester gets it."""
    rules = Graph().parse(authority / "shapes" / "dcat-ap-3.0.1" / "range.ttl")

    assert violations(validate(graph(*(release / name for name in files)), rules)) == []


def test_a_harvest_document_holds_stores_and_description_only(release: Path) -> None:
    full = (release / "catalogs" / "kaupunki.ttl").read_text()

    assert full.count("a dcat:Dataset") == 40
    assert "/material/" not in full
    assert "/system/" not in full
    assert "tvld:" not in full


# Warnings that no Finnish municipality can avoid, and official defects, each by the path that it is about.
UNAVOIDABLE = {
    # The list of corporate bodies has EU institutions only.
    "http://purl.org/dc/terms/publisher",
    # Its pattern wants https, the vocabulary of SPDX is http.
    DEFECT,
    # deprecateduris.ttl still takes the new list of statuses for the old one.
    "http://www.w3.org/ns/adms#status",
}
# What stands in no column of the tables: of a data store it is not known, and not made up.
NOT_TOLD_OF_STORES = {
    "http://purl.org/dc/terms/spatial",
    "http://purl.org/dc/terms/temporal",
    "http://www.w3.org/ns/dcat#contactPoint",
    "http://www.w3.org/ns/dcat#distribution",
    "http://www.w3.org/ns/dcat#keyword",
}


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of a municipality whose organisation.toml is complete."""
    data = tmp_path_factory.mktemp("data")
    complete(data / "kunta")
    return build(data, data / "dist", Base("https://kunta.example/"), tell=lambda _: None).folder


@pytest.mark.parametrize("which", ["kunta.open", "kunta"])
@pytest.mark.parametrize(
    "shapes", ["shapes", "range", "mdr-vocabularies.shape", "shapes_recommended", "deprecateduris"]
)
def test_a_municipality_that_tells_all_has_no_avoidable_warning(
    municipality: Path, authority: Path, background: Graph, which: str, shapes: str
) -> None:
    """With the axioms beside it, by which the catalogue itself is a dataset and asked for all that a dataset is."""
    rules = Graph().parse(authority / "shapes" / "dcat-ap-3.0.1" / f"{shapes}.ttl")

    found = validate(graph(municipality / "catalogs" / f"{which}.ttl") + background, rules)

    ours = [f for f in found if (f.focus or "").startswith("https://kunta.example/") and f.path not in UNAVOIDABLE]
    assert [f for f in ours if not told_nowhere(f)] == []
    assert violations(ours) == []
    if which == "kunta.open":
        assert ours == []


def told_nowhere(finding: Finding) -> bool:
    return "/store/" in (finding.focus or "") and finding.path in NOT_TOLD_OF_STORES
