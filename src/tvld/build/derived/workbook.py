"""
The tables as an .xlsx workbook: a sheet a table, the header always in sight. Text stays text, whatever it looks like.

Bytes are the same for the same tables and library: the workbook is dated by the data, never by the clock.
"""

import errno
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tvld.build.imprint import Imprint
from tvld.build.sheets import Sheet

# What one sheet of the format can hold beside its header.
MOST_ROWS = 1_048_575
_WIDTHS = (10, 60)
_ABOUT = "about"


class TablesWorkbook:
    """A workbook that takes one table after another; `close` writes it."""

    def __init__(self, path: Path, imprint: Imprint) -> None:
        # Row by row to disk: what is written is not held. Strings that look like something else are left alone.
        self._book = Workbook(
            path,
            {
                "constant_memory": True,
                "strings_to_numbers": False,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        facts = imprint.facts()
        self._book.set_properties(
            {
                "title": facts["title"],
                "author": facts["publisher"],
                "subject": facts["licence"],
                "comments": "\n".join(imprint.comments()),
                "created": datetime.fromisoformat(imprint.modified),
            }
        )
        self._bold = self._book.add_format({"bold": True})
        self._text = self._book.add_format({"num_format": "@"})
        self._number = self._book.add_format({"num_format": "0"})
        self._imprint = imprint

    def add(self, sheet: Sheet) -> None:
        """Add a table of at most MOST_ROWS."""
        page = self._page(sheet.table.name)
        for index, (column, width) in enumerate(zip(sheet.columns, _widths(sheet), strict=True)):
            page.set_column(index, index, width, self._number if column.holds == "number" else self._text)
        page.write_row(0, 0, sheet.names, self._bold)
        for number, values in enumerate(sheet.values(), start=1):
            for index, value in enumerate(values):
                _write(page, number, index, value, self._number, self._text)

    def close(self) -> None:
        page = self._page(_ABOUT)
        page.set_column(0, 0, _WIDTHS[0])
        page.set_column(1, 1, _WIDTHS[1])
        page.write_row(0, 0, ["fact", "value"], self._bold)
        for number, (name, value) in enumerate(self._imprint.facts().items(), start=1):
            page.write_string(number, 0, name)
            page.write_string(number, 1, value)
        try:
            self._book.close()
        except FileCreateError as err:
            raise OSError(errno.EIO, str(err), str(self._book.filename)) from err

    def _page(self, name: str) -> Worksheet:
        page = self._book.add_worksheet(name)
        page.freeze_panes(1, 0)
        return page


def _write(page: Worksheet, row: int, column: int, value: str | int | None, number: Format, text: Format) -> None:
    if isinstance(value, int):
        page.write_number(row, column, value, number)
    elif value is not None:
        page.write_string(row, column, value, text)


def _widths(sheet: Sheet) -> list[int]:
    """Make each column as wide as its longest text, within limits."""
    least, most = _WIDTHS
    return [
        max(least, min(most, max(len(text) for text in texts) + 2))
        for texts in zip(sheet.names, *sheet.rows, strict=True)
    ]
