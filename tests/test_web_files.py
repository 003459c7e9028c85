"""Catalogues, dumps, pages and the operator's addresses, over the real release."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.test_release_reading import rewritten
from tests.web_client import Get, site
from tvld.checksums import listed
from tvld.formats import TURTLE
from tvld.serialisation import read
from tvld.serve.release import open_release
from tvld.serve.source import FileEntry


@pytest.mark.parametrize("name", ["kaupunki", "open"])
def test_a_catalogue_is_what_the_release_holds(get: Get, release: Path, name: str) -> None:
    file = release / "catalogs" / ("kaupunki.open.ttl" if name == "open" else "kaupunki.ttl")
    expected = set(read(file, TURTLE))

    assert set(read(get(f"/catalog/{name}").body, TURTLE)) == expected
    if name == "kaupunki":
        assert get("/catalog.ttl").body == get("/catalog/kaupunki.ttl").body


def test_every_file_of_a_release_is_given_byte_for_byte(get: Get, release: Path) -> None:
    names = {p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file()}
    assert {"SHA256SUMS", "manifest.json", "description.ttl", "tables/stores.csv"} <= names

    for name in names:
        reply = get(f"/dumps/{release.name}/{name}")
        data = (release / name).read_bytes()
        assert (reply.status, reply.body) == (200, data), name
        assert reply.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()}"'
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reply.type != "application/octet-stream", name
        moved = get(f"/dumps/latest/{name}")
        assert (moved.status, moved.headers["location"]) == (307, f"/dumps/{release.name}/{name}")
        assert "immutable" not in moved.headers["cache-control"]
    part = get(f"/dumps/{release.name}/description.nq", range="bytes=100-199")
    assert (part.status, part.body) == (206, (release / "description.nq").read_bytes()[100:200])


def test_the_listing_names_every_file_with_its_checksum(get: Get, release: Path) -> None:
    page = get("/dumps/", accept="text/html").text

    digests = listed(release)
    assert len(digests) > 20
    for name in digests.keys() - {"manifest.json", "SHA256SUMS"}:
        assert f'href="/dumps/{release.name}/{name}"' in page
        assert digests[name] in page
    headings = re.findall(r"<h2>([^<]*)</h2>", page)
    assert headings[:4] == ["Koko kuvaus", "Taulukot", "Sanasto ja säännöt", "Tietoja julkaisusta"]
    assert re.search(r'tables/stores.parquet</a></td><td class="number">[\d,]+\xa0kt</td><td class="number">39<', page)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("description.ttl.gz", "files_whole"),
        ("bundle.zip", "files_whole"),
        ("inari.nq", "files_apart"),
        ("tables.xlsx", "files_tables"),
        ("tables/inari/stores.csv", "files_tables"),
        ("description.sqlite", "files_tables"),
        ("ns.rdf", "files_terms"),
        ("catalog.derived.ttl", "files_about"),
        ("search.sqlite", "files_about"),
        ("queries/q01.rq", "files_about"),
    ],
)
def test_a_file_is_listed_with_its_like(name: str, word: str) -> None:
    assert FileEntry(name, 0, "", "").shelf[1] == word


@pytest.fixture
def beside(release: Path, tmp_path: Path) -> Iterator[Get]:
    """The site of a release beside which other things lie, and in which one thing is withdrawn."""
    folder = Path(shutil.copytree(release, tmp_path / release.name))
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "SHA256SUMS").write_text("0" * 64 + "  key\n")
    (tmp_path / "secret" / "manifest.json").write_text('{"release": "other"}')
    (tmp_path / "secret" / "key").write_text("not for you")
    iri = "http://127.0.0.1:8000/id/kaupunki/store/"
    gone = [{"iri": iri + "vanha", "date": "2026-01-31", "replaced_by": iri + "hankintapalvelut"}]
    gone += [{"iri": iri + "kadonnut", "date": "2026-01-31", "replaced_by": None}]
    rewritten(folder, withdrawn=gone)
    with site(open_release(folder)) as (get, _):
        # Later than the opening: a folder that holds more than it lists is not opened at all.
        (folder / "unlisted").write_text("not for you")
        yield get


def test_what_a_release_does_not_list_is_not_given(beside: Get, release: Path) -> None:
    for path in (
        "secret/key",
        "secret/SHA256SUMS",
        f"{release.name}/unlisted",
        f"{release.name}/../secret/key",
        "../x",
    ):
        reply = beside(f"/dumps/{path}")
        assert reply.status == 404, path
        assert b"not for you" not in reply.body


@pytest.mark.parametrize(
    "path", ["id/kaupunki/store/vanha", "doc/kaupunki/store/vanha", "doc/kaupunki/store/vanha.ttl"]
)
def test_what_was_withdrawn_says_so_and_what_replaces_it(beside: Get, path: str) -> None:
    reply = beside(f"/{path}", accept="application/json")

    assert reply.status == 410
    problem = json.loads(reply.body)
    assert problem["date"] == "2026-01-31"
    assert problem["replaced_by"] == "http://127.0.0.1:8000/id/kaupunki/store/hankintapalvelut"
    assert reply.headers["link"].startswith(f'<{problem["replaced_by"]}>; rel="successor-version"')
    page = beside(f"/{path}", accept="text/html")
    assert (page.status, page.type) == (410, "text/html")
    assert problem["replaced_by"] in page.text
    alone = beside("/id/kaupunki/store/kadonnut", accept="text/html")
    assert (alone.status, "successor-version" in alone.headers["link"]) == (410, False)


def test_data_is_open_to_scripts_of_any_site_and_the_operators_addresses_are_not(get: Get) -> None:
    for path in ("/doc/kaupunki", "/id/kaupunki", "/catalog", "/dumps/", "/sparql", "/nothing"):
        assert get(path).headers["access-control-allow-origin"] == "*", path
    for path in ("/healthz", "/readyz", "/metrics"):
        reply = get(path)
        assert reply.status == 200, path
        assert "access-control-allow-origin" not in reply.headers
        assert reply.headers["cache-control"] == "no-store"


def test_the_figures_can_be_read_and_count_what_was_asked(get: Get) -> None:
    def figures() -> dict[tuple[str, str], float]:
        families = text_string_to_metric_families(get("/metrics").text)
        return {(s.name, s.labels.get("ready", "")): s.value for f in families for s in f.samples
                if s.labels.get("status", "200") == "200"}  # fmt: skip

    get("/doc/kaupunki.ttl")
    before = figures()
    get("/doc/kaupunki.ttl")
    after = figures()

    assert after["tvld_http_requests_total", "yes"] == before["tvld_http_requests_total", "yes"] + 1
    assert after["tvld_http_requests_total", "no"] == before["tvld_http_requests_total", "no"] + 1
    assert after["tvld_triples", ""] > 4000
    assert after["tvld_engine_ready", ""] == 1


def test_the_first_page_shows_every_store_under_its_service_area(get: Get) -> None:
    page = get("/", accept="text/html").text

    assert len(re.findall(r'href="/id/kaupunki/store/', page)) == 39
    assert re.findall(r'<span class="count">\((\d+)\)', page) == ["11", "7", "21"]
    assert "<strong>39</strong> tietovarantoa" in page
    for path in ("sparql", "dumps/", "catalog", "ns", "shapes"):
        assert f'href="/{path}"' in page


PAGES = [
    "/",
    "/doc/kaupunki",
    "/doc/kaupunki/store/hankintapalvelut",
    "/doc/kaupunki/cell/6-3",
    "/catalog",
    "/ns",
    "/shapes",
    "/graph/kaupunki?page=2",
    "/dumps/",
    "/sparql",
    "/queries/what-is-described",
    "/nothing",
    "/.well-known/void",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_script_or_style_inside_and_no_third_party(get: Get, path: str) -> None:
    text = get(path, accept="text/html").text

    assert text.startswith('<!doctype html>\n<html lang="fi">')
    assert re.search(r"<title>[^<]+</title>", text)
    assert len(re.findall(r"<h1", text)) == 1
    assert not re.findall(r'<script(?! type="application/ld\+json"| src="/static/[\w./-]+"[^>]* defer></script>)', text)
    # In a tag, that is: a page that can be embedded shows the code for it, which has a style, as text.
    assert not re.findall(r"<style|<[^>]*\s(?:style|on\w+)=", text)
    assert not [link for link in re.findall(r'<(?:link|img|script|form)[^>]*(?:href|src|action)="([^"]*)"', text)
                if not link.startswith(("/", "http://127.0.0.1:8000/"))]  # fmt: skip
    assert "koekäyttö" in text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/doc/kaupunki", "GovernmentOrganization"),
        ("/doc/kaupunki/store/hankintapalvelut", "Dataset"),
        ("/doc/kaupunki/catalog/stores", "DataCatalog"),
        ("/doc/kaupunki/catalog/description", "Dataset"),
        ("/doc/kaupunki/system/paatoksenteon-ja-seurannan-tietojarjestelma", "SoftwareApplication"),
        ("/doc/kaupunki/purpose/hankintojen-hallinta-ja-toteutus", "DefinedTerm"),
        ("/doc/kaupunki/service-area/konsernihallinto", "Organization"),
    ],
)
def test_a_page_carries_schema_org_for_search_engines(get: Get, path: str, kind: str) -> None:
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', get(path, accept="text/html").text, re.DOTALL
    )

    assert found is not None
    described = json.loads(found.group(1))
    assert described["@type"] == kind
    assert described["@id"] == "http://127.0.0.1:8000/id/" + path.removeprefix("/doc/")
    assert described["name"]


def test_every_literal_of_a_page_is_in_its_language(get: Get) -> None:
    page = get("/doc/kaupunki", accept="text/html").text

    for language, text in (("sv", "Stad"), ("en", "City")):
        assert f'<td lang="{language}">{text}</td>' in page
    assert '<h1 class="name" lang="fi">Kaupunki</h1>' in page
