"""
Where boxes in layers, the arrows between them and the labels of these stand: the same for the same input.

Pure: knows sizes and places in CSS pixels, neither texts nor how SVG is written. After Sugiyama, Tagawa and Toda
("Methods for Visual Understanding of Hierarchical System Structures", 1981): layers, an order in each that crosses few
lines, places. A label is an item of its own between two layers of boxes, so that none lies on another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_GAP, _BETWEEN_LAYERS, _MARGIN, _LANE = 22, 34, 6, 14
_ORDERINGS, _PLACINGS = 24, 60
_TIP = 9
_STRAIGHT = 4


@dataclass(frozen=True)
class Node:
    """A box to place."""

    key: str
    width: int
    height: int


@dataclass(frozen=True)
class Edge:
    """An arrow from an earlier box to a later one, with the size of its label, and at which ends it has a tip."""

    start: str
    end: str
    width: int
    height: int
    tip_at_start: bool = False
    tip_at_end: bool = True


@dataclass(frozen=True)
class Corner:
    """The left upper corner of a box or a label."""

    x: int
    y: int


@dataclass(frozen=True)
class Arrow:
    """Where an edge is drawn, as the `d` of an SVG path; the same of its tips; where its label stands."""

    path: str
    tips: str
    label: Corner


@dataclass(frozen=True)
class Picture:
    """Nodes and edges in the order in which they were given."""

    width: int
    height: int
    nodes: tuple[Corner, ...]
    arrows: tuple[Arrow, ...]


@dataclass(eq=False)
class _Item:
    """What takes a place in a rank: a box, a label, or the lane of an arrow that passes; `x` is its middle."""

    rank: int
    width: int
    height: int
    x: float = 0
    above: "list[_Item]" = field(default_factory=list)
    below: "list[_Item]" = field(default_factory=list)


def laid_out(nodes: Sequence[Node], edges: Sequence[Edge]) -> Picture:
    """Place boxes and arrows, from top to bottom; an edge leads from a node to one further on in the list."""
    boxes = _boxes(nodes, edges)
    chains, labels = _chains(boxes, edges)
    ranks = _ranks([*boxes.values(), *(item for chain in chains for item in chain[1:-1])])
    _order(ranks)
    _place(ranks)
    left = min((item.x - item.width / 2 for rank in ranks for item in rank), default=0) - _MARGIN
    for rank in ranks:
        for item in rank:
            item.x -= left
    tops, height = _tops(ranks)
    arrows = tuple(
        Arrow(*_drawn(edge, chain, ranks, tops), _corner(label, ranks, tops))
        for edge, chain, label in zip(edges, chains, labels, strict=True)
    )
    width = max((item.x + item.width / 2 for rank in ranks for item in rank), default=0) + _MARGIN
    return Picture(round(width), height, tuple(_corner(box, ranks, tops) for box in boxes.values()), arrows)


def _boxes(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, _Item]:
    """Put each box as high as what leads to it lets; every other rank is for labels."""
    boxes: dict[str, _Item] = {}
    for node in nodes:
        rank = max((boxes[edge.start].rank + 2 for edge in edges if edge.end == node.key), default=0)
        boxes[node.key] = _Item(rank, node.width, node.height)
    return boxes


def _chains(boxes: dict[str, _Item], edges: Sequence[Edge]) -> tuple[list[list[_Item]], list[_Item]]:
    """Lead each edge through the ranks between its ends; its label goes where the fewest others are."""
    filled: dict[int, int] = {}
    labels: dict[int, _Item] = {}
    spans = [(boxes[edge.start].rank, boxes[edge.end].rank) for edge in edges]
    for number in sorted(range(len(edges)), key=lambda n: (spans[n][1] - spans[n][0], n)):
        start, end = spans[number]
        rank = min(range(end - 1, start, -2), key=lambda each: filled.get(each, 0))
        filled[rank] = filled.get(rank, 0) + edges[number].width
        labels[number] = _Item(rank, edges[number].width, edges[number].height)
    chains = []
    for number, edge in enumerate(edges):
        start, end = spans[number]
        label = labels[number]
        between = [label if rank == label.rank else _Item(rank, _LANE, 0) for rank in range(start + 1, end)]
        chain = [boxes[edge.start], *between, boxes[edge.end]]
        for upper, lower in pairwise(chain):
            upper.below.append(lower)
            lower.above.append(upper)
        chains.append(chain)
    return chains, [labels[number] for number in range(len(edges))]


def _ranks(items: Sequence[_Item]) -> list[list[_Item]]:
    ranks: list[list[_Item]] = [[] for _ in range(max((item.rank for item in items), default=-1) + 1)]
    for item in dict.fromkeys(items):
        ranks[item.rank].append(item)
    return ranks


def _order(ranks: list[list[_Item]]) -> None:
    """Order each rank by the middle of what its items are joined with, down and up by turns; keep the best."""
    best, fewest = [list(rank) for rank in ranks], _crossings(ranks)
    for turn in range(_ORDERINGS):
        down = turn % 2 == 0
        for rank in ranks if down else reversed(ranks):
            places = {item: n for each in ranks for n, item in enumerate(each)}

            def middle(item: _Item, places: dict[_Item, int] = places, down: bool = down) -> float:
                near = item.above if down else item.below
                return sum(places[each] for each in near) / len(near) if near else places[item]

            rank.sort(key=middle)
        if (crossed := _crossings(ranks)) < fewest:
            best, fewest = [list(rank) for rank in ranks], crossed
    ranks[:] = best


def _crossings(ranks: list[list[_Item]]) -> int:
    count = 0
    for upper, lower in pairwise(ranks):
        places = {item: n for n, item in enumerate(lower)}
        ends = [place for item in upper for place in sorted(places[each] for each in item.below)]
        count += sum(a > b for n, a in enumerate(ends) for b in ends[n + 1 :])
    return count


def _place(ranks: list[list[_Item]]) -> None:
    """Move items towards the middle of what they are joined with, as far as their neighbours in the rank let them."""
    for rank in ranks:
        x = 0.0
        for item in rank:
            item.x = x + item.width / 2
            x += item.width + _GAP
    for turn in range(_PLACINGS):
        for rank in ranks if turn % 2 == 0 else reversed(ranks):
            wishes = []
            for item in rank:
                near = [*item.above, *item.below]
                weights = [_weight(item) * _weight(each) for each in near]
                pulled = sum(each.x * weight for each, weight in zip(near, weights, strict=True))
                wishes.append(pulled / sum(weights) if near else item.x)
            for item, x in zip(rank, _apart(rank, wishes), strict=True):
                item.x = x


def _apart(rank: Sequence[_Item], wishes: Sequence[float]) -> list[float]:
    """Give the places nearest to those wished for (least squares) that leave a gap: pool adjacent violators."""
    offsets = [0.0]
    for one, other in pairwise(rank):
        offsets.append(offsets[-1] + (one.width + other.width) / 2 + _GAP)
    pools: list[tuple[float, int, int]] = []
    for item, wish, offset in zip(rank, wishes, offsets, strict=True):
        mean, weight, count = wish - offset, _weight(item), 1
        while pools and pools[-1][0] > mean:
            before, heavy, many = pools.pop()
            mean = (before * heavy + mean * weight) / (heavy + weight)
            weight, count = weight + heavy, count + many
        pools.append((mean, weight, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _weight(item: _Item) -> int:
    """Say how much it matters that a line runs straight here: most where it passes by."""
    return 1 if item.height else _STRAIGHT


def _tops(ranks: list[list[_Item]]) -> tuple[list[int], int]:
    tops, y = [], _MARGIN
    for rank in ranks:
        tops.append(y)
        y += _height(rank) + _BETWEEN_LAYERS
    return tops, max(y - _BETWEEN_LAYERS, 0) + _MARGIN


def _height(rank: Sequence[_Item]) -> int:
    return max((item.height for item in rank), default=0)


def _corner(item: _Item, ranks: list[list[_Item]], tops: list[int]) -> Corner:
    spare = _height(ranks[item.rank]) - item.height
    return Corner(round(item.x - item.width / 2), tops[item.rank] + spare // 2)


def _drawn(edge: Edge, chain: list[_Item], ranks: list[list[_Item]], tops: list[int]) -> tuple[str, str]:
    """Draw an edge: straight within a rank, where nothing else stands in its way, and bent between ranks."""
    lines, tips = [], []
    for upper, lower in pairwise(chain):
        x1, x2 = _port(upper, upper.below, lower), _port(lower, lower.above, upper)
        y1, y2 = tops[upper.rank] + _height(ranks[upper.rank]), tops[lower.rank]
        # What passes through a rank goes down to its end.
        start = _corner(upper, ranks, tops).y + upper.height if upper.height else y1
        end = _corner(lower, ranks, tops).y if lower.height else y2 + _height(ranks[lower.rank])
        middle = (y1 + y2) // 2
        lines.append(f"M{x1} {start}V{y1}C{x1} {middle} {x2} {middle} {x2} {y2}V{end}")
        if upper is chain[0] and edge.tip_at_start:
            tips.append(f"M{x1} {start}l-4 {_TIP}h8z")
        if lower is chain[-1] and edge.tip_at_end:
            tips.append(f"M{x2} {end}l-4 -{_TIP}h8z")
    return "".join(lines), "".join(tips)


def _port(item: _Item, joined: Sequence[_Item], other: _Item) -> int:
    """Give where on the side of an item its line to another begins: those of one side stand beside each other."""
    beside = sorted(joined, key=lambda each: each.x)
    return round(item.x - item.width / 2 + item.width * (beside.index(other) + 1) / (len(beside) + 1))
