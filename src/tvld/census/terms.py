"""How often each class and property is used, and by what for example: counted from the triples."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest

import pyoxigraph as ox

from tvld.iris import RDF_TYPE


@dataclass(frozen=True)
class Tally:
    """Members by class and statements by property, each with the IRIs of things that show its use, sorted."""

    classes: Mapping[str, int]
    properties: Mapping[str, int]
    shown_by: Mapping[str, tuple[str, ...]]

    def uses(self, iri: str) -> int:
        return self.classes.get(iri, 0) or self.properties.get(iri, 0)


def tally_of(triples: Iterable[ox.Triple], examples: int) -> Tally:
    """
    Count the uses of every term in a graph, each of whose triples is given once.

    Of each keep the first few things, by IRI, that are members of it or have it.
    """
    members: defaultdict[str, set[object]] = defaultdict(set)
    subjects: defaultdict[str, set[object]] = defaultdict(set)
    statements: defaultdict[str, int] = defaultdict(int)
    for subject, predicate, value in triples:
        name = predicate.value
        statements[name] += 1
        subjects[name].add(subject)
        if name == RDF_TYPE and isinstance(value, ox.NamedNode):
            members[value.value].add(subject)
    return Tally(
        {iri: len(things) for iri, things in sorted(members.items())},
        dict(sorted(statements.items())),
        {iri: _first(things, examples) for iri, things in sorted([*subjects.items(), *members.items()])},
    )


def _first(things: set[object], most: int) -> tuple[str, ...]:
    return tuple(nsmallest(most, (thing.value for thing in things if isinstance(thing, ox.NamedNode))))
