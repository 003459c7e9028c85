"""
A query on its way to an engine and its answer on the way back: place in the lane, release, headers to cite by.

Knows no WSGI and no application.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote_plus

from tvld.errors import QueryLimitExceeded
from tvld.serve.costs import costs
from tvld.serve.engine import Answer, Engine, Query
from tvld.serve.kept import Headers
from tvld.serve.lane import Lane
from tvld.serve.replies import FOR_EVER, OPEN, REVALIDATE, Reply
from tvld.serve.shared import varies
from tvld.serve.snapshot import Snapshot

# Servers and proxies on the way take some 8 KiB of headers in all.
_LONGEST_LINK = 4000
_ENCODED = {code: quote_plus(chr(code)) for code in range(128)}


@dataclass(frozen=True, slots=True)
class Citation:
    """What an answer is cited by: its release, a hash of its query, the address that gives the same rows again."""

    release: str
    query_hash: str
    permalink: str

    def headers(self) -> Headers:
        """Say it in headers."""
        headers = [("TVLD-Release", self.release), ("TVLD-Query", f"sha256:{self.query_hash}")]
        if len(self.permalink) <= _LONGEST_LINK:
            headers.append(("Link", f'<{self.permalink}>; rel="bookmark"'))
        return headers


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks the engines of one snapshot, with a place in the lane; a `release` of None is the one in use."""

    snapshot: Snapshot
    lane: Lane

    @contextmanager
    def engine(self, release: str | None) -> Iterator[Engine]:
        """Hold the engine of a release and a place in the lane."""
        source = self.snapshot.source
        with self.lane.place():
            if release is None or release == source.name:
                yield self.snapshot.engine
            else:
                with self.snapshot.archive.engine(source, release) as earlier:
                    yield earlier

    def given(self, query: Query, release: str | None) -> Answer:
        """Answer a query; an error of time says what in the query was expensive, where that can be told."""
        try:
            if release is not None:
                with self.engine(release) as earlier:
                    return earlier.ask(query)
            # The way of nearly all queries, without the ceremony of two context managers.
            self.lane.enter()
            try:
                return self.snapshot.engine.ask(query)
            finally:
                self.lane.leave()
        except QueryLimitExceeded as err:
            raise blamed(err, query.text) from err

    def citation(self, query: Query, release: str | None) -> Citation:
        """Give what the answer to a query is cited by."""
        source = self.snapshot.source
        name = release or source.name
        values, parameters = query.text, f"query={_encoded(query.text)}"
        for graph in query.default_graphs:
            values, parameters = f"{values}\n{graph}", f"{parameters}&default-graph-uri={quote_plus(graph)}"
        for graph in query.named_graphs:
            values, parameters = f"{values}\n{graph}", f"{parameters}&named-graph-uri={quote_plus(graph)}"
        digest = hashlib.sha256(values.encode()).hexdigest()
        return Citation(name, digest, f"{source.base.iri}sparql?{parameters}&release={_encoded(name)}")

    def reply(self, query: Query, release: str | None) -> Reply:
        """Answer a query in the format that the client likes best, with what it is cited by."""
        answer = self.given(query, release)
        caching = "no-store" if varies(query.text) else REVALIDATE if release is None else FOR_EVER
        headers = [
            ("Content-Type", answer.format.content_type),
            ("Cache-Control", caching),
            ("Vary", "Accept"),
            *self.citation(query, release).headers(),
            *OPEN,
        ]
        return Reply(200, headers, answer.body, answer.spool)


def _encoded(text: str) -> str:
    """Encode as `quote_plus` does, in a third of its time where a text is ASCII."""
    return text.translate(_ENCODED) if text.isascii() else quote_plus(text)


def blamed(error: QueryLimitExceeded, text: str) -> QueryLimitExceeded:
    """Add to an error what in the text of the query is expensive."""
    found = costs(text) if error.details.get("limit") in ("seconds", "memory_mib") else ()
    if not found:
        return error
    return QueryLimitExceeded(f"{error}. Probably this: {'; '.join(found)}", **error.details, expensive=list(found))
