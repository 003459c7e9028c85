"""
Our DCAT-AP shapes against the official ones of 3.0.1 (`shapes.ttl`, `range.ttl`): what those refuse, ours refuse.

Once by broken catalogues, once shape by shape. The official files stay where they are (`--authority`).
"""

from pathlib import Path

import pytest
from rdflib import SH, Graph, URIRef
from rdflib.term import Node

from tvld.build.findings import Finding, violations
from tvld.build.validate import validate
from tvld.iris import PREFIXES
from tvld.resources import folder

GOOD = Path(__file__).parent / "data" / "catalogues" / "good.ttl"
BASE = "http://127.0.0.1:8000/"
EU = "<http://publications.europa.eu/resource/authority/"
FIN = EU + "country/FIN>"
CC_BY = "<http://creativecommons.org/licenses/by/4.0/>"
IANA = "<https://www.iana.org/assignments/media-types/"
TWO_DATES = '"2026-01-31"^^xsd:date , "2026-02-28"^^xsd:date'

# What is done to the good catalogue: of this subject, this property has these values instead (or none).
# `<nowhere>` is an address about which nothing is said.
CASES = [
    ("<catalog>", "dct:title", ""),
    ("<catalog>", "dct:title", "<nowhere>"),
    ("<catalog>", "dct:description", ""),
    ("<catalog>", "dct:description", "<nowhere>"),
    ("<catalog>", "dct:publisher", ""),
    ("<catalog>", "dct:publisher", '"Kunta"@fi'),
    ("<catalog>", "dct:creator", "<publisher> , <contact>"),
    ("<catalog>", "dct:language", '"fi"'),
    ("<catalog>", "dct:language", "<nowhere>"),
    ("<catalog>", "dct:license", f"{CC_BY} , <nowhere>"),
    ("<catalog>", "dct:license", '"CC BY 4.0"'),
    ("<catalog>", "dct:issued", '"eilen"@fi'),
    ("<catalog>", "dct:issued", '"31.1.2026"^^xsd:date'),  # a datatype and a text that is not of it
    ("<catalog>", "dct:modified", TWO_DATES),
    ("<catalog>", "dct:modified", '"2026-01-31"'),
    ("<catalog>", "dct:spatial", '"Suomi"@fi'),
    ("<catalog>", "dct:rights", "<rights> , <nowhere>"),
    ("<catalog>", "dct:hasPart", "<dataset>"),
    ("<catalog>", "dct:isPartOf", "<nowhere>"),
    ("<catalog>", "dcat:catalog", "<nowhere>"),
    ("<catalog>", "dcat:record", "<dataset>"),
    ("<catalog>", "dcat:service", "<dataset>"),
    ("<catalog>", "dcat:dataset", "<service>"),
    ("<catalog>", "dcat:dataset", '"aineisto"@fi'),
    ("<catalog>", "dcat:themeTaxonomy", "<nowhere>"),
    ("<catalog>", "dcatap:applicableLegislation", '"906/2019"'),
    ("<catalog>", "foaf:homepage", "<home> , <nowhere>"),
    ("<catalog>", "dct:identifier", "<catalog>"),  # a catalogue is a dataset too
    ("<catalog>", "dcat:keyword", "<nowhere>"),
    ("<dataset>", "dct:title", ""),
    ("<dataset>", "dct:description", ""),
    ("<dataset>", "dct:accessRights", '"julkinen"@fi'),
    ("<dataset>", "dct:accessRights", "<rights> , <nowhere>"),
    ("<dataset>", "dcatap:applicableLegislation", "<nowhere>"),
    ("<dataset>", "dct:conformsTo", '"standardi"@fi'),
    ("<dataset>", "dcat:contactPoint", '"kirjaamo@example.com"'),
    ("<dataset>", "dct:creator", "<nowhere>"),
    ("<dataset>", "dcat:distribution", "<dumps/description.ttl>"),
    ("<dataset>", "foaf:page", "<nowhere>"),
    ("<dataset>", "dct:accrualPeriodicity", '"vuosittain"@fi'),
    ("<dataset>", "dct:spatial", '"Suomi"@fi'),
    ("<dataset>", "dct:hasVersion", '"2.0"'),
    ("<dataset>", "dct:identifier", "<dataset>"),
    ("<dataset>", "dcat:inSeries", "<dataset/1>"),
    ("<dataset>", "dct:isReferencedBy", '"tutkimus"@fi'),
    ("<dataset>", "dcat:keyword", "<nowhere>"),
    ("<dataset>", "dcat:landingPage", '"http://127.0.0.1:8000/"'),
    ("<dataset>", "dct:language", '"suomi"@fi'),
    ("<dataset>", "dct:modified", TWO_DATES),
    ("<dataset>", "adms:identifier", '"1234567-8"'),
    ("<dataset>", "dct:provenance", '"taulukosta"@fi'),
    ("<dataset>", "dct:publisher", "<publisher> , <nowhere>"),
    ("<dataset>", "prov:qualifiedAttribution", "<publisher>"),
    ("<dataset>", "dcat:qualifiedRelation", "<dataset/1>"),
    ("<dataset>", "dct:relation", '"liite"@fi'),
    ("<dataset>", "dct:issued", TWO_DATES),
    ("<dataset>", "adms:sample", "<nowhere>"),
    ("<dataset>", "dct:source", "<home>"),
    ("<dataset>", "dcat:spatialResolutionInMeters", '"10 m"'),
    ("<dataset>", "dct:temporal", '"2026"^^xsd:gYear'),
    ("<dataset>", "dcat:temporalResolution", '"P1D"'),
    ("<dataset>", "dcat:theme", '"hallinto"@fi'),
    ("<dataset>", "dcat:theme", "<nowhere>"),
    ("<dataset>", "dct:type", "<nowhere>"),
    ("<dataset>", "dcat:version", '"1.0" , "1.1"'),
    ("<dataset>", "adms:versionNotes", "<nowhere>"),
    ("<dataset>", "prov:wasGeneratedBy", "<publisher>"),
    ("<series>", "dct:title", ""),
    ("<series>", "dct:description", "<nowhere>"),
    ("<series>", "dcat:contactPoint", "<nowhere>"),
    ("<series>", "dcatap:applicableLegislation", "<nowhere>"),
    ("<series>", "dct:accrualPeriodicity", "<nowhere>"),
    ("<series>", "dct:issued", "<nowhere>"),
    ("<series>", "dct:modified", '"2026"'),
    ("<series>", "dct:publisher", "<publisher> , <contact>"),
    ("<series>", "dct:spatial", "<nowhere>"),
    ("<series>", "dct:temporal", "<nowhere>"),
    ("<distribution>", "dcat:accessURL", ""),
    ("<distribution>", "dcat:accessURL", '"http://127.0.0.1:8000/dumps/"'),
    ("<distribution>", "dcat:accessService", "<sparql>"),
    ("<distribution>", "dcat:byteSize", '"2048"^^xsd:decimal'),  # right in DCAT-AP 2, wrong in 3
    ("<distribution>", "dcat:compressFormat", '"gzip"'),
    ("<distribution>", "dcat:downloadURL", '"description.ttl"'),
    ("<distribution>", "dcat:mediaType", '"text/turtle"'),
    ("<distribution>", "dcat:packageFormat", "<nowhere>"),
    ("<distribution>", "dcat:spatialResolutionInMeters", '"10.0"^^xsd:decimal , "20.0"^^xsd:decimal'),
    ("<distribution>", "dcat:temporalResolution", '"P1D"^^xsd:duration , "P1M"^^xsd:duration'),
    ("<distribution>", "dcatap:applicableLegislation", "<nowhere>"),
    ("<distribution>", "dcatap:availability", "<nowhere>"),
    ("<distribution>", "dct:conformsTo", "<nowhere>"),
    ("<distribution>", "dct:description", "<nowhere>"),
    ("<distribution>", "dct:format", '"Turtle"'),
    ("<distribution>", "dct:format", f"{EU}file-type/RDF_TURTLE> , <nowhere>"),
    ("<distribution>", "dct:issued", '"2026-01-31"'),
    ("<distribution>", "dct:language", "<nowhere>"),
    ("<distribution>", "dct:license", "<nowhere>"),
    ("<distribution>", "dct:modified", TWO_DATES),
    ("<distribution>", "dct:rights", "<nowhere>"),
    ("<distribution>", "dct:title", "<nowhere>"),
    ("<distribution>", "adms:status", "<nowhere>"),
    ("<distribution>", "foaf:page", '"ohje"@fi'),
    ("<distribution>", "odrl:hasPolicy", "<nowhere>"),
    ("<distribution>", "spdx:checksum", '"9F86D081"^^xsd:hexBinary'),
    ("<service>", "dct:title", ""),
    ("<service>", "dct:description", "<nowhere>"),
    ("<service>", "dcat:endpointURL", ""),
    ("<service>", "dcat:endpointURL", '"/sparql"'),
    ("<service>", "dcat:endpointDescription", '"SPARQL 1.1"'),
    ("<service>", "dcat:servesDataset", "<nowhere>"),
    ("<service>", "dcat:contactPoint", "<nowhere>"),
    ("<service>", "dcat:keyword", "<nowhere>"),
    ("<service>", "dcat:landingPage", "<nowhere>"),
    ("<service>", "dcat:theme", "<nowhere>"),
    ("<service>", "dcatap:applicableLegislation", "<nowhere>"),
    ("<service>", "dct:accessRights", "<nowhere>"),
    ("<service>", "dct:conformsTo", "<nowhere>"),
    ("<service>", "dct:format", "<nowhere>"),
    ("<service>", "dct:license", f"{CC_BY} , <nowhere>"),
    ("<service>", "dct:publisher", "<nowhere>"),
    ("<record>", "foaf:primaryTopic", ""),
    ("<record>", "foaf:primaryTopic", "<publisher>"),
    ("<record>", "foaf:primaryTopic", "<dataset> , <service>"),
    ("<record>", "dct:modified", ""),
    ("<record>", "dct:modified", TWO_DATES),
    ("<record>", "dct:conformsTo", "<standard> , <nowhere>"),
    ("<record>", "dct:issued", '"tammikuu"@fi'),
    ("<record>", "adms:status", '"uusi"@fi'),
    ("<record>", "dct:language", "<nowhere>"),
    ("<record>", "dct:source", "<dataset>"),
    ("<record>", "dct:title", "<nowhere>"),
    ("<record>", "dct:description", "<nowhere>"),
    ("<publisher>", "foaf:name", ""),
    ("<publisher>", "dct:type", '"kunta"@fi'),
    ("<publisher>", "dct:type", "<http://purl.org/adms/publishertype/LocalAuthority> , <nowhere>"),
    (f"{EU}data-theme/GOVE>", "skos:prefLabel", ""),
    ("<role>", "skos:prefLabel", ""),  # a role is a concept
    (f"{EU}data-theme>", "dct:title", ""),
    ("<checksum>", "spdx:algorithm", ""),
    ("<checksum>", "spdx:checksumValue", '"9F86D081"'),
    ("<number>", "skos:notation", '"1" , "2"'),
    (CC_BY, "dct:type", '"nimeä"@fi'),
    (FIN, "dcat:bbox", "<nowhere>"),
    (FIN, "dcat:centroid", '"POINT(26 65)" , "POINT(25 66)"'),
    (FIN, "locn:geometry", "<nowhere>"),
    ("<year>", "dcat:startDate", TWO_DATES),
    ("<year>", "dcat:endDate", TWO_DATES),
    ("<year>", "time:hasBeginning", "<nowhere>"),
    ("<year>", "time:hasEnd", '"2026-12-31"^^xsd:date'),
    ("<relationship>", "dct:relation", "<annex>"),
    ("<relationship>", "dcat:hadRole", ""),
]

# The same against the official code lists, which need the EU tables beside the data.
LIST_CASES = [
    ("<catalog>", "dct:language", f"{EU}language/SUOMI>", "dct:LinguisticSystem"),
    ("<dataset>", "dct:language", "<http://id.loc.gov/vocabulary/iso639-1/fi>", "dct:LinguisticSystem"),
    ("<dataset>", "dct:accrualPeriodicity", "<http://purl.org/cld/freq/annual>", "dct:Frequency"),
    ("<distribution>", "dct:format", f"{IANA}text/turtle>", "dct:MediaTypeOrExtent"),
    ("<distribution>", "dcat:mediaType", f"{EU}file-type/RDF_TURTLE>", "dct:MediaType"),
    ("<distribution>", "dcat:compressFormat", f"{EU}file-type/GZIP>", "dct:MediaType"),
    ("<distribution>", "dcat:packageFormat", f"{EU}file-type/ZIP>", "dct:MediaType"),
    ("<distribution>", "adms:status", "<http://purl.org/adms/status/Completed>", "skos:Concept"),
    ("<distribution>", "dcatap:availability", "<http://data.europa.eu/r5r/stable>", "skos:Concept"),
    ("<service>", "dct:format", "<nowhere>", "dct:MediaTypeOrExtent"),
    (CC_BY, "dct:type", f"{EU}data-theme/GOVE>", "skos:Concept"),
]

# `sh:shape` stands in the official file where `sh:node` is meant, so that these dates are never looked at.
STRICTER = [
    ("<record>", "dct:modified", '"eilen"@fi'),
    ("<dataset>", "dct:issued", '"eilen"@fi'),
    ("<dataset>", "dct:modified", '"2026-01-31"'),
    ("<year>", "dcat:startDate", '"tammikuu"@fi'),
    ("<year>", "dcat:endDate", '"2026"'),
]


@pytest.fixture(scope="module")
def good() -> Graph:
    return Graph().parse(GOOD)


@pytest.fixture(scope="module")
def ours() -> Graph:
    return Graph().parse(folder("shapes") / "dcat-ap.ttl")


@pytest.fixture(scope="module")
def official(authority: Path) -> Graph:
    shapes = authority / "shapes" / "dcat-ap-3.0.1"
    return Graph().parse(shapes / "shapes.ttl").parse(shapes / "range.ttl")


@pytest.fixture(scope="module")
def official_lists(authority: Path) -> Graph:
    return Graph().parse(authority / "shapes" / "dcat-ap-3.0.1" / "mdr-vocabularies.shape.ttl")


@pytest.fixture(scope="module")
def background(authority: Path) -> Graph:
    """The subclass axioms of DCAT, FOAF and others that the official shapes rely on."""
    return Graph().parse(authority / "onto" / "background.ttl")


@pytest.fixture(scope="module")
def tables(authority: Path) -> Graph:
    return Graph().parse(authority / "vocab" / "mdr.ttl")


def broken(good: Graph, subject: str, path: str, values: str, class_: str = "") -> tuple[Graph, tuple[str, str]]:
    """Change the good catalogue; give it with the focus node and path at which it is now wrong."""
    head = "".join(line for line in GOOD.read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("@"))
    (who, what, _), *_ = Graph().parse(data=f"{head}{subject} {path} 1 .")
    graph = Graph()
    for triple in good:
        if triple[:2] != (who, what):
            graph.add(triple)
    if values:
        graph.parse(data=f"{head}{subject} {path} {values} .", format="turtle")
    if class_:
        label = ' ; skos:prefLabel "x"@fi' if class_ == "skos:Concept" else ""
        graph.parse(data=f"{head}{values} a {class_}{label} .", format="turtle")
    return graph, (str(who), str(what))


def refused(findings: list[Finding]) -> set[tuple[str | None, str | None]]:
    return {(finding.focus, finding.path) for finding in violations(findings)}


def named(cases: list[tuple[str, ...]]) -> list[str]:
    return [
        f"{subject.strip('<>').rpartition('/')[2]} {path} {values or 'missing'}" for subject, path, values, *_ in cases
    ]


def test_there_are_enough_broken_catalogues() -> None:
    assert len(CASES) >= 140
    assert len(LIST_CASES) >= 11
    assert len(set(CASES)) == len(CASES)
    assert len(STRICTER) == 5


def test_the_good_catalogue_is_refused_by_nobody(
    good: Graph, ours: Graph, official: Graph, official_lists: Graph, background: Graph, tables: Graph
) -> None:
    surrounded = good + background + tables
    # The official list of checksum algorithms looks for https://spdx.org where SPDX itself says http: none passes.
    defect = (BASE + "checksum", PREFIXES["spdx"] + "algorithm")

    assert refused(validate(good, ours)) == set()
    assert refused(validate(surrounded, ours)) == set()
    assert refused(validate(good, official)) == set()
    assert refused(validate(surrounded, official)) == set()
    assert refused(validate(surrounded, official_lists)) == {defect}


@pytest.mark.parametrize(("subject", "path", "values"), CASES, ids=named(CASES))
def test_what_the_official_shapes_refuse_ours_refuse(
    good: Graph, ours: Graph, official: Graph, background: Graph, subject: str, path: str, values: str
) -> None:
    catalogue, fault = broken(good, subject, path, values)
    theirs = refused(validate(catalogue + background, official))
    assert fault in theirs, "a case must break what it says"

    assert theirs <= refused(validate(catalogue, ours))


@pytest.mark.parametrize(("subject", "path", "values"), STRICTER, ids=named(STRICTER))
def test_dates_that_the_official_shapes_forget_to_look_at_are_refused_by_ours(
    good: Graph, ours: Graph, official: Graph, subject: str, path: str, values: str
) -> None:
    catalogue, fault = broken(good, subject, path, values)

    assert fault not in refused(validate(catalogue, official))
    assert fault in refused(validate(catalogue, ours))


@pytest.mark.parametrize(("subject", "path", "value", "class_"), LIST_CASES, ids=named(LIST_CASES))
def test_what_is_on_no_official_code_list_is_refused_by_ours(
    good: Graph,
    ours: Graph,
    official_lists: Graph,
    background: Graph,
    tables: Graph,
    subject: str,
    path: str,
    value: str,
    class_: str,
) -> None:
    catalogue, fault = broken(good, subject, path, value, class_)
    assert fault in refused(validate(catalogue + background + tables, official_lists))

    assert fault in refused(validate(catalogue, ours))


def _uri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name


# Official property shapes without a counterpart, and why.
DELIBERATE = {
    # An inverse path can only be written with a blank node, of which our shapes have none; and it is only a warning.
    (_uri("dcat:DatasetSeries"), "inverse of dcat:inSeries"),
}

TEMPORAL, RESOURCE = "DateOrDateTimeDataType_Shape", "DcatResource_Shape"
Demand = tuple[str, str]


def demands(shapes: Graph, shape: Node) -> set[Demand]:
    """What a property shape demands, with tests of a value by their meaning."""
    found: set[Demand] = set()
    for parameter in (SH.minCount, SH.maxCount, SH.nodeKind, SH["class"], SH.datatype):
        found |= {(str(parameter), str(value)) for value in shapes.objects(shape, parameter)}
    for parameter in (SH.node, URIRef(f"{SH}shape")):  # the second is the official file's slip for the first
        for value in shapes.objects(shape, parameter):
            local = str(value).rpartition("#")[2]
            found.add(("is", {TEMPORAL: "Temporal", RESOURCE: "CataloguedResource"}.get(local, local)))
    return found


def implied(found: set[Demand]) -> set[Demand]:
    """What follows from demands: what has a class is no literal, what has a datatype is one (SHACL 1.0, 4.1)."""
    more = set(found)
    for parameter, value in found:
        if parameter == str(SH["class"]) or (parameter, value) in {
            ("is", "CataloguedResource"),
            (str(SH.nodeKind), str(SH.IRI)),
        }:
            more.add((str(SH.nodeKind), str(SH.BlankNodeOrIRI)))
        if parameter == str(SH.datatype) or (parameter, value) == ("is", "Temporal"):
            more.add((str(SH.nodeKind), str(SH.Literal)))
    return more


def by_class(shapes: Graph, severity: URIRef) -> dict[tuple[str, str], set[Demand]]:
    """All demands of a severity, by target class and path."""
    table: dict[tuple[str, str], set[Demand]] = {}
    for node_shape, class_ in shapes.subject_objects(SH.targetClass):
        for shape in shapes.objects(node_shape, SH.property):
            if (shape, SH.severity, severity) in shapes:
                path = shapes.value(shape, SH.path)
                name = str(path) if isinstance(path, URIRef) else "inverse of dcat:inSeries"
                table.setdefault((str(class_), name), set()).update(demands(shapes, shape))
    return table


def test_every_official_demand_has_a_counterpart_in_ours(ours: Graph, official: Graph) -> None:
    theirs, mine = by_class(official, SH.Violation), by_class(ours, SH.Violation)
    counted = sum(len(found) for found in theirs.values())
    missing = {
        (*where, demand)
        for where, found in theirs.items()
        for demand in found - implied(mine.get(where, set()))
        if where not in DELIBERATE
    }

    assert len(theirs) == 130
    assert counted > 250
    assert missing == set()


def test_the_deliberate_differences_are_warnings_only(ours: Graph, official: Graph) -> None:
    warned = by_class(official, SH.Warning)

    assert set(warned) == DELIBERATE
    assert not DELIBERATE & set(by_class(official, SH.Violation))


def test_every_official_recommendation_has_a_counterpart_in_ours(authority: Path, ours: Graph) -> None:
    theirs = Graph().parse(authority / "shapes" / "dcat-ap-3.0.1" / "shapes_recommended.ttl")
    recommended = {where for where, found in by_class(theirs, SH.Warning).items() if (str(SH.minCount), "1") in found}
    of_listed = {SH.targetClass: None, SH.targetObjectsOf: {"dataset": "dcat:Dataset", "publisher": "foaf:Agent"}}
    mine: set[tuple[str, str]] = set()
    for shape in ours.subjects(SH.severity, SH.Warning):
        for target, meant in of_listed.items():
            for value in ours.objects(shape, target):
                local = str(value).rpartition("#")[2].rpartition("/")[2]
                class_ = _uri(meant[local]) if meant else str(value)
                mine |= {(class_, str(path)) for path in ours.objects(shape, SH.path)}

    assert len(recommended) == 36
    assert recommended - mine == set()
