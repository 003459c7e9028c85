"""What search engines read of a page: schema.org as JSON-LD, only from what the data says."""

import json
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from tvld.iris import PREFIXES, RDF_TYPE
from tvld.serve.record import Record

# The first class of a thing that stands here decides; the order is from the most telling to the least.
_CLASSES = {
    PREFIXES["dcat"] + "Catalog": "DataCatalog",
    PREFIXES["dcat"] + "Dataset": "Dataset",
    PREFIXES["tvld"] + "InformationSystem": "SoftwareApplication",
    PREFIXES["dcat"] + "Distribution": "DataDownload",
    PREFIXES["dcat"] + "DataService": "WebAPI",
    PREFIXES["org"] + "FormalOrganization": "GovernmentOrganization",
    PREFIXES["org"] + "OrganizationalUnit": "Organization",
    PREFIXES["skos"] + "ConceptScheme": "DefinedTermSet",
    PREFIXES["skos"] + "Concept": "DefinedTerm",
}
_TEXTS = {
    PREFIXES["dct"] + "description": "description",
    PREFIXES["skos"] + "definition": "description",
    PREFIXES["skos"] + "altLabel": "alternateName",
    PREFIXES["dcat"] + "keyword": "keywords",
    PREFIXES["dct"] + "issued": "datePublished",
    PREFIXES["dct"] + "modified": "dateModified",
    PREFIXES["dcat"] + "byteSize": "contentSize",
}
_LINKS = {
    PREFIXES["dct"] + "publisher": ("publisher", "Organization"),
    PREFIXES["dct"] + "license": ("license", "CreativeWork"),
    PREFIXES["dct"] + "isPartOf": ("isPartOf", "Dataset"),
    PREFIXES["dct"] + "hasPart": ("hasPart", "Dataset"),
    PREFIXES["dcat"] + "dataset": ("dataset", "Dataset"),
    PREFIXES["dcat"] + "distribution": ("distribution", "DataDownload"),
    PREFIXES["dcat"] + "downloadURL": ("contentUrl", None),
    PREFIXES["org"] + "unitOf": ("parentOrganization", "Organization"),
    PREFIXES["skos"] + "inScheme": ("inDefinedTermSet", "DefinedTermSet"),
}


def structured(record: Record, iri: str) -> str | None:
    """Write the JSON of a `script` element for one thing, or None where schema.org has no word for it."""
    classes = {t.value for t in record.values(iri, RDF_TYPE) if isinstance(t, ox.NamedNode)}
    kind = next((name for class_, name in _CLASSES.items() if class_ in classes), None)
    if kind is None:
        return None
    described: dict[str, Any] = {"@context": "https://schema.org/", "@type": kind, "@id": iri, "url": iri}
    described["identifier"] = iri
    if label := record.label(iri):
        described["name"] = label.value
        if label.language:
            described["inLanguage"] = label.language
    if kind not in ("Dataset", "DataCatalog", "DataDownload"):
        described.pop("inLanguage", None)
    for predicate, name in _TEXTS.items():
        texts = [v.value for v in record.values(iri, predicate) if isinstance(v, ox.Literal)]
        if texts and name not in described:
            described[name] = texts[0] if len(texts) == 1 else texts
    for predicate, (name, class_name) in _LINKS.items():
        links = [v.value for v in record.values(iri, predicate) if isinstance(v, ox.NamedNode)]
        found = [_named(record, link, class_name) for link in links]
        if found:
            described[name] = found[0] if len(found) == 1 else found
    return _safe(described)


def _named(record: Record, iri: str, class_name: str | None) -> str | dict[str, str]:
    if class_name is None:
        return iri
    label = record.label(iri)
    named = {"@type": class_name, "@id": iri, "url": iri}
    return named | {"name": label.value} if label else named


def _safe(described: Mapping[str, Any]) -> str:
    """Write JSON that cannot end its `script` element, whatever the texts are."""
    text = json.dumps(described, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
