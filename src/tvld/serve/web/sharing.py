"""
How a page is shared: its permanent link, the code that shows it in a frame of another site, where oEmbed tells of it.

A data store and the matrix can be embedded; of every other page there is nothing to say. Knows no templates.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from tvld.errors import NotFound
from tvld.serve.web import asked
from tvld.serve.web.language import unspoken
from tvld.serve.web.words import WORDS

WIDTH, HEIGHT = 640, 480
_STORE = re.compile(r"(?:id|doc)/([a-z0-9-]+)/store/([a-z0-9-]+)(?:\.html)?")
# Where in a list a reader is does not belong to what is embedded of it.
_PLACE = frozenset({"page", "columns"})


@dataclass(frozen=True)
class Sharing:
    """
    How a page is shared; all addresses are absolute.

    `link` leads to it for good, `frame` is what another site shows of it, `oembed` tells of that, `feed` lists stores.
    """

    title: str
    link: str
    frame: str
    oembed: str
    feed: str

    def code(self, width: int = WIDTH, height: int = HEIGHT) -> str:
        """Write the element that shows the frame, as wide and high as told, in pixels, or narrower."""
        return (
            f'<iframe src="{escape(self.frame)}" title="{escape(self.title)}" width="{width}" height="{height}"'
            ' loading="lazy" style="max-width: 100%; border: 0"></iframe>'
        )


def sharing(url: str) -> Sharing:
    """Say how the page at an address of ours is shared; raises NotFound for one that cannot be embedded."""
    here = asked.snapshot()
    base, parts = here.source.base.iri, urlsplit(url)
    path = url.partition("?")[0].partition("#")[0].removeprefix(base)
    query = dict(parse_qsl(parts.query))
    if found := _STORE.fullmatch(path):
        iri = here.source.base.thing(found[1], "store", found[2])
        if iri in here.usage.stores:
            chosen = _asked(query, {"lang"})
            feed = f"{base}embed/stores.json" + _asked({"organisation": found[1]}, {"organisation"})
            name = here.usage.name(iri, WORDS.language)
            return _of(name, iri, f"store/{found[1]}/{found[2]}{chosen}", iri + chosen, feed)
    elif path in ("matrix", "matrix.html"):
        chosen = _asked(query, query.keys() - _PLACE)
        feed = f"{base}embed/stores.json{chosen}"
        link = f"{base}matrix{chosen}"
        return _of(WORDS.matrix, link, f"matrix{chosen}", link, feed)
    raise NotFound(f"a data store and {base}matrix can be embedded; {url!r} is neither")


def sharing_of_store(iri: str) -> Sharing | None:
    """Say how the page of a thing is shared; None where it is no store of the release in use."""
    here = asked.snapshot()
    if asked.still() or here.below or iri not in here.usage.stores:
        return None
    return sharing(iri)


def sharing_of_matrix() -> Sharing | None:
    """Say how the matrix is shared as this page narrows it: whoever sees it elsewhere does so in their own language."""
    if asked.still():
        return None
    return sharing(asked.absolute(unspoken()))


def _of(title: str, link: str, frame: str, url: str, feed: str) -> Sharing:
    base = asked.snapshot().source.base.iri
    return Sharing(title, link, f"{base}embed/{frame}", f"{base}embed/oembed?{urlencode({'url': url})}", feed)


def _asked(query: Mapping[str, str], names: Container[str]) -> str:
    kept = {name: value for name, value in query.items() if value and name in names}
    return f"?{urlencode(kept)}" if kept else ""
