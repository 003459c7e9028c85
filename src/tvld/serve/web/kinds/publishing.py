"""Who publishes, and what: an organisation and a catalogue in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass

from tvld.serve.web.kinds.reading import DCAT, DCT, FOAF, ORG, PROV, TVLD, ContactShown, Counted, Reading
from tvld.serve.web.kinds.systems import AreaOf, by_area
from tvld.serve.web.view import Value


@dataclass(frozen=True)
class Held:
    """What an organisation has: numbers, and its stores by service area."""

    stores: int
    materials: int
    systems: int
    areas: tuple[AreaOf, ...]


@dataclass(frozen=True)
class OrganisationPage:
    """What a page says of an organisation; `sources` are the documents that its description was read from."""

    held: Held
    kinds: tuple[Value, ...]
    business_id: Value | None
    homepage: str | None
    contact: ContactShown | None
    catalogues: tuple[Value, ...]
    sources: tuple[Value, ...]


@dataclass(frozen=True)
class CataloguePage:
    """What a page says of a catalogue; `address` is where it is fetched, below the base."""

    description: Value | None
    publisher: Value | None
    licence: Value | None
    issued: Value | None
    modified: Value | None
    contact: ContactShown | None
    stores: tuple[Value, ...]
    others: tuple[Value, ...]
    systems: tuple[Value, ...]
    address: str


def held(read: Reading, iri: str) -> Held:
    """Count what an organisation has, and list its stores."""
    published = read.pointing(iri, DCT + "publisher")
    stores = _of_class(read, published, TVLD + "DataStore")
    return Held(
        stores=len(stores),
        materials=len(_of_class(read, published, TVLD + "InformationMaterial")),
        systems=len({system for store in stores for system in read.iris(store, TVLD + "processedIn")}),
        areas=by_area(read, stores),
    )


def organisation(read: Reading, iri: str) -> OrganisationPage:
    """Tell of an organisation."""
    published = read.pointing(iri, DCT + "publisher")
    stores = _of_class(read, published, TVLD + "DataStore")
    cells = (cell for store in stores[:1] for cell in read.iris(store, PROV + "wasDerivedFrom"))
    homepage = next(iter(read.iris(iri, FOAF + "homepage")), "")
    return OrganisationPage(
        held=held(read, iri),
        kinds=read.linked(iri, DCT + "type"),
        business_id=read.text(iri, ORG + "identifier"),
        homepage=homepage if homepage.startswith(("http://", "https://")) else None,
        contact=read.contact_of(iri),
        catalogues=read.things(_of_class(read, published, DCAT + "Catalog")),
        sources=read.things(source for cell in cells for source in read.iris(cell, PROV + "wasDerivedFrom")),
    )


def _of_class(read: Reading, iris: Iterable[str], class_: str) -> list[str]:
    return sorted(set(iris).intersection(read.record.instances(class_)))


def stores_of(read: Reading, organisations: Iterable[str]) -> tuple[Counted, ...]:
    """Give organisations with their numbers of stores, in the order given."""
    stores = set(read.record.instances(TVLD + "DataStore"))
    return tuple(
        Counted(read.thing(iri), len(stores.intersection(read.pointing(iri, DCT + "publisher"))))
        for iri in organisations
    )


def catalogue(read: Reading, iri: str) -> CataloguePage:
    """Tell of a catalogue."""
    listed, stores = read.iris(iri, DCAT + "dataset"), set(read.record.instances(TVLD + "DataStore"))
    parts = iri.rsplit("/", 3)
    return CataloguePage(
        description=read.text(iri, DCT + "description"),
        publisher=read.one(iri, DCT + "publisher"),
        licence=read.one(iri, DCT + "license"),
        issued=read.text(iri, DCT + "issued"),
        modified=read.text(iri, DCT + "modified"),
        contact=read.contact(iri),
        stores=read.things(set(listed) & stores),
        others=read.things((set(listed) - stores) | set(read.iris(iri, DCAT + "service"))),
        systems=read.linked(iri, DCAT + "resource"),
        address="catalog/open" if parts[-1] == "open" else f"catalog/{parts[1]}",
    )
