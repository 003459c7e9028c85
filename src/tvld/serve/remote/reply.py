"""
What a server of others answered, to the answer or the error that our own engine would give.

Knows how Oxigraph and Virtuoso tell that an answer is not whole. Rows are always asked for as SPARQL JSON and graphs as
N-Triples, which both write well and which show where they are cut; what the client gets is written anew, so that a
value looks the same whatever engine stands behind.
"""

import re

import pyoxigraph as ox

from tvld.errors import Busy, EngineError, QueryLimitExceeded, QueryRefused, TvldError
from tvld.formats import NTRIPLES, RESULTS_JSON, Format
from tvld.serialisation import write
from tvld.serve.remote.connection import Reply
from tvld.serve.workers.limits import MIB
from tvld.serve.workers.writing import Output, write_rows

ACCEPT = {"select": RESULTS_JSON.media_type, "ask": RESULTS_JSON.media_type, "graph": NTRIPLES.media_type}

# The Oxigraph server ends a query past its time with 200 and these words behind what was written until then.
_CANCELLED = b"operation has been cancelled"
_TAIL = 200
# Virtuoso 7 writes xsd:boolean as a number.
_BOOLEAN = re.compile(rb'("datatype": "http://www\.w3\.org/2001/XMLSchema#boolean", "value": )"([01])"')
_RETRY_SECONDS = 5


def whole(reply: Reply, url: str, seconds: float) -> bytes:
    """
    Give the body of an answer that is whole.

    Raises QueryLimitExceeded where the server cut it or gave up at a limit of its own, Busy where it has too much to
    do, QueryRefused where it does not take the query, EngineError for all else.
    """
    if reply.status != 200:
        raise _refusal(reply, url)
    if rows := reply.headers.get("x-sparql-maxrows"):
        raise QueryLimitExceeded(
            f"the answer has more than the {rows} rows that the query engine gives: add LIMIT, or fetch a dump",
            limit="rows",
            value=int(rows) if rows.isdigit() else rows,
        )
    # S1TAT: the answer is what was found until the time was over.
    if reply.headers.get("x-sql-state") or _CANCELLED in reply.body[-_TAIL:]:
        raise too_long(seconds)
    return reply.body


def rows(body: bytes, format_: Format, limits_mib: int, url: str) -> bytes:
    """Write rows, or true or false, in the client's format; raises EngineError where the body is not whole."""
    written = _rows(body, format_, limits_mib, url)
    if isinstance(written, TvldError):
        raise written
    return written


def _rows(body: bytes, format_: Format, limits_mib: int, url: str) -> bytes | TvldError:
    """
    Write rows; what is wrong is given back, not raised: a traceback would hold the results until some other thread
    collects them, and they may be dropped by this one only (pyoxigraph).
    """
    try:
        results = ox.parse_query_results(_BOOLEAN.sub(_as_word, body), format=ox.QueryResultsFormat.JSON)
        return write_rows(results, format_.name, Output(limits_mib))
    except SyntaxError as err:
        return EngineError(f"what {url} answered is not whole: {err.msg}")
    except TvldError as err:
        return err.with_traceback(None)


def graph(body: bytes, format_: Format, limits_mib: int, url: str) -> bytes:
    """Write a graph in the client's format; raises EngineError where the body is not whole."""
    if body and not body.endswith(b"\n"):
        raise EngineError(f"what {url} answered is not whole: its last line does not end")
    try:
        written = write(ox.parse(body, format=ox.RdfFormat.N_TRIPLES), format_)
    except SyntaxError as err:
        raise EngineError(f"what {url} answered is not whole: {err.msg}") from err
    if len(written) > limits_mib * MIB:
        raise too_large(limits_mib)
    return written


def too_large(limit_mib: int) -> QueryLimitExceeded:
    return QueryLimitExceeded(
        f"the answer is larger than {limit_mib} MiB: add LIMIT, or fetch a dump", limit="answer_mib", value=limit_mib
    )


def too_long(seconds: float) -> QueryLimitExceeded:
    return QueryLimitExceeded(
        f"the query ran longer than the {seconds:g} s that it may take: ask for less at once, or fetch a dump",
        limit="seconds",
        value=seconds,
    )


def _refusal(reply: Reply, url: str) -> TvldError:
    words = reply.words()
    if reply.status in (429, 503):
        after = reply.headers.get("retry-after", "")
        seconds = int(after) if after.isdigit() else _RETRY_SECONDS
        return Busy(f"the query engine has too much to do: try again in {seconds} s", retry_after=seconds)
    if "timed out" in words or "S1T00" in words:
        return QueryLimitExceeded("the query engine ended the query at its own limit of time", limit="seconds")
    if "estimated execution time" in words:
        return QueryLimitExceeded(
            f"the query engine did not begin what it takes to be too long: {words}", limit="estimated_seconds"
        )
    if reply.status == 400:
        # It has passed our own parser: what is wrong is a matter of this engine.
        return QueryRefused(f"the query engine does not take this query: {words}")
    return EngineError(f"{url} answered {reply.status}: {words}")


def _as_word(match: re.Match[bytes]) -> bytes:
    return match[1] + (b'"true"' if match[2] == b"1" else b'"false"')
