"""
The tables to files: CSV with CSVW beside it, of all organisations together and of each apart, and of all together as
Parquet, as a workbook and as SQLite. One table at a time is held.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from tvld.build.columns import TABLES
from tvld.build.csvw import csvw
from tvld.build.derived.parquet import write_parquet
from tvld.build.derived.sqlite import TablesDatabase
from tvld.build.derived.workbook import MOST_ROWS, TablesWorkbook
from tvld.build.distributions import DESCRIPTION, TABLES_TOGETHER, DumpFile
from tvld.build.imprint import Imprint
from tvld.build.sheets import Sheet, sheet
from tvld.checksums import sha256
from tvld.formats import CSV, CSVW, PARQUET, SQLITE, XLSX, Format

FOLDER = "tables"


def write_tables(
    organisations: Mapping[str, Path],
    folder: Path,
    imprint: Imprint,
    imprints: Mapping[str, Imprint],
    tell: Callable[[str], None],
) -> tuple[list[DumpFile], dict[str, list[DumpFile]]]:
    """
    Write the tables of all organisations (key to data folder) below the release `folder`; give the files of the whole,
    and of each organisation.

    Where there is only one organisation, the files of the whole are its own. `imprints` are by organisation.
    """
    whole, apart = _Folder(folder, FOLDER, imprint), {}
    if len(organisations) > 1:
        apart = {key: _Folder(folder, f"{FOLDER}/{key}", imprints[key]) for key in organisations}
    book = TablesWorkbook(folder / f"{FOLDER}.xlsx", imprint)
    database = TablesDatabase(folder / f"{DESCRIPTION}.sqlite", imprint)
    too_long = []
    for each in (sheet(table, organisations) for table in TABLES):
        whole.add(each)
        whole.add_parquet(each)
        for key, of_one in apart.items():
            of_one.add(each.of(key))
        database.add(each)
        if len(each.rows) > MOST_ROWS:
            too_long.append(each.table.name)
        else:
            book.add(each)
    book.close()
    database.close()
    dumps = whole.close()
    if too_long:
        tell(f"no {FOLDER}.xlsx: a sheet has no room for {', '.join(too_long)}; Parquet and SQLite have them")
        (folder / f"{FOLDER}.xlsx").unlink()
    else:
        dumps.append(_dump(folder, f"{FOLDER}.xlsx", XLSX, TABLES_TOGETHER))
    dumps.append(_dump(folder, f"{DESCRIPTION}.sqlite", SQLITE, TABLES_TOGETHER))
    return dumps, {key: apart[key].close() if apart else dumps for key in organisations}


class _Folder:
    """A folder of CSV files that is described when all are there."""

    def __init__(self, release: Path, name: str, imprint: Imprint) -> None:
        self._release, self._name, self._imprint = release, name, imprint
        self._sheets: list[Sheet] = []
        self._dumps: list[DumpFile] = []
        (release / name).mkdir()

    def add(self, each: Sheet) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(each.names)
        writer.writerows(each.rows)
        name = f"{self._name}/{each.table.name}.csv"
        (self._release / name).write_bytes(text.getvalue().encode())
        self._note(each, name, CSV)
        # Of the rows nothing is told in the metadata: they need not be held until then.
        self._sheets.append(replace(each, rows=()))

    def add_parquet(self, each: Sheet) -> None:
        name = f"{self._name}/{each.table.name}.parquet"
        write_parquet(each, self._release / name, self._imprint)
        self._note(each, name, PARQUET)

    def close(self) -> list[DumpFile]:
        (self._release / self._name / CSVW).write_bytes(csvw(self._sheets, self._imprint))
        return self._dumps

    def _note(self, each: Sheet, name: str, format_: Format) -> None:
        self._dumps.append(_dump(self._release, name, format_, f"table-{each.table.name}", len(each.rows)))


def _dump(release: Path, name: str, format_: Format, holds: str, rows: int | None = None) -> DumpFile:
    path = release / name
    return DumpFile(name, format_, path.stat().st_size, sha256(path), holds=holds, rows=rows)
