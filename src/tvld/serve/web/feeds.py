"""
What tells of changes: the feed as an event stream at `feed`, as Atom at `feed.atom` (docs/harvesting.md).

A page that is full never changes; the others are looked up again.
"""

from collections.abc import Iterable

import pyoxigraph as ox
from flask import Blueprint, Response, g, request

from tvld.errors import CallError, NotFound
from tvld.formats import DOCUMENT_FORMATS, JSONLD, NQUADS, TRIG, Format
from tvld.iris import PREFIXES
from tvld.serve import atom
from tvld.serve.atom import Wording
from tvld.serve.feed import Feed
from tvld.serve.replies import FOR_EVER, REVALIDATE
from tvld.serve.stream import Stream, written
from tvld.serve.web import asked
from tvld.serve.web.words import WORDS

feeds = Blueprint("feeds", __name__)

# What has a place for the graphs that activities name.
OFFERS = (TRIG, JSONLD, NQUADS)


@feeds.get("/feed")
@feeds.get("/feed.<suffix>")
def root(suffix: str = "") -> Response:
    """Describe the stream and link to all its pages."""
    stream, format_ = _stream(f"feed.{suffix}" if suffix else "feed")
    return _answer(stream.root(), format_)


@feeds.get("/feed/<number>")
def page(number: str) -> Response:
    """Give a page of activities, oldest first; or the root of those that are the last about a thing."""
    stem, _ = asked.split(number, DOCUMENT_FORMATS)
    if stem == "latest":
        stream, format_ = _stream(number, latest=True)
        return _answer(stream.root(), format_)
    stream, format_ = _stream(number)
    return _page(stream, stem, format_)


@feeds.get("/feed/latest/<int:position>/<number>")
def latest(position: int, number: str) -> Response:
    """Give what a page held of last activities after so many steps."""
    stream, format_ = _stream(number, latest=True, position=position)
    return _page(stream, asked.split(number, DOCUMENT_FORMATS)[0], format_)


@feeds.get("/feed.atom")
def entries() -> Response:
    """Give the newest changes in words, or an archive of earlier ones (`?page=`)."""
    here = asked.snapshot()
    text = request.args.get("page")
    if text is not None and not (text.isascii() and text.isdigit()):
        raise CallError(f"page must be a whole number, found {text!r}")
    organisations = here.record.instances(PREFIXES["org"] + "FormalOrganization")
    labels = (here.record.label(iri, (g.language, "fi")) for iri in organisations)
    authors = tuple(label.value for label in labels if label) or (WORDS.site,)
    wording = Wording(g.language, f"{WORDS.site}: {WORDS.changes}", WORDS.release, authors, g.by_link)
    body = atom.feed(here.source.base, Feed.of(here.source), wording, int(text) if text else None)
    response = Response(body, content_type=atom.MEDIA_TYPE)
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Content-Language"] = g.language
    if not g.by_link:
        response.headers["Vary"] = "Accept-Language"
    return response


def _stream(path: str, *, latest: bool = False, position: int | None = None) -> tuple[Stream, Format | None]:
    """Give the stream in the form that an address names."""
    stem, format_ = asked.split(path, DOCUMENT_FORMATS)
    if (format_ is None and "." in stem) or (format_ is not None and format_ not in OFFERS):
        known = ", ".join(f".{offer.suffix}" for offer in OFFERS)
        raise NotFound(f"the feed has no such form: there are {known}, and feed.atom")
    source = asked.snapshot().source
    feed = Feed.of(source)
    if latest:
        feed = feed.until(position if position is not None else len(feed.steps))
    suffix = f".{format_.suffix}" if format_ else ""
    return Stream(source.base, feed, suffix, len(feed.steps) if latest else None), format_


def _page(stream: Stream, number: str, format_: Format | None) -> Response:
    if not (number.isascii() and number.isdigit()):
        raise NotFound(f"pages of the feed have numbers, found {number!r}: begin at {stream.view}")
    return _answer(stream.page(int(number[:9])), format_, full=stream.is_full(int(number[:9])))


def _answer(quads: Iterable[ox.Quad], suffix: Format | None, *, full: bool = False) -> Response:
    format_ = asked.choose(OFFERS, suffix)
    response = Response(written(quads, format_), content_type=format_.content_type)
    response.headers["Cache-Control"] = FOR_EVER if full else REVALIDATE
    if suffix is None:
        response.headers["Vary"] = "Accept"
    return response
