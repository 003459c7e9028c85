"""
A row of a table to an entry of the model, and what is wrong with its cells one by one.

What rows say of each other is not known here: `references` looks at that.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import cast

from tvld.build.columns import KEY, NO, YES, Column
from tvld.build.faults import fault, nearest
from tvld.build.findings import Finding
from tvld.build.tables import Row, Sheet
from tvld.model import Cell, Material, RegisterEntry, Store, System, Texts, ThemesStatus, Withdrawn

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FINNISH_DATE = re.compile(r"([0-3]?[0-9])\.([01]?[0-9])\.([0-9]{4})")

_LONGEST_NAME = 200  # a key longer than this is suggested to nobody

Hint = tuple[str, str]
_NO_HINT = ("", "")


def cell_faults(sheet: Sheet) -> Iterator[Finding]:
    """Check every cell of a sheet by itself: filled where it must be, and of the kind that its column holds."""
    for row in sheet.rows:
        for column in sheet.columns:
            text = row.text(column.name)
            if not text:
                if column.required:
                    place = sheet.place(row, column.name)
                    yield fault("required", place, column=column.name, expected=column.expected)
                continue
            for found, hint in _unlike(column, text):
                place = sheet.place(row, column.name)
                yield fault(
                    "value", place, found, column=column.name, found=found, expected=column.expected, nearest=hint
                )


def is_number(text: str) -> bool:
    """Whether a text is a whole number of at least 1."""
    return bool(_NUMBER.fullmatch(text))


def is_date(text: str) -> bool:
    """Whether a text is an xsd:date without time zone."""
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def stores(sheet: Sheet) -> tuple[Store, ...]:
    return tuple(
        Store(
            key=row.text("key"),
            service_area=row.text("service_area"),
            names=_names(row),
            purposes=row.items("purposes"),
            systems=row.items("systems"),
            themes=row.items("themes"),
            themes_status=cast(ThemesStatus, row.text("themes_status")) if row.items("themes") else None,
            search_keys=row.items("search_keys"),
            open_interface=_yes_no(row.text("open_interface")),
            authority=row.text("authority") or None,
            retention=row.text("retention") or None,
            source_line=_number(row.text("source_line")),
            place=sheet.place(row),
        )
        for row in sheet.rows
    )


def materials(sheet: Sheet) -> tuple[Material, ...]:
    return tuple(
        Material(
            key=row.text("key"),
            store=row.text("store"),
            names=_names(row),
            data_group=row.text("data_group") or None,
            note=row.text("note") or None,
            source_line=_number(row.text("source_line")),
            place=sheet.place(row),
        )
        for row in sheet.rows
    )


def systems(sheet: Sheet) -> tuple[System, ...]:
    return tuple(
        System(
            key=row.text("key"),
            names=_names(row),
            kind=row.text("kind"),
            aliases=row.items("aliases"),
            note=row.text("note") or None,
            place=sheet.place(row),
        )
        for row in sheet.rows
    )


def register(sheet: Sheet) -> tuple[RegisterEntry, ...]:
    return tuple(
        RegisterEntry(
            kind=sheet.table.kind,
            key=row.text("key"),
            names=_names(row),
            aliases=row.items("aliases"),
            note=row.text("note") or None,
            place=sheet.place(row),
        )
        for row in sheet.rows
    )


def cells(sheet: Sheet) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            line=int(row.text("line")),
            column=int(row.text("column")),
            text=row.cells.get("text", ""),
            notes=row.items("notes"),
            place=sheet.place(row),
        )
        for row in sheet.rows
    )


def withdrawn(sheet: Sheet) -> tuple[Withdrawn, ...]:
    return tuple(
        Withdrawn(
            kind=row.text("kind"),
            key=row.text("key"),
            date=row.text("date"),
            replaced_by=row.text("replaced_by") or None,
            place=sheet.place(row),
        )
        for row in sheet.rows
    )


def _names(row: Row) -> Texts:
    others = sorted(column for column in row.cells if column.startswith("name@") and row.text(column))
    return (("fi", row.text("name")), *((column.removeprefix("name@"), row.text(column)) for column in others))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _yes_no(text: str) -> bool | None:
    return text.lower() in YES if text else None


def _unlike(column: Column, text: str) -> Iterator[tuple[str, Hint]]:
    """Give each part of a cell that is not what its column holds, with a hint at what may be meant."""
    parts = [part.strip() for part in text.split(";") if part.strip()] if column.holds == "themes" else [text]
    for part in parts:
        if not _LIKE[column.holds](column, part):
            yield part, _hint(column, part)


_LIKE: dict[str, Callable[[Column, str], bool]] = {
    "key": lambda _, text: bool(KEY.fullmatch(text)),
    # A key of another table is compared with the keys that there are.
    "reference": lambda _, text: True,
    "references": lambda _, text: True,
    "text": lambda _, text: True,
    "verbatim": lambda _, text: True,
    "texts": lambda _, text: True,
    "number": lambda _, text: is_number(text),
    "date": lambda _, text: is_date(text),
    "yes-no": lambda _, text: text.lower() in YES | NO,
    "choice": lambda column, text: text in column.values,
    "themes": lambda column, text: text in column.values,
}


def _hint(column: Column, found: str) -> Hint:
    if column.values:
        by_lower = {value.lower(): value for value in column.values}
        return nearest(by_lower.get(found.lower(), found), column.values)
    if column.holds == "date" and (finnish := _FINNISH_DATE.fullmatch(found)):
        day, month, year = finnish.groups()
        meant = f"{year}-{month:0>2}-{day:0>2}"
        return (f" Kirjoita {meant}.", f" Write {meant}.") if is_date(meant) else _NO_HINT
    if column.holds == "key" and len(found) <= _LONGEST_NAME and (key := key_of(found)):
        return f" Esimerkiksi {key}.", f" For example {key}."
    return _NO_HINT


def key_of(name: str) -> str:
    """Give the key that a name suggests: lower case, ä→a, ö→o, å→a, other signs to `-`."""
    plain = name.lower().translate(str.maketrans("äöå", "aoa"))
    return "-".join(re.findall("[a-z0-9]+", plain))
