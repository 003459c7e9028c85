"""
Results to bytes, in every format, without passing a size. Runs in a worker only; knows no query.

The engine writes them, each triple of a graph once, and a graph with our prefixes. What it does not write well is
written by tvld.serialisation (JSON-LD, compact) or refused (what XML cannot hold).
"""

import re
from collections.abc import Callable
from typing import Any, cast

import pyoxigraph as ox

from tvld import serialisation
from tvld.errors import NotAcceptable, QueryLimitExceeded
from tvld.formats import (
    GRAPH_FORMATS,
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    RESULT_FORMATS,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TRIG,
    TURTLE,
)
from tvld.iris import PREFIXES
from tvld.serve.workers.limits import MIB

_RESULTS = {
    RESULTS_JSON.name: ox.QueryResultsFormat.JSON,
    RESULTS_XML.name: ox.QueryResultsFormat.XML,
    RESULTS_CSV.name: ox.QueryResultsFormat.CSV,
    RESULTS_TSV.name: ox.QueryResultsFormat.TSV,
}
_TEXTS = {TURTLE.name: ox.RdfFormat.TURTLE, TRIG.name: ox.RdfFormat.TRIG}
_LINES = {NTRIPLES.name, NQUADS.name}
_BY_SERIALISATION = {f.name: f for f in (JSONLD, RDFXML)}

# What the engine writes above a graph, in some order: a line for every prefix that it is given.
_LINES_OF_HEAD = [(f"{p}:".encode(), f"@prefix {p}: <{iri}> .\n".encode()) for p, iri in sorted(PREFIXES.items())]
_HEAD = sum(len(line) for _, line in _LINES_OF_HEAD)
_LARGE = 1 << 14
# So much is sent on at once: the other end reads it while the next is written.
_PIECE = 1 << 18

# XML 1.0 has no way to write these (2.2), raw or escaped; the engine writes them raw.
_NOT_XML = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class Output:
    """
    What an answer is written to: a file that refuses to grow past its size (the engine stops at once when a write
    fails), and that sends on what it holds whenever that is a piece, where it may. `sent` says whether it has.
    """

    def __init__(self, limit_mib: int, send: Callable[[bytes], None] | None = None) -> None:
        self._limit_mib, self._send = limit_mib, send
        self._left = limit_mib * MIB
        self._blocks: list[bytes] = []
        self._held = 0
        self.sent = False

    def hold(self) -> None:
        """Send nothing on: the answer is looked at as a whole."""
        self._send = None

    def write(self, block: bytes) -> int:
        self._left -= len(block)
        if self._left < 0:
            raise QueryLimitExceeded(
                f"the answer is larger than {self._limit_mib} MiB: add LIMIT, or fetch a dump",
                limit="answer_mib",
                value=self._limit_mib,
            )
        self._blocks.append(bytes(block))
        self._held += len(block)
        if self._held >= _PIECE and self._send is not None:
            self._send(self.rest())
            self.sent = True
        return len(block)

    def flush(self) -> None:
        """Do what is asked of a file; there is nothing to do."""

    def rest(self) -> bytes:
        """Give what was not sent on, and hold it no more."""
        rest = b"".join(self._blocks)
        self._blocks.clear()
        self._held = 0
        return rest


def write_rows(results: ox.QuerySolutions | ox.QueryBoolean, format_name: str | None, output: Output) -> bytes:
    """
    Write a SELECT or ASK result; gives what the output did not send on.

    Raises NotAcceptable where the format is None or cannot hold it.
    """
    if format_name is None:
        raise unacceptable("select")
    if format_name != RESULTS_XML.name:
        results.serialize(cast(Any, output), format=_RESULTS[format_name])
        return output.rest()
    output.hold()
    results.serialize(cast(Any, output), format=_RESULTS[format_name])
    body = output.rest()
    if _NOT_XML.search(body):
        raise NotAcceptable(
            "the answer holds control characters, which XML has no way to write: ask for JSON, CSV or TSV",
            available=[f.media_type for f in RESULT_FORMATS if f is not RESULTS_XML],
        )
    # An XML parser would read a raw carriage return as a line feed (XML 1.0, 2.11).
    return body.replace(b"\r", b"&#xD;")


def write_graph(results: ox.QueryTriples, format_name: str | None, output: Output) -> bytes:
    """
    Write a CONSTRUCT or DESCRIBE result; gives what the output did not send on.

    Raises NotAcceptable where the format is None or cannot hold it.
    """
    if format_name is None:
        raise unacceptable("graph")
    if format_name in _LINES:
        results.serialize(cast(Any, output), format=ox.RdfFormat.N_TRIPLES)
        return output.rest()
    if format_name in _TEXTS:
        ox.serialize(results, cast(Any, output), format=_TEXTS[format_name], prefixes=PREFIXES)
        rest = output.rest()
        return rest if output.sent else _without_unused_prefixes(rest)
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in results]
    output.write(serialisation.write(quads, _BY_SERIALISATION[format_name]))
    return output.rest()


def unacceptable(kind: str) -> NotAcceptable:
    """Make the error for a client that takes no format of what its query gives."""
    offers = GRAPH_FORMATS if kind == "graph" else RESULT_FORMATS
    what = "a graph" if kind == "graph" else "a table or true or false"
    available = [f.media_type for f in offers]
    return NotAcceptable(
        f"the query gives {what}, and none of the formats asked for can hold it; there are: {', '.join(available)}",
        available=available,
    )


def _without_unused_prefixes(text: bytes) -> bytes:
    """Keep the prefixes that are used, unless the graph is so large that their lines are nothing beside it."""
    if len(text) > _LARGE:
        return text
    body = text[_HEAD:]
    return b"".join(line for prefix, line in _LINES_OF_HEAD if prefix in body) + body
