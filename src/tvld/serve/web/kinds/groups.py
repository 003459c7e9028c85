"""What many stores share, in plain words: a purpose, a data group, a service area."""

from dataclasses import dataclass

from tvld.serve.web.bars import Bars
from tvld.serve.web.kinds.reading import DCT, DPV, ORG, SKOS, TVLD, CellShown, Counted, Reading
from tvld.serve.web.kinds.systems import AreaOf, by_area, counted, shares
from tvld.serve.web.view import Value


@dataclass(frozen=True)
class Holding:
    """A store, and those of its materials that a page tells of."""

    store: Value
    materials: tuple[Value, ...]


@dataclass(frozen=True)
class PurposePage:
    """What a page says of a purpose: the stores that serve it, by service area."""

    also: tuple[Value, ...]
    notes: tuple[Value, ...]
    stores: int
    areas: tuple[AreaOf, ...]
    shares: Bars | None
    systems: tuple[Counted, ...]
    cells: tuple[CellShown, ...]


@dataclass(frozen=True)
class DataGroupPage:
    """What a page says of a data group: the stores that hold it, each with its materials of this group."""

    also: tuple[Value, ...]
    notes: tuple[Value, ...]
    holdings: tuple[Holding, ...]


@dataclass(frozen=True)
class AreaPage:
    """What a page says of a service area; a system comes with the number of the area's stores that it processes."""

    organisation: Value | None
    notes: tuple[Value, ...]
    stores: tuple[Value, ...]
    systems: tuple[Counted, ...]


def purpose(read: Reading, iri: str) -> PurposePage:
    """Tell of a purpose."""
    stores = read.pointing(iri, DPV + "hasPurpose")
    areas = by_area(read, stores)
    return PurposePage(
        also=read.texts(iri, SKOS + "altLabel"),
        notes=read.texts(iri, SKOS + "editorialNote"),
        stores=len(stores),
        areas=areas,
        shares=shares(areas),
        systems=_systems(read, stores),
        cells=read.cells(iri),
    )


def data_group(read: Reading, iri: str) -> DataGroupPage:
    """Tell of a data group."""
    held: dict[str, list[str]] = {}
    for material in read.pointing(iri, TVLD + "dataGroup"):
        for store in read.iris(material, DCT + "isPartOf"):
            held.setdefault(store, []).append(material)
    return DataGroupPage(
        also=read.texts(iri, SKOS + "altLabel"),
        notes=read.texts(iri, SKOS + "editorialNote"),
        holdings=tuple(Holding(store, read.things(held[store.iri or ""])) for store in read.things(held)),
    )


def service_area(read: Reading, iri: str) -> AreaPage:
    """Tell of a service area."""
    stores = read.pointing(iri, TVLD + "serviceArea")
    return AreaPage(
        organisation=read.one(iri, ORG + "unitOf"),
        notes=read.texts(iri, SKOS + "editorialNote"),
        stores=read.things(stores),
        systems=_systems(read, stores),
    )


def _systems(read: Reading, stores: list[str]) -> tuple[Counted, ...]:
    return counted(read, (system for store in stores for system in read.iris(store, TVLD + "processedIn")))
