"""The page that tells of quality, and the same as data."""

import json
from pathlib import Path

import pytest
from rdflib import Graph

from tests.municipalities import two
from tests.web_client import Get, site
from tvld.build.pipeline import build
from tvld.errors import ReleaseError
from tvld.iris import Base
from tvld.scores import Scores, written
from tvld.serve.release import open_release


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two organisations: one as its source tells it, one that tells all it can."""
    data = two(tmp_path_factory.mktemp("data"))
    return build(data, data.parent / "dist", Base("http://127.0.0.1:8000/"), tell=lambda _: None).folder


@pytest.fixture(scope="module")
def ask(pair: Path):
    with site(open_release(pair)) as (get, _):
        yield get


def test_the_page_shows_the_points_what_is_missing_and_how_to_earn_it(ask: Get) -> None:
    page = ask("/quality?organisation=kaupunki", accept="text/html").text

    assert "345 / 405, hyvä" in page
    assert "Täytä <code>spatial</code> tiedostoon organisation.toml." in page
    assert "`" not in page
    assert "enintään 185 pistettä" in page
    assert "0 / 39" in page
    assert 'href="/id/kaupunki/store/kaavoitus"' in page
    assert 'aria-current="page" lang="fi">Kaupunki</strong>' in page, "an organisation is called by its name"
    assert "quality?organisation=kunta" in page


@pytest.mark.parametrize(("language", "words"), [("sv", "Fyll i"), ("en", "Fill in")])
def test_the_page_speaks_the_language_of_the_reader(ask: Get, language: str, words: str) -> None:
    page = ask(f"/quality?lang={language}", accept="text/html")

    assert f"{words} <code>contact</code>" in page.text
    assert page.headers["content-language"] == language


@pytest.mark.parametrize(
    ("address", "accept", "type_"),
    [
        ("/quality", "application/json", "application/json"),
        ("/quality.json", "*/*", "application/json"),
        ("/quality.csv", "text/html", "text/csv"),
        ("/quality", "text/turtle", "text/turtle"),
        ("/quality.jsonld", "*/*", "application/ld+json"),
    ],
)
def test_the_same_is_given_as_data(ask: Get, pair: Path, address: str, accept: str, type_: str) -> None:
    reply = ask(address, accept=accept)

    assert (reply.status, reply.type) == (200, type_)
    if type_ == "application/json":
        assert json.loads(reply.body) == json.loads((pair / "quality.json").read_text(encoding="utf-8"))
    if type_ == "text/turtle":
        assert len(Graph().parse(data=reply.body)) == len(Graph().parse(pair / "quality.ttl"))


def test_an_organisation_is_read_from_the_account_without_the_others(pair: Path) -> None:
    body = (pair / "quality.json").read_bytes()
    whole = json.loads(body)
    scores = Scores(body)

    assert list(scores.keys) == [one["key"] for one in whole["organisations"]] == ["kaupunki", "kunta"]
    assert [scores.of(key) for key in scores.keys] == whole.pop("organisations")
    assert scores.shared() == whole


def test_texts_of_an_account_may_hold_anything() -> None:
    odd = 'x\n  }\n  {\n   "key": "b",\n "organisations": ['
    told = {"note": odd, "organisations": [{"key": odd, "names": {"fi": odd}}, {"key": "c", "names": {}}]}
    scores = Scores(written(told))

    assert scores.keys == (odd, "c")
    assert [scores.of(odd), scores.of("c")] == told["organisations"]
    assert scores.shared() == {"note": odd}
    with pytest.raises(ReleaseError, match="build the release again"):
        Scores(json.dumps(told).encode())


@pytest.mark.parametrize(
    ("address", "status"), [("/quality.xyz", 404), ("/quality?organisation=nowhere", 404), ("/quality?q=1", 400)]
)
def test_what_is_not_there_is_an_error(ask: Get, address: str, status: int) -> None:
    assert ask(address).status == status
