"""The catalogues in other profiles, against the official shapes of each; and what each holds of the first."""

import hashlib
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from tests.municipalities import complete, edited
from tvld.build.findings import Finding, violations
from tvld.build.pipeline import build
from tvld.build.profiles import in_profile
from tvld.build.validate import validate
from tvld.iris import EU, PREFIXES, Base
from tvld.profiles import PROFILES, SUOJATTUDATA

DCAT, DCT, SPDX = PREFIXES["dcat"], PREFIXES["dct"], PREFIXES["spdx"]
WHICH = ["kunta", "kunta.open"]
# Shapes by folder and file, and the profile that they judge.
JUDGED = [
    ("dcat-ap-2", "dcat-ap-2.1.1", "shapes"),
    ("dcat-ap-2", "dcat-ap-2.1.1", "range"),
    ("dcat-ap-2", "dcat-ap-2.1.1", "mdr-vocabularies.shape"),
    ("dcat-ap-2", "avoindata-fi", "avoindata_dcat-ap_shacl"),
    ("breg", "breg-2.1.0", "BRegDCAT-AP_shacl_shapes_2.1.0"),
    ("breg", "breg-2.1.0", "BRegDCAT-AP_shacl_mdr-vocabularies_2.1.0"),
    ("suojattudata", "dcat-ap-3.0.1", "shapes"),
    ("suojattudata", "dcat-ap-3.0.1", "range"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of one municipality that tells all it can."""
    data = tmp_path_factory.mktemp("data")
    complete(data / "kunta")
    return build(data, data / "dist", Base("http://127.0.0.1:8000/"), tell=lambda _: None).folder


@pytest.fixture(scope="module")
def background(authority: Path) -> Graph:
    return Graph().parse(authority / "vocab" / "mdr.ttl").parse(authority / "onto" / "background.ttl")


def judged(data: Graph, authority: Path, where: str, shapes: str, background: Graph) -> list[Finding]:
    rules = Graph().parse(authority / "shapes" / where / f"{shapes}.ttl")
    return violations(validate(data if shapes in ("shapes", "range") else data + background, rules))


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize(("profile", "where", "shapes"), JUDGED)
def test_a_profile_has_no_violation_of_its_own_shapes(
    folder: Path, authority: Path, background: Graph, which: str, profile: str, where: str, shapes: str
) -> None:
    data = Graph().parse(folder / "catalogs" / f"{which}.{profile}.ttl")

    assert judged(data, authority, where, shapes, background) == []


@pytest.mark.parametrize("which", ["kaupunki", "kaupunki.open"])
def test_the_real_tables_pass_too_and_lack_only_the_place_that_their_source_does_not_name(
    release: Path, authority: Path, background: Graph, which: str
) -> None:
    lacking = set()
    for profile, where, shapes in JUDGED:
        data = Graph().parse(release / "catalogs" / f"{which}.{profile}.ttl")
        lacking |= {(profile, f.focus, f.path) for f in judged(data, authority, where, shapes, background)}

    assert lacking == {("breg", "http://127.0.0.1:8000/id/kaupunki", DCT + "spatial")}


def test_the_default_profile_fails_the_shapes_of_the_second(folder: Path, authority: Path, background: Graph) -> None:
    """Else there would be no need of two: sizes and checksums differ."""
    data = Graph().parse(folder / "catalogs" / "kunta.open.ttl")

    wrong = {f.path for f in judged(data, authority, "dcat-ap-2.1.1", "shapes", background)}
    assert wrong == {DCAT + "byteSize", SPDX + "algorithm"}


def test_a_checksum_of_the_second_profile_is_the_sha1_of_the_file(folder: Path) -> None:
    data = Graph().parse(folder / "catalogs" / "kunta.open.dcat-ap-2.ttl")
    sums = list(data.subject_objects(URIRef(SPDX + "checksum")))

    assert len(sums) >= 6
    for distribution, checksum in sums:
        name = str(data.value(distribution, URIRef(DCAT + "downloadURL"))).partition(f"/{folder.name}/")[2]
        value = str(data.value(checksum, URIRef(SPDX + "checksumValue")))
        assert value == hashlib.sha1((folder / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("which", WHICH)
def test_every_profile_but_the_restricted_one_lists_the_same_datasets(folder: Path, which: str) -> None:
    def listed(name: str) -> set[str]:
        return {str(d) for d in Graph().parse(folder / "catalogs" / name).objects(None, URIRef(DCAT + "dataset"))}

    expected = listed(f"{which}.ttl")
    assert len(expected) == (1 if which.endswith("open") else 40)
    for profile in PROFILES[1:]:
        assert listed(f"{which}.{profile.key}.ttl") == (set() if profile == SUOJATTUDATA else expected), profile


def test_the_restricted_profile_holds_what_is_said_to_be_restricted_and_nothing_else(folder: Path) -> None:
    full = Graph().parse(folder / "catalogs" / "kunta.ttl")
    stores = sorted(s for s in full.subjects(RDF.type, URIRef(DCAT + "Dataset")) if "/store/" in str(s))
    for store, right in zip(stores, ("NON_PUBLIC", "RESTRICTED", "PUBLIC"), strict=False):
        full.add((store, URIRef(DCT + "accessRights"), URIRef(f"{EU}access-right/{right}")))

    cut = in_profile(full, SUOJATTUDATA, {})

    assert set(cut.subjects(RDF.type, URIRef(DCAT + "Dataset"))) == set(stores[:2])
    assert set(cut.objects(None, URIRef(DCAT + "dataset"))) == set(stores[:2])
    # The service serves open data alone: it is gone with it, and so are the dumps.
    assert set(cut.subjects(RDF.type, URIRef(DCAT + "DataService"))) == set()
    assert set(cut.subjects(RDF.type, URIRef(DCAT + "Distribution"))) == set()


def test_no_catalogue_has_a_blank_node_a_relative_address_or_a_word_of_ours(folder: Path) -> None:
    files = sorted((folder / "catalogs").glob("*.ttl"))
    assert len(files) == 2 * len(PROFILES)
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "_:" not in text.replace("\\_:", "")
        assert "[" not in text
        assert "tvld:" not in text
        assert not [node for node in Graph().parse(file).all_nodes() if str(node).startswith("file:")]


def test_the_same_tables_give_the_same_catalogues(folder: Path, tmp_path: Path) -> None:
    complete(tmp_path / "data" / "kunta")
    again = build(tmp_path / "data", tmp_path / "dist", Base("http://127.0.0.1:8000/"), tell=lambda _: None).folder

    for file in (folder / "catalogs").iterdir():
        assert (again / "catalogs" / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_keyword_that_portals_refuse_is_given_to_them_without_the_sign(tmp_path: Path) -> None:
    complete(tmp_path / "data" / "kunta")
    edited(tmp_path / "data" / "kunta", "organisation.toml", '"tietovaranto",', '"tie/katu, (uusi)", "ok",')
    folder = build(tmp_path / "data", tmp_path / "dist", Base("http://127.0.0.1:8000/"), tell=lambda _: None).folder

    packages = (folder / "catalogs" / "kunta.open.ckan.json").read_text(encoding="utf-8")
    assert '"tie katu uusi"' in packages
    assert '"ok"' not in packages
