"""An exported site is the live site as files: nothing is lacking, nothing leads nowhere, all formats say the same."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import docx
import openpyxl
import pytest

from tests.conftest import ROOT
from tests.editions import BASE, edition, tables
from tests.web_client import Get, site
from tvld.build.aids import Aids
from tvld.build.pipeline import build, unchanged
from tvld.checksums import read_manifest
from tvld.cli.aids import aids
from tvld.errors import CallError, OutsideError, ReleaseError
from tvld.formats import DOCUMENT_FORMATS
from tvld.iris import Base
from tvld.serve.export.addresses import Bundled, Served, relinked, still
from tvld.serve.export.bundle import write_bundle
from tvld.serve.export.left_out import LEFT_OUT
from tvld.serve.export.site import export_site, prove_site
from tvld.serve.export.statutory import WRITERS, read_document, write_document
from tvld.serve.release import open_release
from tvld.serve.traffic import Traffic
from tvld.serve.web import create_app
from tvld.settings import Settings

STORE = "doc/kaupunki/store/hankintapalvelut"
LINK = re.compile(r'<(?:a|link|form|img|script)\b[^>]*? (?:href|src|action)="([^"]*)"')


def links(page: str) -> list[str]:
    return [unescape(href) for href in LINK.findall(page)]


def test_every_document_stands_there_in_every_format_as_the_live_site_gives_it(exported: Path, get: Get) -> None:
    addresses = [STORE, "doc/kaupunki", "doc/kaupunki/cell/6-3", "def/system-kind", "ns", "graph/kaupunki"]
    assert len(list((exported / "doc").rglob("*.ttl"))) > 500

    for address in addresses:
        for format_ in DOCUMENT_FORMATS:
            body = (exported / f"{address}.{format_.suffix}").read_bytes()
            if format_.suffix != "html":
                assert body == get(f"/{address}.{format_.suffix}").body, f"{address}.{format_.suffix}"
        assert (exported / address / "index.html").read_bytes() == (exported / f"{address}.html").read_bytes()


def test_no_link_of_any_page_leads_nowhere(exported: Path) -> None:
    pages = list(exported.rglob("*.html"))
    assert len(pages) > 2000

    dead = set()
    seen: dict[str, bool] = {}
    for page in pages:
        for href in links(page.read_text()):
            parts = urlsplit(href)
            if parts.scheme or href.startswith("#") or href.startswith("0;"):
                continue
            assert href.startswith("/"), f"{page}: {href}"
            assert not parts.query, f"{page}: {href}"
            if parts.path not in seen:
                path = exported / unquote(parts.path).lstrip("/")
                seen[parts.path] = path.is_file() or (path / "index.html").is_file()
            if not seen[parts.path]:
                dead.add((page.relative_to(exported).as_posix(), href))
    assert not dead
    assert len(seen) > 1000


def test_an_export_without_a_document_is_no_proof_of_the_release(exported: Path, release: Path, tmp_path: Path) -> None:
    source = open_release(release)
    mark = json.loads((exported / "config/export.json").read_text())

    assert prove_site(source, exported) == mark["content"]
    lacking = tmp_path / "site"
    for part in ("doc", "def", "dumps"):
        (lacking / part).parent.mkdir(exist_ok=True)
        (lacking / part).symlink_to(exported / part)
    (lacking / "doc").unlink()
    (lacking / "doc").mkdir()
    with pytest.raises(ReleaseError, match="do not say the same"):
        prove_site(source, lacking)


def test_an_export_never_takes_the_place_of_something_else(release: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(CallError, match="not an earlier export"):
        export_site(open_release(release), Settings(), tmp_path, tell=lambda _: None)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# A file of each route that is exported.
ROUTES = {
    "/": "index.html",
    "/.well-known/void": ".well-known/void.html", "/.well-known/void.<suffix>": ".well-known/void.ttl",
    "/<organisation>/catalog": "kaupunki/catalog/index.html", "/<path:path>": "def/system-kind.ttl",
    "/<organisation>/catalog.<suffix>": "catalog/kaupunki.rdf", "/accessibility": "accessibility.sv.html",
    "/catalog": "catalog.html", "/catalog.<suffix>": "catalog.jsonld", "/catalog/<name>": "catalog/open.ttl",
    "/catalog/<key>/data.json": "catalog/kaupunki/data.json", "/charts": "charts.en.html", "/data.json": "data.json",
    "/describe": "describe", "/doc/<path:rest>": f"{STORE}.en.html", "/dumps/": "dumps/index.sv.html",
    "/dumps/<name>/": "dumps/{release}/index.sv.html", "/dumps/<release>/<path:name>": "dumps/{release}/manifest.json",
    "/dumps/allowed_signers": "", "/dumps/latest/<path:name>": "config/nginx-site.conf",
    "/embed/matrix": "embed/matrix.html",
    "/embed/store/<organisation>/<key>": "embed/store/kaupunki/lakipalvelut.sv.html",
    "/embed/stores.json": "embed/stores.en.json", "/feed": "config/nginx-site.conf", "/feed.<suffix>": "feed.trig",
    "/feed.atom": "feed.sv.atom", "/feed/<number>": "feed/1.nq",
    "/feed/latest/<int:position>/<number>": "feed/latest/1/1.jsonld", "/graph/<name>": "graph/kaupunki.nq",
    "/id/<path:rest>": "id/kaupunki/index.html", "/matrix": "matrix.sv.html", "/matrix.<suffix>": "matrix.csv",
    "/model": "model.en.html", "/network": "network.html",
    "/network/<path:path>": "network/kaupunki/store/lakipalvelut.sv.html", "/ns": "ns.html", "/ns.<suffix>": "ns.rdf",
    "/quality": "quality.en.html", "/quality.<suffix>": "quality.ttl", "/queries/": "queries/index.json",
    "/queries/<name>": "queries", "/robots.txt": "robots.txt", "/shapes": "shapes.html",
    "/shapes.<suffix>": "shapes.ttl", "/shapes/<name>": "shapes", "/sitemap-<int:number>.xml": "sitemap-1.xml",
    "/sitemap.xml": "sitemap.xml", "/static/<path:filename>": "static/site.css",
}  # fmt: skip


def test_every_route_is_exported_or_left_out_for_a_reason(exported: Path, release: Path) -> None:
    traffic = Traffic(log=False)
    routes = {rule.rule for rule in create_app(Settings(), traffic).url_map.iter_rules()}
    traffic.close()

    assert ROUTES.keys() | LEFT_OUT.keys() == routes
    assert not ROUTES.keys() & LEFT_OUT.keys()
    assert not [name for name in ROUTES.values() if not (exported / name.format(release=release.name)).exists()]
    layout = Served(Base("http://127.0.0.1:8000/"), ("fi",))
    for route in LEFT_OUT:
        assert not layout.holds(re.sub("<[^>]*>", "x", route)[1:]), route
    told = (ROOT / "docs" / "static-site.md").read_text(encoding="utf-8")
    assert not [route for route in LEFT_OUT if f"`{route[1:]}`" not in told]


def test_a_page_names_a_picture_that_is_there_for_previews(exported: Path) -> None:
    for page in ("index.html", f"{STORE}.sv.html", "matrix.html", "quality.en.html"):
        text = (exported / page).read_text(encoding="utf-8")
        (picture,) = re.findall('<meta property="og:image" content="([^"]*)">', text)

        # Who shows a preview knows the page by the address that was shared alone.
        assert picture.startswith("http://127.0.0.1:8000/static/"), page
        assert (exported / urlsplit(picture).path[1:]).read_bytes().startswith(b"\x89PNG"), page


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("doc/x/store/y", "doc/x/store/y"),
        ("graph/catalog?page=2", "graph/catalog/page.2"),
        ("catalog.ttl?page=3", "catalog/page.3.ttl"),
        ("?page=2", "pages/page.2"),
        ("describe?iri=http%3A%2F%2Fwww.w3.org%2Fns%2Fdcat%23Dataset", "describe/dcat-Dataset."),
    ],
)
def test_an_address_with_a_query_has_a_name_that_no_thing_has(address: str, path: str) -> None:
    assert still(address).startswith(path)
    assert still(address) == path or path.endswith(".")


def test_a_link_to_nothing_becomes_its_text() -> None:
    page = '<a href="/sparql">Ask</a><a href="/doc/x#y">x</a><li><a href="/doc/x.nq" type="n/q">N-Quads</a></li>'

    told = relinked(page, Base("http://127.0.0.1:8000/"), lambda link: "there" if link.address == "doc/x" else None)

    assert told == '<span>Ask</span><a href="there#y">x</a>'


@pytest.fixture(scope="module")
def bundle(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    write_bundle(open_release(release), Settings(), file)
    return file


def test_every_link_of_the_bundle_leads_to_a_file_in_it(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        names = set(archive.namelist())
        pages = [name for name in names if name.endswith(".html")]
        assert len(pages) > 500
        dead = []
        for page in pages:
            for href in links(archive.read(page).decode()):
                parts = urlsplit(href)
                if parts.scheme or not parts.path:
                    continue
                target = PurePosixPath(page).parent.joinpath(unquote(parts.path))
                if str(Path("/", target).resolve().relative_to("/")) not in names:
                    dead.append((page, href))

    assert not dead
    assert {"README.txt", "index.html", "tables/stores.csv", "data/description.ttl", f"{STORE}.ttl"} <= names


def test_a_bundle_is_sorted_and_tells_no_time(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        entries = archive.infolist()

    assert [e.filename for e in entries] == sorted(e.filename for e in entries)
    assert {e.date_time for e in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert Bundled(("fi", "sv")).href("id/x/store/y", "doc/x/store/z.html", page=True, language="sv") == "y.sv.html"


def test_a_release_holds_its_bundle_when_it_is_asked_to(tmp_path: Path) -> None:
    data = tables(tmp_path / "data", "2026-05-01")
    with_bundle, without = aids(Settings(bundle=True, search=False)), aids(Settings(search=False))
    assert (with_bundle.extras, without.extras) == (("bundle",), ())

    def made(out: str, lent: Aids) -> Path:
        return build(data, tmp_path / out, BASE, tell=lambda _: None, aids=lent).folder

    first, again, plain = made("a", with_bundle), made("b", with_bundle), made("c", without)

    bundle = (first / "bundle.zip").read_bytes()
    assert bundle == (again / "bundle.zip").read_bytes()
    assert (first / "SHA256SUMS").read_bytes() == (again / "SHA256SUMS").read_bytes()
    write_bundle(open_release(first), Settings(), tmp_path / "later.zip")
    assert (tmp_path / "later.zip").read_bytes() == bundle
    entry = open_release(first).listed["bundle.zip"]
    assert (entry.size, entry.sha256) == (len(bundle), hashlib.sha256(bundle).hexdigest())
    assert "bundle.zip" in (first / "SHA256SUMS.derived").read_text()
    assert "dcat:packageFormat" in (first / "catalog.ttl").read_text()
    assert entry.sha256 in (first / "catalog.derived.ttl").read_text()
    assert entry.sha256 not in (first / "catalog.ttl").read_text() + (first / "manifest.json").read_text()
    with zipfile.ZipFile(first / "bundle.zip") as archive:
        assert b"Informationslager" in archive.read("index.sv.html")
    with site(open_release(first)) as (get, _):
        assert "bundle.zip" in get("/dumps/", accept="text/html").text
    assert not (plain / "bundle.zip").exists()


def test_another_choice_of_extras_is_another_release(tmp_path: Path) -> None:
    """A release is never completed: under its name, and its signature, there is what there was."""
    data, out = tables(tmp_path / "data", "2026-05-01"), tmp_path / "dist"

    def made(lent: Aids) -> Path:
        standing = unchanged(data, out, BASE, extras=lent.extras)
        return standing or build(data, out, BASE, tell=lambda _: None, aids=lent).folder

    plain, searched = made(Aids()), made(Aids(search=True))
    assert made(Aids(search=True)) == searched != plain
    assert (searched / "search.sqlite").is_file()
    assert not (plain / "search.sqlite").exists()
    told = [read_manifest(folder) for folder in (plain, searched)]
    assert [each["extras"] for each in told] == [[], ["search"]]
    assert (told[1]["previous"], told[0]["content"]) == (plain.name, told[1]["content"])
    assert told[1]["graphs"][BASE.graph("kaupunki")] == told[0]["graphs"][BASE.graph("kaupunki")]


def test_the_statutory_document_says_what_the_tables_say_in_every_form(release: Path, tmp_path: Path) -> None:
    document = read_document(release, None)
    assert [(section.name, len(section.rows)) for section in document.sections] == [
        ("Konsernihallinto", 7), ("Sivistys- ja hyvinvointipalvelut", 21), ("Elinvoimapalvelut", 11),
    ]  # fmt: skip
    expected = [
        [section.name, *(sorted(cell) for cell in row)] for section in document.sections for row in section.rows
    ]
    for form in WRITERS:
        write_document(release, form, tmp_path / f"stores.{form}", "kaupunki")

    table = list(csv.reader(io.StringIO((tmp_path / "stores.csv").read_bytes().decode("utf-8-sig"))))
    assert [[row[0], *(sorted(filter(None, cell.split("; "))) for cell in row[1:])] for row in table[1:]] == expected
    sheet = openpyxl.load_workbook(tmp_path / "stores.xlsx").active
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert [[row[0], *(sorted(filter(None, cell.split("\n"))) for cell in row[1:])] for row in rows[1:]] == expected
    tables = docx.Document(str(tmp_path / "stores.docx")).tables
    cells = [[sorted(filter(None, c.text.split("\n"))) for c in r.cells] for t in tables for r in t.rows[1:]]
    assert cells == [row[1:] for row in expected]
    page = (tmp_path / "stores.html").read_text()
    assert page.count("<tr>") == 39 + 3
    with pytest.raises(CallError, match="kaupunki"):
        read_document(release, "nobody")


def test_the_command_says_what_it_needs(release: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tvld", "export", "--release", str(release), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert run().returncode == 2
    assert run("--tables", "csv", "--org", "nobody", "--out", str(tmp_path / "x.csv")).returncode == 2
    done = run("--tables", "csv", "--out", str(tmp_path / "x.csv"))
    assert (done.returncode, (tmp_path / "x.csv").is_file()) == (0, True), done.stderr


def test_what_cannot_be_answered_ends_the_export_and_leaves_nothing(tmp_path: Path) -> None:
    edition(tmp_path / "dist", "2026-05-01")
    source = open_release(tmp_path / "dist" / "current")
    assert source.statistics is not None
    source.statistics.unlink()

    with pytest.raises(OutsideError, match="void"):
        export_site(source, Settings(), tmp_path / "site", tell=lambda _: None)

    assert not [path.name for path in tmp_path.iterdir() if "site" in path.name]
