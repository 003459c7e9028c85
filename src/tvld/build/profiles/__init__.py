"""
The other profiles of a catalogue: from the cut that a harvester gets in DCAT-AP 3.0.1 to what each of them asks.

Nothing is added that the cut does not say, but for what the dumps themselves give: their SHA-1, the only checksum that
DCAT-AP 2 knows.
"""

from collections.abc import Mapping

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from tvld.build.graph import ADMS, DCAT, WITHDRAWN
from tvld.build.profiles.breg import breg
from tvld.build.profiles.dcat_ap_2 import dcat_ap_2
from tvld.build.profiles.reach import reachable
from tvld.build.profiles.suojattudata import suojattudata
from tvld.profiles import BREG, DCAT_AP_2, SUOJATTUDATA, Profile


def in_profile(cut: Graph, profile: Profile, sha1: Mapping[str, str]) -> Graph:
    """Give a catalogue in a profile; `sha1` has the hexadecimal SHA-1 of each dump by its download address."""
    catalogues = [node for node in cut.subjects(RDF.type, DCAT.Catalog) if isinstance(node, URIRef)]
    # Nothing leads to what was withdrawn.
    roots = catalogues + [node for node in cut.subjects(ADMS.status, WITHDRAWN) if isinstance(node, URIRef)]
    if profile == DCAT_AP_2:
        return reachable(dcat_ap_2(cut, sha1), roots)
    if profile == BREG:
        return reachable(breg(reachable(dcat_ap_2(cut, sha1), roots)), roots)
    if profile == SUOJATTUDATA:
        # Of nothing withdrawn is it known that it was protected.
        return reachable(suojattudata(cut), catalogues)
    return cut
