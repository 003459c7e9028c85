"""What crawlers ask first: robots.txt and the sitemap."""

from importlib import import_module
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import fromstring

import pytest

from tests.editions import BASE, City
from tests.small_city import City as Small
from tests.web_client import Get, site
from tvld.build.pipeline import build
from tvld.serve.record import Record
from tvld.serve.release import open_release

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(get: Get, address: str) -> dict[str, str | None]:
    reply = get(address)
    assert (reply.status, reply.type) == (200, "application/xml")
    return {str(e.findtext(NS + "loc")): e.findtext(NS + "lastmod") for e in fromstring(reply.body)}


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("", True),
        ("doc/kaupunki/store/kirjastopalvelut", True),
        ("catalog/open.ttl", True),
        ("dumps/latest/description.ttl", True),
        ("sitemap.xml", True),
        ("sparql", False),
        ("sparql?query=ASK%20%7B%7D", False),
        ("search?q=a", False),
        ("describe?iri=x", False),
        ("api/3/action/package_list", False),
        ("memento/20260101000000/id/kaupunki", False),
    ],
)
def test_crawlers_may_read_all_but_what_is_costly(get: Get, path: str, allowed: bool) -> None:
    rules = RobotFileParser()
    rules.parse(get("/robots.txt").text.splitlines())

    assert rules.can_fetch("Googlebot", f"/{path}") is allowed
    assert rules.site_maps() == [f"{BASE.iri}sitemap.xml"]


def test_every_page_of_the_sitemap_is_there_and_says_when_it_changed(city: City) -> None:
    parts = listed(city.get, "/sitemap.xml")
    pages = [listed(city.get, part.replace(BASE.iri, "/")) for part in parts]

    of_site, of_city = pages
    assert {BASE.iri + path for path in ("catalog", "matrix", "quality", "queries/what-is-described")} <= of_site.keys()
    assert [page for page in of_site if page.startswith(f"{BASE.iri}def/")]
    assert f"{BASE.iri}doc/kaupunki" in of_city
    assert f"{BASE.iri}doc/kaupunki/store/arkistopalvelut" in of_city
    # What was withdrawn is no page.
    assert not [page for page in of_city if "taidemuseo" in page]
    assert len(of_city) > 20
    for page, day in (of_site | of_city).items():
        assert city.get(page.replace(BASE.iri, "/"), accept="text/html").status == 200, page
        assert day == "2026-05-03", page
    assert list(parts.values()) == ["2026-05-03", "2026-05-03"]


def test_each_organisation_has_a_part_of_its_own_with_its_day(tmp_path: Path) -> None:
    # The key of one begins like that of the other, and the sign that follows sorts before a slash.
    for key, day in (("kunta", "2026-01-02"), ("kunta-2", "2026-03-04")):
        Small(key=key, modified=day).write(tmp_path / "data")
    source = open_release(build(tmp_path / "data", tmp_path / "dist", BASE, tell=lambda _: None).folder)
    with site(source) as (get, _):
        parts = listed(get, "/sitemap.xml")
        pages = {part: listed(get, part.replace(BASE.iri, "/")) for part in parts}
    described = {
        iri for iri in Record(source.quads()).subjects() if iri.startswith(f"{BASE.iri}id/") and "#" not in iri
    }

    of_all, first, second = pages
    assert [parts[first], parts[second]] == ["2026-01-02", "2026-03-04"]
    for part, key in ((first, "kunta"), (second, "kunta-2")):
        assert {page.removeprefix(f"{BASE.iri}doc/").partition("/")[0] for page in pages[part]} == {key}
        assert set(pages[part].values()) == {parts[part]}
    assert {page.replace("/doc/", "/id/") for part in parts for page in pages[part] if "/doc/" in page} == described
    assert {page.removeprefix(f"{BASE.iri}doc/").partition("/")[0] for page in pages[of_all] if "/doc/" in page} == {
        "catalog"
    }


def test_a_large_sitemap_is_cut_into_parts(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [listed(city.get, part.replace(BASE.iri, "/")) for part in listed(city.get, "/sitemap.xml")]
    monkeypatch.setattr(import_module("tvld.serve.sitemap"), "PER_PART", 10)
    with site(open_release(city.out / city.names[2])) as (get, _):
        parts = [listed(get, part.replace(BASE.iri, "/")) for part in listed(get, "/sitemap.xml")]

        assert get(f"/sitemap-{len(parts) + 1}.xml").status == 404
    assert max(map(len, parts)) == 10
    assert min(map(len, parts)) > 0
    assert [page for part in parts for page in part.items()] == [page for part in whole for page in part.items()]
