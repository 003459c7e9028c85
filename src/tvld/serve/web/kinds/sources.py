"""Where things were read, in plain words: a source document line by line, and one of its cells."""

from dataclasses import dataclass

import pyoxigraph as ox

from tvld.iris import RDF_TYPE
from tvld.serve.web.kinds.reading import DCT, FOAF, PROV, SKOS, TVLD, CellShown, Reading
from tvld.serve.web.view import Value

# Longer sources are given as files alone: a page of them would be too heavy to read.
_MOST_CELLS = 300


@dataclass(frozen=True)
class CellPage:
    """What a page says of a cell of the source: `things` were read from it, `beside` stand on the same line."""

    cell: CellShown
    source: Value | None
    notes: tuple[Value, ...]
    things: tuple[Value, ...]
    beside: tuple[CellShown, ...]


@dataclass(frozen=True)
class Line:
    """A line of a source, and its cells by column."""

    number: str
    cells: tuple[CellShown | None, ...]


@dataclass(frozen=True)
class SourcePage:
    """What a page says of a source document; `lines` are None where there are too many for a page."""

    page: str | None
    issued: Value | None
    cells: int
    lines: tuple[Line, ...] | None


def cell(read: Reading, iri: str) -> CellPage:
    """Tell of a cell."""
    shown, source = read.cell(iri), next(iter(read.iris(iri, PROV + "wasDerivedFrom")), None)
    line = ox.Literal(int(shown.line)) if shown.line.isdigit() else None
    beside = [each for each in read.record.having(TVLD + "sourceLine", line) if each != iri] if line else []
    return CellPage(
        cell=shown,
        source=read.thing(source) if source else None,
        notes=read.texts(iri, SKOS + "note"),
        things=read.things(read.pointing(iri, PROV + "wasDerivedFrom")),
        beside=tuple(
            sorted(
                (read.cell(each) for each in beside if source in read.iris(each, PROV + "wasDerivedFrom")),
                key=lambda each: _number(each.column),
            )
        ),
    )


def is_source(read: Reading, iri: str) -> bool:
    """Say whether cells were read from a document."""
    return bool(_cells(read, iri))


def source(read: Reading, iri: str) -> SourcePage:
    """Tell of a source document."""
    cells = _cells(read, iri)
    page = next(iter(read.iris(iri, FOAF + "page")), "")
    return SourcePage(
        page=page if page.startswith(("http://", "https://")) else None,
        issued=read.text(iri, DCT + "issued"),
        cells=len(cells),
        lines=_lines([read.cell(each) for each in cells]) if len(cells) <= _MOST_CELLS else None,
    )


def _cells(read: Reading, iri: str) -> list[str]:
    derived = read.pointing(iri, PROV + "wasDerivedFrom")
    return [each for each in derived if TVLD + "SourceCell" in read.iris(each, RDF_TYPE)]


def _lines(cells: list[CellShown]) -> tuple[Line, ...]:
    by_place = {(cell.line, cell.column): cell for cell in cells}
    columns = sorted({cell.column for cell in cells}, key=_number)
    lines = sorted({cell.line for cell in cells}, key=_number)
    return tuple(Line(line, tuple(by_place.get((line, column)) for column in columns)) for line in lines)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
