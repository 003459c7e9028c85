"""An answer can be cited: by release and hash of its query, and by an address that gives the same rows again."""

import hashlib
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import ROOT
from tests.web_client import Get, site
from tvld.build.pipeline import build
from tvld.errors import Busy
from tvld.iris import Base
from tvld.serve.archive import Archive
from tvld.serve.release import open_release
from tvld.serve.server import make_engine
from tvld.serve.source import Source
from tvld.settings import Settings

QUERY = "PREFIX tvld: <https://w3id.org/tvld/ns#> SELECT ?s { ?s a tvld:DataStore } ORDER BY ?s LIMIT 2"
SETTINGS = Settings(log_requests=False, workers=1)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def releases(release: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the folders of an earlier release and of the one in use, beside each other."""
    out = tmp_path_factory.mktemp("releases")
    earlier = build(ROOT / "data", out, Base("http://127.0.0.1:8000/earlier/"), tell=lambda _: None).folder
    return earlier, Path(shutil.copytree(release, out / release.resolve().name))


@pytest.fixture(scope="module")
def both(releases: tuple[Path, Path]) -> Iterator[Get]:
    with site(open_release(releases[1]), SETTINGS) as (get, _):
        yield get


def permalink(headers: dict[str, str]) -> str:
    found = re.search(r'<http://127\.0\.0\.1:8000([^>]*)>; rel="bookmark"', headers["link"])
    assert found
    return found[1]


def test_an_answer_names_its_release_and_its_query(both: Get, releases: tuple[Path, Path]) -> None:
    graph = "http://127.0.0.1:8000/graph/kaupunki"
    reply = both(f"/sparql?query={quote(QUERY)}")
    posted = both("/sparql", "POST", f"query={quote(QUERY)}&default-graph-uri={graph}".encode(), content_type=FORM)

    assert reply.headers["tvld-release"] == posted.headers["tvld-release"] == releases[1].name
    assert reply.headers["tvld-query"] == "sha256:" + hashlib.sha256(QUERY.encode()).hexdigest()
    assert posted.headers["tvld-query"] == "sha256:" + hashlib.sha256(f"{QUERY}\n{graph}".encode()).hexdigest()
    assert {"TVLD-Query", "TVLD-Release"} <= set(reply.headers["access-control-expose-headers"].split(", "))
    for first in (reply, posted):
        again = both(permalink(first.headers))
        assert again.body == first.body
        assert again.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert both(permalink(first.headers), if_none_match=again.headers["etag"]).status == 304
    assert (
        "link"
        not in both("/sparql", "POST", (QUERY + " " * 5000).encode(), content_type="application/sparql-query").headers
    )


def test_the_page_of_an_answer_has_its_permanent_link(both: Get, releases: tuple[Path, Path]) -> None:
    page = both(f"/sparql?query={quote(QUERY)}", accept="text/html")

    [link] = re.findall(r'<a href="http://127\.0\.0\.1:8000([^"]*)">Pysyvä linkki', page.text)
    assert f"release={releases[1].name}" in link
    assert "store/" in both(link.replace("&amp;", "&")).text


def test_an_earlier_release_answers_as_long_as_it_is_kept(both: Get, releases: tuple[Path, Path]) -> None:
    address = f"/sparql?query={quote(QUERY)}&release={releases[0].name}"
    reply = both(address, accept="text/csv")

    assert (reply.status, reply.headers["tvld-release"]) == (200, releases[0].name)
    assert "http://127.0.0.1:8000/earlier/id/kaupunki/store/" in reply.text
    assert "/earlier/" not in both(f"/sparql?query={quote(QUERY)}", accept="text/csv").text
    assert "/earlier/" in both(address, accept="text/html").text


@pytest.mark.parametrize("name", ["2020-01-01-0123456789", "..", "../x", "current", "", "x" * 5000, "a/b", "%00"])
def test_a_release_that_is_not_kept_is_told_so(both: Get, releases: tuple[Path, Path], name: str) -> None:
    reply = both(f"/sparql?query={quote(QUERY)}&release={quote(name, safe='%')}")

    assert reply.status == 404
    assert releases[0].name in reply.text
    assert both(f"/sparql?query={quote(QUERY)}&release=a&release=b").status == 400


def test_one_earlier_release_at_a_time_is_open_and_closed_when_idle(releases: tuple[Path, Path]) -> None:
    opened: list[str] = []

    def make(source: Source):  # type: ignore[no-untyped-def]
        opened.append(source.name)
        return make_engine(SETTINGS, source)

    one, other = releases
    source = open_release(other)
    archive = Archive(make, idle_seconds=0.3)
    try:
        with archive.engine(source, one.name) as engine:
            with archive.engine(source, one.name) as same:
                assert same is engine
            with pytest.raises(Busy, match="one at a time"), archive.engine(source, other.name):
                raise AssertionError("two are open")
        with archive.engine(source, other.name):
            pass
        assert opened == [one.name, other.name]
        waited = threading.Event()
        waited.wait(0.8)
        with archive.engine(source, other.name):
            assert opened == [one.name, other.name, other.name]
    finally:
        archive.close()
    with pytest.raises(Busy, match="ending"), archive.engine(source, one.name):
        raise AssertionError("opened after the end")
