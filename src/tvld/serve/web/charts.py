"""What the data looks like: charts counted from it, and the model of the data drawn from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Blueprint, Response

from tvld.census import Kind
from tvld.formats import HTML
from tvld.iris import compact
from tvld.serve.composition import layers
from tvld.serve.drawing import Box, Drawing, columns
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked
from tvld.serve.web.bars import Bars, ranking
from tvld.serve.web.frame import page
from tvld.serve.web.view import Value, View
from tvld.serve.web.words import WORDS

charts = Blueprint("charts", __name__)

_MOST_BARS = 15


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
class Model:
    """The model: its picture with the box of each kind, and the same as tables."""

    drawing: Drawing
    boxes: tuple[tuple[Box, ShownKind], ...]
    kinds: tuple[ShownKind, ...]


@charts.get("/charts")
def counted() -> Response:
    """Show what is shared most: systems, purposes, service areas with their numbers of stores."""
    usage = asked.snapshot().usage
    found = (
        ("jarjestelmat", WORDS.chart_shared_systems, WORDS.kind_system, usage.of_system, 2),
        ("tarkoitukset", WORDS.chart_shared_purposes, WORDS.kind_purpose, usage.of_purpose, 2),
        ("palvelualueet", WORDS.chart_areas, WORDS.kind_service_area, usage.of_area, 1),
    )
    shown = [
        (name, title, _bars(kind, ((iri, len(stores)) for iri, stores in of.items() if len(stores) >= least)))
        for name, title, kind, of, least in found
    ]
    return _answer(page("charts.html", charts=[each for each in shown if each[2].rows]))


@charts.get("/model")
def model() -> Response:
    """Show the kinds of things in the data, their properties and what joins them."""
    here = asked.snapshot()
    return _answer(page("model.html", model=_model(here.census.kinds, View(here))))


def _bars(kind: str, counts: Iterable[tuple[str, int]]) -> Bars:
    view, usage = View(asked.snapshot()), asked.snapshot().usage
    ranked = sorted(counts, key=lambda each: (-each[1], usage.place(each[0], WORDS.language)))
    return ranking(kind, WORDS.chart_unit_stores, [(view.thing(iri), n) for iri, n in ranked[:_MOST_BARS]], len(ranked))


def _model(kinds: tuple[Kind, ...], view: View) -> Model:
    shown = {kind.iri: _shown(kind, number, view) for number, kind in enumerate(kinds, start=1)}
    placed, links = layers(kinds)
    texts = [[(iri, f"{shown[iri].name.text} ({shown[iri].things})") for iri in column] for column in placed]
    drawing = columns(texts, links)
    return Model(drawing, tuple((box, shown[box.key]) for box in drawing.boxes), tuple(shown.values()))


def _shown(kind: Kind, number: int, view: View) -> ShownKind:
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
    return ShownKind(f"laji-{number}", view.thing(kind.iri), kind.things, properties)


def _by_short_name(value: Value) -> Value:
    """Say which property this is: several are called alike."""
    return replace(value, within=compact(value.iri).strip("<>")) if value.named and value.iri else value


def _answer(body: str) -> Response:
    response = Response(body, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    return response
