"""
The named graphs of a release, and what they share. Knows the triples of a source for as long as it reads them.

Servers count a triple once for each graph of FROM that holds it, where SPARQL merges the graphs (1.1 Query 13.2). So it
has to be known which graphs can be asked together as they are.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import pyoxigraph as ox

from tvld.serve.source import Source


@dataclass(frozen=True)
class Graphs:
    """
    All named graphs; those that the default graph is merged of; for the triples that stand in several graphs, these.
    """

    names: frozenset[str]
    merged: frozenset[str] = frozenset()
    shared: frozenset[frozenset[str]] = frozenset()

    @classmethod
    def of(cls, source: Source) -> "Graphs":
        """Read all triples of a source once; what is kept of each is a number."""
        names, merged = set[str](), set[str]()
        first: dict[int, str] = {}
        several: dict[int, set[str]] = {}
        for file in source.graph_files:
            for quad in replace(source, graph_files=(file,)).quads():
                if not isinstance(quad.graph_name, ox.NamedNode):
                    continue
                name, mark = quad.graph_name.value, hash(quad.triple)
                names.add(name)
                if file.into_default:
                    merged.add(name)
                if (other := first.setdefault(mark, name)) != name:
                    several.setdefault(mark, {other}).add(name)
        return cls(frozenset(names), frozenset(merged), frozenset(map(frozenset, several.values())))

    def apart(self, names: Collection[str]) -> bool:
        """Say whether no triple stands in two of these graphs."""
        return all(len(together.intersection(names)) < 2 for together in self.shared)
