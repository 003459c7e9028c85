"""A dataset in simple Dublin Core, `oai_dc`: only what its catalogue says of it."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from tvld.iris import PREFIXES

_DCT, _DCAT, _FOAF, _SKOS = (PREFIXES[prefix] for prefix in ("dct", "dcat", "foaf", "skos"))
# Element, property of the dataset, and the property that names its value, where the value is a thing.
_TOLD = (
    ("title", _DCT + "title", None),
    ("creator", _DCT + "creator", _FOAF + "name"),
    ("subject", _DCAT + "keyword", None),
    ("subject", _DCAT + "theme", _SKOS + "prefLabel"),
    ("description", _DCT + "description", None),
    ("publisher", _DCT + "publisher", _FOAF + "name"),
    ("date", _DCT + "modified", None),
    ("identifier", _DCT + "identifier", None),
    ("language", _DCT + "language", None),
    ("rights", _DCT + "accessRights", None),
)
_OF_FILES = (
    ("format", _DCAT + "mediaType"),
    ("rights", _DCT + "license"),
    ("relation", _DCAT + "downloadURL"),
)
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def elements(iri: str, quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str, str | None]]:
    """Yield name, value and language of each element."""
    told: dict[tuple[str, str], list[ox.NamedNode | ox.Literal]] = {}
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            told.setdefault((quad.subject.value, quad.predicate.value), []).append(quad.object)

    def values(subject: str, predicate: str) -> list[ox.NamedNode | ox.Literal]:
        return sorted(told.get((subject, predicate), []), key=str)

    for name, predicate, label in _TOLD:
        for value in values(iri, predicate):
            names = values(value.value, label) if label else []
            yield from (_element(name, part) for part in names or [value])
    yield "type", "Dataset", None
    files = [file.value for file in values(iri, _DCAT + "distribution")]
    for name, predicate in _OF_FILES:
        found = {_element(name, value) for file in files for value in values(file, predicate)}
        yield from sorted(found, key=str)


def _element(name: str, value: ox.NamedNode | ox.Literal) -> tuple[str, str, str | None]:
    language = value.language if isinstance(value, ox.Literal) else None
    return name, value.value.removeprefix(_MEDIA_TYPES), language
