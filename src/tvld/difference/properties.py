"""
The register of what can change: kinds of things, kinds of changes, and the properties whose changes are told.

Whatever is told of a difference is told from this register; `tvld.difference.words` has the words for each entry.
"""

from dataclasses import dataclass

from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL
from tvld.model import KINDS

_DCT, _SKOS, _FOAF, _TVLD = PREFIXES["dct"], PREFIXES["skos"], PREFIXES["foaf"], PREFIXES["tvld"]

# What a thing can be. A `code` is of a code list, ours or the EU's; `other` is whatever else has an address.
THINGS = ("organisation", *(kind for kind in KINDS if kind != "catalog"), "code", "other")

# What can happen to a thing as a whole, and to one of its properties.
OF_THINGS = ("added", "removed", "withdrawn", "replaced", "returned", "derived")
OF_PROPERTIES = ("gained", "lost", "changed")


@dataclass(frozen=True)
class Property:
    """
    One property: its `key` in the words, its IRI.

    `single`: a thing has one value (in a language), so that one that goes and one that comes are a change.
    `of`: the kinds of things whose changes are told; empty: all.
    """

    key: str
    iri: str
    single: bool = False
    of: tuple[str, ...] = ()


# In the order in which they are told.
PROPERTIES = (
    Property("name", RDFS_LABEL, single=True),
    Property("alias", _SKOS + "altLabel"),
    Property("service-area", _TVLD + "serviceArea", single=True),
    Property("part-of", _DCT + "isPartOf", single=True),
    Property("unit-of", PREFIXES["org"] + "unitOf", single=True),
    Property("purpose", PREFIXES["dpv"] + "hasPurpose"),
    Property("system", _TVLD + "processedIn"),
    Property("data-group", _TVLD + "dataGroup", single=True),
    Property("theme", PREFIXES["dcat"] + "theme"),
    Property("theme-status", _TVLD + "themeStatus", single=True),
    Property("search-key", _TVLD + "searchKey"),
    Property("open-interface", _TVLD + "openInterface", single=True),
    Property("authority", _TVLD + "authority", single=True),
    Property("retention", _TVLD + "retention", single=True),
    Property("type", _DCT + "type", single=True),
    Property("definition", _SKOS + "definition", single=True),
    Property("note", _SKOS + "editorialNote", single=True),
    Property("remark", _SKOS + "note"),
    Property("text", _TVLD + "sourceText", single=True),
    Property("derived-from", PREFIXES["prov"] + "wasDerivedFrom", of=("store", "material")),
    Property("business-id", PREFIXES["org"] + "identifier", single=True),
    Property("homepage", _FOAF + "homepage", single=True),
    Property("page", _FOAF + "page", single=True),
    Property("issued", _DCT + "issued", single=True),
)

# What follows from other statements, repeats them or is fixed with the thing: not told by itself.
DERIVED = frozenset(
    {
        RDF_TYPE,
        _DCT + "title",
        _DCT + "identifier",
        _DCT + "description",
        _DCT + "hasPart",
        _DCT + "publisher",
        _SKOS + "prefLabel",
        _SKOS + "inScheme",
        _SKOS + "topConceptOf",
        _SKOS + "hasTopConcept",
        _FOAF + "name",
        _TVLD + "processes",
        _TVLD + "sourceLine",
        _TVLD + "sourceColumn",
        PREFIXES["prov"] + "wasDerivedFrom",
        # Of tombstones: told as a withdrawal.
        PREFIXES["adms"] + "status",
        _DCT + "isReplacedBy",
        _DCT + "replaces",
        _TVLD + "formerType",
        _TVLD + "withdrawnOn",
    }
)

BY_IRI = {entry.iri: entry for entry in PROPERTIES}
# The key of a property that stands in neither register: told by its IRI.
UNKNOWN = "unknown"
KEYS = (*(entry.key for entry in PROPERTIES), UNKNOWN)
