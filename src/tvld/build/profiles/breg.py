"""
A catalogue in BRegDCAT-AP 2.1.0, the profile for base registries, as far as the data allow.

It builds on DCAT-AP 2, wants licences from the EU's list, and of a public organisation a title, a label and a place:
the place is that of its catalogue, and missing where the tables name none.
"""

from collections.abc import Iterator

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from tvld.build.graph import CV, DCAT, DCT, FOAF, SKOS, Triple
from tvld.iris import EU

_LICENCES = URIRef(EU + "licence")
_EU_LICENCES = {
    URIRef("http://creativecommons.org/licenses/by/4.0/"): URIRef(EU + "licence/CC_BY_4_0"),
    URIRef("http://creativecommons.org/publicdomain/zero/1.0/"): URIRef(EU + "licence/CC0"),
}


def breg(cut: Graph) -> Iterator[Triple]:
    """Yield the triples of a DCAT-AP 2 catalogue with what BRegDCAT-AP asks beyond."""
    for subject, predicate, value in cut:
        if predicate == DCT.type and (subject, RDF.type, DCT.LicenseDocument) in cut:
            # Its code lists take the type of a licence for a licence (LicenceTypeRestriction): no type passes them.
            continue
        if predicate == DCT.license and isinstance(value, URIRef) and value in _EU_LICENCES:
            yield subject, predicate, _EU_LICENCES[value]
            yield from _licence(cut, value, _EU_LICENCES[value])
        else:
            yield subject, predicate, value
    for organisation in cut.subjects(RDF.type, CV.PublicOrganisation):
        names = sorted((name for name in cut.objects(organisation, FOAF.name) if isinstance(name, Literal)), key=_order)
        for name in names:
            yield organisation, SKOS.prefLabel, name
        # One title at most: the first language of the tables is Finnish.
        for name in names[:1]:
            yield organisation, DCT.title, name
        for catalogue in cut.subjects(RDF.type, DCAT.Catalog):
            for place in cut.objects(catalogue, DCT.spatial):
                yield organisation, DCT.spatial, place


def _licence(cut: Graph, known: URIRef, licence: URIRef) -> Iterator[Triple]:
    for _, predicate, value in cut.triples((known, None, None)):
        if value != licence and predicate != DCT.type:
            yield licence, predicate, value
    yield licence, SKOS.exactMatch, known
    yield licence, SKOS.inScheme, _LICENCES
    yield _LICENCES, RDF.type, SKOS.ConceptScheme
    yield _LICENCES, DCT.title, Literal("Licence", lang="en")


def _order(name: Literal) -> tuple[bool, str, str]:
    return name.language != "fi", name.language or "", str(name)
