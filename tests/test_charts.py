"""Charts of bars: on the pages of systems and purposes, and which answers have one."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.small_city import City
from tests.web_client import Get, site
from tvld.build.pipeline import build
from tvld.iris import Base
from tvld.serve.release import open_release
from tvld.serve.web.bars import bars
from tvld.serve.web.results import Table
from tvld.serve.web.view import Value

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

    assert (f"{found.name} {found.number}" if found else None) == drawn
    if found:
        assert [(row.number, row.share) for row in found.rows] == [("2", 100.0), ("1", 50.0)]
