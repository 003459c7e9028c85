"""
The catalogues of a release as entities: catalogue, datasets and services, each with all that is told of it alone.

An entity's triples are those that are reached from it without passing through another entity, and a catalogue has what
nothing leads to, which are the stores that were withdrawn from it: so the entities together are the catalogues, and
each can be replaced by itself (DCAT-AP Feeds).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from tvld.checksums import read_manifest
from tvld.errors import ReleaseError
from tvld.formats import NTRIPLES, TURTLE
from tvld.iris import PREFIXES, RDF_TYPE
from tvld.profiles import DCAT_AP_3, file_of
from tvld.serialisation import read, write

_DCAT = PREFIXES["dcat"]
# The first that a thing is counts: a catalogue may be a dataset too.
KINDS = {f"{_DCAT}Catalog": "catalogue", f"{_DCAT}DataService": "service", f"{_DCAT}Dataset": "dataset"}


@dataclass(frozen=True)
class Entity:
    """One entity: its kind (a value of KINDS) and its triples as sorted N-Triples."""

    kind: str
    payload: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.payload.encode()).hexdigest()


def entities_of(folder: Path) -> dict[str, Entity]:
    """
    Read the entities of all full catalogues of a release folder, by IRI.

    Raises ReleaseError where a catalogue is missing or is not what the manifest says. None: a release from before
    there were such files.
    """
    manifest = read_manifest(folder)
    names = [file_of(entry["key"], "stores", DCAT_AP_3) for entry in manifest.get("organisations", [])]
    quads: set[ox.Quad] = set()
    for name in names:
        entry = manifest.get("files", {}).get(name)
        if entry is not None:
            quads.update(read(_sound(folder / name, str(entry.get("sha256"))), TURTLE, name=name))
    return entities(quads)


def entities(quads: Iterable[ox.Quad]) -> dict[str, Entity]:
    """Take catalogues apart."""
    about: dict[Any, list[ox.Quad]] = {}
    kinds: dict[Any, str] = {}
    for quad in quads:
        about.setdefault(quad.subject, []).append(quad)
        if quad.predicate.value == RDF_TYPE and (kind := KINDS.get(_name(quad.object))):
            kinds[quad.subject] = min(kind, kinds.get(quad.subject, kind))
    told = {node: reached(node, about, kinds.keys()) for node in sorted(kinds, key=_name)}
    # Nothing leads to what was withdrawn: the catalogue that had it goes on telling of it.
    alone = about.keys() - {quad.subject for quads in told.values() for quad in quads}
    for node in told:
        if kinds[node] == "catalogue":
            told[node].update(*(reached(gone, about, kinds.keys()) for gone in alone if _of(gone) == _of(node)))
    return {node.value: Entity(kinds[node], write(told[node], NTRIPLES).decode()) for node in told}


def reached(node: Any, about: dict[Any, list[ox.Quad]], others: Iterable[Any]) -> set[ox.Quad]:
    """Give what is told of a node and of all it leads to, but for what is told of `others`."""
    found: set[ox.Quad] = set()
    seen, waiting = {*others, node}, [node]
    while waiting:
        for quad in about.get(waiting.pop(), ()):
            found.add(quad)
            if isinstance(quad.object, ox.NamedNode) and quad.predicate.value != RDF_TYPE and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)
    return found


def _of(node: Any) -> str:
    """Give what the addresses of all things of an organisation begin with (id/<organisation>/<kind>/<key>)."""
    return str(node.value.rsplit("/", 2)[0])


def _name(term: Any) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _sound(path: Path, digest: str) -> bytes:
    try:
        body = path.read_bytes()
    except OSError as err:
        raise ReleaseError(f"{path} cannot be read: {err.strerror}") from err
    if hashlib.sha256(body).hexdigest() != digest:
        raise ReleaseError(f"{path} is not what the manifest says: it was changed or damaged; build it again")
    return body
