"""
The WSGI layer in front of Flask: ready answers, conditional requests, HEAD, byte ranges, compression.

An answer to GET is made once a release, by Flask, and given out from here as fast as a file. What may be kept, and what
it is, the application says by its headers alone: `Cache-Control: no-store` is not kept, `X-Sendfile` is a file's path.
"""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tvld.serve.endpoint import ENDPOINT, PATH, Endpoint
from tvld.serve.giving import CONDITIONAL, Giving
from tvld.serve.kept import Finished, Headers, Key
from tvld.serve.languages import chosen
from tvld.serve.replies import SECURITY, Reply
from tvld.serve.snapshot import Holder, Snapshot
from tvld.serve.spool import Spool
from tvld.serve.traffic import Traffic, noted
from tvld.settings import Settings

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Where Flask finds the snapshot of its request, and whether the address lies outside the base.
SNAPSHOT = "tvld.snapshot"
OUTSIDE = "tvld.outside"
# Set by whoever writes the site to files: pages without what needs a server, in these languages (a tuple of tags).
STILL = "tvld.still"
# Where Flask leaves what it answers, if that is too large to hold.
SPOOL = "tvld.spool"
# Where a client says which past state it wants (RFC 7089, 2.1.1).
DATETIME = "HTTP_ACCEPT_DATETIME"
# These are weighed before If-None-Match.
_OVERRIDING = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


class Answers:
    """The WSGI application that the server runs, over Flask's."""

    def __init__(
        self, application: Application, holder: Holder, traffic: Traffic, settings: Settings | None = None
    ) -> None:
        self._application, self._holder, self._traffic = application, holder, traffic
        settings = settings or Settings()
        self._endpoint = Endpoint(settings)
        self._giving = Giving(max(1, settings.threads // 8))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self._pass_on(environ, start_response)
        key: Key = (
            environ["PATH_INFO"],
            environ["QUERY_STRING"],
            environ.get("HTTP_ACCEPT"),
            environ.get("HTTP_ACCEPT_ENCODING"),
            environ.get("HTTP_ACCEPT_PROFILE"),
            chosen(environ.get("HTTP_ACCEPT_LANGUAGE")),
        )
        # What was asked for as it was at a time is made for that time alone.
        answer = None if DATETIME in environ else self._holder.current.kept.get(key)
        if answer is None:
            started = time.perf_counter()
            answer = self._make(environ, key)
            status, headers, body, size = self._giving.give(answer, environ)
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
            status, headers, body, size = self._giving.give(answer, environ)
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
            answer = self._finished(environ, snapshot, stateful=True)
            if answer.keep and DATETIME not in environ:
                snapshot.kept.add(key, answer)
            return answer

    def _pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what is not a GET: never kept, never conditional."""
        started = time.perf_counter()
        with self._holder.lease() as snapshot:
            answer = self._finished(environ, snapshot, stateful=False)
        status, headers, body, size = self._giving.give(answer, environ)
        method, path, query = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"]
        self._traffic.made(method, path, query, status, size, time.perf_counter() - started)
        start_response(_line(status), headers)
        return body

    def _finished(self, environ: Environ, snapshot: Snapshot, *, stateful: bool) -> Finished:
        """Make an answer: programs that bring a query are answered by the endpoint, all else is asked of Flask."""
        base = snapshot.source.base.path
        reply = self._endpoint.reply(environ, snapshot) if environ["PATH_INFO"] == base + PATH else None
        if reply is None:
            reply = self._ask(_mounted(environ, snapshot, base))
        encoding = environ.get("HTTP_ACCEPT_ENCODING")
        return Finished(
            reply.status,
            reply.headers,
            reply.body,
            SECURITY,
            spool=reply.spool,
            accept_encoding=encoding,
            since=snapshot.source.since if stateful else None,
        )

    def _ask(self, environ: Environ) -> Reply:
        """Ask Flask, under the path of the base; its whole answer, so that the snapshot is no longer needed."""
        environ[ENDPOINT] = self._endpoint
        began: list[tuple[str, Headers]] = []
        parts = self._application(environ, lambda status, headers, *_: began.append((status, headers)))
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = began[-1]
        spool = environ.get(SPOOL)
        file = next((value for name, value in headers if name == "X-Sendfile"), None)
        if file is not None:
            # Opened at once: from here on its release may be deleted.
            spool = Spool.open(Path(file))
        return Reply(int(status[:3]), headers, body, spool)


def _mounted(environ: Environ, snapshot: Snapshot, base: str) -> Environ:
    """Give what Flask sees: an address below the base; a plain GET, for conditions are weighed over whole answers."""
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    inside = path.startswith(base)
    plain = environ
    if method in ("GET", "HEAD"):
        plain = {name: value for name, value in environ.items() if name not in CONDITIONAL}
    return plain | {
        "REQUEST_METHOD": "GET" if method == "HEAD" else method,
        SNAPSHOT: snapshot,
        OUTSIDE: not inside,
        "SCRIPT_NAME": base[:-1] if inside else "",
        "PATH_INFO": path[len(base) - 1 :] if inside else path,
    }


def _line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
