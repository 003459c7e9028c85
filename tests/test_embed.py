"""What is drawn and what other sites embed: networks, charts, the model, frames, a JSON Feed, oEmbed."""

import json
import re
from html import unescape

import pytest

from tests.web_client import Get
from tvld.serve.languages import LANGUAGES
from tvld.serve.web.words import BY_LANGUAGE

BASE = "http://127.0.0.1:8000/"
STORE = "kaupunki/store/avovastaanotto"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/charts", 200),
        ("/model", 200),
        ("/network", 200),
        ("/network/kaupunki", 200),
        (f"/network/{STORE}", 200),
        ("/network/kaupunki/system/potilastietojarjestelma", 200),
        ("/network/kaupunki/service-area/konsernihallinto", 200),
        ("/network/kaupunki/cell/6-2", 303),
        ("/network/atlantis", 404),
        ("/embed/matrix", 200),
        (f"/embed/store/{STORE.replace('/store', '')}", 200),
        ("/embed/store/kaupunki/nothing", 404),
        ("/embed/stores.json", 200),
        ("/embed/oembed?url=https%3A%2F%2Felsewhere.example%2F", 404),
        (f"/embed/oembed?format=xml&url={BASE}matrix", 501),
        (f"/embed/oembed?maxwidth=0&url={BASE}matrix", 400),
        (f"/embed/oembed?maxheight=tall&url={BASE}matrix", 400),
        (f"/embed/oembed?url={BASE}matrixes", 404),
        (f"/embed/oembed?url={BASE}doc/kaupunki/store/nothing", 404),
    ],
)
def test_what_is_drawn_and_embedded_is_there(get: Get, address: str, status: int) -> None:
    reply = get(address, accept="text/html")
    assert reply.status == status
    assert len(reply.body) < 100_000


def test_a_network_joins_a_store_with_what_it_is_joined_with_and_leads_on(get: Get) -> None:
    page = get(f"/network/{STORE}").text
    boxes = set(re.findall(r'<a href="/network/([^"]*)"', page[page.index("<svg") :]))
    assert {path.split("/")[1] for path in boxes} == {"purpose", "store", "system"}
    assert page.count("<path d=") == len(boxes) - 1
    assert page.count('aria-current="page"') == 1
    assert all(get(f"/network/{path}").status == 200 for path in boxes)
    assert get(f"/network/{STORE}").body == page.encode()


def test_the_charts_count_what_the_named_query_counts(get: Get) -> None:
    rows = get("/queries/systems-shared-by-most-stores.csv").text.splitlines()[1:]
    page = get("/charts").text
    section = page[page.index('id="jarjestelmat"') : page.index('id="tarkoitukset"')]
    assert re.findall(r"</svg> (\d+)</td>", section) == [row.rpartition(",")[2] for row in rows][:15]


def test_the_model_counts_what_the_data_holds(get: Get) -> None:
    page = get("/model", accept_language="fi").text
    found = dict(re.findall(r'aria-label="([^"]*) \((\d+)\)"', page))
    assert found["Tietovaranto"] == "39"
    assert found["Tietojärjestelmä"] == "47"


def test_only_what_is_made_for_it_may_stand_in_a_frame(get: Get) -> None:
    embedded = get(f"/embed/store/{STORE.replace('/store', '')}")
    assert "frame-ancestors *" in embedded.headers["content-security-policy"]
    assert embedded.headers["content-security-policy"].count("frame-ancestors") == 1
    assert "<script" not in embedded.text
    assert "frame-ancestors 'none'" in get("/matrix").headers["content-security-policy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_embedded_store_says_what_it_holds_and_leads_to_how_to_ask_for_it(get: Get, language: str) -> None:
    text = get(f"/embed/store/{STORE.replace('/store', '')}?lang={language}").text
    page, words = get(f"/doc/{STORE}", accept="text/html").text, BY_LANGUAGE[language]
    named = re.compile(r"/id/kaupunki/material/[a-z0-9-]+")
    materials = set(named.findall(page))

    assert words.materials in text
    assert materials
    assert materials <= set(named.findall(text))
    assert f'<a href="{BASE}id/{STORE}?lang={language}#pyynto">{words.embed_ask}</a>' in text
    assert 'id="pyynto"' in page


def test_the_feed_pages_through_all_stores(get: Get) -> None:
    address, ids = "/embed/stores.json?size=10", []
    while address:
        told = json.loads(get(address).body)
        assert told["version"] == "https://jsonfeed.org/version/1.1"
        ids += [item["id"] for item in told["items"]]
        address = told.get("next_url", "").replace(BASE, "/")
    assert len(set(ids)) == len(ids) == 39


@pytest.mark.parametrize(
    ("address", "frame", "stores"),
    [
        (f"/doc/{STORE}", "embed/store/kaupunki/avovastaanotto", 39),
        (f"/doc/{STORE}?lang=sv", "embed/store/kaupunki/avovastaanotto", 39),
        ("/matrix", "embed/matrix", 39),
        (
            "/matrix?service-area=kaupunki%2Fkonsernihallinto&page=1",
            "embed/matrix?service-area=kaupunki%2Fkonsernihallinto",
            7,
        ),
    ],
)
def test_a_page_leads_those_who_embed_it_to_its_frame_and_its_feed(
    get: Get, address: str, frame: str, stores: int
) -> None:
    page = get(address, accept="text/html").text
    links = {
        kind: unescape(href).replace(BASE, "/")
        for kind, href in re.findall(r'<link rel="alternate" type="application/([+\w]+)" href="([^"]*)"', page)
    }
    told = json.loads(get(links["json+oembed"]).body)
    (code,) = re.findall(r"<pre data-copy[^>]*><code>(&lt;iframe.*?)</code></pre>", page)

    assert unescape(code) == told["html"]
    assert f'src="{BASE}{frame}"' in unescape(told["html"])
    assert get(f"/{frame}", accept="text/html").status == 200
    feed = json.loads(get(links["feed+json"]).body)
    assert len(feed["items"]) == stores
    assert feed["feed_url"].replace(BASE, "/") == links["feed+json"]


def test_what_is_embedded_is_no_larger_than_asked_for(get: Get) -> None:
    told = json.loads(get(f"/embed/oembed?url={BASE}matrix&maxwidth=300&maxheight=9999").body)

    assert (told["width"], told["height"]) == (300, 480)
    assert 'width="300" height="480"' in told["html"]


def test_only_pages_of_stores_and_the_matrix_say_how_they_are_embedded(get: Get) -> None:
    for address in ("/", "/doc/kaupunki", "/doc/kaupunki/catalog/description", "/network"):
        assert "oembed" not in get(address, accept="text/html").text


def test_oembed_leads_to_the_frame_of_a_store(get: Get) -> None:
    told = json.loads(get(f"/embed/oembed?url={BASE}doc/{STORE}").body)
    source = re.search(r'src="([^"]*)"', told["html"])
    assert told["type"] == "rich"
    assert source
    assert get(source[1].replace(BASE, "/")).status == 200
