"""The site of loose RDF files: any base, any names, nothing that the data says becomes markup."""

import json
from collections.abc import Callable, Iterator
from html import unescape

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
