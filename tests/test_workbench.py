"""The SPARQL page: the workbench, what it completes, downloads, charts; and the form that is whole without it."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.browser_suite import chromium, told
from tests.web_client import Get, server
from tvld.iris import PREFIXES
from tvld.serve.web.workbench import built
from tvld.serve.web.workbench_words import YASGUI

STATIC = Path(__file__).parents[1] / "src" / "tvld" / "serve" / "web" / "static" / "built"
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


@pytest.mark.parametrize("asked", ["", "&form=plain"])
def test_the_form_needs_no_script(get: Get, asked: str) -> None:
    page = get(f"/sparql?lang=fi{asked}", accept=BROWSER).text

    assert '<form class="query"' in page
    assert "required>" in page
    assert ("data-workbench=" in page) is (built() and not asked)
    assert ("workbench.js" in page) is (built() and not asked)


def test_who_uses_the_plain_form_stays_with_it(get: Get) -> None:
    page = get(f"/sparql?form=plain&query={quote(SHARED)}", accept=BROWSER).text

    assert '<input type="hidden" name="form" value="plain">' in page
    assert "workbench.js" not in page


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


EMPTY = "SELECT * { ?s a <https://w3id.org/tvld/ns#DataStore> ; a <http://x.example/Y> }"


@pytest.fixture(scope="module")
def worked(release: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a person at the workbench saw in Finnish."""
    browser = chromium()
    if not built():
        pytest.skip("the workbench is not built: make assets")
    typed = [
        {"text": "SELECT DISTINCT ?store { ?store "},
        {"text": "processedI", "wanted": "tvld:processedIn"},
        {"text": " potilastieto", "wanted": "potilastietojärjestelmä"},
        {"text": " ; a tietovaranto", "wanted": "tvld:DataStore"},
        {"text": " ; <http://www.w3.org/ns/dcat#theme> ?theme . ?store <http://purl.org/dc/terms/publisher> "},
        {"text": "<kaupun", "wanted": "Kaupunki"},
        {"text": " }"},
    ]
    with server(release, tmp_path_factory.mktemp("workbench") / "log") as running:
        origin = f"http://127.0.0.1:{running.port}"
        plan = {"origin": origin, "chromium": browser, "language": "fi", "typed": typed}
        done = told("workbench.mjs", plan | {"counted": SHARED, "empty": EMPTY, "wrong": "SELECT ?x {"}, 180)
    return done | {"origin": origin}


def test_a_name_becomes_an_address_in_the_editor(worked: dict[str, Any]) -> None:
    assert f"tvld:processedIn <{SYSTEM}> ;" in worked["written"]
    assert "; a tvld:DataStore ;" in worked["written"]
    assert "publisher> <http://127.0.0.1:8000/id/kaupunki> }" in worked["written"]
    assert worked["written"].startswith("PREFIX tvld: <https://w3id.org/tvld/ns#>\n"), "what is used is declared"


def test_an_answer_is_a_table_a_chart_and_what_came(worked: dict[str, Any]) -> None:
    assert worked["rows"] == 6
    assert [text.split(" · ")[0] for text in worked["status"]] == ["6 riviä"], "screen readers are told"
    assert len(worked["rising"]) == 6
    assert worked["falling"] == worked["rising"][::-1] != worked["rising"]
    assert worked["bars"] == 30
    assert worked["raw"] == ["name", "stores"]
    assert "✗" in worked["why"], "why an answer is empty is told in its place"
    assert "line 1" in worked["wrong"], "an error is told with its place"


def test_queries_stay_on_tabs_that_keys_name_and_close(worked: dict[str, Any]) -> None:
    assert worked["tabs"][-1] == "Oma"
    assert worked["kept"] == [worked["tabs"], "SELECT ?x {"]
    assert worked["closed"] == worked["tabs"][:-1]
    assert worked["opened"] == [SHARED, len(worked["closed"])], "a query that a tab has is not opened twice"
    question, tabs = worked["ready"]
    assert question.startswith("# ")
    assert tabs == len(worked["closed"]) + 1, "a question of the list opens in a tab of its own"
    assert worked["shared"] == f"{worked['origin']}/sparql?" + urlencode({"query": SHARED})


def test_the_workbench_speaks_the_language_of_the_page(worked: dict[str, Any]) -> None:
    words = set(worked["said"])

    assert {"Suorita kysely", "Jaa kysely", "Kyselyt välilehdillä", "Taulukko", "Kuvio", "Lataa vastaus"} <= words
    assert not words & set(YASGUI)
    english = re.compile(r"\b(the|query|tab|results?|response|table|view|seconds?)\b", re.IGNORECASE)
    assert [text for text in words if english.search(text)] == []


def test_the_words_of_yasgui_are_those_that_are_translated() -> None:
    if not built():
        pytest.skip("the workbench is not built: make assets")
    script = (STATIC / "workbench.js").read_text(encoding="utf-8")

    assert [words for words in YASGUI if words not in script] == []


def test_the_workbench_keeps_to_its_own_host_and_fails_into_the_form(worked: dict[str, Any]) -> None:
    assert {"/".join(address.split("/")[:3]) for address in worked["asked"]} == {worked["origin"]}
    assert worked["errors"] == [], "the content security policy has nothing against it"
    assert worked["form"] is False
    assert worked["without"] is True
    assert worked["ill"].startswith("Palvelin ei vastannut.")
