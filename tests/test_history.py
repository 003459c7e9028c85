"""The ledger of releases, what a build follows, and which releases are kept."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.editions import BASE, edition
from tvld import history
from tvld.build.inventory import Kept, find, inventory
from tvld.build.pipeline import unchanged
from tvld.build.release import manifest, point_to, publish, releases, remove
from tvld.build.retention import Rules, retained
from tvld.errors import CallError, ReleaseError
from tvld.iris import Base

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with the releases a, b and c, of which c is in use."""
    folder = tmp_path / "dist"
    for name in "abc":
        small(folder, name)
    return folder


def small(out: Path, name: str) -> None:
    def fill(folder: Path) -> dict[str, object]:
        (folder / "a.csv").write_text(name)
        return {"release": name, "base": BASE.iri, "content": name * 64, "modified": "2026-01-01"}

    with releases(out):
        publish(out, name, fill)


def told(out: Path) -> list[tuple[str, str, str | None]]:
    return [(event.event, event.release, event.previous) for event in history.events(out)]


def test_each_switch_of_the_link_is_one_line(out: Path) -> None:
    point_to(out, "a")
    point_to(out, "a")

    assert told(out) == [
        ("current", "a", None),
        ("current", "b", "a"),
        ("current", "c", "b"),
        ("current", "a", "c"),
    ]
    last = json.loads((out / "history.jsonl").read_text().splitlines()[-1])
    assert (last["at"][-1], last["content"], last["link"]) == ("Z", "a" * 64, "current")


def test_a_switch_that_was_not_written_down_is_read_from_the_link_and_written_at_the_next(out: Path) -> None:
    ledger = out / "history.jsonl"
    ledger.write_text("".join(ledger.read_text().splitlines(keepends=True)[:-1]))
    at = int(datetime(2030, 1, 2, tzinfo=UTC).timestamp())
    os.utime(out / "current", (at, at), follow_symlinks=False)

    assert [e.release for e in history.switches(out, "current")] == ["a", "b", "c"]
    assert len(history.events(out)) == 2
    point_to(out, "a")

    assert [e.release for e in history.events(out)] == ["a", "b", "c", "a"]
    assert history.events(out)[2].at == datetime(2030, 1, 2, tzinfo=UTC)
    assert history.events(out)[3].at >= history.events(out)[2].at, "a clock set back turns nothing round"


def test_a_line_that_was_cut_off_is_passed_over_and_the_next_takes_its_place(out: Path) -> None:
    with (out / "history.jsonl").open("a") as ledger:
        ledger.write('{"at": "2026-01-')

    assert len(history.events(out)) == 3
    point_to(out, "b")

    assert [e.release for e in history.events(out)] == ["a", "b", "c", "b"]


@pytest.mark.parametrize("line", ["no json", "[]", '{"at": "yesterday", "event": "current", "release": "a"}', "{}"])
def test_a_line_that_makes_no_sense_is_told_with_its_number(out: Path, line: str) -> None:
    with (out / "history.jsonl").open("a") as ledger:
        ledger.write(line + "\n")

    with pytest.raises(ReleaseError, match=r"history\.jsonl:4: expected"):
        history.events(out)


def test_a_release_follows_the_one_before_and_an_unchanged_build_makes_none(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    first, second = edition(dist, "2026-11-22"), edition(dist, "2026-11-23")

    assert manifest(dist / first)["previous"] is None
    assert manifest(dist / second)["previous"] == first
    assert edition(dist, "2026-11-23") == second
    assert unchanged(tmp_path / "data", dist, BASE) == dist / second
    assert told(dist) == [("current", first, None), ("current", second, first)]
    assert edition(dist, "2026-11-22") not in (first, second), "what is taken back is a release of its own"


def test_the_chain_begins_anew_for_another_base_and_link(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    edition(dist, "2026-11-22")
    other = edition(dist, "2026-11-22", base=Base("http://data.example.fi/"), link="current-example")

    assert manifest(dist / other)["previous"] is None
    assert [e.link for e in history.events(dist)] == ["current", "current-example"]


def test_after_a_rollback_the_same_tables_give_the_release_that_stands_already(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    first, second = edition(dist, "2026-11-22"), edition(dist, "2026-11-23")
    with releases(dist):
        point_to(dist, first)

    assert edition(dist, "2026-11-23") == second
    assert [e.release for e in history.switches(dist, "current")] == [first, second, first, second]


def test_a_damaged_release_is_made_anew_under_its_own_name(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    first, second = edition(dist, "2026-11-22"), edition(dist, "2026-11-23")
    (dist / second / "ns.ttl").write_text("broken")

    assert edition(dist, "2026-11-23") == second
    assert manifest(dist / second)["previous"] == first
    assert all(kept.fault is None for kept in inventory(dist))


def test_a_damaged_release_is_not_followed(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    first, second = edition(dist, "2026-11-22"), edition(dist, "2026-11-23")
    (dist / second / "ns.ttl").write_text("broken")

    assert manifest(dist / edition(dist, "2026-11-24"))["previous"] == first


def test_what_stands_in_the_folder_is_listed_with_what_is_damaged(out: Path) -> None:
    (out / "b" / "a.csv").write_text("changed")
    (out / "a" / "manifest.json").write_text("{")
    found = inventory(out)

    assert {kept.id: kept.fault is None for kept in found} == {"a": False, "b": False, "c": True}
    assert [kept.links for kept in found if kept.id == "c"] == [("current",)]
    assert "a.csv" in next(kept.fault or "" for kept in found if kept.id == "b")


@pytest.mark.parametrize("noted", [True, False])
def test_of_two_switches_within_a_second_the_later_is_the_newer(out: Path, noted: bool) -> None:
    point_to(out, "a")
    ledger = out / "history.jsonl"
    lines = [json.loads(line) | {"at": "2026-03-31T12:00:00Z"} for line in ledger.read_text().splitlines()]
    ledger.write_text("".join(json.dumps(line) + "\n" for line in (lines if noted else lines[:-1])))
    os.utime(out / "current", (NOON.timestamp(),) * 2, follow_symlinks=False)

    found = inventory(out)
    assert [(kept.id, kept.since) for kept in found] == [("a", NOON), ("c", NOON), ("b", NOON)]
    assert list(retained(found, Rules(1, 0, 0, 0, 0), NOON)) == ["a"]


def test_a_removed_release_is_remembered(out: Path) -> None:
    with releases(out):
        remove(out, "a")

    assert not (out / "a").exists()
    assert list(history.removed(out)) == ["a"]
    assert history.events(out)[-1].content == "a" * 64
    with pytest.raises(CallError, match=r"release a was removed on 20.*whole ones are: "):
        find(out, "a")
    small(out, "a")
    assert history.removed(out) == {}, "what is there again is not gone"


@pytest.mark.parametrize("wanted", ["nothing", "..", "current", "a/../b", ".lock", ""])
def test_what_is_no_release_is_refused_with_what_there_is(out: Path, wanted: str) -> None:
    with pytest.raises(CallError, match="whole ones are: "):
        find(out, wanted)


def test_a_damaged_release_is_not_used(out: Path) -> None:
    (out / "b" / "a.csv").write_text("changed")

    with pytest.raises(ReleaseError, match=r"b is damaged: a\.csv.*whole ones are: c, a|a, c"):
        find(out, "b")


def days(*ages: float) -> list[Kept]:
    return [Kept(f"{age}", NOON - timedelta(days=age), 1, base="b") for age in ages]


@pytest.mark.parametrize(
    ("rules", "ages", "expected"),
    [
        (Rules(2, 0, 0, 0, 0), (0.1, 1.1, 2.1, 3.1), (0.1, 1.1)),
        (Rules(1, 3, 0, 0, 0), (0.1, 0.2, 1.1, 1.2, 5.1, 9.1), (0.1, 1.1, 5.1)),
        (Rules(1, 0, 2, 0, 0), (0.1, 9.1, 31.1, 40.1, 70.1), (0.1, 31.1)),
        (Rules(1, 0, 0, 3, 0), (0.1, 100.1, 400.1, 401.1, 900.1), (0.1, 100.1, 900.1)),
        (Rules(1, 0, 0, 0, 5), (0.1, 4.9, 5.1), (0.1, 4.9)),
        (Rules(9, 9, 9, 9, 9), (), ()),
    ],
)
def test_the_newest_of_each_period_stays(rules: Rules, ages: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert sorted(retained(days(*ages), rules, NOON)) == sorted(map(str, expected))


def test_what_is_in_use_stays_and_what_is_damaged_counts_for_nothing() -> None:
    old = NOON - timedelta(days=99)
    found = [
        Kept("linked", old, 1, ("current",), "b"),
        Kept("broken", NOON, 1, base="b", fault="a.csv"),
        Kept("good", NOON - timedelta(days=1), 1, base="b"),
        Kept("other", old, 1, base="c"),
        Kept("gone", NOON - timedelta(days=2), 1, base="b"),
    ]
    assert sorted(retained(found, Rules(1, 0, 0, 0, 0), NOON)) == ["good", "linked", "other"]
