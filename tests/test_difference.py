"""What differs between two releases: lines, statements that can be replayed, and what is refused."""

import hashlib
import json
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.small_city import BASE, City, release_of
from tvld.difference import merging, statements
from tvld.difference.account import account
from tvld.difference.content import Content, rebased
from tvld.difference.pair import Difference, difference
from tvld.difference.records import records
from tvld.errors import CallError, DataError, ReleaseError
from tvld.formats import NQUADS, NTRIPLES
from tvld.iris import Base
from tvld.serialisation import read, write

# Subjects, objects and graphs few enough that triples are often the same and their graphs not.
QUADS = st.sets(
    st.builds(
        lambda s, o, g: f"<http://e/{s}> <http://e/p> {o} <http://e/graph/{g}> .".encode(),
        st.sampled_from(["a", "ab", "a/b", "ä"]),
        st.sampled_from(['"x"', '"x y"', '"x"@fi', '"\\" <"', "<http://e/x>", '"1"^^<http://e/t>']),
        st.sampled_from("gh"),
    ),
    max_size=30,
)


def content(lines: Iterable[bytes], name: str = "a") -> Content:
    return Content(name, Base("http://e/"), b"".join(line + b"\n" for line in sorted(lines)), "")


def lines(pieces: Iterable[bytes]) -> set[bytes]:
    return {line + b"\n" for line in b"".join(pieces).split(b"\n") if line}


def triple(quad: bytes) -> bytes:
    return quad.rsplit(b" ", 2)[0]


@pytest.mark.parametrize("block", [1, 100, 1 << 16])
def test_merging_gives_what_sets_give(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However equal stretches fall into blocks; of the merged graph, a triple that another graph keeps is not gone."""
    monkeypatch.setattr(merging, "_BLOCK", block)

    @settings(deadline=None, max_examples=150)
    @given(QUADS, QUADS)
    def check(a: set[bytes], b: set[bytes]) -> None:
        found = Difference(content(a), content(b, "b"))
        merged_a, merged_b = set(map(triple, a)), set(map(triple, b))

        quads = list(found.quads())
        assert [change.triple + b" " + change.graph + b" ." for change in quads] == sorted(a ^ b)
        assert {change.triple + b" " + change.graph + b" ." for change in quads if change.added} == b - a
        triples = list(found.triples())
        assert {change.triple for change in triples if change.added} == merged_b - merged_a
        assert {change.triple for change in triples if not change.added} == merged_a - merged_b
        assert len(triples) == len(merged_a ^ merged_b)
        assert found.same == (a == b)
        of_g = Difference(content(a), content(b, "b"), "g")
        assert {c.triple for c in of_g.triples()} == {triple(q) for q in a ^ b if b"graph/g>" in q}

    check()


@given(
    QUADS, st.sampled_from([b"<http://e/a> ", b"<http://e/ab> ", b"<http://e/", b"", b"<z", "<http://e/ä> ".encode()])
)
def test_halving_finds_the_lines_that_a_search_through_all_finds(quads: set[bytes], prefix: bytes) -> None:
    found = content(quads)

    assert list(found.lines(prefix)) == [q + b"\n" for q in sorted(quads) if q.startswith(prefix)]


# What an editor may write into a cell: quotes, backslashes, signs that mean something to RDF, SPARQL or Markdown.
TEXTS = st.text("aäöå Å\"'\\<>{}&*_[]`´#^~€🏛„”u0041", min_size=1, max_size=20).filter(
    lambda text: text == " ".join(text.split()) and any(c.isalpha() for c in text)
)
Edit = Callable[[City], None]


def _set(table: str, column: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[Edit]:
    def edit(which: int, value: str) -> Edit:
        def apply(city: City) -> None:
            if rows := city.tables[table]:
                rows[which % len(rows)][column] = value

        return apply

    return st.builds(edit, st.integers(0, 9), values)


def _keys(table: str, least: int = 0) -> st.SearchStrategy[str]:
    keys = [row["key"] for row in City().tables[table]]
    return st.lists(st.sampled_from(keys), min_size=least, max_size=2, unique=True).map(";".join)


def _add_store(number: int, name: str) -> Edit:
    def apply(city: City) -> None:
        key = f"uusi-{number}"
        if key not in {row["key"] for row in city.tables["stores"]}:
            city.tables["withdrawn"] = [row for row in city.tables["withdrawn"] if row["key"] != key]
            city.tables["stores"].append({"key": key, "service_area": "hallinto", "name": name})
            city.tables["materials"].append({"key": f"{key}-aineisto", "store": key, "name": name})

    return apply


def _remove_store(which: int, tombstone: bool) -> Edit:
    def apply(city: City) -> None:
        stores = city.tables["stores"]
        if len(stores) < 2:
            return
        gone = stores.pop(which % len(stores))
        city.tables["materials"] = [row for row in city.tables["materials"] if row["store"] != gone["key"]]
        for row in city.tables["withdrawn"]:
            row["replaced_by"] = "" if row["replaced_by"] == gone["key"] else row["replaced_by"]
        if tombstone:
            replaced_by = stores[0]["key"] if which % 2 else ""
            row = {"kind": "store", "key": gone["key"], "replaced_by": replaced_by, "date": "2026-02-03"}
            city.tables["withdrawn"].append(row)

    return apply


EDITS: st.SearchStrategy[Edit] = st.one_of(
    *(_set(table, "name", TEXTS) for table in ("stores", "materials", "systems", "purposes", "service_areas")),
    _set("stores", "name@sv", TEXTS | st.just("")),
    _set("systems", "aliases", TEXTS | st.just("")),
    _set("stores", "purposes", _keys("purposes")),
    _set("stores", "systems", _keys("systems")),
    _set("stores", "service_area", _keys("service_areas", 1).map(lambda keys: keys.split(";")[0])),
    _set("stores", "retention", TEXTS | st.just("")),
    _set("stores", "open_interface", st.sampled_from(["yes", "no", ""])),
    _set("materials", "data_group", _keys("data_groups").map(lambda keys: keys.split(";")[0])),
    _set("materials", "note", TEXTS | st.just("")),
    st.builds(_add_store, st.integers(0, 3), TEXTS),
    st.builds(_remove_store, st.integers(0, 9), st.booleans()),
)
LEAST_EDITS = 50


class Replay:
    """Stores of a reader who had the first release, and since then only the differences."""

    def __init__(self, first: Path) -> None:
        body = (first / "description.nq").read_bytes()
        self.quads, self.patched = lines([body]), lines([body])
        self.triples = lines([write(read(body, NQUADS), NTRIPLES)])
        self.store = ox.Store()
        self.store.extend(read(body, NQUADS))

    def follow(self, found: Difference) -> None:
        self.triples -= lines(statements.ntriples(found, added=False))
        self.triples |= lines(statements.ntriples(found, added=True))
        self.quads -= lines(statements.nquads(found, added=False))
        self.quads |= lines(statements.nquads(found, added=True))
        self.store.update(b"".join(statements.update(found)).decode())
        for line in lines(statements.patch(found)):
            if line[:2] in (b"A ", b"D "):
                (self.patched.add if line[:1] == b"A" else self.patched.discard)(line[2:])

    def hold(self, release: Path) -> None:
        """Every reader now has the bytes of the release."""
        body = (release / "description.nq").read_bytes()
        assert b"".join(sorted(self.quads)) == body
        assert b"".join(sorted(self.patched)) == body
        assert write(self.store, NQUADS) == body
        assert b"".join(sorted(self.triples)) == write(read(body, NQUADS), NTRIPLES)


class Chain:
    """Releases one after the other in a folder, each told of by its difference to the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.city = folder, City()
        self.before = release_of([self.city], folder, "r0")
        self.replay = Replay(self.before)
        self.tried = self.changed = 0

    def go_on(self, edits: list[Edit], name: str) -> None:
        """Make a release after each edit and follow by differences alone, until enough edits changed something."""
        for edit in edits:
            if self.changed == LEAST_EDITS:
                return
            self.tried += 1
            edited = self.city.copy()
            edit(edited)
            others = [City("toinen", name)] if self.tried % 30 > 15 else []
            try:
                after = release_of([edited, *others], self.folder, f"r{self.tried}")
            except DataError:
                continue  # what the tables may not say is another test's business
            self.city = edited
            found = difference(self.before, after)
            self.changed += not found.same
            self.replay.follow(found)
            self.replay.hold(after)
            json.loads(b"".join(records(account(found))))
            self.before = after


def test_a_replayed_chain_of_differences_gives_the_bytes_of_the_last_release(tmp_path: Path) -> None:
    """Random edits, fifty that change something; in between a second city that shares code lists."""
    chain = Chain(tmp_path)

    # Without shrinking, which would build thousands of releases: the number of the edit that fails says enough.
    # How many edits of an example change something is its luck: the chain goes on through as many as it takes.
    @settings(
        max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.lists(EDITS, min_size=LEAST_EDITS + 30, max_size=LEAST_EDITS + 40), TEXTS)
    def check(edits: list[Edit], name: str) -> None:
        chain.go_on(edits, name)

    check()
    assert chain.changed == LEAST_EDITS


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("pair")
    city = City()
    before = release_of([city, City("toinen")], folder, "before")
    city.row("stores", "museo")["name"] = "Museoiden tietovaranto"
    return before, release_of([city, City("toinen")], folder, "after")


def test_the_reverse_of_a_difference_takes_it_back(pair: tuple[Path, Path]) -> None:
    there, back = difference(*pair), difference(*reversed(pair))

    assert lines(statements.nquads(there, added=True)) == lines(statements.nquads(back, added=False)) != set()
    replay = Replay(pair[0])
    for found in (there, back):
        replay.follow(found)
    replay.hold(pair[0])


def test_nothing_differs_between_a_release_and_itself(pair: tuple[Path, Path]) -> None:
    found = difference(pair[0], pair[0])

    assert found.same
    assert b"".join(statements.update(found)) == b""
    assert list(found.events()) == []
    told = json.loads(b"".join(records(account(found))))
    assert (told["same"], told["changes"], told["graphs"]) == (True, [], {})


def test_everything_comes_where_nothing_was(pair: tuple[Path, Path]) -> None:
    after = difference(*pair).after
    found = Difference(Content("none", after.base, b"", ""), after)

    assert b"".join(statements.nquads(found, added=True)) == after.data[:]
    assert {event.what for event in found.events()} == {"added"}


def test_of_one_organisation_only_its_graph_counts(pair: tuple[Path, Path]) -> None:
    assert not difference(*pair, organisation="kunta").same
    assert difference(*pair, organisation="toinen").same
    with pytest.raises(CallError, match="no organisation 'kolmas'"):
        difference(*pair, organisation="kolmas")


def test_a_large_difference_is_written_in_constant_memory() -> None:
    """A hundred thousand lines, half of which differ."""
    ends = []
    for name, every in (("a", 3), ("b", 2)):
        body = "".join(
            f'<http://e/{number:06}> <http://e/p> "{"x" * 40}" <http://e/graph/g> .\n'
            for number in range(100_000)
            if number % every
        )
        ends.append(Content(name, Base("http://e/"), body.encode(), ""))
    found = Difference(*ends)
    tracemalloc.start()
    written = sum(len(piece) for piece in statements.update(found))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert written > 4_000_000
    assert peak < 2_000_000
    told = account(found)
    assert (told.counts.added, told.counts.removed, told.too_many) == (16667, 33333, False)
    too_many = json.loads(b"".join(records(account(found, most=49_999))))
    assert (too_many["told"], too_many["changes"], too_many["same"]) == (False, [], False)


def test_releases_of_two_bases_are_compared_only_when_told_to(pair: tuple[Path, Path], tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    there = rebased(difference(*pair).after, Base("http://127.0.0.1:8000/"))
    (moved / "description.nq").write_bytes(there.data[:])
    head = {"release": "moved", "base": there.base.iri, "content": hashlib.sha256(there.data[:]).hexdigest()}
    (moved / "manifest.json").write_text(json.dumps(head))

    with pytest.raises(CallError, match="--rebase"):
        difference(moved, pair[1])
    assert difference(moved, pair[1], rebase=True).same
    assert BASE.iri.encode() not in there.data[:]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "not a manifest of a release"),
        (lambda folder: (folder / "description.nq").unlink(), "description.nq"),
        (lambda folder: (folder / "description.nq").write_bytes(b""), "was changed or damaged"),
    ],
)
def test_what_is_no_whole_release_is_refused_with_the_name_of_the_file(
    spoil: Callable[[Path], object], told: str, tmp_path: Path
) -> None:
    release = release_of([City()], tmp_path, "one")
    spoil(release)

    with pytest.raises(ReleaseError, match=told):
        difference(release, release)
