"""What pages say in plain words: each kind of thing, in each language, and nothing that the data does not say."""

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import template_rendered
from jinja2 import Environment, FileSystemLoader, Template
from jinja2.meta import find_referenced_templates
from werkzeug.routing import Map

from tests.site_pages import BASE, NO_PAGE, PAGES, ROOT, SHARED, STORE, TEMPLATES, TWINS, Sites
from tests.web_client import Get, site
from tvld.serve.languages import LANGUAGES
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.release import open_release
from tvld.serve.traffic import Traffic
from tvld.serve.web import create_app
from tvld.serve.web.words import BY_LANGUAGE
from tvld.settings import Settings


@pytest.fixture(scope="module")
def gets(sites: Sites) -> Iterator[dict[str, Get]]:
    """Ways to ask the sites that together have every kind of page, by name."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(site(open_release(path) if path.is_dir() else open_rdf_files([path], BASE)))[0]
            for name, path in sites.folders.items()
        }


@pytest.fixture(scope="module")
def known(gets: dict[str, Get]) -> Get:
    """The site where what the source leaves out is filled in for one store, with Swedish names."""
    return gets["many"]


@pytest.fixture(scope="module")
def routes() -> Map:
    """All routes of the application."""
    with closing(Traffic(log=False)) as traffic:
        return create_app(Settings(), traffic).url_map


def route_of(routes: Map, address: str) -> str:
    rule, _ = routes.bind("").match(urlsplit(address).path, return_rule=True)
    return str(rule.rule)


def page(get: Get, address: str, language: str = "fi") -> str:
    return get(address, accept="text/html", accept_language=language).text


def test_every_route_is_a_kind_of_page_or_has_a_reason_why_it_is_none(routes: Map, sites: Sites) -> None:
    shown = {route_of(routes, sites.address(each)) for each in PAGES.values()}
    for listed in (NO_PAGE, TWINS):
        for route, (address, _) in listed.items():
            assert route_of(routes, sites.filled(address)) == route
    elsewhere = {*NO_PAGE, *TWINS}

    assert shown | elsewhere == {rule.rule for rule in routes.iter_rules()}, "tell of a route in tests/site_pages.py"
    assert not shown & elsewhere


def test_what_is_listed_as_no_page_gives_a_browser_none(gets: dict[str, Get], sites: Sites) -> None:
    for address, why in NO_PAGE.values():
        reply = gets["real"](sites.filled(address), accept="text/html, */*;q=0.8")
        assert (why, reply.status == 200 and reply.type == "text/html") == (why, False)


def test_a_suffix_gives_the_page_that_stands_at_the_address_without(gets: dict[str, Get]) -> None:
    for address, kind in TWINS.values():
        twin, plain = (main(page(gets["real"], each)) for each in (address, PAGES[kind].address))
        assert twin == plain, address


def test_every_template_writes_a_page(gets: dict[str, Get], sites: Sites) -> None:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True)
    names = set(environment.list_templates(["html"]))
    pieces = {
        str(each)
        for name in names
        for each in find_referenced_templates(environment.parse((TEMPLATES / name).read_text(encoding="utf-8")))
    }
    written: set[str] = set()

    def note(_: object, template: Template, **__: object) -> None:
        written.add(str(template.name))

    with template_rendered.connected_to(note):
        for each in PAGES.values():
            # In a language that no test has asked for yet, the page is not at hand from before.
            gets[each.site](sites.address(each) + ("&" if "?" in each.address else "?") + "lang=en", accept="text/html")

    assert names - pieces <= written <= names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_light_and_in_one_language(gets: dict[str, Get], sites: Sites, kind: str, language: str) -> None:
    shown = PAGES[kind]
    reply = gets[shown.site](sites.address(shown), accept="text/html", accept_language=language)
    text = reply.text

    assert reply.status == shown.status
    assert reply.headers["content-language"] == language
    assert f'<html lang="{language}">' in text
    assert "Accept-Language" in reply.headers["vary"]
    assert len(reply.body) < 100_000
    assert text.count('rel="stylesheet"') == 1
    assert all("defer" in script for script in re.findall(r"<script[^>]* src=[^>]*>", text)), "nothing holds up paint"
    assert not re.findall(r'(?:src|action)="(?:https?:)?//', text), "nothing comes from another host"
    assert text.count("<h1") == 1


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_leads_to_itself_in_every_language(gets: dict[str, Get], sites: Sites, kind: str) -> None:
    shown = PAGES[kind]
    text = page(gets[shown.site], sites.address(shown))
    links = re.findall(r'<link rel="alternate" hreflang="(\w+)" href="http://127.0.0.1:8000([^"]*)">', text)

    assert [language for language, _ in links] == ([] if 'class="embedded"' in text else list(LANGUAGES))
    for language, address in links:
        reply = gets[shown.site](unescape(address), accept="text/html")
        assert (reply.status, reply.headers["content-language"]) == (shown.status, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_store_page_says_what_is_known_and_what_is_not(get: Get, language: str) -> None:
    text, words = page(get, STORE, language), BY_LANGUAGE[language]

    for heading in (words.purposes, words.materials, words.systems, words.ask, words.unknown, words.read_from):
        assert f">{heading}</h2>" in text
    assert "/id/kaupunki/purpose/sosiaalihuollon-palvelujen-jarjestaminen" in text
    assert "/id/kaupunki/system/sosiaalihuollon-asiakastietojarjestelma" in text
    for unknown in (words.unknown_contact, words.unknown_keys, words.unknown_interface, words.unknown_retention):
        assert f"<li>{unknown}</li>" in text
    assert f"<li>{words.unknown_systems}</li>" not in text
    assert words.theme_proposed in text
    assert (words.only_in_fi in text) == (language != "fi"), "what is not translated is admitted"
    assert "curl -L -H" in text
    ask = text.partition('id="pyynto"')[2].partition("</section>")[0]
    assert 'href="/id/kaupunki"' in ask, "who has the data, where it is not known whom to ask"
    for number in ("1999/621", "2019/906"):
        assert f"http://data.finlex.fi/eli/sd/{number}/ajantasa/{'swe' if language == 'sv' else 'fin'}" in text


def test_what_is_known_of_a_store_is_said(known: Get) -> None:
    text, words = page(known, STORE, "sv"), BY_LANGUAGE["sv"]

    assert '<h1 class="name" lang="sv">Barnskyddets informationslager</h1>' in text
    assert 'href="mailto:kirjaamo@example.org"' in text
    assert "Registratorskontoret" in text
    assert '<span lang="fi">asianumero</span>' in text
    assert words.open_no in text
    assert "10 vuotta" in text
    unknown = text.partition('id="tuntematon"')[2].partition("</section>")[0]
    assert re.findall("<li>(.*)</li>", unknown) == [words.unknown_recipients]
    assert '<h1 class="name" lang="fi">Lastensuojelupalvelujen tietovaranto</h1>' in page(known, STORE, "en")


def test_a_page_admits_only_what_it_shows_untranslated(get: Get) -> None:
    # The terms of others have names in English in the data, in Finnish and Swedish among the words of the site.
    assert "Paikallisviranomainen</a>" in page(get, "/doc/kaupunki")
    assert "Lokal myndighet</a>" in page(get, "/doc/kaupunki", "sv")
    for address in ("/", "/doc/kaupunki"):
        assert 'class="only"' not in page(get, address)
        assert BY_LANGUAGE["sv"].only_in_fi in page(get, address, "sv")


def test_a_system_page_tells_what_depends_on_it(get: Get) -> None:
    text = page(get, PAGES["system"].address)
    impact = text.partition('id="varassa"')[2].partition('id="kaytto"')[0]

    assert len(set(re.findall(r"/id/kaupunki/store/[\w-]+", impact))) == 39
    assert "<strong>39</strong> tietovarantoa" in impact
    assert "<strong>1</strong> palvelualue<" in page(get, "/doc/kaupunki/system/potilastietojarjestelma")
    alone = impact.count(BY_LANGUAGE["fi"].impact_alone)
    stores = {row["key"]: row["systems"] for row in rows("stores")}
    assert alone == sum(systems == "paatoksenteon-ja-seurannan-tietojarjestelma" for systems in stores.values()) > 0


def test_a_system_page_says_first_which_stores_would_have_no_system_left(get: Get) -> None:
    words, systems = BY_LANGUAGE["fi"], {row["key"]: row["systems"].split(";") for row in rows("stores")}
    for system in ("paatoksenteon-ja-seurannan-tietojarjestelma", "potilastietojarjestelma"):
        impact = page(get, f"/doc/kaupunki/system/{system}").partition('id="varassa"')[2].partition('id="kaytto"')[0]
        without = impact.partition(words.impact_without)[2].partition('<div class="areas">')[0]
        alone = {key for key, named in systems.items() if named == [system]}
        assert set(re.findall(r"/id/kaupunki/store/([\w-]+)", without)) == alone
        assert (words.impact_all_left in impact) == (not alone)
        told = re.findall(r'store/([\w-]+)"[^>]*>[^<]*</a>\s*<small>([^<]*)</small>', impact)
        left = {
            key: words.impact_alone
            if len(named) == 1
            else f"{len(named) - 1} {words.impact_left_one if len(named) == 2 else words.impact_left}"
            for key, named in systems.items()
            if system in named
        }
        assert dict(told) == left
        [question] = re.findall(r'href="(/queries/[^"]*)"', impact)
        answer = get(question.replace("?", ".csv?")).text.splitlines()
        assert {line.split("/store/")[1].split(",")[0] for line in answer[1:]} == left.keys()
        counts = [int(line.rpartition(",")[2]) for line in answer[1:]]
        assert counts == sorted(counts), "who would be left with the least comes first"


def test_the_answer_about_a_shutdown_names_the_organisations(known: Get) -> None:
    key = "paatoksenteon-ja-seurannan-tietojarjestelma"
    answer = page(known, f"/queries/stores-affected-by-a-shutdown?systemKey={key}&systemKey=asianhallinta")

    heads = re.findall(r'<th scope="col">([^<]*)</th>', answer.partition('class="scroll answer"')[2])
    assert "Organisaatio" in heads
    assert '<td><span lang="fi">Kaupunki</span>' in answer


def test_pages_of_shared_things_lead_to_every_store_that_has_them(get: Get) -> None:
    materials = [row for row in rows("materials") if row["data_group"] == SHARED]
    text = page(get, PAGES["data group"].address)
    shown = text.partition('id="varannot"')[2].partition('class="machines"')[0]
    assert set(re.findall(r"/id/kaupunki/material/([\w-]+)", shown)) == {row["key"] for row in materials}
    assert set(re.findall(r"/id/kaupunki/store/([\w-]+)", shown)) == {row["store"] for row in materials}

    purpose = [row["key"] for row in rows("stores") if "asumisoikeusasiat" in row["purposes"].split(";")]
    text = page(get, PAGES["purpose"].address).partition('class="machines"')[0]
    assert set(re.findall(r"/id/kaupunki/store/([\w-]+)", text)) == set(purpose)

    area = [row["key"] for row in rows("stores") if row["service_area"] == "konsernihallinto"]
    text = page(get, PAGES["service area"].address).partition('class="machines"')[0]
    assert set(re.findall(r"/id/kaupunki/store/([\w-]+)", text)) == set(area)


def test_the_source_is_shown_line_by_line(get: Get) -> None:
    cells = [row for row in rows("cells") if row["text"].strip()]
    text = page(get, PAGES["source"].address).partition('class="machines"')[0]

    shown = re.findall(r"/id/kaupunki/cell/(\d+-\d+)", text)
    assert sorted(shown) == sorted(f"{row['line']}-{row['column']}" for row in cells)
    cell = page(get, PAGES["cell"].address)
    said = next(row["text"] for row in cells if (row["line"], row["column"]) == ("6", "4"))
    assert f'<blockquote lang="fi"><p>{said}</p></blockquote>' in cell


def test_search_engines_and_previews_find_the_languages_and_the_name(get: Get) -> None:
    text = page(get, f"{STORE}?lang=sv")

    assert f'<link rel="canonical" href="http://127.0.0.1:8000{STORE}?lang=sv">' in text
    for language in LANGUAGES:
        assert f'hreflang="{language}" href="http://127.0.0.1:8000{STORE}?lang={language}"' in text
    assert '<meta property="og:title" content="Lastensuojelupalvelujen tietovaranto">' in text
    assert '<meta property="og:locale" content="sv_FI">' in text


def test_previews_of_shared_links_have_a_picture_and_say_what_is_shared(get: Get) -> None:
    told = dict(re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)">', page(get, STORE)))
    picture = get(told["og:image"].replace(BASE.iri, "/"))

    assert (picture.status, picture.type) == (200, told["og:image:type"])
    assert picture.body.startswith(b"\x89PNG")
    size = [int.from_bytes(picture.body[start : start + 4]) for start in (16, 20)]
    assert size == [int(told["og:image:width"]), int(told["og:image:height"])]
    assert len(picture.body) < 100_000
    for name in ("Lastensuojelupalvelujen tietovaranto", "sosiaalihuollon palvelujen järjestäminen", "Kaupunki"):
        assert name.casefold() in told["og:description"].casefold()
    assert told["og:description"] == told["description"]


def test_the_statement_names_whom_to_tell(get: Get, known: Get) -> None:
    assert "kirjaamo@example.org" in page(known, "/accessibility")
    assert BY_LANGUAGE["en"].no_contact in unescape(page(get, "/accessibility", "en"))
    assert 'href="/accessibility"' in page(get, "/")


def rows(table: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "kaupunki" / f"{table}.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def main(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("description", ("kind_dataset", "publisher", "dataset_files", "dataset_vocabularies", "quality", "issued")),
        ("rules as a dataset", ("kind_dataset", "dataset_files")),
        ("measurement", ("kind_measurement", "measured_result", "measured_of", "measured_by")),
        ("code list", ("kind_code_list", "list_codes")),
        ("code", ("kind_code", "code_of_list", "code_used")),
        ("theme", ("kind_code", "code_of_list", "code_used")),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_describes_the_description_is_told_in_words(
    get: Get, name: str, said: tuple[str, ...], language: str
) -> None:
    words = BY_LANGUAGE[language]
    text = page(get, PAGES[name].address, language).partition("<main")[2].partition('class="machines"')[0]
    shown = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", text))

    assert [word for word in said if getattr(words, word) not in shown] == []
    # What has a name is shown by it, and no property or class by its address.
    assert re.findall(r"https?://\S+|\b(?:dcat|dct|dqv|foaf|skos|void):\w+", shown) == []


def test_a_dataset_leads_to_its_files_and_their_sizes(get: Get, release: Path) -> None:
    text = page(get, PAGES["description"].address).partition('id="tiedostot"')[2].partition("</section>")[0]
    files = re.findall(r'<a href="/dumps/[^/"]+/([^"]+)"[^>]*>[^<]+</a> <small>([^<]+)</small>', text)

    assert len(files) == len(re.findall("<li>", text)) >= 30
    assert all((release / name).is_file() for name, _ in files)
