"""What crawlers ask first: robots.txt and the sitemap."""

from importlib import import_module
from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import fromstring

import pytest

from tests.editions import BASE, City
from tests.web_client import Get, site
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
    (only,) = listed(city.get, "/sitemap.xml")
    pages = listed(city.get, only.replace(BASE.iri, "/"))

    assert f"{BASE.iri}doc/kaupunki/store/arkistopalvelut" in pages
    # What was withdrawn is no page.
    assert not [page for page in pages if "taidemuseo" in page]
    assert len(pages) > 20
    for page, day in pages.items():
        assert city.get(page.replace(BASE.iri, "/"), accept="text/html").status == 200, page
        assert day == "2026-05-03", page


def test_a_large_sitemap_is_cut_into_parts(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = listed(city.get, "/sitemap-1.xml")
    monkeypatch.setattr(import_module("tvld.serve.web.sitemap"), "PER_PART", 10)
    with site(open_release(city.out / city.names[2])) as (get, _):
        parts = [listed(get, part.replace(BASE.iri, "/")) for part in listed(get, "/sitemap.xml")]

        assert get(f"/sitemap-{len(parts) + 1}.xml").status == 404
    assert max(map(len, parts)) == 10
    assert {page: day for part in parts for page, day in part.items()} == whole
    assert sum(map(len, parts)) == len(whole)
