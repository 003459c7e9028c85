"""The site of loose RDF files: any base, any names, nothing that the data says becomes markup."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import quote

import pytest

from tests.web_client import Reply, site
from tvld.iris import Base
from tvld.serve.rdf_files import open_rdf_files


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Reply]]:
    """The site of loose RDF, at a base that holds a path and names that are not plain."""
    path = tmp_path_factory.mktemp("rdf") / "data.trig"
    path.write_text(
        """PREFIX : <http://h.example/foo/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        <http://h.example/foo/id/a.b> a <http://x.example/Kind> ; rdfs:label "piste"@fi ; :to <http://x.example/out> .
        <http://h.example/foo/äiti> a <http://www.w3.org/ns/org#OrganizationalUnit> ;
            rdfs:label "</script><script>alert(1)</script>" ; :to <javascript:alert(1)> .
        <http://h.example/foo/%C3%B6ljy> rdfs:label "öljy"@fi .
        :g { <http://x.example/out> rdfs:label "ulkona"@fi , 'he said "hi"'@en-gb ; :at :ttl.ttl . }
        """
    )
    with site(open_rdf_files([path], Base("http://h.example/foo/"))) as (get, _):
        yield get


@pytest.mark.parametrize(
    ("address", "status", "location"),
    [
        ("/foo/id/a.b", 303, "/foo/doc/a.b"),
        ("/foo/doc/a.b", 200, "/foo/doc/a.b.ttl"),
        ("/foo/doc/a.b.rdf", 200, "/foo/doc/a.b.rdf"),
        ("/foo/%C3%A4iti", 200, "/foo/%C3%A4iti.ttl"),
        ("/foo/%C3%B6ljy", 200, "/foo/%C3%B6ljy.ttl"),
        ("/foo/%C3%B6ljy.nt", 200, "/foo/%C3%B6ljy.nt"),
        ("/foo/ttl.ttl", 200, "/foo/ttl.ttl.ttl"),
        ("/foo/g", 200, "/foo/g.ttl"),
        ("/foo/describe?iri=http://x.example/out", 200, None),
        ("/foo/healthz", 200, None),
        ("/foo/", 200, None),
        ("/foo", 404, None),
        ("/id/a.b", 404, None),
        ("/foobar/id/a.b", 404, None),
        ("/", 404, None),
    ],
)
def test_a_base_with_a_path_holds_everything(
    loose: Callable[..., Reply], address: str, status: int, location: str | None
) -> None:
    reply = loose(address)

    assert reply.status == status
    assert reply.headers.get("location", reply.headers.get("content-location")) == location


def test_what_the_data_says_cannot_become_markup_or_a_script(loose: Callable[..., Reply]) -> None:
    text = loose("/foo/%C3%A4iti.html").text

    assert "<script>alert" not in text
    assert "<script>alert(1)</script>" in unescape(text)
    described = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(described)["name"] == "</script><script>alert(1)</script>"
    assert 'href="javascript:' not in text


def test_loose_data_keeps_graphs_literals_and_languages(loose: Callable[..., Reply]) -> None:
    quads = loose("/foo/describe?iri=http://x.example/out", accept="application/n-quads").text

    assert '"ulkona"@fi <http://h.example/foo/g> .' in quads
    assert '"he said \\"hi\\""@en-gb <http://h.example/foo/g> .' in quads
    assert "<http://x.example/Kind> .\n" in quads


def test_the_first_page_of_loose_data_lists_its_classes_subjects_and_graphs(loose: Callable[..., Reply]) -> None:
    text = loose("/foo/", accept="text/html").text

    for link in (
        "/foo/id/a.b",
        "/foo/?class=http%3A//x.example/Kind",
        "/foo/describe?iri=http%3A//h.example/foo/g",
        "/foo/describe?iri=http%3A%2F%2Fx.example",
    ):
        assert f'href="{link}' in text
    assert loose("/foo/?page=2", accept="text/html").status == 404
    assert loose("/foo/?page=x", accept="text/html").status == 404


@pytest.fixture(scope="module")
def hashed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Reply]]:
    """The site of data whose IRIs have fragments and queries, some at addresses that the site itself uses."""
    path = tmp_path_factory.mktemp("hashed") / "data.ttl"
    path.write_text(
        """BASE <http://h.example/foo/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        <page#me> a <Kind> ; rdfs:label "minä"@fi ; <knows> <page#other/one> , <list#object> .
        <page#other/one> rdfs:label "toinen"@fi ; <to> <q?x=1&y=%C3%A4> .
        <both> rdfs:label "sivu"@fi ; <topic> <both#it> .
        <both#it> rdfs:label "aihe"@fi ; <far> <list#object> .
        <q?x=1&y=%C3%A4> rdfs:label "kysely"@fi .
        <q?x=ö> rdfs:label "toinen kysely"@fi .
        <q?x=1#part> rdfs:label "kyselyn osa"@fi .
        <id/a#b> rdfs:label "olio"@fi .
        <id/a?c> rdfs:label "kysytty olio"@fi .
        <ns#term> rdfs:label "sana"@fi .
        <page/> rdfs:label "kansio"@fi .
        <#top> rdfs:label "alku"@fi .
        <sparql#x> rdfs:label "varattu"@fi .
        <graph/x#y> rdfs:label "graafin osa"@fi .
        """
    )
    with site(open_rdf_files([path], Base("http://h.example/foo/"))) as (get, _):
        yield get


@pytest.mark.parametrize(
    ("address", "told", "kept_back"),
    [
        ("page", ["page#me", "page#other/one"], ["both#it"]),
        ("page.nt", ["page#me", "page#other/one"], ["both#it"]),
        ("page?z", ["page#me", "page#other/one"], []),
        ("list", ["page#me", "list#object", "both#it"], ["page/"]),
        ("both", ["both", "both#it", "list#object"], []),
        ("q?x=1&y=%C3%A4", ["q?x=1&y=%C3%A4"], ["q?x=ö"]),
        ("q?x=%C3%B6", ["q?x=ö"], ["q?x=1"]),
        ("q?x=1", ["q?x=1#part"], ["q?x=1&y=%C3%A4"]),
        ("id/a", ["id/a#b"], ["id/a?c"]),
        ("id/a?c", ["id/a?c"], ["id/a#b"]),
        ("ns", ["ns#term"], []),
        ("graph/x", ["graph/x#y"], []),
        ("", ["#top"], ["page#me"]),
        ("describe?iri=http://h.example/foo/sparql%23x", ["sparql#x"], []),
    ],
)
def test_an_iri_with_a_fragment_or_a_query_is_told_of_where_it_leads(
    hashed: Callable[..., Reply], address: str, told: list[str], kept_back: list[str]
) -> None:
    reply = hashed(f"/foo/{address}", accept="application/n-triples")
    if reply.status == 303:
        reply = hashed(reply.headers["location"], accept="application/n-triples")

    assert (reply.status, reply.type) == (200, "application/n-triples")
    for name in told:
        assert f"<http://h.example/foo/{name}>" in reply.text
    for name in kept_back:
        assert f"<http://h.example/foo/{name}>" not in reply.text


@pytest.mark.parametrize("address", ["q", "q?x=2", "pag", "page/me"])
def test_what_only_looks_like_such_an_iri_is_not_found(hashed: Callable[..., Reply], address: str) -> None:
    assert hashed(f"/foo/{address}").status == 404


def test_every_link_of_such_a_site_leads_to_a_page_and_a_place_on_it(hashed: Callable[..., Reply]) -> None:
    waiting, pages = ["/foo/"], dict[str, str]()
    links: set[str] = set()
    while waiting:
        address = waiting.pop()
        # As a browser sends it.
        reply = hashed(quote(address, safe="/?=&%"), accept="text/html")
        if reply.status in (303, 308):
            reply = hashed(reply.headers["location"], accept="text/html")
        assert reply.status == 200, address
        pages[address] = reply.text
        if reply.type == "text/html":
            found = {unescape(href) for href in re.findall(r'<a href="(/[^"]*)"', reply.text)}
            links |= found
            waiting += {href.partition("#")[0] for href in found} - pages.keys() - set(waiting)

    assert {"/foo/page#me", "/foo/page#other/one", "/foo/q?x=1&y=%C3%A4", "/foo/id/a?c", "/foo/page/"} <= links
    for link in links:
        address, _, anchor = link.partition("#")
        assert not anchor or f'id="{anchor}"' in pages[address], link
