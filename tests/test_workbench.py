"""The SPARQL page: what the editor completes, downloads, charts; and the form that is whole without the editor."""

import json
from urllib.parse import quote

import pytest

from tests.web_client import Get
from tvld.iris import PREFIXES

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
