"""A file of a table becomes rows with the numbers that a spreadsheet shows, or findings that say where to look."""

import csv
import tracemalloc
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from tvld.build.columns import CELLS, PURPOSES, TABLES
from tvld.build.tables import MAX_CELL_CHARACTERS, MAX_RECORD_BYTES, MAX_ROWS, Sheet, read_rows, read_table_file
from tvld.build.workbook import MAX_UNPACKED_BYTES
from tvld.errors import DataError

FILES = Path(__file__).parent / "data" / "tables"

# File, and (row number, name) of the rows that it holds.
SOUND = {
    "comma.csv": [(2, "Yksi"), (3, "Kaksi")],
    "semicolon.csv": [(2, "Yksi, toinen")],
    "bom.csv": [(2, "Yksi")],
    "crlf.csv": [(2, "Yksi"), (3, "Kaksi")],
    "no-last-line-end.csv": [(2, "Yksi")],
    "lines-in-a-cell.csv": [(2, "Yksi\nrivi\n\nlisää"), (3, "Kaksi")],
    "quotes-in-a-cell.csv": [(2, 'Yksi "kaksi", kolme')],
    "empty-rows.csv": [(4, "Yksi"), (6, "Kaksi")],
    "separators-at-the-end.csv": [(2, "Yksi")],
    "spaces.csv": [(2, "  Yksi  ")],
    "other-languages.csv": [(2, "Yksi")],
    "columns-in-another-order.csv": [(2, "Yksi")],
    "header-only.csv": [],
}

# File, (rule, row, column) of its findings, a word of the Finnish message, and the numbers of the rows still read.
FAULTY = {
    "empty.csv": ([("empty-file", 1, None)], "key, name, aliases, note", []),
    "bom-only.csv": ([("empty-file", 1, None)], "tyhjä", []),
    "empty-first-row.csv": ([("empty-file", 1, None)], "ensimmäisellä rivillä", []),
    "latin-1.csv": ([("encoding", 3, None)], "tavu 34 on 0xF6", [2]),
    "bom-and-latin-1.csv": ([("encoding", 1, None)], "tavu 5 on 0xE4", []),
    "utf-16.csv": ([("encoding", 1, None)], "UTF-16", []),
    "utf-16-without-bom.csv": ([("nul", 1, None)], "tavussa 1", []),
    "nul.csv": ([("nul", 2, None)], "tavussa 26", []),
    "control-character.csv": ([("control-character", 2, "name")], "U+000B", [3]),
    "unknown-column.csv": ([("unknown-column", 1, "nmae")], "Tarkoititko ”name”?", [2]),
    "missing-column.csv": ([("missing-column", 1, "name")], "täytä se joka riville", [2]),
    "finnish-as-a-language.csv": ([("unknown-column", 1, "name@fi")], "Tarkoititko ”name”?", [2]),
    "duplicate-column.csv": ([("duplicate-column", 1, "name")], "kahdesti", [2]),
    "nameless-column.csv": ([("unknown-column", 1, "")], "Mahdolliset: key, name, aliases, note.", [2]),
    "too-few-cells.csv": ([("cell-count", 3, None), ("cell-count", 5, None)], "2 solua, otsikkorivillä 4", [2, 4]),
    "cells-behind-the-header.csv": ([("stray-cell", 3, None)], "Solussa E3 on ”muistiin”", [2]),
    "too-many-cells.csv": ([("cell-count", 2, None)], "5 solua, otsikkorivillä 4", [3]),
    "open-quote.csv": ([("quote", 3, None)], "jää auki", [2]),
    "text-after-a-quote.csv": ([("quote", 2, None)], "ei ole erotinta", []),
    "bare-cr.csv": ([("line-end", 1, None)], "CR", []),
    "tabs.csv": (
        [("unknown-column", 1, "key\tname\taliases\tnote")]
        + [("missing-column", 1, column) for column in ("key", "name", "aliases", "note")],
        "key name aliases note",
        [2],
    ),
    "broken.xlsx": ([("workbook", None, None)], "ei ole ehjä xlsx-työkirja", []),
}


def read(path: Path, table=PURPOSES) -> Sheet:
    return read_table_file(path, table, f"kaupunki/{path.name}")


def told(sheet: Sheet) -> list[tuple[str, int | None, str | None]]:
    assert all(finding.place.file == sheet.file for finding in sheet.findings)
    return [(f.rule.removeprefix("table/"), f.place.row, f.place.column) for f in sheet.findings]


def workbook(path: Path, rows: list[list[object]], title: str = "Taul1", others: tuple[str, ...] = ()) -> Path:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for other in others:
        book.create_sheet(other)
    book.save(path)
    return path


def test_every_file_of_the_folder_is_in_a_table_of_cases():
    assert {path.name for path in FILES.iterdir() if path.suffix in {".csv", ".xlsx"}} == SOUND.keys() | FAULTY.keys()


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_gives_its_rows_with_their_numbers_and_texts_as_they_are(name):
    sheet = read(FILES / name)

    assert sheet.findings == ()
    assert [(row.number, row.cells["name"]) for row in sheet.rows] == SOUND[name]


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_file_is_told_by_row_and_column_and_its_other_rows_are_read(name):
    expected, words, rows = FAULTY[name]

    sheet = read(FILES / name)

    assert told(sheet) == expected
    assert words in dict(sheet.findings[0].messages)["fi"]
    assert all(dict(finding.messages).keys() == {"fi", "en"} for finding in sheet.findings)
    assert [row.number for row in sheet.rows] == rows
    assert not sheet.whole


def test_other_languages_are_columns_of_their_own():
    row = read(FILES / "other-languages.csv").rows[0]

    assert (row.cells["name@sv"], row.cells["name@sr-latn"]) == ("Ett", "Jedan")


def test_a_line_of_100_mb_is_refused_without_being_read(tmp_path):
    path = tmp_path / "purposes.csv"
    with path.open("wb") as stream:
        stream.write(b"key,name,aliases,note\na,Yksi,,\nb,")
        for _ in range(100):
            stream.write(b"x" * 1024 * 1024)
    tracemalloc.start()

    sheet = read(path)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told(sheet) == [("long-line", 3, None)]
    assert peak < 8 * MAX_RECORD_BYTES


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x" * (MAX_CELL_CHARACTERS + 1), "long-cell"),
        ("x" * 200_000, "long-cell"),  # more than the csv module takes
        ('"' + "rivi\n" * 50_000, "long-cell"),  # a quote that stays open swallows the lines after it
        ('"\n",' * 400_000, "long-line"),  # a record of endless cells with line ends in them
    ],
)
def test_a_cell_or_record_without_end_is_told_with_its_row(tmp_path, name, code):
    path = tmp_path / "purposes.csv"
    path.write_text(f"key,name,aliases,note\na,Yksi,,\nb,{name},,\n", encoding="utf-8")

    assert [(code_, row) for code_, row, _ in told(read(path))] == [(code, 3)]


def test_the_longest_cell_of_a_spreadsheet_is_still_read(tmp_path):
    path = tmp_path / "purposes.csv"
    path.write_text(f"key,name,aliases,note\na,{'x' * MAX_CELL_CHARACTERS},,\n", encoding="utf-8")

    assert read(path).findings == ()


def test_too_many_rows_are_told_where_reading_stopped(tmp_path):
    path = tmp_path / "purposes.csv"
    path.write_text("key,name,aliases,note\n" + "a,Yksi rivi,,\n" * (MAX_ROWS + 1), encoding="utf-8")

    assert told(read(path)) == [("too-many-rows", MAX_ROWS + 2, None)]


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path):
    (tmp_path / "purposes.csv").mkdir()

    assert told(read(tmp_path / "purposes.csv")) == [("unreadable", None, None)]


def test_a_workbook_gives_what_a_csv_would(tmp_path):
    header = ["key", "name", "aliases", "note"]
    path = workbook(
        tmp_path / "purposes.xlsx",
        [
            header,
            [12, "  Yksi \n rivi ", True, date(2026, 1, 31)],
            [],
            [12.0, 0.5, False, datetime.fromisoformat("2026-01-31T12:30:00")],
            ["b", "ä_x0041_", 1e20, 10**14],
        ],
    )

    sheet = read(path)

    assert sheet.findings == ()
    assert [(row.number, *(row.cells.get(column, "") for column in header)) for row in sheet.rows] == [
        (2, "12", "  Yksi \n rivi ", "true", "2026-01-31"),
        (4, "12", "0.5", "false", "2026-01-31 12:30:00"),
        (5, "b", "äA", "100000000000000000000", "100000000000000"),
    ]


@pytest.mark.parametrize(
    ("rows", "expected", "words"),
    [
        ([["a", "=1+1", "", ""]], [("formula", 2, "name")], "=1+1"),
        ([["a", "#REF!", "", ""]], [("error-value", 2, "name")], "#REF!"),
        ([["a", "Yksi", "", "", "", "muistiin"]], [("stray-cell", 2, None)], "Solussa F2 on ”muistiin”"),
        ([[], ["a", "Yk\vsi".replace("\v", "_x000B_")]], [("control-character", 3, "name")], "U+000B"),
    ],
)
def test_what_a_workbook_cannot_give_as_text_is_told_by_cell(tmp_path, rows, expected, words):
    sheet = read(workbook(tmp_path / "purposes.xlsx", [["key", "name", "aliases", "note"], *rows]))

    assert told(sheet) == expected
    assert words in dict(sheet.findings[0].messages)["fi"]


def test_of_several_sheets_the_one_named_after_the_table_is_read(tmp_path):
    rows = [["key", "name", "aliases", "note"], ["a", "Yksi"]]

    named = read(workbook(tmp_path / "named.xlsx", rows, title="purposes", others=("Ohjeet",)))
    nameless = read(workbook(tmp_path / "nameless.xlsx", rows, others=("Ohjeet",)))

    assert [row.cells["name"] for row in named.rows] == ["Yksi"]
    assert told(nameless) == [("sheet", None, None)]


def test_an_empty_workbook_is_an_empty_file(tmp_path):
    assert told(read(workbook(tmp_path / "purposes.xlsx", []))) == [("empty-file", 1, None)]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "purposes.xlsx"
    with (
        ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/sharedStrings.xml", "w") as part,
    ):
        for _ in range(MAX_UNPACKED_BYTES // 2**20 + 1):
            part.write(bytes(2**20))
    assert path.stat().st_size < 2**20

    assert told(read(path)) == [("workbook-size", None, None)]


def test_a_workbook_that_claims_a_row_far_down_is_stopped(tmp_path):
    sound = workbook(tmp_path / "sound.xlsx", [["key", "name", "aliases", "note"], ["a", "Yksi"]])
    path = tmp_path / "purposes.xlsx"
    with ZipFile(sound) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'<row r="2"', b'<row r="4000000000"').replace(b'r="A2"', b""))

    assert [code for code, _, _ in told(read(path))] == ["too-many-rows"]


def test_a_table_goes_from_csv_to_workbook_without_loss(tmp_path):
    """The cells of the real source, with their commas, quotes and empty ones, are the same texts from both."""
    source = Path(__file__).parents[1] / "data" / "kaupunki" / "cells.csv"
    with source.open(encoding="utf-8", newline="") as stream:
        book = workbook(tmp_path / "cells.xlsx", list(csv.reader(stream)))

    from_csv, from_workbook = read(source, CELLS), read(book, CELLS)

    assert len(from_csv.rows) == 156
    assert [row.text("text") for row in from_csv.rows] == [row.text("text") for row in from_workbook.rows]
    assert [row.number for row in from_csv.rows] == [row.number for row in from_workbook.rows]


def test_rows_of_a_checked_table_are_given_and_of_a_wrong_one_refused(tmp_path):
    (tmp_path / "purposes.csv").write_bytes((FILES / "comma.csv").read_bytes())
    assert [row["name"] for row in read_rows(tmp_path, PURPOSES)] == ["Yksi", "Kaksi"]
    assert read_rows(tmp_path, CELLS) == []

    (tmp_path / "purposes.csv").write_bytes((FILES / "latin-1.csv").read_bytes())
    with pytest.raises(DataError, match=r"purposes\.csv"):
        read_rows(tmp_path, PURPOSES)


# The tables of docs/architecture.md, typed again here: the register may not drift from what others rely on.
CONTRACT = {
    "stores": "key service_area name purposes systems themes themes_status search_keys open_interface authority "
    "retention source_line",
    "materials": "key store name data_group note source_line",
    "systems": "key name kind aliases note",
    "purposes": "key name aliases note",
    "data_groups": "key name aliases note",
    "service_areas": "key name aliases note",
    "cells": "line column text notes",
    "withdrawn": "kind key replaced_by date",
}


def test_the_register_holds_the_tables_and_columns_of_the_contract_each_with_its_help():
    assert {table.name: " ".join(column.name for column in table.columns) for table in TABLES} == CONTRACT
    for table in TABLES:
        assert table.help.endswith(".")
        assert table.finnish
        assert set(table.identity) <= {column.name for column in table.columns}
        for column in table.columns:
            assert column.help.endswith(".")
            assert column.finnish
            assert column.refers is None or column.refers in CONTRACT
            assert all(column.expected)
