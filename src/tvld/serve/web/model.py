"""The model of the data, drawn from the data: kinds of things with their counts, and arrows for what joins them."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response

from tvld.census import Kind
from tvld.formats import HTML
from tvld.iris import compact
from tvld.serve.composition import Link, Uses, composed
from tvld.serve.layered import Arrow, Corner, Edge, Node, laid_out
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked
from tvld.serve.web.figures import number
from tvld.serve.web.frame import page
from tvld.serve.web.view import Value, View
from tvld.serve.web.words import WORDS

model = Blueprint("model", __name__)

# More would not be read; the tables below have them all.
_MOST_KINDS = 20
_LINE = 18
# Characters a line, and how wide one is at most in the fonts of systems, in CSS pixels at the size that the style has.
_NAME, _NAME_WIDTH = 20, 8.4
_LABEL, _LABEL_WIDTH = 19, 7.3
_LONGEST_WORD = 32


@dataclass(frozen=True)
class ShownProperty:
    """A property of a kind, and what its values are: names with counts."""

    name: Value
    things: int
    values: int
    targets: tuple[tuple[Value, int], ...]


@dataclass(frozen=True)
class ShownKind:
    anchor: str
    name: Value
    things: int
    properties: tuple[ShownProperty, ...]


@dataclass(frozen=True)
class Written:
    """A rectangle with lines of text: its left upper corner, its size, its middle, each line with its base line."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Model:
    """The model: its picture, with the box of each kind drawn and each arrow with its label; all of it as tables."""

    width: int
    height: int
    boxes: tuple[tuple[Written, ShownKind], ...]
    arrows: tuple[tuple[Arrow, Written], ...]
    kinds: tuple[ShownKind, ...]


@model.get("/model")
def drawn() -> Response:
    """Show the kinds of things in the data, their properties and what joins them."""
    here = asked.snapshot()
    response = Response(page("model.html", model=_model(here.census.kinds, View(here))), content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    return response


def _model(kinds: Sequence[Kind], view: View) -> Model:
    shown = {kind.iri: _shown(kind, place, view) for place, kind in enumerate(kinds, start=1)}
    # Kinds come with the most frequent first.
    found = composed(kinds[:_MOST_KINDS])
    names = {iri: _wrapped([f"{shown[iri].name.text} ({number(shown[iri].things)})"], _NAME) for iri in found.kinds}
    # What leads from a kind to itself stands in its box.
    texts = [[*names[iri], *_told(found.own.get(iri, ()), "↻ ", view)] for iri in found.kinds]
    labels = [_label(link, view) for link in found.links]
    picture = laid_out(
        [Node(iri, *_size(lines, _NAME_WIDTH)) for iri, lines in zip(found.kinds, texts, strict=True)],
        [
            Edge(link.start, link.end, *_size(lines, _LABEL_WIDTH), bool(link.back), bool(link.onwards))
            for link, lines in zip(found.links, labels, strict=True)
        ],
    )
    return Model(
        picture.width,
        picture.height,
        tuple(
            (_written(corner, lines, _NAME_WIDTH), shown[iri])
            for iri, lines, corner in zip(found.kinds, texts, picture.nodes, strict=True)
        ),
        tuple(
            (arrow, _written(arrow.label, lines, _LABEL_WIDTH))
            for arrow, lines in zip(picture.arrows, labels, strict=True)
        ),
        tuple(shown.values()),
    )


def _label(link: Link, view: View) -> list[str]:
    """Name the properties of an arrow; where some lead back, each says its direction."""
    both = bool(link.onwards and link.back)
    onwards, back = _told(link.onwards, "↓ " if both else "", view), _told(link.back, "↑ " if both else "", view)
    return [*onwards, *back]


def _told(uses: Uses, sign: str, view: View) -> list[str]:
    return _wrapped([f"{sign}{view.thing(iri).text} ({number(count)})" for iri, count in uses], _LABEL)


def _wrapped(texts: Sequence[str], characters: int) -> list[str]:
    """Break texts into lines; a word that is longer than a line has a line as long as it is, if it is not endless."""
    longest = max((len(word) for text in texts for word in text.split()), default=0)
    width = max(characters, min(longest, _LONGEST_WORD))
    return [line for text in texts for line in textwrap.wrap(text, width, break_on_hyphens=True)]


def _size(lines: Sequence[str], character: float) -> tuple[int, int]:
    return round(max(map(len, lines)) * character) + 16, _LINE * len(lines) + 10


def _written(corner: Corner, lines: Sequence[str], character: float) -> Written:
    told = tuple((corner.y + 18 + _LINE * place, line) for place, line in enumerate(lines))
    width, height = _size(lines, character)
    return Written(corner.x, corner.y, width, height, corner.x + width // 2, told)


def _shown(kind: Kind, place: int, view: View) -> ShownKind:
    def target(iri: str) -> Value:
        return view.thing(iri) if iri else Value(WORDS.model_elsewhere)

    properties = tuple(
        ShownProperty(
            _by_short_name(view.thing(each.iri)),
            each.things,
            each.values,
            (
                *((target(iri), count) for iri, count in each.targets),
                *(((Value(WORDS.model_text), each.texts),) if each.texts else ()),
            ),
        )
        for each in kind.properties
    )
    return ShownKind(f"laji-{place}", view.thing(kind.iri), kind.things, properties)


def _by_short_name(value: Value) -> Value:
    """Say which property this is: several are called alike."""
    return replace(value, within=compact(value.iri).strip("<>")) if value.named and value.iri else value
