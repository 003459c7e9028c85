"""The named queries over HTTP: their rows in every format, their parameters, what their columns hold, their list."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.conftest import ROOT
from tests.web_client import Get, site
from tvld.errors import QueryRefused
from tvld.formats import RESULT_FORMATS, TURTLE
from tvld.iris import PREFIXES
from tvld.serialisation import read
from tvld.serve.languages import LANGUAGES
from tvld.serve.parameters import TYPES, bound, parameters
from tvld.serve.questions import named_query
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.release import open_release
from tvld.serve.source import Source, Wording
from tvld.settings import Settings

FILES = {path.stem.split("-", 1)[1]: path for path in sorted((ROOT / "ontology" / "questions").glob("*.rq"))}
SHUTDOWN = "stores-affected-by-a-shutdown"
SPLICED = quote('x" } ?s ?p ?o {')
TYPED = """# What?
# Asked by: us.
SELECT ?iri ?text ?key ?number WHERE {
  VALUES ?iri { <http://h/a#b> }  # parameter: iri, of a thing
  VALUES ?text { "a" "b" }  # parameter: text, to look for
  VALUES ?key { "x-1" }  # parameter: key, of a store
  VALUES ?number { 7 }  # parameter: integer, how many
  VALUES ?odd { 7 }  # parameter: colour, is not known
}
"""


def test_there_are_questions_to_ask() -> None:
    assert len(FILES) >= 19


@pytest.mark.parametrize("name", FILES)
def test_a_question_is_answered_over_http_as_it_is_written_down(get: Get, name: str) -> None:
    expected = FILES[name].with_suffix(".csv").read_bytes()
    answer = get(f"/queries/{name}.csv")

    assert (answer.status, answer.type) == (200, "text/csv")
    assert answer.body == expected
    assert get(f"/queries/{name}", accept="text/csv").body == expected


@pytest.mark.parametrize("name", FILES)
def test_every_format_holds_the_same_rows(get: Get, name: str) -> None:
    formats = {
        "srj": ox.QueryResultsFormat.JSON,
        "srx": ox.QueryResultsFormat.XML,
        "tsv": ox.QueryResultsFormat.TSV,
    }
    assert {*formats, "csv"} == {f.suffix for f in RESULT_FORMATS}

    told = {}
    for suffix, format_ in formats.items():
        answer = get(f"/queries/{name}.{suffix}")
        assert answer.headers["content-location"] == f"/queries/{name}.{suffix}"
        results = ox.parse_query_results(answer.body, format=format_)
        names = [variable.value for variable in results.variables]
        told[suffix] = [names, *([str(row[n]) for n in names] for row in results)]

    assert told["srj"] == told["srx"] == told["tsv"]
    assert len(told["srj"]) == len(list(csv.reader(io.StringIO(get(f"/queries/{name}.csv").text))))


@pytest.mark.parametrize("name", FILES)
def test_what_the_columns_hold_is_told_beside_the_csv(get: Get, name: str) -> None:
    answer = get(f"/queries/{name}.csv")
    assert (
        f'</queries/{name}.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
        in answer.headers["link"]
    )
    told = get(f"/queries/{name}.csv-metadata.json")

    assert (told.status, told.type) == (200, "application/csvm+json")
    table = json.loads(told.body)
    assert table["url"] == f"http://127.0.0.1:8000/queries/{name}.csv"
    assert table["@context"][0] == "http://www.w3.org/ns/csvw"
    columns = table["tableSchema"]["columns"]
    head, *rows = list(csv.reader(io.StringIO(answer.text)))
    assert [column["titles"] for column in columns] == head
    for index, column in enumerate(columns):
        cells = [row[index] for row in rows]
        if column["datatype"] == "anyURI":
            assert column["valueUrl"] == f"{{+{column['name']}}}"
            assert all(cell.startswith(("http://", "https://")) for cell in cells if cell)
        if column["datatype"] == "integer":
            assert all(cell.isdigit() for cell in cells if cell)
        assert not column.get("required") or all(cells)
    assert any(column["datatype"] != "string" or column.get("lang") == "fi" for column in columns)


def test_every_line_that_speaks_of_a_parameter_is_one() -> None:
    found = 0
    for path in FILES.values():
        text = path.read_text(encoding="utf-8")
        named = parameters(text)
        assert len(named) == text.count("# parameter:"), path
        assert all(parameter.default and parameter.words for parameter in named), path
        found += len(named)
    assert found >= 6


def test_another_value_gives_another_answer(get: Get) -> None:
    sample = get(f"/queries/{SHUTDOWN}.csv")
    other = get(f"/queries/{SHUTDOWN}.csv?systemKey=paatoksenteon-ja-seurannan-tietojarjestelma")
    both = get(f"/queries/{SHUTDOWN}.csv?systemKey=potilastietojarjestelma&systemKey=none")

    assert len(other.text.splitlines()) == 40
    assert both.body == sample.body
    assert "systemKey=paatoksenteon" in other.headers["content-location"]
    assert "csv-metadata.json?systemKey=paatoksenteon" in other.headers["link"]
    text = get(f"/queries/{SHUTDOWN}.rq?systemKey=x-1").text
    assert text == FILES[SHUTDOWN].read_text().replace('"potilastietojarjestelma"', '"x-1"')
    page = get(f"/queries/{SHUTDOWN}?systemKey=x-1", accept="text/html").text
    assert 'value="x-1"' in page
    assert f"/queries/{SHUTDOWN}.csv?systemKey=x-1" in page
    assert f"/sparql?query={quote(text[:20], safe='/')}" in page


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (f"{SHUTDOWN}.csv?systemKey=%C3%84", 400, "small letters"),
        (f"{SHUTDOWN}.csv?systemKey=Ä", 400, "not UTF-8"),
        (f"{SHUTDOWN}.csv?systemKey=", 400, "small letters"),
        (f"{SHUTDOWN}.csv?systemKey={SPLICED}", 400, "small letters"),
        (f"{SHUTDOWN}.csv?" + "&".join(["systemKey=a"] * 51), 400, "50 times"),
        (f"{SHUTDOWN}.csv?systemkey=a", 400, "it has: systemKey"),
        ("what-is-described.csv?x=1", 400, "it has: none"),
        ("none", 404, "what-is-described"),
        ("what-is-described.png", 404, "what-is-described"),
        ("what-is-described.csv.csv", 404, "what-is-described"),
        ("what-is-described.ttl", 406, "sparql-results"),
        ("what-is-described.csv?release=2020-01-01-x", 404, "not kept"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_answered_says_what_can(get: Get, address: str, status: int, words: str) -> None:
    reply = get(f"/queries/{address}")

    assert reply.status == status
    assert words in reply.text


def test_the_questions_are_listed_for_people_and_for_programs(get: Get) -> None:
    told = json.loads(get("/queries/").body)

    assert {query["name"] for query in told} == FILES.keys()
    [shutdown] = [query for query in told if query["name"] == SHUTDOWN]
    assert shutdown["address"] == f"http://127.0.0.1:8000/queries/{SHUTDOWN}"
    assert shutdown["parameters"] == [
        {
            "name": "systemKey",
            "type": "key",
            "words": "of the information system",
            "default": ["potilastietojarjestelma"],
        }
    ]
    page = get("/queries/", accept="text/html").text
    assert all(f'href="/queries/{name}"' in page for name in FILES)
    assert get("/queries").status in (301, 308)


def test_parameters_are_read_with_their_types_and_defaults() -> None:
    assert {p.name: (p.type, p.default) for p in parameters(TYPED)} == {
        "iri": ("iri", ("http://h/a#b",)),
        "text": ("text", ("a", "b")),
        "key": ("key", ("x-1",)),
        "number": ("integer", ("7",)),
    }
    assert {p.type for p in parameters(TYPED)} == TYPES.keys()


TOLD = """# Which?
# Asked by: us.
# Words: ?key key of the store; ?name name
# Found by
# the word alone.
# @fi Mitkä?
# @fi Asked by: me.
# @fi Words: ?name nimi
# @sv Vilka?
SELECT ?name { ?s ?p ?name } # @sv no remark
"""


def test_a_question_is_read_in_each_language_of_its_remarks() -> None:
    named = named_query("told", TOLD)

    assert named.words == {
        "en": Wording("Which?", "us.", "Found by the word alone.", {"key": "key of the store", "name": "name"}),
        "fi": Wording("Mitkä?", "me.", "", {"name": "nimi"}),
        "sv": Wording("Vilka?"),
    }
    assert named.wording(("se", "sv", "fi")) == ("sv", Wording("Vilka?"))
    assert named.wording(("de",))[0] == "en"
    assert named.text == TOLD
    body = "SELECT ?name { ?s ?p ?name } # @sv no remark\n"
    assert named.asked == f"# Which?\n# Asked by: us.\n# Found by\n# the word alone.\n{body}"
    assert named_query("bare", body).wording() == ("en", Wording(""))


@pytest.mark.parametrize("name", FILES)
def test_a_question_and_its_columns_have_words_in_every_language(name: str) -> None:
    path = FILES[name]
    named = named_query(name, path.read_text(encoding="utf-8"))
    columns = path.with_suffix(".csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    variables = {*columns, *(parameter.name for parameter in parameters(named.text))}

    assert sorted(named.words) == sorted(LANGUAGES)
    for words in named.words.values():
        assert words.question.endswith("?")
        assert words.asked_by.endswith(".")
        assert words.variables.keys() == variables
        assert bool(words.note) == bool(named.words["en"].note)
    assert len({words.question for words in named.words.values()}) == len(LANGUAGES)
    assert ox.Store().query(named.asked) is not None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FILES)
def test_a_page_asks_and_answers_in_its_language(get: Get, name: str, language: str) -> None:
    words = named_query(name, FILES[name].read_text(encoding="utf-8")).words[language]
    page = get(f"/queries/{name}?lang={language}", accept="text/html").text
    shown = page.partition("<h1")[2]

    assert f">{escape(words.question, quote=False)}</h1>" in shown.replace("&#39;", "'")
    assert "# @fi" not in page
    rows = list(csv.reader(FILES[name].with_suffix(".csv").read_text(encoding="utf-8").splitlines()))
    assert shown.count("<tr>") >= min(len(rows), 31)
    assert len(page) < 100_000


# One column that tells rows apart, and one of numbers.
CHARTED = {
    "systems-shared-by-most-stores", "data-groups-found-in-most-stores", "purposes-shared-by-several-stores",
    "stores-per-theme", "systems-named-only-in-the-plural", "stores-affected-by-a-shutdown", "what-is-described",
}  # fmt: skip


def test_an_answer_of_names_and_numbers_is_drawn(get: Get) -> None:
    pages = {name: get(f"/queries/{name}?lang=en", accept="text/html").text for name in FILES}

    assert {name for name, page in pages.items() if 'class="bars"' in page} == CHARTED
    shared = pages["systems-shared-by-most-stores"].partition('class="bars"')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="col">([^<]*)<', shared) == ["Information system", "Data stores"]
    assert re.findall(r'width="([0-9.]+)" height="10"></rect></svg> (\d+)', shared)[:2] == [
        ("100.0", "39"),
        ("20.5", "8"),
    ]
    assert 'href="/id/kaupunki/system/potilastietojarjestelma?lang=en"' in shared


def test_a_query_that_takes_too_long_has_a_page_that_says_so(release: Path) -> None:
    slow = "# What takes long?\nSELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    source = replace(open_release(release), queries={"slow": named_query("slow", slow)})
    with site(source, Settings(log_requests=False, workers=1, query_seconds=1)) as (ask, _):
        reply = ask("/queries/slow?lang=en", accept="text/html")

    assert reply.status == 200
    assert "What takes long?" in reply.text
    assert 'class="problem"' in reply.text
    assert reply.headers["cache-control"] == "no-store"


def test_the_description_of_the_endpoint_gives_the_questions_by_language(get: Get) -> None:
    quads = {
        (q.subject.value, q.predicate.value, q.object) for q in read(get("/sparql", accept="text/turtle").body, TURTLE)
    }  # type: ignore[union-attr]
    for name, path in FILES.items():
        named = named_query(name, path.read_text(encoding="utf-8"))
        me = f"http://127.0.0.1:8000/queries/{name}"
        said = {o for s, p, o in quads if (s, p) == (me, PREFIXES["rdfs"] + "comment")}
        assert said == {ox.Literal(words.question, language=tag) for tag, words in named.words.items()}
        assert (me, PREFIXES["sh"] + "select", ox.Literal(named.asked)) in quads


NASTY = ['"', "'", "\\", '"} ?s ?p ?o {"', "}", "a\\u0022b", "# x", "?x", "ä€😀", "<http://h/>", '\\"']


@pytest.mark.parametrize("value", NASTY)
def test_a_text_is_bound_whatever_it_holds(value: str) -> None:
    [row] = ox.Store().query(bound(TYPED, {"text": [value]}))  # type: ignore[misc]

    assert row["text"] == ox.Literal(value)
    assert row["iri"] == ox.NamedNode("http://h/a#b")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iri", "relative"),
        ("iri", "http://h/a b"),
        ("iri", "http://h/> } #"),
        ("iri", ""),
        ("text", "a\nb"),
        ("text", "x" * 1001),
        ("text", "\0"),
        ("key", "A"),
        ("key", "a--b"),
        ("key", "a\n"),
        ("integer", "1.0"),
        ("integer", "1 2"),
        ("integer", "٣"),
        ("integer", "9" * 40),
        ("odd", "7"),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: str) -> None:
    with pytest.raises(QueryRefused, match="parameter"):
        bound(TYPED, {name: [value]})


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """Ask a site whose one named query has a parameter of each type."""
    data = tmp_path_factory.mktemp("typed") / "data.ttl"
    data.write_text("<http://h/s> <http://h/p> 1 .")
    source: Source = open_rdf_files([data], Settings().base())
    query = named_query("typed", TYPED)
    fields = {name: getattr(source, name) for name in source.__dataclass_fields__}
    with site(Source(**fields | {"queries": {"typed": query}}), Settings(log_requests=False, workers=1)) as (get, _):
        yield get


def test_values_of_each_type_come_back_in_the_columns_that_are_told(typed: Get) -> None:
    address = f"?iri={quote('urn:x:y')}&text={quote('ä, b')}&key=k-2&number=-3"

    rows = list(csv.reader(io.StringIO(typed(f"/queries/typed.csv{address}").text)))
    assert rows == [["iri", "text", "key", "number"], ["urn:x:y", "ä, b", "k-2", "-3"]]
    told = json.loads(typed(f"/queries/typed.csv-metadata.json{address}").body)
    datatypes = [column["datatype"] for column in told["tableSchema"]["columns"]]
    assert datatypes == ["anyURI", "string", "string", "integer"]


def test_the_files_of_questions_travel_with_the_release(release: Path) -> None:
    for name, path in FILES.items():
        assert (release / "queries" / f"{name}.rq").read_bytes() == path.read_bytes()
