"""
The model of the data as it is: kinds of things, their properties and what these lead to, each counted from the triples.

Nothing is taken from the vocabulary: what is not in the data is not here. Knows no HTTP and no pages.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from tvld.iris import RDF_TYPE, TVLD
from tvld.serve.record import Record

# Graphs beside the content, by the ends of their names: definitions, and what a release says of itself.
_BESIDE = ("graph/ns", "graph/shapes", "graph/catalog")
_ELSEWHERE = ""


@dataclass(frozen=True)
class Property:
    """
    A property of a kind: how many of its things have it, how many values, and the kinds of these.

    `targets` counts values by kind; a key that is empty counts IRIs that nothing is told of, and `texts` the literals.
    """

    iri: str
    things: int
    values: int
    texts: int
    targets: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Kind:
    """Things of one kind: the class that tells them best (of their classes the rarest), and how many there are."""

    iri: str
    things: int
    properties: tuple[Property, ...]


def composition(record: Record, base_iri: str) -> tuple[Kind, ...]:
    """Count the kinds of a record, those with the most things first."""
    beside = {ox.NamedNode(base_iri + name) for name in _BESIDE}
    triples = {quad.triple for quad in record if quad.graph_name not in beside}
    kind_of = _kinds(t for t in triples if t.predicate.value == RDF_TYPE)
    having: defaultdict[tuple[str, str], set[object]] = defaultdict(set)
    texts: Counter[tuple[str, str]] = Counter()
    targets: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for triple in triples:
        kind = kind_of.get(triple.subject)
        if kind is None or triple.predicate.value == RDF_TYPE:
            continue
        place = (kind, triple.predicate.value)
        having[place].add(triple.subject)
        if isinstance(triple.object, ox.Literal):
            texts[place] += 1
        else:
            targets[place][kind_of.get(triple.object, _ELSEWHERE)] += 1
    of_kind: defaultdict[str, list[Property]] = defaultdict(list)
    for (kind, iri), things in sorted(having.items()):
        leads = targets[kind, iri]
        values = texts[kind, iri] + leads.total()
        ranked = tuple(sorted(leads.items(), key=lambda pair: (-pair[1], pair[0])))
        of_kind[kind].append(Property(iri, len(things), values, texts[kind, iri], ranked))
    sizes = Counter(kind_of.values())
    kinds = (Kind(iri, count, tuple(of_kind[iri])) for iri, count in sizes.items())
    return tuple(sorted(kinds, key=lambda kind: (-kind.things, kind.iri)))


def layers(kinds: Iterable[Kind]) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, str], ...]]:
    """Put kinds into columns by how far they are from the one that is joined with most, and give what joins them."""
    listed = [kind.iri for kind in kinds]
    joined = sorted(
        {
            (kind.iri, target)
            for kind in kinds
            for each in kind.properties
            for target, _ in each.targets
            if target and target != kind.iri
        }
    )
    near: dict[str, set[str]] = {iri: set() for iri in listed}
    for start, end in joined:
        near[start].add(end)
        near[end].add(start)
    waiting, columns = list(listed), []
    column = sorted(listed, key=lambda iri: (-len(near[iri]), iri))[:1]
    while column:
        columns.append(tuple(column))
        waiting = [iri for iri in waiting if iri not in column]
        column = [iri for iri in waiting if any(iri in near[each] for each in columns[-1])]
    if waiting:
        columns.append(tuple(waiting))
    place = {iri: number for number, each in enumerate(columns) for iri in each}
    links = {(a, b) if place[a] <= place[b] else (b, a) for a, b in joined}
    return tuple(columns), tuple(sorted(links))


def _kinds(types: Iterable[ox.Triple]) -> dict[object, str]:
    """Give each thing the rarest of its classes, of two that are equally rare that of the model."""
    classes: defaultdict[object, set[str]] = defaultdict(set)
    for triple in types:
        if isinstance(triple.object, ox.NamedNode):
            classes[triple.subject].add(triple.object.value)
    counts = Counter(iri for found in classes.values() for iri in found)
    return {
        thing: min(found, key=lambda iri: (counts[iri], not iri.startswith(TVLD), iri))
        for thing, found in classes.items()
    }
