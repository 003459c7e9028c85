"""
A catalogue for suojattudata.suomi.fi, the national information point for data that is not open (2022/868, article 8).

Its profile is DCAT-AP 3 for datasets whose access right is restricted or non-public. Only those that the tables say to
be so are here: an access right is never inferred, and a catalogue without such datasets is empty.
"""

from collections.abc import Iterator

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from tvld.build.graph import DCAT, DCT, FOAF, Triple
from tvld.iris import EU

_PROTECTED = tuple(URIRef(f"{EU}access-right/{name}") for name in ("NON_PUBLIC", "RESTRICTED"))


def suojattudata(cut: Graph) -> Iterator[Triple]:
    """Yield the triples of a catalogue without the datasets that are open, or of which no access right is known."""
    out = {
        dataset
        for dataset in cut.subjects(RDF.type, DCAT.Dataset)
        if not any((dataset, DCT.accessRights, right) in cut for right in _PROTECTED)
    }
    out |= {
        service
        for service in cut.subjects(RDF.type, DCAT.DataService)
        if all(served in out for served in cut.objects(service, DCAT.servesDataset))
    }
    # Nor is it told of them in the entries of the catalogue, or that there is a file in which they stand.
    out |= {record for record, topic in cut.subject_objects(FOAF.primaryTopic) if topic in out}
    out |= {file for whole in cut.subjects(RDF.type, DCAT.Catalog) for file in cut.objects(whole, DCAT.distribution)}
    yield from (triple for triple in cut if triple[0] not in out and triple[2] not in out)
