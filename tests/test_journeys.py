"""Whole journeys: a language chosen by a link is kept wherever links, forms and scripts lead, and all of it answers."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.journeys import Journey, Seen
from tests.site_pages import BASE, PAGES, Sites
from tests.web_client import site
from tvld.serve.languages import LANGUAGES
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.release import open_release
from tvld.serve.traffic import Traffic
from tvld.serve.web import create_app
from tvld.settings import Settings

SITES = ("real", "many", "loose", "editions")
# How many addresses each walk follows at least.
LEAST = {"real": 400, "many": 350, "loose": 25, "editions": 250}
# Kinds of pages to which no link leads, and why.
UNREACHED = {
    "as it was": "asked for with a time in a header, or found in a TimeMap",
    "search of everything": "a form that is sent empty names its field all the same",
    "values of a search": "a link there names the words of the search as well",
    "matrix, narrowed": "how many rows a page has is chosen in the address alone",
    "matrix, searched": "the form sends all of its fields",
    "workbench, nothing found": "only an answer that is empty leads there",
}


@pytest.fixture(scope="module")
def journeys(sites: Sites) -> Iterator[dict[tuple[str, str], Journey]]:
    """A walk through each site in each language; what is data is asked for in the first."""
    with ExitStack() as stack:
        traffic = stack.enter_context(closing(Traffic(log=False)))
        routes = create_app(Settings(), traffic).url_map
        found = {}
        for name in SITES:
            path = sites.folders[name]
            source = open_release(path) if path.is_dir() else open_rdf_files([path], BASE)
            get, _ = stack.enter_context(site(source))
            for place, language in enumerate(LANGUAGES):
                found[name, language] = Journey(get, routes, language, LANGUAGES[place - 1], place == 0).walk()
        yield found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SITES)
def test_every_link_answers_in_the_language_that_was_chosen(
    journeys: dict[tuple[str, str], Journey], name: str, language: str
) -> None:
    journey = journeys[name, language]

    assert journey.faults == []
    assert journey.asked.total() > LEAST[name], "a walk that ends early finds nothing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_is_reached_by_links(
    journeys: dict[tuple[str, str], Journey], sites: Sites, language: str
) -> None:
    shown = {kind: page for kind, page in PAGES.items() if page.status == 200 and page.browsed}
    walks = {name: journeys[name, language] for name in SITES}
    missed = [
        kind
        for kind, page in shown.items()
        if walks[page.site].kind(sites.address(page)) not in walks[page.site].reached
    ]

    assert sorted(missed) == sorted(UNREACHED)


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_keeps_the_language_on_every_link_whatever_its_status(
    journeys: dict[tuple[str, str], Journey], sites: Sites, kind: str
) -> None:
    page, walk = PAGES[kind], journeys[PAGES[kind].site, "sv"]
    address = sites.address(page)
    address += ("&" if "?" in address else "?") + "lang=sv-FI"
    reply = walk.get(address, accept="text/html", accept_language="en")
    seen = Seen(f"{BASE.iri}{address[1:]}", reply.text)
    inside = [link for link in seen.links if link.by in ("a", "form") and link.address.startswith(BASE.iri)]
    lost = {link.address for link in inside if "lang=" not in link.address and walk.is_page(link.address)}

    assert (reply.status, seen.language, lost) == (page.status, "sv", set())
    assert inside
