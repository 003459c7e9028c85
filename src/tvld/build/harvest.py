"""
The cut of a release that a harvester gets: one catalogue with the datasets, distributions, services and agents that it
lists, in the terms of DCAT-AP 3.0.1 alone. Materials and systems stay out: a portal would take them for datasets.

Of a store that was withdrawn the full catalogue has what is left: its identifier, that it is withdrawn and what took
its place. It has no class there, so that no portal takes it for a dataset.
"""

from rdflib import Graph, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from tvld.build.graph import CV, DCAT, DCT, FOAF, ORG, PUBLISHER_TYPES, SKOS, TVLD
from tvld.iris import EU, PREFIXES, Base

# Links that lead out of what a harvester is given, though DCAT knows them.
_VERSIONS = {DCAT.hasVersion, DCAT.hasCurrentVersion, DCAT.isVersionOf, DCAT.previousVersion}
# Versions are datasets too, and a portal would list each; what replaces a withdrawn thing leads to no dataset at all.
_NOT_FOLLOWED = {DCAT.resource, DCT.hasPart, DCT.isPartOf, DCT.replaces, *_VERSIONS}
_NAMESPACES = tuple(
    PREFIXES[p] for p in ("adms", "dcat", "dcatap", "dct", "eli", "foaf", "rdf", "skos", "spdx", "vcard")
)
_CLASSES_KEPT = (*_NAMESPACES, str(CV))
_NOT_CLASSES = {ORG.FormalOrganization}
# The only links from one dataset or catalogue to another: piveau takes in whatever else a dataset leads to.
_LISTED = (DCAT.Dataset, DCAT.Catalog)
_TO_DATASETS = {DCAT.dataset, DCAT.servesDataset, FOAF.primaryTopic, DCT.isReplacedBy}
# A harvester needs the name and kind of a code, not its whole entry.
_CODES = (EU, str(PUBLISHER_TYPES), "http://purl.org/adms/", "https://www.iana.org/")
_OF_A_CODE = {RDF.type, SKOS.prefLabel, SKOS.inScheme, DCT.title}


def harvested(release: Graph, organisation: str, base: Base, which: str) -> Graph:
    """Cut the catalogue `stores` (full) or `open` of an organisation out of content and metadata merged."""
    cut = Graph()
    waiting: list[Node] = [URIRef(base.thing(organisation, "catalog", which))]
    if which == "stores":
        waiting += release.subjects(TVLD.formerType, TVLD.DataStore)
    seen = set(waiting)
    while waiting:
        subject = waiting.pop()
        of_a_code = str(subject).startswith(_CODES)
        for predicate, value in release.predicate_objects(subject):
            if not _kept(predicate, value) or (of_a_code and predicate not in _OF_A_CODE):
                continue
            if predicate not in _TO_DATASETS and any((value, RDF.type, kind) in release for kind in _LISTED):
                continue
            cut.add((subject, predicate, value))
            if isinstance(value, URIRef) and predicate != RDF.type and value not in seen:
                seen.add(value)
                waiting.append(value)
    return cut


def _kept(predicate: Node, value: Node) -> bool:
    if predicate == RDF.type:
        return str(value).startswith(_CLASSES_KEPT) and value not in _NOT_CLASSES
    return predicate not in _NOT_FOLLOWED and str(predicate).startswith(_NAMESPACES)
