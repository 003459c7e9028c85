"""
An .xlsx workbook to rows of texts, without loss: numbers, dates and yes/no become the text a CSV would hold.

Formulas are refused, not computed: what is published is what stands in the cell. Knows openpyxl and no columns.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from tvld.build.faults import fault
from tvld.build.findings import Finding
from tvld.model import Place

MAX_UNPACKED_BYTES = 128 * 1024 * 1024
MAX_CELLS = 5_000_000
MAX_ROW_NUMBER = 1_048_576  # the last row of a sheet in Excel

_FORMULA, _ERROR = "f", "e"


@dataclass(frozen=True)
class Spoilt:
    """A cell that has no text: which fault it is, and what was found."""

    code: str
    found: str


RawRow = tuple[int, list[str | Spoilt]]


def read_workbook(path: Path, place: Place, table: str) -> tuple[list[RawRow], list[Finding]]:
    """
    Read the sheet named after the table, or the only sheet, as (row number, cells).

    Rows are cut behind their last filled cell and empty rows are left out. A fault that stops the reading is a finding.
    """
    if refused := _refuse_size(path, place):
        return [], [refused]
    with warnings.catch_warnings():
        # openpyxl warns of what it would lose in saving (drop-down lists, styles); nothing is saved here.
        warnings.simplefilter("ignore")
        try:
            return _read(path, place, table)
        except Exception as err:  # openpyxl lets any error of a damaged part through: KeyError, ParseError, TypeError …
            return [], [fault("workbook", place, found=f"{type(err).__name__}: {err}")]


def column_letter(index: int) -> str:
    """Give the letter of a column as a spreadsheet shows it; `index` is from 0."""
    return get_column_letter(index + 1)


def _refuse_size(path: Path, place: Place) -> Finding | None:
    """
    Look at the declared sizes before anything is unpacked.

    A lie helps nobody: zipfile reads no part further than its declared size.
    """
    try:
        with ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (BadZipFile, ValueError, NotImplementedError) as err:
        return fault("workbook", place, found=str(err))
    if unpacked > MAX_UNPACKED_BYTES:
        return fault("workbook-size", place, found=unpacked, limit=MAX_UNPACKED_BYTES)
    return None


def _read(path: Path, place: Place, table: str) -> tuple[list[RawRow], list[Finding]]:
    workbook = load_workbook(path, read_only=True, keep_links=False)
    try:
        sheets = {sheet.title: sheet for sheet in workbook.worksheets}
        if table not in sheets and len(sheets) != 1:
            return [], [fault("sheet", place, found=", ".join(sheets), table=table)]
        sheet: Any = sheets.get(table) or next(iter(sheets.values()))
        sheet.reset_dimensions()  # the size that a workbook declares may be smaller than what it holds
        return _rows(sheet.iter_rows(), place)
    finally:
        workbook.close()


def _rows(cells_by_row: Iterable[Iterable[Any]], place: Place) -> tuple[list[RawRow], list[Finding]]:
    rows: list[RawRow] = []
    seen = 0
    for number, cells in enumerate(cells_by_row, 1):
        texts = [_text(cell) for cell in cells]
        seen += len(texts)
        if number > MAX_ROW_NUMBER:
            return rows, [fault("too-many-rows", place, limit=MAX_ROW_NUMBER, what=("riviä", "rows"))]
        if seen > MAX_CELLS:
            return rows, [fault("too-many-rows", place, limit=MAX_CELLS, what=("solua", "cells"))]
        while texts and texts[-1] == "":
            texts.pop()
        if texts:
            rows.append((number, texts))
    return rows, []


def _text(cell: Any) -> str | Spoilt:
    value = cell.value
    if cell.data_type == _FORMULA:
        return Spoilt("formula", str(getattr(value, "text", value)))
    if cell.data_type == _ERROR:
        return Spoilt("error-value", str(value))
    match value:
        case None:
            return ""
        case str():
            return _unescaped(value)
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
    return str(value)


def _unescaped(text: str) -> str:
    """Undo the `_x000D_` in which Office writes characters that XML lacks (ECMA-376 part 1, 22.9.2.19)."""
    return unescape(text) if re.search("_x[0-9A-Fa-f]{4}_", text) else text
