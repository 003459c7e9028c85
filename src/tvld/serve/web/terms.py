"""Vocabulary and rules at their addresses: pages for people, the graphs for programs, a page about each rule."""

from collections.abc import Callable, Collection

import pyoxigraph as ox
from flask import Blueprint, Response

from tvld.formats import DOCUMENT_FORMATS, HTML
from tvld.serve.replies import REVALIDATE
from tvld.serve.snapshot import Snapshot
from tvld.serve.web import asked
from tvld.serve.web.representation import Shown, answer
from tvld.serve.web.rules import rule_page, rules_page
from tvld.serve.web.things import described
from tvld.serve.web.vocabulary import vocabulary_page

_PAGES: dict[str, Callable[[Snapshot, Collection[ox.Quad]], str]] = {"ns": vocabulary_page, "shapes": rules_page}


terms = Blueprint("terms", __name__)


@terms.get("/ns", defaults={"path": "ns"})
@terms.get("/ns.<suffix>", defaults={"path": "ns"})
@terms.get("/shapes", defaults={"path": "shapes"})
@terms.get("/shapes.<suffix>", defaults={"path": "shapes"})
def whole(path: str, suffix: str = "") -> Response:
    """Give the vocabulary or the rules."""
    here = asked.snapshot()
    quads = here.record.graph(here.source.base.iri + f"graph/{path}")
    full = f"{path}.{suffix}" if suffix else path
    stem, format_ = asked.split(full, DOCUMENT_FORMATS)
    if not quads or stem != path:
        # Loose RDF files may have things of their own at these addresses.
        return described(full)
    shown = Shown(path, quads, lambda: _PAGES[path](here, quads), here.source.base.iri + path)
    return answer(shown, format_)


@terms.get("/shapes/<name>")
def rule(name: str) -> Response:
    """Tell of one rule, with its examples."""
    here = asked.snapshot()
    told = rule_page(here, here.record.graph(here.source.base.iri + "graph/shapes"), name)
    if told is None:
        return described(f"shapes/{name}")
    response = Response(told, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    return response
