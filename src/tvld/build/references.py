"""
What the rows of the tables say of each other: keys that occur twice, keys that nothing has, keys that are gone.

Works on sheets as read, so that one table can be checked beside those of its neighbours that can be read.
"""

from collections.abc import Callable, Iterator, Mapping

from tvld.build.columns import TABLES, Column
from tvld.build.entries import is_number
from tvld.build.faults import MOST_TOLD, fault, nearest
from tvld.build.findings import Finding
from tvld.build.tables import Row, Sheet

Sheets = Mapping[str, Sheet]  # by the name of the table

_TABLE_OF_KIND = {table.kind: table.name for table in TABLES if table.identity == ("key",)}


def reference_faults(sheet: Sheet, sheets: Sheets) -> Iterator[Finding]:
    """Check one sheet against itself and the others; what stands in a table that is not there is not checked."""
    yield from _duplicates(sheet)
    for column in sheet.columns:
        target = sheets.get(column.refers or "")
        if target and target.whole:
            yield from _dangling(sheet, column, target)
    for check in _CHECKS.get(sheet.table.name, ()):
        yield from check(sheet, sheets)


def _duplicates(sheet: Sheet) -> Iterator[Finding]:
    first: dict[tuple[str, ...], int] = {}
    for row in sheet.rows:
        identity = tuple(row.text(column) for column in sheet.table.identity)
        if not all(identity):
            continue
        if identity in first:
            named = ", ".join(f"{column} {part}" for column, part in zip(sheet.table.identity, identity, strict=True))
            yield fault(
                "duplicate-key",
                sheet.place(row, sheet.table.identity[-1]),
                "-".join(identity),
                found=named,
                row=first[identity],
                table=sheet.table.name,
            )
        else:
            first[identity] = row.number


def _keys(sheet: Sheet) -> dict[str, Row]:
    return {row.text("key"): row for row in sheet.rows}


def _dangling(sheet: Sheet, column: Column, target: Sheet) -> Iterator[Finding]:
    known = _keys(target)
    told = 0
    for row in sheet.rows:
        keys = row.items(column.name) if column.holds == "references" else (row.text(column.name),)
        for key in keys:
            if not key or key in known:
                continue
            told += 1  # to search for the nearest key takes long, and nobody reads hundreds
            hint = nearest(key, known) if told <= MOST_TOLD else ("", "")
            place = sheet.place(row, column.name)
            yield fault("dangling-reference", place, key, found=key, table=target.table.name, nearest=hint)


def _themes_without_status(sheet: Sheet, _: Sheets) -> Iterator[Finding]:
    for row in sheet.rows:
        if row.items("themes") and not row.text("themes_status"):
            yield fault("themes-status", sheet.place(row, "themes_status"))


def _unknown_source_lines(sheet: Sheet, sheets: Sheets) -> Iterator[Finding]:
    cells = sheets.get("cells")
    if cells is None or not cells.whole:
        return
    lines = {row.text("line") for row in cells.rows}
    for row in sheet.rows:
        line = row.text("source_line")
        if is_number(line) and line not in lines:
            yield fault("source-line", sheet.place(row, "source_line"), line, found=line)


def _withdrawn(sheet: Sheet, sheets: Sheets) -> Iterator[Finding]:
    gone = {(row.text("kind"), row.text("key")) for row in sheet.rows}
    for row in sheet.rows:
        kind, key, replaced_by = row.text("kind"), row.text("key"), row.text("replaced_by")
        of_kind = sheets.get(_TABLE_OF_KIND.get(kind, ""))
        if of_kind is None:
            continue
        in_use = _keys(of_kind)
        if key in in_use:
            where = str(of_kind.place(in_use[key], "key"))
            yield fault("withdrawn-in-use", sheet.place(row, "key"), key, found=key, where=(where, where))
        known = {other for other_kind, other in gone if other_kind == kind} - {key}
        if replaced_by and of_kind.whole and replaced_by not in in_use.keys() | known:
            yield fault(
                "replaced-by",
                sheet.place(row, "replaced_by"),
                replaced_by,
                found=replaced_by,
                table=of_kind.table.name,
                nearest=nearest(replaced_by, in_use),
            )


_CHECKS: dict[str, tuple[Callable[[Sheet, Sheets], Iterator[Finding]], ...]] = {
    "stores": (_themes_without_status, _unknown_source_lines),
    "materials": (_unknown_source_lines,),
    "withdrawn": (_withdrawn,),
}
