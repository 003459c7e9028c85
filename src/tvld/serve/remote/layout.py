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

from tvld.errors import QueryRefused
from tvld.serve.engine import Query
from tvld.serve.remote.graphs import Graphs
from tvld.serve.workers.clauses import FROM, Clauses, clauses, mentions
from tvld.serve.workers.text import tokens

Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class Whole:
    """One release is all that the server holds."""

    graphs: Graphs
    base_iri: str

    def put(self, query: Query) -> Parameters:
        """
        Give the parameters of a request; raises QueryRefused for a graph that is not of the release, and for graphs
        that the server cannot merge.
        """
        asked = clauses(query.text, self.base_iri, query.default_graphs, query.named_graphs, self.graphs.names)
        if asked and not self.graphs.apart(asked.default):
            # The default graph has no name; where it is asked, all named ones are there too.
            if set(asked.default) != self.graphs.merged or (
                _asks_named(query.text) and set(asked.named) != self.graphs.names
            ):
                raise _unmerged(asked)
            asked = None
        return [("query", _put(query.text, self.base_iri, {})), *(_graphs(asked) if asked else [])]

    def outside(self, body: bytes) -> bytes:
        """Give an answer with the names that the world knows: here they are the same."""
        return body


@dataclass(frozen=True)
class Beside:
    """The release with this id, beside others."""

    graphs: Graphs
    base_iri: str
    release: str
    inside: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        inside = {graph: self._folder + graph.removeprefix(self.base_iri) for graph in self.graphs.names}
        object.__setattr__(self, "inside", inside)

    @property
    def merged(self) -> str:
        """Name the graph that is the default graph of the release."""
        return merged_graph(self.base_iri, self.release)

    @property
    def _folder(self) -> str:
        return f"{self.merged}/"

    def put(self, query: Query) -> Parameters:
        """
        Give the parameters of a request; raises QueryRefused for a graph that is not of the release, and for graphs
        that the server cannot merge.
        """
        asked = clauses(query.text, self.base_iri, query.default_graphs, query.named_graphs, self.graphs.names)
        # Where no graph is asked, one that is not there: said of none, such servers take all that they hold.
        nothing = (f"{self._folder}nothing",)
        default = (self.merged,) if asked is None else self._default(asked) or nothing
        # Hundreds of graphs are not told to a server that is asked for none of them.
        named = sorted(self.graphs.names if asked is None else asked.named) if _asks_named(query.text) else ()
        within = Clauses(default, tuple(self.inside[graph] for graph in named) or nothing)
        return [("query", _put(query.text, self.base_iri, self.inside)), *_graphs(within)]

    def _default(self, asked: Clauses) -> tuple[str, ...]:
        if self.graphs.apart(asked.default):
            return tuple(self.inside[graph] for graph in asked.default)
        if set(asked.default) != self.graphs.merged:
            raise _unmerged(asked)
        return (self.merged,)

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


def _asks_named(text: str) -> bool:
    """Say whether there may be a GRAPH in a text: `GRAPH:x` is one too, for parsers that know no end of words."""
    return any(token.kind in {"word", "prefixed"} and "GRAPH" in token.text.upper() for token in tokens(text))


def _unmerged(asked: Clauses) -> QueryRefused:
    names = " and ".join(f"<{graph}>" for graph in asked.default[:3]) + (" …" if asked.default[3:] else "")
    return QueryRefused(
        f"{names} have triples in common, and the server behind this endpoint would count these twice: "
        "leave FROM out to ask everything merged, or ask one graph at a time"
    )


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
