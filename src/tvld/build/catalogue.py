"""
Release metadata of one organisation: its two catalogues, the dataset that the description itself is, its dumps as
distributions, and the SPARQL service (DCAT-AP 3.0.1, section 4).

Made after the dumps, because it tells their sizes and checksums; never in them. No clock: all dates are the editor's.
"""

from collections.abc import Iterable, Iterator

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS, XSD

from tvld.build.distributions import DCATAP, DumpFile, Shelf
from tvld.build.graph import DCAT, DCT, FOAF, PROV, THEMES, TVLD, Triple, identified, literals, named
from tvld.iris import EU, LANGUAGES, PREFIXES, Base
from tvld.model import Description, Organisation, Texts

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
_KEYWORDS: Texts = (("fi", "tietovaranto"), ("sv", "informationslager"), ("en", "data store"))
_RIGHTS: Texts = (
    ("fi", "Kuvausta saa käyttää vapaasti, kunhan lähde mainitaan."),
    ("sv", "Beskrivningen får användas fritt om källan anges."),
    ("en", "The description may be used freely as long as its source is named."),
)


def catalogue(description: Description, base: Base, release: str, dumps: Iterable[DumpFile]) -> Graph:
    """Give the release metadata of one organisation. Without dumps it is what a check before the build can see."""
    graph = Graph()
    me = _Metadata(description, base, release)
    parts = (me.full(), me.open(), me.description_dataset(dumps), me.service(), me.period(), me.contact(), me.rights())
    for part in parts:
        for triple in part:
            graph.add(triple)
    return graph


def weights(description: Description, base: Base, release: str, dumps: Iterable[DumpFile]) -> Graph:
    """Give what the release metadata leaves out because libraries decide it: sizes and checksums of derived files."""
    graph = Graph()
    for triple in _Metadata(description, base, release).shelf().weights(dumps):
        graph.add(triple)
    return graph


def shelf(description: Description, base: Base, release: str) -> Shelf:
    """Say where the distributions of an organisation stand, and what is true of them all."""
    return _Metadata(description, base, release).shelf()


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
        if self.organisation.temporal:
            yield me, DCT.temporal, self.address("period")
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
        yield from self._found_by(me)
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
        yield from self._found_by(me)
        yield me, DCT.accessRights, URIRef(EU + "access-right/PUBLIC")
        yield me, DCAT.version, Literal(self.release)
        yield from self.shelf().distributions(me, dumps)

    def shelf(self) -> Shelf:
        return Shelf(
            start=self.address(""),
            files=self.base.dump(self.release, ""),
            licence=self.organisation.licence,
            rights=self.address("rights"),
            issued=self.organisation.issued,
            modified=self.organisation.modified,
        )

    def service(self) -> Iterator[Triple]:
        me = self.address("sparql")
        yield me, RDF.type, DCAT.DataService
        yield from self._about(me, _SERVICE, _SERVICE)
        yield from self._found_by(me)
        yield me, DCT.accessRights, URIRef(EU + "access-right/PUBLIC")
        yield me, DCT.license, URIRef(self.organisation.licence)
        yield me, DCT.conformsTo, SPARQL_PROTOCOL
        yield me, DCAT.endpointURL, self.endpoint
        yield me, DCAT.endpointDescription, self.endpoint
        yield me, DCAT.servesDataset, self.address("description")

    def _found_by(self, me: URIRef) -> Iterator[Triple]:
        """Say under which words and theme the description, its catalogues and its service are found."""
        for keyword in literals(self.organisation.keywords or _KEYWORDS):
            yield me, DCAT.keyword, keyword
        yield me, DCAT.theme, THEMES.GOVE
        yield me, TVLD.themeStatus, Literal("proposed")

    def period(self) -> Iterator[Triple]:
        period = self.organisation.temporal
        if not period:
            return
        me = self.address("period")
        yield me, RDF.type, DCT.PeriodOfTime
        yield me, RDFS.label, Literal("–".join((period.start, period.end or "")))
        for predicate, day in ((DCAT.startDate, period.start), (DCAT.endDate, period.end)):
            if day:
                yield me, predicate, Literal(day, datatype=XSD.date)

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
