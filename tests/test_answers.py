"""The layer in front of Flask: what is kept, conditions, HEAD, ranges, compression, bounds."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web_client import Get, Reply, calling
from tvld.iris import Base
from tvld.serve.answers import SECURITY, Answers
from tvld.serve.kept import Finished, Kept
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.server import make_engine
from tvld.serve.snapshot import Holder
from tvld.serve.source import Source
from tvld.serve.traffic import Traffic
from tvld.settings import Settings

TEXT = b"abc " * 1000
SETTINGS = Settings(workers=1, cache_mib=1)


class Application:
    """Counts what reaches it; the path says what it answers."""

    def __init__(self, big: Path) -> None:
        self.calls: list[str] = []
        self.big = big

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.calls.append(f"{environ['REQUEST_METHOD']} {path}")
        conditions = [name for name in environ if name.startswith(("HTTP_IF_", "HTTP_RANGE"))]
        assert not conditions or environ["REQUEST_METHOD"] == "POST"
        plain = ("Content-Type", "text/plain")
        answers: dict[str, tuple[str, list[tuple[str, str]], bytes]] = {
            "/text": ("200 OK", [plain, ("Vary", "Accept"), ("Content-Location", "/text.txt")], TEXT),
            "/short": ("200 OK", [plain], b"short"),
            "/image": ("200 OK", [("Content-Type", "image/png")], TEXT),
            "/fresh": ("200 OK", [plain, ("Cache-Control", "no-store")], b"now"),
            "/moved": ("303 See Other", [("Location", "/text")], b""),
            "/broken": ("500 Internal Server Error", [plain], b"oops"),
            "/absent": ("404 Not Found", [plain], b"no"),
            "/file": ("200 OK", [plain, ("X-Sendfile", str(self.big)), ("ETag", '"big"')], b""),
            "/tagged": ("200 OK", [plain, ("ETag", '"given"')], TEXT),
            "/dated": ("200 OK", [plain, ("Date", "Mon, 01 Jan 2001 00:00:00 GMT"), ("Expires", "0")], b"x"),
        }
        status, headers, body = answers.get(path, ("200 OK", [plain], path.encode() * 20_000))
        start(status, headers)
        return [body]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    path = tmp_path_factory.mktemp("rdf") / "a.ttl"
    path.write_text("<http://h/a> <http://h/b> <http://h/c> .")
    return open_rdf_files([path], Base("http://h/"))


@pytest.fixture(scope="module")
def held(source: Source) -> Iterator[Holder]:
    holder = Holder(source, lambda s: make_engine(SETTINGS, s), SETTINGS.cache_mib)
    yield holder
    holder.close()


@pytest.fixture
def application(tmp_path: Path) -> Application:
    big = tmp_path / "big"
    big.write_bytes(bytes(range(256)) * 1000)
    return Application(big)


@pytest.fixture
def get(application: Application, held: Holder, source: Source) -> Iterator[Get]:
    held.change_to(source)
    traffic = Traffic(log=False)
    yield calling(Answers(application, held, traffic))
    traffic.close()


def test_an_answer_is_made_once_and_given_again_for_get_and_head(get: Get, application: Application) -> None:
    first, head, second = get("/text"), get("/text", "HEAD"), get("/text")

    assert application.calls == ["GET /text"]
    assert first == second
    assert first.body == TEXT
    assert head == Reply(200, first.headers, b"")


@pytest.mark.parametrize("change", [{"accept": "a/b"}, {"accept_encoding": "gzip"}])
def test_another_accept_is_another_question(get: Get, application: Application, change: dict[str, str]) -> None:
    get("/text")
    get("/text", **change)
    get("/text?q=1")

    assert len(application.calls) == 3


@pytest.mark.parametrize("path", ["/fresh", "/broken", "/absent", "/file"])
def test_what_may_not_be_kept_is_asked_for_anew(get: Get, application: Application, path: str) -> None:
    assert get(path) == get(path)

    assert len(application.calls) == 2


def test_a_post_is_never_kept(get: Get, application: Application) -> None:
    replies = [get("/text", "POST", if_none_match="*", range="bytes=0-1") for _ in range(2)]

    assert [r.status for r in replies] == [200, 200]
    assert [r.body for r in replies] == [TEXT, TEXT]
    assert len(application.calls) == 2


def test_a_redirect_is_kept_and_has_no_state_to_compare(get: Get, application: Application) -> None:
    replies = [get("/moved", if_none_match="*") for _ in range(2)]

    assert [r.status for r in replies] == [303, 303]
    assert "etag" not in replies[0].headers
    assert len(application.calls) == 1


def test_a_known_state_costs_304_and_says_what_a_cache_needs(get: Get) -> None:
    full = get("/text", accept_encoding="gzip")

    for ready in (get("/text", accept_encoding="gzip", if_none_match=full.headers["etag"]) for _ in range(2)):
        assert ready.status == 304
        assert ready.body == b""
        for name in ("etag", "vary", "content-location"):
            assert ready.headers[name] == full.headers[name]
    assert get("/text", if_none_match=full.headers["etag"]).status == 200
    assert get("/text", if_modified_since=full.headers["last-modified"]).status == 304
    assert get("/text", "HEAD", accept_encoding="gzip", if_none_match=f"W/{full.headers['etag']}").status == 304


def test_a_condition_that_fails_is_a_problem(get: Get) -> None:
    reply = get("/text", if_match='"other"')

    assert (reply.status, reply.type) == (412, "application/problem+json")
    assert json.loads(reply.body)["status"] == 412


def test_each_coding_has_a_tag_of_its_own(get: Get) -> None:
    plain, packed = get("/text"), get("/text", accept_encoding="gzip, br")

    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept, Accept-Encoding"


def test_a_tag_that_is_given_is_used_and_still_tells_codings_apart(get: Get) -> None:
    assert get("/tagged").headers["etag"] == '"given"'
    assert get("/tagged", accept_encoding="gzip").headers["etag"] == '"given-gzip"'


@pytest.mark.parametrize("path", ["/short", "/image", "/file"])
def test_what_compression_does_not_help_is_left_as_it_is(get: Get, path: str) -> None:
    reply = get(path, accept_encoding="gzip")

    assert "content-encoding" not in reply.headers
    assert "vary" not in reply.headers


@pytest.mark.parametrize("path", ["/image", "/file"])
def test_a_range_is_cut_from_bodies_and_files_alike(get: Get, path: str) -> None:
    whole = get(path).body

    for asked, first, last in (("0-9", 0, 9), ("-5", len(whole) - 5, len(whole) - 1), ("1000-", 1000, len(whole) - 1)):
        reply = get(path, range=f"bytes={asked}")
        assert reply.status == 206
        assert reply.body == whole[first : last + 1]
        assert reply.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
        assert reply.headers["content-length"] == str(len(reply.body))
    assert get(path, "HEAD", range="bytes=0-9").status == 200
    beyond = get(path, range=f"bytes={len(whole)}-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")


def test_a_range_of_a_compressed_answer_is_a_range_of_its_bytes(get: Get) -> None:
    packed = get("/text", accept_encoding="gzip")

    part = get("/text", accept_encoding="gzip", range="bytes=0-9", if_range=packed.headers["etag"])

    assert (part.status, part.body) == (206, packed.body[:10])
    assert get("/text", range="bytes=0-9", if_range=packed.headers["etag"]).status == 200


def test_every_answer_is_safe_to_show(get: Get) -> None:
    for reply in (get("/text"), get("/absent"), get("/text", "POST"), get("/text", if_match='"x"'), get("/moved")):
        for name, value in SECURITY:
            assert reply.headers[name.lower()] == value


def test_a_date_of_long_ago_is_not_kept(get: Get) -> None:
    assert not {"date", "expires"} & get("/dated").headers.keys()


def test_what_is_kept_stays_within_its_bound(get: Get, application: Application, held: Holder) -> None:
    favourite = get("/text")
    for number in range(200):
        get(f"/{number:05d}")
        get("/text")
        assert held.current.kept.bytes <= 1 << 20

    assert application.calls.count("GET /text") == 1
    assert get("/text") == favourite
    assert 0 < len(held.current.kept) < 20


def finished(source: Source, size: int) -> Finished:
    return Finished(
        200, [("Content-Type", "image/png")], b"x" * size, [], spool=None, accept_encoding=None, since=source.since
    )


def test_the_weight_of_what_is_kept_is_that_of_its_answers(source: Source) -> None:
    kept = Kept(40_000, max_entries=3)
    for number in range(10):
        kept.add((f"/{number % 5}", "", None, None), finished(source, 500))

    assert len(kept) == 3
    assert 1500 < kept.bytes < 10_000
    kept.add(("/large", "", None, None), finished(source, 5_000))
    assert kept.get(("/large", "", None, None)) is None


def test_a_line_of_the_log_cannot_be_broken_by_an_address() -> None:
    stream = io.StringIO()
    traffic = Traffic(log=True, stream=stream)
    traffic.made("GET", "/a\nGET /forged 200", "q=\x1b[2J", 404, 5, 0.0012)
    traffic.made("GET", "/" + "long" * 1000, "", 200, 5, 0.0)
    traffic.close()

    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert r"GET /a\nGET /forged 200?q=\x1b[2J 404 5 1.2ms" in lines[0]
    assert len(lines[1]) < 600
