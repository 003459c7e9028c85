"""
Where boxes in columns, their texts and the lines between them stand: numbers for an SVG, the same for the same input.

Pure: knows texts and places, neither what they stand for nor how SVG is written. Lengths are in CSS pixels.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, GAP = 250, 120
_CHARACTERS, _LINE, _PADDING, _BETWEEN, _TOP = 31, 18, 8, 10, 6


@dataclass(frozen=True)
class Box:
    """One box: its key, corner, height, and its text in lines, each with the place of its base line."""

    key: str
    x: int
    y: int
    height: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Line:
    """A curve between the boxes of two keys, as the `d` of an SVG path."""

    start: str
    end: str
    path: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def columns(
    texts: Sequence[Sequence[tuple[str, str]]], links: Sequence[tuple[str, str]], most_lines: int = 3
) -> Drawing:
    """Place columns of boxes (key, text) beside each other, each in the middle of the height; lines join keys."""
    heights = [[_height(text, most_lines) for _, text in column] for column in texts]
    tall = max((sum(column) + _BETWEEN * (len(column) - 1) for column in heights if column), default=0)
    boxes = []
    for place, (column, each) in enumerate(zip(texts, heights, strict=True)):
        y = _TOP + (tall - sum(each) - _BETWEEN * (len(each) - 1)) // 2
        for (key, text), height in zip(column, each, strict=True):
            x = place * (WIDTH + GAP) + 2
            lines = tuple(
                (y + _PADDING + 13 + _LINE * number, line) for number, line in enumerate(wrapped(text, most_lines))
            )
            boxes.append(Box(key, x, y, height, lines))
            y += height + _BETWEEN
    width = len(texts) * (WIDTH + GAP) - GAP // 2
    at = {box.key: box for box in boxes}
    curves = tuple(Line(a, b, _curve(at[a], at[b])) for a, b in links if a in at and b in at)
    return Drawing(width, tall + 2 * _TOP, tuple(boxes), curves)


def wrapped(text: str, most_lines: int) -> list[str]:
    """Break a text into lines that fit a box; what does not fit ends in an ellipsis."""
    lines = textwrap.wrap(text, _CHARACTERS, break_on_hyphens=True) or [""]
    return lines if len(lines) <= most_lines else [*lines[: most_lines - 1], lines[most_lines - 1][:-1] + "…"]


def _height(text: str, most_lines: int) -> int:
    return 2 * _PADDING + _LINE * len(wrapped(text, most_lines))


def _curve(start: Box, end: Box) -> str:
    x1, y1 = start.x + WIDTH, start.y + start.height // 2
    x2, y2 = end.x, end.y + end.height // 2
    if start.x == end.x:
        # Boxes of one column are joined round their right side.
        return f"M{x1} {y1}C{x1 + GAP // 2} {y1} {x1 + GAP // 2} {y2} {x1} {y2}"
    bend = (x2 - x1) // 2
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
