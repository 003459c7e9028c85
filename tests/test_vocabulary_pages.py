"""The vocabulary and the rules as people read them: every term and rule has its place, its words, its examples."""

import re

import pytest

from tests.web_client import Get
from tvld.formats import TURTLE
from tvld.iris import PREFIXES, TVLD
from tvld.serialisation import read

BROWSER = "text/html,application/xhtml+xml"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_term_has_a_place_on_the_page(get: Get, language: str) -> None:
    terms = {q.subject.value for q in read(get("/ns.ttl").body, TURTLE) if q.subject.value.startswith(TVLD)}  # type: ignore[union-attr]
    page = get(f"/ns?lang={language}", accept=BROWSER).text
    places = re.findall(r'<section class="told term" id="(\w+)"', page)

    assert len(places) == len(terms) >= 20
    assert {TVLD + place for place in places} == terms
    assert len(page) < 100_000


def test_a_term_tells_how_often_it_is_used_and_by_what(get: Get) -> None:
    page = get("/ns?lang=en", accept=BROWSER).text
    store = page[page.index('id="DataStore"') :].partition("</section>")[0]

    assert re.search(r"<dt>Uses</dt><dd>39</dd>", store)
    assert store.count("/id/kaupunki/store/") == 3
    assert "Informationslager" in store


def test_every_rule_has_a_place_and_a_page_with_both_examples(get: Get) -> None:
    message = PREFIXES["sh"] + "message"
    found = {q.subject.value for q in read(get("/shapes.ttl").body, TURTLE) if q.predicate.value == message}  # type: ignore[union-attr]
    names = sorted(iri.removeprefix(PREFIXES["shape"]) for iri in found)
    page = get("/shapes?lang=en", accept=BROWSER).text

    assert len(names) > 100
    assert sorted(re.findall(r'<li id="([\w-]+)">', page)) == names
    for name in names[::20]:
        rule = get(f"/shapes/{name}?lang=en", accept=BROWSER)
        assert rule.status == 200
        assert ("meets the rule" in rule.text, "breaks the rule" in rule.text) == (True, True)


def test_a_rule_that_there_is_not_is_not_found(get: Get) -> None:
    assert get("/shapes/No-such", accept=BROWSER).status == 404
