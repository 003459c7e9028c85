"""
The JSON-LD context of everything tvld writes: short names for the properties of the model, prefixes for the rest.

The context is a constant, written inline into every document, so that no reader has to fetch anything.
"""

from tvld.iris import PREFIXES

# Values keyed by language.
_TEXTS = {
    "title": "dct:title",
    "description": "dct:description",
    "label": "rdfs:label",
    "prefLabel": "skos:prefLabel",
    "altLabel": "skos:altLabel",
    "definition": "skos:definition",
    "note": "skos:note",
    "name": "foaf:name",
    "keyword": "dcat:keyword",
    "sourceText": "tvld:sourceText",
    "searchKey": "tvld:searchKey",
    "authority": "tvld:authority",
    "retention": "tvld:retention",
}
# Values that are addresses.
_LINKS = {
    "publisher": "dct:publisher",
    "isPartOf": "dct:isPartOf",
    "hasPart": "dct:hasPart",
    "isDefinedBy": "rdfs:isDefinedBy",
    "inScheme": "skos:inScheme",
    "theme": "dcat:theme",
    "dataset": "dcat:dataset",
    "distribution": "dcat:distribution",
    "hasPurpose": "dpv:hasPurpose",
    "unitOf": "org:unitOf",
    "wasDerivedFrom": "prov:wasDerivedFrom",
    "processedIn": "tvld:processedIn",
    "processes": "tvld:processes",
    "dataGroup": "tvld:dataGroup",
    "serviceArea": "tvld:serviceArea",
}
# Values of one datatype.
_TYPED = {
    "issued": ("dct:issued", "xsd:date"),
    "modified": ("dct:modified", "xsd:date"),
    "sourceLine": ("tvld:sourceLine", "xsd:integer"),
    "sourceColumn": ("tvld:sourceColumn", "xsd:integer"),
    "openInterface": ("tvld:openInterface", "xsd:boolean"),
}

Context = dict[str, str | dict[str, str]]


def context() -> Context:
    """Give the whole context, in a fixed order: keywords, prefixes, then terms."""
    terms: Context = {"id": "@id", "type": "@type", "identifier": "dct:identifier", "themeStatus": "tvld:themeStatus"}
    terms |= PREFIXES
    terms |= {term: {"@id": iri, "@container": "@language"} for term, iri in _TEXTS.items()}
    terms |= {term: {"@id": iri, "@type": "@id"} for term, iri in _LINKS.items()}
    terms |= {term: {"@id": iri, "@type": datatype} for term, (iri, datatype) in _TYPED.items()}
    return terms
