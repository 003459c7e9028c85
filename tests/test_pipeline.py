"""From tables to a release: what it holds, that it is the same everywhere, and that what is wrong changes nothing."""

import csv
import hashlib
import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import ROOT
from tvld.build.aids import Aids
from tvld.build.checking import check
from tvld.build.pipeline import build, content_of, unchanged
from tvld.build.release import current
from tvld.errors import DataError
from tvld.formats import GRAPH_FORMATS, is_derived
from tvld.iris import RDF_TYPE, TVLD, Base
from tvld.serialisation import read, triples

BASE = Base("http://127.0.0.1:8000/")
GRAPHS = ("jsonld", "nq", "nt", "rdf", "trig", "ttl")
NAMES = "cells data_groups materials purposes service_areas stores systems withdrawn".split()
EXPECTED = [
    "SHA256SUMS",
    "SHA256SUMS.derived",
    "catalog.derived.ttl",
    "catalog.ttl",
    "census.json",
    *(f"description.{suffix}{packed}" for suffix in GRAPHS for packed in ("", ".gz")),
    "description.sqlite",
    "labels.ttl",
    "manifest.json",
    *(f"ns.{suffix}" for suffix in GRAPHS),
    "report.html",
    "report.json",
    "report.ttl",
    "completeness.csv",
    "quality.csv",
    "quality.json",
    "quality.ttl",
    "search.sqlite",
    *(f"shapes.{suffix}" for suffix in GRAPHS),
    *(f"tables/{table}.{suffix}" for table in NAMES for suffix in ("csv", "parquet")),
    "tables/csv-metadata.json",
    "tables.xlsx",
    "void.ttl",
]
FOLDERS = ("queries/", "catalogs/")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the tables that a test may spoil."""
    return shutil.copytree(ROOT / "data", tmp_path / "data")


def silent(_: str) -> None:
    """Take no notice of progress."""


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def files(folder: Path) -> Iterator[str]:
    yield from (p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file())


def instances(quads: set[ox.Triple], class_: str) -> int:
    return sum(t.predicate.value == RDF_TYPE and t.object == ox.NamedNode(TVLD + class_) for t in quads)


def test_a_release_holds_every_file_of_the_seam(release: Path) -> None:
    assert sorted(name for name in files(release) if not name.startswith(FOLDERS)) == sorted(EXPECTED)
    assert {name for name in files(release) if name.startswith("catalogs/")} > {
        "catalogs/kaupunki.open.ttl",
        "catalogs/kaupunki.ttl",
    }
    assert len(list((release / "queries").glob("*.rq"))) >= 12


def test_the_sums_are_those_of_sha256sum(release: Path) -> None:
    listed: list[str] = []
    for sums in ("SHA256SUMS", "SHA256SUMS.derived"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", sums], cwd=release, check=True, timeout=30)
        listed += [line[66:] for line in (release / sums).read_text().splitlines()]

    assert sorted(listed) == sorted(set(files(release)) - {"SHA256SUMS.derived"})


def test_the_manifest_tells_of_every_file_what_is_the_same_everywhere(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text())

    assert set(manifest["files"]) == set(files(release)) - {"SHA256SUMS", "SHA256SUMS.derived", "manifest.json"}
    for name, about in manifest["files"].items():
        body = (release / name).read_bytes()
        facts = {} if is_derived(name) else {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        assert {fact: about[fact] for fact in ("bytes", "sha256") if fact in about} == facts, name
    assert manifest["content"] == manifest["files"]["description.nq"]["sha256"]
    assert manifest["release"] == release.name
    assert manifest["publishable"] is False
    assert manifest["validation"]["violation"] == 0


def test_the_content_is_every_store_material_system_and_purpose_of_the_source() -> None:
    content = triples(content_of(ROOT / "data", BASE))
    found = {c: instances(content, c) for c in ("DataStore", "InformationMaterial", "InformationSystem", "SourceCell")}
    purposes = {t.object for t in content if t.predicate.value == "https://w3id.org/dpv#hasPurpose"}
    everywhere = ox.NamedNode(f"{BASE.iri}id/kaupunki/system/paatoksenteon-ja-seurannan-tietojarjestelma")

    assert found == {"DataStore": 39, "InformationMaterial": 148, "InformationSystem": 47, "SourceCell": 155}
    assert len(purposes) == 43
    assert sum(t.predicate.value == TVLD + "processedIn" and t.object == everywhere for t in content) == 39
    assert sum(t.predicate.value == TVLD + "processes" and t.subject == everywhere for t in content) == 39


def test_there_are_no_blank_nodes(release: Path) -> None:
    for name in ("description.ttl", "catalog.ttl", "catalogs/kaupunki.ttl", "void.ttl"):
        terms = {term for t in triples(read(release / name, GRAPH_FORMATS[0])) for term in (t.subject, t.object)}
        assert not [term for term in terms if isinstance(term, ox.BlankNode)], name


def test_the_order_of_rows_says_nothing(data: Path, release: Path, tmp_path: Path) -> None:
    shuffle = random.Random(1)
    for table in data.glob("*/*.csv"):
        header, *rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines(keepends=True)))
        if table.stem == "materials":
            rows.sort(key=lambda row: row[1], reverse=True)  # the items of one cell keep their order
        else:
            shuffle.shuffle(rows)
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    shuffled = build(data, tmp_path / "dist", BASE, silent, aids=Aids(search=True))

    assert shuffled.id == release.name
    for name in EXPECTED:
        # The lists and the manifest hold what tells of rows and inputs: the report.
        if not name.startswith(("SHA256SUMS", "manifest.json", "report.")):
            assert (shuffled.folder / name).read_bytes() == (release / name).read_bytes(), name


def test_another_base_is_another_release(release: Path, tmp_path: Path) -> None:
    other = build(ROOT / "data", tmp_path, Base("https://data.example.fi/tieto/"), silent)

    assert other.id != release.name
    assert json.loads((other.folder / "manifest.json").read_text())["publishable"] is True
    assert b"127.0.0.1" not in (other.folder / "description.nt").read_bytes()


def test_an_unchanged_build_makes_nothing_new(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    first = build(data, out, BASE, silent)
    stamps = {p: p.stat().st_mtime_ns for p in first.folder.rglob("*")}
    again = build(data, out, BASE, silent)

    assert (first.new, again.new) == (True, False)
    assert {p: p.stat().st_mtime_ns for p in first.folder.rglob("*")} == stamps
    assert unchanged(data, out, BASE) == first.folder
    edit(data / "kaupunki" / "stores.csv", "proposed", "confirmed")
    assert unchanged(data, out, BASE) is None


def test_a_violation_stops_the_release_and_leaves_the_previous_one(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    first = build(data, out, BASE, silent)
    before = sorted(p.name for p in out.iterdir())
    edit(data / "kaupunki" / "stores.csv", ";hankintojen-kilpailutus", ";hankintojen-kilpalutus")

    with pytest.raises(DataError) as caught:
        build(data, out, BASE, silent)

    [finding] = [f for f in caught.value.findings if f.rule == "table/dangling-reference"]
    assert (finding.place.file, finding.place.row, finding.place.column) == ("kaupunki/stores.csv", 2, "systems")
    assert current(out) == first.folder
    assert sorted(p.name for p in out.iterdir()) == before


def test_a_lost_table_of_cells_stops_the_release(data: Path, tmp_path: Path) -> None:
    (data / "kaupunki" / "cells.csv").unlink()

    with pytest.raises(DataError) as caught:
        build(data, tmp_path / "dist", BASE, silent)

    assert {f.rule for f in caught.value.findings if f.severity == "violation"} >= {"table/source-row"}


def test_a_word_lost_from_a_cell_stops_the_release(data: Path, tmp_path: Path) -> None:
    edit(data / "kaupunki" / "stores.csv", "hankintojen-kilpailutus-ja-sopimushallintajarjestelmat", "")

    with pytest.raises(DataError) as caught:
        build(data, tmp_path / "dist", BASE, silent)

    assert {(f.rule, f.place.file, f.place.row) for f in caught.value.findings if f.severity == "violation"} == {
        ("table/lossless", "kaupunki/cells.csv", 5)
    }


def test_a_violation_of_a_shape_is_told_by_row_and_column(data: Path) -> None:
    """The tables are well formed; only the graph that they become is wrong."""
    edit(
        data / "kaupunki" / "systems.csv",
        "asiakasverkkoliittymä (lapinkirjasto.finna.fi),system,",
        "asiakasverkkoliittymä (lapinkirjasto.finna.fi),system,asiakasverkkoliittymä (lapinkirjasto.finna.fi)",
    )

    told = [f for f in check(data, BASE) if f.rule.startswith("https://w3id.org/tvld/shapes#")]

    assert [(f.severity, str(f.place)) for f in told if f.severity == "violation"] == [
        ("violation", "kaupunki/systems.csv:3:aliases")
    ]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    made = build(ROOT / "data", tmp_path / "dist", BASE, silent, dry_run=True)

    assert made.new
    assert not (tmp_path / "dist").exists()


def test_several_organisations_have_dumps_of_their_own(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data / "kaupunki", data / "toinen")
    edit(data / "toinen" / "organisation.toml", 'name = "Kaupunki"', 'name = "Toinen"')

    made = build(data, tmp_path / "dist", BASE, silent)

    one, other = (triples(read(made.folder / f"{key}.ttl", GRAPH_FORMATS[0])) for key in ("kaupunki", "toinen"))
    whole = triples(read(made.folder / "description.ttl", GRAPH_FORMATS[0]))
    assert one | other == whole
    assert instances(whole, "DataStore") == 78
    assert {q.graph_name.value for q in read(made.folder / "description.nq", GRAPH_FORMATS[4])} == {
        BASE.graph("kaupunki"),
        BASE.graph("toinen"),
    }
    assert f"dumps/{made.id}/toinen.ttl" in (made.folder / "catalogs" / "toinen.ttl").read_text()


def test_a_withdrawn_key_is_told_in_the_manifest(data: Path, tmp_path: Path) -> None:
    withdrawn = data / "kaupunki" / "withdrawn.csv"
    withdrawn.write_text(withdrawn.read_text() + "store,vanha,lakipalvelut,2026-10-01\n")

    manifest = json.loads((build(data, tmp_path / "dist", BASE, silent).folder / "manifest.json").read_text())

    assert manifest["withdrawn"] == [
        {
            "iri": f"{BASE.iri}id/kaupunki/store/vanha",
            "replaced_by": f"{BASE.iri}id/kaupunki/store/lakipalvelut",
            "date": "2026-10-01",
        }
    ]
