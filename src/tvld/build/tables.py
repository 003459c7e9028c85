"""
A file of a table to rows, each with the number that a spreadsheet shows (the header is row 1).

Knows the forms of a file: CSV with comma or semicolon, with or without BOM, and .xlsx. What the cells mean it does not
know: their text is kept as it is, in Unicode's form NFC. Files are read with a limit: a wrong one is refused soon and
in little memory.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from tvld.build.columns import Column, Table
from tvld.build.faults import fault, nearest
from tvld.build.findings import Finding
from tvld.build.workbook import RawRow, Spoilt, column_letter, read_workbook
from tvld.errors import DataError
from tvld.model import Place

MAX_RECORD_BYTES = 1024 * 1024
MAX_CELL_CHARACTERS = 32_767  # what a cell in Excel can hold
MAX_ROWS = 100_000
MAX_FILE_BYTES = 256 * 1024 * 1024

SUFFIXES = (".csv", ".xlsx")

_FILLED = (" ja täytä se joka riville", " and fill it in every row")
_MAY_BE_EMPTY = ("; solut saavat olla tyhjiä", "; its cells may be empty")

# XML 1.0 has no way to write these, so they could not be published in every format (section 2.2).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Row:
    """One row: its number in a spreadsheet, and the verbatim text of each cell by the name of its column."""

    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Give a cell without white space around it; empty where the column is absent."""
        return self.cells.get(column, "").strip()

    def items(self, column: str) -> tuple[str, ...]:
        """Give the parts of a cell that holds several, separated by `;`."""
        return tuple(item for part in self.text(column).split(";") if (item := part.strip()))


@dataclass(frozen=True)
class Sheet:
    """One table as read: the columns that its header names, the sound rows, and what was wrong with the others."""

    table: Table
    file: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether all rows were read: else a key that is missed may stand in a row that was not."""
        return not self.findings

    def place(self, row: Row, column: str | None = None) -> Place:
        return Place(self.file, row.number, column)


def read_table_file(path: Path, table: Table, file: str) -> Sheet:
    """Read a .csv or .xlsx file of a table; `file` is its name in findings. Never raises for what is in the file."""
    try:
        if path.suffix == ".xlsx":
            raw, findings = read_workbook(path, Place(file), table.name)
        else:
            raw, findings = _read_csv(path, file)
    except OSError as err:
        raw, findings = [], [fault("unreadable", Place(file), found=err.strerror or str(err))]
    if not raw or raw[0][0] != 1 or not _filled(raw[0][1]):
        names = ", ".join(column.name for column in table.columns)
        empty = fault("empty-file", Place(file, 1), columns=(names, names))
        return Sheet(table, file, (), (), tuple(findings) or (empty,))
    header, wrong = _header(raw[0][1], table, file)
    rows, spoilt = _sound_rows(raw[1:], header, len(raw[0][1]), Place(file))
    columns = tuple(column for column in header if column)
    return Sheet(table, file, columns, tuple(rows), (*findings, *wrong, *spoilt))


def table_files(folder: Path, table: Table) -> list[Path]:
    """Find the file of a table in an organisation's folder; more than one is a fault."""
    return [path for suffix in SUFFIXES if (path := folder / f"{table.name}{suffix}").exists()]


def read_rows(folder: Path, table: Table) -> list[Mapping[str, str]]:
    """Give the rows of a table that has been checked, cell by column, verbatim; raises DataError where it is wrong."""
    rows: list[Mapping[str, str]] = []
    for path in table_files(folder, table):
        sheet = read_table_file(path, table, f"{folder.name}/{path.name}")
        if sheet.findings:
            raise DataError(f"{sheet.file} has changed and cannot be read", sheet.findings)
        rows.extend(row.cells for row in sheet.rows)
    return rows


class _Refused(Exception):
    def __init__(self, finding: Finding) -> None:
        self.finding = finding


class _Lines:
    """The lines of a file as text, each read with a limit; `row` is the record being read."""

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self._stream, self._file = stream, file
        self._offset = self._record_bytes = 0
        self.row = 1

    def next_record(self) -> None:
        self.row += 1
        self._record_bytes = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._stream.readline(MAX_RECORD_BYTES + 1):
            place = Place(self._file, self.row)
            self._record_bytes += len(line)
            if self._record_bytes > MAX_RECORD_BYTES:
                raise _Refused(fault("long-line", place, limit=MAX_RECORD_BYTES))
            if self._offset + len(line) > MAX_FILE_BYTES:
                raise _Refused(fault("too-many-rows", place, limit=MAX_FILE_BYTES, what=("tavua", "bytes")))
            yield self._decoded(line, place)
            self._offset += len(line)

    def _decoded(self, line: bytes, place: Place) -> str:
        if self._offset == 0:
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise _Refused(fault("encoding", place, offset=0, found="UTF-16"))
            if line.startswith(codecs.BOM_UTF8):
                return self._decoded_utf8(line[3:], place, 3)
        return self._decoded_utf8(line, place, self._offset)

    def _decoded_utf8(self, line: bytes, place: Place, offset: int) -> str:
        if (at := line.find(0)) >= 0:
            raise _Refused(fault("nul", place, offset=offset + at))
        try:
            return line.decode()
        except UnicodeDecodeError as err:
            raise _Refused(
                fault("encoding", place, offset=offset + err.start, found=f"0x{line[err.start]:02X}")
            ) from err


def _read_csv(path: Path, file: str) -> tuple[list[RawRow], list[Finding]]:
    rows: list[RawRow] = []
    with path.open("rb") as stream:
        first = stream.readline(MAX_RECORD_BYTES)
        stream.seek(0)
        lines = _Lines(stream, file)
        try:
            # No name of a column holds a separator, so the header line decides.
            for cells in csv.reader(lines, delimiter=_separator(first), strict=True):
                if len(rows) > MAX_ROWS:
                    raise _Refused(
                        fault("too-many-rows", Place(file, lines.row), limit=MAX_ROWS, what=("riviä", "rows"))
                    )
                rows.append((lines.row, list(cells)))
                lines.next_record()
        except _Refused as refused:
            return rows, [refused.finding]
        except csv.Error as err:
            return rows, [_csv_fault(str(err), Place(file, lines.row))]
    return rows, []


def _separator(header: bytes) -> str:
    return ";" if header.count(b";") > header.count(b",") else ","


def _csv_fault(message: str, place: Place) -> Finding:
    """Say in our words what the csv module found."""
    if "field limit" in message:
        return fault("long-cell", place, limit=MAX_CELL_CHARACTERS)
    if "new-line" in message:
        return fault("line-end", place)
    if "end of data" in message:
        return fault("quote", place, found=("lainausmerkki jää auki", "a quote stays open"))
    return fault("quote", place, found=("lainausmerkin perässä ei ole erotinta", "no separator follows a quote"))


def _filled(cells: Sequence[str | Spoilt]) -> bool:
    return any(isinstance(cell, Spoilt) or cell.strip() for cell in cells)


def _header(cells: Sequence[str | Spoilt], table: Table, file: str) -> tuple[list[Column | None], list[Finding]]:
    """Give the column of each header cell (None where it is not one) and what is wrong with the header."""
    names = [cell.found if isinstance(cell, Spoilt) else cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    columns: list[Column | None] = []
    findings = []
    known = [column.name for column in table.columns]
    for name in names:
        column = table.column(name)
        if column is None:
            hint = nearest(name, known)
            findings.append(
                fault("unknown-column", Place(file, 1, name), name, table=table.name, found=name, nearest=hint)
            )
        elif column in columns:
            findings.append(fault("duplicate-column", Place(file, 1, name), name, column=name))
            column = None
        columns.append(column)
    for wanted in table.columns:
        if wanted not in columns:
            filled = _FILLED if wanted.required else _MAY_BE_EMPTY
            findings.append(fault("missing-column", Place(file, 1, wanted.name), column=wanted.name, filled=filled))
    return columns, findings


def _sound_rows(
    raw: Sequence[RawRow], header: Sequence[Column | None], width: int, at: Place
) -> tuple[list[Row], list[Finding]]:
    """
    Keep the rows that can be read whole; tell all that is wrong with the others. Empty rows are left out.

    `width` is the number of cells in the header row, which may be more than its names.
    """
    rows, findings = [], []
    for number, cells in raw:
        if not _filled(cells):
            continue
        place = Place(at.file, number)
        wrong = _stray_cells(cells, len(header), place)
        if not place.file.endswith(".xlsx") and len(cells) != width:
            # Nor is an empty cell too many passed over: a comma without quotes shifts all cells behind it.
            wrong = [fault("cell-count", place, found=len(cells), expected=width, separator=("; tai ,", "; or ,"))]
        texts: dict[str, str] = {}
        for column, cell in zip(header, cells, strict=False):
            if column is None:
                continue
            wrong.extend(_cell_faults(cell, place, column.name))
            if isinstance(cell, str):
                # The same text has one form: what is written decomposed looks equal, and nobody could find it.
                texts[column.name] = unicodedata.normalize("NFC", cell)
        if wrong:
            findings.extend(wrong)
        else:
            rows.append(Row(number, texts))
    return rows, findings


def _stray_cells(cells: Sequence[str | Spoilt], width: int, place: Place) -> list[Finding]:
    """Tell of texts behind the last header; a workbook leaves out empty cells at the end of a row."""
    return [
        fault(
            "stray-cell",
            place,
            cell=f"{column_letter(index)}{place.row}",
            found=cell.found if isinstance(cell, Spoilt) else cell,
        )
        for index, cell in enumerate(cells)
        if index >= width and cell != ""
    ]


def _cell_faults(cell: str | Spoilt, row: Place, column: str) -> Iterator[Finding]:
    if isinstance(cell, Spoilt):
        yield fault(cell.code, replace(row, column=column), cell.found, found=cell.found)
    elif len(cell) > MAX_CELL_CHARACTERS:
        yield fault("long-cell", replace(row, column=column), limit=MAX_CELL_CHARACTERS)
    elif control := _CONTROL.search(cell):
        yield fault("control-character", replace(row, column=column), found=f"U+{ord(control[0]):04X}")
