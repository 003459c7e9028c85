"""Search over HTTP: the page, the same as data, suggestions, the description for browsers."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from tests.editions import BASE, tables
from tests.web_client import Get, site
from tvld.build.aids import Aids
from tvld.build.pipeline import build
from tvld.serve.release import open_release

TOWNS = 14
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.mark.parametrize(
    ("address", "accept", "status", "type_"),
    [
        ("/search?q=potilas", "text/html", 200, "text/html"),
        ("/search?q=potilas", None, 200, "text/html"),
        ("/search?q=potilas", "application/json", 200, "application/json"),
        ("/search?q=potilas", "text/turtle", 200, "text/turtle"),
        ("/search?q=potilas", "image/png", 406, "application/problem+json"),
        ("/search.json?q=potilas", None, 200, "application/json"),
        ("/search.csv?q=potilas", None, 200, "text/csv"),
        ("/search.ttl?q=potilas", None, 200, "text/turtle"),
        ("/search.exe?q=potilas", None, 404, "application/problem+json"),
        ("/search", "text/html", 200, "text/html"),
        ("/search?colour=red", None, 400, "application/problem+json"),
        ("/search?page=0", None, 400, "application/problem+json"),
        ("/search?page=x", None, 400, "application/problem+json"),
        ("/search?size=101", None, 400, "application/problem+json"),
        ("/search.json?size=1001", None, 400, "application/problem+json"),
        ("/search?kind=foo", None, 400, "application/problem+json"),
        ("/search?personal-data=no", None, 400, "application/problem+json"),
        ("/search?page=99", "text/html", 404, "text/html"),
        ("/search.csv?page=99", None, 404, "application/problem+json"),
        ("/search/values?field=system", "text/html", 200, "text/html"),
        ("/search/values.json?field=system", None, 200, "application/json"),
        ("/search/values.csv?field=system", None, 404, "application/problem+json"),
        ("/search/values?field=colour", None, 400, "application/problem+json"),
        ("/search/values?field=kind&q=" + "x" * 20_000, None, 400, "application/problem+json"),
        ("/search/values?field=kind&find=" + "x" * 201, None, 400, "application/problem+json"),
        ("/search/values?field=system&page=99", None, 404, "application/problem+json"),
        ("/search?q=a&q=b", None, 400, "application/problem+json"),
        ("/search?q=" + "x" * 201, None, 400, "application/problem+json"),
        ("/search?lang=de", None, 400, "application/problem+json"),
        ("/search?q=%00", None, 200, "text/html"),
    ],
)
def test_a_search_is_answered_in_the_format_asked_for(
    get: Get, address: str, accept: str | None, status: int, type_: str
) -> None:
    reply = get(address, accept=accept) if accept else get(address)
    assert (reply.status, reply.type) == (status, type_)


def test_every_format_gives_the_same_hits(get: Get) -> None:
    told = json.loads(get("/search.json?q=asiakas&size=100").text)
    iris = [hit["iri"] for hit in told["hits"]]
    assert len(iris) == min(100, told["total"]) > 20
    rows = list(csv.DictReader(io.StringIO(get("/search.csv?q=asiakas&size=100").text)))
    assert [row["iri"] for row in rows] == iris
    assert [row["store"] for row in rows] == [hit["store"] or "" for hit in told["hits"]]
    assert [row["themes"].split(";") for row in rows] == [hit["themes"] or [""] for hit in told["hits"]]
    assert {bool(row["store_name"]) for row in rows if row["kind"] == "material"} == {True}
    assert {row["organisation_name"] for row in rows if row["organisation"]} == {"Kaupunki"}
    graph = ox.Dataset(ox.parse(get("/search.ttl?q=asiakas&size=100").body, format=ox.RdfFormat.TURTLE))
    member = ox.NamedNode("http://www.w3.org/ns/hydra/core#member")
    assert {quad.object.value for quad in graph.quads_for_predicate(member)} == set(iris)
    page = get("/search?q=asiakas", accept="text/html").text
    assert page.count("<mark>") >= 20
    assert f"{told['total']} osumaa" in page


@pytest.mark.parametrize("suffix", ["csv", "json", "ttl"])
def test_data_has_all_hits_or_leads_to_the_next(get: Get, suffix: str) -> None:
    whole = get(f"/search.{suffix}")
    assert 'rel="next"' not in whole.headers["link"]
    if suffix == "csv":
        assert len(list(csv.DictReader(io.StringIO(whole.text)))) == json.loads(get("/search.json").text)["total"] > 300
    address, seen = f"/search.{suffix}?size=200&kind=material", 0
    while address:
        seen += 1
        part = get(address)
        assert part.status == 200
        found = re.search(r'<([^>]*)>; rel="next"', part.headers["link"])
        address = found.group(1) if found else ""
        assert "kind=material" in address or not address
    assert seen == -(-json.loads(get("/search.json?kind=material").text)["total"] // 200)


def test_past_the_last_page_a_reader_is_led_back(get: Get) -> None:
    page = get("/search?q=potilas&page=99", accept="text/html").text
    assert "Tulokset loppuvat ennen tätä sivua." in page
    back = re.search(r'ennen tätä sivua. <a href="([^"]+)">', page)
    assert back
    assert "<mark>" in get(unescape(back.group(1)), accept="text/html").text


def test_a_value_that_nothing_has_can_be_taken_back(get: Get) -> None:
    page = get("/search?q=potilas&system=kaupunki/nothing", accept="text/html").text
    assert "Ei osumia." in page
    assert '<li><a href="/search?q=potilas"><span lang="fi">kaupunki/nothing</span>' in page


def test_one_thing_is_said_of_a_word_that_nothing_has(get: Get) -> None:
    page = get("/search?q=rakennuslupa", accept="text/html").text
    assert "Ei osumia" not in page
    assert "Näytetään osumat sanoilla" in page
    assert "<q>rakennuslupa</q>" in page
    assert "joissa on osa niistä" in page


def test_equal_materials_are_told_apart_by_their_stores(get: Get) -> None:
    page = get("/search?q=asiakashallinta&kind=material", accept="text/html").text
    lines = re.findall(r'<p class="kinds">Tietoaineisto .*?</p>', page)
    assert len(lines) == len(set(lines)) >= 9
    assert all("tietovaranto</a>" in line for line in lines)


def test_forms_of_what_was_looked_for_are_marked(get: Get) -> None:
    for asked, marked in (
        ("ikäihmisiä", "Ikäihmisten"),
        ("lapset", "Lastensuojelupalvelujen"),
        ("tukea", "omaishoidontuen"),
    ):
        assert f"<mark>{marked}</mark>" in get(f"/search?q={quote(asked)}", accept="text/html").text


@pytest.mark.parametrize(
    ("language", "said", "heading"),
    [
        ("sv", "finns inte på svenska", "Bläddra enligt tema"),
        ("en", "are not in English", "Browse by theme"),
        ("fi", "", "Selaa aiheittain"),
    ],
)
def test_where_nothing_is_found_there_are_ways_on(get: Get, language: str, said: str, heading: str) -> None:
    page = get("/search?q=zzzqqqxxw", accept="text/html", accept_language=language).text
    assert heading in page
    assert said in page
    assert ('<span lang="fi">Suomi</span>' in page) == bool(said)
    ways = re.findall(r'<li><a href="(/search\?q=&amp;(?:theme|service-area)=[^"]+)">', page)
    assert len(ways) == 9 + 3
    for way in ways[::4]:
        assert json.loads(get(unescape(way), accept="application/json").text)["total"]


@pytest.mark.parametrize(
    ("text", "language", "named", "address"),
    [
        ("purpose", "en", "Purpose", "/search?kind=purpose"),
        ("användningsändamål", "sv", "Användningsändamål", "/search?kind=purpose"),
        ("information systems", "fi", "Tietojärjestelmä", "/search?kind=system"),
        ("lataukset", "fi", "Lataukset", "/dumps/"),
        ("download", "en", "Downloads", "/dumps/"),
    ],
)
def test_the_words_of_the_site_lead_to_its_parts(get: Get, text: str, language: str, named: str, address: str) -> None:
    page = get(f"/search?q={quote(text)}", accept="text/html", accept_language=language).text
    assert f'<a href="{address}">{named}</a>' in page
    assert get(address, accept="text/html").status == 200


@pytest.mark.parametrize(("text", "language"), [("hälsa", "sv"), ("health", "en"), ("terveys", "fi")])
def test_a_theme_leads_to_the_stores_that_have_it(get: Get, text: str, language: str) -> None:
    page = get(f"/search?q={quote(text)}", accept="text/html", accept_language=language).text
    assert re.search(rf'<a class="name" href="/search\?kind=store&amp;theme=HEAL" lang="{language}"><mark>', page)
    told = json.loads(get("/search.json?kind=store&theme=HEAL").text)
    assert {hit["kind"] for hit in told["hits"]} == {"store"}
    assert all("HEAL" in hit["themes"] for hit in told["hits"])


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """The site of many towns that name their stores and service areas alike."""
    data = tmp_path_factory.mktemp("towns") / "data"
    for number in range(TOWNS):
        folder = tables(data, "2026-01-01") / "kaupunki"
        about = folder / "organisation.toml"
        about.write_text(about.read_text().replace('name = "Kaupunki"', f'name = "Kunta {number}"'))
        folder.rename(data / f"kunta-{number:02}")
    made = build(data, data.parent / "dist", BASE, tell=lambda _: None, aids=Aids(search=True))
    with site(open_release(made.folder)) as (ask, _):
        yield ask


def test_a_facet_leads_to_all_its_values(towns: Get) -> None:
    page = towns("/search?q=museo", accept="text/html").text
    for field, title in (("organisation", "Organisaatio"), ("service-area", "Palvelualue")):
        more = f'<a href="/search/values?q=museo&amp;field={field}">Näytä kaikki ({TOWNS})'
        assert f'{more}<span class="hidden">: {title}</span></a>' in page
        values = towns(f"/search/values?q=museo&field={field}", accept="text/html").text
        ways = re.findall(rf'<li><a href="(/search\?q=museo&amp;{field}=[^"]+)">', values)
        assert len(set(ways)) == TOWNS
        assert json.loads(towns(unescape(ways[-1]), accept="application/json").text)["total"]
    assert json.loads(towns("/search.json?q=museo").text)["values"]["organisation"] == TOWNS


def test_values_are_found_by_name_and_come_in_pages(towns: Get) -> None:
    told = json.loads(towns("/search/values.json?field=organisation&find=KUNTA%2013").text)
    assert [value["value"] for value in told["values"]] == ["kunta-13"]
    parts = [json.loads(towns(f"/search/values.json?field=organisation&size=5&page={p}").text) for p in (1, 2, 3)]
    assert [part["total"] for part in parts] == [TOWNS] * 3
    assert len({value["value"] for part in parts for value in part["values"]}) == TOWNS
    second = towns("/search/values?field=organisation&size=5&page=2&find=kunta", accept="text/html").text
    assert 'rel="prev"' in second
    assert 'rel="next"' in second
    assert 'name="find" type="search" value="kunta"' in second
    assert "Mikään nimi ei vastaa" in towns("/search/values?field=organisation&find=zzz", accept="text/html").text


def test_values_of_one_name_are_told_apart_by_their_organisations(towns: Get) -> None:
    for address in ("/search", "/search/values?field=service-area"):
        page = towns(address, accept="text/html").text
        named = re.findall(r"<span lang=\"fi\">Palvelut</span> <span aria-hidden=\"true\">·</span> (.*?)</a>", page)
        assert len(named) == len(set(named)) >= 12
        assert '<span lang="fi">Kunta 3</span>' in page


def test_a_value_that_was_chosen_can_be_changed_for_another(towns: Get) -> None:
    told = json.loads(towns("/search/values.json?field=organisation&organisation=kunta-03").text)
    assert told["total"] == TOWNS
    page = towns("/search/values?field=organisation&organisation=kunta-03", accept="text/html").text
    assert page.count('aria-current="true"') >= 1


def test_every_facet_leads_to_as_many_as_it_says(get: Get) -> None:
    told = json.loads(get("/search.json?q=asiakas").text)
    assert len(told["facets"]) >= 6
    for name, values in told["facets"].items():
        narrowed = json.loads(get(f"/search.json?q=asiakas&{name}={quote(values[0]['value'])}").text)
        assert narrowed["total"] == values[0]["things"]
        assert narrowed["filters"] == {name: values[0]["value"]}


def test_every_hit_leads_to_what_was_found(get: Get) -> None:
    for hit in json.loads(get("/search.json?q=tieto").text)["hits"]:
        path = hit["address"].removeprefix("http://127.0.0.1:8000").partition("#")[0]
        assert get(path, accept="text/turtle").status in (200, 303), path


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "osumaa"), ("sv", "träffar"), ("en", "hits"), ("de, en;q=0.1", "hits")]
)
def test_the_page_speaks_the_language_of_the_reader(get: Get, language: str, words: str) -> None:
    reply = get("/search?q=asiakas", accept="text/html", accept_language=language)
    tag = language[-2:] if len(language) == 2 else "en"
    assert f'<html lang="{tag}">' in reply.text
    assert f" {words}</p>" in reply.text
    assert reply.headers["content-language"] == tag
    assert "Accept-Language" in reply.headers["vary"]


def test_a_language_that_a_link_asks_for_goes_along(get: Get) -> None:
    reply = get("/search?q=asiakas&lang=sv", accept="text/html", accept_language="en")
    assert '<html lang="sv">' in reply.text
    assert 'href="/dumps/?lang=sv"' in reply.text
    assert "Accept-Language" not in reply.headers["vary"]


def test_suggestions_are_names_kinds_and_addresses(get: Get) -> None:
    reply = get("/search/suggest?q=potilast&lang=en")
    text, names, kinds, addresses, told = json.loads(reply.text)
    assert reply.type == "application/x-suggestions+json"
    assert text == "potilast"
    assert names[0] == "potilastietojärjestelmä"
    assert kinds[0] == "Information system"
    assert addresses[0] == "http://127.0.0.1:8000/id/kaupunki/system/potilastietojarjestelma?lang=en"
    assert len(names) == len(kinds) == len(addresses) == len(told["languages"]) <= 8
    assert told["languages"][0] == "fi"
    assert json.loads(get("/search/suggest").text) == ["", [], [], [], {"languages": []}]
    unsaid = json.loads(get("/search/suggest?q=potilast", accept_language="en").text)
    assert unsaid[3][0] == "http://127.0.0.1:8000/id/kaupunki/system/potilastietojarjestelma"


def test_browsers_are_told_how_to_search(get: Get) -> None:
    reply = get("/search/description.xml")
    urls = ElementTree.fromstring(reply.body).findall(f"{OPENSEARCH}Url")
    assert reply.type == "application/opensearchdescription+xml"
    assert len(urls) == 3
    for url in urls:
        address = url.attrib["template"].replace("{searchTerms}", "kaavoitus").replace("{startPage?}", "1")
        assert get(address.removeprefix("http://127.0.0.1:8000")).type == url.attrib["type"]


def test_what_is_nowhere_is_said_with_advice(get: Get) -> None:
    page = get("/search?q=zzzqqqxxw", accept="text/html").text
    assert "Ei osumia." in page
    assert "lyhyempää" in page
    taken = get("/search?q=kamariorkestri", accept="text/html").text
    assert "<q>kamariorkestri</q>" in taken
    assert ">kamariorkesteri</a>" in taken


def test_a_text_is_shown_as_text(get: Get) -> None:
    page = get("/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", accept="text/html").text
    assert "<script>alert" not in page
