"""
What crawlers ask first: `robots.txt` (RFC 9309) and `sitemap.xml` with its parts (sitemaps.org, 0.9).

All that is described may be read; what asks the engine, or compares or opens releases, is not for crawlers.
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response

from tvld.errors import NotFound
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked

sitemap = Blueprint("sitemap", __name__)

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_DISALLOWED = ("sparql", "describe", "search", "oai", "api/", "memento/", "timemap/", "healthz", "readyz", "metrics")


@sitemap.get("/robots.txt")
def robots() -> Response:
    """Say what crawlers may ask for, and where all addresses are listed."""
    base = asked.snapshot().source.base
    lines = ["User-agent: *", *(f"Disallow: {base.path}{path}" for path in _DISALLOWED)]
    # Differences of any two releases: their number grows with the square of that of the releases.
    lines += [f"Disallow: {base.path}dumps/*...", "Allow: /", "", f"Sitemap: {base.iri}sitemap.xml", ""]
    response = Response("\n".join(lines), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@sitemap.get("/sitemap.xml")
def index() -> Response:
    """List the parts, each with the day on which the last of its pages changed."""
    here = asked.snapshot()
    root = Element("sitemapindex", {"xmlns": _NAMESPACE})
    for number, part in enumerate(here.sitemap.parts, start=1):
        _add(root, "sitemap", f"{here.source.base.iri}sitemap-{number}.xml", part.latest)
    return _written(root)


@sitemap.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """List addresses of pages, each with the day on which what it tells last changed."""
    told = asked.snapshot().sitemap
    if not 1 <= number <= len(told.parts):
        raise NotFound(f"the sitemap has {len(told.parts)} parts; there is none of number {number}")
    root = Element("urlset", {"xmlns": _NAMESPACE})
    for address, day in told.pages(told.parts[number - 1]):
        _add(root, "url", address, day)
    return _written(root)


def _add(root: Element, name: str, address: str, day: str | None) -> None:
    entry = SubElement(root, name)
    SubElement(entry, "loc").text = address
    if day:
        SubElement(entry, "lastmod").text = day


def _written(root: Element) -> Response:
    response = Response(tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml")
    response.headers["Cache-Control"] = REVALIDATE
    return response
