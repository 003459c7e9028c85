"""
The description of one organisation's data stores, as plain frozen values.

Knows no RDF, no HTTP and no files. Texts in several languages are tuples of (language tag, text), Finnish first.
Every entry remembers the `Place` in the tables that it was read from, so that a fault can be told by file and row.
"""

from dataclasses import dataclass, field
from typing import Literal

ThemesStatus = Literal["proposed", "confirmed"]
Texts = tuple[tuple[str, str], ...]

REGISTERS = ("purpose", "data-group", "service-area")
KINDS = ("store", "material", "system", *REGISTERS, "cell", "source", "catalog")


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in what a person edits: a file, a row from 1 (the header is row 1), a column's name."""

    file: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.row is not None:
            parts.append(str(self.row))
        if self.column is not None:
            parts.append(self.column)
        return ":".join(parts)


@dataclass(frozen=True)
class Contact:
    """Who answers questions about the description."""

    names: Texts
    email: str
    phone: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class SourceDocument:
    """The published document that the tables were made from; `file` stands in the organisation's `source/` folder."""

    key: str
    file: str
    names: Texts
    url: str | None = None
    issued: str | None = None


@dataclass(frozen=True)
class Period:
    """The time that the description speaks of, as xsd:date texts; without an end it goes on."""

    start: str
    end: str | None = None


@dataclass(frozen=True)
class Organisation:
    """Who publishes. Dates are xsd:date texts; what is unknown is None or empty."""

    key: str
    names: Texts
    modified: str
    languages: tuple[str, ...]
    licence: str
    source: SourceDocument
    titles: Texts = ()
    descriptions: Texts = ()
    keywords: Texts = ()
    issued: str | None = None
    business_id: str | None = None
    homepage: str | None = None
    spatial: tuple[str, ...] = ()
    temporal: Period | None = None
    publisher_type: str | None = None
    contact: Contact | None = None
    place: Place = field(default=Place("organisation.toml"), compare=False)


@dataclass(frozen=True)
class RegisterEntry:
    """A purpose, a data group or a service area."""

    kind: str
    key: str
    names: Texts
    aliases: tuple[str, ...] = ()
    note: str | None = None
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class System:
    """An information system, or a group of systems that the source names only in the plural."""

    key: str
    names: Texts
    kind: str
    aliases: tuple[str, ...] = ()
    note: str | None = None
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Store:
    """A data store. References are register keys; `source_line` is its line in the source document, from 1."""

    key: str
    service_area: str
    names: Texts
    purposes: tuple[str, ...]
    systems: tuple[str, ...]
    themes: tuple[str, ...] = ()
    themes_status: ThemesStatus | None = None
    search_keys: tuple[str, ...] = ()
    open_interface: bool | None = None
    authority: str | None = None
    retention: str | None = None
    source_line: int | None = None
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Material:
    """An information material: one item of one store's list."""

    key: str
    store: str
    names: Texts
    data_group: str | None = None
    note: str | None = None
    source_line: int | None = None
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Cell:
    """A cell of the source table: line of the document and column of the table, both from 1; verbatim text."""

    line: int
    column: int
    text: str
    notes: tuple[str, ...] = ()
    place: Place = field(default=Place(""), compare=False)

    @property
    def key(self) -> str:
        return f"{self.line}-{self.column}"


@dataclass(frozen=True)
class Withdrawn:
    """A key that was published once and answers 410 since `date`."""

    kind: str
    key: str
    date: str
    replaced_by: str | None = None
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Description:
    """All that one organisation says: the whole of one `data/<org>/` folder."""

    organisation: Organisation
    service_areas: tuple[RegisterEntry, ...]
    purposes: tuple[RegisterEntry, ...]
    data_groups: tuple[RegisterEntry, ...]
    systems: tuple[System, ...]
    stores: tuple[Store, ...]
    materials: tuple[Material, ...]
    cells: tuple[Cell, ...]
    withdrawn: tuple[Withdrawn, ...] = ()


def text_in(texts: Texts, language: str = "fi") -> str:
    """Give the text in a language, else the first there is."""
    return dict(texts).get(language, texts[0][1])
