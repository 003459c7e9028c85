"""A store that was withdrawn is told of in the full catalogue, and taken for a dataset by nobody."""

from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDF

from tests.editions import BASE, STORES, edition
from tests.web_client import site
from tvld.build.findings import violations
from tvld.build.graph import ADMS, DCAT, WITHDRAWN
from tvld.build.validate import graph_of, validate
from tvld.formats import NTRIPLES, TURTLE
from tvld.profiles import PROFILES, file_of
from tvld.serialisation import read
from tvld.serve.release import open_release

GONE, FORGOTTEN, KEPT = (
    URIRef(BASE.thing("kaupunki", "store", key)) for key in ("vanha-arkisto", "vanha-kartta", next(iter(STORES)))
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("withdrawn") / "dist"
    rows = [
        f"store,vanha-arkisto,{next(iter(STORES))},2026-01-31",
        "store,vanha-kartta,,2026-01-31",
        "system,vanha-jarjestelma,,2026-01-31",
    ]
    return out / edition(out, "2026-02-01", withdrawn="\n".join(rows) + "\n")


def catalogue(release: Path, which: str, profile: str) -> Graph:
    name = file_of("kaupunki", which, next(p for p in PROFILES if p.key == profile))
    return graph_of(read(release / name, TURTLE))


@pytest.mark.parametrize("profile", ["dcat-ap-3", "dcat-ap-2", "breg"])
def test_the_full_catalogue_says_what_took_the_place_of_a_withdrawn_store(release: Path, profile: str) -> None:
    found = catalogue(release, "stores", profile)

    assert str(found.value(GONE, DCTERMS.identifier)) == str(GONE)
    assert found.value(GONE, DCTERMS.isReplacedBy) == KEPT
    assert found.value(FORGOTTEN, DCTERMS.identifier) is not None
    assert "withdrawn" in str(found.value(GONE, ADMS.status)).lower()
    assert found.value(GONE, RDF.type) is None
    assert (None, DCAT.dataset, GONE) not in found
    assert not [s for s in found.subjects() if "vanha-jarjestelma" in str(s)]
    assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == len(STORES) + 1


@pytest.mark.parametrize(("which", "profile"), [("open", "dcat-ap-3"), ("stores", "suojattudata")])
def test_catalogues_that_never_listed_it_do_not_tell_of_it(release: Path, which: str, profile: str) -> None:
    assert GONE not in catalogue(release, which, profile).all_nodes()


@pytest.mark.parametrize("shapes", ["shapes", "range"])
def test_the_official_shapes_have_nothing_against_it(release: Path, authority: Path, shapes: str) -> None:
    rules = Graph().parse(authority / "shapes" / "dcat-ap-3.0.1" / f"{shapes}.ttl")
    found = catalogue(release, "stores", "dcat-ap-3")

    assert (GONE, ADMS.status, WITHDRAWN) in found
    assert violations(validate(found, rules)) == []


def test_pages_tell_of_it_once_and_make_up_the_whole(release: Path) -> None:
    with site(open_release(release)) as (get, _):
        pages = [graph_of(read(get(f"/catalog.nt?page={n}&size=1").body, NTRIPLES)) for n in range(1, 5)]
        whole = graph_of(read(get("/catalog.nt").body, NTRIPLES))
        open_data, packages = get("/catalog/open.ttl").text, get("/api/3/action/package_list").text

    assert {FORGOTTEN in page.all_nodes() for page in pages[1:]} == {False}
    assert [(GONE, DCTERMS.isReplacedBy, KEPT) in page for page in pages].count(True) == 1
    assert not set(whole) - set().union(*pages)
    assert not [name for name in ("vanha-arkisto", "vanha-kartta") if name in open_data + packages]
