"""
Which graphs a query asks: of the protocol, of FROM and FROM NAMED, or all there are. Runs in a worker only.

Knows the graphs of the store; a graph that is not among them is refused by name (SPARQL 1.1 Query 13, Protocol 2.1.4).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import pyoxigraph as ox

from tvld.errors import QueryRefused
from tvld.serve.workers.text import Token, tokens

_FROM = re.compile("from", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)")
_SHOWN = 10


@dataclass(frozen=True)
class Clauses:
    """The graphs that a query names: those merged as its default graph, and those it may ask by name."""

    default: tuple[str, ...]
    named: tuple[str, ...]


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
        if default_graphs or named_graphs:
            asked = Clauses(tuple(dict.fromkeys(default_graphs)), tuple(dict.fromkeys(named_graphs)))
        else:
            found = _clauses(text, self._base_iri) if _FROM.search(text) else None
            if found is None:
                return View(self._store)
            asked = found
        for name in (*asked.default, *asked.named):
            if name not in self._names:
                raise QueryRefused(self._unknown(name), graph=name)
        if len(asked.default) > 1:
            return self._merge(asked)
        return View(self._store, [self._names[g] for g in asked.default], [self._names[g] for g in asked.named])

    def _unknown(self, name: str) -> str:
        names = sorted(self._names)
        there = ", ".join(f"<{n}>" for n in names[:_SHOWN]) or "none"
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        return (
            f"<{name}> is not a graph of this dataset, and graphs are not fetched from elsewhere; "
            f"its named graphs are: {there}{more}"
        )

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


def _clauses(text: str, base_iri: str | None) -> Clauses | None:
    """Read FROM and FROM NAMED, resolved against BASE and PREFIX; None without them, or where the parser must speak."""
    words = list(tokens(text))
    base, prefixes = base_iri or "", dict[str, str]()
    default: list[str | None] = []
    named: list[str | None] = []
    for at, token in enumerate(words):
        word = token.text.upper() if token.kind == "word" else ""
        following = words[at + 1 : at + 3]
        if word == "BASE" and following:
            base = _resolved(following[0], base, prefixes) or base
        elif word == "PREFIX" and len(following) == 2:
            prefixes[following[0].text] = _resolved(following[1], base, prefixes) or ""
        elif word == "FROM" and following and following[0].text.upper() == "NAMED":
            named += [_resolved(name, base, prefixes) for name in following[1:]]
        elif word == "FROM" and following:
            default.append(_resolved(following[0], base, prefixes))
    if None in default or None in named or not (default or named):
        return None
    return Clauses(tuple(dict.fromkeys(map(str, default))), tuple(dict.fromkeys(map(str, named))))


def _resolved(token: Token, base: str, prefixes: dict[str, str]) -> str | None:
    """Write out an IRI or a prefixed name; None for what is neither, or has no prefix: the query does not parse."""
    if token.kind == "iri":
        iri = _ESCAPED.sub(_unescaped, token.text[1:-1])
        return urljoin(base, iri) if base else iri
    prefix, colon, local = token.text.partition(":")
    if token.kind != "prefixed" or prefix + colon not in prefixes:
        return None
    return prefixes[prefix + colon] + _ESCAPED.sub(_unescaped, local)


def _unescaped(match: re.Match[str]) -> str:
    number = match.group(1) or match.group(2)
    return chr(int(number, 16)) if number else match.group(3)
