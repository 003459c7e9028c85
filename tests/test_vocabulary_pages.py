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


# What a rule says beside its conditions: who is asked, of what, how gravely, in which words.
ABOUT = {"path", "severity", "message", "property", "targetClass", "targetSubjectsOf", "targetObjectsOf"}


def test_every_condition_of_every_rule_is_said_in_words(get: Get) -> None:
    sh, found = PREFIXES["sh"], dict[str, dict[str, set[str]]]()
    for quad in read(get("/shapes.ttl").body, TURTLE):
        if quad.predicate.value.startswith(sh):
            told = found.setdefault(quad.subject.value, {})  # type: ignore[union-attr]
            told.setdefault(quad.predicate.value.removeprefix(sh), set()).add(str(quad.object))
    rules = {iri.removeprefix(PREFIXES["shape"]): told for iri, told in found.items() if "message" in told}
    said = set[str]()
    for name, told in rules.items():
        page = get(f"/shapes/{name}?lang=fi", accept=BROWSER).text
        conditions = re.findall(r"<li>([^<]*)<small><code>(sh:[^<]*)</code></small></li>", page)
        named = {each.split()[0].removeprefix("sh:") for _, text in conditions for each in text.split(", sh:")}
        assert named == told.keys() - ABOUT, name
        assert all(words.strip() for words, _ in conditions), name
        # The message of a rule, which stands in quotation marks, may name what it means as the data does.
        plain = [re.sub("”.*”", "", words) for words, _ in conditions]
        assert not [words for words in plain if re.search(r"\b(?!https?:)[a-z]{2,6}:\S", words)], name
        assert "<small><code>" not in page.partition("<dt>Koskee</dt>")[2].partition("</dd>")[0]
        said |= named

    assert len(rules) > 200
    assert said >= {"minCount", "maxCount", "nodeKind", "datatype", "class", "pattern", "hasValue", "uniqueLang", "in"}
    assert said >= {"languageIn", "node", "or", "equals", "disjoint", "qualifiedValueShape", "qualifiedMinCount"}


@pytest.mark.parametrize(
    ("rule", "language", "words"),
    [
        ("CatalogRecord-primaryTopic", "en", "Exactly one value"),
        ("Agent-name", "sv", "Minst ett värde"),
        ("Agent-name", "en", "A text, a number or another value, not a link"),
        ("InformationSystem-kind-list", "fi", "Jokin näistä: Järjestelmäryhmä; Yksittäinen järjestelmä"),
        ("Themed-themeStatus-list", "sv", "Något av dessa: bekräftad; föreslagen"),
        ("Ontology-description", "sv", "Språket är något av dessa: finska, svenska, engelska"),
        ("DataStore-themeStatus", "en", "theme: No value · status of the themes: At least one value"),
        ("Number-byteSize", "fi", "”Tiedoston koko on kirjoitettava numeroin ilman etumerkkiä ja etunollia.”"),
        ("Text-altLabel", "fi", "kaikki, joilla on: muu nimi"),
    ],
)
def test_a_condition_is_said_in_the_language_of_the_page(get: Get, rule: str, language: str, words: str) -> None:
    assert words in get(f"/shapes/{rule}?lang={language}", accept=BROWSER).text


def test_a_rule_that_there_is_not_is_not_found(get: Get) -> None:
    assert get("/shapes/No-such", accept=BROWSER).status == 404


@pytest.mark.parametrize(("language", "day"), [("fi", "22.11.2026"), ("sv", "22 nov. 2026"), ("en", "22 Nov 2026")])
def test_the_history_says_what_each_version_changed_and_when(get: Get, language: str, day: str) -> None:
    page = get(f"/ns?lang={language}", accept=BROWSER).text
    history = page.partition('id="historia"')[2].partition("</dl>")[0]
    told = re.findall(r'<dt>\S+ ([\d.]+)<br><time datetime="([\d-]+)">([^<]*)</time></dt><dd lang="(\w+)">', history)
    graph = list(read(get("/ns.ttl").body, TURTLE))
    version = [q.object.value for q in graph if q.predicate.value.endswith("#versionInfo")]  # type: ignore[union-attr]
    notes = [q.object for q in graph if q.predicate.value == PREFIXES["skos"] + "changeNote"]

    assert len(told) * 3 == len(notes) > 3
    assert [each[0] for each in told] == sorted((each[0] for each in told), reverse=True)
    assert [told[0][0]] == version
    assert [each[1] for each in told] == sorted((each[1] for each in told), reverse=True)
    assert {(shown, tag) for _, iso, shown, tag in told if iso == "2026-11-22"} == {(day, language)}
