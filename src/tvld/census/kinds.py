"""
The model of the data as it is: kinds of things, their properties and what these lead to, each counted from the triples.

Nothing is taken from the vocabulary: what is not in the data is not here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from tvld.iris import RDF_TYPE, TVLD

_TYPE = ox.NamedNode(RDF_TYPE)
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


def kinds_of(triples: Iterable[ox.Triple]) -> tuple[Kind, ...]:
    """Count the kinds of a graph, each of whose triples is given once; those with the most things first."""
    listed = list(triples)
    kind_of = _best_classes(listed)
    having: defaultdict[tuple[str, str], set[object]] = defaultdict(set)
    texts: Counter[tuple[str, str]] = Counter()
    targets: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for triple in listed:
        subject, predicate, value = triple
        kind = kind_of.get(subject)
        if kind is None or predicate == _TYPE:
            continue
        place = (kind, predicate.value)
        having[place].add(subject)
        if isinstance(value, ox.Literal):
            texts[place] += 1
        else:
            targets[place][kind_of.get(value, _ELSEWHERE)] += 1
    of_kind: defaultdict[str, list[Property]] = defaultdict(list)
    for (kind, iri), things in sorted(having.items()):
        leads = targets[kind, iri]
        values = texts[kind, iri] + leads.total()
        ranked = tuple(sorted(leads.items(), key=lambda pair: (-pair[1], pair[0])))
        of_kind[kind].append(Property(iri, len(things), values, texts[kind, iri], ranked))
    kinds = (Kind(iri, count, tuple(of_kind[iri])) for iri, count in Counter(kind_of.values()).items())
    return tuple(sorted(kinds, key=lambda kind: (-kind.things, kind.iri)))


def _best_classes(triples: Iterable[ox.Triple]) -> dict[object, str]:
    """Give each thing the rarest of its classes, of two that are equally rare that of the model."""
    classes: defaultdict[object, set[str]] = defaultdict(set)
    for subject, predicate, value in triples:
        if predicate == _TYPE and isinstance(value, ox.NamedNode):
            classes[subject].add(value.value)
    counts = Counter(iri for found in classes.values() for iri in found)
    return {
        thing: min(found, key=lambda iri: (counts[iri], not iri.startswith(TVLD), iri))
        for thing, found in classes.items()
    }
