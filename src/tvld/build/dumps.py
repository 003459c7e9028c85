"""
Content to dump files: the whole of a release and each organisation apart, in every graph format, and the tables as CSV.
"""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from tvld.build.catalogue import DumpFile
from tvld.build.columns import TABLES, Table
from tvld.build.tables import read_rows
from tvld.formats import GRAPH_FORMATS
from tvld.serialisation import triples, write

WHOLE = "description"


def write_dumps(content: Mapping[str, Sequence[ox.Quad]], folder: Path) -> dict[str, list[DumpFile]]:
    """
    Write all graph dumps of `content` (organisation key to quads); give each organisation's own dumps.

    Where there is only one organisation, the dump of the whole is its own.
    """
    if len(content) > 1:
        _write_formats([quad for quads in content.values() for quad in quads], WHOLE, folder)
    return {key: _write_formats(quads, WHOLE if len(content) == 1 else key, folder) for key, quads in content.items()}


def _write_formats(quads: Sequence[ox.Quad], stem: str, folder: Path) -> list[DumpFile]:
    count = len(triples(quads))
    dumps = []
    for format_ in GRAPH_FORMATS:
        body = write(quads, format_)
        name = f"{stem}.{format_.suffix}"
        (folder / name).write_bytes(body)
        dumps.append(DumpFile(name, format_, len(body), hashlib.sha256(body).hexdigest(), count))
    return dumps


def write_tables(organisations: Mapping[str, Path], folder: Path) -> None:
    """
    Write each table of all organisations (key to data folder) as one CSV, with `organisation` as first column.

    Rows are in the order of their keys, whatever order the tables have; those of one store keep the order of its cell.
    """
    folder.mkdir()
    for table in TABLES:
        rows = [
            {"organisation": key, **row}
            for key, data in sorted(organisations.items())
            for row in sorted(read_rows(data, table), key=partial(_order, table))
        ]
        standard = [column.name for column in table.columns]
        extra = sorted({name for row in rows for name in row} - {"organisation", *standard})
        text = io.StringIO()
        writer = csv.DictWriter(text, ["organisation", *standard, *extra], restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{table.name}.csv").write_bytes(text.getvalue().encode())


def _order(table: Table, row: Mapping[str, str]) -> list[tuple[int, str]]:
    identity = ("store",) if table.name == "materials" else table.identity
    # Numbers in their own order, before texts.
    return [(int(row[name]), "") if row[name].isdecimal() else (0, row[name]) for name in identity]
