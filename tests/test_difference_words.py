"""A difference in words: every kind of change has its sentence in Finnish, Swedish and English."""

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from tests.small_city import City, release_of
from tvld.difference.account import account
from tvld.difference.events import Event, Thing, Value
from tvld.difference.pair import Difference, difference
from tvld.difference.properties import BY_IRI, DERIVED, KEYS, OF_PROPERTIES, OF_THINGS, THINGS
from tvld.difference.prose import markdown, text
from tvld.difference.sentences import plain, sentence
from tvld.difference.words import LANGUAGES, words_in
from tvld.errors import CallError
from tvld.formats import NQUADS
from tvld.serialisation import read

ORGANISATION = Thing("https://e/id/kunta", "organisation", (("fi", "Kunta"),))
CHANGES = [(what, kind, None) for kind in THINGS for what in OF_THINGS]
CHANGES += [(what, "store", key) for key in KEYS for what in OF_PROPERTIES]


def event(what: str, kind: str, key: str | None) -> Event:
    value = Thing("https://e/id/kunta/store/b", "store", (("fi", "B"),))
    return Event(
        what,
        Thing("https://e/id/kunta/store/a", kind, (("fi", "A"),)),
        ORGANISATION,
        property=key,
        predicate="http://purl.org/dc/terms/spatial" if key else None,
        before=Value("vanha", "fi") if what in ("lost", "changed") else None,
        after=Value("uusi", "fi") if what in ("gained", "changed") else None,
        date="2026-01-31",
        successor=value if what == "replaced" else None,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_change_has_its_sentence(language: str) -> None:
    words = LANGUAGES[language]
    told = {change: plain(sentence(event(*change), words), words) for change in CHANGES}

    assert len(told) == len(THINGS) * len(OF_THINGS) + len(KEYS) * len(OF_PROPERTIES) == 66 + 75
    for change, said in told.items():
        assert re.fullmatch(r"[A-ZÄÖ].*[”“]A[”“].*\.", said), said
        assert not re.search(r"[{}]|None|  ", said), said
        for place, value in (("lost", "vanha"), ("gained", "uusi")):
            assert (value in said) == (change[0] in (place, "changed")), change
    # Two properties share the noun for a note; all else is told apart.
    assert len(set(told.values())) == len(told) - len(OF_PROPERTIES)


def test_the_languages_are_three_and_none_is_left_to_another() -> None:
    assert list(LANGUAGES) == ["fi", "sv", "en"]
    for field in fields(LANGUAGES["fi"]):
        if field.name not in ("quotes", "date", "months"):
            values = [getattr(words, field.name) for words in LANGUAGES.values()]
            assert all(values)
            assert len({str(value) for value in values}) == 3, field.name
    for words in LANGUAGES.values():
        assert set(words.leads) == set(words.groups) == set(THINGS)
        assert set(words.events) == set(OF_THINGS)
        assert set(words.properties) == set(KEYS)
        assert {key for key, _ in words.phrases} <= set(KEYS)
        assert words.values.keys() == LANGUAGES["fi"].values.keys()
    with pytest.raises(CallError, match="fi, sv, en"):
        words_in("de")


def test_every_property_of_the_content_is_told_or_known_to_follow_from_others(release: Path) -> None:
    """A property that is new in the content takes its place in `difference.properties` first."""
    used = {quad.predicate.value for quad in read(release / "description.nq", NQUADS)}

    assert len(used) > 20
    assert used - BY_IRI.keys() - DERIVED == set()


def _rename(city: City) -> None:
    city.row("stores", "museo")["name"] = "Museoiden tietovaranto"


def _withdraw(city: City) -> None:
    city.tables["stores"] = [row for row in city.tables["stores"] if row["key"] != "talous"]
    row = {"kind": "store", "key": "talous", "replaced_by": "museo", "date": "2026-02-03"}
    city.tables["withdrawn"].append(row)


def _move(city: City) -> None:
    city.row("materials", "museo-kuvat")["store"] = "kirjasto"


# What an editor does, and the sentence about it in each language.
CASES: list[tuple[Callable[[City], object], str, str, str]] = [
    (
        _rename,
        "Nimi muuttui: ”Museon tietovaranto” → ”Museoiden tietovaranto”.",
        "Namnet har ändrats: ”Museon tietovaranto” (fi) → ”Museoiden tietovaranto” (fi).",
        "The name changed: “Museon tietovaranto” (fi) → “Museoiden tietovaranto” (fi).",
    ),
    (
        lambda city: city.row("stores", "museo").update({"name@sv": "Museets informationslager"}),
        "Lisätty ruotsinkielinen nimi ”Museets informationslager” (sv).",
        "Det svenska namnet ”Museets informationslager” har lagts till.",
        "Added Swedish name “Museets informationslager” (sv).",
    ),
    (
        lambda city: city.row("stores", "kirjasto").update(systems="arkisto;rekisterit"),
        "Lisätty tietojärjestelmä ”rekisterit”.",
        "Informationslagret ”Kirjaston tietovaranto” (fi) behandlas nu även i informationssystemet ”rekisterit” (fi).",
        "Added information system “rekisterit” (fi).",
    ),
    (
        lambda city: city.row("stores", "talous").update(service_area="sivistys"),
        "Tietovaranto ”Talouden tietovaranto” on siirretty palvelualueelta ”Hallinto” palvelualueelle ”Sivistys”.",
        "Informationslagret ”Talouden tietovaranto” (fi) har flyttats från serviceområdet ”Hallinto” (fi) till "
        "serviceområdet ”Sivistys” (fi).",
        "The data store “Talouden tietovaranto” (fi) was moved from the service area “Hallinto” (fi) to the service "
        "area “Sivistys” (fi).",
    ),
    (
        _withdraw,
        "Tietovaranto ”Talouden tietovaranto” on poistettu käytöstä 3.2.2026; sen tilalla on ”Museon tietovaranto”.",
        "Informationslagret ”Talouden tietovaranto” (fi) har tagits ur bruk 3.2.2026 och ersatts med "
        "”Museon tietovaranto” (fi).",
        "The data store “Talouden tietovaranto” (fi) was withdrawn on 3 February 2026 and replaced by "
        "“Museon tietovaranto” (fi).",
    ),
    (
        _move,
        "Tietoaineisto ”Kuvat” on siirretty tietovarannosta ”Museon tietovaranto” tietovarantoon "
        "”Kirjaston tietovaranto”.",
        "Informationsmaterialet ”Kuvat” (fi) har flyttats från informationslagret ”Museon tietovaranto” (fi) till "
        "informationslagret ”Kirjaston tietovaranto” (fi).",
        "The information material “Kuvat” (fi) was moved from the data store “Museon tietovaranto” (fi) to the data "
        "store “Kirjaston tietovaranto” (fi).",
    ),
    (
        lambda city: city.tables["purposes"].append({"key": "arviointi", "name": "arviointi"}),
        "Käyttötarkoitus ”arviointi” on lisätty.",
        "Användningsändamålet ”arviointi” (fi) har lagts till.",
        "The purpose “arviointi” (fi) was added.",
    ),
    (
        lambda city: city.row("stores", "museo").update(open_interface="yes"),
        "Lisätty tieto avoimesta teknisestä rajapinnasta: on.",
        "Uppgift om öppet tekniskt gränssnitt har lagts till: finns.",
        "Added statement on an open technical interface: there is one.",
    ),
]


def _edited(edit: Callable[[City], object], folder: Path) -> Difference:
    city = City()
    before = release_of([city], folder, "before")
    edit(city)
    return difference(before, release_of([city], folder, "after"))


@pytest.mark.parametrize(("edit", "fi", "sv", "en"), CASES, ids=[case[1][:40] for case in CASES])
def test_an_edit_is_told_as_a_person_would(
    edit: Callable[[City], object], fi: str, sv: str, en: str, tmp_path: Path
) -> None:
    told = account(_edited(edit, tmp_path))

    for language, said in (("fi", fi), ("sv", sv), ("en", en)):
        lines = [line.strip() for line in text(told, LANGUAGES[language]).splitlines()]
        assert [line[2:] for line in lines if line.startswith("- ")] == [said]


def test_what_comes_back_is_told_so(tmp_path: Path) -> None:
    city = City()
    _withdraw(city)
    gone, back = release_of([city], tmp_path, "gone"), release_of([City()], tmp_path, "back")

    assert "- Tietovaranto ”Talouden tietovaranto” on palautettu käyttöön." in text(
        account(difference(gone, back)), LANGUAGES["fi"]
    )


def test_sentences_stand_under_service_area_and_store_in_the_order_of_names(tmp_path: Path) -> None:
    def edit(city: City) -> None:
        for key in ("talous", "museo", "kirjasto"):
            city.row("stores", key)["retention"] = "10 vuotta"
        city.row("materials", "museo-kuvat")["note"] = "Myös *negatiivit* <a>"
        city.row("systems", "arkisto")["name"] = "Arkistot"

    told = account(_edited(edit, tmp_path))
    shown = markdown(told, LANGUAGES["fi"]).splitlines()

    assert [line for line in shown if line.startswith("#")][1:] == [
        "## Kunta",
        "### Hallinto",
        "#### Talouden tietovaranto",
        "### Sivistys",
        "#### Kirjaston tietovaranto",
        "#### Museon tietovaranto",
        "### Tietojärjestelmät",
    ]
    notes = [line for line in shown if "huomautus" in line]
    assert notes == [
        "- Tietoaineisto [”Kuvat”](<https://data.example.fi/id/kunta/material/museo-kuvat>): lisätty huomautus "
        r"”Myös \*negatiivit\* \<a\>”."
    ]
