"""
The WSGI layer in front of Flask: ready answers, conditional requests, HEAD, byte ranges, compression.

An answer to GET is made once a release, by Flask, and given out from here as fast as a file. What may be kept, and what
it is, the application says by its headers alone: `Cache-Control: no-store` is not kept, `X-Sendfile` is a file's path.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tvld.serve.conditions import range_of, status_of
from tvld.serve.kept import Finished, Headers, Key
from tvld.serve.problems import PROBLEM_JSON, problem_of_status
from tvld.serve.snapshot import Holder, Snapshot
from tvld.serve.traffic import Traffic, noted

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Where Flask finds the snapshot of its request, and whether the address lies outside the base.
SNAPSHOT = "tvld.snapshot"
OUTSIDE = "tvld.outside"
# Set by whoever writes the site to files: pages without what needs a server, and an error to be told of.
STILL = "tvld.still"
PROBLEM = "tvld.problem"

SECURITY: Headers = [
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Server", "tvld"),
]
CONDITIONS = {
    "HTTP_IF_MATCH": "if-match",
    "HTTP_IF_NONE_MATCH": "if-none-match",
    "HTTP_IF_MODIFIED_SINCE": "if-modified-since",
    "HTTP_IF_UNMODIFIED_SINCE": "if-unmodified-since",
    "HTTP_RANGE": "range",
    "HTTP_IF_RANGE": "if-range",
}
_CONDITIONAL = frozenset(CONDITIONS)
# These are weighed before If-None-Match.
_OVERRIDING = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
_CHUNK = 1 << 16


class Answers:
    """The WSGI application that the server runs, over Flask's."""

    def __init__(self, application: Application, holder: Holder, traffic: Traffic) -> None:
        self._application, self._holder, self._traffic = application, holder, traffic

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self._pass_on(environ, start_response)
        key: Key = (
            environ["PATH_INFO"],
            environ["QUERY_STRING"],
            environ.get("HTTP_ACCEPT"),
            environ.get("HTTP_ACCEPT_ENCODING"),
        )
        answer = self._holder.current.kept.get(key)
        if answer is None:
            started = time.perf_counter()
            answer = self._make(environ, key)
            status, headers, body, size = _given(answer, environ, method)
            self._traffic.made(method, key[0], key[1], status, size, time.perf_counter() - started)
        elif (
            answer.etag
            and environ.get("HTTP_IF_NONE_MATCH") == answer.etag
            and not any(map(environ.__contains__, _OVERRIDING))
        ):
            # The most frequent condition by far, without the ceremony of the others.
            answer.used = True
            self._note(answer, method, key, 304, 0)
            start_response("304 Not Modified", answer.unmodified)
            return []
        else:
            answer.used = True
            status, headers, body, size = _given(answer, environ, method)
            self._note(answer, method, key, status, size)
        start_response(answer.line if status == answer.status else _line(status), headers)
        return body

    def _note(self, answer: Finished, method: str, key: Key, status: int, size: int) -> None:
        note = answer.notes.get((method, status, size))
        if note is None:
            note = noted(method, key[0], key[1], status, size, 0.0)
            # Ranges could be as many as there are bytes: only what comes again and again is held.
            if status != 206:
                answer.notes[method, status, size] = note
        self._traffic.kept(status, note)

    def _make(self, environ: Environ, key: Key) -> Finished:
        with self._holder.lease() as snapshot:
            # The application sees a plain GET: conditions are weighed here, over the whole answer.
            plain = {name: value for name, value in environ.items() if name not in _CONDITIONAL}
            status, headers, body = self._ask(plain | {"REQUEST_METHOD": "GET"}, snapshot)
            file = next((Path(value) for name, value in headers if name == "X-Sendfile"), None)
            encoding, since = environ.get("HTTP_ACCEPT_ENCODING"), snapshot.source.since
            answer = Finished(status, headers + SECURITY, body, file=file, accept_encoding=encoding, since=since)
            if answer.keep:
                snapshot.kept.add(key, answer)
            return answer

    def _pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what is not a GET: never kept, never conditional."""
        started = time.perf_counter()
        with self._holder.lease() as snapshot:
            status, headers, body = self._ask(environ, snapshot)
        headers = [(n, v) for n, v in headers if n.lower() != "content-length"]
        if status != 204:
            headers.append(("Content-Length", str(len(body))))
        seconds = time.perf_counter() - started
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        self._traffic.made(environ["REQUEST_METHOD"], path, query, status, len(body), seconds)
        start_response(_line(status), headers + SECURITY)
        return [body]

    def _ask(self, environ: Environ, snapshot: Snapshot) -> tuple[int, Headers, bytes]:
        """Ask Flask, under the path of the base; its whole answer, so that the snapshot is no longer needed."""
        began: list[tuple[str, Headers]] = []
        parts = self._application(
            _mounted(environ, snapshot), lambda status, headers, *_: began.append((status, headers))
        )
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = began[-1]
        return int(status[:3]), headers, body


def _mounted(environ: Environ, snapshot: Snapshot) -> Environ:
    mount = snapshot.source.base.path.removesuffix("/")
    path = environ["PATH_INFO"]
    inside = path.startswith(mount + "/")
    return environ | {
        SNAPSHOT: snapshot,
        OUTSIDE: not inside,
        "SCRIPT_NAME": mount if inside else "",
        "PATH_INFO": path.removeprefix(mount) if inside else path,
    }


def _given(answer: Finished, environ: Environ, method: str) -> tuple[int, Headers, Iterable[bytes], int]:
    """Give an answer as the request's conditions want it: status, headers, body, size of the body."""
    if answer.validators is not None and not environ.keys().isdisjoint(_CONDITIONAL):
        conditions = {lower: environ[name] for name, lower in CONDITIONS.items() if name in environ}
        status = status_of(conditions, answer.validators)
        if status == 304:
            return 304, answer.unmodified, [], 0
        if status == 412:
            return _refused(412, "what is here is not what If-Match or If-Unmodified-Since expects", environ, [])
        if method == "GET" and "range" in conditions:
            return _ranged(answer, conditions, environ)
    if method == "HEAD":
        return answer.status, answer.headers, [], 0
    body = [answer.body] if answer.file is None else _chunks(answer.file, 0, answer.length)
    return answer.status, answer.headers, body, answer.length


def _ranged(
    answer: Finished, conditions: dict[str, str], environ: Environ
) -> tuple[int, Headers, Iterable[bytes], int]:
    assert answer.validators is not None
    try:
        asked = range_of(conditions, answer.validators, answer.length)
    except ValueError:
        extent: Headers = [("Content-Range", f"bytes */{answer.length}")]
        return _refused(416, f"there are {answer.length} bytes here, and none in the range asked for", environ, extent)
    if asked is None:
        body = [answer.body] if answer.file is None else _chunks(answer.file, 0, answer.length)
        return answer.status, answer.headers, body, answer.length
    first, last = asked
    size = last - first + 1
    headers = [(n, v) for n, v in answer.headers if n != "Content-Length"]
    headers += [("Content-Range", f"bytes {first}-{last}/{answer.length}"), ("Content-Length", str(size))]
    if answer.file is not None:
        return 206, headers, _chunks(answer.file, first, size), size
    return 206, headers, [answer.body[first : last + 1]], size


def _refused(status: int, detail: str, environ: Environ, headers: Headers) -> tuple[int, Headers, Iterable[bytes], int]:
    problem = problem_of_status(status, detail, environ["PATH_INFO"])
    body = json.dumps(problem.members(), ensure_ascii=False, indent=2).encode() + b"\n"
    named = [
        ("Content-Type", PROBLEM_JSON.media_type),
        ("Access-Control-Allow-Origin", "*"),
        ("Cache-Control", "no-store"),
    ]
    full = [*headers, *named, ("Content-Length", str(len(body))), *SECURITY]
    return status, full, [] if environ["REQUEST_METHOD"] == "HEAD" else [body], len(body)


def _chunks(file: Path, first: int, size: int) -> Iterator[bytes]:
    """Read part of a file piece by piece. It is opened at once: from here on its release may be deleted."""
    opened = file.open("rb")
    opened.seek(first)

    def pieces(left: int) -> Iterator[bytes]:
        with opened:
            while left > 0 and (chunk := opened.read(min(_CHUNK, left))):
                left -= len(chunk)
                yield chunk

    return pieces(size)


def _line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
