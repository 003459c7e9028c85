"""What a release gives to take away: each file is read by a library that did not write it and compared with others."""

import asyncio
import csv
import gzip
import hashlib
import json
import re
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
import rdflib
from csvw import TableGroup
from datasette.app import Datasette
from pyld import jsonld
from rdflib import RDF, Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, VOID

from tests.conftest import ROOT
from tests.test_pipeline import NAMES, edit, files, silent
from tvld.build.fingerprints import fingerprint
from tvld.build.pipeline import build
from tvld.errors import DataError
from tvld.formats import GRAPH_FORMATS, NTRIPLES, TURTLE, is_derived
from tvld.iris import PREFIXES, Base
from tvld.serialisation import read, triples

BASE = Base("http://127.0.0.1:8000/")
RDFLIB = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt", "nq": "nquads", "trig": "trig"}
SPDX = PREFIXES["spdx"]
LICENCE = "http://creativecommons.org/licenses/by/4.0/"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two organisations; one writes its texts decomposed, as some programs do."""
    data = shutil.copytree(ROOT / "data", tmp_path_factory.mktemp("pair") / "data")
    shutil.copytree(data / "kaupunki", data / "toinen")
    edit(data / "toinen" / "organisation.toml", 'name = "Kaupunki"', 'name = "Toinen"')
    for path in (data / "toinen").glob("*.*"):
        path.write_text(unicodedata.normalize("NFD", path.read_text(encoding="utf-8")), encoding="utf-8")
    return build(data, data.parent / "dist", BASE, silent).folder


def catalogue(folder: Path) -> Graph:
    graph = Graph().parse(folder / "catalog.ttl")
    return graph.parse(folder / "catalog.derived.ttl")


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("suffix", RDFLIB)
@pytest.mark.parametrize("stem", ["description", "ns", "shapes"])
def test_another_library_counts_the_triples_that_are_told(release: Path, stem: str, suffix: str) -> None:
    told = json.loads((release / "manifest.json").read_text())["files"][f"{stem}.{suffix}"]["triples"]
    dataset = Dataset(default_union=True)
    dataset.parse(release / f"{stem}.{suffix}", format=RDFLIB[suffix])

    assert len(set(dataset.triples((None, None, None)))) == told > 50


def test_statistics_are_those_of_the_file(release: Path) -> None:
    statistics, content = Graph().parse(release / "void.ttl"), Graph().parse(release / "description.ttl")
    me = URIRef(f"{BASE.iri}id/kaupunki/catalog/description")

    assert statistics.value(me, VOID.triples) == Literal(len(content))
    assert statistics.value(me, VOID.distinctSubjects) == Literal(len(set(content.subjects())))
    assert statistics.value(me, VOID.distinctObjects) == Literal(len(set(content.objects())))
    assert statistics.value(me, VOID.classes) == Literal(len(set(content.objects(None, RDF.type))))
    assert statistics.value(me, VOID.properties) == Literal(len(set(content.predicates())))
    assert {str(dump).rsplit("/", 1)[1] for dump in statistics.objects(me, VOID.dataDump)} == {
        f"description.{f.suffix}{packed}" for f in GRAPH_FORMATS for packed in ("", ".gz")
    }


@pytest.mark.parametrize("name", ["release", "pair"])
def test_the_hash_of_a_graph_is_that_of_its_canonical_form(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)
    told = json.loads((folder / "manifest.json").read_text())["graphs"]
    whole = "description" if name == "release" else "kaupunki"
    canonical = jsonld.normalize(
        (folder / f"{whole}.nt").read_text(encoding="utf-8"),
        {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"},
    )

    sums = {graph.removeprefix(f"{BASE.iri}graph/"): about["rdfc10-sha256"] for graph, about in told.items()}
    assert sums["kaupunki"] == hashlib.sha256(canonical.encode()).hexdigest()
    for graph, file in (("kaupunki", f"{whole}.nt"), ("ns", "ns.nt"), ("shapes", "shapes.nt")):
        assert sums[graph] == hashlib.sha256((folder / file).read_bytes()).hexdigest()
    assert told[f"{BASE.iri}graph/catalog"]["triples"] == len(triples(read(folder / "catalog.ttl", TURTLE)))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("_:a <http://e/p> 1 .", "node without an address"),
        ("<http://e/a> <http://e/p> 'a\u0308' .", "form NFC"),
        ("<http://e/a> <http://e/p> <http://e/a\u0308> .", "form NFC"),
    ],
)
def test_what_has_no_canonical_bytes_is_not_published(text: str, what: str) -> None:
    with pytest.raises(DataError, match=what):
        fingerprint([Graph().parse(data=text, format="turtle")], "http://e/g")


def test_decomposed_texts_of_a_table_become_those_that_all_others_write(pair: Path) -> None:
    """One organisation of the pair is the other one, decomposed: only keys tell them apart."""
    for table in NAMES:
        one, other = (
            [row for row in rows(pair, table) if row["organisation"] == key] for key in ("kaupunki", "toinen")
        )
        assert [{**row, "organisation": ""} for row in one] == [{**row, "organisation": ""} for row in other]
    text = (pair / "description.nt").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_compressed_files_hold_the_others_without_name_or_time(release: Path) -> None:
    packed = sorted(release.glob("*.gz"))

    assert len(packed) == len(GRAPH_FORMATS)
    for path in packed:
        head = path.read_bytes()[:10]
        assert head[3:8] == bytes(5), "no flags, so no name; no time"
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_files_say_whose_they_are_where_that_is_not_data(release: Path) -> None:
    content = hashlib.sha256((release / "description.nq").read_bytes()).hexdigest()
    wanted = (LICENCE, "2026-11-22", content, "Kaupunki")
    book = openpyxl.load_workbook(release / "tables.xlsx", read_only=True)
    with sqlite3.connect(release / "description.sqlite") as file:
        about = str(file.execute("SELECT * FROM about").fetchall())
    file.close()
    places = {
        **{suffix: (release / f"description.{suffix}").read_text(encoding="utf-8")[:2000] for suffix in RDFLIB},
        "parquet": str(pyarrow.parquet.read_schema(release / "tables" / "stores.parquet").metadata),
        "properties": f"{book.properties.description} {book.properties.creator}",
        "sheet": str(list(book["about"].values)),
        "sqlite": about,
        "csvw": (release / "tables" / "csv-metadata.json").read_text(encoding="utf-8"),
    }
    book.close()

    silent_formats = {"nt", "nq", "jsonld"}
    assert {name for name, text in places.items() if not all(fact in text for fact in wanted)} == silent_formats
    assert "2026-11-22-" not in places["ttl"], "the same content is the same file in every release"


def test_a_name_with_line_ends_stays_in_its_comment(tmp_path: Path) -> None:
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    edit(data / "kaupunki" / "organisation.toml", 'name = "Kaupunki"', r'name = "Kau\npunki --> <a> <b> <c> ."')
    made = build(data, tmp_path / "dist", BASE, silent).folder

    for suffix in ("ttl", "trig", "rdf"):
        dataset = Dataset(default_union=True)
        dataset.parse(made / f"description.{suffix}", format=RDFLIB[suffix])
        assert len(set(dataset.triples((None, None, None)))) == len((made / "description.nt").read_text().splitlines())


@pytest.mark.parametrize("folder", ["tables", "tables/toinen"])
def test_csvw_describes_the_tables(pair: Path, folder: str) -> None:
    group = TableGroup.from_file(pair / folder / "csv-metadata.json")
    counted = {}
    for table in group.tables:
        found = list(table.iterdicts(strict=True))
        assert table.check_primary_key()
        counted[table.url.string.removesuffix(".csv")] = len(found)

    assert group.check_referential_integrity()
    assert counted == {
        name: len([r for r in rows(pair, name) if folder == "tables" or r["organisation"] == "toinen"])
        for name in NAMES
    }
    assert counted["stores"] in (39, 78)
    [stores] = [table for table in group.tables if table.url.string == "stores.csv"]
    assert stores.tableSchema.aboutUrl.expand(organisation="toinen", key="x") == f"{BASE.iri}id/toinen/store/x"


def test_csvw_that_is_wrong_is_noticed(pair: Path, tmp_path: Path) -> None:
    """The library does look: a reference to nothing, a key twice."""
    tables = shutil.copytree(pair / "tables", tmp_path / "tables")
    edit(tables / "stores.csv", ",elinvoimapalvelut,", ",elinvoima,")

    with pytest.raises(ValueError, match="elinvoima"):
        TableGroup.from_file(tables / "csv-metadata.json").check_referential_integrity()


@pytest.mark.parametrize("table", NAMES)
def test_workbook_parquet_and_sqlite_hold_what_the_csv_holds(pair: Path, table: str) -> None:
    expected = [tuple(row.values()) for row in rows(pair, table)]
    header = tuple(rows(pair, table)[0]) if expected else None

    book = openpyxl.load_workbook(pair / "tables.xlsx")
    head, *sheet = list(book[table].iter_rows(values_only=True))
    parquet = pyarrow.parquet.read_table(pair / "tables" / f"{table}.parquet")
    with sqlite3.connect(pair / "description.sqlite") as file:
        found = file.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()
    file.close()

    assert header is None or tuple(head) == header == tuple(parquet.column_names)
    assert book[table].freeze_panes == "A2"
    for rows_found in (sheet, [tuple(row.values()) for row in parquet.to_pylist()], found):
        assert [tuple("" if value is None else str(value) for value in row) for row in rows_found] == expected
    numbers = {type(value) for row in found for value in row}
    assert numbers <= {str, type(None), int}
    assert (int in numbers) == (table in ("stores", "materials", "cells"))


def test_text_in_a_workbook_stays_text(tmp_path: Path) -> None:
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    edit(data / "kaupunki" / "service_areas.csv", "Konsernihallinto", "=1+1 http://a.fi 007")
    made = build(data, tmp_path / "dist", BASE, silent).folder
    cells = [cell for row in openpyxl.load_workbook(made / "tables.xlsx")["service_areas"].iter_rows() for cell in row]

    assert [(c.value, c.data_type, c.hyperlink) for c in cells if "007" in str(c.value)] == [
        ("=1+1 http://a.fi 007", "s", None)
    ]


def test_datasette_opens_the_sqlite_file_with_its_links(release: Path) -> None:
    async def ask() -> Iterator[dict[str, object]]:
        site = Datasette([], immutables=[str(release / "description.sqlite")])
        answers = [
            (await site.client.get(path)).json()
            for path in (
                "/description.json",
                "/description/stores.json?_shape=objects&service_area=elinvoimapalvelut&_nocount=1&_size=max",
                "/description.json?_shape=array&sql=select+count(*)+as+n+from+stores_purposes",
            )
        ]
        for database in site.databases.values():
            database.close()
        site.executor.shutdown()
        return iter(answers)

    database, stores, purposes = asyncio.run(ask())
    tables = {table["name"]: table for table in database["tables"]}  # type: ignore[attr-defined]

    assert {*NAMES, "about", "stores_purposes", "stores_systems"} == tables.keys()
    assert {key["other_table"] for key in tables["materials"]["foreign_keys"]["outgoing"]} <= {"stores", "data_groups"}
    assert len(stores["rows"]) == 11  # type: ignore[arg-type]
    assert purposes == [{"n": sum(len(row["purposes"].split(";")) for row in rows(release, "stores"))}]


@pytest.mark.parametrize("name", ["release", "pair"])
def test_every_download_is_a_distribution_that_tells_the_truth(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)
    graph, prefix = catalogue(folder), BASE.dump(folder.name, "")
    described = {
        str(graph.value(d, DCAT.downloadURL)).removeprefix(prefix): d
        for d in graph.subjects(RDF.type, DCAT.Distribution)
    }
    downloads = {
        file
        for file in files(folder)
        if file.startswith(("description.", "ns.", "shapes.", "tables", "kaupunki.", "toinen."))
        and not file.endswith("csv-metadata.json")
    }
    # A catalogue is a file too, and cannot tell its own size and checksum.
    catalogues = {file for file in described if file.startswith("catalogs/")}
    assert catalogues == {
        f"catalogs/{o}{which}.ttl"
        for o in {"release": ["kaupunki"], "pair": ["kaupunki", "toinen"]}[name]
        for which in ("", ".open")
    }
    for file in catalogues:
        assert (folder / file).is_file()
        assert graph.value(described.pop(file), DCAT.byteSize) is None

    assert described.keys() == downloads
    assert len(described) == len(set(described.values()))
    for file, me in described.items():
        body = (folder / file).read_bytes()
        checksum = graph.value(me, URIRef(SPDX + "checksum"))
        assert int(str(graph.value(me, DCAT.byteSize))) == len(body), file
        assert str(graph.value(checksum, URIRef(SPDX + "checksumValue"))) == hashlib.sha256(body).hexdigest(), file
        assert {title.language for title in graph.objects(me, DCTERMS.title)} == {"fi", "sv", "en"}
        assert bool(graph.value(me, URIRef(PREFIXES["dcat"] + "compressFormat"))) == file.endswith(".gz")
        assert bool(graph.value(me, DCTERMS.conformsTo)) == file.endswith(".csv")
        assert (graph.value(me, DCTERMS.license) == URIRef(LICENCE)) or file.startswith(("ns.", "shapes."))
        assert list(graph.subjects(DCAT.distribution, me)), file


def test_the_release_metadata_says_nothing_that_a_library_decides(release: Path) -> None:
    """Else its bytes, and with them SHA256SUMS, would not be the same on every machine."""
    derived = [name for name in files(release) if is_derived(name)]
    sums = {hashlib.sha256((release / name).read_bytes()).hexdigest() for name in derived}
    text = "".join(
        (release / name).read_text(encoding="utf-8")
        for name in files(release)
        if name.endswith((".ttl", ".json")) and not is_derived(name)
    )

    assert len(derived) > 12
    assert not [digest for digest in sums if digest in text]


def test_one_value_a_line_so_that_a_change_is_a_line(release: Path) -> None:
    text = (release / "description.ttl").read_text(encoding="utf-8")
    body = text[text.index("\n\n<") :].splitlines()

    said = len(list(read(release / "description.nt", NTRIPLES)))

    assert len([line for line in body if line.endswith((" ;", " ,"))]) == said
    assert rdflib.Graph().parse(data=text).isomorphic(rdflib.Graph().parse(release / "description.nt"))


def test_the_questions_of_the_page_about_dumps_are_answered(release: Path) -> None:
    page = (ROOT / "docs" / "dumps.md").read_text(encoding="utf-8")
    questions = re.findall(r"^```sql\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    with sqlite3.connect(release / "description.sqlite") as file:
        systems, about = (file.execute(question).fetchall() for question in questions)
    file.close()

    assert systems[0] == ("Päätöksenteon ja seurannan tietojärjestelmä", 39)
    assert dict(about)["licence"] == LICENCE
    for name in re.findall(r"`((?:description|tables)[./][\w./<>-]+)`", page):
        told = name.replace("<table>", "stores").replace("tables/<organisation>/", "tables/")
        assert (release / told).is_file(), name
