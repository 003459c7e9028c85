"""Catalogues as harvesters fetch them: formats, pages, profiles; and what breaks in the middle of a harvest."""

import shutil
import threading
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from tests.municipalities import edited, two
from tests.processes import eventually
from tests.web_client import Get, Reply, server, site
from tvld.build.pipeline import build
from tvld.build.release import point_to
from tvld.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, Format
from tvld.iris import PREFIXES, Base
from tvld.profiles import PROFILES, Profile
from tvld.serve.catalogues import Catalogues
from tvld.serve.release import open_release
from tvld.settings import Settings

BASE = "http://127.0.0.1:8000/"
DCAT, HYDRA = Namespace(PREFIXES["dcat"]), Namespace("http://www.w3.org/ns/hydra/core#")
PARSED_AS = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/n-triples": "nt"}
DATASETS = 80


def released(data: Path, out: Path) -> Path:
    return build(data, out, Base(BASE), tell=lambda _: None).folder


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases of two organisations, with an earlier one beside the one in use."""
    data, out = two(tmp_path_factory.mktemp("data")), tmp_path_factory.mktemp("dist")
    released(data, out)
    edited(data / "kunta", "organisation.toml", '"Kunta"', '"Uusi kunta"')
    released(data, out)
    return out


@pytest.fixture(scope="module")
def ask(dist: Path) -> Iterator[Get]:
    with site(open_release(dist / "current"), Settings(log_requests=False, catalogue_page=15)) as (get, _):
        yield get


def graph(reply: Reply) -> Graph:
    assert reply.status == 200, reply.text
    return Graph().parse(data=reply.body, format=PARSED_AS[reply.type])


def datasets(found: Graph) -> list[str]:
    return sorted(str(s) for s in found.subjects(RDF.type, DCAT.Dataset))


def harvest(get: Get, address: str) -> list[Graph]:
    """Follow `hydra:next` by the rules of both ckanext-dcat and piveau: one view, its next an IRI, a total on each."""
    found: list[Graph] = []
    following: str | None = address
    while following:
        assert len(found) < DATASETS, "the pages never end"
        page = graph(get(following.removeprefix(BASE.rstrip("/")), accept="*/*"))
        assert list(page.subjects(RDF.type, HYDRA.PagedCollection)) == []
        (view,) = page.subjects(RDF.type, HYDRA.PartialCollectionView)
        totals = set(page.objects(None, HYDRA.totalItems))
        assert totals == {Literal(DATASETS)}
        assert {total.datatype for total in totals if isinstance(total, Literal)} == {XSD.integer}
        nexts = list(page.objects(view, HYDRA.next))
        assert all(isinstance(node, URIRef) for node in nexts)
        assert len(nexts) <= 1
        found.append(page)
        following = str(nexts[0]) if nexts else None
    return found


def test_every_address_that_the_guide_names_answers(get: Get) -> None:
    guide = (Path(__file__).parents[1] / "docs" / "harvesting.md").read_text(encoding="utf-8")
    addresses = [line.removeprefix("GET ") for line in guide.splitlines() if line.startswith("GET ")]

    assert len(addresses) >= 18
    for address in addresses:
        reply = get(address.removeprefix(BASE.rstrip("/")), accept="*/*")
        assert reply.status == 200, address
        assert reply.body


@pytest.mark.parametrize("address", ["/catalog", "/catalog/kunta", "/catalog/open"])
def test_who_asks_for_no_format_gets_turtle_and_head_says_the_same(ask: Get, address: str) -> None:
    plain, any_ = ask(address), ask(address, accept="*/*")

    assert plain.type == any_.type == "text/turtle"
    assert plain.body == any_.body
    head = ask(address, method="HEAD", accept="*/*")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.body))
    assert head.headers == any_.headers


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.suffix)
def test_a_suffix_fixes_the_format_whatever_the_client_would_like(ask: Get, format_: Any) -> None:
    for accept in ("*/*", "text/html", "application/x-unknown"):
        reply = ask(f"/catalog/open.{format_.suffix}", accept=accept)
        assert (reply.status, reply.type) == (200, format_.media_type)
        assert "Accept," not in reply.headers.get("vary", "")
    assert len(GRAPH_FORMATS) == 6


def test_a_catalogue_of_all_is_those_of_each(ask: Get) -> None:
    whole = set(graph(ask("/catalog.nt")))

    assert whole == set(graph(ask("/catalog/kaupunki.nt"))) | set(graph(ask("/catalog/kunta.nt")))
    assert len(datasets(graph(ask("/catalog.rdf")))) == DATASETS
    assert len(datasets(graph(ask("/catalog/open.nt")))) == 2


@pytest.mark.parametrize("address", ["/catalog?page=1", "/catalog.rdf?page=1&size=7", "/catalog.nt?page=1&size=40"])
def test_the_pages_together_are_the_catalogue_and_no_dataset_comes_twice(ask: Get, address: str) -> None:
    pages = harvest(ask, address)

    listed = [name for page in pages for name in datasets(page)]
    assert len(listed) == len(set(listed)) == DATASETS
    whole = set(graph(ask("/catalog.nt")))
    told = {triple for page in pages for triple in page if not str(triple[1]).startswith(str(HYDRA))}
    assert whole <= told
    assert {subject for subject, _, value in told - whole if value != HYDRA.PartialCollectionView} == {
        URIRef(BASE + "catalog")
    }
    again = [set(page) for page in harvest(ask, address)]
    assert again == [set(page) for page in pages]


def test_each_page_is_whole_in_itself(ask: Get) -> None:
    """Nothing is pointed to but what is on the page: neither a dataset of another nor anything without a type."""
    pages = harvest(ask, "/catalog?page=1&size=7")
    # A service stands beside the dataset that it serves, and nowhere else.
    assert len([service for page in pages for service in page.subjects(RDF.type, DCAT.DataService)]) == 2
    for page in pages:
        here = set(datasets(page))
        assert {str(d) for d in page.objects(None, DCAT.dataset)} == here
        assert {str(d) for d in page.objects(None, DCAT.servesDataset)} <= here
        subjects = set(page.subjects())
        for subject, predicate, value in page:
            if str(value).startswith(BASE + "id/") and predicate != RDF.type and isinstance(value, URIRef):
                assert value in subjects, (subject, predicate, value)
        assert not [node for node in page.all_nodes() if not isinstance(node, URIRef | Literal)]


def test_a_page_says_in_headers_where_the_others_are(ask: Get) -> None:
    reply = ask("/catalog.ttl?page=2&size=20")

    links = reply.headers["link"]
    name = reply.headers["content-location"].rpartition("release=")[2]
    for relation, number in (("first", 1), ("prev", 1), ("next", 3), ("last", 4)):
        assert f'</catalog.ttl?page={number}&size=20&release={name}>; rel="{relation}"' in links
    assert reply.headers["content-location"] == f"/catalog.ttl?page=2&size=20&release={name}"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/catalog?page=0", 404),
        ("/catalog?page=x", 404),
        ("/catalog?page=7", 404),
        ("/catalog?page=1&size=0", 400),
        ("/catalog?page=1&size=1001", 400),
        ("/catalog?page=1&size=x", 400),
        ("/catalog?page=1&release=2020-01-01-000000000000", 410),
        ("/catalog?page=1&release=..", 410),
        ("/catalog?page=1&release=.lock", 410),
        ("/catalog?page=1&release=current", 410),
        ("/catalog?pagesize=10", 400),  # a mistake must not give the whole as if it were a page
        ("/catalog?profile=dcat-ap-4", 400),
        ("/catalog/nobody", 404),
        ("/catalog/nobody.ttl", 404),
        ("/catalog.png", 404),
        ("/nobody/catalog", 404),
    ],
)
def test_what_cannot_be_given_is_an_error_and_never_an_empty_catalogue(ask: Get, address: str, status: int) -> None:
    assert ask(address, accept="*/*").status == status


def test_a_page_past_the_last_is_an_error_too(ask: Get) -> None:
    assert ask("/catalog?page=6", accept="*/*").status == 200
    assert ask("/catalog?page=7", accept="*/*").status == 404


@pytest.mark.parametrize(("address", "which"), [("/catalog", "stores"), ("/catalog/open", "open")])
def test_people_are_led_to_the_catalogue_of_each_of_several_organisations(ask: Get, address: str, which: str) -> None:
    page = ask(address, accept="text/html").text
    shown = page.partition("<main")[2].partition("</main>")[0]

    for organisation in ("kaupunki", "kunta"):
        assert f'href="/id/{organisation}/catalog/{which}"' in shown
        assert ask(f"/id/{organisation}/catalog/{which}").status == 303
    assert ask(f"{address}?page=2", accept="text/html").status == 404


def test_the_address_of_an_organisation_leads_to_its_catalogue(ask: Get) -> None:
    for path, there in (
        ("/kunta/catalog", "/catalog/kunta"),
        ("/kunta/catalog.rdf?page=1", "/catalog/kunta.rdf?page=1"),
    ):
        reply = ask(path, accept="*/*")
        assert (reply.status, reply.headers["location"]) == (308, there)
    assert ask("/kunta/catalog.xyz").status == ask("/nobody/catalog").status == 404


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
@pytest.mark.parametrize("format_", DOCUMENT_FORMATS, ids=lambda format_: format_.suffix)
def test_whoever_asks_below_the_organisation_gets_its_catalogue_in_every_format_and_profile(
    ask: Get, format_: Format, profile: Profile
) -> None:
    for query in (f"profile={profile.key}", f"profile={profile.key}&page=1&size=30"):
        led = ask(f"/kunta/catalog.{format_.suffix}?{query}")
        reply = ask(led.headers["location"], accept="image/png")

        assert (led.status, reply.status, reply.type) == (308, 200, format_.media_type)
        assert reply.headers["content-profile"] == f"<{profile.iri}>"
        assert reply.body == ask(f"/catalog/kunta.{format_.suffix}?{query}").body


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_page_says_in_which_profile_it_is_stays_in_it_and_why_it_is_empty(ask: Get, language: str) -> None:
    second, restricted = (
        ask(f"/catalog/kunta?profile={key}", accept="text/html", accept_language=language).text
        for key in ("dcat-ap-2", "suojattudata")
    )

    assert "DCAT-AP 2.1.1." in second
    assert "DCAT-AP 3.0.1" not in second.partition("<main")[2].partition("<code>")[0]
    assert 'href="/catalog/kunta.ttl?profile=dcat-ap-2"' in second
    assert 'href="/catalog/kunta?profile=dcat-ap-2&amp;page=2"' in second
    why = {
        "fi": "ei ole saraketta käyttöoikeudelle",
        "sv": "ingen kolumn för åtkomsträtt",
        "en": "no column for access",
    }
    assert [why[language] in page for page in (second, restricted)] == [False, True]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.key)
def test_a_profile_is_chosen_by_query_or_by_header(ask: Get, profile: Any) -> None:
    answers = [
        ask(f"/catalog/kunta.ttl?profile={profile.key}"),
        ask(f"/catalog/kunta.ttl?_profile={profile.key}"),
        ask("/catalog/kunta.ttl", accept_profile=f"<http://example.org/other>, <{profile.iri}>;q=0.8"),
        ask("/catalog/kunta.ttl", accept_profile=f"<{PROFILES[0].iri}>; q=0.1, <{profile.iri}>"),
    ]

    assert [reply.status for reply in answers] == [200] * 4
    assert len({reply.body for reply in answers}) == 1
    for reply in answers:
        assert reply.headers["content-profile"] == f"<{profile.iri}>"
        assert f'<{profile.iri}>; rel="profile"' in reply.headers["link"]
        named = "" if profile is PROFILES[0] else f"?profile={profile.key}"
        assert reply.headers["content-location"] == f"/catalog/kunta.ttl{named}"
    assert "Accept-Profile" in answers[2].headers["vary"]
    assert "Accept-Profile" not in answers[0].headers["vary"]


def test_what_is_kept_ready_for_one_profile_is_not_given_for_another(ask: Get) -> None:
    first = ask("/catalog/kunta")
    second = ask("/catalog/kunta", accept_profile=f"<{PROFILES[1].iri}>")

    assert first.body != second.body
    assert ask("/catalog/kunta").body == first.body


def test_no_profile_at_all_is_refused_with_the_list(ask: Get) -> None:
    reply = ask("/catalog", accept_profile="<http://example.org/other>", accept="*/*")

    assert reply.status == 406
    assert all(profile.iri in reply.text for profile in PROFILES)


def test_the_profiles_are_listed_in_headers_and_as_data(ask: Get) -> None:
    links = ask("/catalog/kunta").headers["link"]
    for profile in PROFILES:
        token = f'<http://www.w3.org/ns/dx/prof/Profile>; rel="type"; token="{profile.key}"; anchor="{profile.iri}"'
        assert token in links
        assert f'profile="{profile.iri}"' in links
    listed = graph(ask("/catalog/kunta?_profile=all"))
    altr = Namespace("http://www.w3.org/ns/dx/connegp/altr#")
    for there in listed.objects(URIRef(BASE + "catalog/kunta"), altr.hasRepresentation):
        assert ask(str(there).removeprefix(BASE.rstrip("/"))).status == 200
    assert len(set(listed.subjects(RDF.type, altr.Representation))) == 8 * len(PROFILES)


def test_the_pages_of_a_profile_stay_in_it(ask: Get) -> None:
    first = ask("/catalog?page=1&size=50", accept_profile=f"<{PROFILES[1].iri}>")

    (following,) = graph(first).objects(None, HYDRA.next)
    second = ask(str(following).removeprefix(BASE.rstrip("/")))
    assert second.headers["content-profile"] == f"<{PROFILES[1].iri}>"


def test_an_empty_catalogue_is_whole_and_says_so(ask: Get) -> None:
    page = graph(ask("/catalog?profile=suojattudata&page=1"))

    assert datasets(page) == []
    assert set(page.objects(None, HYDRA.totalItems)) == {Literal(0)}
    assert len(set(page.subjects(RDF.type, DCAT.Catalog))) == 2


def test_the_pages_of_an_earlier_release_go_on_as_long_as_it_is_kept(dist: Path) -> None:
    earlier = next(
        p
        for p in dist.iterdir()
        if (p / "manifest.json").is_file() and not p.is_symlink() and p != (dist / "current").resolve()
    )
    with site(open_release(earlier)) as (get, holder):
        (following,) = graph(get("/catalog.ttl?page=1&size=30")).objects(None, HYDRA.next)
        holder.change_to(open_release(dist / "current"))
        rest = harvest(get, str(following))

        assert [len(datasets(page)) for page in rest] == [30, 20]
        assert "Uusi kunta" in get("/catalog.ttl").text
        assert not [page for page in rest if Literal("Uusi kunta", lang="fi") in page.objects()]


def test_the_pages_of_a_release_that_is_gone_are_gone(dist: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(dist, tmp_path / "dist", symlinks=True))
    current = (out / "current").resolve()
    earlier = next(p for p in out.iterdir() if (p / "manifest.json").is_file() and not p.is_symlink() and p != current)
    with site(open_release(earlier)) as (get, holder):
        (following,) = graph(get("/catalog.ttl?page=1&size=30")).objects(None, HYDRA.next)
        holder.change_to(open_release(out / "current"))
        shutil.rmtree(earlier)

        assert get(str(following).removeprefix(BASE.rstrip("/"))).status == 410


@pytest.mark.parametrize("address", ["/catalog.ttl", "/catalog?page=3&size=15", "/catalog/kunta.rdf"])
@pytest.mark.parametrize("fault", ["cut", "flipped", "removed", "unreadable", "counted wrongly"])
def test_a_file_that_is_damaged_while_it_is_served_is_never_given_in_part(
    dist: Path, tmp_path: Path, address: str, fault: str
) -> None:
    folder = Path(shutil.copytree((dist / "current").resolve(), tmp_path / "release"))
    file = folder / "catalogs" / "kunta.ttl"
    with site(open_release(folder)) as (get, _):
        body = file.read_bytes()
        if fault == "cut":
            # At the end of a block: what is left is well-formed.
            file.write_bytes(body[: body.rindex(b"\n\n<")] + b"\n")
        elif fault == "flipped":
            file.write_bytes(body.replace(b"Uusi kunta", b"Uusi kusta"))
        elif fault == "removed":
            file.unlink()
        elif fault == "unreadable":
            # Reading it fails for whoever runs the server, root too.
            file.unlink()
            file.mkdir()
        else:
            manifest = folder / "manifest.json"
            manifest.write_text(manifest.read_text(encoding="utf-8").replace('"datasets": 40', '"datasets": 20'))

        assert get(address, accept="*/*").status == 503


def test_a_harvest_through_kills_and_restarts_is_whole_or_fails(dist: Path, tmp_path: Path) -> None:
    """The server is killed between pages and started anew: the links go on, to the same pages."""
    found: list[str] = []
    following: str | None = "/catalog.ttl?page=1&size=30"
    starts = 0
    while following:
        with server(dist / "current", tmp_path / "log") as running:
            starts += 1
            page = graph(running.get(following))
            running.process.kill()
        found += datasets(page)
        nexts = list(page.objects(None, HYDRA.next))
        following = str(nexts[0]).removeprefix(BASE.rstrip("/")) if nexts else None

    assert starts == 3
    assert len(found) == len(set(found)) == DATASETS


def test_a_server_killed_while_it_answers_never_seems_to_have_answered_whole(dist: Path, tmp_path: Path) -> None:
    """Either all bytes came, or the client is told that some did not."""
    expected = Catalogues.of(open_release(dist / "current"))
    whole = len({q for q in expected.whole("", PROFILES[0])})
    outcomes = set()
    for delay in (0.0, 0.02, 0.05, 0.1):
        with server(dist / "current", tmp_path / "log") as running:
            stopping = threading.Timer(delay, running.process.kill)
            stopping.start()
            try:
                for _ in range(200):
                    reply = running.get("/catalog.nt?profile=dcat-ap-3")
                    assert reply.status == 200
                    assert reply.body.count(b"\n") == whole
                    outcomes.add("whole")
            except (OSError, HTTPException):
                outcomes.add("failed")
            stopping.join()
    assert "failed" in outcomes


def test_a_release_that_changes_between_pages_leaves_the_harvest_whole(dist: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(dist, tmp_path / "dist", symlinks=True))
    current = (out / "current").readlink().name
    earlier = next(
        p.name for p in out.iterdir() if (p / "manifest.json").is_file() and not p.is_symlink() and p.name != current
    )
    with server(out / "current", tmp_path / "log") as running:
        first = graph(running.get("/catalog.ttl?page=1&size=50"))
        point_to(out, earlier)
        assert eventually(lambda: earlier in running.get("/catalog.ttl?page=1").headers["content-location"], 20)
        (following,) = first.objects(None, HYDRA.next)
        second = graph(running.get(str(following).removeprefix(BASE.rstrip("/"))))

    assert current in str(following)
    assert len(set(datasets(first)) | set(datasets(second))) == DATASETS
    assert "Uusi kunta" in {str(o) for o in second.objects()}
