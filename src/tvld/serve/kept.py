"""
Finished answers and a bounded place to keep them. Knows headers and bytes, no WSGI and no application.

An answer is made once and given many times: what can be computed when it is made is not computed when it is given.
"""

import gzip
import hashlib
import threading
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from tvld.serve.conditions import Validators, http_date, takes_gzip

Headers = list[tuple[str, str]]
# Path, query, Accept, Accept-Encoding, as they came.
Key = tuple[str, str, str | None, str | None]

_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/xhtml+xml", "image/svg+xml")
_COMPRESSIBLE_ENDINGS = ("+json", "+xml", "/n-triples", "/n-quads", "/trig")
# A shorter body gains nothing: it travels in one packet as it is.
_WORTH_COMPRESSING = 1024
# What a 304 repeats of its 200 (RFC 9110, 15.4.5), and what a browser needs to read it across origins.
_OF_304 = frozenset("etag cache-control content-location vary server access-control-allow-origin".split())
_FRAME = 512
# What the application says of these is taken in and said anew, or would be wrong in an answer that is kept.
_OURS = frozenset("accept-ranges content-length date etag expires last-modified vary x-sendfile".split())


class Finished:
    """
    One answer, ready to be given: `body`, or `file` for what is too large to hold.

    `headers` are complete, with Content-Length; `unmodified` are those of its 304. `validators` is None for what has
    no state to compare (redirects, errors, operation routes); `keep` says whether it may be given again. `notes` are
    the lines of the log for it, by method, status and size.
    """

    __slots__ = (
        "body",
        "etag",
        "file",
        "headers",
        "keep",
        "length",
        "line",
        "notes",
        "status",
        "unmodified",
        "used",
        "validators",
    )

    def __init__(
        self,
        status: int,
        headers: Headers,
        body: bytes,
        *,
        file: Path | None,
        accept_encoding: str | None,
        since: datetime,
    ) -> None:
        self.status = status
        self.line = f"{status} {HTTPStatus(status).phrase}"
        self.file = file
        self.used = False
        self.notes: dict[tuple[str, int, int], str] = {}
        lookup = {name.lower(): value for name, value in headers}
        self.keep = status in (200, 303) and "no-store" not in lookup.get("cache-control", "") and file is None
        headers = [(n, v) for n, v in headers if n.lower() not in _OURS]
        body, coding, vary = _coded(body, lookup, accept_encoding)
        self.validators: Validators | None = None
        self.etag: str | None = None
        if status == 200 and "no-store" not in lookup.get("cache-control", ""):
            tag = lookup.get("etag") or _etag(lookup.get("content-type", ""), body)
            self.etag = f'{tag[:-1]}-{coding}"' if coding else tag
            self.validators = Validators(self.etag, since)
            headers += [("ETag", self.etag), ("Last-Modified", http_date(since)), ("Accept-Ranges", "bytes")]
        if coding:
            headers.append(("Content-Encoding", coding))
        if vary:
            headers.append(("Vary", vary))
        self.body = body
        self.length = file.stat().st_size if file else len(body)
        self.headers = [*headers, ("Content-Length", str(self.length))]
        self.unmodified = [(n, v) for n, v in headers if n.lower() in _OF_304]

    @property
    def weight(self) -> int:
        """Give about how many bytes of memory it takes."""
        return len(self.body) + sum(len(n) + len(v) for n, v in self.headers) + _FRAME


def _coded(body: bytes, headers: dict[str, str], accept_encoding: str | None) -> tuple[bytes, str, str]:
    """Compress a body where that helps and the client takes it: body, Content-Encoding, Vary."""
    media_type = headers.get("content-type", "").partition(";")[0]
    vary = headers.get("vary", "")
    if not media_type.startswith(_COMPRESSIBLE) and not media_type.endswith(_COMPRESSIBLE_ENDINGS):
        return body, "", vary
    if len(body) < _WORTH_COMPRESSING:
        return body, "", vary
    vary = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    if takes_gzip(accept_encoding):
        packed = gzip.compress(body, compresslevel=6, mtime=0)
        if len(packed) < len(body):
            return packed, "gzip", vary
    return body, "", vary


def _etag(media_type: str, body: bytes) -> str:
    """Make a strong entity tag: two representations share one only if they are the same bytes of the same type."""
    digest = hashlib.sha256(media_type.encode() + b"\n" + body).hexdigest()[:32]
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
