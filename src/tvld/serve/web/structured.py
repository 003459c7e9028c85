"""What search engines read of a page: schema.org as JSON-LD, only from what the data says."""

import json
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from tvld.formats import IANA
from tvld.iris import EU, PREFIXES, RDF_TYPE
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
    PREFIXES["dcat"] + "version": "version",
    PREFIXES["dct"] + "issued": "datePublished",
    PREFIXES["dct"] + "modified": "dateModified",
}
_LINKS = {
    PREFIXES["dct"] + "creator": ("creator", "Organization"),
    PREFIXES["dct"] + "publisher": ("publisher", "Organization"),
    PREFIXES["dct"] + "isPartOf": ("isPartOf", "Dataset"),
    PREFIXES["dct"] + "hasPart": ("hasPart", "Dataset"),
    PREFIXES["dct"] + "spatial": ("spatialCoverage", "Place"),
    PREFIXES["prov"] + "wasDerivedFrom": ("isBasedOn", "CreativeWork"),
    PREFIXES["dcat"] + "dataset": ("dataset", "Dataset"),
    PREFIXES["org"] + "unitOf": ("parentOrganization", "Organization"),
    PREFIXES["skos"] + "inScheme": ("inDefinedTermSet", "DefinedTermSet"),
}
# Values that are given as addresses alone.
_ADDRESSES = {
    PREFIXES["dct"] + "license": "license",
    PREFIXES["dcat"] + "downloadURL": "contentUrl",
    PREFIXES["owl"] + "sameAs": "sameAs",
    PREFIXES["skos"] + "exactMatch": "sameAs",
    PREFIXES["dct"] + "relation": "citation",
}
_DATA = ("Dataset", "DataCatalog", "DataDownload")
_PUBLIC = EU + "access-right/PUBLIC"
# Search engines take no longer description.
_LONGEST = 5000

Described = dict[str, Any]


def structured(record: Record, iri: str) -> str | None:
    """Write the JSON of a `script` element for one thing, or None where schema.org has no word for it."""
    described = _described(record, iri)
    if described is None:
        return None
    if described["@type"] == "Dataset":
        _tell_dataset(record, iri, described)
    return _safe({"@context": "https://schema.org/", **described})


def _described(record: Record, iri: str) -> Described | None:
    """Give what every kind of thing says of itself; None where there is no word for its kind."""
    classes = {t.value for t in record.values(iri, RDF_TYPE) if isinstance(t, ox.NamedNode)}
    kind = next((name for class_, name in _CLASSES.items() if class_ in classes), None)
    if kind is None:
        return None
    described: Described = {"@type": kind, "@id": iri, "url": iri, "identifier": iri}
    if label := record.label(iri):
        described["name"] = label.value
        if label.language and kind in _DATA:
            described["inLanguage"] = label.language
    for predicate, name in _TEXTS.items():
        texts = [v for v in record.values(iri, predicate) if isinstance(v, ox.Literal)]
        if texts and name not in described:
            described[name] = _one(_in_language(texts, described.get("inLanguage")))
    if isinstance(described.get("description"), str):
        described["description"] = described["description"][:_LONGEST]
    for predicate, (name, class_name) in _LINKS.items():
        if links := _iris(record, iri, predicate):
            described[name] = _one([_named(record, link, class_name) for link in links])
    for predicate, name in _ADDRESSES.items():
        if name not in described and (links := _iris(record, iri, predicate)):
            described[name] = _one(links)
    if kind == "DataDownload":
        described |= _file(record, iri)
    return described


def _tell_dataset(record: Record, iri: str, described: Described) -> None:
    """Say where a dataset is listed, how it is had, and which files it has."""
    if catalogues := record.pointing_to(iri, PREFIXES["dcat"] + "dataset"):
        described["includedInDataCatalog"] = _one([_named(record, c, "DataCatalog") for c in catalogues])
    files = [_described(record, file) for file in _iris(record, iri, PREFIXES["dcat"] + "distribution")]
    if downloads := [file for file in files if file]:
        described["distribution"] = downloads
        licences = {file.get("license") for file in downloads}
        if "license" not in described and len(licences) == 1 and None not in licences:
            described["license"] = licences.pop()
    if _PUBLIC in _iris(record, iri, PREFIXES["dct"] + "accessRights"):
        described["isAccessibleForFree"] = True
    for period in _iris(record, iri, PREFIXES["dct"] + "temporal"):
        ends = [record.values(period, PREFIXES["dcat"] + name) for name in ("startDate", "endDate")]
        described["temporalCoverage"] = "/".join(_text(end[0]) if end else ".." for end in ends)


def _file(record: Record, iri: str) -> Described:
    """Say what a file is made of."""
    told: Described = {}
    if types := _iris(record, iri, PREFIXES["dcat"] + "mediaType"):
        told["encodingFormat"] = types[0].removeprefix(IANA)
    if sizes := record.values(iri, PREFIXES["dcat"] + "byteSize"):
        told["contentSize"] = f"{_text(sizes[0])} B"
    for checksum in _iris(record, iri, PREFIXES["spdx"] + "checksum"):
        if any(a.endswith("sha256") for a in _iris(record, checksum, PREFIXES["spdx"] + "algorithm")):
            for value in record.values(checksum, PREFIXES["spdx"] + "checksumValue"):
                told["sha256"] = _text(value)
    return told


def _named(record: Record, iri: str, class_name: str) -> Described:
    label = record.label(iri)
    named = {"@type": class_name, "@id": iri, "url": iri}
    return named | {"name": label.value} if label else named


def _iris(record: Record, iri: str, predicate: str) -> list[str]:
    return [v.value for v in record.values(iri, predicate) if isinstance(v, ox.NamedNode)]


def _in_language(texts: list[ox.Literal], language: str | None) -> list[str]:
    """Keep the texts in the language of the name, where there are any."""
    return [text.value for text in texts if text.language == language] or [text.value for text in texts]


def _text(value: object) -> str:
    return value.value if isinstance(value, ox.Literal | ox.NamedNode) else str(value)


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _safe(described: Mapping[str, Any]) -> str:
    """Write JSON that cannot end its `script` element, whatever the texts are."""
    text = json.dumps(described, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
