"""What pages say in plain words: each kind of thing, in each language, and nothing that the data does not say."""

import csv
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.site_pages import PAGES, SHARED, STATUS, STORE
from tests.web_client import Get, site
from tvld.build.pipeline import build
from tvld.iris import Base
from tvld.serve.languages import LANGUAGES
from tvld.serve.release import open_release
from tvld.serve.web.words import BY_LANGUAGE

ROOT = Path(__file__).parents[1]
CONTACT = """
[contact]
name = "Kirjaamo"
"name@sv" = "Registratorskontoret"
email = "kirjaamo@example.org"
phone = "+358 16 000 0000"
"""


def page(get: Get, address: str, language: str = "fi") -> str:
    return get(address, accept="text/html", accept_language=language).text


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """The site of the real tables with what the source leaves out filled in for one store, and Swedish names."""
    folder = tmp_path_factory.mktemp("known")
    shutil.copytree(ROOT / "data", folder / "data")
    organisation = folder / "data" / "kaupunki" / "organisation.toml"
    organisation.write_text(organisation.read_text() + CONTACT)
    table = folder / "data" / "kaupunki" / "stores.csv"
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    said = {"search_keys": "asianumero;nimi", "open_interface": "false", "authority": "asiakirjahallinto"}
    said |= {"retention": "10 vuotta", "name@sv": "Barnskyddets informationslager"}
    for row in rows:
        row |= said if row["key"] == "lastensuojelupalvelut" else {"name@sv": ""}
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) + (["name@sv"] if "name@sv" not in rows[0] else []))
        writer.writeheader()
        writer.writerows(rows)
    made = build(folder / "data", folder / "dist", Base("http://127.0.0.1:8000/"), tell=lambda _: None)
    with site(open_release(made.folder)) as (ask, _):
        yield ask


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", PAGES)
def test_a_page_is_light_and_in_one_language(get: Get, template: str, language: str) -> None:
    reply = get(PAGES[template], accept="text/html", accept_language=language)
    text = reply.text

    assert reply.status == STATUS.get(template, 200)
    assert reply.headers["content-language"] == language
    assert f'<html lang="{language}">' in text
    assert "Accept-Language" in reply.headers["vary"]
    assert len(reply.body) < 100_000
    assert text.count('rel="stylesheet"') == 1
    assert all("defer" in script for script in re.findall(r"<script[^>]* src=[^>]*>", text)), "nothing holds up paint"
    assert not re.findall(r'(?:src|action)="(?:https?:)?//', text), "nothing comes from another host"
    assert text.count("<h1") == 1


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


def test_a_system_page_tells_what_depends_on_it(get: Get) -> None:
    text = page(get, PAGES["kinds/system.html"])
    impact = text.partition('id="varassa"')[2].partition('id="kaytto"')[0]

    assert len(set(re.findall(r"/id/kaupunki/store/[\w-]+", impact))) == 39
    assert "<strong>39</strong> tietovarantoa" in impact
    alone = impact.count(BY_LANGUAGE["fi"].impact_alone)
    stores = {row["key"]: row["systems"] for row in rows("stores")}
    assert alone == sum(systems == "paatoksenteon-ja-seurannan-tietojarjestelma" for systems in stores.values()) > 0


def test_pages_of_shared_things_lead_to_every_store_that_has_them(get: Get) -> None:
    materials = [row for row in rows("materials") if row["data_group"] == SHARED]
    text = page(get, PAGES["kinds/data_group.html"])
    shown = text.partition('id="varannot"')[2].partition('class="machines"')[0]
    assert set(re.findall(r"/id/kaupunki/material/([\w-]+)", shown)) == {row["key"] for row in materials}
    assert set(re.findall(r"/id/kaupunki/store/([\w-]+)", shown)) == {row["store"] for row in materials}

    purpose = [row["key"] for row in rows("stores") if "asumisoikeusasiat" in row["purposes"].split(";")]
    text = page(get, PAGES["kinds/purpose.html"]).partition('class="machines"')[0]
    assert set(re.findall(r"/id/kaupunki/store/([\w-]+)", text)) == set(purpose)

    area = [row["key"] for row in rows("stores") if row["service_area"] == "konsernihallinto"]
    text = page(get, PAGES["kinds/service_area.html"]).partition('class="machines"')[0]
    assert set(re.findall(r"/id/kaupunki/store/([\w-]+)", text)) == set(area)


def test_the_source_is_shown_line_by_line(get: Get) -> None:
    cells = [row for row in rows("cells") if row["text"].strip()]
    text = page(get, PAGES["kinds/source.html"]).partition('class="machines"')[0]

    shown = re.findall(r"/id/kaupunki/cell/(\d+-\d+)", text)
    assert sorted(shown) == sorted(f"{row['line']}-{row['column']}" for row in cells)
    cell = page(get, PAGES["kinds/cell.html"])
    said = next(row["text"] for row in cells if (row["line"], row["column"]) == ("6", "4"))
    assert f'<blockquote lang="fi"><p>{said}</p></blockquote>' in cell


def test_search_engines_and_previews_find_the_languages_and_the_name(get: Get) -> None:
    text = page(get, f"{STORE}?lang=sv")

    assert f'<link rel="canonical" href="http://127.0.0.1:8000{STORE}?lang=sv">' in text
    for language in LANGUAGES:
        assert f'hreflang="{language}" href="http://127.0.0.1:8000{STORE}?lang={language}"' in text
    assert '<meta property="og:title" content="Lastensuojelupalvelujen tietovaranto">' in text
    assert '<meta property="og:locale" content="sv_FI">' in text


def test_the_statement_names_whom_to_tell(get: Get, known: Get) -> None:
    assert "kirjaamo@example.org" in page(known, "/accessibility")
    assert BY_LANGUAGE["en"].no_contact in unescape(page(get, "/accessibility", "en"))
    assert 'href="/accessibility"' in page(get, "/")


def rows(table: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "kaupunki" / f"{table}.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
