"""
Asks the site in this process, as a browser or a program would over HTTP: what is written to files is what is served.

Knows WSGI and the application; neither files nor links.
"""

import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote

from tvld.errors import OutsideError, TvldError
from tvld.serve.answers import STILL, Answers
from tvld.serve.endpoint import PROBLEM
from tvld.serve.engine import Answer, Engine, Query
from tvld.serve.languages import LANGUAGES
from tvld.serve.server import make_engine
from tvld.serve.snapshot import Holder, Snapshot
from tvld.serve.source import Source
from tvld.serve.traffic import Traffic
from tvld.serve.web import create_app
from tvld.settings import Settings


@dataclass(frozen=True)
class Reply:
    """What came back; names of headers in lower case. `parts` are read once."""

    status: int
    headers: Mapping[str, str]
    parts: Iterable[bytes]

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    def body(self) -> bytes:
        return b"".join(self.parts)


class Visitor:
    """
    One who asks the application over one source, without a socket.

    `rest` ends the engine, if a question started it; the next one starts it again.
    """

    def __init__(
        self, application: Answers, snapshot: Snapshot, rest: Callable[[], None], languages: Sequence[str]
    ) -> None:
        self._application = application
        self.snapshot = snapshot
        self.rest = rest
        self.base = snapshot.source.base
        self.languages = tuple(languages)

    def ask(self, address: str, accept: str | None = None, language: str | None = None) -> Reply:
        """Ask for an address below the base, with its query if it has one; in the first language if none is named."""
        return self._ask(address, accept, language, None)

    def refused(self, error: TvldError, accept: str, language: str | None = None) -> Reply:
        """Ask how the site tells of an error."""
        return self._ask("", accept, language, error)

    def _ask(self, address: str, accept: str | None, language: str | None, error: TvldError | None) -> Reply:
        path, _, query = address.partition("?")
        environ: dict[str, object] = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(self.base.path + path).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "HTTP_ACCEPT_LANGUAGE": language or self.languages[0],
            STILL: self.languages,
            PROBLEM: error,
        }
        if accept is not None:
            environ["HTTP_ACCEPT"] = accept
        began: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self._application(environ, lambda status, headers: began.append((status, headers)))
        status, headers = began[0]
        joined: dict[str, str] = {}
        for name, value in headers:
            joined[name.lower()] = f"{joined[name.lower()]}, {value}" if name.lower() in joined else value
        if status.startswith("5"):
            raise OutsideError(
                f"{self.base.iri}{address} cannot be written: {status}: {b''.join(parts)[:500].decode()}"
            )
        return Reply(int(status[:3]), joined, parts)


@contextmanager
def visitor(source: Source, settings: Settings, languages: Sequence[str] = LANGUAGES) -> Iterator[Visitor]:
    """Run the application over a source for one visitor, who reads these languages; nothing is kept of its answers."""
    traffic = Traffic(log=False)
    engine = _Late(settings, source)
    holder = Holder(source, lambda _: engine, cache_mib=0)
    try:
        answers = Answers(create_app(settings, traffic).wsgi_app, holder, traffic, settings)
        yield Visitor(answers, holder.current, engine.close, languages)
    finally:
        holder.close()
        traffic.close()


class _Late:
    """An engine that starts with the first query: most of those who write documents ask none."""

    def __init__(self, settings: Settings, source: Source) -> None:
        self._settings, self._source = settings, source
        self._engine: Engine | None = None

    def ask(self, query: Query) -> Answer:
        if self._engine is None:
            self._engine = make_engine(self._settings, self._source)
        return self._engine.ask(query)

    def health(self) -> Mapping[str, object]:
        return {"ready": True}

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
