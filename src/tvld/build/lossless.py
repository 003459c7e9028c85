"""
The lossless rule: what the names in a cell, its separators and its notes leave over of the source is nothing.

So a wrong split can lose no word. Knows the order of the columns in the source table: name, purposes, materials,
systems; how the source was split it does not know.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tvld.build.faults import capped, fault
from tvld.build.findings import Finding
from tvld.build.organisation import ORGANISATION_FILE, SOURCE_FOLDER
from tvld.model import Cell, Description, Material, Place, RegisterEntry, Store, System

# The first field of the header row that every part of the source table repeats.
_HEADER = "Tietovarannot"
# In place of a note that has been found: no name holds it, and it separates.
_TAKEN = "\x00"
_SEPARATORS = ",. \u00a0\t\n\r" + _TAKEN
_AND = "ja"
_NAME, _PURPOSES, _MATERIALS, _SYSTEMS = 1, 2, 3, 4  # the columns of the source table

Entry = Store | Material | System | RegisterEntry


@dataclass(frozen=True)
class _Item:
    """One name that a cell should hold, in any of its forms, and where the tables say so."""

    forms: tuple[str, ...]
    place: Place


def lossless(folder: Path, description: Description) -> list[Finding]:
    """Hold a description in an organisation's folder against its source document."""
    return left_over(description, _source_text(folder / SOURCE_FOLDER / description.organisation.source.file))


def left_over(description: Description, source_text: str | None) -> list[Finding]:
    """
    Give a violation for every cell of which something is left over, or that is not a cell of the source.

    The cells are compared with the source where that is a table separated by tabs: some line begins with
    `Tietovarannot` and a tab. Else (None: not even text) a finding of severity `info` says that they were not.
    """
    if not description.cells and (source_text is None or not _is_table(source_text)):
        return []
    items = _items(description)
    findings: list[Finding] = []
    for cell in description.cells:
        findings.extend(_of_cell(cell, items.pop((cell.line, cell.column), [])))
    for (line, column), without_cell in items.items():
        name = without_cell[0].forms[0]
        findings.append(fault("lossless-cell", without_cell[0].place, name, found=name, cell=f"{line}-{column}"))
    if source_text is None or not _is_table(source_text):
        source = description.organisation.source.file
        findings.append(fault("source-not-compared", description.organisation.place, found=source))
    else:
        table = description.organisation.place.file.replace(ORGANISATION_FILE, "cells.csv")
        findings.extend(_unlike_source(description.cells, source_text, table))
    return capped(findings)


def _source_text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _items(description: Description) -> dict[tuple[int, int], list[_Item]]:
    """Give the items of each cell (line, column), in the order in which the tables list them."""
    purposes = {entry.key: entry for entry in description.purposes}
    systems = {entry.key: entry for entry in description.systems}
    lines = {store.key: store.source_line for store in description.stores}
    entries: list[tuple[int | None, int, Entry]] = []
    for store in description.stores:
        entries.append((store.source_line, _NAME, store))
        entries.extend((store.source_line, _PURPOSES, purposes[key]) for key in store.purposes)
        entries.extend((store.source_line, _SYSTEMS, systems[key]) for key in store.systems)
    for material in description.materials:
        entries.append((material.source_line or lines[material.store], _MATERIALS, material))
    items: dict[tuple[int, int], list[_Item]] = {}
    for line, column, entry in entries:
        if line is not None:
            items.setdefault((line, column), []).append(_item(entry))
    return items


def _item(entry: Entry) -> _Item:
    aliases = entry.aliases if isinstance(entry, System | RegisterEntry) else ()
    return _Item((*(text for _, text in entry.names), *aliases), entry.place)


def _of_cell(cell: Cell, items: Sequence[_Item]) -> Iterator[Finding]:
    place = Place(cell.place.file, cell.place.row, "text")
    text, missing_notes = _without_notes(cell)
    for note in missing_notes:
        yield fault("lossless-note", Place(place.file, place.row, "notes"), note, found=note)
    gaps, missing = _gaps(text, items)
    for item in missing:
        where = str(item.place)
        yield fault("lossless-item", place, item.forms[0], found=item.forms[0], where=(where, where))
    for index, gap in enumerate(gaps):
        if left := _left_of(gap, between=0 < index < len(gaps) - 1):
            yield fault("lossless", place, left, found=left)


def _without_notes(cell: Cell) -> tuple[str, list[str]]:
    """Take the notes out, in order, and give those that are not there. Each is word for word, so it goes first."""
    text, missing, start = cell.text, [], 0
    for note in cell.notes:
        at = text.find(note, start)
        if at < 0:
            missing.append(note)
            continue
        start = at + len(note)
        text = text[:at] + _TAKEN * len(note) + text[start:]
    return text, missing


def _gaps(text: str, items: Sequence[_Item]) -> tuple[list[str], list[_Item]]:
    """Give what stands before, between and behind the items, and the items that are not there in their order."""
    gaps, missing, start = [], [], 0
    for item in items:
        found = _pattern(item).search(text, start)
        if found is None:
            missing.append(item)
            continue
        gaps.append(text[start : found.start()])
        start = found.end()
    return [*gaps, text[start:]], missing


def _pattern(item: _Item) -> re.Pattern[str]:
    """Match any form of an item as whole words, the longest first; the case of its first letter hangs on its place."""
    forms = sorted(item.forms, key=lambda form: (-len(form), form))
    either = "|".join(f"[{re.escape(f[0].lower() + f[0].upper())}]{re.escape(f[1:])}" for f in forms)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _left_of(gap: str, between: bool) -> str:
    """Take the separators off a gap; ` ja ` is one only between two items."""
    left = gap.strip(_SEPARATORS)
    if between and left == _AND and re.search(rf"\s{_AND}\s", gap):
        return ""
    return re.sub(f"{_TAKEN}+", "…", left)


def _lines(source_text: str) -> list[list[str]]:
    return [line.removesuffix("\r").split("\t") for line in source_text.split("\n")]


def _is_table(source_text: str) -> bool:
    return any(fields[0] == _HEADER and len(fields) > 1 for fields in _lines(source_text))


def _is_data(fields: Sequence[str]) -> bool:
    return len(fields) > 1 and fields[0] != _HEADER and not re.fullmatch("-+", fields[0])


def _unlike_source(cells: Sequence[Cell], source_text: str, table: str) -> Iterator[Finding]:
    """Compare both ways: each cell with the source, and each field of a data row of the source with the cells."""
    lines = _lines(source_text)
    fields = {
        (line, column): text for line, row in enumerate(lines, 1) if _is_data(row) for column, text in enumerate(row, 1)
    }
    for cell in cells:
        place = Place(cell.place.file, cell.place.row, "text")
        found = fields.pop((cell.line, cell.column), None)
        if found is None:
            yield fault("source-cell", place, cell.key, cell=cell.key)
        elif found != cell.text:
            at = next((i for i, pair in enumerate(zip(found, cell.text, strict=False)) if pair[0] != pair[1]), -1)
            at = at if at >= 0 else min(len(found), len(cell.text))
            yield fault(
                "source-text",
                place,
                cell.text,
                cell=cell.key,
                position=at + 1,
                found=cell.text[at:],
                expected=found[at:],
            )
    for (line, column), text in fields.items():
        yield fault("source-row", Place(table), text, cell=f"{line}-{column}", found=text)
