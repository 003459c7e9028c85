"""The search index of the 39 stores, asked as people write: inflected, half a compound, one letter wrong."""

import csv
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from rdflib import Graph

from tvld import analysis
from tvld.build.drafts import draft
from tvld.build.morphology import lexicon_of
from tvld.build.search import write_index
from tvld.build.vocabulary import codelists, ontology_graph
from tvld.errors import CallError
from tvld.iris import Base
from tvld.serve.search import FIELDS, Found, Index, Request

BASE = Base("http://127.0.0.1:8000/")
TABLES = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    path = tmp_path_factory.mktemp("search") / "search.sqlite"
    drafts, _ = draft(Path(__file__).parents[1] / "data", BASE)
    count = write_index(path, [d.description for d in drafts], ontology_graph(), codelists(BASE), BASE)
    assert count > 39 + 148 + 47 + 43 + 75
    made = Index(path)
    yield made
    made.close()


def short(found: Found) -> list[str]:
    return [f"{hit.kind}/{hit.iri.replace('#', '/').rsplit('/', 1)[1]}" for hit in found.hits]


def pairs(table: str = "search_pairs") -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def missed(index: Index, chosen: list[dict[str, str]]) -> list[str]:
    return [
        pair["query"]
        for pair in chosen
        if not set(short(index.search(Request(pair["query"], size=5)))) & set(pair["expected"].split("|"))
    ]


def test_the_pairs_are_of_every_way_and_a_third_was_never_tuned_for() -> None:
    ways = Counter(pair["way"] for pair in pairs())
    assert sum(ways.values()) >= 60
    assert min(ways[way] for way in ("inflected", "compound", "misspelt")) >= 15
    held_out = sum(pair["set"] == "held-out" for pair in pairs())
    assert held_out * 3 >= sum(ways.values())
    assert len({pair["query"] for pair in pairs()}) == sum(ways.values())


@pytest.mark.parametrize("which", ["tuned", "held-out"])
def test_ninety_five_in_a_hundred_have_what_is_meant_among_the_first_five(index: Index, which: str) -> None:
    chosen = [pair for pair in pairs() if pair["set"] == which]
    found_otherwise = missed(index, chosen)
    assert len(found_otherwise) <= 0.05 * len(chosen), found_otherwise


@pytest.mark.parametrize("table", ["search_words", "search_held_out"])
def test_words_that_no_text_has_as_they_are_written_find_what_is_meant(index: Index, table: str) -> None:
    chosen = pairs(table)
    things = index.search(Request(size=1000)).hits
    texts = [f" {' '.join(analysis.words(text))} " for hit in things for _, text in (*hit.names, *hit.texts)]
    for pair in chosen:
        asked = f" {' '.join(analysis.words(pair['query']))} "
        assert not any(asked in text for text in texts), f"{pair['query']} stands in the source"
        assert {f"{hit.kind}/{hit.iri.rsplit('/', 1)[1]}" for hit in things} >= set(pair["expected"].split("|"))
    ways = Counter(pair["way"] for pair in chosen)
    assert sum(ways.values()) == len({pair["query"] for pair in chosen}) >= 60
    assert min(ways[way] for way in ("inflected", "compound", "misspelt", "everyday")) >= 15
    found_otherwise = missed(index, chosen)
    assert len(found_otherwise) <= 0.05 * len(chosen), found_otherwise


def test_no_query_of_one_table_is_in_another() -> None:
    queries = [pair["query"] for table in ("search_pairs", "search_words", "search_held_out") for pair in pairs(table)]
    assert [query for query, times in Counter(queries).items() if times > 1] == []


def test_a_word_without_its_middle_letter_finds_what_has_it(index: Index) -> None:
    things = [hit for hit in index.search(Request(size=1000)).hits if hit.kind in ("store", "system", "purpose")]
    asked = sorted({word for hit in things for word in analysis.words(hit.names[0][1]) if len(word) >= 6})
    assert len(asked) > 150
    lost = []
    for word in asked:
        wrong = word[: len(word) // 2] + word[len(word) // 2 + 1 :]
        hits = index.search(Request(wrong, size=5)).hits
        if not any(word in analysis.words(text) for hit in hits for _, text in (*hit.names, *hit.texts)):
            lost.append(wrong)
    assert len(lost) <= 0.02 * len(asked), lost


@pytest.mark.parametrize(
    ("word", "language", "bases", "parts"),
    [
        ("järjestelmiin", "fi", {"järjestelmä"}, set()),
        ("potilastietojärjestelmä", "fi", {"potilastietojärjestelmä"}, {"potilas", "tietojärjestelmä", "järjestelmä"}),
        ("lastensuojeluilmoitusten", "fi", {"lastensuojeluilmoitus"}, {"lapsi", "lastensuojelu", "suojeluilmoitus"}),
        ("qwertyjen", "fi", {"qwertyj"}, set()),
        ("systemen", "sv", {"system"}, set()),
        ("stores", "en", {"store"}, set()),
        ("stores", "de", {"stores"}, set()),
    ],
)
def test_a_word_is_indexed_by_its_base_and_its_parts(
    word: str, language: str, bases: set[str], parts: set[str]
) -> None:
    forms = lexicon_of({(language, word)}).forms[language, word]
    assert set(forms.bases) == bases
    assert parts <= set(forms.parts)
    assert bool(parts) == bool(forms.parts)


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("tuki", "tuen tukea tuesta tukiin tukien tuestasi"),
        ("ihminen", "ihmisiä ihmiselle ihmisten ihmistä ihmisilläsi"),
        ("terveys", "terveyden terveyttä terveyksiin"),
        ("osallisuus", "osallisuuden osallisuuksista"),
        ("rovaniemi", "rovaniemen rovaniemellä"),
        ("hoitaa", "hoidan hoitavat hoidetaan"),
        ("maa", "maihin maita maissa"),
    ],
)
def test_a_base_form_is_inflected_as_voikko_reads_it(base: str, forms: str) -> None:
    lexicon = lexicon_of({("fi", base)})
    assert set(forms.split()) <= set(lexicon.inflected[base])
    assert base in lexicon.known
    assert not [form for form in lexicon.inflected[base] if form.endswith(("kin", "pä", "pa", "hän", "kaan"))]


def test_of_a_compound_the_last_part_is_inflected_and_what_is_unknown_is_left_to_rules() -> None:
    lexicon = lexicon_of({("fi", "omaishoidontuki"), ("fi", "qwertyjen"), ("sv", "tuki")})
    assert "tuesta" in lexicon.inflected["tuki"]
    assert {"omaishoidontuki", "tuki", "hoidontuki"} <= lexicon.known
    assert "qwertyjen" not in lexicon.known
    assert lexicon.forms["fi", "omaishoidontuki"].bases == ("omaishoidontuki",)


@pytest.mark.parametrize(
    "word", "lapselle lapsestani lapsiaan lapsillammekin lapseltansa lapsiltako lapsestaan".split()
)
def test_possessives_and_clitics_are_read_off(index: Index, word: str) -> None:
    found = index.search(Request(word, size=5))
    assert not found.taken
    assert short(found) == short(index.search(Request("lapset", size=5)))


def test_what_sounds_alike_does_not_outrank_what_is_meant(index: Index) -> None:
    names = [hit.names[0][1] for hit in index.search(Request("lapset", size=100)).hits]
    assert names[0] == "Lastensuojelupalvelujen tietovaranto"
    assert not [name for name in names if "Lapin" in name]


def test_a_compound_that_nothing_has_is_taken_for_its_two_words(index: Index) -> None:
    both = index.search(Request("lastensuojelutieto"))
    assert (both.taken, both.some) == ({"lastensuojelutieto": ("lastensuojelu", "tieto")}, False)
    either = index.search(Request("rakennuslupa"))
    assert (either.taken, either.some) == ({"rakennuslupa": ("rakennus", "lupa")}, True)
    assert {"store/rakennusvalvonta", "system/tupakkatuotteiden-vahittaismyynnin-luparekisterijarjestelma"} <= set(
        short(either)
    )


@pytest.mark.parametrize(
    ("text", "theme", "stores"),
    [("hälsa", "HEAL", 10), ("health", "HEAL", 10), ("miljö", "ENVI", 2), ("sport", "EDUC", 9)],
)
def test_themes_and_what_has_them_are_found_in_every_language(index: Index, text: str, theme: str, stores: int) -> None:
    found = index.search(Request(text, size=100))
    assert short(found)[0] == f"theme/{theme}"
    assert sum(hit.kind == "store" for hit in found.hits) == stores
    assert index.search(Request("", (("theme", theme), ("kind", "store")))).total == stores


def test_a_material_tells_the_store_that_it_is_a_part_of(index: Index) -> None:
    for hit in index.search(Request(size=1000)).hits:
        assert bool(hit.store) == (hit.kind == "material")
        assert not hit.store or hit.store.startswith(f"{BASE.iri}id/kaupunki/store/")


@pytest.mark.parametrize(
    "alike",
    [
        "asiakas asiakkaan asiakkaiden asiakkaille",
        "hakemus hakemuksen hakemuksia",
        "tieto tiedon tiedot tietoihin tiedoissa",
        "kaupunki kaupungin kaupungeissa",
        "hallinto hallinnon hallinnolle",
        "potilas potilaan potilaille",
        "päätös päätöksen päätöksiä",
        "työterveys tyoterveys",
    ],
)
def test_forms_of_one_word_have_a_key_in_common(alike: str) -> None:
    assert frozenset.intersection(*(analysis.keys(word) for word in alike.split()))


def test_other_words_have_no_key_in_common() -> None:
    assert not analysis.keys("asia") & analysis.keys("asiakas")
    assert not analysis.keys("hoito") & analysis.keys("hoitaja")
    assert analysis.keys("ä" * 81) == frozenset()


def test_letters_without_dots_find_the_same(index: Index) -> None:
    assert short(index.search(Request("tyoterveys"))) == short(index.search(Request("työterveys")))


def test_the_whole_name_comes_first(index: Index) -> None:
    assert short(index.search(Request("Kirjanpitojärjestelmä")))[0] == "system/kirjanpitojarjestelma"
    assert short(index.search(Request("hoitosuunnitelmat")))[0] == "data-group/hoitosuunnitelmat"


def test_a_word_taken_for_another_is_told(index: Index) -> None:
    found = index.search(Request("kamariorkestri"))
    assert found.taken["kamariorkestri"]
    assert not index.search(Request("kamariorkesteri")).taken


def test_where_no_thing_has_all_words_some_are_enough_and_that_is_told(index: Index) -> None:
    found = index.search(Request("kamariorkesteri kaavoitus"))
    assert found.some
    assert {"store/kamariorkesteri", "store/kaavoitus"} <= set(short(found))
    assert not index.search(Request("kirjanpito järjestelmä")).some


@pytest.mark.parametrize("text", ["zzzqqqxxw", "***", '"', "NEAR(", "name:x", "a AND", "'; DROP TABLE thing; --"])
def test_no_text_is_taken_for_a_command(index: Index, text: str) -> None:
    assert index.search(Request(text)).total <= 376
    assert index.search(Request("kaavoitus")).total


def test_nothing_is_found_for_what_nothing_is_like(index: Index) -> None:
    assert index.search(Request("zzzqqqxxw")) == Found((), 0)


def test_facets_count_what_narrowing_by_them_finds(index: Index) -> None:
    for request in (Request("asiakas"), Request(""), Request("", (("kind", "store"),))):
        found = index.search(request)
        assert set(found.facets) <= set(FIELDS)
        for values in found.facets.values():
            for value in values[:3]:
                narrowed = index.search(Request(request.text, (*request.chosen, (value.field, value.code))))
                assert narrowed.total == value.things, (request, value)
                assert value.names or value.field in {"kind", "personal-data"}


def test_without_a_text_all_things_are_listed_stores_first(index: Index) -> None:
    found = index.search(Request(size=500))
    assert len(found.hits) == found.total
    assert len({hit.iri for hit in found.hits}) == found.total
    assert {value.code: value.things for value in found.facets["kind"]}["store"] == 39
    assert [hit.kind for hit in found.hits[:40]].count("store") == 39


def test_pages_follow_each_other_without_a_gap(index: Index) -> None:
    whole = short(index.search(Request("tieto", size=1000)))
    parts = [short(index.search(Request("tieto", page=page, size=7))) for page in range(1, len(whole) // 7 + 2)]
    assert [thing for part in parts for thing in part] == whole


def test_a_material_mentions_personal_data_in_the_words_of_the_source_alone(index: Index) -> None:
    found = index.search(Request("", (("kind", "material"), ("personal-data", "mentioned")), size=200))
    assert found.total
    assert all(any(word in hit.names[0][1].lower() for word in PERSONAL) for hit in found.hits)


PERSONAL = ("yksilöinti", "henkilötie", "yhteystie", "osoitetie")


def test_a_value_that_no_thing_has_finds_nothing_and_an_unknown_field_is_an_error(index: Index) -> None:
    assert index.search(Request("", (("purpose", "kaupunki/nothing"),))).total == 0
    with pytest.raises(CallError, match="narrowed by"):
        index.search(Request("", (("colour", "red"),)))
    with pytest.raises(CallError, match="200 characters"):
        index.search(Request("x" * 201))


def test_an_index_in_another_form_is_left_alone(tmp_path: Path) -> None:
    for form, read in ((analysis.INDEX_FORM, True), (analysis.INDEX_FORM - 1, False)):
        path = tmp_path / f"{form}.sqlite"
        write_index(path, [], ontology_graph(), Graph(), BASE)
        with closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA user_version = {form}")
        opened = Index.opened(path)
        assert bool(opened) == read
        if opened:
            opened.close()


def test_suggestions_are_names_that_differ(index: Index) -> None:
    names = [hit.names[0][1] for hit in index.suggest("päätöksent")]
    assert "Päätöksenteon ja seurannan tietojärjestelmä" in names
    assert len(names) == len(set(names)) <= 8
    assert index.suggest("") == ()


def test_the_same_descriptions_give_the_same_answers_whatever_their_order(index: Index, tmp_path: Path) -> None:
    drafts, _ = draft(Path(__file__).parents[1] / "data", BASE)
    described = drafts[0].description
    turned = type(described)(
        **{
            name: tuple(reversed(value)) if isinstance(value, tuple) else value
            for name, value in vars(described).items()
        }
    )
    write_index(tmp_path / "search.sqlite", [turned], ontology_graph(), Graph(), BASE)
    other = Index(tmp_path / "search.sqlite")
    for text in ("tieto", "asiakas", "", "kaavoitsu"):
        assert short(other.search(Request(text))) == short(index.search(Request(text)))
    other.close()
