"""The gate: the published graph and what harvesters get, against the official shapes of DCAT-AP 3.0.1."""

from pathlib import Path

import pytest
from rdflib import Graph

from tvld.build.findings import violations
from tvld.build.validate import graph_of, validate
from tvld.formats import TURTLE
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
