"""
SPARQL over HTTP for programs, in front of Flask: a WSGI request to a reply.

What a request means is said by `serve.sparql`. What people read (pages, the description of the service, explanations)
is Flask's, which finds here how a request is read.
"""

from functools import lru_cache
from typing import Any

from tvld.errors import TvldError
from tvld.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS
from tvld.serve import sparql
from tvld.serve.asking import Asking
from tvld.serve.bodies import Bodies
from tvld.serve.lane import Lane
from tvld.serve.negotiation import negotiate
from tvld.serve.replies import Reply, refusal
from tvld.serve.snapshot import Snapshot
from tvld.settings import Settings

Environ = dict[str, Any]

# Where Flask finds this endpoint, the request if it was read already, and the error that it is to tell.
ENDPOINT = "tvld.endpoint"
REQUEST = "tvld.request"
PROBLEM = "tvld.problem"

PATH = "sparql"
_METHODS = frozenset({"GET", "HEAD", "POST", "QUERY"})
_OFFERS = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)


class Endpoint:
    """The query operation, with the bounds of the threads that it may keep."""

    def __init__(self, settings: Settings) -> None:
        # Half of all threads for what is being sent, a quarter for what is being answered, an eighth for what is being
        # read (`serve.giving`): whatever clients do, the rest is left for documents.
        self.lane = Lane(max(1, settings.threads // 4))
        # A form encodes a query to at most three times its length.
        self._bodies = Bodies(max(1, settings.threads // 2), 4 * (settings.query_kib << 10))

    def request(self, environ: Environ) -> sparql.Request:
        """Read a request, with its body, once; raises what `Bodies.read` raises."""
        read = environ.get(REQUEST)
        if read is None:
            method = environ["REQUEST_METHOD"]
            read = environ[REQUEST] = sparql.Request(
                method,
                environ["QUERY_STRING"],
                environ.get("CONTENT_TYPE"),
                b"" if method in ("GET", "HEAD") else self._bodies.read(environ),
                environ.get("HTTP_ACCEPT"),
            )
        assert isinstance(read, sparql.Request)
        return read

    def reply(self, environ: Environ, snapshot: Snapshot) -> Reply | None:
        """Answer a program; None where Flask is to answer, and what is known by then stands in `environ`."""
        accept = environ.get("HTTP_ACCEPT")
        if environ["REQUEST_METHOD"] not in _METHODS or wants_page(accept):
            return None
        try:
            request = self.request(environ)
            options = sparql.options(request)
            if options.explain:
                return None
            query = sparql.read(request)
            if query is None:
                return None
            return Asking(snapshot, self.lane).reply(query, options.release)
        except TvldError as err:
            reply = refusal(err, accept, _instance(environ))
            if reply is None:
                environ[PROBLEM] = err
            return reply


@lru_cache(maxsize=512)
def wants_page(accept: str | None) -> bool:
    """Say whether a client likes a page better than any form of an answer."""
    return negotiate(accept, _OFFERS) is HTML


def _instance(environ: Environ) -> str:
    """Give the address that was asked for, whatever its bytes."""
    query = environ["QUERY_STRING"].encode("latin-1", "replace").decode(errors="replace")
    path = environ["PATH_INFO"]
    return f"{path}?{query}" if query else str(path)
