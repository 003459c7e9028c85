"""
A description to its content triples: docs/model.md in code.

Every triple is one that the tables say or that the model repeats on purpose (labels, inverses, identifiers). No clock,
no files, no blank nodes. Which cells a thing was read from follows from source lines and the columns of the table.
"""

from collections.abc import Iterator

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS, XSD
from rdflib.term import Node

from tvld.iris import EU, PREFIXES, Base
from tvld.model import Cell, Description, Material, RegisterEntry, Store, System, Texts, Withdrawn, text_in

ADMS = Namespace(PREFIXES["adms"])
CV = Namespace(PREFIXES["cv"])
DCAT = Namespace(PREFIXES["dcat"])
DCT = Namespace(PREFIXES["dct"])
DPV = Namespace(PREFIXES["dpv"])
FOAF = Namespace(PREFIXES["foaf"])
ORG = Namespace(PREFIXES["org"])
PROV = Namespace(PREFIXES["prov"])
SKOS = Namespace(PREFIXES["skos"])
TVLD = Namespace(PREFIXES["tvld"])
THEMES = Namespace(EU + "data-theme/")
PUBLISHER_TYPES = Namespace("http://purl.org/adms/publishertype/")

Triple = tuple[Node, Node, Node]

# The columns of the source table, from 1.
NAME, PURPOSES, MATERIALS, SYSTEMS = 1, 2, 3, 4

_CLASSES = {
    "purpose": (SKOS.Concept, DPV.Purpose),
    "data-group": (SKOS.Concept, TVLD.DataGroup),
    "service-area": (ORG.OrganizationalUnit, FOAF.Agent),
}
# What a withdrawn thing was: its class, and that in words.
WITHDRAWN = URIRef(EU + "distribution-status/WITHDRAWN")
_FORMER: dict[str, tuple[Node, Texts]] = {
    "store": (TVLD.DataStore, (("fi", "tietovaranto"), ("sv", "informationslager"), ("en", "data store"))),
    "material": (
        TVLD.InformationMaterial,
        (("fi", "tietoaineisto"), ("sv", "informationsmaterial"), ("en", "information material")),
    ),
    "system": (
        TVLD.InformationSystem,
        (("fi", "tietojärjestelmä"), ("sv", "informationssystem"), ("en", "information system")),
    ),
    "purpose": (DPV.Purpose, (("fi", "käyttötarkoitus"), ("sv", "användningsändamål"), ("en", "purpose"))),
    "data-group": (TVLD.DataGroup, (("fi", "tietoryhmä"), ("sv", "datagrupp"), ("en", "data group"))),
    "service-area": (
        ORG.OrganizationalUnit,
        (("fi", "palvelualue"), ("sv", "serviceområde"), ("en", "service area")),
    ),
}
_WITHDRAWN = {"fi": "Poistettu", "sv": "Borttagen", "en": "Withdrawn"}


def content(description: Description, base: Base) -> Graph:
    """Give all content triples of one organisation; the codes that they point to come from the code lists."""
    graph = Graph()
    for triple in content_triples(description, base):
        graph.add(triple)
    return graph


def content_triples(description: Description, base: Base) -> Iterator[Triple]:
    """Yield the triples; some may come twice."""
    address = _Addresses(description, base)
    yield from _organisation(address)
    for entry in (*description.service_areas, *description.purposes, *description.data_groups):
        yield from _register_entry(entry, address)
    for system in description.systems:
        yield from _system(system, address)
    for store in description.stores:
        yield from _store(store, address)
    for material in description.materials:
        yield from _material(material, address)
    for cell in description.cells:
        yield from _cell(cell, address)
    for gone in description.withdrawn:
        yield from _tombstone(gone, address)


class _Addresses:
    """The addresses of one organisation's things, and which cells they were read from."""

    def __init__(self, description: Description, base: Base) -> None:
        self.description = description
        self.base = base
        self.organisation = URIRef(base.organisation(description.organisation.key))
        self.source = self.thing("source", description.organisation.source.key)
        self._cells = {(c.line, c.column): self.thing("cell", c.key) for c in description.cells if c.text.strip()}
        self.stores = {store.key: store for store in description.stores}
        self.purpose_names = {entry.key: text_in(entry.names) for entry in description.purposes}
        self.system_names = {system.key: text_in(system.names) for system in description.systems}
        self.materials: dict[str, list[Material]] = {}
        for material in description.materials:
            self.materials.setdefault(material.store, []).append(material)
        self._using: dict[tuple[str, str], list[Store]] = {}
        for store in description.stores:
            for kind, keys in (("purpose", store.purposes), ("system", store.systems)):
                for key in keys:
                    self._using.setdefault((kind, key), []).append(store)

    def thing(self, kind: str, key: str) -> URIRef:
        return URIRef(self.base.thing(self.description.organisation.key, kind, key))

    def users(self, kind: str, key: str) -> list[Store]:
        """Give the stores that name a purpose or a system."""
        return self._using.get((kind, key), [])

    def cells(self, line: int | None, *columns: int) -> Iterator[URIRef]:
        """Give the cells of a line that have a text, of these columns."""
        if line is not None:
            yield from (self._cells[line, column] for column in columns if (line, column) in self._cells)


def literals(texts: Texts) -> Iterator[Literal]:
    for language, text in texts:
        yield Literal(text, lang=language.lower())


def named(me: URIRef, texts: Texts, *properties: Node) -> Iterator[Triple]:
    """Say a name with each property, and as `rdfs:label`."""
    for text in literals(texts):
        for name_property in (*properties, RDFS.label):
            yield me, name_property, text


def identified(me: URIRef) -> Triple:
    return me, DCT.identifier, Literal(str(me))


def _each(me: URIRef, predicate: Node, values: Iterator[Node]) -> Iterator[Triple]:
    for value in values:
        yield me, predicate, value


def _organisation(address: _Addresses) -> Iterator[Triple]:
    organisation, me = address.description.organisation, address.organisation
    for class_ in (FOAF.Agent, ORG.FormalOrganization, CV.PublicOrganisation):
        yield me, RDF.type, class_
    yield from named(me, organisation.names, FOAF.name)
    yield identified(me)
    if organisation.publisher_type:
        yield me, DCT.type, PUBLISHER_TYPES[organisation.publisher_type]
    if organisation.business_id:
        yield me, ORG.identifier, Literal(organisation.business_id)
    if organisation.homepage:
        yield me, FOAF.homepage, URIRef(organisation.homepage)
        yield URIRef(organisation.homepage), RDF.type, FOAF.Document
    source = organisation.source
    yield address.source, RDF.type, FOAF.Document
    yield from named(address.source, source.names, DCT.title)
    yield identified(address.source)
    if source.url:
        yield address.source, FOAF.page, URIRef(source.url)
    if source.issued:
        yield address.source, DCT.issued, Literal(source.issued, datatype=XSD.date)


def _register_entry(entry: RegisterEntry, address: _Addresses) -> Iterator[Triple]:
    me = address.thing(entry.kind, entry.key)
    for class_ in _CLASSES[entry.kind]:
        yield me, RDF.type, class_
    yield from named(me, entry.names, SKOS.prefLabel)
    yield identified(me)
    yield from _variants(me, entry)
    if entry.kind == "service-area":
        yield from named(me, entry.names, FOAF.name)  # DCAT-AP asks it of every agent
        yield me, ORG.unitOf, address.organisation
    else:
        yield me, SKOS.inScheme, URIRef(address.base.code(entry.kind))
    for store in address.users(entry.kind, entry.key):
        yield from _each(me, PROV.wasDerivedFrom, address.cells(store.source_line, PURPOSES))


def _variants(me: URIRef, entry: RegisterEntry | System) -> Iterator[Triple]:
    language = entry.names[0][0]
    for alias in entry.aliases:
        yield me, SKOS.altLabel, Literal(alias, lang=language)
    yield from _editorial(me, entry.note, language)


def _editorial(me: URIRef, note: str | None, language: str) -> Iterator[Triple]:
    if note:
        yield me, SKOS.editorialNote, Literal(note, lang=language)


def _system(system: System, address: _Addresses) -> Iterator[Triple]:
    me = address.thing("system", system.key)
    yield me, RDF.type, DCAT.Resource
    yield me, RDF.type, TVLD.InformationSystem
    yield from named(me, system.names, DCT.title)
    yield identified(me)
    yield from _variants(me, system)
    yield me, DCT.type, URIRef(address.base.code("system-kind", system.kind))
    for store in address.users("system", system.key):
        yield me, TVLD.processes, address.thing("store", store.key)
        yield from _each(me, PROV.wasDerivedFrom, address.cells(store.source_line, SYSTEMS))


def _store(store: Store, address: _Addresses) -> Iterator[Triple]:
    me, language = address.thing("store", store.key), store.names[0][0]
    yield me, RDF.type, DCAT.Dataset
    yield me, RDF.type, TVLD.DataStore
    yield from named(me, store.names, DCT.title)
    yield identified(me)
    yield me, DCT.description, Literal(_what_a_store_is(store, address), lang=language)
    yield me, DCT.publisher, address.organisation
    yield me, TVLD.serviceArea, address.thing("service-area", store.service_area)
    for key in store.purposes:
        yield me, DPV.hasPurpose, address.thing("purpose", key)
    for material in address.materials.get(store.key, []):
        yield me, DCT.hasPart, address.thing("material", material.key)
    for key in store.systems:
        yield me, TVLD.processedIn, address.thing("system", key)
    for code in store.themes:
        yield me, DCAT.theme, THEMES[code]
    if store.themes and store.themes_status:
        yield me, TVLD.themeStatus, Literal(store.themes_status)
    for search_key in store.search_keys:
        yield me, TVLD.searchKey, Literal(search_key, lang=language)
    if store.open_interface is not None:
        yield me, TVLD.openInterface, Literal(store.open_interface)
    for predicate, text in ((TVLD.authority, store.authority), (TVLD.retention, store.retention)):
        if text:
            yield me, predicate, Literal(text, lang=language)
    yield from _each(me, PROV.wasDerivedFrom, address.cells(store.source_line, NAME, PURPOSES, MATERIALS, SYSTEMS))


def _what_a_store_is(store: Store, address: _Addresses) -> str:
    """Put what the tables say into sentences under the source's own column headings; DCAT-AP demands a description."""
    materials = [text_in(material.names) for material in address.materials.get(store.key, [])]
    parts = (
        ("Tietojen käyttötarkoitus", [address.purpose_names[key] for key in store.purposes]),
        ("Keskeiset tietoaineistot", materials),
        ("Tietojärjestelmät", [address.system_names[key] for key in store.systems]),
    )
    said = [f"{heading}: {'; '.join(items)}." for heading, items in parts if items]
    return " ".join(said) or f"{text_in(store.names)}."


def _material(material: Material, address: _Addresses) -> Iterator[Triple]:
    me, language = address.thing("material", material.key), material.names[0][0]
    store = address.stores[material.store]
    yield me, RDF.type, DCAT.Dataset
    yield me, RDF.type, TVLD.InformationMaterial
    yield from named(me, material.names, DCT.title)
    yield identified(me)
    said = f"{text_in(store.names)}, keskeiset tietoaineistot: {text_in(material.names)}."
    yield me, DCT.description, Literal(said, lang=language)
    yield me, DCT.isPartOf, address.thing("store", material.store)
    yield me, DCT.publisher, address.organisation
    if material.data_group:
        yield me, TVLD.dataGroup, address.thing("data-group", material.data_group)
    yield from _editorial(me, material.note, language)
    yield from _each(me, PROV.wasDerivedFrom, address.cells(material.source_line, MATERIALS))


def _cell(cell: Cell, address: _Addresses) -> Iterator[Triple]:
    if not cell.text.strip():
        return  # nothing is derived from an empty cell
    me = address.thing("cell", cell.key)
    language = address.description.organisation.source.names[0][0]
    yield me, RDF.type, TVLD.SourceCell
    yield me, RDFS.label, Literal(f"Rivi {cell.line}, sarake {cell.column}", lang="fi")
    yield me, TVLD.sourceText, Literal(cell.text, lang=language)
    yield me, TVLD.sourceLine, Literal(cell.line)
    yield me, TVLD.sourceColumn, Literal(cell.column)
    for note in cell.notes:
        yield me, SKOS.note, Literal(note, lang=language)
    yield me, PROV.wasDerivedFrom, address.source


def _tombstone(gone: Withdrawn, address: _Addresses) -> Iterator[Triple]:
    """What is known of a thing that is no longer described: the tables keep its key, and no name."""
    me = address.thing(gone.kind, gone.key)
    former, words = _FORMER[gone.kind]
    yield me, RDF.type, TVLD.Tombstone
    for language, word in words:
        yield me, RDFS.label, Literal(f"{_WITHDRAWN[language]} {word}: {gone.key}", lang=language)
    yield identified(me)
    yield me, TVLD.formerType, former
    yield me, TVLD.withdrawnOn, Literal(gone.date, datatype=XSD.date)
    yield me, ADMS.status, WITHDRAWN
    if gone.replaced_by:
        replacement = address.thing(gone.kind, gone.replaced_by)
        yield me, DCT.isReplacedBy, replacement
        yield replacement, DCT.replaces, me
