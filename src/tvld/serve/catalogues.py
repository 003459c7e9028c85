"""
The catalogues of a release, whole or a page at a time, read from its files and compared with their checksums at every
reading: what was damaged since is refused, never given in part. Knows no HTTP.

Pages are cut by datasets, in the order of the organisations' keys and then of the datasets' addresses. Each page is
whole in itself: the catalogue, the datasets on it and all that these lead to, but no dataset of another page.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from tvld.checksums import MANIFEST, listed, proven, read_manifest
from tvld.errors import Gone, NotFound, ReleaseError
from tvld.feed.entities import reached
from tvld.formats import TURTLE
from tvld.iris import PREFIXES, RDF_TYPE, Base
from tvld.profiles import FOLDER, Profile, Which, file_of, listing_of, packages_of
from tvld.serialisation import read
from tvld.serve.source import Source

_DCAT = PREFIXES["dcat"]
_CATALOGUE = ox.NamedNode(_DCAT + "Catalog")
_DATASET, _RECORD, _SERVICE = (ox.NamedNode(_DCAT + name) for name in ("dataset", "record", "service"))
_SERVES, _TOPIC = ox.NamedNode(_DCAT + "servesDataset"), ox.NamedNode(PREFIXES["foaf"] + "primaryTopic")
_REPLACED = ox.NamedNode(PREFIXES["dct"] + "isReplacedBy")
_TYPE = ox.NamedNode(RDF_TYPE)
_RELEASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Quads = set[ox.Quad]


@dataclass(frozen=True)
class Page:
    """One page of a catalogue; pages count from 1, and there is always one; `total` counts the datasets of all."""

    quads: Quads
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class _File:
    """A catalogue file: its name in the release, the SHA-256 of its bytes, how many datasets it lists."""

    name: str
    sha256: str
    datasets: int


@dataclass(frozen=True)
class Catalogues:
    """The catalogues of one release."""

    release: str
    base: Base
    folder: Path
    files: Mapping[str, _File]

    @classmethod
    def of(cls, source: Source, release: str | None = None) -> "Catalogues":
        """
        Give the catalogues of the release that is served, or of an earlier one beside it.

        Raises NotFound where there is no release, Gone where the one asked for is not kept any more.
        """
        if source.folder is None:
            raise NotFound("there are no catalogues here: this is no release, but RDF files as they are")
        folder = source.folder
        if release is not None and release != source.name:
            folder = source.folder.parent / release
            if not _RELEASE.fullmatch(release) or folder.is_symlink() or not folder.is_dir():
                raise _not_kept(source, release)
        manifest = read_manifest(folder)
        if release is not None and (manifest.get("release"), manifest.get("base")) != (release, source.base.iri):
            raise _not_kept(source, release)
        return cls(str(manifest["release"]), source.base, folder, _files(folder, manifest))

    @property
    def organisations(self) -> list[str]:
        """List the organisations that have catalogues, by key."""
        stems = (name.removeprefix(f"{FOLDER}/").removesuffix(".ttl") for name in self.files if name.endswith(".ttl"))
        return sorted(stem for stem in stems if "." not in stem)

    def whole(self, key: str, profile: Profile) -> Quads:
        """Give a catalogue in one piece: of an organisation, `open`, or of all where the key is empty."""
        return {quad for file in self._named(key, profile) for quad in self._quads(file)}

    def page(self, key: str, profile: Profile, number: int, size: int) -> Page:
        """Give one page of so many datasets; raises NotFound past the end."""
        files = self._named(key, profile)
        total = sum(file.datasets for file in files)
        pages = max(1, -(-total // size))
        if number > pages:
            raise NotFound(f"there are {pages} pages of {size} datasets here; page {number} is past the end")
        first, last = (number - 1) * size, number * size
        quads: Quads = set()
        before = 0
        for file in files:
            start, end = max(first - before, 0), min(last - before, file.datasets)
            if start < end or (not file.datasets and number == 1):
                quads |= _cut(self._quads(file), start, end)
            before += file.datasets
        return Page(quads, number, pages, total)

    def packages(self, key: str) -> list[dict[str, Any]]:
        """Give a catalogue as CKAN's packages, in the order of their ids."""
        found = self._entries(packages_of(name, which) for name, which in self._which(key))
        return sorted(found, key=lambda package: str(package["id"]))

    def listing(self, key: str) -> list[dict[str, Any]]:
        """Give a catalogue as the datasets of ckanext-dcat's JSON."""
        return self._entries(listing_of(name, which) for name, which in self._which(key))

    def _entries(self, names: Iterable[str]) -> list[dict[str, Any]]:
        return [entry for name in names for entry in json.loads(self._bytes(self._file(name)))]

    def _which(self, key: str) -> list[tuple[str, Which]]:
        if key in ("", "open"):
            which: Which = "open" if key else "stores"
            return [(organisation, which) for organisation in self.organisations]
        if key not in self.organisations:
            raise NotFound(f"there is no catalogue {key!r} here: there are {', '.join(['open', *self.organisations])}")
        return [(key, "stores")]

    def _named(self, key: str, profile: Profile) -> list[_File]:
        return [self._file(file_of(name, which, profile)) for name, which in self._which(key)]

    def _file(self, name: str) -> _File:
        if name not in self.files:
            raise NotFound(f"release {self.release} has no {name}: it was built before there were such catalogues")
        return self.files[name]

    def _quads(self, file: _File) -> Iterator[ox.Quad]:
        return read(self._bytes(file), TURTLE, name=file.name)

    def _bytes(self, file: _File) -> bytes:
        return proven(self.folder / file.name, file.sha256)


def _files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, _File]:
    digests = listed(folder)
    proven(folder / MANIFEST, digests.get(MANIFEST, ""))
    try:
        return {
            name: _File(name, digests[name], int(entry.get("datasets", 0)))
            for name, entry in manifest["files"].items()
            if name.startswith(f"{FOLDER}/")
        }
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        raise ReleaseError(f"{folder}: what the manifest says of the catalogues is not as expected: {err!r}") from err


def _not_kept(source: Source, release: str) -> Gone:
    return Gone(
        f"release {release!r} is not kept here any more: begin again at the first page of {source.name}",
        release=source.name,
    )


def _cut(quads: Iterable[ox.Quad], start: int, end: int) -> Quads:
    """Keep the datasets from `start` up to `end`, in the order of their addresses, and what belongs to them."""
    about: dict[Any, list[ox.Quad]] = {}
    for quad in quads:
        about.setdefault(quad.subject, []).append(quad)
    root = next(s for s, told in about.items() if any(q.predicate == _TYPE and q.object == _CATALOGUE for q in told))
    datasets = sorted((q.object for q in about[root] if q.predicate == _DATASET), key=str)
    elsewhere = set(datasets) - set(datasets[start:end])
    # A service goes with a dataset that it serves, a record with what it is about.
    for quad in about[root]:
        if quad.predicate in (_SERVICE, _RECORD):
            tied = {q.object for q in about.get(quad.object, ()) if q.predicate in (_SERVES, _TOPIC)}
            if (tied and tied <= elsewhere) or (not tied and start):
                elsewhere.add(quad.object)
    told = reached(root, about, elsewhere)
    if not start:
        # What nothing leads to, which is what was withdrawn: the first page tells of it.
        led_to = {quad.subject for quad in reached(root, about, ())}
        told.update(*(reached(gone, about, elsewhere) for gone in about.keys() - led_to))
    return {quad for quad in told if quad.object not in elsewhere or quad.predicate == _REPLACED}
