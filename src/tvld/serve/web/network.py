"""The network of purposes, stores and systems, to walk through: a picture of what stands around a thing, and a text."""

from dataclasses import dataclass

from flask import Blueprint, Response

from tvld.errors import NotFound
from tvld.formats import HTML
from tvld.serve.drawing import Box, Drawing, columns
from tvld.serve.neighbourhood import Neighbourhood, around
from tvld.serve.replies import REVALIDATE
from tvld.serve.usage import Usage
from tvld.serve.web import asked
from tvld.serve.web.frame import page
from tvld.serve.web.representation import moved
from tvld.serve.web.view import Value, View
from tvld.serve.web.words import WORDS

network = Blueprint("network", __name__)

_PATH = "network"
_KINDS = {"purpose": "kind_purpose", "store": "kind_store", "system": "kind_system", "area": "kind_service_area"}


@dataclass(frozen=True)
class Node:
    """A box of the picture: the thing, where its own network is, its kind, and with how many stores it is joined."""

    box: Box
    thing: Value
    href: str
    kind: str
    focus: bool


@dataclass(frozen=True)
class Column:
    """A column in words: what stands in it, how many are drawn and how many there are."""

    title: str
    drawn: int
    total: int


@dataclass(frozen=True)
class Told:
    """A thing of the middle column and what it is joined with, as text: a kind in words and things of it."""

    thing: Value
    joined: tuple[tuple[str, tuple[Value, ...]], ...]


@dataclass(frozen=True)
class Shown:
    """A network: its picture and the same as text."""

    thing: Value
    drawing: Drawing
    nodes: tuple[Node, ...]
    columns: tuple[Column, ...]
    told: tuple[Told, ...]


@network.get("/network")
def all_of_it() -> Response:
    """Show the network of the only organisation, or the organisations to choose from."""
    here = asked.snapshot()
    usage = here.usage
    organisations = usage.by_name(usage.of_organisation, WORDS.language)
    if len(organisations) == 1:
        return _page(organisations[0])
    if not organisations:
        raise NotFound("nothing here is published by an organisation: there is no network to show")
    view = View(here)
    links = [(view.thing(iri), _href(iri), len(usage.of_organisation[iri])) for iri in organisations]
    return _answer(page("network.html", shown=None, organisations=links))


@network.get("/network/<path:path>")
def one(path: str) -> Response:
    """Show the network around one thing, by its path after `id/`."""
    return _page(f"{asked.snapshot().source.base.iri}id/{path}")


def _page(iri: str) -> Response:
    here = asked.snapshot()
    found = around(here.usage, iri, WORDS.language)
    if found is None and here.record.describes(iri):
        # Nothing uses it, so there is nothing to draw: its own page tells the rest.
        return moved(asked.plain_href(iri.removeprefix(here.source.base.iri)), 303)
    if found is None:
        raise NotFound(f"{iri} is no store, system, purpose, service area or organisation that has a network")
    return _answer(page("network.html", shown=shown(found, View(here), here.usage), organisations=()))


def shown(found: Neighbourhood, view: View, usage: Usage) -> Shown:
    """Draw a neighbourhood, and say it in words."""
    kinds = {iri: kind for kind, column in zip(found.kinds, found.columns, strict=True) for iri in column}
    things = {iri: view.thing(iri) for iri in kinds}
    texts = [[(iri, _large(usage.name(iri, WORDS.language))) for iri in column] for column in found.columns]
    drawing = columns(texts, found.links)
    nodes = tuple(
        Node(box, things[box.key], _href(box.key), kinds[box.key], box.key == found.focus) for box in drawing.boxes
    )
    named = tuple(
        Column(getattr(WORDS, _KINDS[kind]), len(column), total)
        for kind, column, total in zip(found.kinds, found.columns, found.totals, strict=True)
    )
    middle = "store" if "store" in found.kinds else "area"
    told = tuple(Told(things[iri], tuple(_joined(found, iri, kinds, things))) for iri in things if kinds[iri] == middle)
    return Shown(view.thing(found.focus), drawing, nodes, named, told)


def _joined(
    found: Neighbourhood, iri: str, kinds: dict[str, str], things: dict[str, Value]
) -> list[tuple[str, tuple[Value, ...]]]:
    others = [b if a == iri else a for a, b in found.links if iri in (a, b)]
    by_kind = [(kind, tuple(things[other] for other in others if kinds[other] == kind)) for kind in found.kinds]
    return [(getattr(WORDS, _KINDS[kind]), those) for kind, those in by_kind if those]


def _href(iri: str) -> str:
    path = iri.removeprefix(asked.snapshot().source.base.iri + "id/")
    return asked.plain_href(f"{_PATH}/{path}")


def _large(text: str) -> str:
    """Begin a name large, as headings do: the data writes names in lower case."""
    return text[:1].upper() + text[1:]


def _answer(body: str) -> Response:
    response = Response(body, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    return response
