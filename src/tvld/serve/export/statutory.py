"""
The description as the table that the law asks for (Act 906/2019, section 28): the stores of one organisation by service
area, each with purposes, information materials and systems, as the source document has them.

Reads the tables of a release; knows how they become rows, a page, a workbook or a text document, and nothing of RDF.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from tvld.alphabet import place
from tvld.checksums import read_manifest
from tvld.errors import CallError, OutsideError

# What the law asks for beyond the four columns of the source; a column that nobody has filled is left out.
_FURTHER = {
    "search_keys": "Hakutekijät",
    "open_interface": "Avoin rajapinta",
    "authority": "Vastuuviranomainen",
    "retention": "Säilytys",
}
_COLUMNS = ("Tietovaranto", "Tietojen käyttötarkoitus", "Keskeiset tietoaineistot", "Tietojärjestelmät")
_TITLE = "Kuvaus tietovarannoista"
# The same document has the same bytes whenever it is written.
_NOBODYS_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_SAYS = {"true": "kyllä", "false": "ei"}

Row = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One service area: its name and a row a store; each cell is a list of texts."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Document:
    """The document of one organisation; `about` says which release it is of."""

    title: str
    about: str
    columns: tuple[str, ...]
    sections: tuple[Section, ...]


def write_document(release: Path, form: str, file: Path, organisation: str | None) -> None:
    """Write the document in a form of `WRITERS`; raises CallError where it is not clear whose, or nobody's."""
    body = WRITERS[form](read_document(release, organisation))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    except OSError as err:
        raise OutsideError(f"{file}: cannot be written: {err.strerror or err}") from err


def read_document(release: Path, organisation: str | None) -> Document:
    """Put the document of one organisation together from the tables of a release, in the order of its source."""
    manifest = read_manifest(release)
    names = {told["key"]: told["name"] for told in manifest["organisations"]}
    key = organisation or next(iter(names))
    if key not in names or (organisation is None and len(names) > 1):
        raise CallError(f"say whose document with --org: there are {', '.join(sorted(names))}")
    tables = {
        name: _rows(release / "tables" / f"{name}.csv", key)
        for name in ("stores", "materials", "systems", "purposes", "service_areas")
    }
    called = {name: {row["key"]: row["name"] for row in rows} for name, rows in tables.items()}
    materials: defaultdict[str, list[str]] = defaultdict(list)
    for row in tables["materials"]:
        materials[row["store"]].append(row["name"])
    further = [column for column in _FURTHER if any(row.get(column) for row in tables["stores"])]
    areas: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(tables["stores"], key=_order):
        cells = [(row["name"],), _named(row["purposes"], called["purposes"]), tuple(materials[row["key"]])]
        cells.append(_named(row["systems"], called["systems"]))
        cells += [_texts(row[column]) for column in further]
        areas[row["service_area"]].append(tuple(cells))
    return Document(
        title=f"{_TITLE}: {names[key]}",
        about=f"Julkaisu {manifest['release']}, tiedot muuttuneet {manifest['modified']}",
        columns=(*_COLUMNS, *(_FURTHER[column] for column in further)),
        sections=tuple(Section(called["service_areas"][area], tuple(rows)) for area, rows in areas.items()),
    )


def _rows(path: Path, organisation: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["organisation"] == organisation]


def _order(store: Mapping[str, str]) -> tuple[object, ...]:
    """Sort by the line of the source, and stores that came later by name."""
    line = store["source_line"]
    return (int(line),) if line.isdecimal() else (1 << 30, place(store["name"]))


def _named(keys: str, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names[key.strip()] for key in keys.split(";") if key.strip())


def _texts(cell: str) -> tuple[str, ...]:
    return tuple(_SAYS.get(text.strip(), text.strip()) for text in cell.split(";") if text.strip())


def _flat(document: Document) -> list[Sequence[str]]:
    """Give the document as one table, with the service area as first column."""
    rows = [(section.name, *("; ".join(cell) for cell in row)) for section in document.sections for row in section.rows]
    return [("Palvelualue", *document.columns), *rows]


def _csv(document: Document) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(_flat(document))
    # Spreadsheets take a file without the mark for one of another encoding.
    return text.getvalue().encode("utf-8-sig")


def _xlsx(document: Document) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    # Texts stay texts: a cell that begins with = is no formula.
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": document.title, "comments": document.about, "created": _NOBODYS_TIME})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Tietovarannot")
        for number, row in enumerate(_flat(document)):
            sheet.write_row(number, 0, [text.replace("; ", "\n") for text in row], wrapped if number else heading)
        sheet.set_column(0, len(document.columns), 36)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
    return target.getvalue()


_STYLE = """
body { font-family: sans-serif; line-height: 1.4; margin: 2rem; color: #111; background: #fff }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #767676; padding: .4rem; vertical-align: top; text-align: left }
ul { margin: 0; padding-left: 1.1rem }
thead { display: table-header-group }
thead th { background: #eee }
tr { break-inside: avoid }
@page { size: A4 landscape; margin: 15mm }
@media print { body { margin: 0; font-size: 9pt } }
"""
_HEAD = """\
<!doctype html>
<html lang="fi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">"""


def _html(document: Document) -> bytes:
    parts = [
        f"{_HEAD}\n<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<h1>{escape(document.title)}</h1>\n<p>{escape(document.about)}</p>",
    ]
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in document.columns)
    for section in document.sections:
        parts.append(f"<h2>{escape(section.name)}</h2>\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>")
        for row in section.rows:
            cells = "".join(f"<td>{_items(cell)}</td>" for cell in row[1:])
            parts.append(f'<tr><th scope="row">{escape(row[0][0])}</th>{cells}</tr>')
        parts.append("</tbody>\n</table>")
    return ("\n".join([*parts, "</body>\n</html>"]) + "\n").encode()


def _items(cell: Sequence[str]) -> str:
    if len(cell) < 2:
        return "".join(map(escape, cell))
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in cell)}</ul>"


def _docx(document: Document) -> bytes:
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    text = docx.Document()
    properties = text.core_properties
    properties.title, properties.author, properties.comments = document.title, "", document.about
    properties.created = properties.modified = _NOBODYS_TIME
    properties.language = "fi-FI"
    page = text.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    text.add_heading(document.title, 0)
    text.add_paragraph(document.about)
    for section in document.sections:
        text.add_heading(section.name, 1)
        table = text.add_table(rows=1, cols=len(document.columns), style="Table Grid")
        # The heading row comes again on every page.
        row_properties = table.rows[0]._tr.get_or_add_trPr()
        row_properties.append(OxmlElement("w:tblHeader"))
        for cell, column in zip(table.rows[0].cells, document.columns, strict=True):
            cell.paragraphs[0].add_run(column).bold = True
        for row in section.rows:
            for cell, texts in zip(table.add_row().cells, row, strict=True):
                cell.text = "\n".join(texts)
    target = io.BytesIO()
    text.save(target)
    return target.getvalue()


WRITERS: Mapping[str, Callable[[Document], bytes]] = {"csv": _csv, "xlsx": _xlsx, "html": _html, "docx": _docx}
