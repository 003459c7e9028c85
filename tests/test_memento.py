"""Memento (RFC 7089): things and documents as they were, from the releases that are kept."""

import json
import re
import shutil
from datetime import UTC, datetime

import pyoxigraph as ox
import pytest

from tests import editions
from tests.editions import STAMPS, TIMES, City
from tests.web_client import Reply, site
from tvld.serve.past import Past
from tvld.serve.release import open_release
from tvld.serve.timeline import Presence, presence

BASE = editions.BASE.iri
STORE = "kaupunki/store/lakipalvelut"
NEW, GONE = "kaupunki/store/arkistopalvelut", "kaupunki/store/taidemuseo"
LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"')


def links(reply: Reply, text: str | None = None) -> dict[str, str]:
    """The targets of a Link header or TimeMap by relation; of several with one relation the first."""
    found: dict[str, str] = {}
    for target, relations in LINK.findall(text or reply.headers["link"]):
        for relation in relations.split():
            found.setdefault(relation, target)
    return found


def name_in(reply: Reply) -> str:
    graph = list(ox.parse(input=reply.body, format=ox.RdfFormat.TURTLE))
    label = ox.NamedNode("http://purl.org/dc/terms/title")
    return next(q.object.value for q in graph if q.predicate == label and q.subject.value == f"{BASE}id/{STORE}")


@pytest.mark.parametrize(
    ("asked", "stamp"),
    [
        ("Sat, 01 Jan 2000 00:00:00 GMT", STAMPS[0]),
        ("Thu, 01 Jan 2026 10:00:00 GMT", STAMPS[0]),
        ("Sat, 31 Jan 2026 23:59:59 GMT", STAMPS[0]),
        # The second release is not kept: the last that is, and began by then.
        ("Sun, 15 Feb 2026 00:00:00 GMT", STAMPS[0]),
        ("Sun, 01 Mar 2026 10:00:00 GMT", STAMPS[2]),
        ("Wed, 01 Apr 2026 12:00:00 GMT", STAMPS[3]),
        ("Fri, 01 Jan 2100 00:00:00 GMT", "20260402100000"),
    ],
)
def test_an_original_leads_to_its_state_at_a_time(city: City, asked: str, stamp: str) -> None:
    reply = city.get(f"/doc/{STORE}.ttl?x=1", accept_datetime=asked)

    assert (reply.status, reply.headers["location"]) == (302, f"/memento/{stamp}/doc/{STORE}.ttl?x=1")
    assert "accept-datetime" in reply.headers["vary"].lower()
    assert links(reply)["original"] == f"{BASE}doc/{STORE}.ttl"
    assert "memento-datetime" not in reply.headers


@pytest.mark.parametrize(("stamp", "name"), [(STAMPS[0], "Lakiasioiden"), (STAMPS[2], "Lakipalvelujen")])
def test_a_state_says_what_was_said_then(city: City, stamp: str, name: str) -> None:
    reply = city.get(f"/memento/{stamp}/doc/{STORE}", accept="text/turtle")

    assert reply.status == 200
    assert name_in(reply) == f"{name} tietovaranto"
    at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    assert reply.headers["memento-datetime"] == at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert reply.headers["content-location"] == f"/memento/{stamp}/doc/{STORE}.ttl"
    assert links(reply)["original"] == links(reply)["timegate"] == f"{BASE}doc/{STORE}"


def test_a_state_names_its_neighbours(city: City) -> None:
    found = links(city.get(f"/memento/{STAMPS[2]}/doc/{STORE}"))

    stamps = {relation: target.split("/")[4] for relation, target in found.items() if "/memento/" in target}
    assert stamps["first"] == stamps["prev"] == STAMPS[0]
    assert (stamps["next"], stamps["last"]) == (STAMPS[3], "20260402100000")


def test_the_present_is_answered_as_before_and_says_where_its_past_is(city: City) -> None:
    reply = city.get(f"/doc/{STORE}", accept="text/turtle")

    assert (reply.status, name_in(reply)) == (200, "Lakipalvelujen tietovaranto")
    assert {"accept", "accept-datetime"} <= set(reply.headers["vary"].lower().split(", "))
    assert links(reply)["timegate"] == f"{BASE}doc/{STORE}"
    assert links(reply)["timemap"] == f"{BASE}timemap/link/doc/{STORE}"
    asked = city.get(f"/doc/{STORE}", accept="text/turtle", accept_datetime="Thu, 01 Jan 2026 10:00:00 GMT")
    assert asked.status == 302, "what is kept ready is no answer to who names a time"
    assert city.get(f"/doc/{STORE}", accept="text/turtle").status == 200


@pytest.mark.parametrize("path", [f"id/{STORE}", f"doc/{STORE}.html", "graph/kaupunki.nt", "ns.ttl", "shapes"])
def test_whatever_is_told_of_has_a_past(city: City, path: str) -> None:
    gate = city.get(f"/{path}", accept_datetime="Thu, 01 Jan 2026 10:00:00 GMT")
    assert gate.headers["location"] == f"/memento/{STAMPS[0]}/{path}"
    reply = city.get(gate.headers["location"], accept="text/turtle, */*;q=0.1")

    assert reply.status == (303 if path.startswith("id/") else 200)
    assert "memento-datetime" in reply.headers
    if reply.status == 303:
        assert reply.headers["location"] == f"/memento/{STAMPS[0]}/doc/{STORE}"


def test_the_links_of_a_page_stay_in_their_time(city: City) -> None:
    page = city.get(f"/memento/{STAMPS[0]}/doc/{STORE}.html").text

    assert f'href="/memento/{STAMPS[0]}/id/kaupunki"' in page
    assert f'href="/memento/{STAMPS[0]}/doc/{STORE}.ttl"' in page
    back = f'<time datetime="{TIMES[0]}">1.1.2026 10.00 UTC</time>. <a href="/doc/{STORE}.html">'
    assert back in page


def test_what_did_not_exist_then_is_not_found_and_says_when_it_did(city: City) -> None:
    for reply in (
        city.get(f"/memento/{STAMPS[0]}/doc/{NEW}"),
        city.get(f"/doc/{NEW}", accept_datetime="Thu, 01 Jan 2026 10:00:00 GMT"),
    ):
        assert reply.status == 404
        assert "memento-datetime" not in reply.headers
        assert links(reply)["first"] == f"{BASE}memento/{STAMPS[2]}/doc/{NEW}"


def test_what_was_withdrawn_is_gone_and_its_last_state_stays(city: City) -> None:
    now = city.get(f"/doc/{GONE}", accept="application/json")
    assert now.status == 410
    assert now.headers["link"].startswith(f'<{BASE}id/kaupunki/store/maakuntamuseo>; rel="successor-version"')

    then = city.get(f"/doc/{GONE}", accept_datetime="Sun, 01 Mar 2026 09:59:59 GMT")
    assert city.get(then.headers["location"], accept="text/turtle").status == 200
    after = city.get(f"/doc/{GONE}", accept_datetime="Sun, 01 Mar 2026 10:00:00 GMT")
    assert (after.status, links(after)["last"]) == (410, f"{BASE}memento/{STAMPS[3]}/doc/{GONE}")
    assert city.get(f"/memento/{STAMPS[2]}/doc/{GONE}").status == 410


@pytest.mark.parametrize("path", [f"id/{GONE}", f"doc/{GONE}"])
def test_a_tombstone_is_told_to_who_reads_rdf(city: City, path: str) -> None:
    reply = city.get(f"/{path}", accept="text/turtle")

    assert (reply.status, reply.type) == (410, "text/turtle")
    about = {
        q.predicate.value.rpartition("/")[2].rpartition("#")[2]: q.object.value
        for q in ox.parse(input=reply.body, format=ox.RdfFormat.TURTLE)
        if q.subject.value == f"{BASE}id/{GONE}" and not isinstance(q.object, ox.Triple)
    }
    assert about["isReplacedBy"] == f"{BASE}id/kaupunki/store/maakuntamuseo"
    assert about["withdrawnOn"] == "2026-03-01"
    assert about["status"].endswith("/WITHDRAWN")


@pytest.mark.parametrize(
    ("suffix", "accept", "type_"),
    [
        (".ttl", "text/html", "text/turtle"),
        (".jsonld", "*/*", "application/ld+json"),
        ("", "*/*", "application/problem+json"),
        ("", "application/json", "application/problem+json"),
        ("", "text/html", "text/html"),
        (".html", "text/html", "text/html"),
        ("", "text/plain", "text/plain"),
        ("", "application/ld+json", "application/ld+json"),
    ],
)
def test_what_is_withdrawn_answers_in_the_form_asked_for(city: City, suffix: str, accept: str, type_: str) -> None:
    reply = city.get(f"/doc/{GONE}{suffix}", accept=accept)

    assert (reply.status, reply.type) == (410, type_)


def test_a_removed_release_is_gone_and_says_what_remains(city: City) -> None:
    reply = city.get(f"/memento/{STAMPS[1]}/doc/{STORE}")

    assert reply.status == 410
    assert json.loads(reply.body)["available"] == [STAMPS[0], *STAMPS[2:], "20260402100000"]


@pytest.mark.parametrize(
    "path",
    [
        f"memento/20260101100001/doc/{STORE}",
        f"memento/x/doc/{STORE}",
        "doc/kaupunki/store/nothing",
        f"memento/{STAMPS[0]}/sparql",
        f"memento/{STAMPS[0]}/dumps/",
        f"memento/{STAMPS[0]}/memento/{STAMPS[0]}/doc/{STORE}",
        "timemap/link/sparql",
        "timemap/link/doc/kaupunki/store/nothing",
        f"timemap/xml/doc/{STORE}",
    ],
)
def test_what_was_never_there_is_not_found(city: City, path: str) -> None:
    reply = city.get(f"/{path}")

    assert (reply.status, "link" in reply.headers) == (404, False)


@pytest.mark.parametrize(
    "value", ["yesterday", "2026-01-01T10:00:00Z", "Thu, 01 Jan 2026 10:00:00 EET", "Thu, 99 Jan 2026 10:00:00 GMT", ""]
)
def test_a_malformed_time_is_refused(city: City, value: str) -> None:
    reply = city.get(f"/doc/{STORE}", accept_datetime=value)

    assert reply.status == 400
    assert "Accept-Datetime" in json.loads(reply.body)["detail"]


def test_a_time_is_no_matter_to_what_has_no_past(city: City) -> None:
    assert city.get("/dumps/", accept_datetime="Thu, 01 Jan 2026 10:00:00 GMT").status == 200


def test_a_timemap_lists_every_kept_state(city: City) -> None:
    reply = city.get(f"/timemap/link/doc/{STORE}")

    assert reply.type == "application/link-format"
    stamps = re.findall(r"/memento/(\d+)/doc", reply.text)
    assert stamps == [STAMPS[0], STAMPS[2], STAMPS[3], "20260402100000"]
    assert reply.text.count('"Thu, 01 Jan 2026 10:00:00 GMT"') == 2, "of the first state, and where the list begins"
    relations = links(reply, reply.text)
    assert relations["original"] == relations["timegate"] == f"{BASE}doc/{STORE}"
    assert relations["self"] == f"{BASE}timemap/link/doc/{STORE}"
    members = json.loads(city.get(f"/timemap/json/doc/{STORE}").body)
    assert [entry["uri"].split("/")[4] for entry in members["mementos"]["list"]] == stamps
    assert members["original_uri"] == f"{BASE}doc/{STORE}"
    assert members["mementos"]["first"]["datetime"] == TIMES[0]


def test_a_timemap_of_what_came_and_went_holds_its_own_states_alone(city: City) -> None:
    for thing, stamps in ((NEW, [STAMPS[2], "20260402100000"]), (GONE, [STAMPS[0], STAMPS[3]])):
        assert re.findall(r"/memento/(\d+)/doc", city.get(f"/timemap/link/doc/{thing}").text) == stamps


def test_every_subject_of_a_release_is_found_in_its_sorted_lines(city: City) -> None:
    folder = city.out / city.names[2]
    subjects = {
        q.subject.value
        for name in ("description.nq", "catalog.ttl")
        for q in ox.parse(path=str(folder / name))
        if isinstance(q.subject, ox.NamedNode) and q.subject.value.startswith(BASE + "id/")
    }
    lost = {iri for iri in subjects if presence(folder, BASE, iri.removeprefix(BASE)) is Presence.UNKNOWN}

    assert len(subjects) > 20
    assert lost == set()
    for absent in (
        "id/",
        "id/a",
        "id/kaupunki/store/lakipalvelu",
        "id/kaupunki/store/lakipalvelutx",
        "id/zzz",
        "def/x",
    ):
        assert presence(folder, BASE, absent) is Presence.UNKNOWN


def test_few_releases_are_open_at_once(city: City) -> None:
    past = Past(idle_seconds=0.05)
    with site(open_release(city.out / city.names[2])) as (_, holder):
        here = holder.current
        assert past.shown(here, city.out / city.names[2], "").record is here.record
        assert len(past) == 0, "the release in use is open anyway"
        folders = [shutil.copytree(city.out / city.names[0], city.out.parent / f"copy{n}") for n in range(3)]
        for folder in folders:
            past.shown(here, folder, "")
        assert len(past) <= 2
