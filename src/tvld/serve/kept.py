"""
Finished answers and a bounded place to keep them. Knows headers and bytes, no WSGI and no application.

An answer is made once and given many times: what can be computed when it is made is not computed when it is given.
"""

import gzip
import hashlib
import threading
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus

from tvld.serve.conditions import Validators, http_date, takes_gzip
from tvld.serve.spool import Spool

Headers = list[tuple[str, str]]
# Path, query, Accept, Accept-Encoding, Accept-Profile, as they came; and the language that Accept-Language chooses.
Key = tuple[str, str, str | None, str | None, str | None, str]

_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/xhtml+xml", "image/svg+xml")
_COMPRESSIBLE_ENDINGS = ("+json", "+xml", "/n-triples", "/n-quads", "/trig")
# A shorter body gains nothing: it travels in one packet as it is.
_WORTH_COMPRESSING = 1024
# What a 304 repeats of its 200 (RFC 9110, 15.4.5), and what a browser needs to read it across origins.
_OF_304 = frozenset("etag cache-control content-location vary server access-control-allow-origin".split())
# Headers take about so much.
_FRAME = 1536
# What the application says of these is taken in and said anew, or would be wrong in an answer that is kept.
_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_RANGES = ("Accept-Ranges", "bytes")
_OURS = frozenset("accept-ranges content-length date etag expires last-modified vary x-sendfile".split())


class Finished:
    """
    One answer, ready to be given: `body`, or `spool` for what is too large to hold.

    `headers` are complete, with Content-Length, but where `length` is None: such an answer is packed while it is sent.
    `unmodified` are those of its 304. `validators` is None for what has
    no state to compare (redirects, errors, operation routes); `keep` says whether it may be given again. `notes` are
    the lines of the log for it, by method, status and size.
    """

    __slots__ = (
        "_unmodified",
        "body",
        "etag",
        "headers",
        "keep",
        "length",
        "line",
        "notes",
        "spool",
        "status",
        "used",
        "validators",
    )

    def __init__(
        self,
        status: int,
        given: Headers,
        body: bytes,
        always: Headers,
        *,
        spool: Spool | None,
        accept_encoding: str | None,
        since: datetime | None,
    ) -> None:
        """Finish what an application gave; `always` are headers of every answer, `since` None for what has no state."""
        self.status, self.spool, self.used = status, spool, False
        self.line = _LINES[status]
        self.notes: dict[tuple[str, int, int], str] = {}
        lookup = {name.lower(): value for name, value in given}
        stored = "no-store" not in lookup.get("cache-control", "")
        self.keep = status in (200, 303) and stored and spool is None
        headers = [pair for pair in given if pair[0].lower() not in _OURS]
        # What an answer says of itself, as a page that may stand in another does, counts before what is said of all.
        headers += [pair for pair in always if pair[0].lower() not in lookup]
        media_type, vary = lookup.get("content-type", ""), lookup.get("vary", "")
        size = len(body) if spool is None else spool.size
        coding = ""
        # A file of the release is what its checksum says: only what was made for this answer is packed.
        if size >= _WORTH_COMPRESSING and compressible(media_type) and (spool is None or spool.digest):
            vary = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
            if takes_gzip(accept_encoding):
                body, coding = _packed(body) if spool is None else (body, "gzip")
        self.body = body
        self.length = None if coding and spool else size if spool else len(body)
        self._unmodified: Headers | None = None
        self.validators: Validators | None = None
        self.etag: str | None = None
        if status == 200 and stored and since is not None:
            tag = lookup.get("etag") or _etag(media_type, body, spool)
            self.etag = f'{tag[:-1]}-{coding}"' if coding else tag
            self.validators = Validators(self.etag, since)
            headers += [("ETag", self.etag), ("Last-Modified", http_date(since))]
            if self.length is not None:
                headers.append(_RANGES)
        if coding:
            headers.append(("Content-Encoding", coding))
        if vary:
            headers.append(("Vary", vary))
        sized = self.length is not None and status != 204
        self.headers = [*headers, ("Content-Length", str(self.length))] if sized else headers

    @property
    def unmodified(self) -> Headers:
        """Give the headers of its 304, made when one is asked for."""
        if self._unmodified is None:
            self._unmodified = [pair for pair in self.headers if pair[0].lower() in _OF_304]
        return self._unmodified

    @property
    def weight(self) -> int:
        """Give about how many bytes of memory it takes."""
        return len(self.body) + _FRAME


@lru_cache(maxsize=256)
def compressible(content_type: str) -> bool:
    media_type = content_type.partition(";")[0]
    return media_type.startswith(_COMPRESSIBLE) or media_type.endswith(_COMPRESSIBLE_ENDINGS)


def _packed(body: bytes) -> tuple[bytes, str]:
    """Compress a body where that helps: body, Content-Encoding."""
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    return (packed, "gzip") if len(packed) < len(body) else (body, "")


def _etag(media_type: str, body: bytes, spool: Spool | None) -> str:
    """Make a strong entity tag: two representations share one only if they are the same bytes of the same type."""
    counted = body if spool is None else f"{spool.size} {spool.digest}".encode()
    digest = hashlib.sha256(media_type.encode() + b"\n" + counted).hexdigest()[:32]
    return f'"{digest}"'


class Kept:
    """
    Finished answers by what was asked, within bounds of bytes and number.

    Reading takes no lock: a request for what is kept costs one look into a dictionary. When it is full, the oldest go
    that nobody has asked for since they were last passed over.
    """

    def __init__(self, max_bytes: int, max_entries: int = 50_000) -> None:
        self._answers: dict[Key, Finished] = {}
        self._max_bytes, self._max_entries = max_bytes, max_entries
        self._lock = threading.Lock()
        self.bytes = 0
        self.get = self._answers.get

    def __len__(self) -> int:
        return len(self._answers)

    def add(self, key: Key, answer: Finished) -> None:
        """Keep an answer if it is not too large a part of the whole; the key counts too."""
        weight = _weight(key, answer)
        if weight > self._max_bytes // 8:
            return
        with self._lock:
            if (old := self._answers.pop(key, None)) is not None:
                self.bytes -= _weight(key, old)
            while self._answers and (self.bytes + weight > self._max_bytes or len(self._answers) >= self._max_entries):
                self._drop_one()
            self._answers[key] = answer
            self.bytes += weight

    def _drop_one(self) -> None:
        oldest = next(iter(self._answers))
        answer = self._answers.pop(oldest)
        if answer.used:
            answer.used = False
            self._answers[oldest] = answer
        else:
            self.bytes -= _weight(oldest, answer)


def _weight(key: Key, answer: Finished) -> int:
    return answer.weight + sum(len(part or "") for part in key)
