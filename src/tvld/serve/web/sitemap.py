"""
What crawlers ask first: `robots.txt` (RFC 9309) and `sitemap.xml` with its parts (sitemaps.org, 0.9).

All that is described may be read; what asks the engine, or compares or opens releases, is not for crawlers.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response

from tvld.errors import NotFound
from tvld.iris import PREFIXES, document_of
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked

sitemap = Blueprint("sitemap", __name__)

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# As many as the protocol lets stand in one file.
PER_PART = 50_000
_DISALLOWED = ("sparql", "describe", "search", "oai", "api/", "memento/", "timemap/", "healthz", "readyz", "metrics")
# Pages of the site itself, where there is a release.
_PAGES = ("", "catalog", "catalog/open", "dumps/", "ns", "shapes")
_MODIFIED = PREFIXES["dct"] + "modified"
_TOMBSTONE = PREFIXES["tvld"] + "Tombstone"


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
    base = asked.snapshot().source.base
    root = Element("sitemapindex", {"xmlns": _NAMESPACE})
    for number, part in enumerate(_parts(), start=1):
        days = [day for _, day in part if day]
        _add(root, "sitemap", f"{base.iri}sitemap-{number}.xml", max(days, default=None))
    return _written(root)


@sitemap.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """List addresses of pages, each with the day on which what it tells last changed."""
    parts = _parts()
    if not 1 <= number <= len(parts):
        raise NotFound(f"the sitemap has {len(parts)} parts; there is none of number {number}")
    root = Element("urlset", {"xmlns": _NAMESPACE})
    for address, day in parts[number - 1]:
        _add(root, "url", address, day)
    return _written(root)


def _parts() -> list[list[tuple[str, str | None]]]:
    found = list(_addresses())
    return [found[start : start + PER_PART] for start in range(0, len(found), PER_PART)]


def _addresses() -> Iterator[tuple[str, str | None]]:
    """Yield the addresses of all pages, in a fixed order."""
    here = asked.snapshot()
    base, source = here.source.base, here.source
    for path in _PAGES if source.folder else ("",):
        yield base.iri + path, source.modified
    changed = here.record.texts(_MODIFIED)
    gone = {*source.withdrawn, *here.record.instances(_TOMBSTONE)}
    days: dict[str, str | None] = {}
    for iri in here.record.subjects():
        below = iri.removeprefix(base.iri)
        if below == iri or not below.startswith(("id/", "def/")) or "#" in below or iri in gone:
            continue
        organisation = below.split("/")[1]
        if organisation not in days:
            catalogue = base.thing(organisation, "catalog", "stores")
            days[organisation] = max(changed.get(catalogue, ()), default=source.modified)
        day = max(changed.get(iri, ()), default=days[organisation])
        yield base.iri + (document_of(below) if below.startswith("id/") else below), day


def _add(root: Element, name: str, address: str, day: str | None) -> None:
    entry = SubElement(root, name)
    SubElement(entry, "loc").text = address
    if day:
        SubElement(entry, "lastmod").text = day


def _written(root: Element) -> Response:
    response = Response(tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml")
    response.headers["Cache-Control"] = REVALIDATE
    return response
