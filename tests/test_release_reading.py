"""A release folder is served as it was made, or not at all; loose RDF files as they are."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from tvld.errors import CallError, DataError, ReleaseError
from tvld.iris import Base
from tvld.serve.rdf_files import SUFFIXES, open_rdf_files
from tvld.serve.release import open_release

BASE = Base("http://127.0.0.1:8000/")


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(release, tmp_path / "release"))


def test_a_release_is_read_with_its_graphs_queries_and_words(release: Path) -> None:
    source = open_release(release)

    graphs = {str(quad.graph_name) for quad in source.quads()}
    assert graphs == {f"<{BASE.iri}graph/{name}>" for name in ("kaupunki", "catalog", "ns", "shapes")}
    assert source.name == release.name
    assert source.base == BASE
    assert len(source.queries) >= 12
    assert all(query.question.endswith("?") and query.wording()[1].asked_by for query in source.queries.values())
    assert source.labels is not None
    assert source.statistics is not None


def test_the_manifest_and_the_folder_agree(release: Path) -> None:
    source = open_release(release)

    there = {p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file()}
    assert set(source.listed) == there - {"manifest.json", "SHA256SUMS", "SHA256SUMS.derived"}
    assert all((release / entry.name).stat().st_size == entry.size for entry in source.listed.values())


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def rewritten(folder: Path, **members: object) -> None:
    """Change the manifest and its checksum with it, as a faulty builder would."""
    manifest = folder / "manifest.json"
    changed = json.dumps({**json.loads(manifest.read_bytes()), **members}).encode()
    # Each list holds the checksum of what stands before it here.
    for path, listing in (("manifest.json", "SHA256SUMS"), ("SHA256SUMS", "SHA256SUMS.derived")):
        digests = [hashlib.sha256(data).hexdigest() for data in ((folder / path).read_bytes(), changed)]
        (folder / path).write_bytes(changed)
        changed = (folder / listing).read_bytes().replace(digests[0].encode(), digests[1].encode())
    (folder / "SHA256SUMS.derived").write_bytes(changed)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda f: flip(f / "description.nq"), "description.nq"),
        (lambda f: flip(f / "manifest.json"), "manifest.json"),
        (lambda f: flip(f / "tables" / "stores.csv"), "stores.csv"),
        (lambda f: (f / "description.rdf").write_bytes((f / "description.rdf").read_bytes()[:-1]), "description.rdf"),
        (lambda f: (f / "shapes.ttl").unlink(), "shapes.ttl"),
        (lambda f: (f / "SHA256SUMS").unlink(), "SHA256SUMS"),
        (lambda f: (f / "SHA256SUMS").write_text("nonsense\n"), "SHA256SUMS:1"),
        (lambda f: (f / "SHA256SUMS").write_text(""), "SHA256SUMS"),
        (lambda f: (f / "SHA256SUMS").write_text("0" * 64 + "  ../../etc/passwd\n"), "outside the release"),
        (lambda f: rewritten(f, base="http://h/without-slash"), "must end in '/'"),
        (lambda f: rewritten(f, release=""), "lacks release"),
        (lambda f: rewritten(f, files={"x": {}}), "x stands in the manifest, but not in SHA256SUMS"),
        (lambda f: rewritten(f, files=["x"]), "`files`"),
        (lambda f: (f / "queries" / "more.rq").write_text("# More?"), "queries/more.rq is in no list"),
        (lambda f: rewritten(f, withdrawn=[{"key": "x"}]), "`withdrawn`"),
    ],
)
def test_a_damaged_release_is_refused_by_the_name_of_the_file(
    copy: Path, damage: Callable[[Path], object], named: str
) -> None:
    damage(copy)

    with pytest.raises(ReleaseError, match=named.replace("/", ".")):
        open_release(copy)


def test_no_folder_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="tvld build"):
        open_release(tmp_path / "absent")


def test_a_link_is_followed_once(copy: Path, tmp_path: Path) -> None:
    link = tmp_path / "current"
    link.symlink_to(copy.name)

    assert open_release(link).folder == copy


def test_every_suffix_is_read_and_named_graphs_are_kept(tmp_path: Path) -> None:
    quad = ox.Quad(ox.NamedNode("http://h/s"), ox.NamedNode("http://h/p"), ox.Literal("x"), ox.NamedNode("http://h/g"))
    formats = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".nq": ox.RdfFormat.N_QUADS}
    formats |= {".trig": ox.RdfFormat.TRIG, ".jsonld": ox.RdfFormat.JSON_LD, ".json": ox.RdfFormat.JSON_LD}
    formats |= {suffix: ox.RdfFormat.RDF_XML for suffix in (".rdf", ".xml", ".owl")}
    assert formats.keys() == SUFFIXES.keys()

    for suffix, format_ in formats.items():
        path = tmp_path / f"data{suffix.upper()}"
        holds_graphs = format_.supports_datasets
        path.write_bytes(ox.serialize([quad] if holds_graphs else [quad.triple], format=format_) or b"")

        [found] = open_rdf_files([path], BASE).quads()

        assert found.triple == quad.triple
        assert found.graph_name == (quad.graph_name if holds_graphs else ox.DefaultGraph())


def test_loose_files_keep_their_blank_nodes_lexical_forms_and_places_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.ttl").write_text('_:x <http://h/p> 007 , "A"@FI . <rel> <http://h/p> _:x .')

    quads = list(open_rdf_files([tmp_path / "one.ttl", tmp_path / "two.ttl"], BASE).quads())

    assert len({q.subject for q in quads if isinstance(q.subject, ox.BlankNode)}) == 2
    assert {q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)} == {(tmp_path / "rel").as_uri()}
    assert {q.object.value for q in quads if isinstance(q.object, ox.Literal)} == {"007", "A"}


@pytest.mark.parametrize(
    ("name", "text", "error", "message"),
    [
        ("bad.ttl", "<http://h/a> <http://h/b> <http://h/c> .\n<http://h/a> oops .\n", DataError, r"bad\.ttl:2:"),
        ("bad.nt", "no triples", DataError, r"bad\.nt:1:"),
        ("data.txt", "", CallError, "suffix"),
        ("data", "", CallError, "suffix"),
    ],
)
def test_a_file_that_is_not_rdf_is_refused_with_its_place(
    tmp_path: Path, name: str, text: str, error: type[Exception], message: str
) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(error, match=message):
        list(open_rdf_files([tmp_path / name], BASE).quads())


def test_a_file_that_is_not_there_and_no_file_at_all_are_wrong_calls(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no such file"):
        open_rdf_files([tmp_path / "absent.ttl"], BASE)
    with pytest.raises(CallError, match="at least one"):
        open_rdf_files([], BASE)
