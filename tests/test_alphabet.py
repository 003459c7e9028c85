"""The order of names for people: Finnish, with numbers by value; on every page that lists many."""

import random
import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.small_city import BASE, City
from tests.web_client import Get, site
from tvld.alphabet import place
from tvld.build.aids import Aids
from tvld.build.pipeline import build
from tvld.serve.release import open_release

# Names in the order in which they are to be found.
LISTS = {
    "numbers by value": ["Kunta 2", "Kunta 10", "Kunta 010 B", "Kunta 11", "Kunta 100", "Kuntayhtymä"],
    "numbers inside of names": ["Alue 1, talo 9", "Alue 1, talo 10", "Alue 2, talo 1", "Alue 12"],
    "parts of headings": ["1.2", "1.9", "1.10", "2.1"],
    "a number of any length": ["a" + "9" * 30, "a1" + "0" * 30, "a" + "9" * 5000, "b"],
    "numbers before letters": ["112-palvelu", "Arkisto"],
    "å, ä, ö last": ["Aura", "Zeppelin", "Åbo", "Ähtäri", "Öja"],
    "inside of words too": ["Haapajärvi", "Hankasalmi", "Hämeenlinna", "Höytiäinen"],
    "v before w": ["Vaasa", "Virta", "Wallenberg", "Wirta", "Xerox"],
    "large as small": ["arkisto", "Arkistopalvelut", "asuminen", "Asunto"],
    "š as s, ž as z, ü as y": ["Saari", "šamaani", "sana", "Tyyni", "Tüyri", "Tyyst", "ženši", "zombi", "åland"],
    "marks after none": ["Hoffren, Aino", "Hoffren, Eino", "Hoffrén, Eino"],
    "æ as ä, ø and õ as ö": ["Åbo", "Ähtäri", "Ærø", "Äö", "Öja", "Øksnes", "Õnne", "Öö"],
    "letters of Sámi": ["Deatnu", "Đeatnu", "Ead", "Nuorta", "Ŋuorta", "Nuu", "Tana", "Ŧana", "Tanaa"],
    "word by word": ["Keski-Suomi", "Keskus", "kevyt sinko", "kevytpaino"],
    "whichever dash": ["Keski-Pori", "Keski–Raisio", "Keski-Salo"],
    "decomposed as composed": ["Zeppelin", "A\u0308hta\u0308ri", "Ähtävä"],
    "other scripts after ours": ["Öja", "Αθήνα", "Москва"],
    "nothing first": ["", " ", "(tyhjä)", "A"],
}


@pytest.mark.parametrize("names", LISTS.values(), ids=LISTS.keys())
def test_names_stand_where_a_reader_of_finnish_looks_for_them(names: list[str]) -> None:
    mixed = list(names)
    random.Random(7).shuffle(mixed)

    assert sorted(mixed, key=place) == names
    assert sorted(reversed(mixed), key=place) == names


# Names by key: the order of the keys, and so of the addresses, is another than that of the names.
NAMED = {"a": "Åkunta", "b": "Kunta 10", "c": "Kunta 2", "d": "Zkunta", "e": "kunta 1"}
ORDER = ["kunta 1", "Kunta 2", "Kunta 10", "Zkunta", "Åkunta"]
KINDS = {"stores": "varanto", "systems": "järjestelmä", "purposes": "tarkoitus", "service_areas": "alue"}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """A site of organisations with these names, whose stores, systems, purposes and areas are named likewise."""
    folder = tmp_path_factory.mktemp("names")
    for organisation, called in NAMED.items():
        city = City(key=f"kunta-{organisation}", name=called)
        for table, kind in KINDS.items():
            like = city.tables[table][-1]
            city.tables[table] = [{**like, "key": key, "name": f"{name} {kind}"} for key, name in NAMED.items()]
        for store in city.tables["stores"]:
            store |= {"service_area": "a", "purposes": ";".join(NAMED), "systems": ";".join(NAMED)}
        # A store more in each area, so that there is more than one.
        city.tables["stores"] += [
            {"key": f"z{key}", "service_area": key, "name": f"muu {key}", "systems": "a"} for key in NAMED
        ]
        for material in city.tables["materials"]:
            material["store"] = "a"
        city.write(folder / "data")
    made = build(folder / "data", folder / "dist", BASE, tell=lambda _: None, aids=Aids(search=True))
    with site(open_release(made.folder)) as (get, _):
        yield get


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        *((page, [""]) for page in ("/", "/catalog", "/catalog/open", "/accessibility", "/dumps/", "/quality")),
        *((page, [""]) for page in ("/network", "/matrix", "/search?kind=organisation")),
        ("/network/kunta-a", ["alue"]),
        ("/network/kunta-a/store/a", ["tarkoitus", "järjestelmä"]),
        ("/network/kunta-a/system/b", ["varanto", "tarkoitus"]),
        ("/matrix?organisation=kunta-a", ["varanto"]),
        ("/matrix?organisation=kunta-a&rows=name", ["varanto"]),
        ("/matrix?organisation=kunta-a&by=name", ["järjestelmä"]),
        ("/matrix?organisation=kunta-a&rows=systems", ["varanto"]),
        ("/search?kind=store&organisation=kunta-a", ["varanto", "tarkoitus"]),
        ("/search?kind=system&organisation=kunta-a", ["järjestelmä"]),
        ("/search?kind=purpose&organisation=kunta-a", ["tarkoitus"]),
        ("/doc/kunta-a", ["varanto", "alue"]),
        ("/doc/kunta-a/store/c", ["tarkoitus", "järjestelmä"]),
        ("/doc/kunta-a/system/b", ["varanto", "tarkoitus"]),
        ("/doc/kunta-a/purpose/b", ["varanto", "järjestelmä"]),
        ("/doc/kunta-a/catalog/stores", ["varanto", "järjestelmä"]),
        ("/embed/store/kunta-a/c", ["tarkoitus", "järjestelmä"]),
    ],
)
def test_a_page_lists_names_in_this_order(ask: Get, address: str, kinds: list[str]) -> None:
    page = ask(address, accept="text/html").text
    texts = [unescape(text).strip().casefold() for text in re.findall(r">([^<>]+)<", page.partition("</h1>")[2])]

    for kind in kinds:
        names = [f"{name} {kind}".strip().casefold() for name in ORDER]
        assert list(dict.fromkeys(text for text in texts if text in names)) == names
