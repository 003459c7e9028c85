"""
What breaks in the middle of a harvest, at every door, over real sockets: whoever harvests gets all of one release, or
an error; never a 200 with less, or with bytes that are not those of the release.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from rdflib import RDF, Graph, Namespace

from tests.editions import BASE, edition
from tests.ldes_reader import activities
from tests.processes import eventually
from tests.web_client import Reply, Server, server
from tvld.build.release import point_to, releases, remove
from tvld.iris import PREFIXES

DCAT, HYDRA = Namespace(PREFIXES["dcat"]), Namespace("http://www.w3.org/ns/hydra/core#")
OAI = "{http://www.openarchives.org/OAI/2.0/}"
# More than one part of every door: two of a hundred packages, three of fifty records, two of a hundred activities.
STORES = {f"varanto-{number:03}": f"Varannon {number} tietovaranto" for number in range(110)}
# Of the first in any order of ids; gone in the second release.
FEWER = {key: name for key, name in STORES.items() if key > "varanto-029"}
STORE = f"{BASE.iri}id/kaupunki/store/"
DESCRIPTION = f"{BASE.iri}id/kaupunki/catalog/description"
# Which file each door reads; the manifest comes last, for many doors read it too.
DOORS = {
    "/catalog.ttl": "catalogs/kaupunki.ttl",
    "/catalog/kaupunki.rdf": "catalogs/kaupunki.ttl",
    "/catalog/open.jsonld": "catalogs/kaupunki.open.ttl",
    "/catalog.nt?page=2&size=50": "catalogs/kaupunki.ttl",
    "/catalog.rdf?profile=dcat-ap-2": "catalogs/kaupunki.dcat-ap-2.ttl",
    "/data.json": "catalogs/kaupunki.dcat.json",
    "/catalog/open/data.json": "catalogs/kaupunki.open.dcat.json",
    "/api/3/action/package_list": "catalogs/kaupunki.ckan.json",
    "/api/3/action/package_search?rows=50&start=50": "catalogs/kaupunki.ckan.json",
    "/oai?verb=ListRecords&metadataPrefix=dcat_ap": "catalogs/kaupunki.ttl",
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc": "catalogs/kaupunki.ttl",
    "/.well-known/void.nt": "void.ttl",
    "/quality.json": "quality.json",
    "/quality.ttl": "quality.ttl",
    "/dumps/RELEASE/description.nt": "description.nt",
    "/dumps/RELEASE/tables/stores.csv": "tables/stores.csv",
    "/dumps/RELEASE/description.ttl.gz": "description.ttl.gz",
    "/dumps/RELEASE/manifest.json": "manifest.json",
}


def cut(file: Path) -> None:
    """Leave half of it, to the end of a line: of much that is left, a parser has nothing to say."""
    body = file.read_bytes()
    half = body[: len(body) // 2]
    file.write_bytes(half[: half.rfind(b"\n") + 1] or half)


def flipped(file: Path) -> None:
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 1
    file.write_bytes(body)


def unreadable(file: Path) -> None:
    """Reading it fails for whoever runs the server, root too."""
    file.unlink()
    file.mkdir()


FAULTS: list[Callable[[Path], None]] = [cut, flipped, Path.unlink, unreadable]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: the first, which is in use, has stores that the second has not."""
    out = tmp_path_factory.mktemp("faults") / "dist"
    first = edition(out, "2026-05-01", STORES)
    edition(out, "2026-05-02", FEWER)
    point_to(out, first)
    return out


@pytest.fixture
def copy(dist: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(dist, tmp_path / "dist", symlinks=True))


@pytest.mark.parametrize("fault", FAULTS, ids=["cut", "flipped", "removed", "unreadable"])
def test_what_was_damaged_on_disk_is_given_by_no_door(
    copy: Path, tmp_path: Path, fault: Callable[[Path], None]
) -> None:
    folder = (copy / "current").resolve()
    files = dict.fromkeys(DOORS.values())
    found = {}
    with server(copy / "current", tmp_path / "log") as running:
        for damaged in files:
            fault(folder / damaged)
            for door in (door for door, file in DOORS.items() if file == damaged):
                found[door] = running.get(door.replace("RELEASE", folder.name)).status

    assert found == dict.fromkeys(DOORS, 503)


class Failed(Exception):
    """The harvest ended with an error, as it must where it cannot be whole."""


class House:
    """A server over a folder of releases, and what can happen to it."""

    def __init__(self, out: Path, log: Path, running: ExitStack) -> None:
        self.out, self._log, self._running = out, log, running
        self.first = (out / "current").readlink().name
        self.second = next(p.name for p in out.glob("2026-*") if p.name != self.first)
        self.start()

    def start(self) -> None:
        self.server: Server = self._running.enter_context(server(self.out / "current", self._log))

    def get(self, address: str, **headers: str) -> Reply:
        """Give an answer that is no error, in which the address of the base is that of this server."""
        reply = self.server.get(address.removeprefix(BASE.iri.rstrip("/")), **headers)
        if reply.status in (301, 302, 307, 308):
            return self.get(reply.headers["location"], **headers)
        if reply.status != 200:
            raise Failed(f"{address}: {reply.status} {reply.text[:300]}")
        return reply

    def restart(self) -> None:
        self.server.process.kill()
        self.server.process.wait()
        self.start()

    def switch(self) -> None:
        point_to(self.out, self.second)
        catalogue = "/catalog.ttl?page=1"
        assert eventually(lambda: self.second in self.server.get(catalogue).headers["content-location"], 20)

    def switch_while_down(self) -> None:
        self.server.process.kill()
        self.server.process.wait()
        point_to(self.out, self.second)
        self.start()

    def remove_the_first(self) -> None:
        self.switch()
        with releases(self.out):
            remove(self.out, self.first)


def pages(house: House) -> Iterator[set[str]]:
    """As piveau and ckanext-dcat do: follow hydra:next."""
    following: str | None = "/catalog.ttl?page=1&size=40"
    while following:
        page = Graph().parse(data=house.get(following).body, format="turtle")
        yield {str(s) for s in page.subjects(RDF.type, DCAT.Dataset)}
        following = next((str(o) for o in page.objects(None, HYDRA.next)), None)


def packages(house: House) -> Iterator[set[str]]:
    """As ckanext-harvest does: count on, and end with an empty part."""
    for start in range(0, 10_000, 40):
        reply = house.get(f"/api/3/action/package_search?rows=40&start={start}&sort=id+asc")
        found = json.loads(reply.body)["result"]["results"]
        yield {package["uri"] for package in found}
        if not found:
            return


def packages_by_links(house: House) -> Iterator[set[str]]:
    """As a client that follows the links of the answers."""
    following: str | None = "/api/3/action/package_search?rows=40&sort=name+desc"
    while following:
        reply = house.get(following)
        yield {package["uri"] for package in json.loads(reply.body)["result"]["results"]}
        following = next(iter(re.findall('<([^>]*)>; rel="next"', reply.headers.get("link", ""))), None)


def names(house: House) -> Iterator[set[str]]:
    for start in range(0, 10_000, 40):
        found = json.loads(house.get(f"/api/3/action/package_list?limit=40&offset={start}").body)["result"]
        yield {
            name.replace("kaupunki-store-", STORE).replace("kaupunki-catalog-description", DESCRIPTION)
            for name in found
        }
        if not found:
            return


def records(house: House) -> Iterator[set[str]]:
    """As OAI-PMH asks: go on by the token."""
    token: str | None = ""
    while token is not None:
        how = f"resumptionToken={token}" if token else "metadataPrefix=oai_dc"
        root = fromstring(house.get(f"/oai?verb=ListIdentifiers&{how}").body)
        if (error := root.find(OAI + "error")) is not None:
            raise Failed(f"{error.get('code')}: {error.text}")
        there = [header for header in root.iter(OAI + "header") if header.get("status") != "deleted"]
        yield {str(header.findtext(OAI + "identifier")) for header in there}
        token = root.findtext(f"{OAI}ListIdentifiers/{OAI}resumptionToken") or None


def stream(house: House, root: str) -> Iterator[set[str]]:
    """As a reader of DCAT-AP Feeds: walk from the root to all pages, then keep the last that is told of each."""
    first = house.get(root, accept="application/trig")
    yield set()

    def ask(address: str) -> tuple[str, bytes]:
        reply = first if address.endswith(root) else house.get(address, accept="application/trig")
        return reply.type, reply.body

    last = {activity.object: activity.payload for activity in activities(BASE.iri.rstrip("/") + root, ask)}
    typed = (str(RDF.type), str(DCAT.Dataset))
    yield {
        s for s, told in last.items() if any((t.predicate.value, getattr(t.object, "value", "")) == typed for t in told)
    }


def parts_of_a_dump(house: House) -> Iterator[set[str]]:
    """As a downloader does that goes on where it stopped, unless the file is another one."""
    body, headers = b"", {"range": "bytes=0-9999"}
    while True:
        reply = house.server.get(f"/dumps/{house.first}/description.nt", **headers)
        if reply.status != 206:
            raise Failed(f"{reply.status} {reply.text[:300]}")
        body += reply.body
        size = int(reply.headers["content-range"].rpartition("/")[2])
        if len(body) == size:
            break
        yield set()
        headers = {"range": f"bytes={len(body)}-", "if-match": reply.headers["etag"]}
    text = body.decode()
    yield set(re.findall(f"^<({STORE}[^>]*)> <{RDF.type}> <{DCAT.Dataset}>", text, re.MULTILINE)) | {DESCRIPTION}


HARVESTS: dict[str, Callable[[House], Iterator[set[str]]]] = {
    "pages": pages,
    "packages": packages,
    "packages by links": packages_by_links,
    "names": names,
    "records": records,
    "feed": lambda house: stream(house, "/feed"),
    "feed of the latest": lambda house: stream(house, "/feed/latest"),
    "dump": parts_of_a_dump,
}
# What happens after the first part, and what the harvest comes to: all of a release, or an error. Whoever reads a feed
# that grows meanwhile may find some of what is new in it; the next reading finds the rest.
EVENTS: dict[Callable[[House], None], dict[str, str]] = {
    House.restart: {},
    House.switch: {"packages": "failed", "names": "failed", "feed": "between"},
    House.switch_while_down: {"packages": "failed", "names": "failed", "feed": "between"},
    House.remove_the_first: dict.fromkeys(HARVESTS, "failed") | {"feed": "between", "feed of the latest": "first"},
}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_what_happens_between_two_parts_leaves_the_harvest_whole_or_fails_it(
    copy: Path, tmp_path: Path, event: Callable[[House], None]
) -> None:
    whole = {
        "first": {DESCRIPTION, *(STORE + key for key in STORES)},
        "second": {DESCRIPTION, *(STORE + key for key in FEWER)},
    }
    with ExitStack() as running:
        house = House(copy, tmp_path / "log", running)
        begun = {name: harvest(house) for name, harvest in HARVESTS.items()}
        found = {name: next(parts) for name, parts in begun.items()}
        event(house)
        came = {}
        for name, parts in begun.items():
            try:
                all_ = found[name].union(*parts)
                between = "between" if whole["second"] <= all_ <= whole["first"] else f"part: {len(all_)}"
                came[name] = next((which for which, them in whole.items() if them == all_), between)
            except Failed:
                came[name] = "failed"

    assert came == dict.fromkeys(HARVESTS, "first") | EVENTS[event]
