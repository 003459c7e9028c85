"""A query on its way to an engine and its answer on the way back: place in the lane, release, headers to cite by."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, g

from tvld.errors import QueryLimitExceeded
from tvld.serve.costs import costs
from tvld.serve.engine import Answer, Engine, Query
from tvld.serve.shared import varies
from tvld.serve.web import asked
from tvld.serve.web.lane import Lane
from tvld.serve.web.representation import REVALIDATE

# The name of the release is in the address: under it there is never another answer.
_FOR_EVER = "public, max-age=31536000, immutable"
# Servers and proxies on the way take some 8 KiB of headers in all.
_LONGEST_LINK = 4000


@dataclass(frozen=True)
class Citation:
    """What an answer is cited by: its release, a hash of its query, the address that gives the same rows again."""

    release: str
    query_hash: str
    permalink: str


@contextmanager
def engine(release: str | None) -> Iterator[Engine]:
    """Hold the engine of a release (None: the one in use) and a place in the lane."""
    here = asked.snapshot()
    lane: Lane = g.lane
    with lane.place():
        if release is None or release == here.source.name:
            yield here.engine
        else:
            with here.archive.engine(here.source, release) as earlier:
                yield earlier


def given(query: Query, release: str | None) -> Answer:
    """Answer a query; an error of time says what in the query was expensive, where that can be told."""
    with engine(release) as chosen:
        try:
            return chosen.ask(query)
        except QueryLimitExceeded as err:
            raise blamed(err, query.text) from err


def blamed(error: QueryLimitExceeded, text: str) -> QueryLimitExceeded:
    """Add to an error what in the text of the query is expensive."""
    found = costs(text) if error.details.get("limit") in ("seconds", "memory_mib") else ()
    if not found:
        return error
    return QueryLimitExceeded(f"{error}. Probably this: {'; '.join(found)}", **error.details, expensive=list(found))


def citation(query: Query, release: str | None) -> Citation:
    source = asked.snapshot().source
    name = release or source.name
    parameters = [("query", query.text)]
    parameters += [("default-graph-uri", graph) for graph in query.default_graphs]
    parameters += [("named-graph-uri", graph) for graph in query.named_graphs]
    digest = hashlib.sha256("\n".join(value for _, value in parameters).encode()).hexdigest()
    return Citation(name, digest, f"{source.base.iri}sparql?{urlencode([*parameters, ('release', name)])}")


def answered(query: Query, release: str | None) -> Response:
    """Answer a query in the format that the client likes best, with what it is cited by."""
    answer = given(query, release)
    response = Response(answer.body, content_type=answer.format.content_type)
    cite(response, citation(query, release))
    if varies(query.text):
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers["Cache-Control"] = REVALIDATE if release is None else _FOR_EVER
    response.headers["Vary"] = "Accept"
    return response


def cite(response: Response, cited: Citation) -> None:
    """Set the headers that an answer is cited by."""
    response.headers["TVLD-Release"] = cited.release
    response.headers["TVLD-Query"] = f"sha256:{cited.query_hash}"
    if len(cited.permalink) <= _LONGEST_LINK:
        response.headers.add("Link", f'<{cited.permalink}>; rel="bookmark"')
