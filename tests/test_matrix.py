"""The matrix of stores and systems: what is in it, how it is narrowed, ordered and paged, and that its forms agree."""

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.web_client import Get
from tvld.iris import PREFIXES, RDF_TYPE, TVLD
from tvld.serve.matrix import Wish, cut
from tvld.serve.record import Record
from tvld.serve.usage import Usage

ID = "http://127.0.0.1:8000/id/kaupunki"
COMMON = f"{ID}/system/paatoksenteon-ja-seurannan-tietojarjestelma"


def processed(get: Get) -> set[tuple[str, str]]:
    query = f"SELECT ?store ?system {{ ?store <{TVLD}processedIn> ?system }}"
    answer = json.loads(get(f"/sparql?query={quote(query)}", accept="application/sparql-results+json").body)
    return {(row["store"]["value"], row["system"]["value"]) for row in answer["results"]["bindings"]}


def of_page(page: str) -> tuple[list[str], list[str], set[tuple[str, str]]]:
    """Read rows, columns and marks out of the table of a page."""
    head, _, body = page.partition("</thead>")
    columns = re.findall(r'<th scope="col"[^>]*><div><a href="([^"]*)"', head)
    rows, marks = [], set()
    for row in re.findall(r'<tr><th scope="row">.*?</tr>', body, re.S):
        name = re.search(r'href="([^"]*)"', row)
        assert name
        rows.append(name.group(1))
        cells = re.findall(r'<td( class="on")?>', row)
        assert len(cells) == len(columns)
        marks |= {(name.group(1), column) for column, cell in zip(columns, cells, strict=True) if cell}
    return rows, columns, marks


def test_the_page_and_its_data_say_what_the_triples_say(get: Get) -> None:
    expected = processed(get)
    assert len(expected) > 80

    rows, columns, marks = of_page(get("/matrix").text)
    assert {(f"http://127.0.0.1:8000{s}", f"http://127.0.0.1:8000{t}") for s, t in marks} == expected
    assert len(rows) == 39
    assert len(columns) == len({system for _, system in expected})

    told = json.loads(get("/matrix.json").body)
    pairs = {(s["iri"], told["systems"][place]["iri"]) for s in told["stores"] for place in s["systems"]}
    assert pairs == expected
    assert all(s["stores"] == len([p for p in expected if p[1] == s["iri"]]) for s in told["systems"])

    table = list(csv.DictReader(io.StringIO(get("/matrix.csv").text)))
    names = {s["name"]: s["iri"] for s in told["systems"]}
    assert {(row["store"], names[n]) for row in table for n in names if row[n]} == expected

    graph = ox.parse(get("/matrix.nt").body, format=ox.RdfFormat.N_TRIPLES)
    found = {(q.subject, q.object) for q in graph if q.predicate.value == TVLD + "processedIn"}
    assert {(s.value, o.value) for s, o in found} == expected


@pytest.mark.parametrize(
    ("query", "rows", "columns"),
    [
        ("", 39, 47),
        ("service-area=kaupunki/konsernihallinto", 7, 15),
        ("service-area=kaupunki/konsernihallinto&system-kind=group", 7, 6),
        ("system=kaupunki/potilastietojarjestelma", 6, 12),
        ("organisation=kaupunki&size=10", 10, None),
        ("page=2&size=20", 19, None),
        ("service-area=&organisation=&system-kind=&q=+", 39, 47),
        # Two systems have the word in their names, no store: their stores, and no other systems of these.
        ("q=POTILAS", 7, 2),
        # One store has both, with all its systems.
        ("q=kirjasto+varanto", 1, None),
        ("q=potilas&system-kind=group", 0, 0),
        ("q=tietoj%C3%A4rjestelm%C3%A4&service-area=kaupunki/konsernihallinto", 7, None),
        ("q=nothing+of+the+kind", 0, 0),
    ],
)
def test_filters_and_pages_leave_a_part(get: Get, query: str, rows: int, columns: int | None) -> None:
    told = json.loads(get(f"/matrix.json?{query}").body)
    shown, heads, _ = of_page(get(f"/matrix?{query}").text)
    assert (len(told["stores"]), len(shown)) == (rows, rows)
    assert len(heads) == len(told["systems"])
    assert columns in (None, len(heads))


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("colour=red", 400, "no parameter 'colour'"),
        ("rows=upwards", 400, "one of area, name, systems"),
        ("page=0", 400, "a number from 1"),
        ("page=2", 404, "past the end"),
        ("size=1001", 400, "from 1 to 1000"),
        ("organisation=atlantis", 404, "'atlantis'"),
        ("system=kaupunki/nothing", 404, "'kaupunki/nothing'"),
        ("rows=kaupunki/nothing", 404, "the system 'kaupunki/nothing'"),
        (f"q={'x' * 201}", 400, "at most 200 characters"),
        ("rows=name&rows=area", 400, "once"),
    ],
)
def test_a_wrong_parameter_is_named(get: Get, query: str, status: int, said: str) -> None:
    reply = get(f"/matrix?{query}", accept="application/json")
    assert (reply.status, get(f"/matrix?{query}", accept="text/html").status) == (status, status)
    assert said in reply.text


def test_rows_and_columns_stand_in_the_order_asked_for(get: Get) -> None:
    def names(query: str) -> tuple[list[str], list[int], list[str]]:
        told = json.loads(get(f"/matrix.json?{query}").body)
        stores = told["stores"]
        return (
            [s["name"].casefold() for s in stores],
            [len(s["systems"]) for s in stores],
            [s["name"].casefold() for s in told["systems"]],
        )

    by_name, _, columns = names("rows=name&by=name")
    assert by_name == sorted(by_name)
    assert columns == sorted(columns)
    _, counts, _ = names("rows=systems")
    assert counts == sorted(counts, reverse=True)
    assert names("")[0] != by_name


def test_a_text_leaves_what_it_names_and_what_that_is_joined_with(get: Get) -> None:
    told = json.loads(get("/matrix.json?q=kirjasto").body)
    named = [s["name"].casefold() for s in told["systems"] if "kirjasto" in s["name"].casefold()]
    whole = [s for s in told["stores"] if "kirjasto" in s["name"].casefold()]
    joined = {told["systems"][place]["iri"] for s in whole for place in s["systems"]}

    assert len(whole) == 1
    assert named
    # A store that the text names keeps all its systems.
    assert {(whole[0]["iri"], iri) for iri in joined} == {pair for pair in processed(get) if pair[0] == whole[0]["iri"]}
    page = get("/matrix?q=kirjasto%22%3Cb", accept="text/html").text
    assert 'value="kirjasto&#34;&lt;b"' in page, "the field keeps what was asked, as text"


def test_rows_are_sorted_by_a_column(get: Get) -> None:
    system = f"{ID}/system/potilastietojarjestelma"
    using = {store for store, each in processed(get) if each == system}
    page = get("/matrix", accept="text/html").text
    links = re.findall(r'<a class="order" href="([^"]*)" aria-label="([^"]*)"', page)
    by_column = [unescape(address) for address, label in links if "potilastietojärjestelmä" in label]
    rows, columns, _ = of_page(get(by_column[0], accept="text/html").text)

    assert len(links) == 47 + 2, "each column, and the names and numbers of the rows"
    assert {f"http://127.0.0.1:8000{row}" for row in rows[: len(using)]} == using
    assert f"http://127.0.0.1:8000{columns[0]}" == system
    for address, said in ((by_column[0], "descending"), ("/matrix?rows=name", "ascending")):
        head = get(address, accept="text/html").text.partition("</thead>")[0]
        assert re.findall(r'aria-sort="(\w+)"', head) == [said]
    assert 'class="order"' not in get("/embed/matrix", accept="text/html").text


def test_the_form_has_every_filter_and_keeps_it(get: Get) -> None:
    system = "kaupunki/potilastietojarjestelma"
    page = get(f"/matrix?q=tieto&system={system}&system-kind=system&rows={system}", accept="text/html").text
    form = page.partition('<form class="filters"')[2].partition("</form>")[0]
    chosen = dict(re.findall(r'name="([\w-]+)">(?:(?!</select>).)*<option value="([^"]*)" selected', form, re.S))

    assert 'name="q" type="search" value="tieto"' in form
    assert chosen == {
        "system": system,
        "system-kind": "system",
        "rows": system,
        "by": "stores",
    }
    assert form.partition('name="system"')[2].partition("</select>")[0].count('<option value="kaupunki/') == 47


def test_the_page_can_be_read_without_seeing_it(get: Get) -> None:
    page = get("/matrix", accept_language="sv").text
    assert '<html lang="sv">' in page
    assert page.count("<caption") == 1
    assert page.count('scope="rowgroup"') == 3
    assert page.count('class="on"><span>behandlas</span>') == page.count('class="on"')
    form = page[page.index('<form class="filters"') :]
    form = form[: form.index("</form>")]
    assert form.count("<select") + form.count("<input") == form.count("<label for=") == 6
    assert len(page.encode()) < 100_000


def many(organisations: int, stores: int, systems: int) -> Iterator[ox.Quad]:
    named = ox.NamedNode
    type_, label = named(RDF_TYPE), named(PREFIXES["rdfs"] + "label")
    for n in range(organisations):
        home = f"http://h/id/o{n}"
        for s in range(systems):
            yield ox.Quad(named(f"{home}/system/{s}"), type_, named(TVLD + "InformationSystem"))
            yield ox.Quad(named(f"{home}/system/{s}"), label, ox.Literal(f"Järjestelmä {s}", language="fi"))
        for s in range(stores):
            store = named(f"{home}/store/{s}")
            yield ox.Quad(store, type_, named(TVLD + "DataStore"))
            yield ox.Quad(store, label, ox.Literal(f"Varanto {s}", language="fi"))
            yield ox.Quad(store, named(PREFIXES["dct"] + "publisher"), named(home))
            for each in {0, s % systems, 7 * s % systems}:
                yield ox.Quad(store, named(TVLD + "processedIn"), named(f"{home}/system/{each}"))


def test_three_hundred_organisations_take_a_moment() -> None:
    usage = Usage(Record(many(300, 39, 47)))
    started = time.perf_counter()
    found = cut(usage, Wish(page=100), "fi")
    taken = time.perf_counter() - started
    assert (found.all_rows, found.pages, len(found.rows)) == (11_700, 234, 50)
    assert found.columns
    assert all(any(c.iri in row.systems for row in found.rows) for c in found.columns)
    # Measured: 0.02 seconds; the bound is for a busy machine.
    assert taken < 1
