"""What names, separators and notes leave over of a cell is nothing, and every cell is one of the source."""

from dataclasses import replace
from pathlib import Path

import pytest

from tvld.build.intake import read_organisation
from tvld.build.lossless import left_over, lossless
from tvld.model import Cell, Description, Material, Organisation, Place, RegisterEntry, SourceDocument, Store, System

KAUPUNKI = Path(__file__).parents[1] / "data" / "kaupunki"
SOURCE = (KAUPUNKI / "source" / "tietovarannot.txt").read_bytes().decode()
SAMPLE, _ = read_organisation(KAUPUNKI)
CELLS = list(SAMPLE.cells) if SAMPLE else []


def fi(text):
    return (("fi", text),)


def description(column: int, text: str, items: tuple[str, ...], notes: tuple[str, ...] = ()) -> Description:
    """Make a description with one cell on line 2; an item written `a|b` has b as its alias."""
    forms = [item.split("|") for item in items]
    keys = tuple(f"k{number}" for number in range(len(items)))
    named = [(key, fi(names[0]), tuple(names[1:])) for key, names in zip(keys, forms, strict=True)]
    store = Store(
        "s",
        "a",
        fi(items[0] if column == 1 else "Varanto"),
        keys if column == 2 else (),
        keys if column == 4 else (),
        source_line=2,
        place=Place("k/stores.csv", 2),
    )
    cells = [Cell(2, column, text, notes, Place("k/cells.csv", 2))]
    if column != 1:
        cells.append(Cell(2, 1, "Varanto", (), Place("k/cells.csv", 3)))
    return Description(
        Organisation("k", fi("K"), "2026-01-31", ("fi",), "http://l/", SourceDocument("d", "d.txt", fi("D"))),
        (),
        tuple(RegisterEntry("purpose", *entry, place=Place("k/purposes.csv", 2)) for entry in named if column == 2),
        (),
        tuple(System(key, names, "system", aliases) for key, names, aliases in named if column == 4),
        (store,),
        tuple(Material(key, "s", names, place=Place("k/materials.csv", 9)) for key, names, _ in named if column == 3),
        tuple(cells),
    )


# Column, text of the cell, its items (with aliases), its notes.
NOTHING_LEFT = [
    (1, "Museon tietovaranto", ("Museon tietovaranto",), ()),
    (2, "Yksi, toinen, kolmas", ("Yksi", "toinen", "kolmas"), ()),
    (3, "Yksi. Toinen,", ("yksi", "toinen"), ()),
    (3, "", (), ()),
    (2, "Ruoan järjestäminen Siivouksen järjestäminen", ("Ruoan järjestäminen", "siivouksen järjestäminen"), ()),
    (4, "Oma järjestelmä (KOHA) ja asiakasliittymä (a.fi)", ("oma järjestelmä (KOHA)", "asiakasliittymä (a.fi)"), ()),
    (4, "Seurannan järjestelmät, muu", ("Seurannan järjestelmä|Seurannan järjestelmät", "muu"), ()),
    # The longest form first: the alias holds the name.
    (4, "Järjestelmä (yhteinen)", ("Järjestelmä|Järjestelmä (yhteinen)",), ()),
    (3, "Suunnittelun, johtamisen aineistot. Äidit", ("Suunnittelun, johtamisen aineistot", "äidit"), ()),
    # Notes may stand between items, at the end, and hold the name of an item.
    (3, "Yksi (vain osa), toinen. Tiedot ovat toinen.", ("Yksi", "toinen"), ("(vain osa)", "Tiedot ovat toinen")),
    (3, "Rekisteri koostuu merkinnöistä. Yksi", ("yksi",), ("Rekisteri koostuu merkinnöistä.",)),
    # One name within another, as whole words only.
    (3, "valmisteluasiakirjat, asiakirjat", ("valmisteluasiakirjat", "asiakirjat"), ()),
    (5, "Muuta tietoa", (), ("Muuta tietoa",)),
]

# The same, and (rule, what is left or was not found) of the findings.
SOMETHING_LEFT = [
    (2, "Yksi, toinen", ("Yksi",), (), [("lossless", "toinen")]),
    (2, "Yksi", ("Yksi", "toinen"), (), [("lossless-item", "toinen")]),
    (2, "Yksi, toinen", ("toinen", "Yksi"), (), [("lossless", "Yksi"), ("lossless-item", "Yksi")]),
    (3, "Yksittäinen", ("Yksi",), (), [("lossless", "Yksittäinen"), ("lossless-item", "Yksi")]),
    (3, ", ja Yksi", ("Yksi",), (), [("lossless", "ja")]),
    (3, "Yksi. Eka. Toka.", ("Yksi",), ("Toka", "Eka"), [("lossless-note", "Eka"), ("lossless", "Eka")]),
    (3, "Yksi ja toinen ja", ("Yksi", "toinen"), (), [("lossless", "ja")]),
    (3, "ja Yksi", ("Yksi",), (), [("lossless", "ja")]),
    (3, "Yksija toinen", ("Yksija", "toinen", "ja"), (), [("lossless-item", "ja")]),
    (3, "Yksi sekä toinen", ("Yksi", "toinen"), (), [("lossless", "sekä")]),
    (3, "Yksi; toinen", ("Yksi", "toinen"), (), [("lossless", ";")]),
    (3, "YKSI", ("Yksi",), (), [("lossless", "YKSI"), ("lossless-item", "Yksi")]),
    (3, "pöytäkirjat", ("kirjat",), (), [("lossless", "pöytäkirjat"), ("lossless-item", "kirjat")]),
    (3, "Yksi (osa)", ("Yksi",), ("(koko)",), [("lossless-note", "(koko)"), ("lossless", "(osa)")]),
    (3, "Yksi. Huomaa tämä aina.", ("Yksi",), ("tämä",), [("lossless", "Huomaa … aina")]),
    (3, "a, b", ("a", "b", "a"), (), [("lossless-item", "a")]),
    (5, "Muuta tietoa", (), (), [("lossless", "Muuta tietoa")]),
]  # fmt: skip


def source(told: Description) -> str:
    """Make the source document that the cells are of."""
    fields = {cell.column: cell.text for cell in told.cells}
    row = "\t".join(fields.get(column, "") for column in range(1, max(*fields, 2) + 1))
    return f"Tietovarannot\tMuuta\n{row}"


def of_rules(findings, start):
    return [f for f in findings if f.rule.startswith(f"table/{start}")]


@pytest.mark.parametrize("case", NOTHING_LEFT, ids=lambda case: case[1] or "empty")
def test_a_cell_of_which_nothing_is_left_over_has_no_finding(case):
    assert of_rules(left_over(description(*case), None), "lossless") == []


@pytest.mark.parametrize("case", SOMETHING_LEFT, ids=lambda case: case[1])
def test_what_is_left_over_or_not_found_is_told_at_the_cell(case):
    *cell, expected = case

    findings = of_rules(left_over(description(*cell), None), "lossless")

    assert [(f.rule.removeprefix("table/"), f.value) for f in findings] == expected
    assert {(f.severity, f.place.file, f.place.row) for f in findings} == {("violation", "k/cells.csv", 2)}
    for finding, (_, found) in zip(findings, expected, strict=True):
        assert all(found in message for _, message in finding.messages)


def test_a_name_whose_cell_is_not_in_the_table_is_told_at_its_own_row():
    told = description(3, "Yksi", ("Yksi",))

    findings = left_over(replace(told, cells=told.cells[1:]), "Tietovarannot\tMuuta\nVaranto\n")

    assert [(f.rule, f.place, f.value) for f in findings] == [
        ("table/source-cell", Place("k/cells.csv", 3, "text"), "2-1"),
        ("table/lossless-cell", Place("k/materials.csv", 9), "Yksi"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tietovarannot\tMuuta\nVaranto\tYksi", []),
        ("Tietovarannot\tMuuta\r\nVaranto\tYksi\r\n--\t--\r\n\r\nTietovarannot\tMuuta\r\n", []),
        ("Tietovarannot\tMuuta\nVaranto\tYksi \n", [("source-text", 2, "kohdassa 5")]),
        ("Tietovarannot\tMuuta\nVaranto\tykSi\n", [("source-text", 2, "kohdassa 1")]),
        ("Tietovarannot\tMuuta\nVaranto\n", [("source-cell", 2, "2-2"), ("source-cell", 3, "2-1")]),
        (
            "\nTietovarannot\tMuuta\nVaranto\tYksi\n",
            [
                ("source-row", None, "3-1"),
                ("source-row", None, "3-2"),
                ("source-cell", 2, "2-2"),
                ("source-cell", 3, "2-1"),
            ],
        ),
        ("Tietovarannot\tMuuta\nVaranto\tYksi\t\n", [("source-row", None, "2-3")]),
        ("Tietovarannot\tMuuta\nVaranto\tYksi\n\tjatko\n", [("source-row", None, "3-1"), ("source-row", None, "3-2")]),
        ("Varanto: Yksi\n", [("source-not-compared", None, "d.txt")]),
        (None, [("source-not-compared", None, "d.txt")]),
    ],
)  # fmt: skip
def test_cells_are_compared_with_a_source_that_is_a_table_both_ways(text, expected):
    findings = left_over(description(2, "Yksi", ("Yksi",)), text)

    assert [(f.rule.removeprefix("table/"), f.place.row) for f in findings] == [case[:2] for case in expected]
    assert all(case[2] in dict(f.messages)["fi"] for f, case in zip(findings, expected, strict=True))


def test_a_description_without_cells_is_left_alone_where_the_source_is_no_table():
    told = replace(description(2, "Yksi", ()), cells=(), stores=())

    assert left_over(told, None) == []
    assert left_over(told, "Sivu ilman taulukkoa.") == []


def test_a_source_that_is_a_table_must_have_its_cells():
    told = replace(description(2, "Yksi", ("Yksi",)), cells=())

    assert {f.rule for f in left_over(told, SOURCE)} == {"table/source-row", "table/lossless-cell"}


def test_the_source_document_is_read_from_the_folder_and_may_be_no_text(tmp_path):
    told = description(2, "Yksi", ("Yksi",))
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "d.txt").write_text(source(told), encoding="utf-8-sig")
    assert lossless(tmp_path, told) == []

    (tmp_path / "source" / "d.txt").write_bytes(b"%PDF-1.7 \xe4\xf6")
    assert [(f.severity, f.rule) for f in lossless(tmp_path, told)] == [("info", "table/source-not-compared")]


def test_the_sample_has_156_cells_and_none_leaves_anything_over():
    assert len(CELLS) == 39 * 4
    assert lossless(KAUPUNKI, SAMPLE) == []


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.key)
def test_a_word_more_in_a_cell_of_the_sample_is_noticed(cell):
    changed = replace(cell, text=f"{cell.text} lisäys".strip())
    cells = tuple(changed if other is cell else other for other in CELLS)

    findings = left_over(replace(SAMPLE, cells=cells), SOURCE)

    assert [(f.rule, f.place.row) for f in findings] == [
        ("table/lossless", cell.place.row),
        ("table/source-text", cell.place.row),
    ]


def test_a_material_system_or_purpose_that_is_dropped_from_the_sample_is_noticed():
    dropped = [
        replace(SAMPLE, materials=tuple(m for m in SAMPLE.materials if m is not one)) for one in SAMPLE.materials
    ]
    for store in SAMPLE.stores:
        for field in ("purposes", "systems"):
            for key in getattr(store, field):
                less = replace(store, **{field: tuple(k for k in getattr(store, field) if k != key)})
                dropped.append(replace(SAMPLE, stores=tuple(less if s is store else s for s in SAMPLE.stores)))

    assert len(dropped) > 148 + 39 + 39
    assert all(of_rules(left_over(changed, SOURCE), "lossless") for changed in dropped)
