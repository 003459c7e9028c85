"""A client of the site for tests: of the application in this process, or of a server on a socket."""

import io
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tvld.serve.answers import Answers
from tvld.serve.server import make_engine
from tvld.serve.snapshot import Holder
from tvld.serve.source import Source
from tvld.serve.traffic import Traffic
from tvld.serve.web import create_app
from tvld.settings import Settings

RUN = """
import sys
from pathlib import Path
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.release import open_release
from tvld.serve.server import serve
from tvld.settings import Settings
settings = Settings(
    port=int(sys.argv[1]),
    poll_seconds=0.05,
    base_iri="http://127.0.0.1:8000/",
    query_seconds=float((sys.argv[3:] or ["10"])[0]),
)
path = Path(sys.argv[2])
if path.is_dir():
    serve(settings, open_release(path), path if path.is_symlink() else None)
else:
    serve(settings, open_rdf_files([path], settings.base()))
"""


@dataclass(frozen=True)
class Reply:
    """What came back; names of headers in lower case, several of one name joined by a comma."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()


Get = Callable[..., Reply]


def joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    return headers


def calling(application: Callable[..., object]) -> Get:
    """Ask a WSGI application in this process; header names are keywords (`accept`, `if_none_match`)."""

    def get(address: str, method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
        parts = urlsplit(address)
        began: list[tuple[str, list[tuple[str, str]]]] = []
        environ: dict[str, object] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "elsewhere.example",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
        }
        for name, value in headers.items():
            environ[name.upper() if name == "content_type" else f"HTTP_{name.upper()}"] = value
        pieces = application(environ, lambda status, given, *_: began.append((status, given)))
        content = b"".join(pieces)  # type: ignore[call-overload]
        status, given = began[0]
        return Reply(int(status[:3]), joined(given), content)

    return get


@contextmanager
def site(source: Source, settings: Settings | None = None) -> Iterator[tuple[Get, Holder]]:
    """Run the application over a source, with a real engine, in this process."""
    settings = settings or Settings(log_requests=False)
    traffic = Traffic(log=False)
    holder = Holder(source, lambda s: make_engine(settings, s), settings.cache_mib)
    try:
        yield calling(Answers(create_app(settings, traffic).wsgi_app, holder, traffic, settings)), holder
    finally:
        holder.close()
        traffic.close()


@dataclass(frozen=True)
class Server:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def get(self, address: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, address, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Reply(response.status, joined(response.getheaders()), response.read())
        finally:
            connection.close()

    def stop(self, signal_: int = signal.SIGTERM) -> int:
        self.process.send_signal(signal_)
        return self.process.wait(timeout=20)


@contextmanager
def server(path: Path, log: Path, port: int = 0, query_seconds: float = 10.0) -> Iterator[Server]:
    """Start a server for a release or an RDF file; gives it when it has said that it answers."""
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(port), str(path), str(query_seconds)],
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            assert ready.startswith("Serving http"), f"{ready!r} {log.read_text()}"
            yield Server(process, urlsplit(ready.split(" at ")[1].strip()).port or 0, log)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def descendants(pid: int) -> list[int]:
    """List the processes below one, from /proc."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *descendants(child)]
    return found


def alive(pid: int) -> bool:
    """Say whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def free_of(pids: list[int]) -> bool:
    return not any(alive(pid) for pid in pids)


def origin(served: Mapping[str, Server], name: str = "real") -> str:
    """Give where one of several servers answers."""
    return f"http://127.0.0.1:{served[name].port}"
