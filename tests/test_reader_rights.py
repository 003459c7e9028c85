"""What a reader has a right to know: how to ask for information, the accessibility statement, why there is no page."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime
from html import unescape

import pytest

from tests.journeys import Seen
from tests.site_pages import BASE, STORE, TEMPLATES, Sites
from tests.web_client import Get, site
from tvld import errors
from tvld.serve.languages import LANGUAGES
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.release import open_release
from tvld.serve.web import statement
from tvld.serve.web.words import BY_LANGUAGE

COMPLAINT = {
    "fi": "https://www.saavutettavuusvaatimukset.fi/fi/kayttajan-oikeudet/",
    "sv": "https://www.saavutettavuusvaatimukset.fi/sv/dina-rattigheter/",
    "en": "https://www.saavutettavuusvaatimukset.fi/en/user-rights/",
}


@pytest.fixture(scope="module")
def gets(sites: Sites) -> Iterator[Mapping[str, Get]]:
    """Ways to ask a site of one organisation, of many, of a city whose things were withdrawn, and of loose files."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(site(open_release(path) if path.is_dir() else open_rdf_files([path], BASE)))[0]
            for name, path in sites.folders.items()
        }


def text_of(get: Get, address: str, language: str, method: str = "GET") -> str:
    return unescape(get(address, method, accept="text/html", accept_language=language).text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_statement_has_what_the_model_of_the_commission_asks_for_in_its_order(
    gets: Mapping[str, Get], language: str
) -> None:
    """Implementing Decision (EU) 2018/1523, annex, section 1."""
    text, words = text_of(gets["real"], "/accessibility", language), BY_LANGUAGE[language]
    parts = [
        words.access_of,
        f"{words.access_whose}: ",
        words.access_partly,
        words.access_failing,
        words.access_failing_none,
        words.access_burden,
        words.access_burden_none,
        words.access_outside,
        words.access_outside_none,
        words.access_tested,
        words.access_people,
        f'<time datetime="{statement.PREPARED}">',
        f'<time datetime="{statement.REVIEWED}">',
        words.access_tell,
        words.no_contact,
        words.access_authority,
        words.access_supervisor,
        words.access_unit,
        words.access_address,
        'href="tel:+358295345000"',
        'href="mailto:saavutettavuus@traficom.fi"',
        f'href="{COMPLAINT[language]}',
    ]
    main = text[text.index("<main") :]
    places = [main.find(part) for part in parts]

    assert -1 not in places
    assert places == sorted(places)
    assert "306/2019" in words.access_of
    assert "14" in words.access_tell


def test_the_dates_of_the_statement_are_those_of_an_assessment_that_was_made() -> None:
    assert date(2026, 11, 1) < statement.PREPARED <= statement.REVIEWED <= datetime.now(UTC).date()


def test_the_statement_says_who_publishes_the_site_or_that_nobody_does(
    gets: Mapping[str, Get], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = BY_LANGUAGE["fi"]
    one, many, none = (text_of(gets[name], "/accessibility", "fi") for name in ("real", "many", "loose"))

    assert f"<p>{words.access_whose}: " in one
    assert words.access_many in many
    assert "kirjaamo@example.org" in many
    assert words.access_nobody in none
    assert not [text for text in (one, many) if words.access_nobody in text]
    monkeypatch.setattr(statement, "_LISTED", 3)
    short = text_of(gets["many"], "/accessibility?lang=fi", "fi")
    assert "kirjaamo@example.org" not in short
    assert words.access_at_home in short


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_store_page_tells_how_to_ask_for_a_public_document_and_for_ones_own_data(
    gets: Mapping[str, Get], language: str
) -> None:
    page, words = text_of(gets["real"], STORE, language), BY_LANGUAGE[language]
    public, _, own = page[page.index(f"<summary>{words.ask_public}") :].partition(f"<summary>{words.ask_yourself}")
    own = own[: own.index("</details>")]

    for text in (words.ask_everyone, words.ask_when, words.ask_secret, words.ask_party, words.ask_refused):
        assert text in public
    for text in (words.ask_unsaid, words.ask_right, words.ask_month, words.ask_identity):
        assert text in own
    cited = {text: set(re.findall(r"\d+", text)) for text in (words.ask_everyone, words.ask_when, words.ask_right)}
    assert {"621", "1999", "9", "13"} <= cited[words.ask_everyone]
    assert "14" in cited[words.ask_when]
    assert {"12", "2016", "679", "15"} <= cited[words.ask_right]
    assert 'href="http://data.europa.eu/eli/reg/2016/679/oj"' in own
    assert own.count("eli/sd/1999/621") == public[: public.index("</details>")].count("eli/sd/1999/621") == 1


PROBLEMS = [
    ("real", "/matrix?page=0", "GET", 400, "problem_wrong"),
    ("real", "/doc/kaupunki/store/no-such-store", "GET", 404, "not_found"),
    ("real", "/matrix", "DELETE", 405, "problem_read_only"),
    ("real", "/feed", "GET", 406, "problem_form"),
    ("editions", "/doc/kaupunki/store/taidemuseo", "GET", 410, "withdrawn"),
    ("real", "/embed/oembed?format=xml", "GET", 501, "problem_absent"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "address", "method", "status", "word"), PROBLEMS)
def test_a_page_of_a_problem_says_in_its_language_what_happened(
    gets: Mapping[str, Get], name: str, address: str, method: str, status: int, word: str, language: str
) -> None:
    reply = gets[name](address, method, accept="text/html", accept_language=language)
    heading = getattr(BY_LANGUAGE[language], word)
    text = unescape(reply.text)
    english = BY_LANGUAGE[language].problem_english

    assert (reply.status, Seen(BASE.iri, text).language) == (status, language)
    assert f"<h1>{heading}</h1>" in text
    assert re.search(r'<p><code>\d{3}</code> <span lang="en">', text)
    assert (f"({english})" in text) == (language != "en")


def test_every_status_that_an_error_can_have_is_told_in_words() -> None:
    def statuses(error: type[errors.TvldError]) -> set[int]:
        return {error.status}.union(*(statuses(each) for each in error.__subclasses__()))

    told = set(map(int, re.findall(r"^  (\d{3}): \(words\.", (TEMPLATES / "problem.html").read_text(), re.MULTILINE)))
    # What is wrong with tables is told by the command line; an error of ours has the words of every other.
    assert statuses(errors.TvldError) - told == {422, 500}
