"""What is published comes out of every door alike: nothing is released where one of them says something else."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import ROOT
from tests.editions import STORES, edition
from tvld.build.aids import Aids
from tvld.build.pipeline import build
from tvld.build.release import current, manifest
from tvld.errors import ReleaseError
from tvld.formats import GRAPH_FORMATS, NQUADS, by_suffix
from tvld.iris import Base
from tvld.serialisation import read, write
from tvld.serve.doors import digest, lines, prove
from tvld.serve.export.proof import SITE, in_the_making, prove_documents
from tvld.serve.export.proof import prove as prove_all
from tvld.serve.export.visitor import visitor
from tvld.settings import Settings

BASE = Base("http://127.0.0.1:8000/")
GRAPH = ox.NamedNode(BASE.graph("kaupunki"))
STORE = ox.NamedNode(BASE.thing("kaupunki", "store", "hankintapalvelut"))
NOTE = ox.NamedNode("http://www.w3.org/2004/02/skos/core#editorialNote")
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture
def folder(release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(release, tmp_path / "release"))


def rewrite(folder: Path, *more: ox.Quad) -> None:
    """Write all dumps anew with more in them: they agree with each other, whatever the other doors make of it."""
    quads = [*read(folder / "description.nq", NQUADS), *more]
    for format_ in GRAPH_FORMATS:
        (folder / f"description.{format_.suffix}").write_bytes(write(quads, format_))


def test_a_release_is_proven_through_every_door(folder: Path) -> None:
    proven = prove(folder, BASE)

    assert set(proven) == {f"description.{f.suffix}" for f in GRAPH_FORMATS} | {"documents", "endpoint"}
    assert len(set(proven.values())) == 1


def test_the_digest_is_that_of_the_canonical_form(folder: Path) -> None:
    quads = {ox.Quad(*quad.triple) for quad in read(folder / "description.nq", NQUADS)}
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    assert prove(folder, BASE)["endpoint"] == digest(lines(quad.triple for quad in dataset))
    assert prove(folder, BASE)["endpoint"] == digest((folder / "description.nt").read_bytes().splitlines())


@pytest.mark.parametrize("suffix", [f.suffix for f in GRAPH_FORMATS])
def test_a_dump_that_says_less_or_more_is_found_out(folder: Path, suffix: str) -> None:
    path = folder / f"description.{suffix}"
    format_ = by_suffix(GRAPH_FORMATS, suffix)
    assert format_ is not None
    gone, *others = sorted(read(path, format_), key=str)
    added = ox.Quad(STORE, NOTE, ox.Literal("lisätty", language="fi"), gone.graph_name)
    path.write_bytes(write([*others, added], format_))

    with pytest.raises(ReleaseError, match=r"and description\.nq do not say the same") as refused:
        prove(folder, BASE)

    assert "1 triples are lacking, 1 too many" in str(refused.value)
    assert "lisätty" in str(refused.value)
    assert str(gone.subject) in str(refused.value)
    assert suffix == "nq" or f"description.{suffix} and" in str(refused.value)


@pytest.mark.parametrize(
    ("door", "more"),
    [
        # The store of the endpoint writes numbers in its own way.
        ("endpoint", ox.Quad(STORE, NOTE, ox.Literal("007", datatype=ox.NamedNode(XSD + "integer")), GRAPH)),
        # The graph of the vocabulary is no content: its documents tell more than the dump.
        ("documents", ox.Quad(STORE, NOTE, ox.Literal("x"), ox.NamedNode(BASE.graph("ns")))),
        # What has no address has no document.
        ("documents", ox.Quad(ox.BlankNode("b"), NOTE, ox.Literal("x"), GRAPH)),
    ],
)
def test_what_does_not_come_out_of_a_door_is_found_out(folder: Path, door: str, more: ox.Quad) -> None:
    rewrite(folder)
    prove(folder, BASE)
    rewrite(folder, more)

    with pytest.raises(ReleaseError, match=f"{door} and description"):
        prove(folder, BASE)


def test_what_content_and_catalogue_both_say_is_content(folder: Path) -> None:
    """Else the endpoint would seem to lack it: of the names of codes both speak."""
    catalog = {quad.triple for quad in read(folder / "catalog.ttl", GRAPH_FORMATS[0])}
    content = {quad.triple for quad in read(folder / "description.nq", NQUADS)}
    assert catalog & content

    prove(folder, BASE)


def test_a_build_states_the_proof_and_stops_where_there_is_none(tmp_path: Path) -> None:
    def break_and_prove(folder: Path, base: Base) -> dict[str, str]:
        text = (folder / "description.ttl").read_text(encoding="utf-8")
        (folder / "description.ttl").write_text(text.replace("Hankintapalvelujen", "Muiden", 1), encoding="utf-8")
        return prove(folder, base)

    out = tmp_path / "dist"
    with pytest.raises(ReleaseError, match=r"description\.ttl and description\.nq do not say the same"):
        build(ROOT / "data", out, BASE, tell=lambda _: None, aids=Aids(prove=break_and_prove))
    assert [p.name for p in out.iterdir()] == [".lock"]
    assert current(out) is None

    made = build(ROOT / "data", out, BASE, tell=lambda _: None, aids=Aids(prove=prove_all))

    doors = manifest(made.folder)["doors"]
    site = doors.pop(SITE)
    assert doors == prove(made.folder, BASE)
    subjects = {quad.subject for quad in read(made.folder / "description.nq", NQUADS)}
    assert site == {"content": doors["description.nq"], "documents": len(subjects)}


NAMED = "http://www.w3.org/2004/02/skos/core#prefLabel"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
NAME = (STORE, LABEL)
GOVE = "http://publications.europa.eu/resource/authority/data-theme/GOVE"


@pytest.mark.parametrize(
    ("thing", "predicate", "document"),
    [
        (STORE.value, LABEL, "doc/kaupunki/store/hankintapalvelut"),
        # The store's own document still has it: it is the service area's that lacks it.
        (BASE.thing("kaupunki", "service-area", "konsernihallinto"), NAMED, "doc/kaupunki/service-area/konserni"),
        (f"{BASE.iri}def/system-kind/group", NAMED, "def/system-kind/group"),
        (GOVE, NAMED, "describe[?]iri=http%3A%2F%2Fpublications"),
    ],
)
def test_a_document_of_the_site_that_lacks_or_adds_a_triple_is_named(
    release: Path, tmp_path: Path, thing: str, predicate: str, document: str
) -> None:
    content = list(read(release / "description.nq", NQUADS))
    chosen = next(q for q in content if q.subject.value == thing and q.predicate.value == predicate)
    less = [quad for quad in content if quad.triple != chosen.triple]
    more = [*content, ox.Quad(chosen.subject, NOTE, ox.Literal("x"), chosen.graph_name)]

    for quads, what in ((less, "lacks"), (more, "tells")):
        with pytest.raises(ReleaseError, match=f"{BASE.iri}{document}.* {what} 1 triple"):
            prove_over(release, tmp_path / what, quads)


def prove_over(folder: Path, other: Path, quads: list[ox.Quad]) -> dict[str, int]:
    """Ask a site over a folder whose dump holds other quads for the documents of what was built."""
    content = list(read(folder / "description.nq", NQUADS))
    shutil.copytree(folder, other)
    (other / "description.nq").write_bytes(write(quads, NQUADS))
    with visitor(in_the_making(other, BASE, content), Settings()) as asked:
        return {SITE: prove_documents(asked, content)}


def test_nothing_is_released_where_a_document_of_the_site_lacks_a_triple(tmp_path: Path) -> None:
    def prove_less(folder: Path, base: Base) -> dict[str, int]:
        quads = read(folder / "description.nq", NQUADS)
        return prove_over(folder, tmp_path / "other", [q for q in quads if (q.subject, q.predicate.value) != NAME])

    with pytest.raises(ReleaseError, match=f"{STORE.value.replace('/id/', '/doc/')} lacks 1 triples"):
        build(ROOT / "data", tmp_path / "dist", BASE, tell=lambda _: None, aids=Aids(prove=prove_less))

    assert current(tmp_path / "dist") is None


def test_what_the_site_answers_otherwise_cannot_be_content(folder: Path) -> None:
    rewrite(folder, ox.Quad(ox.NamedNode(f"{BASE.iri}feed"), NOTE, ox.Literal("x"), GRAPH))

    prove(folder, BASE)
    with pytest.raises(ReleaseError, match=f"{BASE.iri}feed has no document"):
        prove_all(folder, BASE)


def test_the_tombstone_of_what_was_withdrawn_is_a_document_of_the_site(tmp_path: Path) -> None:
    gone = "store,taidemuseo,maakuntamuseo,2026-01-01\n"
    left = {key: name for key, name in STORES.items() if key != "taidemuseo"}
    edition(tmp_path / "dist", "2026-05-01", left, gone)

    assert prove_all(tmp_path / "dist" / "current", Base("http://127.0.0.1:8000/"))[SITE]["documents"] > len(left)
