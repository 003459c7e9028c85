"""
The tables as one SQLite file: keys, foreign keys and indices as the register of columns has them, lists of references
as tables of their own, and what the file is of in the table `about`. Datasette opens it as it is.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from tvld.build.columns import Column
from tvld.build.imprint import Imprint
from tvld.build.sheets import ORGANISATION, Sheet

# All that the bytes depend on beside the content and the version of the library.
_SETTINGS = "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA encoding = 'UTF-8';"


class TablesDatabase:
    """A database that takes one table after another; `close` adds the links between them and writes it down."""

    def __init__(self, path: Path, imprint: Imprint) -> None:
        self._file = sqlite3.connect(path)
        self._file.executescript(_SETTINGS)
        self._fill("about", ["fact TEXT PRIMARY KEY", "value TEXT NOT NULL"], imprint.facts().items())

    def add(self, sheet: Sheet) -> None:
        """Add a table with its keys and indices, and a table for each of its lists of references."""
        name = sheet.table.name
        columns = [_column(column) for column in sheet.columns]
        columns.append(f"PRIMARY KEY ({_names(ORGANISATION.name, *sheet.table.identity)})")
        columns += [_foreign(column.name, column.refers) for column in sheet.columns if _refers(column)]
        self._fill(name, columns, sheet.values())
        for column in sheet.columns:
            if column.refers and _refers(column):
                self._file.execute(
                    f"CREATE INDEX {_name(f'{name}_{column.name}')} ON {_name(name)} "
                    f"({_names(ORGANISATION.name, column.name)})"
                )
            elif column.refers:
                self._add_links(sheet, column, column.refers)

    def close(self) -> None:
        """Write the file; raises sqlite3.IntegrityError where a row refers to none."""
        self._file.commit()
        if wrong := self._file.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.IntegrityError(
                f"row {wrong[1]} of {wrong[0]} refers to a row of {wrong[2]} that is not there"
            )
        self._file.execute("VACUUM")
        self._file.close()

    def _add_links(self, sheet: Sheet, column: Column, target: str) -> None:
        """Add `stores_purposes` and the like: a row for each key of a list, numbered from 1 as listed."""
        name = f"{sheet.table.name}_{column.name}"
        columns = [
            "organisation TEXT NOT NULL",
            "key TEXT NOT NULL",
            "position INTEGER NOT NULL",
            "refers_to TEXT NOT NULL",
            "PRIMARY KEY (organisation, key, position)",
            _foreign("key", sheet.table.name),
            _foreign("refers_to", target),
        ]
        self._fill(name, columns, _links(sheet, column))
        self._file.execute(f"CREATE INDEX {_name(f'{name}_refers_to')} ON {_name(name)} (organisation, refers_to)")

    def _fill(self, name: str, columns: list[str], rows: Iterable[Iterable[object]]) -> None:
        self._file.execute(f"CREATE TABLE {_name(name)} (" + ", ".join(columns) + ")")
        width = sum(not column.startswith(("PRIMARY KEY", "FOREIGN KEY")) for column in columns)
        self._file.executemany(
            f"INSERT INTO {_name(name)} VALUES ({', '.join('?' * width)})", (tuple(row) for row in rows)
        )


def _refers(column: Column) -> bool:
    return column.refers is not None and column.holds == "reference"


def _links(sheet: Sheet, column: Column) -> Iterator[tuple[str, str, int, str]]:
    at, key = sheet.names.index(column.name), sheet.names.index("key")
    for row in sheet.rows:
        for position, target in enumerate(filter(None, row[at].split(";")), start=1):
            yield row[0], row[key], position, target


def _column(column: Column) -> str:
    kind = "INTEGER" if column.holds == "number" else "TEXT"
    return f"{_name(column.name)} {kind}" + (" NOT NULL" if column.required else "")


def _foreign(name: str, target: str | None) -> str:
    return f"FOREIGN KEY ({_names(ORGANISATION.name, name)}) REFERENCES {_name(target or '')} (organisation, key)"


def _names(*names: str) -> str:
    return ", ".join(_name(name) for name in names)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
