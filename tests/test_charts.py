"""Charts of bars: on the pages of systems and purposes, and which answers have one."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.small_city import City
from tests.web_client import Get, site
from tvld.build.pipeline import build
from tvld.iris import Base
from tvld.serve.release import open_release
from tvld.serve.web.bars import bars
from tvld.serve.web.results import Table
from tvld.serve.web.view import Value

ROOT = Path(__file__).parents[1]
SHARED = "paatoksenteon-ja-seurannan-tietojarjestelma"
INTEGER = "xsd:integer"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """The site of a small city, one of whose purposes two service areas share."""
    folder = tmp_path_factory.mktemp("charts")
    City().write(folder / "data")
    made = build(folder / "data", folder / "dist", Base("http://127.0.0.1:8000/"), tell=lambda _: None)
    with site(open_release(made.folder)) as (ask, _):
        yield ask


def chart(get: Get, address: str) -> list[tuple[str, str, int]]:
    """Read the chart of a page: the address of each row, the length of its bar, its number."""
    page = get(address, accept="text/html").text
    table = page.partition('<table class="bars">')[2].partition("</table>")[0]
    found = re.findall(r'<th scope="row"><a href="([^"]*)".*?<rect width="([\d.]+)".*?</svg> (\d+)</td>', table, re.S)
    assert table.count("<rect") == len(found)
    assert ("<caption" in table) == bool(found), "who listens hears what is drawn"
    return [(unescape(address), share, int(number)) for address, share, number in found]


def test_a_system_page_draws_the_stores_that_depend_on_it(get: Get) -> None:
    area = "/id/kaupunki/service-area/"

    assert chart(get, f"/doc/kaupunki/system/{SHARED}") == [
        (f"{area}sivistys-ja-hyvinvointipalvelut", "100.0", 21),
        (f"{area}elinvoimapalvelut", "52.4", 11),
        (f"{area}konsernihallinto", "33.3", 7),
    ]


def test_a_purpose_page_draws_the_stores_of_each_area_that_shares_it(small: Get) -> None:
    area = "/id/kunta/service-area/"

    assert sorted(chart(small, "/doc/kunta/purpose/valvonta")) == [
        (f"{area}hallinto", "100.0", 1),
        (f"{area}sivistys", "100.0", 1),
    ]


@pytest.mark.parametrize("address", ["/doc/kunta/purpose/neuvonta", "/doc/kunta/system/arkisto"])
def test_one_area_alone_is_nothing_to_compare(small: Get, address: str) -> None:
    assert small(address, accept="text/html").status == 200
    assert chart(small, address) == []


def name(text: str) -> Value:
    return Value(text, language="fi")


def thing(text: str, named: bool = False) -> Value:
    return Value(text, iri=f"http://h/{text}", named=named)


def number(text: str) -> Value:
    return Value(text, datatype=INTEGER)


@pytest.mark.parametrize(
    ("columns", "rows", "drawn"),
    [
        ("name n", [(name("a"), number("2")), (name("b"), number("1"))], "name n"),
        ("thing name n", [(thing("x"), name("a"), number("2")), (thing("y"), name("b"), number("1"))], "name n"),
        # Names that are alike do not tell the rows apart: things do.
        ("thing name n", [(thing("x"), name("a"), number("2")), (thing("y"), name("a"), number("1"))], "thing n"),
        ("thing name n", [(thing("x", True), name("a"), number("2")), (thing("y", True), name("b"), number("1"))],
         "thing n"),
        ("name n", [(name("a"), number("2")), (name("a"), number("1"))], None),
        ("name n m", [(name("a"), number("2"), number("3"))], None),
        ("name n", [(name("a"), number("-2"))], None),
        ("name n", [(name("a"), number("2")), (None, number("1"))], None),
        ("name n", [(name("a"), name("2"))], None),
        ("name n", [], None),
        ("n", [(number("2"),)], None),
    ],
)  # fmt: skip
def test_an_answer_with_one_name_and_one_number_is_a_chart(
    columns: str, rows: list[tuple[Value | None, ...]], drawn: str | None
) -> None:
    found = bars(Table(tuple(columns.split()), tuple(rows), len(rows)))

    assert (f"{found.name} {' '.join(found.numbers)}" if found else None) == drawn
    if found:
        assert [row.numbers for row in found.rows] == [(("2", 100.0),), (("1", 50.0),)]


def test_of_several_numbers_those_that_count_something_are_drawn() -> None:
    rows = ((name("a"), number("2"), number("3"), number("7")), (name("b"), number("1"), number("6"), number("7")))
    found = bars(Table(("name", "n", "m", "line"), rows, 2), drawn=(1, 2))

    assert found
    assert found.numbers == ("n", "m")
    assert [row.numbers for row in found.rows] == [(("2", 100.0), ("3", 50.0)), (("1", 50.0), ("6", 100.0))]
    assert bars(Table(("name", "n", "m", "line"), rows, 2)) is None


def answers() -> dict[str, list[dict[str, str]]]:
    """Read the answers that stand beside the questions, by the name of the question."""
    files = sorted((ROOT / "ontology" / "questions").glob("*.csv"))
    return {
        file.stem.partition("-")[2]: list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
        for file in files
    }


def numbers_of(rows: list[dict[str, str]]) -> list[str]:
    # A line and a column of the source are numbers, but no amounts.
    return [name for name in rows[0] if name not in ("line", "column") and all(row[name].isdigit() for row in rows)]


def test_every_question_with_numbers_for_answers_has_a_chart_that_charts_lead_to(get: Get) -> None:
    page = get("/charts", accept="text/html").text
    amounts = {question: names for question, rows in answers().items() if (names := numbers_of(rows))}

    assert len(amounts) == 9
    for question, names in amounts.items():
        assert f'href="/queries/{question}"' in page, question
        told = get(f"/queries/{question}", accept="text/html").text
        table = told.partition('<table class="bars')[2].partition("</table>")[0]
        drawn = min(30, len(answers()[question]))
        assert table.count("<rect") == drawn * len(names), question
        assert table.count('<th scope="col">') == 1 + len(names), question
    others = set(re.findall(r'href="/queries/([^"]+)"', page)) - set(amounts)
    assert others == set()
    for address in ("/charts", "/"):
        assert 'href="/queries/"' in get(address, accept="text/html").text


@pytest.mark.parametrize(
    ("anchor", "question"),
    [
        ("jarjestelmat", "systems-shared-by-most-stores"),
        ("tarkoitukset", "purposes-shared-by-several-stores"),
        ("tietoryhmat", "data-groups-found-in-most-stores"),
        ("aiheet", "stores-per-theme"),
    ],
)
def test_a_chart_says_what_the_answer_to_its_question_says(get: Get, anchor: str, question: str) -> None:
    page = get("/charts?lang=fi", accept="text/html").text
    section = page.partition(f'<section aria-labelledby="{anchor}">')[2].partition("</section>")[0]
    told = re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a></th><td><svg.*?</svg> (\d+)</td>', section, re.S)

    assert f'href="/queries/{question}?lang=fi"' in section
    assert sorted((unescape(name), count) for name, count in told) == sorted(
        (row["name"], row["stores"]) for row in answers()[question]
    )
    assert [int(count) for _, count in told] == sorted((int(count) for _, count in told), reverse=True)


@pytest.mark.parametrize(("language", "word"), [("fi", "ehdotettu"), ("sv", "föreslagen"), ("en", "proposed")])
def test_an_answer_says_words_of_the_tables_in_the_language_of_the_page(get: Get, language: str, word: str) -> None:
    table = get(f"/queries/stores-per-theme?lang={language}", accept="text/html").text.partition(
        'class="scroll answer"'
    )[2]
    words = re.findall(r"<td><span[^>]*>([^<]*)</span>", table.partition("</table>")[0])

    assert words == [word] * len(answers()["stores-per-theme"])
    assert "proposed" in get("/queries/stores-per-theme.csv").text
