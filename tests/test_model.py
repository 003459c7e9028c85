"""The model of the data, drawn: what joins its kinds is an arrow with name and count, and nothing lies on another."""

import json
import random
import re
from html import unescape
from itertools import combinations
from pathlib import Path

import pytest

from tests.web_client import Get
from tvld.census import Kind
from tvld.census.kinds import Property
from tvld.serve.composition import composed
from tvld.serve.languages import LANGUAGES
from tvld.serve.layered import Edge, Node, laid_out

Rectangle = tuple[float, float, float, float]


def apart(one: Rectangle, other: Rectangle) -> bool:
    (x, y, width, height), (x2, y2, width2, height2) = one, other
    return x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y


def drawn(get: Get, language: str) -> tuple[str, list[tuple[str, Rectangle]], list[str]]:
    """Read the picture: its text, the boxes with their names, the labels."""
    page = get(f"/model?lang={language}", accept="text/html").text
    svg = page.partition('<svg role="group"')[2].partition("</svg>")[0]
    boxes = [
        (unescape(name), tuple(map(float, sizes)))
        for name, *sizes in re.findall(
            r'aria-label="([^"]*)"[^>]*>\s*<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', svg
        )
    ]
    labels = [
        " ".join(re.findall(r"<tspan[^>]*>([^<]*)</tspan>", text))
        for text in re.findall(r'<text class="small"[^>]*>(.*?)</text>', svg)
    ]
    return svg, boxes, [unescape(label) for label in labels]  # type: ignore[return-value]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_property_that_joins_kinds_is_an_arrow_with_its_name_and_count(
    get: Get, release: Path, language: str
) -> None:
    census = json.loads((release / "census.json").read_text(encoding="utf-8"))["kinds"]
    joining = {
        (kind["iri"], each["iri"], target, count)
        for kind in census
        for each in kind["properties"]
        for target, count in each["targets"]
        if target
    }
    svg, boxes, labels = drawn(get, language)
    told = [number for label in labels for number in re.findall(r"\((\d+)\)", label)]

    assert len(boxes) == len(census)
    assert sorted(told) == sorted(str(count) for *_, count in joining)
    assert len(labels) == len({frozenset((kind, target)) for kind, _, target, _ in joining})
    assert svg.count('class="arrow"') == len(labels)
    # A tip at the end of every direction that there is.
    assert svg.count("h8z") == len({(kind, target) for kind, _, target, _ in joining})
    words = {"fi": "käyttötarkoitus (57)", "sv": "(57)", "en": "purpose (57)"}
    assert any(words[language] in label for label in labels)
    assert any(label.startswith("↓ ") and "↑ " in label for label in labels), "of both directions each is said"


@pytest.mark.parametrize("language", LANGUAGES)
def test_boxes_stand_apart_and_arrows_end_at_them(get: Get, language: str) -> None:
    svg, boxes, _ = drawn(get, language)
    width, height = map(float, re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])

    assert all(apart(one, other) for (_, one), (_, other) in combinations(boxes, 2))
    assert all(x >= 0 and x + w <= width and y >= 0 and y + h <= height for _, (x, y, w, h) in boxes)
    tips = [(float(x), float(y), sign) for x, y, sign in re.findall(r"M(\d+) (\d+)l-4 (-?)9h8z", svg)]
    assert len(tips) > 20
    for x, y, sign in tips:
        ends = [left < x < left + w and y == (top if sign else top + h) for _, (left, top, w, h) in boxes]
        assert sum(ends) == 1


@pytest.mark.parametrize("seed", range(12))
def test_nothing_lies_on_another_whatever_is_drawn(seed: int) -> None:
    chance = random.Random(seed)
    nodes = [Node(str(n), chance.randrange(40, 240), chance.randrange(20, 90)) for n in range(chance.randrange(1, 22))]
    pairs = [pair for pair in combinations([node.key for node in nodes], 2) if chance.random() < 3 / len(nodes)]
    edges = [Edge(a, b, chance.randrange(40, 160), chance.randrange(20, 70)) for a, b in pairs]
    picture = laid_out(nodes, edges)
    places = [
        *((at.x, at.y, node.width, node.height) for node, at in zip(nodes, picture.nodes, strict=True)),
        *((a.label.x, a.label.y, e.width, e.height) for e, a in zip(edges, picture.arrows, strict=True)),
    ]

    assert all(apart(one, other) for one, other in combinations(places, 2))
    assert all(x >= 0 and x + w <= picture.width and y >= 0 and y + h <= picture.height for x, y, w, h in places)
    assert picture == laid_out(nodes, edges)
    for edge, arrow in zip(edges, picture.arrows, strict=True):
        # From the lower side of one box to the upper side of the other, through the middle of the label.
        start, end = (picture.nodes[int(key)] for key in (edge.start, edge.end))
        begins, ends = re.findall(r"M\d+ (\d+)V", arrow.path), re.findall(r"V(\d+)(?=M|$)", arrow.path)
        assert int(begins[0]) == start.y + nodes[int(edge.start)].height
        assert int(ends[-1]) == end.y > start.y
        assert str(arrow.label.y) in ends
        assert str(arrow.label.y + edge.height) in begins


def test_nothing_is_a_picture_too() -> None:
    assert (laid_out([], []).nodes, composed([]).kinds) == ((), ())


def kind(name: str, **leads: str) -> Kind:
    properties = (Property(f"p:{p}", 1, 1, 0, tuple((t, 1) for t in targets.split())) for p, targets in leads.items())
    return Kind(name, 1, tuple(properties))


def test_kinds_stand_before_what_they_lead_to() -> None:
    found = composed(
        [
            kind("leaf", text="elsewhere"),
            kind("part", of="whole", source="leaf"),
            kind("whole", part="part", own="whole", of="group"),
            kind("group", broader="group", inside="leaf"),
        ]
    )

    assert found.kinds.index("whole") < found.kinds.index("part") < found.kinds.index("leaf")
    assert found.kinds.index("group") < found.kinds.index("leaf")
    joined = {(link.start, link.end): (link.onwards, link.back) for link in found.links}
    assert joined["whole", "part"] == ((("p:part", 1),), (("p:of", 1),))
    assert len(joined) == 4
    assert found.own == {"whole": (("p:own", 1),), "group": (("p:broader", 1),)}


def test_a_circle_of_kinds_is_drawn_once() -> None:
    found = composed([kind("a", to="b"), kind("b", to="c"), kind("c", to="a")])

    assert len(found.links) == 3
    assert sum(bool(link.back) for link in found.links) == 1
