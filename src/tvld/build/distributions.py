"""
The files of a release as `dcat:Distribution`s (DCAT-AP 3.0.1, section 4.5).

Sizes and checksums of derived files depend on the libraries that packed them, and the release metadata must not: these
two facts are given apart (`weights`), for a file that is derived itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS, XSD

from tvld.build.columns import TABLES
from tvld.build.graph import DCAT, DCT, Triple, literals, named
from tvld.formats import EU_FILE_TYPE, GZIP_MEDIA_TYPE, IANA, Format, is_derived
from tvld.iris import EU, PREFIXES
from tvld.model import Texts

ADMS = Namespace(PREFIXES["adms"])
DCATAP = Namespace(PREFIXES["dcatap"])
SPDX = Namespace(PREFIXES["spdx"])

CSVW_STANDARD = URIRef("https://www.w3.org/TR/tabular-metadata/")

DESCRIPTION, TABLES_TOGETHER, BUNDLE, VOCABULARY, RULES = "description", "tables", "bundle", "vocabulary", "rules"
# Followed by `-` and which catalogue it is.
CATALOGUE_FILE = "catalogue"
_SWEDISH = {
    "stores": "informationslager",
    "materials": "informationsmaterial",
    "systems": "informationssystem",
    "purposes": "användningsändamål",
    "data_groups": "datagrupper",
    "service_areas": "serviceområden",
    "cells": "källans celler",
    "withdrawn": "borttagna",
}
_TITLES: Mapping[str, Texts] = {
    DESCRIPTION: (("fi", "Kuvaus"), ("sv", "Beskrivning"), ("en", "Description")),
    TABLES_TOGETHER: (("fi", "Kaikki taulukot"), ("sv", "Alla tabeller"), ("en", "All tables")),
    BUNDLE: (("fi", "Sivusto ilman palvelinta"), ("sv", "Webbplats utan server"), ("en", "Site without a server")),
    VOCABULARY: (("fi", "Sanasto"), ("sv", "Vokabulär"), ("en", "Vocabulary")),
    RULES: (("fi", "Säännöt"), ("sv", "Regler"), ("en", "Rules")),
    f"{CATALOGUE_FILE}-stores": (("fi", "Luettelo"), ("sv", "Katalog"), ("en", "Catalogue")),
    f"{CATALOGUE_FILE}-open": (
        ("fi", "Avoimen datan luettelo"),
        ("sv", "Katalog över öppna data"),
        ("en", "Catalogue of open data"),
    ),
    **{
        f"table-{table.name}": (
            ("fi", f"Taulukko: {table.finnish}"),
            ("sv", f"Tabell: {_SWEDISH[table.name]}"),
            ("en", f"Table: {table.name.replace('_', ' ')}"),
        )
        for table in TABLES
    },
}
_DESCRIPTIONS: Mapping[str, Texts] = {
    DESCRIPTION: (
        ("fi", "Koko kuvaus yhtenä tiedostona."),
        ("sv", "Hela beskrivningen i en fil."),
        ("en", "The whole description in one file."),
    ),
    TABLES_TOGETHER: (
        ("fi", "Kuvauksen kaikki taulukot yhtenä tiedostona."),
        ("sv", "Beskrivningens alla tabeller i en fil."),
        ("en", "All tables of the description in one file."),
    ),
    BUNDLE: (
        ("fi", "Sivut, tiedot ja kyselyt pakattuna; avautuu ilman palvelinta."),
        ("sv", "Sidor, data och frågor packade; öppnas utan server."),
        ("en", "Pages, data and queries in one archive that opens without a server."),
    ),
    VOCABULARY: (
        ("fi", "Kuvauksen luokat ja ominaisuudet."),
        ("sv", "Beskrivningens klasser och egenskaper."),
        ("en", "The classes and properties of the description."),
    ),
    RULES: (
        ("fi", "Säännöt, joilla kuvaus on tarkistettu (SHACL)."),
        ("sv", "Reglerna som beskrivningen har granskats med (SHACL)."),
        ("en", "The rules that the description was checked with (SHACL)."),
    ),
}
_OF_A_CATALOGUE: Texts = (
    ("fi", "Luettelo, jollaisena haravoijat saavat sen (DCAT-AP 3.0.1)."),
    ("sv", "Katalogen så som skördare får den (DCAT-AP 3.0.1)."),
    ("en", "The catalogue as harvesters get it (DCAT-AP 3.0.1)."),
)
_OF_A_TABLE: Texts = (
    ("fi", "Yksi kuvauksen taulukoista."),
    ("sv", "En av beskrivningens tabeller."),
    ("en", "One of the tables of the description."),
)


@dataclass(frozen=True)
class DumpFile:
    """
    A dump as it lies in the release: its name there, format, size in bytes, SHA-256 in hex and number of triples.

    `holds`: what is in it, a word above or `table-<name>`; `rows`: how many, where it is a table; `packed`: by gzip.
    """

    name: str
    format: Format
    size: int
    sha256: str
    triples: int | None = None
    holds: str = DESCRIPTION
    rows: int | None = None
    packed: bool = False

    @property
    def key(self) -> str:
        """Give the last part of the address of its distribution."""
        return f"{self.holds}-{self.format.suffix}" + ("-gz" if self.packed else "")


@dataclass(frozen=True)
class Shelf:
    """Where distributions stand: the start of their addresses, that of their files, and what is true of them all."""

    start: str
    files: str
    licence: str | None = None
    rights: str | None = None
    issued: str | None = None
    modified: str | None = None

    def iri(self, dump: DumpFile) -> URIRef:
        return URIRef(self.start + dump.key)

    def distributions(self, dataset: URIRef, dumps: Iterable[DumpFile], weighed: bool = True) -> Iterator[Triple]:
        """Describe each file; of derived files, and of what is not weighed, all but size and checksum."""
        for dump in dumps:
            yield dataset, DCAT.distribution, self.iri(dump)
            yield from self._distribution(dump)
            if weighed and not is_derived(dump.name):
                yield from self._weight(dump)

    def weights(self, dumps: Iterable[DumpFile]) -> Iterator[Triple]:
        """Give size and checksum of the derived files among the dumps."""
        for dump in dumps:
            if is_derived(dump.name):
                yield from self._weight(dump)

    def _distribution(self, dump: DumpFile) -> Iterator[Triple]:
        me, file = self.iri(dump), URIRef(self.files + dump.name)
        label = dump.format.label + (" (gzip)" if dump.packed else "")
        yield me, RDF.type, DCAT.Distribution
        yield from named(me, tuple((tag, f"{word}: {label}") for tag, word in _TITLES[dump.holds]), DCT.title)
        otherwise = _OF_A_CATALOGUE if dump.holds.startswith(CATALOGUE_FILE) else _OF_A_TABLE
        for text in literals(_DESCRIPTIONS.get(dump.holds, otherwise)):
            yield me, DCT.description, text
        for predicate, date in ((DCT.issued, self.issued), (DCT.modified, self.modified)):
            if date:
                yield me, predicate, Literal(date, datatype=XSD.date)
        yield me, DCAT.accessURL, file
        yield me, DCAT.downloadURL, file
        yield me, DCAT.mediaType, URIRef(IANA + dump.format.media_type)
        if dump.packed:
            yield me, DCAT.compressFormat, URIRef(IANA + GZIP_MEDIA_TYPE)
        if dump.holds == BUNDLE:
            yield me, DCAT.packageFormat, URIRef(IANA + dump.format.media_type)
        yield me, DCT["format"], URIRef(EU_FILE_TYPE + dump.format.file_type)
        if dump.format.suffix == "csv":
            yield me, DCT.conformsTo, CSVW_STANDARD
        for predicate, iri in ((DCT.license, self.licence), (DCT.rights, self.rights)):
            if iri:
                yield me, predicate, URIRef(iri)
        yield me, DCATAP.availability, URIRef(EU + "planned-availability/STABLE")
        yield me, ADMS.status, URIRef(EU + "distribution-status/COMPLETED")

    def _weight(self, dump: DumpFile) -> Iterator[Triple]:
        me = self.iri(dump)
        checksum = URIRef(f"{me}-sha256")
        yield me, DCAT.byteSize, Literal(str(dump.size), datatype=XSD.nonNegativeInteger)
        yield me, SPDX.checksum, checksum
        yield checksum, RDF.type, SPDX.Checksum
        yield checksum, RDFS.label, Literal(f"SHA-256: {dump.name}")
        yield checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256
        yield checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary)


def with_triples(dumps: Sequence[DumpFile]) -> list[DumpFile]:
    """Keep the files that are RDF."""
    return [dump for dump in dumps if dump.triples is not None]
