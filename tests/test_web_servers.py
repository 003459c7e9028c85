"""Real web servers over an exported site answer as the live server does: the same tables of cases, over a socket."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import web_client
from tests.editions import STORES, edition
from tests.test_negotiation import CASES
from tests.test_web_documents import BROWSER, NEGOTIATION
from tests.web_client import Get
from tests.web_servers import SERVERS, Site
from tvld.formats import Format
from tvld.iris import Base
from tvld.serve.export.site import export_site
from tvld.serve.release import open_release
from tvld.settings import Settings

STORE = "/doc/kaupunki/store/hankintapalvelut"
# What no file can answer: queries of one's own.
LIVE = ("/sparql", "/describe", "/search")


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def site(server: str, exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with SERVERS[server](exported, tmp_path_factory.mktemp("server") / "work") as running:
        yield running


def asked(accept: str | None) -> dict[str, str]:
    return {} if accept is None else {"accept": accept}


def leads(headers: Mapping[str, str]) -> str | None:
    """Give where an answer leads, as a path; Apache knows whole addresses only."""
    return headers["location"].removeprefix("http://127.0.0.1:8000") if "location" in headers else None


@pytest.mark.parametrize(("accept", "expected"), CASES)
def test_a_server_chooses_the_format_that_the_live_site_chooses(
    site: Site, accept: str | None, expected: Format | None
) -> None:
    reply = site.get(STORE, **asked(accept))

    assert (reply.status, reply.type) == ((200, expected.media_type) if expected else (406, "application/problem+json"))


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/html;q=0.98, text/turtle;q=0.99", "text/turtle"),
        ("text/html;q=0.99, text/turtle;q=0.98", "text/html"),
        ("text/csv;q=0.01, text/turtle;q=0.001", "text/csv"),
        ("application/x-turtle;q=0.2, text/turtle;q=0.1, text/csv;q=0.15", "text/csv"),
        ("text/xml;q=0.9, application/xml;q=0.1, text/turtle;q=0.5", "application/rdf+xml"),
    ],
)
def test_qualities_are_told_apart(site: Site, get: Get, accept: str, suffix: str) -> None:
    assert site.get(STORE, accept=accept).type == get(STORE, accept=accept).type == suffix


def test_qualities_are_told_apart_to_thousandths_where_expressions_can_refer_back(server: str, site: Site) -> None:
    kinds = [
        site.get(STORE, accept=f"text/html;q=0.99{html}, text/turtle;q=0.99{turtle}").type
        for html, turtle in ((8, 9), (9, 8))
    ]

    assert kinds == ["text/turtle", "text/turtle" if server == "Caddy" else "text/html"]


def test_a_server_passes_the_table_of_the_live_site(site: Site) -> None:
    cases = [case for case in NEGOTIATION if not case[0].startswith(LIVE)]
    assert len(cases) > 50

    for address, accept, status, media_type in cases:
        reply = site.get(address, **asked(accept))
        assert (address, accept, reply.status) == (address, accept, status)
        # The body of a redirect is the server's own.
        if not 300 <= status < 400:
            assert (address, accept, reply.type) == (address, accept, media_type)
        head = site.get(address, "HEAD", **asked(accept))
        assert (head.status, head.body) == (status, b"")


LANGUAGES = [
    # address, Accept, Accept-Language, language
    (STORE, "text/html", None, "fi"),
    (STORE, "text/html", "sv", "sv"),
    (STORE, "text/html", "sv-FI,sv;q=0.9,en;q=0.8", "sv"),
    (STORE, "text/html", "en-GB, en;q=0.5", "en"),
    (STORE, "text/html", "de, en;q=0.4, sv;q=0.41", "sv"),
    (STORE, "text/html", "de", "fi"),
    (STORE, "text/html", "*", "fi"),
    (STORE, "text/html", "fi;q=0.2, *;q=0.5", "sv"),
    (STORE, "text/html", "fi;q=0, *", "sv"),
    (STORE, "text/html", "en;q=0, fi;q=0, sv;q=0", "fi"),
    (STORE, "text/html", ";;,q=1,sv", "sv"),
    (f"{STORE}?lang=en", "text/html", "sv", "en"),
    (f"{STORE}?lang=fi", "text/html", "sv", "fi"),
    (f"{STORE}?lang=sv-FI", "text/html", "en", "sv"),
    (f"{STORE}.html", "text/html", "sv", "sv"),
    ("/", BROWSER, "en", "en"),
    ("/?lang=sv", BROWSER, None, "sv"),
    ("/dumps/", "text/html", "sv", "sv"),
    ("/queries/", "text/html", "en", "en"),
    ("/ns", "text/html", "en", "en"),
    ("/matrix", "text/html", "sv", "sv"),
    ("/quality", "text/html", "sv", "sv"),
    ("/charts", BROWSER, "en", "en"),
    ("/network/kaupunki", BROWSER, "en", "en"),
    ("/embed/store/kaupunki/hankintapalvelut", BROWSER, "sv", "sv"),
    ("/doc/nobody", "text/html", "sv", "sv"),
    ("/accessibility", None, "en", "en"),
    (f"{STORE}.ttl", "text/turtle", "sv", None),
    (STORE, "text/turtle", "en", None),
]


@pytest.mark.parametrize(("address", "accept", "preferred", "language"), LANGUAGES)
def test_a_server_chooses_the_language_that_the_live_site_chooses(
    site: Site, get: Get, address: str, accept: str | None, preferred: str | None, language: str | None
) -> None:
    headers = asked(accept) | ({} if preferred is None else {"accept_language": preferred})
    still, live = site.get(address, **headers), get(address, **headers)

    assert (still.status, still.type) == (live.status, live.type)
    assert still.headers.get("content-language") == live.headers.get("content-language") == language
    if language:
        assert f'<html lang="{language}">' in still.text
        if "lang=" not in address:
            assert "Accept-Language" in re.split(", *", still.headers["vary"])


@pytest.mark.parametrize(
    ("query", "kept"), [("", ""), ("?lang=sv", "?lang=sv"), ("?lang=SV-fi", "?lang=sv"), ("?x=y&lang=en", "?lang=en")]
)
def test_a_thing_leads_to_its_document_in_the_language_that_a_link_chose(
    site: Site, get: Get, query: str, kept: str
) -> None:
    address = STORE.replace("/doc/", "/id/") + query
    for reply in (site.get(address, accept="text/html"), get(address, accept="text/html")):
        assert reply.status == 303
        assert urlsplit(reply.headers["location"])._replace(scheme="", netloc="").geturl() == STORE + kept


def test_a_page_leads_on_in_its_language_whoever_asks(site: Site) -> None:
    for language in ("fi", "sv", "en"):
        page = site.get(f"{STORE}.{language}.html", accept_language="de")
        assert (page.status, page.headers["content-language"]) == (200, language)
        leads_on = re.findall(r'<a\b[^>]* href="(/doc/[^"#]*?[.](fi|sv|en)[.]html)"', page.text)
        others = set(re.findall(r'<a href="([^"]*)" lang="(fi|sv|en)" hreflang="\2"', page.text))
        assert {tag for address, tag in leads_on if (address, tag) not in others} == {language}
        assert {tag for _, tag in others} == {"fi", "sv", "en"} - {language}
        for address, tag in {*leads_on[:3], *others}:
            assert site.get(address, accept_language="de").headers["content-language"] == tag


@pytest.mark.parametrize(
    ("address", "accept"),
    [
        ("/matrix", None), ("/matrix", "application/json"), ("/matrix", "text/csv"), ("/matrix.ttl", None),
        ("/quality", None), ("/quality", "application/json"), ("/quality.csv", None),
        ("/charts", "text/turtle"), ("/model", None), ("/network/kaupunki/store/hankintapalvelut", None),
        ("/feed", None), ("/feed", "application/ld+json"), ("/feed/1", "application/n-quads"), ("/feed/1.trig", None),
        ("/feed/latest", None), ("/feed.atom", None), ("/feed/99", None), ("/feed.nq", None),
        ("/embed/matrix", None), ("/embed/stores.json", None), ("/kaupunki/catalog.ttl", None),
        ("/shapes/nothing-here", "text/html"),
    ],
)  # fmt: skip
def test_what_shows_the_whole_is_there_as_on_the_live_site(
    site: Site, get: Get, address: str, accept: str | None
) -> None:
    still, live = site.get(address, **asked(accept)), get(address, **asked(accept))

    # The body of a redirect is the server's own.
    assert (still.status, still.type if still.status != 308 else live.type) == (live.status, live.type)
    assert leads(still.headers) == leads(live.headers)
    if address.startswith("/embed/") and live.type == "text/html":
        assert still.headers["content-security-policy"] == live.headers["content-security-policy"]


@pytest.mark.parametrize(
    "address", [STORE, f"{STORE}.ttl", "/ns", "/catalog.rdf", "/id/kaupunki/store/hankintapalvelut"]
)
def test_headers_are_those_of_the_live_site(site: Site, get: Get, address: str) -> None:
    live, still = get(address, accept="text/turtle").headers, site.get(address, accept="text/turtle").headers

    assert leads(still) == leads(live)
    assert still.get("content-location") == live.get("content-location")
    assert still["access-control-allow-origin"] == "*"
    assert still["cache-control"] == live["cache-control"]
    assert still["x-content-type-options"] == "nosniff"
    if "location" not in live:
        assert still["content-type"] == live["content-type"]
        assert all(f'.{suffix}>; rel="alternate"' in still["link"] for suffix in ("ttl", "jsonld", "html"))
    if address == STORE:
        assert "Accept" in re.split(", *", still["vary"])


def test_an_unchanged_document_is_not_sent_again(site: Site) -> None:
    first = site.get(STORE, accept="text/turtle")

    again = site.get(STORE, accept="text/turtle", if_none_match=first.headers["etag"])

    assert (again.status, again.body) == (304, b"")
    assert site.get(STORE, accept="text/html").headers["etag"] != first.headers["etag"]
    part = site.get(f"{STORE}.nt", range="bytes=0-9")
    assert (part.status, len(part.body)) == (206, 10)


def test_a_body_is_the_file_and_can_come_packed(site: Site, exported: Path) -> None:
    whole = site.get(STORE, accept="application/n-triples").body
    packed = site.get(STORE, accept="application/n-triples", accept_encoding="gzip")

    assert whole == (exported / f"{STORE[1:]}.nt").read_bytes()
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(whole) / 2


def test_redirects_lead_where_the_live_site_leads(site: Site, get: Get, release: Path) -> None:
    for address in ("/dumps", "/dumps?a=1", "/queries", "/dumps/latest/manifest.json"):
        live, still = get(address, accept=BROWSER), site.get(address, accept=BROWSER)
        assert (still.status, leads(still.headers)) == (live.status, leads(live.headers))
    dump = site.get(f"/dumps/{release.name}/description.nt")
    assert dump.body == (release / "description.nt").read_bytes()
    assert "immutable" in dump.headers["cache-control"]


def test_what_is_not_for_readers_is_not_given_out(site: Site) -> None:
    for address in ("/config/export.json", "/errors/404.html", "/doc/kaupunki/index.html", "/index.ttl"):
        assert (address, site.get(address).status) == (address, 404)
    refused = site.get(STORE, "POST")
    assert (refused.status, refused.type) == (405, "application/problem+json")
    assert "GET" in refused.headers["allow"]
    allowed = site.get(STORE, "OPTIONS")
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (204, "*")


def test_a_hostile_header_is_read_at_once(site: Site) -> None:
    for hostile in (
        '"' * 7000,
        "a/b;" * 1700,
        '"\\' * 3500,
        "a" * 7000,
        'x/y;z="q",' * 700,
        "a/b; ; ; " * 700,
        "," * 7000,
    ):
        assert site.get(STORE, accept=hostile).status in (200, 406)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small release whose base has a path and in which one thing is withdrawn, and its site as files."""
    folder = tmp_path_factory.mktemp("below")
    left = {key: name for key, name in STORES.items() if key != "taidemuseo"}
    gone = "store,taidemuseo,maakuntamuseo,2026-01-01\n"
    edition(folder / "dist", "2026-05-01", left, gone, Base("http://127.0.0.1:8000/tieto/"))
    export_site(open_release(folder / "dist" / "current"), Settings(), folder / "site", tell=lambda _: None)
    return folder


@pytest.fixture(scope="module")
def below(server: str, small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Get]]:
    """The small site as files under a server, and live."""
    work = tmp_path_factory.mktemp("server") / "work"
    source = open_release(small / "dist" / "current")
    with SERVERS[server](small / "site", work) as running, web_client.site(source) as (live, _):
        yield running, live


@pytest.mark.parametrize("accept", [None, "text/html", "text/plain", "text/turtle", "application/json", "image/png"])
@pytest.mark.parametrize("part", ["id", "doc"])
def test_what_was_withdrawn_is_gone_here_too(below: tuple[Site, Get], part: str, accept: str | None) -> None:
    still, live = (get(f"/tieto/{part}/kaupunki/store/taidemuseo", **asked(accept)) for get in (below[0].get, below[1]))

    assert (still.status, still.type) == (live.status, live.type)
    assert still.status == 410
    assert "taidemuseo" in still.text


@pytest.mark.parametrize(
    ("address", "status", "where"),
    [
        ("/tieto/id/kaupunki/store/lakipalvelut", 303, "/tieto/doc/kaupunki/store/lakipalvelut"),
        ("/tieto/doc/kaupunki/store/lakipalvelut", 200, "/tieto/doc/kaupunki/store/lakipalvelut.ttl"),
        ("/tieto/doc/kaupunki/store/lakipalvelut.nt", 200, "/tieto/doc/kaupunki/store/lakipalvelut.nt"),
        ("/tieto/dumps", 308, "/tieto/dumps/"),
        ("/tieto/", 200, None),
        ("/tieto/doc/nobody", 404, None),
        ("/doc/kaupunki/store/lakipalvelut", 404, None),
        ("/", 404, None),
    ],
)
def test_a_base_may_have_a_path(below: tuple[Site, Get], address: str, status: int, where: str | None) -> None:
    for get in (below[0].get, below[1]):
        reply = get(address, accept="text/turtle")
        assert reply.status == status
        if where is not None:
            assert (leads(reply.headers) or reply.headers.get("content-location")) == where
