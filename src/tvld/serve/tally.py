"""
How often each class and property of a release is used, and by what for example: read once from the triples.

The vocabulary and the rules define terms and do not use them: their graphs are passed over. Knows no HTTP and no pages.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from tvld.iris import RDF_TYPE
from tvld.serve.record import Record

# Graphs of definitions, by the ends of their names.
_DEFINING = ("graph/ns", "graph/shapes")


@dataclass(frozen=True)
class Tally:
    """Members by class and statements by property, each with the IRIs of things that show its use, sorted."""

    classes: Mapping[str, int]
    properties: Mapping[str, int]
    shown_by: Mapping[str, tuple[str, ...]]

    def uses(self, iri: str) -> int:
        return self.classes.get(iri, 0) or self.properties.get(iri, 0)


def count(record: Record, base_iri: str, examples: int) -> Tally:
    """Count the uses of every term; of each keep the first few things, by IRI, that are members of it or have it."""
    defining = {ox.NamedNode(base_iri + name) for name in _DEFINING}
    members: defaultdict[str, set[object]] = defaultdict(set)
    statements: defaultdict[str, set[ox.Triple]] = defaultdict(set)
    for quad in record:
        if quad.graph_name in defining:
            continue
        statements[quad.predicate.value].add(quad.triple)
        if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode):
            members[quad.object.value].add(quad.subject)
    subjects: dict[str, set[object]] = {
        iri: {triple.subject for triple in triples} for iri, triples in statements.items()
    }
    return Tally(
        {iri: len(things) for iri, things in sorted(members.items())},
        {iri: len(triples) for iri, triples in sorted(statements.items())},
        {iri: _first(things, examples) for iri, things in [*subjects.items(), *members.items()]},
    )


def _first(things: set[object], most: int) -> tuple[str, ...]:
    return tuple(sorted(thing.value for thing in things if isinstance(thing, ox.NamedNode))[:most])
