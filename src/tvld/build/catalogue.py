"""
Release metadata of one organisation: its two catalogues, the dataset that the description itself is, its dumps as
distributions, and the SPARQL service (DCAT-AP 3.0.1, section 4).

Made after the dumps, because it tells their sizes and checksums; never in them. No clock: all dates are the editor's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS, XSD

from tvld.build.graph import DCAT, DCT, FOAF, PROV, THEMES, TVLD, Triple, identified, literals, named
from tvld.formats import EU_FILE_TYPE, IANA, Format
from tvld.iris import EU, LANGUAGES, PREFIXES, Base
from tvld.model import Description, Organisation, Texts

ADMS = Namespace(PREFIXES["adms"])
DCATAP = Namespace(PREFIXES["dcatap"])
SPDX = Namespace(PREFIXES["spdx"])
VCARD = Namespace(PREFIXES["vcard"])

LAW = URIRef("http://data.finlex.fi/eli/sd/2019/906/ajantasa")
SPARQL_PROTOCOL = URIRef("https://www.w3.org/TR/sparql11-protocol/")

_TITLE: Texts = (("fi", "Tietovarannot"), ("sv", "Informationslager"), ("en", "Data stores"))
_ABOUT: Texts = (
    ("fi", "Kuvaus organisaation tietovarannoista, niiden tietoaineistoista ja tietojärjestelmistä."),
    ("sv", "Beskrivning av organisationens informationslager, deras informationsmaterial och informationssystem."),
    ("en", "A description of the organisation's data stores, their information materials and information systems."),
)
_OPEN: Texts = (
    ("fi", "Tietovarantojen kuvaus avoimena datana"),
    ("sv", "Beskrivning av informationslager som öppna data"),
    ("en", "The description of data stores as open data"),
)
_SERVICE: Texts = (
    ("fi", "Tietovarantojen kuvauksen SPARQL-rajapinta"),
    ("sv", "SPARQL-gränssnitt till beskrivningen av informationslager"),
    ("en", "SPARQL endpoint of the description of data stores"),
)
_WHOLE: Texts = (
    ("fi", "Koko kuvaus yhtenä tiedostona."),
    ("sv", "Hela beskrivningen i en fil."),
    ("en", "The whole description in one file."),
)
_KEYWORDS: Texts = (("fi", "tietovaranto"), ("sv", "informationslager"), ("en", "data store"))
_RIGHTS: Texts = (
    ("fi", "Kuvausta saa käyttää vapaasti, kunhan lähde mainitaan."),
    ("sv", "Beskrivningen får användas fritt om källan anges."),
    ("en", "The description may be used freely as long as its source is named."),
)


@dataclass(frozen=True)
class DumpFile:
    """A dump as it lies in the release: its name there, format, size in bytes, SHA-256 in hex and number of triples."""

    name: str
    format: Format
    size: int
    sha256: str
    triples: int


def catalogue(description: Description, base: Base, release: str, dumps: Iterable[DumpFile]) -> Graph:
    """Give the release metadata of one organisation. Without dumps it is what a check before the build can see."""
    graph = Graph()
    me = _Metadata(description, base, release)
    parts = (me.full(), me.open(), me.description_dataset(dumps), me.service(), me.contact(), me.rights())
    for part in parts:
        for triple in part:
            graph.add(triple)
    return graph


class _Metadata:
    def __init__(self, description: Description, base: Base, release: str) -> None:
        self.description = description
        self.organisation: Organisation = description.organisation
        self.base = base
        self.release = release
        self.publisher = URIRef(base.organisation(self.organisation.key))
        self.endpoint = URIRef(base.iri + "sparql")

    def address(self, key: str) -> URIRef:
        return URIRef(self.base.thing(self.organisation.key, "catalog", key))

    def _about(self, me: URIRef, titles: Texts, descriptions: Texts) -> Iterator[Triple]:
        """Say what a catalogue, dataset and service all say."""
        yield from named(me, titles, DCT.title)
        for text in literals(descriptions):
            yield me, DCT.description, text
        yield identified(me)
        yield me, DCT.publisher, self.publisher
        yield me, DCATAP.applicableLegislation, LAW
        if self.organisation.contact:
            yield me, DCAT.contactPoint, self.address("contact")

    def _dated(self, me: URIRef) -> Iterator[Triple]:
        for predicate, date in ((DCT.issued, self.organisation.issued), (DCT.modified, self.organisation.modified)):
            if date:
                yield me, predicate, Literal(date, datatype=XSD.date)

    def _described(self, me: URIRef) -> Iterator[Triple]:
        """Say what a catalogue and a dataset both say."""
        yield from self._dated(me)
        for tag in self.organisation.languages:
            yield me, DCT.language, URIRef(f"{EU}language/{LANGUAGES[tag]}")
        for place in self.organisation.spatial:
            yield me, DCT.spatial, URIRef(place)
            yield URIRef(place), RDF.type, DCT.Location
        yield me, PROV.wasDerivedFrom, self._source()

    def _source(self) -> URIRef:
        return URIRef(self.base.thing(self.organisation.key, "source", self.organisation.source.key))

    def _catalogue(self, me: URIRef, titles: Texts, descriptions: Texts) -> Iterator[Triple]:
        yield me, RDF.type, DCAT.Catalog
        yield from self._about(me, titles, descriptions)
        yield from self._described(me)
        yield me, DCT.license, URIRef(self.organisation.licence)
        yield me, FOAF.homepage, URIRef(self.base.iri)
        yield URIRef(self.base.iri), RDF.type, FOAF.Document
        yield me, DCAT.themeTaxonomy, URIRef(EU + "data-theme")
        yield me, DCAT.dataset, self.address("description")
        yield me, DCAT.service, self.address("sparql")

    def full(self) -> Iterator[Triple]:
        me = self.address("stores")
        yield from self._catalogue(me, self.organisation.titles or _TITLE, self.organisation.descriptions or _ABOUT)
        for store in self.description.stores:
            yield me, DCAT.dataset, URIRef(self.base.thing(self.organisation.key, "store", store.key))
        for system in self.description.systems:
            yield me, DCAT.resource, URIRef(self.base.thing(self.organisation.key, "system", system.key))

    def open(self) -> Iterator[Triple]:
        yield from self._catalogue(self.address("open"), _OPEN, self.organisation.descriptions or _ABOUT)

    def description_dataset(self, dumps: Iterable[DumpFile]) -> Iterator[Triple]:
        me = self.address("description")
        yield me, RDF.type, DCAT.Dataset
        yield from self._about(me, _OPEN, self.organisation.descriptions or _ABOUT)
        yield from self._described(me)
        for keyword in literals(self.organisation.keywords or _KEYWORDS):
            yield me, DCAT.keyword, keyword
        yield me, DCAT.theme, THEMES.GOVE
        yield me, TVLD.themeStatus, Literal("proposed")
        yield me, DCT.accessRights, URIRef(EU + "access-right/PUBLIC")
        yield me, DCAT.version, Literal(self.release)
        for dump in dumps:
            yield me, DCAT.distribution, self.address(f"description-{dump.format.suffix}")
            yield from self._distribution(dump)

    def _distribution(self, dump: DumpFile) -> Iterator[Triple]:
        me, file = self.address(f"description-{dump.format.suffix}"), URIRef(self.base.dump(self.release, dump.name))
        checksum = self.address(f"description-{dump.format.suffix}-sha256")
        yield me, RDF.type, DCAT.Distribution
        words = (("fi", "Kuvaus"), ("sv", "Beskrivning"), ("en", "Description"))
        yield from named(me, tuple((tag, f"{word}: {dump.format.label}") for tag, word in words), DCT.title)
        for text in literals(_WHOLE):
            yield me, DCT.description, text
        yield from self._dated(me)
        yield me, DCAT.accessURL, file
        yield me, DCAT.downloadURL, file
        yield me, DCAT.mediaType, URIRef(IANA + dump.format.media_type)
        yield me, DCT["format"], URIRef(EU_FILE_TYPE + dump.format.file_type)
        yield me, DCT.license, URIRef(self.organisation.licence)
        yield me, DCT.rights, self.address("rights")
        yield me, DCAT.byteSize, Literal(str(dump.size), datatype=XSD.nonNegativeInteger)
        yield me, DCATAP.availability, URIRef(EU + "planned-availability/STABLE")
        yield me, ADMS.status, URIRef(EU + "distribution-status/COMPLETED")
        yield me, SPDX.checksum, checksum
        yield checksum, RDF.type, SPDX.Checksum
        yield checksum, RDFS.label, Literal(f"SHA-256: {dump.name}")
        yield checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256
        yield checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary)

    def service(self) -> Iterator[Triple]:
        me = self.address("sparql")
        yield me, RDF.type, DCAT.DataService
        yield from self._about(me, _SERVICE, _SERVICE)
        for keyword in literals(self.organisation.keywords or _KEYWORDS):
            yield me, DCAT.keyword, keyword
        yield me, DCAT.theme, THEMES.GOVE
        yield me, TVLD.themeStatus, Literal("proposed")
        yield me, DCT.accessRights, URIRef(EU + "access-right/PUBLIC")
        yield me, DCT.license, URIRef(self.organisation.licence)
        yield me, DCT.conformsTo, SPARQL_PROTOCOL
        yield me, DCAT.endpointURL, self.endpoint
        yield me, DCAT.endpointDescription, self.endpoint
        yield me, DCAT.servesDataset, self.address("description")

    def contact(self) -> Iterator[Triple]:
        contact = self.organisation.contact
        if not contact:
            return
        me = self.address("contact")
        yield me, RDF.type, VCARD.Organization
        yield me, RDF.type, VCARD.Kind
        yield from named(me, contact.names, VCARD.fn)
        yield me, VCARD.hasEmail, URIRef("mailto:" + contact.email)
        if contact.phone:
            yield me, VCARD.hasTelephone, URIRef("tel:" + contact.phone.replace(" ", ""))
        if contact.url:
            yield me, VCARD.hasURL, URIRef(contact.url)

    def rights(self) -> Iterator[Triple]:
        me = self.address("rights")
        yield me, RDF.type, DCT.RightsStatement
        yield from named(me, _RIGHTS, DCT.description)
