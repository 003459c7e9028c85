"""
A finished answer as one request wants it: whole, not at all (304, 412), a range of its bytes, piece by piece.

Knows WSGI and no application. What is in a file is given piece by piece, at the pace of the reader, who keeps a thread
meanwhile: so there is a bound to how many do.
"""

import json
import threading
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tvld.serve.conditions import range_of, status_of
from tvld.serve.kept import Finished, Headers
from tvld.serve.problems import PROBLEM_JSON, problem_of_status
from tvld.serve.replies import SECURITY
from tvld.serve.spool import Spool

Environ = dict[str, Any]

_CONDITIONS = {
    "HTTP_IF_MATCH": "if-match",
    "HTTP_IF_NONE_MATCH": "if-none-match",
    "HTTP_IF_MODIFIED_SINCE": "if-modified-since",
    "HTTP_IF_UNMODIFIED_SINCE": "if-unmodified-since",
    "HTTP_RANGE": "range",
    "HTTP_IF_RANGE": "if-range",
}
CONDITIONAL = frozenset(_CONDITIONS)
# A large answer is packed while it is sent: quickly rather than tightly.
_LEVEL = 4
_GZIP = 16 + zlib.MAX_WBITS


class Given(NamedTuple):
    """What is sent: `size` of the body in bytes, as far as it is known."""

    status: int
    headers: Headers
    body: Iterable[bytes]
    size: int


class Giving:
    """Gives answers, so many at once of those that are in files."""

    def __init__(self, places: int) -> None:
        self._places = threading.Semaphore(places)

    def give(self, answer: Finished, environ: Environ) -> Given:
        """Give an answer as the conditions of a request want it."""
        method = environ["REQUEST_METHOD"]
        if answer.validators is not None and not environ.keys().isdisjoint(CONDITIONAL):
            conditions = {lower: environ[name] for name, lower in _CONDITIONS.items() if name in environ}
            status = status_of(conditions, answer.validators)
            if status == 304:
                return Given(304, answer.unmodified, [], 0)
            if status == 412:
                why = "what is here is not what If-Match or If-Unmodified-Since expects"
                return _refused(412, why, environ, [])
            if method == "GET" and "range" in conditions and answer.length is not None:
                return self._ranged(answer, answer.length, conditions, environ)
        return self._whole(answer, environ)

    def _whole(self, answer: Finished, environ: Environ) -> Given:
        size = answer.length or 0
        if environ["REQUEST_METHOD"] == "HEAD":
            return Given(answer.status, answer.headers, [], 0)
        if answer.spool is None:
            return Given(answer.status, answer.headers, [answer.body], size)
        return self._piecewise(answer.status, answer.headers, answer, (0, answer.spool.size), environ)

    def _ranged(self, answer: Finished, length: int, conditions: dict[str, str], environ: Environ) -> Given:
        assert answer.validators is not None
        try:
            asked = range_of(conditions, answer.validators, length)
        except ValueError:
            extent: Headers = [("Content-Range", f"bytes */{length}")]
            return _refused(416, f"there are {length} bytes here, and none in the range asked for", environ, extent)
        if asked is None:
            return self._whole(answer, environ)
        first, last = asked
        size = last - first + 1
        headers = [(n, v) for n, v in answer.headers if n != "Content-Length"]
        headers += [("Content-Range", f"bytes {first}-{last}/{length}"), ("Content-Length", str(size))]
        if answer.spool is not None:
            return self._piecewise(206, headers, answer, (first, size), environ)
        return Given(206, headers, [answer.body[first : last + 1]], size)

    def _piecewise(
        self, status: int, headers: Headers, answer: Finished, extent: tuple[int, int], environ: Environ
    ) -> Given:
        if not self._places.acquire(blocking=False):
            why = "as many large answers as this server gives at once are being read: try again"
            return _refused(503, why, environ, [("Retry-After", "5")])
        assert answer.spool is not None
        pieces = answer.spool.pieces(*extent)
        if answer.length is None:
            pieces = _packed(pieces)
        return Given(status, headers, _Pieces(pieces, answer.spool, self._places), extent[1])


class _Pieces:
    """The body of a large answer, and the place that its reader holds until it is read or the reader is gone."""

    def __init__(self, pieces: Iterator[bytes], spool: Spool, places: threading.Semaphore) -> None:
        self._pieces, self._spool = pieces, spool
        self._places: threading.Semaphore | None = places

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Give the place back; WSGI calls this however the answer ended (PEP 3333)."""
        places, self._places = self._places, None
        if places is not None:
            places.release()


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _refused(status: int, detail: str, environ: Environ, headers: Headers) -> Given:
    problem = problem_of_status(status, detail, environ["PATH_INFO"])
    body = json.dumps(problem.members(), ensure_ascii=False, indent=2).encode() + b"\n"
    named = [
        ("Content-Type", PROBLEM_JSON.media_type),
        ("Access-Control-Allow-Origin", "*"),
        ("Cache-Control", "no-store"),
    ]
    full = [*headers, *named, ("Content-Length", str(len(body))), *SECURITY]
    return Given(status, full, [] if environ["REQUEST_METHOD"] == "HEAD" else [body], len(body))
