"""
Results to bytes, in every format, without passing a size. Runs in a worker only; knows no query.

The engine writes them, each triple of a graph once, and a graph with our prefixes. What it does not write well is
written by tvld.serialisation (JSON-LD, compact) or refused (what XML cannot hold).
"""

import re
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

# XML 1.0 has no way to write these (2.2), raw or escaped; the engine writes them raw.
_NOT_XML = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class _Capped:
    """A file in memory that refuses to grow past its size: the engine stops at once when a write fails."""

    def __init__(self, limit_mib: int) -> None:
        self._limit_mib = limit_mib
        self._left = limit_mib * MIB
        self._blocks: list[bytes] = []

    def write(self, block: bytes) -> int:
        self._left -= len(block)
        if self._left < 0:
            raise QueryLimitExceeded(
                f"the answer is larger than {self._limit_mib} MiB: add LIMIT, or fetch a dump",
                limit="answer_mib",
                value=self._limit_mib,
            )
        self._blocks.append(bytes(block))
        return len(block)

    def flush(self) -> None:
        """Do what is asked of a file; there is nothing to do."""

    def body(self) -> bytes:
        return b"".join(self._blocks)


def write_rows(results: ox.QuerySolutions | ox.QueryBoolean, format_name: str | None, limit_mib: int) -> bytes:
    """Write a SELECT or ASK result; raises NotAcceptable where the format is None or cannot hold it."""
    if format_name is None:
        raise unacceptable("select")
    capped = _Capped(limit_mib)
    results.serialize(cast(Any, capped), format=_RESULTS[format_name])
    body = capped.body()
    if format_name == RESULTS_XML.name:
        if _NOT_XML.search(body):
            raise NotAcceptable(
                "the answer holds control characters, which XML has no way to write: ask for JSON, CSV or TSV",
                available=[f.media_type for f in RESULT_FORMATS if f is not RESULTS_XML],
            )
        # An XML parser would read a raw carriage return as a line feed (XML 1.0, 2.11).
        body = body.replace(b"\r", b"&#xD;")
    return body


def write_graph(results: ox.QueryTriples, format_name: str | None, limit_mib: int) -> bytes:
    """Write a CONSTRUCT or DESCRIBE result; raises NotAcceptable where the format is None or cannot hold it."""
    if format_name is None:
        raise unacceptable("graph")
    capped = _Capped(limit_mib)
    if format_name in _LINES:
        results.serialize(cast(Any, capped), format=ox.RdfFormat.N_TRIPLES)
        return capped.body()
    if format_name in _TEXTS:
        output = cast(Any, capped)
        ox.serialize(results, output, format=_TEXTS[format_name], prefixes=PREFIXES)
        return _without_unused_prefixes(capped.body())
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in results]
    capped.write(serialisation.write(quads, _BY_SERIALISATION[format_name]))
    return capped.body()


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
