"""Releases at their own addresses, and the chain of versions in their metadata."""

import json

import pyoxigraph as ox
import pytest

from tests.editions import BASE, City
from tvld.iris import PREFIXES

DCAT = PREFIXES["dcat"]


def triples(body: bytes) -> set[tuple[str, str, str]]:
    found = ox.parse(input=body, format=ox.RdfFormat.TURTLE)
    return {(q.subject.value, q.predicate.value, q.object.value) for q in found}


def version(name: str) -> str:
    return f"{BASE.iri}dumps/{name}/#kaupunki"


def test_a_release_says_which_version_it_is_and_what_it_follows(city: City) -> None:
    _, second, third = city.names
    said = triples(city.get(f"/dumps/{third}/", accept="text/turtle").body)
    whole, me = f"{BASE.iri}id/kaupunki/catalog/description", version(third)

    assert {
        (whole, f"{DCAT}hasVersion", me),
        (whole, f"{DCAT}hasCurrentVersion", me),
        (me, f"{DCAT}isVersionOf", whole),
        (me, f"{DCAT}previousVersion", version(second)),
        (me, f"{DCAT}version", third),
    } <= said
    notes = {o for s, p, o in said if s == me and p.endswith("versionNotes")}
    assert len(notes) == 3
    assert all(second in text for text in notes)
    assert (f"{BASE.iri}dumps/{third}/description.ttl") in {o for _, p, o in said if p == f"{DCAT}downloadURL"}


def test_an_earlier_release_says_what_it_said_then(city: City) -> None:
    first = city.names[0]
    said = triples(city.get(f"/dumps/{first}/", accept="text/turtle").body)

    assert not [o for _, p, o in said if p == f"{DCAT}previousVersion"]
    assert {o for _, p, o in said if p == f"{DCAT}hasCurrentVersion"} == {version(first)}


def test_a_harvester_is_led_to_no_version(city: City) -> None:
    catalogues = sorted((city.out / city.names[2] / "catalogs").glob("*.ttl"))

    assert len(catalogues) >= 2
    for path in catalogues:
        said = triples(path.read_bytes())
        assert not [s for s, _, _ in said if "#kaupunki" in s]
        assert not [o for _, _, o in said if "#kaupunki" in o]
        assert not [p for _, p, _ in said if p in {f"{PREFIXES['dct']}replaces", f"{DCAT}previousVersion"}]


def test_a_release_leads_to_its_neighbours(city: City) -> None:
    first, _, third = city.names
    links = city.get(f"/dumps/{first}/", accept="text/html").headers["link"]

    assert f'</dumps/{third}/>; rel="successor-version"' in links
    assert f'</dumps/{third}/>; rel="latest-version"' in links
    assert '</dumps/>; rel="version-history"' in links


@pytest.mark.parametrize("which", [0, 2])
def test_the_page_of_a_release_lists_its_files_and_times(city: City, which: int) -> None:
    name = city.names[which]
    page = city.get(f"/dumps/{name}/", accept="text/html").text

    assert f"/dumps/{name}/SHA256SUMS" in page
    assert f'href="/dumps/{name}/description.ttl"' in page
    assert ('<time datetime="2026-01-01T10:00:00Z">' in page) == (which == 0)
    assert ("notes/fi.md" in page) == (which == 2), "the first release has nothing to tell news against"


def test_the_list_of_dumps_tells_every_release(city: City) -> None:
    page = city.get("/dumps/", accept="text/html").text

    assert [name in page for name in city.names] == [True, True, True]
    assert f'href="/dumps/{city.names[0]}/"' in page
    assert f'href="/dumps/{city.names[1]}/"' not in page, "it was removed"


@pytest.mark.parametrize("file", ["", "description.ttl", "SHA256SUMS"])
def test_a_removed_release_is_gone_and_tells_what_remains(city: City, file: str) -> None:
    reply = city.get(f"/dumps/{city.names[1]}/{file}")

    assert reply.status == 410
    assert json.loads(reply.body)["available"] == [city.names[2], city.names[0]]
    assert city.get(f"/dumps/2020-01-01-000000000000/{file}").status == 404


def test_the_metadata_of_a_first_release_names_no_other(city: City) -> None:
    said = triples((city.out / city.names[0] / "catalog.ttl").read_bytes())
    datasets = {s for s, p, o in said if o == f"{DCAT}Dataset" and "/dumps/" in s}

    assert datasets == {version(city.names[0])}
