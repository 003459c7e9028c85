"""
Where a release lies in a server of others, and how a query is put so that it is answered from there.

Two layouts. *Whole*: the server holds one release and nothing else, its default graph is the merged graph and the named
graphs have their own names: for servers that can replace everything in one step. *Beside*: releases lie beside each
other in graphs named after them, one of these the merged graph: for servers without a default graph that can be
written to. There every name of a graph is another one inside than outside: names in queries are changed on the way in,
those in answers on the way out, so that nobody else sees the difference.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tvld.serve.engine import Query
from tvld.serve.workers.clauses import FROM, Clauses, clauses, mentions

Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class Whole:
    """One release is all that the server holds. `graphs` are the named graphs of the release."""

    graphs: frozenset[str]
    base_iri: str

    def put(self, query: Query) -> Parameters:
        """Give the parameters of a request; raises QueryRefused for a graph that is not of the release."""
        asked = clauses(query.text, self.base_iri, query.default_graphs, query.named_graphs, self.graphs)
        return [("query", _put(query.text, self.base_iri, {})), *(_graphs(asked) if asked else [])]

    def outside(self, body: bytes) -> bytes:
        """Give an answer with the names that the world knows: here they are the same."""
        return body


@dataclass(frozen=True)
class Beside:
    """The graphs of the release with this id, beside those of others."""

    graphs: frozenset[str]
    base_iri: str
    release: str
    inside: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        inside = {graph: self._folder + graph.removeprefix(self.base_iri) for graph in self.graphs}
        object.__setattr__(self, "inside", inside)

    @property
    def merged(self) -> str:
        """Name the graph that is the default graph of the release."""
        return merged_graph(self.base_iri, self.release)

    @property
    def _folder(self) -> str:
        return f"{self.merged}/"

    def put(self, query: Query) -> Parameters:
        """Give the parameters of a request; raises QueryRefused for a graph that is not of the release."""
        asked = clauses(query.text, self.base_iri, query.default_graphs, query.named_graphs, self.graphs)
        if asked is None:
            within = Clauses((self.merged,), tuple(sorted(self.inside.values())))
        else:
            # Where no graph is asked, one that is not there: said of none, such servers take all that they hold.
            nothing = f"{self._folder}nothing"
            default, named = (
                tuple(self.inside[graph] for graph in part) or (nothing,) for part in (asked.default, asked.named)
            )
            within = Clauses(default, named)
        return [("query", _put(query.text, self.base_iri, self.inside)), *_graphs(within)]

    def outside(self, body: bytes) -> bytes:
        """Give an answer with the names that the world knows."""
        return body.replace(f"{self._folder}graph/".encode(), f"{self.base_iri}graph/".encode())


Layout = Whole | Beside


def releases_graph(base_iri: str) -> str:
    """Name the graph that says which releases lie in the server, and in which graphs."""
    return f"{base_iri}dumps/"


def merged_graph(base_iri: str, release: str) -> str:
    """Name the graph that is the default graph of a release that lies beside others: the address of its dumps."""
    return f"{releases_graph(base_iri)}{release}"


def without_from(text: str, base_iri: str) -> str:
    """Give a text whose FROM clauses are blanks: every other word stays in its place."""
    for mention in mentions(text, base_iri) if FROM.search(text) else ():
        if mention.clause:
            blanks = re.sub(r"[^\r\n]", " ", text[mention.start : mention.end])
            text = text[: mention.start] + blanks + text[mention.end :]
    return text


def _graphs(asked: Clauses) -> Parameters:
    default = [("default-graph-uri", graph) for graph in asked.default]
    return default + [("named-graph-uri", graph) for graph in asked.named]


def _put(text: str, base_iri: str, names: Mapping[str, str]) -> str:
    """
    Write a query without FROM (servers differ in whether the parameters of the protocol replace or add to it), with
    other names for some IRIs, and with the base that relative IRIs in it have.
    """
    parts, done = [f"BASE <{base_iri}>\n"], 0
    for mention in mentions(text, base_iri):
        if mention.clause:
            parts += [text[done : mention.start], " "]
        elif mention.iri is not None and mention.iri in names:
            parts += [text[done : mention.start], f"<{names[mention.iri]}>"]
        else:
            continue
        done = mention.end
    return "".join([*parts, text[done:]])
