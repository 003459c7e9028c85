"""
A catalogue in the two forms of JSON that CKAN portals read: packages of CKAN's own API with the fields that
avoindata.fi asks, and the datasets of ckanext-dcat's JSON (docs/harvesting.md).

Made from the cut that a harvester gets as DCAT-AP 3.0.1, and from nothing else: what is not known has no field.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from tvld.build.graph import DCAT, DCT, FOAF
from tvld.formats import IANA
from tvld.iris import EU, LANGUAGES, PREFIXES

_VCARD, _SPDX = PREFIXES["vcard"], PREFIXES["spdx"]
# The licences of avoindata.fi's list by the one form of their address that it knows: id, title, whether it is open.
_LICENCES = {
    "http://creativecommons.org/licenses/by/4.0/": ("cc-by-4.0", "Creative Commons Attribution 4.0", True),
    "http://creativecommons.org/publicdomain/zero/1.0/": ("cc-zero-1.0", "Creative Commons CCZero 1.0", True),
}
_PUBLIC = URIRef(EU + "access-right/PUBLIC")
_TAGS = {code: tag for tag, code in LANGUAGES.items()}
# What CKAN's validators take: names of packages and organisations, and tags.
_NOT_IN_NAME = re.compile(r"[^a-z0-9_-]+")
_NOT_IN_TAG = re.compile(r"[^\w \-.]+")
_NAME_LENGTH, _TAG_LENGTHS = 100, (3, 100)

Entry = dict[str, Any]


def identifier(iri: str) -> str:
    """Give the UUID under which CKAN knows a thing: the same for the same address wherever and whenever it is made."""
    return str(uuid5(NAMESPACE_URL, iri))


def packages(cut: Graph, organisation: str) -> list[Entry]:
    """Give the datasets of a catalogue as CKAN's packages, in the order of their ids."""
    reader = _Reader(cut)
    return sorted((reader.package(dataset, organisation) for dataset in reader.datasets()), key=lambda p: str(p["id"]))


def listing(cut: Graph) -> list[Entry]:
    """Give the datasets of a catalogue as ckanext-dcat's JSON has them, in the order of their addresses."""
    reader = _Reader(cut)
    return [reader.entry(dataset) for dataset in reader.datasets()]


class _Reader:
    """Reads one catalogue's cut."""

    def __init__(self, cut: Graph) -> None:
        self.cut = cut
        self.catalogue = next(iter(cut.subjects(RDF.type, DCAT.Catalog)))

    def datasets(self) -> list[URIRef]:
        return sorted(d for d in self.cut.objects(self.catalogue, DCAT.dataset) if isinstance(d, URIRef))

    def package(self, dataset: URIRef, organisation: str) -> Entry:
        publisher = self._iri(dataset, DCT.publisher)
        tags = self._tags(dataset)
        words = sorted({word for of_language in tags.values() for word in of_language})
        resources = [
            self._resource(distribution, dataset, position)
            for position, distribution in enumerate(self._distributions(dataset))
        ]
        return {
            "id": identifier(dataset),
            "name": _name(organisation, dataset),
            "type": "dataset",
            "state": "active",
            "private": False,
            **self._texts(dataset, "title", "title_translated", DCT.title),
            **self._texts(dataset, "notes", "notes_translated", DCT.description),
            "url": str(dataset),
            "uri": str(dataset),
            "owner_org": identifier(publisher),
            "organization": self._organisation(publisher, organisation),
            "groups": [],
            **({"keywords": tags} if tags else {}),
            "tags": [_tag(word) for word in words],
            "num_tags": len(words),
            **self._licence(dataset),
            **self._maintainer(dataset),
            **self._collection(dataset),
            **self._dates(dataset, "metadata_created", "metadata_modified"),
            **self._optional("version", self._text(dataset, DCAT.version)),
            "resources": resources,
            "num_resources": len(resources),
            # A portal's schema has fields of its own, and refuses extras of the same names.
            "extras": [],
        }

    def entry(self, dataset: URIRef) -> Entry:
        publisher = self._iri(dataset, DCT.publisher)
        maintainer = self._maintainer(dataset)
        about = {"name": self._best(publisher, FOAF.name), "identifier": str(publisher)}
        return {
            "title": self._best(dataset, DCT.title),
            "description": self._best(dataset, DCT.description),
            "identifier": str(dataset),
            "landingPage": str(dataset),
            "keyword": [word for words in self._tags(dataset).values() for word in words],
            "publisher": about | self._optional("email", maintainer.get("maintainer_email")),
            "language": sorted(self._languages(dataset)),
            **self._optional("issued", self._text(dataset, DCT.issued) or self._text(self.catalogue, DCT.issued)),
            **self._optional("modified", self._text(dataset, DCT.modified) or self._text(self.catalogue, DCT.modified)),
            "distribution": [self._form(distribution) for distribution in self._distributions(dataset)],
        }

    def _resource(self, distribution: URIRef, dataset: URIRef, position: int) -> Entry:
        return {
            "id": identifier(distribution),
            "package_id": identifier(dataset),
            "position": position,
            "state": "active",
            "url": str(self._address(distribution)),
            **self._texts(distribution, "name", "name_translated", DCT.title),
            **self._texts(distribution, "description", "description_translated", DCT.description),
            **self._optional("format", self._file_type(distribution)),
            **self._optional("mimetype", self._media_type(distribution)),
            **self._optional("size", self._size(distribution)),
            **self._checksum(distribution),
            **self._dates(distribution, "created", "last_modified"),
        }

    def _checksum(self, distribution: URIRef) -> Entry:
        checksum = self.cut.value(distribution, URIRef(_SPDX + "checksum"))
        value = self._text(checksum, URIRef(_SPDX + "checksumValue")) if checksum else None
        return {"hash": value, "hash_algorithm": "sha256"} if value else {}

    def _form(self, distribution: URIRef) -> Entry:
        return {
            "title": self._best(distribution, DCT.title),
            "description": self._best(distribution, DCT.description),
            "downloadURL": str(self._address(distribution)),
            "accessURL": str(self._address(distribution)),
            **self._optional("format", self._file_type(distribution)),
            **self._optional("mediaType", self._media_type(distribution)),
            **self._optional("byteSize", self._size(distribution)),
            **self._optional("license", self._text(distribution, DCT.license)),
        }

    def _organisation(self, publisher: URIRef, key: str) -> Entry:
        return {
            "id": identifier(publisher),
            "name": key[:_NAME_LENGTH].ljust(2, "-"),
            "title": self._best(publisher, FOAF.name),
            "title_translated": self._translated(publisher, FOAF.name),
            "type": "organization",
            "is_organization": True,
            "state": "active",
            "approval_status": "approved",
            "url": str(publisher),
        }

    def _licence(self, dataset: URIRef) -> Entry:
        """Tell the licence of the files; a dataset without files has none here."""
        licences = {str(iri) for d in self._distributions(dataset) for iri in self.cut.objects(d, DCT.license)}
        if len(licences) != 1:
            return {}
        (iri,) = licences
        key, title, is_open = _LICENCES.get(iri, ("other", iri, False))
        return {"license_id": key, "license_title": title, "license_url": iri, "isopen": is_open}

    def _maintainer(self, dataset: URIRef) -> Entry:
        contact = self.cut.value(dataset, DCAT.contactPoint) or self.cut.value(self.catalogue, DCAT.contactPoint)
        if contact is None:
            return {}
        email = self._text(contact, URIRef(_VCARD + "hasEmail"))
        return {
            "maintainer": self._best(contact, URIRef(_VCARD + "fn")),
            **self._optional("maintainer_email", email.removeprefix("mailto:") if email else None),
        }

    def _collection(self, dataset: URIRef) -> Entry:
        """Call open data what is public and can be downloaded under an open licence; nothing else is known to be."""
        is_open = (dataset, DCT.accessRights, _PUBLIC) in self.cut and self._licence(dataset).get("isopen")
        return {"collection_type": "Open Data"} if is_open else {}

    def _dates(self, subject: URIRef, created: str, changed: str) -> Entry:
        """Tell when something was made and changed, else when its catalogue was."""
        issued = self._text(subject, DCT.issued) or self._text(self.catalogue, DCT.issued)
        modified = self._text(subject, DCT.modified) or self._text(self.catalogue, DCT.modified)
        return {
            **self._optional(created, _moment(issued or modified)),
            **self._optional(changed, _moment(modified)),
        }

    def _languages(self, dataset: URIRef) -> Iterator[str]:
        codes = list(self.cut.objects(dataset, DCT.language)) or list(self.cut.objects(self.catalogue, DCT.language))
        for code in codes:
            yield _TAGS.get(str(code).rpartition("/")[2], str(code))

    def _tags(self, dataset: URIRef) -> dict[str, list[str]]:
        """Give the keywords by language as CKAN takes them: signs that it refuses become blanks."""
        found: dict[str, list[str]] = {}
        for word in self.cut.objects(dataset, DCAT.keyword):
            tag = " ".join(_NOT_IN_TAG.sub(" ", str(word)).split())[: _TAG_LENGTHS[1]].strip()
            if len(tag) >= _TAG_LENGTHS[0]:
                found.setdefault(_language(word), []).append(tag)
        return {language: sorted(set(words)) for language, words in sorted(found.items(), key=_finnish_first)}

    def _texts(self, subject: URIRef, plain: str, translated: str, predicate: URIRef) -> Entry:
        return {plain: self._best(subject, predicate), translated: self._translated(subject, predicate)}

    def _translated(self, subject: Node, predicate: URIRef) -> dict[str, str]:
        texts = {_language(text): str(text) for text in self.cut.objects(subject, predicate)}
        return dict(sorted(texts.items(), key=_finnish_first))

    def _best(self, subject: Node, predicate: URIRef) -> str:
        """Give the Finnish text, else the first by language."""
        return next(iter(self._translated(subject, predicate).values()), "")

    def _distributions(self, dataset: URIRef) -> list[URIRef]:
        return sorted(d for d in self.cut.objects(dataset, DCAT.distribution) if isinstance(d, URIRef))

    def _address(self, distribution: URIRef) -> Node | None:
        return self.cut.value(distribution, DCAT.downloadURL) or self.cut.value(distribution, DCAT.accessURL)

    def _file_type(self, distribution: URIRef) -> str | None:
        code = self._text(distribution, DCT["format"])
        return code.rpartition("/")[2] if code else None

    def _media_type(self, distribution: URIRef) -> str | None:
        code = self._text(distribution, DCAT.mediaType)
        return code.removeprefix(IANA) if code else None

    def _size(self, distribution: URIRef) -> int | None:
        size = self._text(distribution, DCAT.byteSize)
        return int(size) if size else None

    def _iri(self, subject: URIRef, predicate: URIRef) -> URIRef:
        return URIRef(str(self.cut.value(subject, predicate)))

    def _text(self, subject: Node, predicate: URIRef) -> str | None:
        value = self.cut.value(subject, predicate)
        return None if value is None else str(value)

    def _optional(self, name: str, value: object) -> Entry:
        return {} if value is None else {name: value}


def _name(organisation: str, dataset: URIRef) -> str:
    """Make a package's name of the last parts of its address: unique, and as stable as the address."""
    tail = dataset.partition(f"/id/{organisation}/")[2] or dataset
    name = _NOT_IN_NAME.sub("-", f"{organisation}-{tail}".lower())
    return name if len(name) <= _NAME_LENGTH else f"{name[:91]}-{sha256(dataset.encode()).hexdigest()[:8]}"


def _tag(word: str) -> Entry:
    return {"id": identifier(f"tag:{word}"), "name": word, "display_name": word, "state": "active"}


def _moment(date: str | None) -> str | None:
    return f"{date[:10]}T00:00:00" if date else None


def _language(text: Node) -> str:
    return (text.language if isinstance(text, Literal) else None) or "fi"


def _finnish_first(item: tuple[str, object]) -> tuple[bool, str]:
    return item[0] != "fi", item[0]
