"""The pages of files: all of them where organisations are few; of many the whole, and those of each at its address."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bench.generator import generate

from tests.web_client import Get, site
from tvld.build.pipeline import build
from tvld.formats import TURTLE
from tvld.iris import Base
from tvld.serialisation import read
from tvld.serve.export.addresses import Served, addresses
from tvld.serve.release import open_release
from tvld.serve.source import FileEntry, Source

BASE = Base("http://127.0.0.1:8000/")
DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
KEYS = [f"kunta-000{number}" for number in range(1, 5)]
PLACES = ("dumps/", "dumps/{release}/")


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A release of one organisation more than have all their files on one page."""
    folder = tmp_path_factory.mktemp("several")
    generate(len(KEYS), folder / "data")
    return open_release(build(folder / "data", folder / "dist", BASE, tell=lambda _: None).folder)


@pytest.fixture(scope="module")
def ask(several: Source) -> Iterator[Get]:
    with site(several) as (get, _):
        yield get


def shown(page: str, release: str) -> list[str]:
    """Give the names of the files that have a row on a page."""
    return re.findall(rf'<tr><td><a href="/dumps/{re.escape(release)}/([^"]+)"', page)


@pytest.mark.parametrize("place", PLACES)
def test_each_file_is_on_the_page_of_the_whole_or_of_its_organisation(ask: Get, several: Source, place: str) -> None:
    place = "/" + place.format(release=several.name)
    pages = {key: ask(f"{place}?organisation={key}", accept="text/html").text for key in KEYS}
    whole = ask(place, accept="text/html").text

    names = {key: shown(page, several.name) for key, page in pages.items()}
    of_all = shown(whole, several.name)
    assert sorted([*of_all, *(name for those in names.values() for name in those)]) == sorted(several.listed)
    assert {"description.ttl", "tables/stores.csv", "ns.ttl", "shapes.ttl", "quality.json"} <= set(of_all)
    for key, those in names.items():
        assert {f"{key}.ttl", f"catalogs/{key}.ttl", f"catalogs/{key}.open.ttl", f"tables/{key}/stores.csv"} <= set(
            those
        )
        assert all(re.split("[/.]", name.removeprefix("catalogs/").removeprefix("tables/"))[0] == key for name in those)
        assert f'<a href="{place}?organisation={key}"' in whole
        assert f'<a href="/id/{key}"' in pages[key]
    headings = re.findall(r"<h2[^>]*>([^<]*)", whole)
    assert headings[:5] == [
        "Koko kuvaus",
        "Taulukot",
        "Sanasto ja säännöt",
        "Tietoja julkaisusta",
        "Organisaatioittain ",
    ]
    assert re.findall(r"<h2>([^<]*)", pages[KEYS[0]]) == ["Koko kuvaus", "Taulukot", "Luettelot"]


@pytest.mark.parametrize("place", PLACES)
def test_an_organisation_without_files_is_told_of_as_such(ask: Get, several: Source, place: str) -> None:
    reply = ask(f"/{place.format(release=several.name)}?organisation=atlantis", accept="text/html")

    assert reply.status == 404
    assert "organisation &#39;atlantis&#39;" in reply.text


@pytest.mark.parametrize("place", PLACES)
def test_the_same_is_told_of_the_same_files_as_data(ask: Get, several: Source, place: str) -> None:
    """At the plain address of them all, at that of an organisation of its own."""
    place = "/" + place.format(release=several.name)

    def told(address: str) -> set[str]:
        quads = read(ask(address, accept="text/turtle").body, TURTLE)
        files = {str(q.object).strip("<>") for q in quads if q.predicate.value == f"{DCAT}downloadURL"}
        return {iri.removeprefix(several.base.dump(several.name, "")) for iri in files}

    of_all, of_one = told(place), told(f"{place}?organisation={KEYS[1]}")
    assert {"description.ttl", *(f"{key}.ttl" for key in KEYS)} <= of_all
    assert f"{KEYS[1]}.ttl" in of_one
    assert of_one == {name for name in of_all if several.listed[name].organisation == KEYS[1]}
    assert ask(f"{place}?organisation=atlantis", accept="text/turtle").status == 404
    version = several.base.dump(several.name, "#")
    quads = read(ask(f"{place}?organisation={KEYS[1]}", accept="text/turtle").body, TURTLE)
    titled = {str(q.subject).strip("<>") for q in quads if q.predicate.value == f"{DCT}title"}
    assert {iri for iri in titled if iri.startswith(version)} == (
        {version + KEYS[1]} if several.name in place else set()
    )


def test_one_organisation_is_shown_with_the_whole_and_has_an_address_too(get: Get, release: Path) -> None:
    page = get("/dumps/", accept="text/html").text
    apart = get("/dumps/?organisation=kaupunki", accept="text/html").text

    assert "catalogs/kaupunki.ttl" in shown(page, release.name)
    assert "?organisation=" not in page
    assert set(shown(apart, release.name)) == {
        n for n in shown(page, release.name) if n.startswith("catalogs/kaupunki.")
    }


def test_a_page_of_many_hundred_organisations_is_below_100_kb_and_leads_to_the_next(several: Source) -> None:
    """The whole stands on the first page, names in order on all of them."""
    keys = [f"organisation-with-a-name-of-usual-length-{number:04}" for number in range(900)]
    made = {name: FileEntry(name, 1, "0" * 64, "text/turtle", 1) for key in keys for name in (f"{key}.ttl",)}
    listed = {name: file for name, file in several.listed.items() if not file.organisation} | made
    with site(replace(several, listed=listed)) as (get, _):
        address, pages = "/dumps/", []
        while address:
            reply = get(address, accept="text/html")
            assert reply.status == 200
            assert len(reply.body) < 100_000
            pages.append(reply.text)
            following = re.search(r'rel="next" href="([^"]*)"', reply.text)
            address = following[1] if following else ""
        assert get("/dumps/?page=4", accept="text/html").status == 404

    linked = [key for page in pages for key in re.findall(r'href="/dumps/\?organisation=([^"]*)"', page)]
    assert linked == keys
    assert len(pages) == 3
    assert [len(shown(page, several.name)) > 50 for page in pages] == [True, False, False]


def test_among_files_each_page_has_a_name_of_its_own(ask: Get, several: Source) -> None:
    """A server that knows files alone finds them: no name has a query, and none is that of a dump."""
    layout = Served(BASE, ("fi", "sv"))
    pages = ["dumps/", f"dumps/{several.name}/"]
    for place in PLACES:
        page = ask("/" + place.format(release=several.name), accept="text/html").text
        pages += sorted({address for address in addresses(page, BASE) if "?organisation=" in address})
    files = [file for page in pages for tag in ("fi", "sv") for file in layout.files(page, page=True, language=tag)]

    assert len(pages) == 2 + 2 * len(KEYS)
    assert len(set(files)) == len(files)
    assert all(layout.holds(page) for page in pages)
    assert not {f"dumps/{several.name}/{name}" for name in several.listed} & set(files)
    assert not [file for file in files if "?" in file]


@pytest.mark.parametrize(
    ("name", "organisation"),
    [
        ("inari.nq", "inari"),
        ("catalogs/inari.open.dcat-ap-2.ttl", "inari"),
        ("tables/inari/stores.csv", "inari"),
        ("tables/stores.csv", None),
        ("description.ttl.gz", None),
        ("bundle.zip", None),
        ("ns.ttl", None),
        ("catalog.derived.ttl", None),
        ("queries/stores-per-theme.rq", None),
        ("notes/fi.md", None),
    ],
)
def test_a_file_is_known_to_be_of_one_organisation(name: str, organisation: str | None) -> None:
    assert FileEntry(name, 0, "", "").organisation == organisation
