"""
Which graphs a query asks: of the protocol, of FROM and FROM NAMED, or all there are. Runs in a worker only.

Knows the graphs of the store; a graph that is not among them is refused by name (SPARQL 1.1 Query 13, Protocol 2.1.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from tvld.serve.workers.clauses import Clauses, clauses


@dataclass(frozen=True)
class View:
    """A store and the graphs of it that one query sees; None: those of the store."""

    store: ox.Store
    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None = None
    named: list[ox.NamedNode | ox.BlankNode] | None = None


class Dataset:
    """The store of one engine, and the last merged default graph that was asked for."""

    def __init__(self, store: ox.Store, base_iri: str | None) -> None:
        self._store = store
        self._base_iri = base_iri
        self._names = {g.value: g for g in store.named_graphs() if isinstance(g, ox.NamedNode)}
        self._merged: tuple[Clauses, View] | None = None

    def view(self, text: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> View:
        """Choose what a query sees; raises QueryRefused naming a graph that is not there."""
        asked = clauses(text, self._base_iri, default_graphs, named_graphs, self._names)
        if asked is None:
            return View(self._store)
        if len(asked.default) > 1:
            return self._merge(asked)
        return View(self._store, [self._names[g] for g in asked.default], [self._names[g] for g in asked.named])

    def _merge(self, asked: Clauses) -> View:
        """
        Make a store whose default graph is the merged graph of several: over a list of graphs the engine would count
        a triple once for each graph that holds it (oxigraph#1919). The last one made is kept.
        """
        if self._merged and self._merged[0] == asked:
            return self._merged[1]
        self._merged = None
        store = ox.Store()
        for name in asked.default:
            self._copy(store, self._names[name], ox.DefaultGraph())
        for name in asked.named:
            self._copy(store, self._names[name], self._names[name])
        # Named here again: what a text says of FROM holds unless it is told otherwise.
        self._merged = asked, View(store, [ox.DefaultGraph()], [self._names[g] for g in asked.named])
        return self._merged[1]

    def _copy(self, into: ox.Store, graph: ox.NamedNode, to_graph: ox.NamedNode | ox.DefaultGraph) -> None:
        lines = self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
        if b"_:" not in lines:
            into.load(lines, format=ox.RdfFormat.N_TRIPLES, to_graph=to_graph)
            return
        # Four times slower, but a blank node stays the same one in all the graphs that know it.
        quads = self._store.quads_for_pattern(None, None, None, graph)
        into.extend(ox.Quad(q.subject, q.predicate, q.object, to_graph) for q in quads)
