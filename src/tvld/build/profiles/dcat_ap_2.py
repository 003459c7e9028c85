"""
A catalogue in DCAT-AP 2.1.1, for avoindata.fi and data.europa.eu.

What differs from 3.0.1: sizes are xsd:decimal, a checksum is SHA-1, a distribution's status comes from the list of
ADMS, the version is owl:versionInfo. What version 3 brought (applicable legislation, versions, series) is left out.
"""

from collections.abc import Iterator, Mapping

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL, RDF, XSD
from rdflib.term import Node

from tvld.build.graph import DCAT, DCT, SKOS, Triple
from tvld.iris import EU, PREFIXES

ADMS = Namespace(PREFIXES["adms"])
DCATAP = Namespace(PREFIXES["dcatap"])
SPDX = Namespace(PREFIXES["spdx"])

_OLD_STATUS = Namespace("http://purl.org/adms/status/")
_OLD_STATUSES = _OLD_STATUS["1.0"]
_STATUSES = {
    URIRef(f"{EU}distribution-status/{new}"): _OLD_STATUS[old]
    for new, old in {
        "COMPLETED": "Completed",
        "DEPRECATED": "Deprecated",
        "DEVELOP": "UnderDevelopment",
        "WITHDRAWN": "Withdrawn",
    }.items()
}
_LATER = {
    DCAT[name]
    for name in (
        "first",
        "hasCurrentVersion",
        "hasVersion",
        "inSeries",
        "isVersionOf",
        "last",
        "prev",
        "previousVersion",
        "resource",
    )
}


def dcat_ap_2(cut: Graph, sha1: Mapping[str, str]) -> Iterator[Triple]:
    """Yield the triples of a catalogue as version 2.1.1 has them; some may be of nodes that nothing leads to."""
    for subject, predicate, value in cut:
        if predicate in _LATER or (str(predicate).startswith(str(DCATAP)) and predicate != DCATAP.availability):
            continue
        if predicate == DCAT.byteSize:
            yield subject, predicate, Literal(str(value), datatype=XSD.decimal)
        elif predicate == DCAT.version:
            yield subject, OWL.versionInfo, value
        elif predicate == SPDX.checksum:
            yield from _checksum(subject, sha1.get(str(cut.value(subject, DCAT.downloadURL))))
        elif isinstance(value, URIRef) and value in _STATUSES:
            yield subject, predicate, _STATUSES[value]
            yield from _status(cut, value)
        else:
            yield subject, predicate, value


def _checksum(distribution: Node, sha1: str | None) -> Iterator[Triple]:
    """Tell the SHA-1 of a dump, at an address that leads to the document of its distribution."""
    if sha1 is not None:
        me = URIRef(f"{distribution}#sha1")
        yield distribution, SPDX.checksum, me
        yield me, RDF.type, SPDX.Checksum
        yield me, SPDX.algorithm, SPDX.checksumAlgorithm_sha1
        yield me, SPDX.checksumValue, Literal(sha1, datatype=XSD.hexBinary)


def _status(cut: Graph, new: URIRef) -> Iterator[Triple]:
    old = _STATUSES[new]
    yield old, RDF.type, SKOS.Concept
    for label in cut.objects(new, SKOS.prefLabel):
        yield old, SKOS.prefLabel, label
    yield old, SKOS.inScheme, _OLD_STATUSES
    yield _OLD_STATUSES, RDF.type, SKOS.ConceptScheme
    yield _OLD_STATUSES, DCT.title, Literal("Status", lang="en")
