"""The SPARQL page: what the editor completes, downloads, charts; and the form that is whole without the editor."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser_suite import chromium, told
from tests.web_client import Get, server
from tvld.iris import PREFIXES
from tvld.serve.web.workbench import built

BROWSER = "text/html,application/xhtml+xml"
SHARED = (
    "SELECT ?name (COUNT(?store) AS ?stores) { ?store <https://w3id.org/tvld/ns#processedIn> ?s . "
    "?s <http://purl.org/dc/terms/title> ?name } GROUP BY ?name ORDER BY DESC(?stores)"
)


@pytest.mark.parametrize(
    ("language", "label"), [("fi", "Tietovaranto"), ("sv", "Informationslager"), ("en", "Data store")]
)
def test_the_editor_completes_terms_in_the_language_of_the_page(get: Get, language: str, label: str) -> None:
    told = json.loads(get(f"/sparql/terms.json?lang={language}").body)
    store = next(term for term in told["terms"] if term["name"] == "tvld:DataStore")

    assert store == {"name": "tvld:DataStore", "label": label, "kind": "class", "uses": 39}
    assert told["prefixes"] == PREFIXES
    assert {term["name"].partition(":")[0] for term in told["terms"]} <= PREFIXES.keys()


@pytest.mark.parametrize(
    ("query", "suffix", "media_type"),
    [
        (SHARED, "csv", "text/csv"),
        (SHARED, "srj", "application/sparql-results+json"),
        ("DESCRIBE <http://127.0.0.1:8000/id/kaupunki>", "ttl", "text/turtle"),
    ],
)
def test_the_whole_answer_is_downloaded_without_a_script(get: Get, query: str, suffix: str, media_type: str) -> None:
    reply = get(f"/sparql?query={quote(query)}&format={suffix}", accept=BROWSER)

    assert (reply.status, reply.type) == (200, media_type)
    assert reply.headers["content-disposition"] == f'attachment; filename="tvld-answer.{suffix}"'


def test_a_form_that_there_is_not_is_refused_on_the_page(get: Get) -> None:
    reply = get(f"/sparql?query={quote(SHARED)}&format=xls", accept=BROWSER)

    assert (reply.status, reply.type) == (400, "text/html")
    assert "format=" in reply.text
    assert "csv" in reply.text


def test_names_with_numbers_are_drawn_as_bars_and_nothing_else_is(get: Get) -> None:
    drawn = get(f"/sparql?query={quote(SHARED)}", accept=BROWSER).text
    plain = get(f"/sparql?query={quote('SELECT ?s { ?s a ?c } LIMIT 3')}", accept=BROWSER).text

    assert '<rect width="100.0"' in drawn
    assert 'class="bars"' not in plain


def test_the_form_needs_no_script(get: Get) -> None:
    page = get("/sparql", accept=BROWSER).text

    assert '<form class="query"' in page
    assert "required>" in page
    assert "data-terms=" in page


SYSTEM = "http://127.0.0.1:8000/id/kaupunki/system/potilastietojarjestelma"


@pytest.mark.parametrize(
    ("typed", "language", "kind"),
    [
        ("potilastietojär", "fi", "Tietojärjestelmä"),
        ("potilastietojärjestelmiin", "sv", "Informationssystem"),
        ("potilas kaupunki", "en", "Information system"),
    ],
)
def test_the_editor_finds_things_by_their_names(get: Get, typed: str, language: str, kind: str) -> None:
    reply = get(f"/sparql/things.json?q={quote(typed)}&lang={language}")
    found = json.loads(reply.body)["things"]

    assert reply.type == "application/json"
    expected = {"iri": SYSTEM, "label": "potilastietojärjestelmä", "language": "fi", "kind": kind}
    assert expected | {"organisation": "kaupunki"} in found
    assert 0 < len(found) <= 20
    assert all(get(thing["iri"].removeprefix("http://127.0.0.1:8000")).status == 303 for thing in found)


@pytest.mark.parametrize("typed", ["", "   ", "kaupunki", "qqqqqqqq", '<>"{}|^`', "x" * 5000])
def test_what_names_nothing_finds_nothing(get: Get, typed: str) -> None:
    reply = get(f"/sparql/things.json?q={quote(typed)}")

    assert (reply.status, json.loads(reply.body)) == (200, {"things": []})


def test_a_name_becomes_an_address_in_the_editor(release: Path, tmp_path: Path) -> None:
    browser = chromium()
    if not built():
        pytest.skip("the editor is not built: make assets")
    typed = [
        {"text": "SELECT DISTINCT ?store { ?store "},
        {"text": "processedI", "wanted": "tvld:processedIn"},
        {"text": " potilastieto", "wanted": "potilastietojärjestelmä"},
        {"text": " ; a tietovaranto", "wanted": "tvld:DataStore"},
        {"text": " ; <http://www.w3.org/ns/dcat#theme> ?theme . ?store <http://purl.org/dc/terms/publisher> "},
        {"text": "<kaupun", "wanted": "Kaupunki"},
        {"text": " }"},
    ]
    with server(release, tmp_path / "log") as running:
        origin = f"http://127.0.0.1:{running.port}"
        done = told(
            "editor.mjs", {"origin": origin, "chromium": browser, "address": "/sparql?lang=fi", "typed": typed}, 120
        )

    assert f"tvld:processedIn <{SYSTEM}> ;" in done["written"]
    assert "; a tvld:DataStore ;" in done["written"]
    assert "publisher> <http://127.0.0.1:8000/id/kaupunki> }" in done["written"]
    assert done["written"].startswith("PREFIX tvld: <https://w3id.org/tvld/ns#>\n")
    assert done["rows"] == 6
    assert {"/".join(address.split("/")[:3]) for address in done["asked"]} == {origin}, "no other host is asked"
