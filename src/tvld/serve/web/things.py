"""
Things and their documents, and graphs: whatever has an address under the base and is described.

`id/…` leads to `doc/…` (303); everything else is told of at its own address, in the format of the suffix or of Accept.
"""

from flask import Blueprint, Response, request

from tvld.errors import CallError, NotFound
from tvld.formats import DOCUMENT_FORMATS
from tvld.iris import document_of
from tvld.serve.web import asked, pages
from tvld.serve.web.graphs import graph_answer
from tvld.serve.web.representation import Shown, answer, moved
from tvld.serve.web.withdrawn import tombstone
from tvld.serve.web.words import WORDS

things = Blueprint("things", __name__)


@things.get("/id/<path:rest>")
def thing(rest: str) -> Response:
    """Lead from a thing to its document: the thing itself cannot travel over the wire."""
    path = f"id/{rest}"
    if gone := tombstone(path):
        return gone
    iri = asked.mentioned(path)
    if iri is None:
        raise asked.nothing_at(path)
    document = asked.href(document_of(path)) + asked.query_of(iri)
    response = moved(document, 303)
    response.headers["Link"] = f'<{document}>; rel="describedby"'
    return response


@things.get("/doc/<path:rest>")
def document(rest: str) -> Response:
    """Tell of the thing whose document this is."""
    return _told("doc/" + rest, "id/" + rest)


@things.get("/<path:path>")
def described(path: str) -> Response:
    """Tell of whatever else the data mentions under the base: code lists, and things of loose RDF files."""
    return _told(path, path)


@things.get("/describe")
def describe() -> Response:
    """Tell of any IRI in the data, ours or not."""
    iri = request.args.get("iri", "")
    if not iri:
        raise CallError("say which IRI to describe: describe?iri=…")
    record = asked.snapshot().record
    quads = record.document(iri) or record.graph(iri)
    if not quads:
        raise NotFound(f"nothing is told of {iri}")
    return answer(Shown("describe", quads, lambda: pages.thing(iri, quads), iri, suffixed=False))


@things.get("/graph/<name>")
def graph(name: str) -> Response:
    """Give a named graph, and nothing but it."""
    return _graph(f"{WORDS.graph} {name}", f"graph/{name}")


def _graph(title: str, path: str) -> Response:
    """Answer with the graph whose name is the path without suffix."""
    here = asked.snapshot()
    stem, suffix = asked.split(path, DOCUMENT_FORMATS)
    quads = here.record.graph(f"{here.source.base.iri}{stem}")
    if not quads:
        # Loose RDF files may have things of their own at these addresses.
        return _told(path, path)
    return graph_answer(title, stem, quads, suffix)


def _told(path: str, thing_path: str) -> Response:
    """Answer for a path with or without suffix; `thing_path` is where the thing itself stands."""
    if gone := tombstone(thing_path) or tombstone(*asked.split(thing_path, DOCUMENT_FORMATS)):
        return gone
    iri, suffix = asked.mentioned(thing_path) or asked.mentioned(path), None
    if iri is None:
        path, suffix = asked.split(path, DOCUMENT_FORMATS)
        thing_path, _ = asked.split(thing_path, DOCUMENT_FORMATS)
        iri = asked.mentioned(thing_path) or asked.mentioned(path)
    if iri is None:
        raise asked.nothing_at(thing_path)
    told = iri
    record = asked.snapshot().record
    quads, parts = record.told(told), record.parts(told)
    # A suffix stands at the end of a path; where a query makes the address, the format is chosen by Accept alone.
    suffixed = "?" not in told
    return answer(Shown(path, quads, lambda: pages.thing(told, quads, parts, suffixed), told, suffixed), suffix)
