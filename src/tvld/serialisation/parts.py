"""
Graphs that are asked for subject by subject, so that what is written of a large whole is never held a second time.

Knows the one order of everything that is written: subjects by their names, of each subject what a reader looks for
first. It does not know how anything is written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Protocol

import pyoxigraph as ox

from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL

Subject = ox.NamedNode | ox.BlankNode
Block = tuple[Subject, list[ox.Triple]]
Key = Callable[[Any], Any]

# What a reader looks for first stands first; where a term is defined stands last. The rest is alphabetical.
_FIRST = (
    RDF_TYPE,
    RDFS_LABEL,
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["dct"] + "title",
    PREFIXES["foaf"] + "name",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["skos"] + "definition",
    PREFIXES["dct"] + "description",
)
_RANK = {iri: rank for rank, iri in enumerate(_FIRST)} | {PREFIXES["rdfs"] + "isDefinedBy": len(_FIRST) + 1}


class Part(Protocol):
    """The triples of one named graph, or of the default graph."""

    @property
    def graph(self) -> Any:
        """Give the name of the graph: a node, or `ox.DefaultGraph()`."""

    def subjects(self) -> Iterable[Subject]:
        """Give each subject once, in any order."""

    def about(self, subject: Subject) -> Iterable[ox.Triple]:
        """Give the triples of a subject, in any order; of one that is not there, none."""


class Held:
    """Triples in memory."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self._about: dict[Subject, set[ox.Triple]] = {}

    def add(self, triple: ox.Triple) -> None:
        self._about.setdefault(triple.subject, set()).add(triple)  # type: ignore[arg-type]  # no quoted subjects here

    def subjects(self) -> Iterable[Subject]:
        return self._about

    def about(self, subject: Subject) -> Iterable[ox.Triple]:
        return self._about.get(subject, ())


def held(quads: Iterable[ox.Quad]) -> list[Part]:
    """Take quads into memory, a part for each graph."""
    parts: dict[Any, Held] = {}
    for quad in quads:
        parts.setdefault(quad.graph_name, Held(quad.graph_name)).add(quad.triple)
    return list(parts.values())


def copied(part: Part) -> Part:
    """Take a part into memory, where it is small and asked for often."""
    copy = Held(part.graph)
    for subject in part.subjects():
        for triple in part.about(subject):
            copy.add(triple)
    return copy


def by_name(term: Any) -> tuple[str, str]:
    """Sort by the name or value itself: the signs around it would set `a-b` before `a`."""
    return (term.value if hasattr(term, "value") else "", str(term))


def subjects(parts: Sequence[Part], key: Key) -> Iterator[tuple[Subject, list[Part]]]:
    """Give every subject in order, with the parts that speak of it."""
    places = sorted((key(subject), number, subject) for number, part in enumerate(parts) for subject in part.subjects())
    for _, group in groupby(places, key=lambda place: place[0]):
        found = list(group)
        yield found[0][2], [parts[number] for _, number, _ in found]


def blocks(parts: Sequence[Part], key: Key = by_name) -> Iterator[Block]:
    """Give every subject in order with its triples of all parts, each once, in order."""
    for subject, speaking in subjects(parts, key):
        triples = {triple for part in speaking for triple in part.about(subject)}
        yield subject, ordered(triples)


def ordered(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Sort the triples of one subject: what a reader looks for first stands first."""
    return sorted(triples, key=_triple_key)


def _triple_key(triple: ox.Triple) -> tuple[int, str, tuple[str, str]]:
    predicate = triple.predicate.value
    return _RANK.get(predicate, len(_FIRST)), predicate, by_name(triple.object)
