"""What other sites show in a frame, without scripts: a store, or part of the matrix; and a JSON Feed of the stores."""

import json
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, abort, request

from tvld.errors import CallError, NotFound
from tvld.formats import HTML
from tvld.iris import PREFIXES, document_of
from tvld.serve.matrix import cut
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked
from tvld.serve.web.frame import page
from tvld.serve.web.kinds.reading import Reading
from tvld.serve.web.matrix import shown
from tvld.serve.web.matrix_wish import wished
from tvld.serve.web.sharing import HEIGHT, WIDTH, sharing
from tvld.serve.web.view import View
from tvld.serve.web.words import WORDS

embed = Blueprint("embed", __name__)

# As all pages, but any site may frame it.
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_FEED = "application/feed+json"
_OEMBED = "application/json+oembed"
_DCT = PREFIXES["dct"]


@embed.get("/embed/matrix")
def matrix() -> Response:
    """Give the table of the matrix alone, chosen by the parameters of its page."""
    usage = asked.snapshot().usage
    wish = wished(usage, columns=1)
    found = shown(usage, wish, cut(usage, wish, WORDS.language))
    return _framed(page("embed.html", store=None, shown=found, address=asked.plain_href("matrix")))


@embed.get("/embed/store/<organisation>/<key>")
def store(organisation: str, key: str) -> Response:
    """Give the name of one store, its purposes, systems and materials, and where to read how to ask for these."""
    here = asked.snapshot()
    iri = here.source.base.thing(organisation, "store", key)
    use = here.usage.stores.get(iri)
    if use is None:
        raise NotFound(f"there is no data store {iri} to embed")
    read = Reading(here.record, View(here))
    materials = [term.value for term in here.record.values(iri, _DCT + "hasPart") if isinstance(term, ox.NamedNode)]
    joined = (
        (WORDS.kind_service_area, read.things([use.area] if use.area else [])),
        (WORDS.facet_purpose, read.things(use.purposes)),
        (WORDS.facet_system, read.things(use.systems)),
        (WORDS.materials, read.things(materials)),
    )
    address = asked.plain_href(f"id/{organisation}/store/{key}")
    return _framed(page("embed.html", store=read.thing(iri), joined=joined, shown=None, address=address))


@embed.get("/embed/stores.json")
def feed() -> Response:
    """Give the stores that the parameters of the matrix choose, as a JSON Feed (version 1.1), a page at a time."""
    here = asked.snapshot()
    wish, base = wished(here.usage, columns=0), here.source.base
    found = cut(here.usage, wish, WORDS.language)
    read = Reading(here.record, View(here))
    items = []
    for use in found.rows:
        text = read.text(use.iri, _DCT + "description")
        local = use.iri.removeprefix(base.iri)
        items.append(
            {
                "id": use.iri,
                "url": base.iri + document_of(local),
                "title": here.usage.name(use.iri, WORDS.language),
                "content_text": text.text if text else here.usage.name(use.iri, WORDS.language),
                "tags": [here.usage.name(iri, WORDS.language) for iri in use.purposes],
            }
        )
    query = {name: value for name, value in request.args.items() if name != "page"}
    address = f"{base.iri}embed/stores.json"
    itself = urlencode(list(request.args.items(multi=True)))
    told: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{WORDS.site} – {WORDS.embed_feed}",
        "home_page_url": base.iri,
        "feed_url": f"{address}?{itself}" if itself else address,
        "language": WORDS.language,
        "items": items,
    }
    if wish.page < found.pages:
        parameters = urlencode({**query, "page": wish.page + 1})
        told["next_url"] = f"{address}?{parameters}"
    return _data(told, _FEED)


@embed.get("/embed/oembed")
def oembed() -> Response:
    """Tell how a page of a store, or the matrix, is embedded (oEmbed 1.0, rich), no wider and higher than asked for."""
    if request.args.get("format", "json") != "json":
        # oEmbed 1.0, 2.3 (Errors): a format that is not there is answered by Not Implemented.
        abort(501, "what is embedded is told as JSON alone: leave the parameter 'format' out")
    width, height = _at_most("maxwidth", WIDTH), _at_most("maxheight", HEIGHT)
    shared = sharing(request.args.get("url", ""))
    told: dict[str, object] = {
        "version": "1.0",
        "type": "rich",
        "title": shared.title,
        "provider_name": WORDS.site,
        "provider_url": asked.snapshot().source.base.iri,
        "html": shared.code(width, height),
        "width": width,
        "height": height,
    }
    return _data(told, _OEMBED)


def _at_most(name: str, ours: int) -> int:
    text = request.args.get(name, str(ours))
    if not text.isascii() or not text.isdigit() or not int(text[:9]):
        raise CallError(f"the parameter {name!r} is a number of pixels, from 1; found {text!r}")
    return min(int(text[:9]), ours)


def _framed(body: str) -> Response:
    response = Response(body, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _data(told: dict[str, object], media_type: str) -> Response:
    response = Response(json.dumps(told, ensure_ascii=False, indent=2) + "\n", content_type=media_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Vary"] = "Accept-Language"
    return response
