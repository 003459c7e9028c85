"""
What the catalogues of an organisation say of themselves: the files that they stand in, and the entry of the description
in them (DCAT-AP 3.0.1, `dcat:CatalogRecord`): in which profile it is, how and by which rules it was checked.

A catalogue cannot tell its own size and checksum; the manifest does. Of its record a harvester gets what DCAT-AP knows.
"""

from collections.abc import Iterator

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS

from tvld.build.distributions import CATALOGUE_FILE, RULES, DumpFile, Shelf
from tvld.build.graph import ADMS, DCAT, DCT, FOAF, PROV, Triple, named
from tvld.formats import NTRIPLES, TURTLE
from tvld.iris import PREFIXES, Base
from tvld.model import Texts
from tvld.profiles import CATALOGUES, DCAT_AP_3, file_of

DQV, OA, SH = (Namespace(PREFIXES[p]) for p in ("dqv", "oa", "sh"))
_CHANGES = "http://purl.org/adms/changetype/"
_TITLE: Texts = (
    ("fi", "Luettelotietue: tietovarantojen kuvaus"),
    ("sv", "Katalogpost: beskrivning av informationslager"),
    ("en", "Catalogue record: the description of data stores"),
)
_REPORT: Texts = (
    ("fi", "Kuvauksen tarkastusraportti"),
    ("sv", "Granskningsrapport för beskrivningen"),
    ("en", "Validation report of the description"),
)


def records(about: Graph, organisation: str, base: Base, release: str, shelf: Shelf, previous: str | None) -> Graph:
    """Give them; `about` is the organisation's release metadata, `previous` the release that this one follows."""
    graph = Graph()
    for triple in _record(about, organisation, base, release, previous):
        graph.add(triple)
    for which in CATALOGUES:
        file = DumpFile(file_of(organisation, which, DCAT_AP_3), TURTLE, 0, "", holds=f"{CATALOGUE_FILE}-{which}")
        for triple in shelf.distributions(URIRef(base.thing(organisation, "catalog", which)), [file], weighed=False):
            graph.add(triple)
    return graph


def _record(about: Graph, organisation: str, base: Base, release: str, previous: str | None) -> Iterator[Triple]:
    me = URIRef(base.thing(organisation, "catalog", "record"))
    topic = URIRef(base.thing(organisation, "catalog", "description"))
    for which in CATALOGUES:
        yield URIRef(base.thing(organisation, "catalog", which)), DCAT.record, me
    yield me, RDF.type, DCAT.CatalogRecord
    yield from named(me, _TITLE, DCT.title)
    yield me, FOAF.primaryTopic, topic
    for predicate in (DCT.issued, DCT.modified, DCT.language):
        for value in about.objects(topic, predicate):
            yield me, predicate, value
    yield me, ADMS.status, URIRef(_CHANGES + ("updated" if previous else "created"))
    yield me, DCT.conformsTo, URIRef(DCAT_AP_3.iri)
    # How it was checked: an annotation, whose body is the report and whose rules have their checksum as a distribution.
    checked = URIRef(base.thing(organisation, "catalog", "checked"))
    report = URIRef(base.dump(release, "report.ttl"))
    yield me, DQV.hasQualityAnnotation, checked
    yield checked, RDF.type, DQV.QualityAnnotation
    yield from named(checked, _REPORT)
    yield checked, OA.hasTarget, topic
    yield checked, OA.hasBody, report
    yield checked, OA.motivatedBy, DQV.qualityAssessment
    yield checked, PROV.used, Shelf(base.thing("catalog", "catalog", ""), "").iri(_RULES_FILE)
    yield report, RDF.type, SH.ValidationReport
    yield report, RDFS.label, Literal("report.ttl")


_RULES_FILE = DumpFile("shapes.nt", NTRIPLES, 0, "", holds=RULES)
