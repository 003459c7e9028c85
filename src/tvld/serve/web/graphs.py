"""A whole graph as an answer: as data in one piece, as a page a hundred subjects at a time."""

from collections.abc import Collection

import pyoxigraph as ox
from flask import Response, request

from tvld.errors import CallError
from tvld.formats import DOCUMENT_FORMATS, HTML, Format
from tvld.serve.web import asked, pages
from tvld.serve.web.representation import Shown, answer


def graph_answer(title: str, path: str, quads: Collection[ox.Quad], suffix: Format | None) -> Response:
    """Give a graph that stands at `path` below the base; raises CallError where data is asked for by the page."""
    if asked.choose(DOCUMENT_FORMATS, suffix) is not HTML and "page" in request.args:
        raise CallError("as data this comes in one piece: ask for it without ?page")
    number = pages.page_number()
    iri = asked.snapshot().source.base.iri + path
    page = Shown(path, quads, lambda: pages.graph(title, iri, path, quads, number), iri, suffixed=number == 1)
    return answer(page, suffix)
