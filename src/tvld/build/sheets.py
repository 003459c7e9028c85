"""
The tables as they are published: those of all organisations, or of one, with `organisation` as first column.

Rows are in the order of their keys, whatever order the tables have; those of one store keep the order of its cell.
Cells are as they were understood: without white space around them and around the parts of a list, except what is
verbatim. A number is an integer where the register of columns says so, and nothing else is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tvld.build.columns import Column, Table
from tvld.build.tables import read_rows

# Kinds of columns whose cells hold several values, separated by semicolons.
LISTS = frozenset({"references", "texts", "themes"})

ORGANISATION = Column("organisation", "key", "organisaatio", "The key of the organisation.", required=True)


@dataclass(frozen=True)
class Sheet:
    """One table of several organisations; a row has a text for each column, "" where its table has no such column."""

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def values(self) -> Iterator[list[str | int | None]]:
        """Give the rows with numbers as integers and None for what is empty."""
        numbers = [column.holds == "number" for column in self.columns]
        for row in self.rows:
            yield [
                None if not text else int(text) if number else text for text, number in zip(row, numbers, strict=True)
            ]

    def of(self, organisation: str) -> "Sheet":
        """Give the rows of one organisation, with the same columns."""
        return Sheet(self.table, self.columns, tuple(row for row in self.rows if row[0] == organisation))


def sheet(table: Table, organisations: Mapping[str, Path]) -> Sheet:
    """Read one table of all organisations (key to data folder); raises DataError where it has become unreadable."""
    rows = [
        {ORGANISATION.name: key, **_understood(table, row)}
        for key, data in sorted(organisations.items())
        for row in sorted(read_rows(data, table), key=partial(_order, table))
    ]
    standard = [column.name for column in table.columns]
    extra = sorted({name for row in rows for name in row} - {ORGANISATION.name, *standard})
    known = [column for name in (*standard, *extra) if (column := table.column(name))]
    columns = (ORGANISATION, *known)
    return Sheet(table, columns, tuple(tuple(row.get(column.name, "") for column in columns) for row in rows))


def _understood(table: Table, row: Mapping[str, str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, text in row.items():
        column = table.column(name)
        if column and column.holds in LISTS:
            texts[name] = ";".join(item for part in text.split(";") if (item := part.strip()))
        else:
            texts[name] = text if column and column.holds == "verbatim" else text.strip()
    return texts


def _order(table: Table, row: Mapping[str, str]) -> list[tuple[int, str]]:
    identity = ("store",) if table.name == "materials" else table.identity
    # Numbers in their own order, before texts.
    return [(int(row[name]), "") if row[name].isdecimal() else (0, row[name]) for name in identity]
