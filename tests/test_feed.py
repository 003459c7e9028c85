"""The feed of changes: an event stream whose replay is the catalogue, and Atom in the reader's language."""

import json
import random
import re
import shutil
import socket
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pyoxigraph as ox
import pytest

from tests.editions import BASE, STORES, City, edition
from tests.ldes_reader import Activity, Ask, activities, replayed
from tests.web_client import Get, server, site
from tvld.build.release import releases, remove
from tvld.errors import ReleaseError
from tvld.feed import journal
from tvld.iris import Base
from tvld.serve import feed
from tvld.serve.release import open_release

ATOM, AT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
DRAWN = {f"tietovaranto-{n}": f"Tietovaranto {n}" for n in range(4)}
EDITIONS = 5


def asking(get: Get, accept: str = "application/trig") -> Ask:
    def ask(iri: str) -> tuple[str, bytes]:
        parts = urlsplit(iri)
        reply = get(parts.path + (f"?{parts.query}" if parts.query else ""), accept=accept)
        assert reply.status == 200, reply.text
        return reply.type, reply.body

    return ask


def catalogue(get: Get) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(get("/catalog.nt").body, format=ox.RdfFormat.N_TRIPLES)}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Several releases with stores that come, are renamed, withdrawn and return; the middle one is removed."""
    out = tmp_path_factory.mktemp("drawn") / "dist"
    draw, names, gone = random.Random(20261122), [], set[str]()
    for day in range(1, EDITIONS + 1):
        stores = {
            key: f"{name}{draw.choice(['', ' ja arkisto'])}" for key, name in DRAWN.items() if draw.random() < 0.7
        }
        gone = (gone | set(DRAWN)) - stores.keys() if day > 1 else set[str]()
        rows = "".join(f"store,{key},,2026-06-0{day}\n" for key in sorted(gone))
        names.append(edition(out, f"2026-06-0{day}", STORES | stores, rows))
    with releases(out):
        remove(out, names[2])
    return out, names


def test_the_replay_of_the_feed_is_the_catalogue_at_every_release(drawn: tuple[Path, list[str]]) -> None:
    out, names = drawn
    told: list[Activity] = []

    for number, name in enumerate(names):
        if number != 2:
            with site(open_release(out / name)) as (get, _):
                now = activities(f"{BASE.iri}feed", asking(get))
                assert replayed(now) == catalogue(get)
            # Members are immutable, and those of a release that was removed are there.
            assert now[: len(told)] == told
            told = now
    assert len(set(names)) == EDITIONS
    assert len({activity.published for activity in told}) == EDITIONS
    assert {activity.type for activity in told} == {"Create", "Update", "Delete"}


@pytest.mark.parametrize(
    ("root", "accept"), [("feed.trig", "*/*"), ("feed.jsonld", "*/*"), ("feed", "application/ld+json")]
)
def test_every_form_tells_the_same(city: City, root: str, accept: str) -> None:
    told = activities(f"{BASE.iri}feed", asking(city.get))

    assert activities(BASE.iri + root, asking(city.get, accept)) == told
    assert len(told) == 6 + 3 + 5 + 5 + 5


def test_the_newest_versions_alone_replay_to_the_catalogue_too(city: City) -> None:
    told = activities(f"{BASE.iri}feed/latest", asking(city.get))

    assert len({activity.object for activity in told}) == len(told)
    assert {t for activity in told for t in activity.payload} == catalogue(city.get)
    assert [activity.object[-10:] for activity in told if activity.type == "Delete"] == ["taidemuseo"]
    assert b"LatestVersionSubset" in city.get("/feed/latest").body


def test_an_activity_is_what_dcat_ap_feeds_asks(city: City) -> None:
    for activity in activities(f"{BASE.iri}feed", asking(city.get)):
        assert activity.iri.startswith(f"{BASE.iri}feed/")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", activity.published)
        assert bool(activity.payload) == (activity.type != "Delete")
        assert city.get(urlsplit(activity.iri).path).status == 200


def test_a_full_page_is_for_ever_and_the_last_is_looked_up_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MEMBERS", 5)
    with site(open_release(city.out / city.names[2])) as (get, _):
        told = activities(f"{BASE.iri}feed", asking(get))

        assert [get(f"/feed/{n}").status for n in range(7)] == [404, 200, 200, 200, 200, 200, 404]
        assert ["immutable" in get(f"/feed/{n}").headers["cache-control"] for n in range(1, 6)] == [True] * 4 + [False]
        assert len(told) == 24
        assert replayed(told) == catalogue(get)
        newest = activities(f"{BASE.iri}feed/latest.jsonld", asking(get))
        assert {t for activity in newest for t in activity.payload} == catalogue(get)


def test_a_reader_that_is_overtaken_by_a_release_misses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "MEMBERS", 3)
    out = tmp_path / "dist"
    edition(out, "2026-05-01")
    with site(open_release(out / "current")) as (get, holder):
        asks = 0

        def ask(iri: str) -> tuple[str, bytes]:
            nonlocal asks
            asks += 1
            if asks == 2:
                edition(out, "2026-05-02", {key: STORES[key] for key in ("lakipalvelut", "taidemuseo")})
                holder.change_to(open_release(out / "current"))
            return asking(get)(iri)

        before = catalogue(get)
        for root in ("feed", "feed/latest"):
            asks = 0 if root == "feed" else 2
            activities(BASE.iri + root, ask)
        pages = [get(f"/feed/latest/1/{n}").body for n in (1, 2)]

        # What was begun under the first release can be read to its end as it was then.
        assert {
            q.triple
            for body in pages
            for q in ox.parse(body, format=ox.RdfFormat.TRIG)
            if q.graph_name != ox.DefaultGraph()
        } == before
        assert replayed(activities(f"{BASE.iri}feed", asking(get))) == catalogue(get) != before


def test_what_is_told_is_the_same_with_and_without_a_journal(city: City, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    shutil.copytree(city.out, out, symlinks=True)
    # A process was killed between the switch and the writing of the journal.
    (out / journal.FOLDER / "current" / "000003.jsonl").unlink()

    made = journal.steps(out, "current", BASE.iri)

    kept = journal.steps(city.out, "current", BASE.iri)
    assert [step.members for step in made] == [step.members for step in kept]
    assert [step.payloads() for step in made] == [step.payloads() for step in kept]
    with releases(out):
        journal.note(out, "current")
    assert all(step.path for step in journal.steps(out, "current", BASE.iri))


def test_a_release_without_a_ledger_tells_all_that_it_has(city: City, tmp_path: Path) -> None:
    shutil.copytree(city.out / city.names[0], tmp_path / city.names[0])

    with site(open_release(tmp_path / city.names[0])) as (get, _):
        told = activities(f"{BASE.iri}feed", asking(get))
        assert replayed(told) == catalogue(get)
        assert {activity.type for activity in told} == {"Create"}


@pytest.mark.parametrize("damage", ["cut", "garbage", "another letter", "no JSON"])
def test_a_damaged_journal_is_an_error_and_never_a_shorter_feed(city: City, tmp_path: Path, damage: str) -> None:
    out = tmp_path / "dist"
    shutil.copytree(city.out, out, symlinks=True)
    file = out / journal.FOLDER / "current" / "000002.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    payload = lines[1].replace("tietovaranto", "tietovarante")
    assert payload != lines[1]
    damaged = {
        "cut": "".join(lines[:2]),
        "garbage": "{}\n",
        "another letter": "".join([lines[0], payload, *lines[2:]]),
        "no JSON": "".join([lines[0], lines[1].replace('"', "'", 1), *lines[2:]]),
    }
    file.write_text(damaged[damage])

    with site(open_release(out / city.names[2])) as (get, _):
        replies = [get(f"/{path}") for path in ("feed", "feed/1", "feed.atom")]

    assert any(reply.status == 503 for reply in replies)
    assert get is not None
    assert replies[1].status == 503
    with pytest.raises(ReleaseError, match=r"000002"):
        [step.payloads() for step in journal.steps(out, "current", BASE.iri)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feed.ttl", 404),
        ("/feed/1.csv", 404),
        ("/feed/x", 404),
        ("/feed/latest/99/1", 404),
        ("/feed/latest/1/9", 404),
        ("/feed.atom?page=0", 404),
        ("/feed.atom?page=x", 400),
    ],
)
def test_what_is_not_there_is_said(city: City, path: str, status: int) -> None:
    assert city.get(path).status == status


def test_nobody_is_given_a_form_that_cannot_hold_the_graphs(city: City) -> None:
    assert city.get("/feed", accept="text/turtle").status == 406
    assert city.get("/feed", accept="*/*").type == "application/trig"


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "on poistettu käytöstä"), ("sv", "har tagits ur bruk"), ("en", "was withdrawn")]
)
def test_atom_tells_changes_in_the_language_of_the_reader(city: City, language: str, words: str) -> None:
    for reply in (city.get(f"/feed.atom?lang={language}"), city.get("/feed.atom", accept_language=language)):
        read = feedparser.parse(reply.body)

        assert reply.headers["content-language"] == language
        assert not read.bozo
        assert read.version == "atom10"
        assert [entry.title for entry in read.entries if "Taidemuseo" in entry.title and words in entry.title]
        assert all(entry.id and entry.link and entry.updated for entry in read.entries)
    # One of the first release, one of the second, three of each switch since.
    assert len(read.entries) == 1 + 1 + 3 + 3 + 3


def test_an_entry_that_came_can_be_taken_back_by_a_tombstone(city: City) -> None:
    root = ElementTree.fromstring(city.get("/feed.atom").body)

    gone = {(e.get("ref", "")[-14:], e.get("when")) for e in root.iter(AT + "deleted-entry")}
    ids = [e.findtext(ATOM + "id") for e in root.iter(ATOM + "entry")]
    assert {ref for ref, _ in gone} >= {"ore/taidemuseo"}
    assert all(when for _, when in gone)
    assert len(ids) == len(set(ids))


def test_archives_hold_each_change_once_and_never_change(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("feed", "atom"):
        monkeypatch.setattr(f"tvld.serve.{module}.CHANGES", 3)
    whole = [e.title for e in feedparser.parse(city.get("/feed.atom").body).entries]
    with site(open_release(city.out / city.names[2])) as (get, _):
        titles, address = [], "/feed.atom"
        while address:
            read = feedparser.parse(get(address).body)
            titles += [entry.title for entry in read.entries]
            previous = [link.href for link in read.feed.links if link.rel == "prev-archive"]
            address = "/" + previous[0].removeprefix(BASE.iri) if previous else ""

    assert titles == whole


@pytest.mark.parametrize("root", ["feed", "feed.trig", "feed.jsonld", "feed/latest"])
def test_the_client_of_others_gets_every_member(request: pytest.FixtureRequest, tmp_path: Path, root: str) -> None:
    folder = request.config.getoption("--ldes")
    if not folder:
        pytest.skip("the LDES client of others is not here: give --ldes DIR")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = Base(f"http://127.0.0.1:{free.getsockname()[1]}/")
    out = tmp_path / "dist"
    edition(out, "2026-05-01", base=base)
    edition(out, "2026-05-02", {"lakipalvelut": STORES["lakipalvelut"]}, base=base)
    with server(out / "current", tmp_path / "log", urlsplit(base.iri).port or 0) as running:
        accept = "application/ld+json" if root.endswith("jsonld") else "application/trig"
        told = activities(base.iri + root, asking(running.get, accept))
        script = [str(Path(__file__).with_name("ldes_client.mjs")), folder, base.iri + root]
        read = subprocess.run(["node", *script], capture_output=True, text=True, timeout=60, check=False)

    assert read.returncode == 0, read.stderr
    found = json.loads(read.stdout)
    assert found["types"] == dict(Counter(activity.type for activity in told))
    # Type, object and time of each, and what is told.
    assert found["quads"] == sum(3 + len(activity.payload) for activity in told)
    assert found["members"] == len(told) == (6 if root.endswith("latest") else 10)
