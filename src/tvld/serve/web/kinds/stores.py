"""A data store and an information material in plain words: what they are for, where they are, how to ask for them."""

from dataclasses import dataclass

import pyoxigraph as ox

from tvld.serve.web.kinds.reading import DCAT, DCT, DPV, SKOS, TVLD, CellShown, ContactShown, Counted, Reading
from tvld.serve.web.view import Value
from tvld.serve.web.words import WORDS


@dataclass(frozen=True)
class MaterialShown:
    """A material of a store; `group` where its data group is in other stores too."""

    thing: Value
    group: Counted | None


@dataclass(frozen=True)
class StorePage:
    """What a page says of a data store; None or empty where the description does not say it."""

    organisation: Value | None
    area: Value | None
    purposes: tuple[Value, ...]
    materials: tuple[MaterialShown, ...]
    systems: tuple[Counted, ...]
    themes: tuple[Value, ...]
    themes_proposed: bool
    authority: Value | None
    contact: ContactShown | None
    search_keys: tuple[Value, ...]
    open_interface: bool | None
    retention: Value | None
    cells: tuple[CellShown, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Name in words what is not said; no table has a place yet for those to whom data are disclosed."""
        answers = (
            (self.purposes, WORDS.unknown_purposes),
            (self.materials, WORDS.unknown_materials),
            (self.systems, WORDS.unknown_systems),
            (self.authority, WORDS.unknown_authority),
            (self.contact, WORDS.unknown_contact),
            (self.search_keys, WORDS.unknown_keys),
            (self.open_interface, WORDS.unknown_interface),
            (self.retention, WORDS.unknown_retention),
        )
        return (*(word for answer, word in answers if answer is None or answer == ()), WORDS.unknown_recipients)


@dataclass(frozen=True)
class MaterialPage:
    """What a page says of an information material; `alike` are the stores that hold the same data group."""

    organisation: Value | None
    store: Value | None
    group: Value | None
    alike: tuple[Value, ...]
    systems: tuple[Value, ...]
    notes: tuple[Value, ...]
    cells: tuple[CellShown, ...]


def store(read: Reading, iri: str) -> StorePage:
    """Tell of a data store."""
    publisher = next(iter(read.iris(iri, DCT + "publisher")), None)
    return StorePage(
        organisation=read.thing(publisher) if publisher else None,
        area=read.one(iri, TVLD + "serviceArea"),
        purposes=read.linked(iri, DPV + "hasPurpose"),
        materials=tuple(_material(read, each.iri, iri) for each in read.linked(iri, DCT + "hasPart") if each.iri),
        systems=tuple(_system(read, each, iri) for each in read.linked(iri, TVLD + "processedIn")),
        themes=read.linked(iri, DCAT + "theme"),
        themes_proposed=any(status.text == "proposed" for status in read.texts(iri, TVLD + "themeStatus")),
        authority=read.text(iri, TVLD + "authority"),
        contact=read.contact(iri) or (read.contact_of(publisher) if publisher else None),
        search_keys=read.texts(iri, TVLD + "searchKey"),
        open_interface=_flag(read, iri),
        retention=read.text(iri, TVLD + "retention"),
        cells=read.cells(iri),
    )


def material(read: Reading, iri: str) -> MaterialPage:
    """Tell of an information material."""
    stores = read.iris(iri, DCT + "isPartOf")
    group = next(iter(read.iris(iri, TVLD + "dataGroup")), None)
    alike = _holders(read, group) - set(stores) if group else set()
    return MaterialPage(
        organisation=read.one(iri, DCT + "publisher"),
        store=read.thing(stores[0]) if stores else None,
        group=read.thing(group) if group else None,
        alike=read.things(alike),
        systems=read.things(system for each in stores for system in read.iris(each, TVLD + "processedIn")),
        notes=read.texts(iri, SKOS + "editorialNote"),
        cells=read.cells(iri),
    )


def _material(read: Reading, iri: str, store: str) -> MaterialShown:
    group = next(iter(read.iris(iri, TVLD + "dataGroup")), None)
    others = len(_holders(read, group) - {store}) if group else 0
    return MaterialShown(read.thing(iri), Counted(read.thing(group), others) if group and others else None)


def _holders(read: Reading, group: str) -> set[str]:
    """Give the stores whose materials are of a data group."""
    return {
        store
        for material in read.pointing(group, TVLD + "dataGroup")
        for store in read.iris(material, DCT + "isPartOf")
    }


def _system(read: Reading, system: Value, store: str) -> Counted:
    users = set(read.pointing(system.iri, TVLD + "processedIn")) if system.iri else set()
    return Counted(system, len(users - {store}))


def _flag(read: Reading, iri: str) -> bool | None:
    """Say whether the data are open through an interface; None where nothing is said, or nothing that can be read."""
    texts = {v.value for v in read.record.values(iri, TVLD + "openInterface") if isinstance(v, ox.Literal)}
    return {"true": True, "1": True, "false": False, "0": False}.get(texts.pop()) if len(texts) == 1 else None
